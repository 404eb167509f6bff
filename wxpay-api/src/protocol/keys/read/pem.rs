//! PEM text: finds and decodes its blocks, and keys in Base64 without `BEGIN` and `END` lines.

use zeroize::Zeroizing;

use super::{asn1, clean, compact, decode_base64, is_path, unquoted};
use crate::protocol::KeyProblem;

/// A label is a few words. Longer text may be the key itself, which no error may show.
const LONGEST_LABEL: usize = 40;

/// How many times text may be encoded in Base64.
const DEEPEST: usize = 2;

/// The labels of the kinds of keys. They are recognised without their spaces, too.
const LABELS: [&str; 9] = [
    "PRIVATE KEY",
    "RSA PRIVATE KEY",
    "EC PRIVATE KEY",
    "ENCRYPTED PRIVATE KEY",
    "PUBLIC KEY",
    "RSA PUBLIC KEY",
    "CERTIFICATE REQUEST",
    "NEW CERTIFICATE REQUEST",
    "CERTIFICATE",
];

/// One PEM block, decoded.
pub(crate) struct Block {
    pub(crate) label: String,
    pub(crate) der: Zeroizing<Vec<u8>>,
}

/// A block, not decoded yet.
struct FoundBlock {
    label: String,
    body: BlockBody,
}

enum BlockBody {
    /// The text between the lines of a block.
    Text(Zeroizing<String>),
    /// The decoded content of Base64 without such lines.
    Der(Zeroizing<Vec<u8>>),
}

/// Decodes the only block in `pem`. Text around the block is ignored, and [mangled text](clean) is repaired.
pub(crate) fn only_block(pem: &[u8]) -> Result<Block, KeyProblem> {
    let mut found = find(pem, 0)?;
    match (found.pop(), found.is_empty()) {
        (None, _) => Err(KeyProblem::NoBlock),
        (Some(block), true) => block.decode(),
        (Some(last), false) => {
            found.push(last);
            let labels = found.into_iter().map(|block| block.label).collect();
            Err(KeyProblem::SeveralBlocks { labels })
        }
    }
}

/// Decodes all blocks in `pem`, at least one.
pub(crate) fn blocks(pem: &[u8]) -> Result<Vec<Block>, KeyProblem> {
    find(pem, 0)?.into_iter().map(FoundBlock::decode).collect()
}

/// Describes a block with this label, in words that follow “it is”.
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

/// Finds every block, at least one.
fn find(pem: &[u8], depth: usize) -> Result<Vec<FoundBlock>, KeyProblem> {
    if let Some(problem) = binary(pem) {
        return Err(problem);
    }
    let text = clean(pem);
    if unquoted(&text).is_empty() {
        return Err(KeyProblem::Empty);
    }
    let blocks = blocks_in(&text)?;
    if !blocks.is_empty() {
        return Ok(blocks);
    }
    match bare(&text, depth)? {
        Some(blocks) => Ok(blocks),
        None if is_path(pem) => Err(KeyProblem::IsAPath),
        None => Err(KeyProblem::NoBlock),
    }
}

/// Reads Base64 without the lines of a block: a key, or a whole PEM file.
fn bare(text: &str, depth: usize) -> Result<Option<Vec<FoundBlock>>, KeyProblem> {
    let Some(inside) = decode_base64(&compact(text)) else {
        return Ok(None);
    };
    match (binary(&inside), asn1::label(&inside)) {
        (None | Some(KeyProblem::Binary), Some(label)) => {
            return Ok(Some(vec![FoundBlock {
                label: label.to_owned(),
                body: BlockBody::Der(inside),
            }]));
        }
        (Some(KeyProblem::Binary), None) => return Err(KeyProblem::Malformed),
        (Some(problem), _) => return Err(problem),
        (None, None) if depth == DEEPEST => return Ok(None),
        (None, None) => {}
    }
    match find(&inside, depth + 1) {
        Ok(blocks) => Ok(Some(blocks)),
        // Almost any word is valid Base64, so that these errors say nothing about the text.
        Err(KeyProblem::NoBlock | KeyProblem::Empty | KeyProblem::IsAPath) => Ok(None),
        Err(problem) => Err(problem),
    }
}

/// Recognises binary formats. DER begins with a sequence whose length takes several bytes; no text begins so.
fn binary(bytes: &[u8]) -> Option<KeyProblem> {
    let other = |found: &str| Some(KeyProblem::WrongKind { found: found.to_owned() });
    match bytes {
        [0x30, 0x80, 0x02, 0x01, 0x03, ..]
        | [0x30, 0x81, _, 0x02, 0x01, 0x03, ..]
        | [0x30, 0x82, _, _, 0x02, 0x01, 0x03, ..]
        | [0x30, 0x83, _, _, _, 0x02, 0x01, 0x03, ..] => Some(KeyProblem::Pkcs12),
        [0x30, 0x80..=0x84, ..] => Some(KeyProblem::Binary),
        [0xfe, 0xed, 0xfe, 0xed, ..] => other("a Java keystore"),
        [b'P', b'K', 3, 4, ..] => other("a ZIP archive, which has to be unpacked"),
        _ => None,
    }
}

fn blocks_in(text: &str) -> Result<Vec<FoundBlock>, KeyProblem> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some((_, after)) = marker(rest, "BEGIN") {
        let (label, after) = after.split_once('-').ok_or(KeyProblem::NoBlock)?;
        let label = read_label(label).ok_or(KeyProblem::NoBlock)?;
        let (body, after) =
            end(after, &label).ok_or_else(|| KeyProblem::Truncated { label: label.clone() })?;
        let body = body.trim_start_matches('-');
        let body = BlockBody::Text(Zeroizing::new(body.to_owned()));
        found.push(FoundBlock { label, body });
        rest = after;
    }
    Ok(found)
}

/// Splits a text at a word after dashes. Their number does not matter, because chat programs join dashes.
fn marker<'a>(text: &'a str, word: &str) -> Option<(&'a str, &'a str)> {
    text.match_indices(word).find_map(|(at, _)| {
        let before = text.get(..at)?.trim_end();
        let without_dashes = before.trim_end_matches('-');
        let after = text.get(at + word.len()..)?;
        (without_dashes.len() < before.len()).then_some((without_dashes, after))
    })
}

/// Splits a text at the closing line of a block.
fn end<'a>(text: &'a str, label: &str) -> Option<(&'a str, &'a str)> {
    let (body, after) = marker(text, "END")?;
    // The dashes at the end get lost in copying.
    let (closing, after) = after.split_once('-').unwrap_or((after, ""));
    let closing = closing.trim_matches(|character: char| {
        character.is_whitespace() || ['"', '\'', '`', ',', ';'].contains(&character)
    });
    (read_label(closing)? == label).then_some((body, after))
}

fn read_label(text: &str) -> Option<String> {
    if text.len() > 2 * LONGEST_LABEL {
        return None;
    }
    let words: Vec<_> = text.split_whitespace().collect();
    let (label, joined) = (words.join(" "), words.concat());
    let known = LABELS.iter().find(|known| known.replace(' ', "") == joined);
    let label = known.map_or(label, |&known| known.to_owned());
    is_label(&label).then_some(label)
}

fn is_label(text: &str) -> bool {
    text.len() <= LONGEST_LABEL
        && text.chars().all(|character| {
            character.is_ascii_uppercase() || character.is_ascii_digit() || character == ' '
        })
}

impl FoundBlock {
    fn decode(self) -> Result<Block, KeyProblem> {
        let Self { label, body } = self;
        if label == "ENCRYPTED PRIVATE KEY" {
            return Err(KeyProblem::Encrypted);
        }
        let text = match body {
            BlockBody::Der(der) => return Ok(Block { label, der }),
            BlockBody::Text(text) if text.contains("4,ENCRYPTED") => {
                return Err(KeyProblem::Encrypted);
            }
            BlockBody::Text(text) => compact(&text),
        };
        match decode_base64(&text) {
            Some(der) => Ok(Block { label, der }),
            None => Err(KeyProblem::BadBase64 { label }),
        }
    }
}
