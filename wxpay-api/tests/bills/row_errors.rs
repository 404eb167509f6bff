//! A row that cannot be read is an error of that row. The rows below it follow.

use std::io;

use bytes::Bytes;
use wxpay_api::bills::{
    BillErrorKind, Chunks, FundFlowBill, OtherBill, ReadError, RowParser, RowReader, RowStream,
    TradeBill,
};

use crate::support::read_on;

/// A bill whose third line is `row`.
fn bill(row: &[u8]) -> Vec<u8> {
    let start = "交易时间,商户订单号,订单金额\n`2025-03-01 09:00:00,`A,`1.00\n".as_bytes();
    let rest = "\n`2025-03-01 10:00:00,`C,`3.00\n总交易单数,订单总金额\n`3,`6.00\n".as_bytes();
    [start, row, rest].concat()
}

/// Rows that cannot be read, and whether the cell of the amount is the reason.
const BAD: [(&[u8], bool); 9] = [
    (b"`2025-03-01 09:30:00,`B", false),
    (b"`2025-03-01 09:30:00,`B,`2.00,`more", false),
    (b"`2025-03-01 09:30:00,`B,`many", true),
    (b"`2025-03-01 09:30:00,`B,`2,00", true),
    (b"`2025-03-01 09:30:00,`B,`2.00\nand more", true),
    (b"`2025-03-01 09:30:00,`\xff\xfe,`2.00", false),
    (b"`2025-03-01 09:30:00,`B,`\xe5\x95", true),
    (b"`garbage", false),
    (b"`", false),
];

#[test]
fn rows_after_a_bad_row_are_returned() {
    for (row, of_amount) in BAD {
        let text = String::from_utf8_lossy(row);
        let (rows, summary) = read_on::<TradeBill>(&bill(row));
        let [Ok(first), Err(error), Ok(last)] = &rows[..] else { panic!("{text}: {rows:?}") };
        assert_eq!((&*first.out_trade_no, &*last.out_trade_no), ("A", "C"));
        assert_eq!((error.line(), error.is_fatal()), (3, false), "{text}");
        assert_eq!(error.column() == Some("订单金额"), of_amount, "{text}: {error}");
        assert_eq!(summary.unwrap().trade_count, Some(3), "the summary is read all the same");
    }
}

#[test]
fn a_bill_with_bad_rows_counts_them_and_is_not_complete() {
    for (row, _) in BAD {
        let file = bill(row);
        let mut reader = RowReader::<TradeBill, _>::new(&file[..]);
        assert_eq!(reader.by_ref().filter(Result::is_ok).count(), 2);
        assert_eq!((reader.rows_read(), reader.rows_failed()), (2, 1));
        assert!(reader.finish().is_ok());
        for taken in [0, 3] {
            let mut reader = RowReader::<TradeBill, _>::new(&file[..]);
            assert_eq!(reader.by_ref().take(taken).count(), taken);
            let Err(ReadError::Bill(error)) = reader.finish_complete() else { panic!("complete") };
            let kind = BillErrorKind::Incomplete { read: 2, failed: 1, stated: Some(3) };
            assert_eq!(error.kind(), &kind);
        }
    }
}

#[test]
fn a_bill_with_another_number_of_rows_than_stated_is_not_complete() {
    let file = "订单金额\n`1\n`2\n总交易单数\n`3\n";
    let error = RowReader::<TradeBill, _>::new(file.as_bytes()).finish_complete().unwrap_err();
    assert_eq!(
        error.to_string(),
        "bill, line 6: 2 rows were read and 0 could not be; the summary states 3"
    );
    let file = "收支金额(元)\n`1\n资金流水总笔数\n`2.0\n";
    assert!(RowReader::<FundFlowBill, _>::new(file.as_bytes()).finish_complete().is_err());
    let file = "a\n`1\nsum\n`2\n";
    assert!(
        RowReader::<OtherBill, _>::new(file.as_bytes()).finish_complete().is_ok(),
        "not stated"
    );
}

#[test]
fn several_bad_rows_are_errors_each() {
    let file = b"a,b,c\n`1,`2,`3\n`1,`2\n`4\n`5,`6,`\xff\n`7,`8,`9\nsum\n`1\n";
    let (rows, summary) = read_on::<OtherBill>(file);
    let read: Vec<_> =
        rows.iter().map(|row| row.as_ref().map_err(|error| error.line()).is_ok()).collect();
    assert_eq!(read, [true, false, false, false, true]);
    assert!(summary.is_ok());
}

#[test]
fn a_row_that_is_too_long_is_an_error_of_that_row() {
    for row in [
        format!("`2025-03-01 09:30:00,`{},`2.00", "x".repeat(70 << 10)),
        format!("`2025-03-01 09:30:00,`{},`2.00", "x\n".repeat(40 << 10)),
        format!("`2025-03-01 09:30:00,`{},`2.00", "\r\n".repeat(40 << 10)),
        format!("`2025-03-01 09:30:00,`x\n{},`2.00", "x".repeat(200 << 10)),
    ] {
        let (rows, summary) = read_on::<TradeBill>(&bill(row.as_bytes()));
        let [Ok(_), Err(error), Ok(last)] = &rows[..] else { panic!("{} rows", rows.len()) };
        assert_eq!((error.line(), error.column()), (3, Some("商户订单号")));
        assert_eq!(error.kind(), &BillErrorKind::TooLong { limit: 64 << 10 });
        assert_eq!(last.out_trade_no, "C");
        assert!(summary.is_ok());
    }
}

#[test]
fn a_parser_continues_after_a_bad_row() {
    let mut bill = RowParser::<OtherBill>::new();
    bill.push(b"a,b\n`1\n`2,`3\n`4,`5\n");
    assert!(!bill.next().unwrap().unwrap_err().is_fatal());
    assert_eq!(bill.next().unwrap().unwrap().get("b"), Some("3"));
    bill.push(b"sum\n`1\n");
    assert_eq!(bill.next().unwrap().unwrap().get("b"), Some("5"));
    assert_eq!((bill.rows_read(), bill.rows_failed()), (2, 1));
    assert!(bill.finish().is_ok());
}

struct Pieces(Vec<Bytes>);

impl Chunks for Pieces {
    type Error = io::Error;

    async fn chunk(&mut self) -> Result<Option<Bytes>, io::Error> {
        Ok((!self.0.is_empty()).then(|| self.0.remove(0)))
    }
}

#[tokio::test]
async fn a_stream_continues_after_a_bad_row_and_ends_early_with_an_error() {
    let file = bill(b"`2025-03-01 09:30:00,`B");
    let pieces = |file: &[u8]| Pieces(file.chunks(11).map(Bytes::copy_from_slice).collect());
    let mut rows = RowStream::<TradeBill, _>::new(pieces(&file));
    let mut read = Vec::new();
    while let Some(row) = rows.next().await {
        read.push(row.map_err(|error| error.is_fatal()).map(|row| row.out_trade_no));
    }
    assert_eq!(read, [Ok("A".to_owned()), Err(false), Ok("C".to_owned())]);
    assert_eq!(rows.rows_failed(), 1);
    assert!(rows.finish().await.is_ok());

    let cut = file.len() - 40;
    let mut rows = RowStream::<TradeBill, _>::new(pieces(&file[..cut]));
    let mut last = None;
    while let Some(row) = rows.next().await {
        last = Some(row);
    }
    assert!(last.unwrap().unwrap_err().is_fatal(), "a loop that passes over errors sees the last");
    assert!(rows.finish_complete().await.is_err());
}
