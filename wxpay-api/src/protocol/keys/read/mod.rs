//! Reads keys as they were configured: as text or as a file.
//!
//! Shells, databases and chat programs mangle keys. The text is repaired where the meaning is
//! certain. An item that is no key is recognised.

pub(crate) mod asn1;
pub(crate) mod error;
pub(crate) mod pem;
pub(crate) mod problem;

use std::fs;
use std::path::Path;

use base64::Engine;
use base64::alphabet::{self, Alphabet};
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use zeroize::Zeroizing;

use crate::protocol::{KeyError, KeyItem, KeyProblem};

const QUOTES: [char; 3] = ['"', '\'', '`'];

/// Endings of files with keys.
const EXTENSIONS: [&str; 10] =
    [".pem", ".key", ".crt", ".cer", ".der", ".p12", ".pfx", ".jks", ".pub", ".txt"];

/// Longer text is no path.
const LONGEST_PATH: usize = 1000;

/// Every key has more than this many characters of Base64; an SM2 key is the shortest.
const SHORTEST_KEY: usize = 100;

const LENIENT: GeneralPurposeConfig =
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);

/// The place of a key.
#[derive(Clone, Copy)]
pub(crate) enum KeySource<'a> {
    /// The content itself.
    Text(&'a [u8]),
    /// The file that has the content.
    File(&'a Path),
}

impl KeySource<'_> {
    /// Reads the content into a buffer that is wiped when dropped.
    pub(crate) fn read(self, item: KeyItem) -> Result<Zeroizing<Vec<u8>>, KeyError> {
        match self {
            Self::Text(text) => Ok(Zeroizing::new(text.to_vec())),
            Self::File(path) => read_file(item, path),
        }
    }

    /// Adds the name of the file to an error, if the key is in a file.
    pub(crate) fn blame(self, error: KeyError) -> KeyError {
        match self {
            Self::Text(_) => error,
            Self::File(path) => error.in_file(path),
        }
    }
}

/// Reads a file into a buffer that is wiped when dropped. A key that was given as the path is never opened as a file.
pub(crate) fn read_file(item: KeyItem, path: &Path) -> Result<Zeroizing<Vec<u8>>, KeyError> {
    if is_content(path) || (is_secret(path) && !path.exists()) {
        return Err(KeyError::new(item, KeyProblem::NotAPath));
    }
    fs::read(path)
        .map(Zeroizing::new)
        .map_err(|error| KeyError::new(item, KeyProblem::Unreadable(error)).in_file(path))
}

/// Whether the content of a key was given as a path, by mistake.
pub(crate) fn is_content(path: &Path) -> bool {
    let given = Zeroizing::new(path.to_string_lossy().into_owned());
    let text = clean(given.as_bytes());
    let is_pem = text.contains("BEGIN") && text.contains("--");
    given.len() > LONGEST_PATH || is_pem || is_bare_key(&text)
}

/// Whether text without a PEM block looks like a file's path.
pub(crate) fn is_path(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    let text = text.trim().trim_matches(QUOTES).trim();
    let lower = Zeroizing::new(text.to_ascii_lowercase());
    let has_extension = EXTENSIONS.iter().any(|extension| lower.ends_with(extension));
    let has_separator = text.contains(['/', '\\']) && !is_long_base64(text);
    (1..=LONGEST_PATH).contains(&text.len())
        && !text.contains(['\n', '\r', '\0'])
        && (has_extension || has_separator)
}

/// Repairs the text of a key ([protocol §3.1]).
///
/// * UTF-16 becomes UTF-8.
/// * Escapes of line ends, slashes and quotation marks are undone, and so is percent-encoding.
/// * Invisible characters are removed.
/// * Unusual spaces, dashes, quotation marks and full-width characters become plain ones.
///
/// No changed character can be part of a key.
///
/// [protocol §3.1]: crate::docs::protocol::keys#31-the-keys-of-a-merchant
pub(crate) fn clean(bytes: &[u8]) -> Zeroizing<String> {
    let text = decode_text(bytes);
    let mut cleaned = Zeroizing::new(String::with_capacity(text.len()));
    let mut rest = text.chars();
    while let Some(character) = rest.next() {
        let meant = match character {
            '\\' => escaped(&mut rest),
            '%' => percent_encoded(&mut rest).unwrap_or('%'),
            other => other,
        };
        cleaned.extend(plain(meant));
    }
    cleaned
}

/// Removes white space and quotation marks around a text.
pub(crate) fn unquoted(text: &str) -> &str {
    text.trim_matches(|character: char| is_blank(character) || QUOTES.contains(&character))
}

/// Removes white space and quotation marks between the characters of Base64.
pub(crate) fn compact(text: &str) -> Zeroizing<String> {
    let mut kept = Zeroizing::new(String::with_capacity(text.len()));
    kept.extend(
        text.chars().filter(|character| !character.is_whitespace() && !QUOTES.contains(character)),
    );
    kept
}

/// Decodes Base64 of either alphabet, with or without padding. The text must have no white space.
pub(crate) fn decode_base64(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    const ALPHABETS: [&Alphabet; 2] = [&alphabet::STANDARD, &alphabet::URL_SAFE];
    ALPHABETS.into_iter().find_map(|alphabet| {
        GeneralPurpose::new(alphabet, LENIENT).decode(text).ok().map(Zeroizing::new)
    })
}

/// Names the item that was given instead of a key of 32 characters (APIv2 or APIv3), in words that follow “it is”.
pub(crate) fn mistaken_secret(bytes: &[u8]) -> Option<&'static str> {
    let text = Zeroizing::new(String::from_utf8_lossy(bytes).into_owned());
    let visible = clean(bytes);
    let inner = unquoted(&visible);
    let is_secret =
        |text: &str| text.len() == 32 && text.bytes().all(|it| it.is_ascii_alphanumeric());
    if visible.contains("BEGIN") && visible.contains("--") || is_bare_key(&visible) {
        return Some("a key or certificate in PEM, not 32 characters");
    }
    if is_secret(inner) && text.contains(['"', '\'', '`', '“', '”', '‘', '’']) {
        return Some("a key between quotation marks; take them away");
    }
    if is_secret(inner) && text.ends_with(['\n', '\r']) {
        // The error about the length is clearer.
        return None;
    }
    if is_secret(inner) && text.trim().len() == 32 {
        return Some("a key with white space around it; take it away");
    }
    if is_secret(inner) {
        return Some("a key with invisible or full-width characters; type it anew");
    }
    let decoded = decode_base64(inner);
    if decoded.is_some_and(|key| str::from_utf8(key.trim_ascii()).is_ok_and(is_secret)) {
        return Some("the Base64 of a key; decode it before");
    }
    if inner.len() == 40 && inner.bytes().all(|it| it.is_ascii_hexdigit()) {
        return Some("the serial number of a certificate");
    }
    inner.starts_with("PUB_KEY_ID_").then_some("the id of a WeChat Pay public key")
}

/// Whether a key of 32 characters may have been given as a path, by mistake.
pub(crate) fn is_secret(path: &Path) -> bool {
    let text = Zeroizing::new(path.to_string_lossy().into_owned());
    let name = text.rsplit(['/', '\\']).next().unwrap_or_default();
    let inner = unquoted(name);
    inner.len() == 32 && inner.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

fn decode_text(bytes: &[u8]) -> Zeroizing<String> {
    let every_other_is_zero = |first: usize| {
        bytes.len() >= 4
            && bytes.len().is_multiple_of(2)
            && bytes.iter().skip(first).step_by(2).all(|&byte| byte == 0)
    };
    match bytes {
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes),
        _ if every_other_is_zero(1) => utf16(bytes, u16::from_le_bytes),
        _ if every_other_is_zero(0) => utf16(bytes, u16::from_be_bytes),
        _ => utf8(bytes),
    }
}

/// Decodes UTF-8 into a buffer with room for all of it: a reallocation would leave a copy of a key behind.
fn utf8(bytes: &[u8]) -> Zeroizing<String> {
    let mut text = Zeroizing::new(String::with_capacity(bytes.len() * 3));
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        if !chunk.invalid().is_empty() {
            text.push(char::REPLACEMENT_CHARACTER);
        }
    }
    text
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Zeroizing<String> {
    let mut text = Zeroizing::new(String::with_capacity(bytes.len() * 2));
    let units = bytes.chunks_exact(2).filter_map(|pair| pair.try_into().ok()).map(unit);
    text.extend(
        char::decode_utf16(units).map(|character| character.unwrap_or(char::REPLACEMENT_CHARACTER)),
    );
    text
}

/// Reads the characters after a backslash. A text that was escaped several times has several backslashes.
fn escaped(rest: &mut std::str::Chars<'_>) -> char {
    let mut ahead = rest.clone();
    let mut next = ahead.next();
    while next == Some('\\') {
        next = ahead.next();
    }
    let meant = match next {
        Some('n' | 'r' | 't') => ' ',
        Some(itself @ ('/' | '"' | '\'')) => itself,
        Some('u') => match hexadecimal(&mut ahead, 4) {
            Some(character) => character,
            None => return '\\',
        },
        // The line continues below.
        Some(blank) if blank.is_whitespace() => ' ',
        _ => return '\\',
    };
    *rest = ahead;
    meant
}

fn percent_encoded(rest: &mut std::str::Chars<'_>) -> Option<char> {
    let mut ahead = rest.clone();
    let character = hexadecimal(&mut ahead, 2).filter(char::is_ascii)?;
    *rest = ahead;
    Some(character)
}

fn hexadecimal(rest: &mut std::str::Chars<'_>, digits: usize) -> Option<char> {
    let mut number = 0;
    for _ in 0..digits {
        number = number * 16 + rest.next()?.to_digit(16)?;
    }
    char::from_u32(number)
}

/// The plain form of a character, or `None` for an invisible one.
fn plain(character: char) -> Option<char> {
    match character {
        // Joiners, marks of direction, the byte order mark, soft hyphens.
        '\u{ad}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' => None,
        '\u{2060}'..='\u{206f}' | '\u{feff}' | '\0' => None,
        // Hyphens, dashes, the minus sign, lines of boxes.
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{2500}' | '\u{2501}' => Some('-'),
        '\u{fe58}' | '\u{fe63}' | '\u{2e3a}' | '\u{2e3b}' => Some('-'),
        '\u{2018}'..='\u{201b}' => Some('\''),
        '\u{201c}'..='\u{201f}' | '«' | '»' => Some('"'),
        // Full-width forms of ASCII.
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(character) - 0xfee0),
        '\n' | '\r' => Some(character),
        blank if blank.is_whitespace() => Some(' '),
        other => Some(other),
    }
}

/// Whether a character is white space or invisible.
fn is_blank(character: char) -> bool {
    plain(character).is_none_or(char::is_whitespace)
}

/// Whether repaired text is a key in Base64 without `BEGIN` and `END` lines, or the Base64 of a PEM file.
fn is_bare_key(text: &str) -> bool {
    const SEQUENCE: u8 = 0x30;
    let compact = compact(text);
    if compact.len() <= SHORTEST_KEY {
        return false;
    }
    match decode_base64(&compact) {
        Some(inside) => {
            inside.first() == Some(&SEQUENCE) || clean(&inside).trim_start().starts_with("--")
        }
        // Damaged Base64 of DER.
        None => is_long_base64(&compact) && compact.starts_with("MI"),
    }
}

fn is_long_base64(text: &str) -> bool {
    let in_alphabet = |byte: u8| byte.is_ascii_alphanumeric() || b"+/=".contains(&byte);
    text.len() > SHORTEST_KEY && text.bytes().all(in_alphabet)
}
