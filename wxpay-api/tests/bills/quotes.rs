//! Rows of ordinary CSV with line breaks within quotation marks: what counts as a row, and the
//! cost.

use proptest::prelude::*;
use wxpay_api::bills::{Bill, BillError, FromRow, OtherBill, Row, RowReader};

use crate::support::{cells, much_memory, read_on};

/// A kind of bill with any columns, whose summary has known names.
struct Known;

impl Bill for Known {
    type Row = Row;
    type Summary = Sum;
}

struct Sum;

impl FromRow for Sum {
    const COLUMNS: &'static [&'static str] = &["sum"];

    fn from_row(_: Row) -> Result<Self, BillError> {
        Ok(Self)
    }
}

#[test]
fn a_row_below_a_stray_mark_may_have_line_breaks() {
    let file = "a,b\nx,\"y\nA,\"Tea\n\nhot\"\nB,\"\n\"\nsum\n1\n";
    let (rows, summary) = read_on::<Known>(file.as_bytes());
    let [Err(error), Ok(first), Ok(second)] = &rows[..] else { panic!("{rows:?}") };
    assert_eq!((error.line(), first.line(), second.line()), (2, 3, 6));
    assert_eq!((first.get("b"), second.get("b")), (Some("Tea\n\nhot"), Some("\n")));
    assert!(summary.is_ok());
}

#[test]
fn lines_that_make_no_row_together_are_read_one_by_one() {
    let file = "a,b\nx,\"y\nA,1\nB,2\",3\nC,4\nsum\n1\n";
    let (rows, summary) = read_on::<Known>(file.as_bytes());
    let lines: Vec<_> =
        rows.iter().map(|row| row.as_ref().map(Row::line).map_err(BillError::line)).collect();
    assert_eq!(lines, [Err(2), Ok(3), Err(4), Ok(5)]);
    assert!(summary.is_ok());
}

/// If each further line caused a scan of all lines so far, this test would take many minutes.
#[test]
fn a_cell_of_very_many_lines_is_scanned_once() {
    let _alone = much_memory();
    let text = "x\n".repeat(1 << 18);
    let file = format!("a,b\nA,\"{text}\"\nB,2\nsum\n1\n");
    let mut reader = RowReader::<Known, _>::new(file.as_bytes()).row_limit(4 << 20);
    assert_eq!(reader.next().unwrap().unwrap().get("b"), Some(&*text));
    assert_eq!(reader.next().unwrap().unwrap().line(), (1 << 18) + 3);
    assert!(reader.finish_complete().is_ok());
}

#[test]
fn a_first_cell_of_very_many_back_ticks_is_compared_once() {
    let _alone = much_memory();
    let text = format!("x\n{}end", "`\n".repeat(1 << 18));
    let file = format!("a,b\n`{text},`1\n`B,`2\nsum\n`1\n");
    let mut reader = RowReader::<OtherBill, _>::new(file.as_bytes()).row_limit(4 << 20);
    assert_eq!(reader.next().unwrap().unwrap().get("a"), Some(&*text));
    assert_eq!(reader.next().unwrap().unwrap().get("b"), Some("2"));
    assert!(reader.finish_complete().is_ok());
}

/// Each line closes the mark of the line above and opens another. Reading all of them again from each
/// would take minutes.
#[test]
fn marks_without_end_are_read_again_once() {
    let _alone = much_memory();
    let lines = 60_000;
    let file = format!("a,b\n{}sum\n1\n", "x\",y,\"z\n".repeat(lines));
    for limit in [64 << 10, 256 << 10, 4 << 20] {
        let mut reader = RowReader::<Known, _>::new(file.as_bytes()).row_limit(limit);
        assert_eq!(reader.by_ref().filter(Result::is_err).count(), lines);
        assert_eq!((reader.rows_read(), reader.rows_failed()), (0, lines as u64));
        assert!(reader.finish().is_ok());
    }
}

proptest! {
    /// Each line belongs to a row, or has an error.
    #[test]
    fn every_line_is_accounted_for(
        lines in proptest::collection::vec(
            prop_oneof![
                Just("A,1"), Just("A,\"Tea"), Just("hot\""), Just("\",1"), Just("x\",\"y"), Just("\""), Just("\"\""),
                Just("A,\"\""), Just("`x"), Just("`x,1"), Just("A,\"x\"y"), Just(""), Just("\r"), Just("A,1,2"), Just("\","),
            ],
            1..40,
        ),
        limit in 6..100_usize,
    ) {
        let file = format!("a,b\n{}\nsum\n1\n", lines.join("\n"));
        let mut reader = RowReader::<Known, _>::new(file.as_bytes()).row_limit(limit);
        let mut expected = 2;
        let is_empty = |line: usize| lines.get(line - 2).is_some_and(|line| line.trim().is_empty());
        for row in reader.by_ref() {
            while is_empty(expected) {
                expected += 1;
            }
            let (line, more) = match row {
                Ok(row) => {
                    let breaks = cells(&row).iter().map(|(_, cell)| cell.matches('\n').count()).sum();
                    (row.line(), breaks)
                }
                Err(wxpay_api::bills::ReadError::Bill(error)) => (error.line(), 0),
                Err(error) => panic!("{error}"),
            };
            prop_assert_eq!(line, expected as u64, "{}", file);
            expected += 1 + more;
        }
        while is_empty(expected) {
            expected += 1;
        }
        prop_assert_eq!(expected, lines.len() + 2, "{}", file);
        prop_assert!(reader.finish().is_ok());
    }
}
