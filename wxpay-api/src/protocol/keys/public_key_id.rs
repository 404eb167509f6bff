//! The id of a WeChat Pay public key, `PUB_KEY_ID_…`: recognised in a header, checked in a configuration.

use super::read::{clean, unquoted};
use crate::protocol::{KeyError, KeyItem, KeyProblem};

/// How the id of a public key begins; the serial number of a certificate never does.
const PREFIX: &str = "PUB_KEY_ID_";

/// Known ids have at most 31 digits. Longer text is something else, and may be a key.
const LONGEST_NUMBER: usize = 64;

/// Whether a `Wechatpay-Serial` names a public key, not a certificate.
pub(crate) fn is_public_key_id(id: &str) -> bool {
    id.get(..PREFIX.len()).is_some_and(|start| start.eq_ignore_ascii_case(PREFIX))
}

/// Checks a configured id. WeChat Pay compares ids exactly, so the error names the right spelling where it is known.
pub(crate) fn checked_id(id: &str) -> Result<String, KeyError> {
    let refused = |problem| Err(KeyError::new(KeyItem::WechatPayPublicKeyId, problem));
    let wrong_kind = |found: &str| refused(KeyProblem::WrongKind { found: found.to_owned() });
    let cleaned = clean(id.as_bytes());
    let id = unquoted(&cleaned);
    let Some(number) = id.get(PREFIX.len()..).filter(|_| is_public_key_id(id)) else {
        let is_hexadecimal = id.bytes().all(|byte| byte.is_ascii_hexdigit());
        return match id.len() {
            40 if is_hexadecimal => wrong_kind("the serial number of a certificate"),
            _ if is_file_name(id) => wrong_kind("the name of a file"),
            // The prefix gets lost where ids are handled as numbers.
            10..=31 if is_number(id) => {
                refused(KeyProblem::PublicKeyIdSpelling { right: format!("{PREFIX}{id}") })
            }
            _ => refused(KeyProblem::NotAPublicKeyId),
        };
    };
    if is_file_name(number) {
        return wrong_kind("the name of a file");
    }
    let plain =
        number.len() <= LONGEST_NUMBER && number.bytes().all(|it| it.is_ascii_alphanumeric());
    if !plain || !number.bytes().any(|byte| byte.is_ascii_digit()) {
        return refused(KeyProblem::NotAPublicKeyId);
    }
    if !id.starts_with(PREFIX) {
        let right = format!("{PREFIX}{number}");
        return refused(KeyProblem::PublicKeyIdSpelling { right });
    }
    Ok(id.to_owned())
}

fn is_number(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_file_name(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    text.len() <= 200
        && (lower.contains(['/', '\\'])
            || [".pem", ".txt", ".key"].iter().any(|it| lower.ends_with(it)))
}
