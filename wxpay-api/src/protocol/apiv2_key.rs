//! The APIv2 key, which still signs some jumps of the APIv3 era.

use std::fmt;

use aws_lc_rs::hmac;
use md5::{Digest, Md5};
use zeroize::Zeroizing;

use super::key_text::mistaken_secret;
use super::{KeyError, KeyItem, KeyProblem};

/// The key in bytes.
const LENGTH: usize = 32;

/// The merchant's APIv2 key: 32 ASCII characters, set on the merchant platform; not the APIv3 key ([protocol §9.3]).
///
/// It signs jumps of PayScore and coupons. `Debug` does not show it, and it is wiped when dropped.
///
/// [protocol §9.3]: crate::docs::protocol::invocation#93-signatures-with-the-apiv2-key
#[derive(Clone)]
pub struct ApiV2Key(Zeroizing<String>);

impl ApiV2Key {
    /// Takes the key as text, exactly as it was set.
    ///
    /// # Errors
    /// [`KeyProblem::ApiV2KeyLength`] unless it has 32 bytes, [`KeyProblem::NotAscii`] if one of them is not ASCII, and
    /// [`KeyProblem::WrongKind`] for a key in quotation marks, in Base64 or with white space around it.
    pub fn new(key: impl AsRef<str>) -> Result<Self, KeyError> {
        Self::check(key.as_ref()).map_err(|problem| KeyError::new(KeyItem::ApiV2Key, problem))
    }

    /// The HMAC-SHA256 signature of `fields`, in upper-case hexadecimal ([protocol §9.3]).
    ///
    /// Values are raw, not percent-encoded; empty ones and a field `sign` do not count.
    ///
    /// [protocol §9.3]: crate::docs::protocol::invocation#93-signatures-with-the-apiv2-key
    #[must_use]
    pub fn hmac_sha256(&self, fields: &[(&str, &str)]) -> String {
        let key = hmac::Key::new(hmac::HMAC_SHA256, self.0.as_bytes());
        hex(hmac::sign(&key, self.message(fields).as_bytes()).as_ref())
    }

    /// The MD5 signature of `fields`, in upper-case hexadecimal, which only red packets use ([protocol §9.3]).
    ///
    /// Values are raw, not percent-encoded; empty ones and a field `sign` do not count.
    ///
    /// [protocol §9.3]: crate::docs::protocol::invocation#93-signatures-with-the-apiv2-key
    #[must_use]
    pub fn md5(&self, fields: &[(&str, &str)]) -> String {
        hex(&Md5::digest(self.message(fields).as_bytes()))
    }

    /// The fields in ASCII order, and the key as the last of them.
    fn message(&self, fields: &[(&str, &str)]) -> Zeroizing<String> {
        let counts = |(name, value): &&(&str, &str)| !value.is_empty() && *name != "sign";
        let mut fields: Vec<_> = fields.iter().filter(counts).collect();
        fields.sort_unstable();
        let length: usize =
            fields.iter().map(|(name, value)| name.len() + value.len() + "=&".len()).sum();
        // With room for all of it, no copy of the key is left behind by a reallocation.
        let mut message = Zeroizing::new(String::with_capacity(length + "key=".len() + LENGTH));
        for (name, value) in fields {
            message.extend([name, "=", value, "&"]);
        }
        message.extend(["key=", self.0.as_str()]);
        message
    }

    fn check(key: &str) -> Result<Self, KeyProblem> {
        if let Some(found) = mistaken_secret(key.as_bytes()).filter(|_| key.len() != LENGTH) {
            return Err(KeyProblem::WrongKind { found: found.to_owned() });
        }
        if !key.is_ascii() {
            return Err(KeyProblem::NotAscii);
        }
        if key.len() != LENGTH {
            let line_end = key.ends_with('\n');
            return Err(KeyProblem::ApiV2KeyLength { bytes: key.len(), line_end });
        }
        Ok(Self(Zeroizing::new(key.to_owned())))
    }
}

impl fmt::Debug for ApiV2Key {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("ApiV2Key([redacted])")
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02X}")).collect()
}
