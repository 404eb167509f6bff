use super::{Bill, BillError, RowParser};

/// A parser whose source has an end, which readers share: it remembers how the bill ended, or `F`, why its
/// source failed.
pub(super) struct Whole<B: Bill, F> {
    pub(super) parser: RowParser<B>,
    pub(super) failure: Option<F>,
    end: Option<Result<B::Summary, BillError>>,
}

impl<B: Bill, F> Whole<B, F> {
    pub(super) fn new() -> Self {
        Self { parser: RowParser::new(), failure: None, end: None }
    }

    pub(super) fn next(&mut self) -> Option<Result<B::Row, BillError>> {
        let row = self.parser.next()?;
        Some(row.inspect_err(|error| self.end = Some(Err(error.clone()))))
    }

    /// Takes the next bytes; none are the end, which may turn out to be too early.
    pub(super) fn feed(&mut self, bytes: &[u8]) -> Result<(), BillError> {
        if !bytes.is_empty() {
            self.parser.push(bytes);
            return Ok(());
        }
        let end = std::mem::take(&mut self.parser).finish();
        let told = end.as_ref().map(|_| ()).map_err(Clone::clone);
        self.end = Some(end);
        told
    }

    /// Whether no row follows.
    pub(super) fn is_over(&self) -> bool {
        self.end.is_some() || self.failure.is_some()
    }

    /// How the bill ended, once.
    pub(super) fn take_end(&mut self) -> Option<Result<B::Summary, BillError>> {
        self.end.take()
    }
}
