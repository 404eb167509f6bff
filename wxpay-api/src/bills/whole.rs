use super::{Bill, BillError, RowParser};

/// A parser whose source has an end, which readers share: it remembers `F`, why its source failed.
pub(super) struct Whole<B: Bill, F> {
    pub(super) parser: RowParser<B>,
    pub(super) failure: Option<F>,
}

impl<B: Bill, F> Whole<B, F> {
    pub(super) fn new() -> Self {
        Self { parser: RowParser::new(), failure: None }
    }

    pub(super) fn next(&mut self) -> Option<Result<B::Row, BillError>> {
        self.parser.next()
    }

    /// Takes the next bytes; none are the end, which may turn out to be too early.
    pub(super) fn feed(&mut self, bytes: &[u8]) {
        match bytes {
            [] => self.parser.end(),
            bytes => self.parser.push(bytes),
        }
    }

    /// Whether no row follows.
    pub(super) fn is_over(&self) -> bool {
        self.parser.is_over() || self.failure.is_some()
    }
}
