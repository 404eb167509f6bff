//! Digests as hexadecimal text: what uploads and bills carry ([protocol §6] and [§7]).
//!
//! [protocol §6]: crate::docs::protocol::uploads
//! [§7]: crate::docs::protocol::downloads

use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, SHA256, digest};
use sm3::{Digest, Sm3};

/// SHA-256 in lower-case hexadecimal, as the `meta` part of an upload has it ([protocol §6.1]).
///
/// [protocol §6.1]: crate::docs::protocol::uploads#61-the-form
#[must_use]
pub fn sha256_hex(data: &[u8]) -> String {
    hex(digest(&SHA256, data).as_ref())
}

/// SM3 in lower-case hexadecimal; two uploads ask for it whatever the signature family ([protocol §6.2]).
///
/// [protocol §6.2]: crate::docs::protocol::uploads#62-endpoints
#[must_use]
pub fn sm3_hex(data: &[u8]) -> String {
    hex(&Sm3::digest(data))
}

/// SHA-1 in lower-case hexadecimal: the check on a downloaded bill ([protocol §7.1]) and on an overseas statement
/// ([§2.8]).
///
/// [protocol §7.1]: crate::docs::protocol::downloads#71-bills
/// [§2.8]: crate::docs::protocol::verification#28-overseas-statements
#[must_use]
pub fn sha1_hex(data: &[u8]) -> String {
    hex(digest(&SHA1_FOR_LEGACY_USE_ONLY, data).as_ref())
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
