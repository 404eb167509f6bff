//! The form of a bill's text: a byte-order mark, names, a back-tick before each cell, a summary.

use std::fmt::{self, Write};

/// An amount in fen, written in yuan.
pub(super) struct Yuan(pub(super) i64);

impl fmt::Display for Yuan {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let fen = self.0.unsigned_abs();
        write!(formatter, "{sign}{}.{:02}", fen / 100, fen % 100)
    }
}

/// The text of a bill, line by line.
#[derive(Debug)]
pub(super) struct BillText(String);

impl BillText {
    /// Begins with the names of the columns.
    pub(super) fn new(names: &[&str]) -> Self {
        let mut text = Self("\u{feff}".to_owned());
        text.names(names);
        text
    }

    fn names(&mut self, names: &[&str]) {
        self.0 += &names.join(",");
        self.0 += "\r\n";
    }

    /// Adds a row. Its cells may contain text of a merchant.
    pub(super) fn row(&mut self, cells: &[String]) {
        for (index, cell) in cells.iter().enumerate() {
            // Writing to memory cannot fail.
            let _ = write!(self.0, "{}`{}", if index == 0 { "" } else { "," }, harmless(cell));
        }
        self.0 += "\r\n";
    }

    /// Ends with the summary.
    pub(super) fn summary(mut self, cells: &[(&str, String)]) -> String {
        let (names, values): (Vec<_>, Vec<_>) = cells.iter().cloned().unzip();
        self.names(&names);
        self.row(&values);
        self.0
    }
}

/// Replaces what would end a cell or a row. What WeChat Pay does with such text, no page says.
fn harmless(cell: &str) -> String {
    cell.replace(['\r', '\n'], " ").replace('`', "'")
}

#[cfg(test)]
mod tests {
    use super::{BillText, Yuan};

    #[test]
    fn text_of_a_merchant_cannot_begin_a_cell_or_a_row() {
        let mut text = BillText::new(&["a", "b"]);
        text.row(&["x,`y\r\n`z".to_owned(), Yuan(-5).to_string()]);
        let text = text.summary(&[("n", "1".to_owned())]);
        assert_eq!(text, "\u{feff}a,b\r\n`x,'y  'z,`-0.05\r\nn\r\n`1\r\n");
    }
}
