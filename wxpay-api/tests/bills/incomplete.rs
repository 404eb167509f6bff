//! A bill that was cut short is never taken for a whole one.

use wxpay_api::bills::{BillErrorKind, OtherBill, RowParser, RowReader, TradeBill};

use crate::support::{other, read};

const FILE: &str = "a,b\r\n`1,`2\r\n`3,`4\r\nsum\r\n`12\r\n";

#[test]
fn cut_anywhere_before_the_values_of_the_summary() {
    for cut in 0..FILE.find("12").unwrap() {
        let error = other(&FILE[..cut]).map(|_| cut).unwrap_err();
        assert_eq!(error.kind(), &BillErrorKind::Truncated, "cut at {cut}");
    }
}

#[test]
fn the_last_line_break_may_be_missing() {
    let (rows, summary) = other(FILE.trim_end()).unwrap();
    assert_eq!((rows.len(), summary.get("sum")), (2, Some("12")));
}

#[test]
fn a_row_without_its_line_break_is_not_given() {
    let mut rows = RowReader::<OtherBill, _>::new(&b"a,b\n`1,`2\n`3,`4"[..]);
    assert_eq!(rows.next().unwrap().unwrap().get("b"), Some("2"));
    let error = rows.next().unwrap().unwrap_err();
    assert_eq!(
        error.to_string(),
        "bill, line 3: the bill ends here without its summary: download it again"
    );
}

#[test]
fn an_empty_file() {
    assert_eq!(read::<TradeBill>("").unwrap_err().kind(), &BillErrorKind::Truncated);
    assert_eq!(read::<TradeBill>("\u{feff}").unwrap_err().kind(), &BillErrorKind::Truncated);
}

#[test]
fn nothing_follows_an_error() {
    let mut bill = RowParser::<OtherBill>::new();
    bill.push(b"a,b\n`1\n`2,`3\nsum\n`1\n");
    let error = bill.next().unwrap().unwrap_err();
    assert!(bill.next().is_none());
    bill.push(b"`2,`3\n");
    assert!(bill.next().is_none());
    assert_eq!(bill.finish().unwrap_err(), error);
}
