//! The serial number of a certificate.

use std::fmt;
use std::hash::{Hash, Hasher};

use super::read::{clean, unquoted};
use crate::protocol::{KeyError, KeyItem, KeyProblem};

/// Longer text is no serial number.
const LONGEST: usize = 64;

/// X.509 allows serial numbers of 20 bytes, 40 digits.
const LONGEST_CONFIGURED: usize = 40;

/// The texts that tools print before a serial number, in lower case, such as `serial number: 0x`.
const PREFIXES: [&str; 4] = ["serial", "number", "_no", "0x"];

/// A certificate's serial number, upper-case hexadecimal.
///
/// Two serials are equal when they are the same number. Leading zeros and case are ignored ([protocol §2.4]).
///
/// [protocol §2.4]: crate::docs::protocol::verification#24-selecting-the-key
#[derive(Clone, Debug)]
pub struct Serial(String);

impl Serial {
    /// Reads the hexadecimal serial number of a configuration, in any form that tools print.
    ///
    /// Either case is accepted, a `serial=` or `0x` before the digits, and colons or spaces between the bytes.
    ///
    /// # Errors
    /// * [`KeyProblem::DecimalSerial`] for decimal digits alone, as Java prints serial numbers.
    /// * [`KeyProblem::NotASerial`] when the text is not hexadecimal, is negative or has more than 40 digits.
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        Self::configured(text).map_err(|problem| KeyError::new(KeyItem::MerchantSerial, problem))
    }

    /// The number in upper-case hexadecimal.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Reads a configured number. Only one in 10⁸ certificates of 20 bytes has decimal digits alone by chance.
    fn configured(text: &str) -> Result<Self, KeyProblem> {
        let cleaned = clean(text.as_bytes());
        let lower_case = unquoted(&cleaned).to_ascii_lowercase();
        let mut digits = lower_case.as_str();
        for prefix in PREFIXES {
            let rest = digits.strip_prefix(prefix).unwrap_or(digits);
            digits = rest.trim_start_matches(|sign| is_separator(sign) || sign == '=');
        }
        let groups: Vec<&str> = digits.split(is_separator).collect();
        if !are_whole_bytes(&groups) {
            return Err(KeyProblem::NotASerial);
        }
        let digits = groups.concat();
        let is_decimal = digits.bytes().all(|digit| digit.is_ascii_digit());
        if is_decimal && !digits.is_empty() {
            return Err(KeyProblem::DecimalSerial);
        }
        // `from_text` refuses a minus sign: a negative number without its sign is another number.
        Self::from_text(&digits)
            .filter(|serial| serial.0.len() <= LONGEST_CONFIGURED)
            .ok_or(KeyProblem::NotASerial)
    }

    /// Reads a received serial number, with leading zeros, colons and either case.
    pub(crate) fn from_text(text: &str) -> Option<Self> {
        let digits: String = text.trim().chars().filter(|&character| character != ':').collect();
        let hexadecimal = digits.chars().all(|character| character.is_ascii_hexdigit());
        (hexadecimal && (1..=LONGEST).contains(&digits.len()))
            .then(|| Self(digits.to_ascii_uppercase()))
    }

    /// Reads the big-endian bytes of a DER integer. A leading zero byte is the sign, not part of the number.
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

fn is_separator(sign: char) -> bool {
    sign == ':' || sign.is_whitespace()
}

/// Whether every byte has its leading zero, where a number is written byte by byte. Without this check, `0c:4:ef`,
/// which means `0C04EF`, would be read as `0C4EF`.
fn are_whole_bytes(groups: &[&str]) -> bool {
    let is_by_byte = groups.iter().all(|group| group.len() <= 2);
    !is_by_byte || groups.iter().skip(1).all(|group| group.len() != 1)
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
