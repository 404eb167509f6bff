//! Why a request cannot be written, and what to do about it.

use crate::protocol::EncryptError;
use crate::protocol::excerpt::excerpt_of;

const LONGEST_PATH: usize = 200;

/// Why a request could not be written.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum EncodeError {
    /// A sensitive field could not be encrypted.
    #[error("{}: {why}", place(path))]
    Encrypt {
        /// The key path, for example `receivers[0].name`.
        path: String,
        /// Why.
        why: EncryptError,
    },
    /// No key to encrypt a sensitive field with was given.
    #[error("{}: a WeChat Pay key is needed to encrypt it", place(path))]
    NoKey {
        /// The key path.
        path: String,
    },
    /// A required text, time, list or secret without content, an empty element of a list, or an empty optional value
    /// of an update, which would leave what is stored as it is.
    #[error("{}: it must not be empty, {}", place(path), instead(path, *is_optional))]
    Empty {
        /// The key path, for example `receivers[0].name`.
        path: String,
        /// Whether the member can be left out.
        is_optional: bool,
    },
    /// A number that JSON cannot write.
    #[error("{}: the number is not finite", place(path))]
    NotFinite {
        /// The key path.
        path: String,
    },
    /// A text with a character that WeChat Pay does not accept ([base conventions]).
    ///
    /// [base conventions]: crate::docs::protocol#base-conventions
    #[error(
        "{}: it has a character of four bytes in UTF-8, such as an emoji, and WeChat Pay accepts three at the most",
        place(path)
    )]
    Character {
        /// The key path.
        path: String,
    },
}

/// A key path, whose keys may be the caller's own where the type is open JSON.
fn place(path: &str) -> String {
    if path.is_empty() { "the body".to_owned() } else { excerpt_of(path, LONGEST_PATH) }
}

/// Why a value must not be empty, and what else can be done: an element of a list can be left out.
fn instead(path: &str, is_optional: bool) -> &'static str {
    if is_optional {
        "since nothing says that WeChat Pay clears it by an empty value; give it a value, or leave it out, and what is \
         stored stays as it is"
    } else if path.ends_with(']') {
        "since WeChat Pay takes no empty value here; give it a value, or leave the element out"
    } else {
        "since WeChat Pay takes no empty value here; give it a value"
    }
}
