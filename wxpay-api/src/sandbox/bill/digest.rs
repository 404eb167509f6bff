use aws_lc_rs::digest::{Context, SHA1_FOR_LEGACY_USE_ONLY};

use super::pieces::Pieces;
use crate::protocol::digest::hex;

/// What the `hash_value` that is announced with a bill covers.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum BillDigest {
    /// The plain text, uncompressed, as documented for bills that are not encrypted ([protocol §7.1]).
    ///
    /// [protocol §7.1]: crate::docs::protocol::downloads#71-bills
    PlainText,
    /// The file as it is sent. Of encrypted bills nobody documents which it is ([protocol §7.4]).
    ///
    /// [protocol §7.4]: crate::docs::protocol::downloads#74-encrypted-bills
    Sent,
    /// Nothing: it is that of no file.
    Wrong,
}

pub(super) fn sha1_hex(pieces: Pieces) -> String {
    let mut context = Context::new(&SHA1_FOR_LEGACY_USE_ONLY);
    pieces.for_each(|piece| context.update(&piece));
    hex(context.finish().as_ref())
}
