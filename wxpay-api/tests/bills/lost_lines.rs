//! In a bill without back-ticks, a bad row is an error, and no line below it is lost.

use proptest::prelude::*;
use wxpay_api::bills::{BillErrorKind, OtherBill, ReadError, RowParser, RowReader, TradeBill};

use crate::support::read_on;

const NAMES: &str = "商户订单号,订单金额,商品名称";
const SUMMARY: &str = "总交易单数,订单总金额\n9,9.00";

/// Rows that can be read, on one line each.
const GOOD: [&str; 7] = [
    "A,1.00,Tea",
    "B,2.00,\"Tea, hot\"",
    "\"C\",\"3.00\",\"\"",
    "D,4.00,\"say \"\"hi\"\"\"",
    "E,5.00,12\" plate",
    "`F,6.00,Tea",
    "`G,7.00,Tea",
];

/// Lines that are no row. None of them may hide another line.
fn bad() -> Vec<String> {
    let long = "x".repeat(70 << 10);
    vec![
        "x,1.00".to_owned(),
        "x,1.00,Tea,more".to_owned(),
        "x,many,Tea".to_owned(),
        "x".to_owned(),
        "`x".to_owned(),
        "`x,1.00,Tea,more".to_owned(),
        "x,1.00,\"Tea".to_owned(),
        "x,1.00,\"Tea \"\"hot\"\"".to_owned(),
        "\"x,1.00,Tea".to_owned(),
        "x,\"1.00,Tea".to_owned(),
        "`x,1.00,\"Tea".to_owned(),
        format!("x,1.00,{long}"),
        format!("x,1.00,\"{long}"),
        format!("x,1.00,\"{long}\""),
        format!("`{long}"),
        format!("\"x,1.00,{long}"),
    ]
}

/// The line of each item, whether it is a row, and whether the bill has a summary. Keeps no rows,
/// because another test measures the memory.
fn items(file: &str) -> (Vec<(u64, bool)>, bool) {
    let mut reader = RowReader::<TradeBill, _>::new(file.as_bytes());
    let items = reader.by_ref().map(|row| match row {
        Ok(row) => (row.other.line(), true),
        Err(ReadError::Bill(error)) if !error.is_fatal() => (error.line(), false),
        Err(error) => panic!("{error}"),
    });
    (items.collect(), reader.finish().is_ok())
}

#[test]
fn no_line_is_lost_wherever_the_bad_row_is() {
    for bad in bad() {
        for place in 0..=GOOD.len() {
            for end in ["\n", "\r\n"] {
                let mut lines = GOOD.to_vec();
                lines.insert(place, &bad);
                let file = [&[NAMES], &lines[..], &[SUMMARY]].concat().join(end);
                let expected: Vec<_> =
                    (2..).zip(&lines).map(|(line, text)| (line, *text != bad)).collect();
                let start: String = bad.chars().take(30).collect();
                for file in [file.clone(), file + end] {
                    assert_eq!(items(&file), (expected.clone(), true), "{start} at {place}");
                }
            }
        }
    }
}

#[test]
fn a_bad_row_alone_is_an_error_above_the_summary() {
    for bad in bad() {
        let file = format!("{NAMES}\n{bad}\n{SUMMARY}\n");
        assert_eq!(items(&file), (vec![(2, false)], true));
        let (rows, end) = read_on::<TradeBill>(format!("{NAMES}\n{bad}\n").as_bytes());
        assert!(rows.iter().all(Result::is_err));
        assert_eq!(end.unwrap_err().kind(), &BillErrorKind::Truncated);
    }
}

#[test]
fn a_quotation_mark_that_nothing_closes_takes_no_row_with_it() {
    let rows = 10_000;
    let good: String = (0..rows).map(|row| format!("ORDER-{row},1.00,Tea\n")).collect();
    for first in ["x,1.00,\"Tea\n", "\"x,1.00,Tea\n", "`x\n"] {
        for (above, below) in [("", &*good), (&*good, ""), (&*good, &*good)] {
            let (items, complete) = items(&format!("{NAMES}\n{above}{first}{below}{SUMMARY}"));
            assert_eq!(items.len(), (above.len() + below.len()) / good.len() * rows + 1);
            assert_eq!(items.iter().filter(|(_, good)| !good).count(), 1);
            assert!(complete);
        }
    }
}

#[test]
fn the_first_lost_line_has_the_reason() {
    let kind = |file: &str| {
        let (rows, _) = read_on::<TradeBill>(format!("{NAMES}\n{file}").as_bytes());
        rows.into_iter().find_map(Result::err).unwrap().kind().clone()
    };
    let long = "A,1.00,Tea\n".repeat(7000);
    assert_eq!(kind(&format!("x,1.00,\"Tea\n{long}")), BillErrorKind::TooLong { limit: 64 << 10 });
    assert_eq!(kind("x,1.00,\"Tea\nA,1.00,Tea\n"), BillErrorKind::OpenQuote);
    assert_eq!(kind("x,1.00,\"Tea\nA,1.00,\"Tea\"\n"), BillErrorKind::OpenQuote);
    let count = BillErrorKind::CellCount { found: 4, expected: 3, header: 1 };
    assert_eq!(kind("x,1.00,\"Tea\nhot\",more\n"), count);
}

/// If any line may have the names of the summary, a bill that was cut within a cell has no summary.
#[test]
fn a_bill_of_unknown_names_continues_or_ends_as_incomplete() {
    let long = "x".repeat(70 << 10);
    for bad in [format!("x,1,{long}"), format!("x,1,\"{long}"), "x,1,\"Tea".to_owned()] {
        let file = format!("a,b,c\nA,1,Tea\n{bad}\nB,2,Tea\nsum,of\n2,3\n");
        let (rows, summary) = read_on::<OtherBill>(file.as_bytes());
        assert!(matches!(&rows[..], [Ok(_), Err(_), Ok(_)]), "{} rows", rows.len());
        assert_eq!(summary.unwrap().get("of"), Some("3"));
    }
    for cut in ["A,1,\"Tea\nfoo\nbar\n", "`A\nfoo\nbar\n", "A,1,\"Tea\nfoo\nbar"] {
        let (rows, end) = read_on::<OtherBill>(format!("a,b,c\n{cut}").as_bytes());
        assert!(rows.iter().all(Result::is_err));
        assert_eq!(end.unwrap_err().kind(), &BillErrorKind::Truncated, "{cut}");
    }
}

/// With back-ticks, lines below a row that was lost are its text, and the next row follows.
#[test]
fn only_a_row_with_back_ticks_is_skipped_with_the_lines_below_it() {
    let long = "x".repeat(70 << 10);
    let file =
        format!("{NAMES}\n`A,`1.00,`Tea\n`x,`1.00,`{long}\nmore\n`B,`2.00,`Tea\n总交易单数\n`3\n");
    assert_eq!(items(&file), (vec![(2, true), (3, false), (5, true)], true));
    let file = format!("{NAMES}\n`x,`1.00,`{long}\nmore\n`B,`2.00,`Tea\n总交易单数\n`3\n");
    assert_eq!(items(&file), (vec![(2, false), (4, true)], true));
}

proptest! {
    /// Each line is one row or one error, whatever the limit and however the file is cut.
    #[test]
    fn every_line_is_a_row_or_an_error(
        places in proptest::collection::vec(0..GOOD.len() + 11, 0..40),
        limit in 40..400_usize,
        size in 1..2000_usize,
    ) {
        let bad = bad();
        let line = |place: &usize| GOOD.get(*place).copied().unwrap_or_else(|| &bad[place - GOOD.len()]);
        let lines: Vec<&str> = places.iter().map(line).collect();
        let file = [&[NAMES], &lines[..], &[SUMMARY]].concat().join("\n");
        let mut parser = RowParser::<TradeBill>::new().row_limit(limit.max(NAMES.len()));
        let mut found = Vec::new();
        let mut take = |parser: &mut RowParser<TradeBill>| {
            found.extend(parser.map(|row| match row {
                Ok(row) => (row.other.line(), true),
                Err(error) => (error.line(), false),
            }));
        };
        for chunk in file.as_bytes().chunks(size) {
            parser.push(chunk);
            take(&mut parser);
        }
        parser.end();
        take(&mut parser);
        let expected: Vec<_> = (2..).zip(&places).map(|(line, place)| (line, *place < GOOD.len())).collect();
        prop_assert_eq!(found, expected, "{}", file);
        let failed = places.iter().filter(|place| **place >= GOOD.len()).count() as u64;
        prop_assert_eq!((parser.rows_read() + failed, parser.rows_failed()), (places.len() as u64, failed));
        prop_assert!(parser.finish().is_ok());
    }
}
