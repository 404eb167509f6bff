use std::fmt;

use bytes::Bytes;

use super::whole::Whole;
use super::{Bill, ReadError};

/// Bytes that arrive in pieces, such as a download.
pub trait Chunks {
    /// Why they stopped arriving.
    type Error;

    /// The next bytes; none at the end. After an error there is no end, only another error.
    fn chunk(&mut self) -> impl Future<Output = Result<Option<Bytes>, Self::Error>> + Send;
}

/// Reads a bill from [`Chunks`] while they arrive.
///
/// The last row is followed by an error if a chunk failed or the bill was cut short, so that no loop
/// takes half a bill for a whole one. Nothing follows an error.
pub struct RowStream<B: Bill, C> {
    chunks: C,
    bill: Whole<B, ()>,
}

impl<B: Bill, C: Chunks> RowStream<B, C> {
    /// Reads the bill that begins here.
    pub fn new(chunks: C) -> Self {
        Self { chunks, bill: Whole::new() }
    }

    /// The longest line that is read, in bytes; 64 KiB unless changed.
    #[must_use]
    pub fn row_limit(mut self, bytes: usize) -> Self {
        self.bill.parser = self.bill.parser.row_limit(bytes);
        self
    }

    /// The next row; none at the end. Dropping the future loses nothing if that holds for the
    /// chunks.
    pub async fn next(&mut self) -> Option<Result<B::Row, ReadError<C::Error>>> {
        while !self.bill.is_over() {
            if let Some(row) = self.bill.next() {
                return Some(row.map_err(ReadError::Bill));
            }
            if let Err(error) = self.advance().await {
                return Some(Err(error));
            }
        }
        None
    }

    /// Reads to the end, past rows that were not taken, and gives the summary.
    ///
    /// # Errors
    /// When a chunk fails or the bill is unreadable or incomplete, whether that was said before or
    /// not.
    pub async fn finish(mut self) -> Result<B::Summary, ReadError<C::Error>> {
        // What failed before is asked to say so again.
        self.bill.failure = None;
        loop {
            if let Some(end) = self.bill.take_end() {
                return end.map_err(ReadError::Bill);
            }
            if let Some(Err(ReadError::Source(error))) = self.next().await {
                return Err(ReadError::Source(error));
            }
        }
    }

    /// Where the bill comes from, for example to ask a download what its digest proved.
    pub fn source(&self) -> &C {
        &self.chunks
    }

    async fn advance(&mut self) -> Result<(), ReadError<C::Error>> {
        let chunk = self.chunks.chunk().await;
        let fed = match chunk.map_err(|error| self.fail(error))? {
            // An empty chunk is not the end.
            Some(chunk) if chunk.is_empty() => Ok(()),
            Some(chunk) => self.bill.feed(&chunk),
            None => self.bill.feed(&[]),
        };
        fed.map_err(ReadError::Bill)
    }

    fn fail(&mut self, error: C::Error) -> ReadError<C::Error> {
        self.bill.failure = Some(());
        ReadError::Source(error)
    }
}

impl<B: Bill, C> fmt::Debug for RowStream<B, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RowStream").field("parser", &self.bill.parser).finish_non_exhaustive()
    }
}
