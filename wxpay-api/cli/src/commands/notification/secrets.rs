//! Secrets in a resource: hidden, or decrypted if the caller wants them.

use serde_json::Value;
use wxpay_api::Merchant;

/// How secrets in a resource are treated.
#[derive(Debug)]
pub(super) struct Secrets<'a> {
    pub(super) merchant: &'a Merchant,
    /// Whether to decrypt them.
    pub(super) shown: bool,
}

/// What is shown in place of a secret.
const HIDDEN: &str = "[secret]";

/// The shortest ciphertext in Base64: that of an SM2 key.
const SHORTEST_CIPHERTEXT: usize = 128;

/// Parts of the names of members that hold a credential or personal data.
const NAMES: [&str; 16] = [
    "token",
    "secret",
    "password",
    "ticket",
    "auth_code",
    "session",
    "credential",
    "package",
    "user_name",
    "real_name",
    "phone",
    "mobile",
    "id_card",
    "id_number",
    "bank_account",
    "account_number",
];

impl Secrets<'_> {
    /// Hides or decrypts every secret.
    pub(super) fn treat(&self, resource: &mut Value) {
        self.walk("", resource);
    }

    fn walk(&self, name: &str, value: &mut Value) {
        match value {
            Value::Object(members) => {
                members.iter_mut().for_each(|(name, member)| self.walk(name, member));
            }
            Value::Array(elements) => {
                elements.iter_mut().for_each(|element| self.walk(name, element));
            }
            Value::String(text) => {
                if let Some(shown) = self.of_text(name, text) {
                    *text = shown;
                }
            }
            _ => {}
        }
    }

    /// Returns what replaces a text; `None` if it is no secret.
    fn of_text(&self, name: &str, text: &str) -> Option<String> {
        let plain = match text.len() >= SHORTEST_CIPHERTEXT {
            true => self.merchant.decrypt(text).ok(),
            false => None,
        };
        match (plain, self.shown) {
            (Some(plain), true) => Some(String::from_utf8_lossy(&plain).into_owned()),
            (Some(_), false) => Some(HIDDEN.to_owned()),
            (None, false) if is_secret(name) && !text.is_empty() => Some(HIDDEN.to_owned()),
            (None, _) => None,
        }
    }
}

fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    NAMES.iter().any(|part| name.contains(part))
}
