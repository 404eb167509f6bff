//! Checks an upload's file: its digests and name in `meta`, and lines that are encrypted one by one.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};

use super::values::ValueChecker;
use crate::protocol::PrivateKey;
use crate::protocol::digest::{sha256_hex, sm3_hex};
use crate::sandbox::book::{BookMember, BookUpload, Computed};
use crate::sandbox::refusal::Location;
use crate::sandbox::request::{Form, FormPart};

/// How many encrypted lines a file may have.
const MOST_LINES: usize = 5500;

/// Checks the file of an upload, and the members of `meta` that describe it.
///
/// If the file has encrypted lines, adds their plain texts to the secrets.
pub(super) fn check_file(
    checker: &mut ValueChecker<'_>,
    key: Option<&PrivateKey>,
    upload: &BookUpload,
    form: &Form,
    meta: &Map<String, Value>,
) {
    let mut files = form.others().filter(|part| part.name == upload.file);
    let Some(file) = files.next() else {
        return checker.problem(Location::Form, &upload.file, "is required");
    };
    if files.next().is_some() {
        checker.problem(Location::Form, &upload.file, "comes twice");
    }
    if file.file_name.as_ref().is_none_or(String::is_empty) {
        checker.problem(Location::Form, &upload.file, "must have a file name");
    }
    if key.is_none() && has_encrypted_lines(&file.content) {
        checker.lacks_key = true;
    }
    match key.map(|key| decrypt_lines(key, &file.content)) {
        Some(Ok(lines)) => {
            let path = |index: usize| format!("{}[{index}]", upload.file);
            let lines = lines.into_iter().enumerate();
            checker.secrets.extend(lines.map(|(index, line)| (path(index), line)));
        }
        Some(Err(issue)) => checker.problem(Location::Form, &upload.file, issue),
        None => {}
    }
    for member in &upload.meta {
        let Some(Value::String(found)) = meta.get(&member.name) else {
            continue;
        };
        if let Some(issue) = mismatch(member, file, found) {
            checker.problem(Location::Meta, &member.name, issue);
        }
    }
}

/// Compares a member of `meta` with the file that it describes.
fn mismatch(member: &BookMember, file: &FormPart, found: &str) -> Option<String> {
    let expected = match (member.computed, &member.constant) {
        (Some(Computed::Sha256), _) => sha256_hex(&file.content),
        (Some(Computed::Sm3), _) => sm3_hex(&file.content),
        (Some(Computed::FileName), _) => {
            let same = file.file_name.as_deref() == Some(found);
            return (!same).then(|| "must be the file's name in the form".to_owned());
        }
        (None, Some(constant)) => {
            return (found != constant).then(|| format!("must be `{constant}`"));
        }
        (None, None) => return None,
    };
    (!found.eq_ignore_ascii_case(&expected)).then(|| "is not the digest of the file".to_owned())
}

/// Returns whether the first of several lines may be a ciphertext.
fn has_encrypted_lines(file: &[u8]) -> bool {
    const RSA_BLOCK: usize = 256;
    let first = file.split(|byte| *byte == b'\n').next().unwrap_or_default();
    STANDARD.decode(first).is_ok_and(|ciphertext| ciphertext.len() == RSA_BLOCK)
}

/// Decrypts a file whose lines were encrypted one by one (docs/protocol/encryption.md §5).
///
/// If the first line does not decrypt, the file is an ordinary one, and the result is empty. The error text
/// goes to the sender of the request.
fn decrypt_lines(key: &PrivateKey, file: &[u8]) -> Result<Vec<Vec<u8>>, String> {
    let lines = || file.split(|byte| *byte == b'\n');
    let plain = |line| key.decrypt(std::str::from_utf8(line).ok()?).ok();
    if lines().next().and_then(plain).is_none() {
        return Ok(Vec::new());
    }
    let count = lines().count();
    if count > MOST_LINES {
        return Err(format!("must have at most {MOST_LINES} lines, not {count}"));
    }
    let decrypted = lines().enumerate().map(|(index, line)| {
        let plain = plain(line).ok_or_else(|| format!("does not decrypt in line {}", index + 1));
        plain.map(|plain| plain.to_vec())
    });
    decrypted.collect()
}
