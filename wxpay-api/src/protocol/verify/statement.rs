//! Overseas statements, whose signature covers a digest of the file.

use http::HeaderMap;

use super::{VerificationError, required_header};
use crate::protocol::digest::sha1_hex;

const HEADER: &str = "Wechatpay-Statement-Sha1";

/// The digest that the signature of an overseas statement covers, in place of the body ([protocol §2.8]).
///
/// Verify the signature over [`StatementDigest::signed_body`], then compare the file with [`StatementDigest::matches`].
///
/// [protocol §2.8]: crate::docs::protocol::verification#28-overseas-statements
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct StatementDigest(String);

impl StatementDigest {
    /// Reads the header `Wechatpay-Statement-Sha1`.
    ///
    /// # Errors
    /// [`VerificationError`] when it is missing, comes twice, or is not 40 hexadecimal digits.
    pub fn read(headers: &HeaderMap) -> Result<Self, VerificationError> {
        let text = required_header(headers, HEADER)?;
        let digest = text.len() == 40 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        if digest {
            Ok(Self(text))
        } else {
            Err(VerificationError::UnreadableHeader { name: HEADER })
        }
    }

    /// The digest in hexadecimal, as sent.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the text that the signature covers in place of the body.
    #[must_use]
    pub fn signed_body(&self) -> String {
        format!("{{\"sha1\":\"{}\"}}", self.0)
    }

    /// Whether `file` has this digest.
    #[must_use]
    pub fn matches(&self, file: &[u8]) -> bool {
        sha1_hex(file).eq_ignore_ascii_case(&self.0)
    }
}
