//! Digests as hexadecimal text, for uploads and bills ([protocol §6] and [§7]).
//!
//! [protocol §6]: crate::docs::protocol::uploads
//! [§7]: crate::docs::protocol::downloads

use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, SHA256, digest};
use sm3::{Digest, Sm3};

/// Computes SHA-256 in lower-case hexadecimal, as in the `meta` part of an upload ([protocol §6.1]).
///
/// [protocol §6.1]: crate::docs::protocol::uploads#61-the-form
#[must_use]
pub fn sha256_hex(data: &[u8]) -> String {
    hex(digest(&SHA256, data).as_ref())
}

/// Computes SM3 in lower-case hexadecimal. Two uploads require it with every signature family ([protocol §6.2]).
///
/// [protocol §6.2]: crate::docs::protocol::uploads#62-endpoints
#[must_use]
pub fn sm3_hex(data: &[u8]) -> String {
    hex(&Sm3::digest(data))
}

/// Computes SHA-1 in lower-case hexadecimal.
///
/// It checks a downloaded bill ([protocol §7.1]) and an overseas statement ([§2.8]).
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
