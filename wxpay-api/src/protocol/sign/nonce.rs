//! The nonce: random text that makes each signature unique.

use aws_lc_rs::rand;
use thiserror::Error;

use crate::protocol::CryptoError;

const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const LENGTH: usize = 32;
const LONGEST: usize = 128;

/// The `nonce_str` of a request ([protocol §1.9]).
///
/// [protocol §1.9]: crate::docs::protocol::signing#19-nonces
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct Nonce(String);

impl Nonce {
    /// Makes a nonce of 32 letters and digits from the operating system's random source, each equally likely.
    ///
    /// # Errors
    /// [`CryptoError::Random`] when the operating system returns no random bytes.
    pub fn random() -> Result<Self, CryptoError> {
        let mut text = String::with_capacity(LENGTH);
        let mut bytes = [0; 2 * LENGTH];
        while text.len() < LENGTH {
            rand::fill(&mut bytes).map_err(|_| CryptoError::Random)?;
            let missing = LENGTH - text.len();
            text.extend(bytes.iter().filter_map(|&byte| letter(byte)).take(missing));
        }
        Ok(Self(text))
    }

    /// Takes a nonce made elsewhere: 1 to 128 visible ASCII characters, neither `"` nor `\`.
    ///
    /// # Errors
    /// [`InvalidNonce`] for any other text, which the `Authorization` header cannot carry.
    pub fn new(text: impl Into<String>) -> Result<Self, InvalidNonce> {
        let text = text.into();
        let fits = (1..=LONGEST).contains(&text.len());
        let plain =
            text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'"' && byte != b'\\');
        if fits && plain { Ok(Self(text)) } else { Err(InvalidNonce) }
    }

    /// The nonce as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The text cannot be a nonce.
#[derive(Clone, Copy, Debug, Eq, Error, PartialEq)]
#[error("a nonce has 1 to 128 visible ASCII characters, neither a quotation mark nor a backslash")]
#[non_exhaustive]
pub struct InvalidNonce;

/// Turns a random byte into a letter. Bytes past the last multiple of 62 are dropped, because taking them modulo 62
/// would make the first letters likelier.
fn letter(byte: u8) -> Option<char> {
    let alphabet = ALPHABET.len();
    let index = usize::from(byte);
    if index >= alphabet * (256 / alphabet) {
        return None;
    }
    ALPHABET.get(index % alphabet).map(|&letter| char::from(letter))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_letter_is_equally_likely() {
        let mut letters: Vec<char> = (0..=u8::MAX).filter_map(letter).collect();
        assert_eq!(letters.len(), 248);
        letters.sort_unstable();
        let distinct: Vec<&[char]> = letters.chunk_by(|left, right| left == right).collect();
        assert_eq!(distinct.len(), 62);
        assert!(distinct.iter().all(|letters| letters.len() == 4));
    }
}
