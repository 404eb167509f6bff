use aws_lc_rs::digest::{Context, SHA1_FOR_LEGACY_USE_ONLY};

use super::pieces::Pieces;
use crate::protocol::digest::hex;

/// What the `hash_value` that is announced with a bill covers.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum BillDigest {
    /// The plain text, uncompressed, as documented for bills that are not encrypted (PROTOCOL §7.1).
    PlainText,
    /// The file as it is sent. Of encrypted bills nobody documents which it is (PROTOCOL §7.4).
    Sent,
    /// Nothing: it is that of no file.
    Wrong,
}

pub(super) fn sha1_hex(pieces: Pieces) -> String {
    let mut context = Context::new(&SHA1_FOR_LEGACY_USE_ONLY);
    pieces.for_each(|piece| context.update(&piece));
    hex(context.finish().as_ref())
}
