//! Secrets of requests and responses: hidden in what is shown, decrypted if the caller asks for it.

use serde_json::{Value, json};
use wxpay_api::{Merchant, Secret, SecretBytes};

use super::members::CheckedMembers;
use crate::catalogue::model::{Part, Schema, SecretContent};

/// What is shown in place of a secret.
pub(super) const HIDDEN: &str = "******";

/// Shorter secrets would be replaced in texts that have nothing to do with them.
const SHORTEST: usize = 2;

/// Returns the plain texts of all secrets of a request.
pub(super) fn plain(members: &CheckedMembers) -> Vec<String> {
    let mut found = Vec::new();
    for (_, field, value) in members.given() {
        let mut value = value.clone();
        replace(members.operation.part, &field.schema, &mut value, &mut |_, secret| {
            found.extend(secret.as_str().map(str::to_owned));
        });
    }
    found.retain(|secret| secret.chars().count() >= SHORTEST);
    found
}

/// Removes secrets from a text.
pub(super) fn redacted(text: &str, secrets: &[String]) -> String {
    secrets.iter().fold(text.to_owned(), |text, secret| text.replace(secret.as_str(), HIDDEN))
}

/// Hides every secret of a value.
pub(super) fn hide(part: &Part, schema: &Schema, value: &mut Value) {
    replace(part, schema, value, &mut |_, secret| {
        if secret.as_str() != Some("") {
            *secret = json!(HIDDEN);
        }
    });
}

/// Decrypts every secret of a value. One that does not decrypt says why.
pub(super) fn decrypt(part: &Part, schema: &Schema, value: &mut Value, merchant: &Merchant) {
    replace(part, schema, value, &mut |content, secret| {
        let Some(ciphertext) = secret.as_str() else { return };
        *secret = match content {
            SecretContent::Text => {
                let mut text = Secret::encrypted(ciphertext);
                text.decrypt_with(merchant);
                match text.reveal() {
                    Ok(text) => json!(text),
                    Err(why) => json!(format!("(still encrypted: {why})")),
                }
            }
            SecretContent::Bytes => {
                let mut bytes = SecretBytes::encrypted(ciphertext);
                bytes.decrypt_with(merchant);
                match bytes.reveal() {
                    Ok(bytes) => json!(hex(bytes)),
                    Err(why) => json!(format!("(still encrypted: {why})")),
                }
            }
        };
    });
}

/// Writes bytes in hexadecimal, because they need not be text.
fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Visits every secret of a value.
fn replace(
    part: &Part,
    schema: &Schema,
    value: &mut Value,
    visit: &mut dyn FnMut(SecretContent, &mut Value),
) {
    match (part.resolve(schema), value) {
        (Schema::Secret { content }, value) => visit(*content, value),
        (Schema::Object { members }, Value::Object(object)) => {
            for field in members {
                if let Some(value) = object.get_mut(&field.name) {
                    replace(part, &field.schema, value, visit);
                }
            }
        }
        (Schema::List { items }, Value::Array(list)) => {
            list.iter_mut().for_each(|element| replace(part, items, element, visit));
        }
        (Schema::JsonText { content }, Value::String(text)) => {
            if let Ok(mut inside) = serde_json::from_str(text) {
                replace(part, content, &mut inside, visit);
                *text = inside.to_string();
            }
        }
        (Schema::JsonText { content }, value) => replace(part, content, value, visit),
        _ => {}
    }
}
