//! Bills: the files behind the links in responses (docs/protocol/downloads.md §7).

mod fund_flow_bill;
pub(super) mod ledger_bill;
pub(super) mod links;
mod movement;
pub(super) mod pieces;
pub(super) mod sample_rows;
mod table;
mod trade_bill;

use aws_lc_rs::digest::{Context, SHA1_FOR_LEGACY_USE_ONLY};
use bytes::Bytes;

use crate::protocol::digest::hex;
use pieces::Pieces;
use sample_rows::{SampleBillKind, SampleRows};

/// The file behind links to bills; see [`Sandbox::set_bill`](crate::sandbox::Sandbox::set_bill).
///
/// ```
/// use wxpay_api::sandbox::BillFile;
///
/// // About 260 MB, produced while they are sent.
/// let long = BillFile::rows(1_000_000);
/// let in_parts = BillFile::rows(1000).files(3);
/// let own = BillFile::from("\u{feff}交易时间\r\n");
/// ```
#[derive(Clone, Debug)]
#[must_use = "give it to `Sandbox::set_bill`"]
pub struct BillFile {
    content: BillContent,
    pub(super) files: usize,
    pub(super) digest: BillDigest,
}

#[derive(Clone, Debug)]
enum BillContent {
    Given(Bytes),
    Rows(u64),
}

/// One of the files that a bill is split into.
#[derive(Clone, Debug)]
pub(super) struct BillPart {
    pub(super) bill: BillFile,
    pub(super) index: usize,
    pub(super) of: usize,
    pub(super) kind: SampleBillKind,
    pub(super) date: String,
    pub(super) mchid: String,
}

impl BillFile {
    /// Creates a bill with this many sample rows and the summary that fits them.
    ///
    /// The request decides between a trade bill and a fund-flow bill. Every tenth row refunds the row before it.
    /// The sandbox produces the rows while it sends them.
    pub fn rows(rows: u64) -> Self {
        Self::new(BillContent::Rows(rows))
    }

    /// Splits the bill into this many files if it is encrypted ([protocol §7.4]).
    ///
    /// [protocol §7.4]: crate::docs::protocol::downloads#74-encrypted-bills
    pub fn files(self, files: usize) -> Self {
        Self { files: files.max(1), ..self }
    }

    /// Announces another digest than that of the plain text.
    pub fn digest(self, digest: BillDigest) -> Self {
        Self { digest, ..self }
    }

    /// Returns the content, if it is given.
    fn given(&self) -> Option<&Bytes> {
        match &self.content {
            BillContent::Given(content) => Some(content),
            BillContent::Rows(_) => None,
        }
    }

    fn new(content: BillContent) -> Self {
        Self { content, files: 1, digest: BillDigest::PlainText }
    }
}

impl BillPart {
    /// Produces the plain text.
    pub(super) fn pieces(&self) -> Pieces {
        match &self.bill.content {
            BillContent::Given(content) => {
                let length = content.len() as u64;
                let (start, end) =
                    (self.share(length, self.index), self.share(length, self.index + 1));
                let [start, end] = [start, end].map(|at| usize::try_from(at).unwrap_or(usize::MAX));
                pieces::of(content.slice(start..end))
            }
            BillContent::Rows(rows) => {
                let (start, end) =
                    (self.share(*rows, self.index), self.share(*rows, self.index + 1));
                let rows = SampleRows::new(self.kind, self.date.clone(), self.mchid.clone(), *rows);
                Box::new(rows.between(start, end, self.index == 0, self.index + 1 == self.of))
            }
        }
    }

    /// Returns where the part with this index begins in a whole of this length.
    fn share(&self, whole: u64, index: usize) -> u64 {
        let share = u128::from(whole) * index as u128 / self.of as u128;
        u64::try_from(share).unwrap_or(whole)
    }
}

impl Default for BillFile {
    fn default() -> Self {
        Self::rows(1)
    }
}

/// Creates a bill with this content, for every request.
impl<T: Into<Bytes>> From<T> for BillFile {
    fn from(content: T) -> Self {
        Self::new(BillContent::Given(content.into()))
    }
}

/// The bytes that the `hash_value` of a bill covers.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum BillDigest {
    /// The plain text, uncompressed. Documented for bills that are not encrypted ([protocol §7.1]).
    ///
    /// [protocol §7.1]: crate::docs::protocol::downloads#71-bills
    PlainText,
    /// The file as it is sent. For encrypted bills, WeChat Pay documents neither ([protocol §7.4]).
    ///
    /// [protocol §7.4]: crate::docs::protocol::downloads#74-encrypted-bills
    Sent,
    /// No bytes: the digest is wrong.
    Wrong,
}

/// Returns the SHA-1 of a file in hexadecimal.
pub(super) fn sha1_hex(pieces: Pieces) -> String {
    let mut context = Context::new(&SHA1_FOR_LEGACY_USE_ONLY);
    pieces.for_each(|piece| context.update(&piece));
    hex(context.finish().as_ref())
}
