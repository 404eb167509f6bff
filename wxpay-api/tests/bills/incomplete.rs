//! A truncated bill is never accepted as a complete one.

use std::io::{self, Read};

use bytes::Bytes;
use wxpay_api::bills::{
    BillErrorKind, Chunks, OtherBill, ReadError, RowParser, RowReader, RowStream, TradeBill,
};

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
fn a_row_without_its_line_break_is_not_returned() {
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
fn nothing_follows_a_fatal_error() {
    let mut bill = RowParser::<OtherBill>::new();
    bill.push(b"a,b\n`2,`3\nsum\n`1\n`2,`3\n`2,`3\n");
    assert!(bill.next().unwrap().is_ok());
    let error = bill.next().unwrap().unwrap_err();
    assert!(error.is_fatal());
    assert_eq!(error.kind(), &BillErrorKind::AfterSummary);
    assert!(bill.next().is_none());
    bill.push(b"`2,`3\n");
    assert!(bill.next().is_none());
    assert_eq!(bill.finish().unwrap_err(), error);
}

/// In a bill with unknown names, a last line without line break may be a row or the summary's
/// values.
#[test]
fn a_bill_cannot_be_finished_while_rows_are_left() {
    let bytes = b"a,b\n`1,`2\n`3,`4\nsum\n`12";
    let mut bill = RowParser::<OtherBill>::new();
    bill.push(bytes);
    assert_eq!(bill.by_ref().count(), 1);
    assert_eq!(bill.finish().unwrap_err().kind(), &BillErrorKind::RowsLeft);
    let mut bill = RowParser::<OtherBill>::new();
    bill.push(bytes);
    bill.end();
    assert_eq!(bill.by_ref().count(), 2);
    assert_eq!(bill.finish().unwrap().get("sum"), Some("12"));
}

/// A source whose file has a wrong checksum: it fails once, at the end, and then reports the end.
struct Damaged {
    file: &'static [u8],
    is_at_end: bool,
}

impl Read for Damaged {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self.file.is_empty() && !std::mem::replace(&mut self.is_at_end, self.file.is_empty())
        {
            true => Err(io::ErrorKind::InvalidData.into()),
            false => self.file.read(buffer),
        }
    }
}

#[test]
fn a_bill_whose_source_failed_is_never_complete() {
    let mut rows =
        RowReader::<OtherBill, _>::new(Damaged { file: FILE.as_bytes(), is_at_end: false });
    let came: Vec<_> = rows.by_ref().take(9).map(|row| row.is_ok()).collect();
    assert_eq!(came, [true, true, false]);
    let Err(ReadError::Source(error)) = rows.finish() else { panic!("no error") };
    assert_eq!(error.kind(), io::ErrorKind::InvalidData);
}

struct Broken(&'static [u8]);

impl Chunks for Broken {
    type Error = &'static str;

    async fn chunk(&mut self) -> Result<Option<Bytes>, &'static str> {
        match std::mem::take(&mut self.0) {
            b"" => Err("the connection broke"),
            start => Ok(Some(start.into())),
        }
    }
}

#[tokio::test]
async fn a_bill_whose_chunks_failed_is_never_complete() {
    let mut rows = RowStream::<OtherBill, _>::new(Broken(FILE.as_bytes()));
    let mut came = Vec::new();
    while let Some(row) = rows.next().await {
        came.push(row.is_ok());
        assert!(came.len() < 9, "a loop that skips errors would not end");
    }
    assert_eq!(came, [true, true, false]);
    assert!(matches!(rows.finish().await, Err(ReadError::Source("the connection broke"))));
}
