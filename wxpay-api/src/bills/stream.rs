//! A bill from chunks that arrive asynchronously.

use std::fmt;

use bytes::Bytes;

use super::whole::Whole;
use super::{Bill, ReadError, RowParser};

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
/// takes half a bill for a whole one. A row that cannot be read is an error of that row, and the rows
/// below it follow; nothing follows an error that [is fatal](ReadError::is_fatal). Gzip is undone.
pub struct RowStream<B: Bill, C> {
    chunks: C,
    bill: Whole<B, ()>,
}

impl<B: Bill, C: Chunks> RowStream<B, C> {
    /// Reads the bill that begins here.
    pub fn new(chunks: C) -> Self {
        Self { chunks, bill: Whole::new() }
    }

    /// The longest row that is read, in bytes; 64 KiB unless changed.
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
            if self.bill.is_over() {
                break;
            }
            if let Err(error) = self.advance().await {
                return Some(Err(error));
            }
        }
        None
    }

    /// The number of rows that were read so far.
    #[must_use]
    pub fn rows_read(&self) -> u64 {
        self.bill.parser.rows_read()
    }

    /// The number of rows so far that could not be read, each of which was an error.
    #[must_use]
    pub fn rows_failed(&self) -> u64 {
        self.bill.parser.rows_failed()
    }

    /// The columns of amounts and counts that the bill does not have
    /// ([`FromRow::missing_columns`](super::FromRow::missing_columns)); none before its header was
    /// read, which the first row shows.
    #[must_use]
    pub fn missing_columns(&self) -> Vec<&'static str> {
        self.bill.parser.missing_columns()
    }

    /// Reads to the end, past rows that were not taken and their errors, and gives the summary.
    ///
    /// # Errors
    /// When a chunk fails or the bill is unreadable or incomplete, whether that was said before or
    /// not. An error of a row is none of these.
    pub async fn finish(self) -> Result<B::Summary, ReadError<C::Error>> {
        self.read_to_end().await?.finish().map_err(ReadError::Bill)
    }

    /// As [`finish`](RowStream::finish), for a bill of which every row counts.
    ///
    /// # Errors
    /// As [`finish`](RowStream::finish), and
    /// [`BillErrorKind::Incomplete`](super::BillErrorKind::Incomplete) if a row could not be read, or
    /// if the summary states another number of rows than were read.
    pub async fn finish_complete(self) -> Result<B::Summary, ReadError<C::Error>> {
        self.read_to_end().await?.finish_complete().map_err(ReadError::Bill)
    }

    async fn read_to_end(mut self) -> Result<RowParser<B>, ReadError<C::Error>> {
        // What failed before is asked to say so again.
        self.bill.failure = None;
        while !self.bill.is_over() {
            if let Some(Err(ReadError::Source(error))) = self.next().await {
                return Err(ReadError::Source(error));
            }
        }
        Ok(self.bill.parser)
    }

    /// Where the bill comes from, for example to ask a download what its digest proved.
    pub fn source(&self) -> &C {
        &self.chunks
    }

    async fn advance(&mut self) -> Result<(), ReadError<C::Error>> {
        let chunk = self.chunks.chunk().await;
        match chunk.map_err(|error| self.fail(error))? {
            // An empty chunk is not the end.
            Some(chunk) if chunk.is_empty() => {}
            Some(chunk) => self.bill.feed(&chunk),
            None => self.bill.feed(&[]),
        }
        Ok(())
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
