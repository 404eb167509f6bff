//! Splits a file that arrives in pieces into lines. It holds one line at a time, and can return lines again.

use memchr::memchr;

const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// Splits a bill into lines.
pub(in crate::bills) struct Lines {
    /// The line so far.
    text: Vec<u8>,
    /// The number of the current line, counted from 1.
    number: u64,
    /// Whether the rest of the line is skipped, because the line is too long.
    skipping: bool,
    row_limit: usize,
    /// Lines that are returned again before any other line.
    again: Option<Again>,
}

/// A line, without its line break.
pub(in crate::bills) struct BillLine {
    pub(in crate::bills) number: u64,
    pub(in crate::bills) text: Vec<u8>,
    pub(in crate::bills) ending: Ending,
    /// Whether the line is longer than the limit, so that `text` is only its beginning.
    pub(in crate::bills) too_long: bool,
    /// Whether the line was wrongly taken as a part of a row before. It must not begin such a row again, or it could be
    /// read again and again.
    pub(in crate::bills) again: bool,
}

/// Lines that were wrongly taken as parts of a row, and must be read again.
pub(in crate::bills) struct Again {
    /// The number of the next line.
    number: u64,
    /// The lines with their line breaks, and how many bytes of them were read.
    text: Vec<u8>,
    read: usize,
    /// The line that showed the mistake. It was not a part of the row.
    last: Option<BillLine>,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(in crate::bills) enum Ending {
    /// The end of the file.
    None,
    Lf,
    CrLf,
}

impl Lines {
    pub(in crate::bills) fn new(row_limit: usize) -> Self {
        Self { text: Vec::new(), number: 1, skipping: false, row_limit, again: None }
    }

    pub(in crate::bills) fn set_row_limit(&mut self, bytes: usize) {
        self.row_limit = bytes;
    }

    pub(in crate::bills) fn row_limit(&self) -> usize {
        self.row_limit
    }

    pub(in crate::bills) fn number(&self) -> u64 {
        self.number
    }

    /// Reads to the end of a line or of `input`, and returns the number of bytes read. A line that is too long is
    /// returned at the limit, and its rest is skipped.
    pub(in crate::bills) fn read(&mut self, input: &[u8]) -> (usize, Option<BillLine>) {
        let end = memchr(b'\n', input);
        let part = input.get(..end.unwrap_or(input.len())).unwrap_or_default();
        let used = part.len() + usize::from(end.is_some());
        let line = if self.skipping { None } else { self.extend(part, end.is_some()) };
        if end.is_some() {
            self.skipping = false;
            self.number += 1;
        }
        (used, line)
    }

    /// Returns these lines again before any others.
    pub(in crate::bills) fn read_again(&mut self, again: Again) {
        self.again = Some(again);
    }

    /// Returns the next line that must be read again.
    pub(in crate::bills) fn next_again(&mut self) -> Option<BillLine> {
        let line = self.again.as_mut().and_then(Again::next);
        if line.is_none() {
            self.again = None;
        }
        line
    }

    /// Returns the last line, if the file ends without a line break.
    pub(in crate::bills) fn end(&mut self) -> Option<BillLine> {
        self.cut_byte_order_mark();
        let text = std::mem::take(&mut self.text);
        let ending = Ending::None;
        (!text.is_empty()).then_some(BillLine {
            number: self.number,
            text,
            ending,
            too_long: false,
            again: false,
        })
    }

    fn extend(&mut self, part: &[u8], ended: bool) -> Option<BillLine> {
        // Room for a carriage return and a byte order mark, which are cut off later.
        let room = self.row_limit.saturating_add(4).saturating_sub(self.text.len());
        self.text.extend_from_slice(part.get(..room).unwrap_or(part));
        if ended {
            return Some(self.end_line());
        }
        if self.text.len() > self.row_limit.saturating_add(3) {
            self.skipping = true;
            return Some(self.end_line());
        }
        None
    }

    fn end_line(&mut self) -> BillLine {
        self.cut_byte_order_mark();
        let line = BillLine::ended(self.number, std::mem::take(&mut self.text));
        let too_long = self.skipping || line.text.len() > self.row_limit;
        BillLine { too_long, ..line }
    }

    fn cut_byte_order_mark(&mut self) {
        if self.number == 1 && self.text.starts_with(BYTE_ORDER_MARK) {
            self.text.drain(..BYTE_ORDER_MARK.len());
        }
    }
}

impl Again {
    /// Makes the lines of `text`, beginning with line `number`. `last` follows them, as a line that is read for the
    /// first time.
    pub(in crate::bills) fn new(number: u64, text: Vec<u8>, last: Option<BillLine>) -> Self {
        Self { number, text, read: 0, last }
    }

    /// Skips the first line.
    pub(in crate::bills) fn without_first(mut self) -> Self {
        self.next();
        self
    }

    fn next(&mut self) -> Option<BillLine> {
        let rest = self.text.get(self.read..).unwrap_or_default();
        let Some(end) = memchr(b'\n', rest) else { return self.last.take() };
        let text = rest.get(..end).unwrap_or_default().to_vec();
        let line = BillLine { again: true, ..BillLine::ended(self.number, text) };
        self.number += 1;
        self.read += end + 1;
        Some(line)
    }
}

impl BillLine {
    /// Makes a line that ends with a line feed. A carriage return before the line feed belongs to the line break.
    fn ended(number: u64, mut text: Vec<u8>) -> Self {
        let ending = if text.ends_with(b"\r") { Ending::CrLf } else { Ending::Lf };
        if ending == Ending::CrLf {
            text.pop();
        }
        Self { number, text, ending, too_long: false, again: false }
    }

    /// Whether the line starts with a back-tick, as rows and the summary's values do.
    pub(in crate::bills) fn is_ticked(&self) -> bool {
        self.text.starts_with(b"`")
    }

    pub(in crate::bills) fn is_terminated(&self) -> bool {
        self.ending != Ending::None
    }
}

impl Ending {
    pub(in crate::bills) fn bytes(self) -> &'static [u8] {
        match self {
            Self::None => b"",
            Self::Lf => b"\n",
            Self::CrLf => b"\r\n",
        }
    }
}
