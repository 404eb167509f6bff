//! The serial number of a certificate.

use std::fmt;
use std::hash::{Hash, Hasher};

use super::{KeyError, KeyItem, KeyProblem};

/// X.509 allows 20 bytes; what is longer than this is some other text.
const LONGEST: usize = 64;

/// A certificate's serial number, upper-case hexadecimal.
///
/// Two serials are equal when they are the same number: leading zeros and case do not count (PROTOCOL §2.4).
#[derive(Clone, Debug)]
pub struct Serial(String);

impl Serial {
    /// Reads hexadecimal text in any case; the colons that some tools print between the bytes are dropped.
    ///
    /// # Errors
    /// [`KeyProblem::NotASerial`] when the text is not hexadecimal.
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        Self::from_text(text)
            .ok_or_else(|| KeyError::new(KeyItem::MerchantSerial, KeyProblem::NotASerial))
    }

    /// Upper-case hexadecimal.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub(crate) fn from_text(text: &str) -> Option<Self> {
        let digits: String = text.trim().chars().filter(|&character| character != ':').collect();
        let hexadecimal = digits.chars().all(|character| character.is_ascii_hexdigit());
        (hexadecimal && (1..=LONGEST).contains(&digits.len()))
            .then(|| Self(digits.to_ascii_uppercase()))
    }

    /// The big-endian bytes of a DER integer, whose zero byte for the sign is not part of the number.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Self {
        let number = match bytes {
            [0, rest @ ..] if !rest.is_empty() => rest,
            all => all,
        };
        Self(number.iter().map(|byte| format!("{byte:02X}")).collect())
    }

    fn number(&self) -> &str {
        self.0.trim_start_matches('0')
    }
}

impl PartialEq for Serial {
    fn eq(&self, other: &Self) -> bool {
        self.number() == other.number()
    }
}

impl Eq for Serial {}

impl Hash for Serial {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.number().hash(state);
    }
}

impl fmt::Display for Serial {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}
