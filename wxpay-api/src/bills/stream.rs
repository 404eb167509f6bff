//! Reads a bill from chunks that arrive asynchronously.

use std::fmt;

use bytes::Bytes;

use super::source::{ReadStep, WholeBill, methods_of_the_parser};
use super::{Bill, ReadError, RowParser};

/// Bytes that arrive in pieces, such as a download.
pub trait Chunks {
    /// Why the chunks stopped arriving.
    type Error;

    /// Returns the next bytes, or `None` at the end. After an error, every later call must be an error, too.
    fn chunk(&mut self) -> impl Future<Output = Result<Option<Bytes>, Self::Error>> + Send;
}

/// Reads a bill from [`Chunks`] while they arrive.
///
/// It yields the same items as a [`RowReader`](super::RowReader): the last one is an error if a chunk failed or the
/// bill was cut short. It unpacks a gzip file.
pub struct RowStream<B: Bill, C> {
    chunks: C,
    bill: WholeBill<B, ()>,
}

impl<B: Bill, C: Chunks> RowStream<B, C> {
    /// Reads the bill that begins with the next chunk.
    pub fn new(chunks: C) -> Self {
        Self { chunks, bill: WholeBill::new() }
    }

    methods_of_the_parser!();

    /// Returns the next row, or `None` at the end. Dropping the future loses nothing if dropping the future of
    /// [`Chunks::chunk`] loses nothing.
    pub async fn next(&mut self) -> Option<Result<B::Row, ReadError<C::Error>>> {
        loop {
            match self.bill.step() {
                ReadStep::Give(row) => return Some(row.map_err(ReadError::Bill)),
                ReadStep::Over => return None,
                ReadStep::Feed => {}
            }
            if let Err(error) = self.advance().await {
                return Some(Err(error));
            }
        }
    }

    /// Reads to the end, and returns the summary, as [`RowReader::finish`](super::RowReader::finish).
    ///
    /// # Errors
    /// As [`RowReader::finish`](super::RowReader::finish). A failed chunk is a failure of the source.
    pub async fn finish(self) -> Result<B::Summary, ReadError<C::Error>> {
        self.read_to_end().await?.finish().map_err(ReadError::Bill)
    }

    /// Returns the summary, as [`finish`](RowStream::finish) does, if no row is missing.
    ///
    /// # Errors
    /// As [`RowReader::finish_complete`](super::RowReader::finish_complete).
    pub async fn finish_complete(self) -> Result<B::Summary, ReadError<C::Error>> {
        self.read_to_end().await?.finish_complete().map_err(ReadError::Bill)
    }

    async fn read_to_end(mut self) -> Result<RowParser<B>, ReadError<C::Error>> {
        // A failed source returns its error again.
        self.bill.failure = None;
        while !self.bill.is_over() {
            if let Some(Err(ReadError::Source(error))) = self.next().await {
                return Err(ReadError::Source(error));
            }
        }
        Ok(self.bill.parser)
    }

    /// Returns the source of the bill, for example to ask a download for the result of its digest check.
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
