//! Digests as hexadecimal text: what uploads and bills carry (PROTOCOL §6 and §7).

use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, SHA256, digest};
use sm3::{Digest, Sm3};

/// SHA-256 in lower-case hexadecimal, as the `meta` part of an upload has it (PROTOCOL §6.1).
#[must_use]
pub fn sha256_hex(data: &[u8]) -> String {
    hex(digest(&SHA256, data).as_ref())
}

/// SM3 in lower-case hexadecimal; two uploads ask for it whatever the signature family (PROTOCOL §6.2).
#[must_use]
pub fn sm3_hex(data: &[u8]) -> String {
    hex(&Sm3::digest(data))
}

/// SHA-1 in lower-case hexadecimal: the check on a downloaded bill (PROTOCOL §7.1) and on an overseas statement (§2.8).
#[must_use]
pub fn sha1_hex(data: &[u8]) -> String {
    hex(digest(&SHA1_FOR_LEGACY_USE_ONLY, data).as_ref())
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
