//! PEM text: one block, whatever surrounds it.

use std::fs;
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use super::{KeyError, KeyItem, KeyProblem};

const BEGIN: &str = "-----BEGIN ";
const DASHES: &str = "-----";
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// A label is a few words; anything longer is not one and may be the key itself, which no error may show.
const LONGEST_LABEL: usize = 40;

/// One PEM block, decoded.
pub(crate) struct Block {
    pub(crate) label: String,
    pub(crate) der: Zeroizing<Vec<u8>>,
}

/// Reads a file into a buffer that is wiped when dropped.
pub(crate) fn read(item: KeyItem, path: &Path) -> Result<Zeroizing<Vec<u8>>, KeyError> {
    fs::read(path).map(Zeroizing::new).map_err(|error| match is_content(path) {
        true => KeyError::new(item, KeyProblem::NotAPath),
        false => KeyError::new(item, KeyProblem::Unreadable(error)).in_file(path),
    })
}

/// Whether a path is a key itself, by mistake: PEM text, the Base64 of one, or longer than any sensible path.
pub(crate) fn is_content(path: &Path) -> bool {
    const LONGEST_PATH: usize = 1000;
    let text = Zeroizing::new(path.to_string_lossy().into_owned());
    text.len() > LONGEST_PATH || text.contains(DASHES) || is_base64_of_der(&text)
}

/// Whether the text is DER in Base64. The key of SM2 is the shortest, with more than a hundred characters.
fn is_base64_of_der(text: &str) -> bool {
    const SEQUENCE: u8 = 0x30;
    let der = STANDARD.decode(without_whitespace(text).as_bytes()).map(Zeroizing::new);
    text.len() > 100 && der.is_ok_and(|der| der.first() == Some(&SEQUENCE))
}

/// The only block in `pem`. A byte order mark, either kind of line end and text around the block do not matter.
pub(crate) fn only_block(pem: &[u8]) -> Result<Block, KeyProblem> {
    let pem = pem.strip_prefix(BYTE_ORDER_MARK).unwrap_or(pem).trim_ascii();
    if pem.is_empty() {
        return Err(KeyProblem::Empty);
    }
    if let Some(problem) = binary(pem) {
        return Err(problem);
    }
    let text = Zeroizing::new(String::from_utf8_lossy(pem).into_owned());
    let mut blocks = blocks(&text)?;
    match (blocks.pop(), blocks.is_empty()) {
        (None, _) if is_base64(&text) => Err(KeyProblem::BareBase64),
        (None, _) => Err(KeyProblem::NoBlock),
        (Some((label, body)), true) => decode(label, body),
        (Some(last), false) => {
            blocks.push(last);
            Err(KeyProblem::SeveralBlocks {
                labels: blocks.into_iter().map(|(label, _)| label.to_owned()).collect(),
            })
        }
    }
}

/// What a block with this label is, in words that follow “it is”.
pub(crate) fn describe(label: &str) -> String {
    match label {
        "PRIVATE KEY" | "RSA PRIVATE KEY" | "EC PRIVATE KEY" | "ENCRYPTED PRIVATE KEY" => {
            "a private key".to_owned()
        }
        "PUBLIC KEY" | "RSA PUBLIC KEY" => "a public key".to_owned(),
        "CERTIFICATE" => "a certificate".to_owned(),
        "CERTIFICATE REQUEST" | "NEW CERTIFICATE REQUEST" => "a certificate request".to_owned(),
        "PKCS7" => "a bundle of certificates (PKCS#7)".to_owned(),
        other => format!("a PEM block `{other}`"),
    }
}

/// DER begins with a sequence of a length that takes more than one byte, which no text does.
fn binary(bytes: &[u8]) -> Option<KeyProblem> {
    match bytes {
        [0x30, 0x82, _, _, 0x02, 0x01, 0x03, ..] => Some(KeyProblem::Pkcs12),
        [0x30, 0x80..=0x84, ..] => Some(KeyProblem::Binary),
        _ => None,
    }
}

/// Label and body of every block.
fn blocks(text: &str) -> Result<Vec<(&str, &str)>, KeyProblem> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some((_, after)) = rest.split_once(BEGIN) {
        let (label, after) = after.split_once(DASHES).ok_or(KeyProblem::NoBlock)?;
        if !is_label(label) {
            return Err(KeyProblem::NoBlock);
        }
        let end = format!("-----END {label}-----");
        let (body, after) = after
            .split_once(end.as_str())
            .ok_or_else(|| KeyProblem::Truncated { label: label.to_owned() })?;
        found.push((label, body));
        rest = after;
    }
    Ok(found)
}

fn is_label(text: &str) -> bool {
    text.len() <= LONGEST_LABEL
        && text.chars().all(|character| {
            character.is_ascii_uppercase() || character.is_ascii_digit() || character == ' '
        })
}

fn decode(label: &str, body: &str) -> Result<Block, KeyProblem> {
    if label == "ENCRYPTED PRIVATE KEY" || body.contains("Proc-Type: 4,ENCRYPTED") {
        return Err(KeyProblem::Encrypted);
    }
    if body.contains('\\') {
        return Err(KeyProblem::EscapedLineEnds);
    }
    let der = STANDARD
        .decode(without_whitespace(body).as_bytes())
        .map_err(|_| KeyProblem::BadBase64 { label: label.to_owned() })?;
    Ok(Block { label: label.to_owned(), der: Zeroizing::new(der) })
}

fn is_base64(text: &str) -> bool {
    STANDARD.decode(without_whitespace(text).as_bytes()).map(Zeroizing::new).is_ok()
}

fn without_whitespace(text: &str) -> Zeroizing<String> {
    let mut kept = Zeroizing::new(String::with_capacity(text.len()));
    kept.extend(text.chars().filter(|character| !character.is_ascii_whitespace()));
    kept
}
