use bytes::Bytes;

use super::digest::BillDigest;
use super::pieces::{self, Pieces};
use super::rows::{Kind, Rows};

/// What links to bills lead to; see [`Sandbox::set_bill`](crate::sandbox::Sandbox::set_bill).
///
/// ```
/// use wxpay_api::sandbox::BillFile;
///
/// // About 260 MB, made while they are sent.
/// let long = BillFile::rows(1_000_000);
/// let in_parts = BillFile::rows(1000).files(3);
/// let own = BillFile::from("\u{feff}交易时间\r\n");
/// ```
#[derive(Clone, Debug)]
#[must_use = "give it to `Sandbox::set_bill`"]
pub struct BillFile {
    content: Content,
    pub(super) files: usize,
    pub(super) digest: BillDigest,
}

#[derive(Clone, Debug)]
enum Content {
    Given(Bytes),
    Rows(u64),
}

/// One of the files that a bill comes in.
#[derive(Clone, Debug)]
pub(super) struct Part {
    pub(super) bill: BillFile,
    pub(super) index: usize,
    pub(super) of: usize,
    pub(super) kind: Kind,
    pub(super) date: String,
    pub(super) mchid: String,
}

impl BillFile {
    /// A bill of this many rows, their amounts and summary right: a trade bill or a fund-flow bill,
    /// whichever is asked for. Every tenth row is the refund of the one before. Rows are made while
    /// they are sent, and none is held.
    pub fn rows(rows: u64) -> Self {
        Self::new(Content::Rows(rows))
    }

    /// If it is an encrypted bill, in this many files ([protocol §7.4]).
    ///
    /// [protocol §7.4]: crate::docs::protocol::downloads#74-encrypted-bills
    pub fn files(self, files: usize) -> Self {
        Self { files: files.max(1), ..self }
    }

    /// Another digest than that of the plain text is announced.
    pub fn digest(self, digest: BillDigest) -> Self {
        Self { digest, ..self }
    }

    fn new(content: Content) -> Self {
        Self { content, files: 1, digest: BillDigest::PlainText }
    }
}

impl Part {
    pub(super) fn pieces(&self) -> Pieces {
        match &self.bill.content {
            Content::Given(content) => {
                let length = content.len() as u64;
                let (start, end) =
                    (self.share(length, self.index), self.share(length, self.index + 1));
                let [start, end] = [start, end].map(|at| usize::try_from(at).unwrap_or(usize::MAX));
                pieces::of(content.slice(start..end))
            }
            Content::Rows(rows) => {
                let (start, end) =
                    (self.share(*rows, self.index), self.share(*rows, self.index + 1));
                let rows = Rows::new(self.kind, self.date.clone(), self.mchid.clone(), *rows);
                Box::new(rows.between(start, end, self.index == 0, self.index + 1 == self.of))
            }
        }
    }

    /// Where the part with this index begins in something of this length.
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

/// This content, whatever bill is asked for.
impl<T: Into<Bytes>> From<T> for BillFile {
    fn from(content: T) -> Self {
        Self::new(Content::Given(content.into()))
    }
}
