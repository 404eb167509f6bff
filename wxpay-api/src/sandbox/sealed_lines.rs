//! Files whose lines were encrypted one by one, as those for banks are (docs/protocol/encryption.md §5).

use crate::protocol::PrivateKey;

const MOST: usize = 5500;

/// The plain texts, unless the first line is none that was encrypted: any other file is none of these.
///
/// The error says what is wrong with the file.
pub(super) fn open(key: &PrivateKey, file: &[u8]) -> Result<Vec<Vec<u8>>, String> {
    let lines = || file.split(|byte| *byte == b'\n');
    let plain = |line| key.decrypt(std::str::from_utf8(line).ok()?).ok();
    if lines().next().and_then(plain).is_none() {
        return Ok(Vec::new());
    }
    let count = lines().count();
    if count > MOST {
        return Err(format!("must have at most {MOST} lines, not {count}"));
    }
    let opened = lines().enumerate().map(|(index, line)| {
        let opened = plain(line).ok_or_else(|| format!("does not decrypt in line {}", index + 1));
        opened.map(|plain| plain.to_vec())
    });
    opened.collect()
}
