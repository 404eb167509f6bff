//! The memory for any file is limited by the longest row.

use std::io::{self, Read};

use wxpay_api::bills::{BillErrorKind, OtherBill, ReadError, RowReader, TradeBill};

use crate::support::{much_memory, other, read_bytes};

#[test]
fn a_huge_cell_is_refused_with_its_column() {
    let file = format!("name,note\n`A,`{}\nsum\n`1\n", "x".repeat(65 << 10));
    let error = other(&file).unwrap_err();
    assert_eq!((error.line(), error.column()), (2, Some("note")));
    assert_eq!(error.kind(), &BillErrorKind::TooLong { limit: 64 << 10 });
    let (rows, _) = {
        let mut reader = RowReader::<OtherBill, _>::new(file.as_bytes()).row_limit(1 << 20);
        (reader.by_ref().map(Result::unwrap).collect::<Vec<_>>(), reader.finish().unwrap())
    };
    assert_eq!(rows[0].get("note").unwrap().len(), 65 << 10);
}

#[test]
fn a_line_without_end_is_refused() {
    let mut endless = RowReader::<OtherBill, _>::new(io::repeat(b'x'));
    let Some(Err(ReadError::Bill(error))) = endless.next() else { panic!("no error") };
    assert_eq!(error.kind(), &BillErrorKind::TooLong { limit: 64 << 10 });
}

#[test]
fn cells_without_end_are_refused() {
    for endless in [&b"`,"[..], b","] {
        let file = endless.repeat(20_000);
        let error = read_bytes::<OtherBill>(&file).unwrap_err();
        assert_eq!(error.kind(), &BillErrorKind::TooManyCells { limit: 1024 });
    }
}

#[test]
fn text_that_is_not_utf8_is_named() {
    let error = read_bytes::<OtherBill>(b"a,b\n`1,`\xff\nsum\n`1\n").unwrap_err();
    assert_eq!((error.line(), error.column()), (2, Some("b")));
    assert_eq!(error.kind(), &BillErrorKind::NotUtf8);
}

/// A trade bill of a given length, produced while it is read.
struct Generated {
    rows: usize,
    row: Vec<u8>,
    rest: Vec<u8>,
    read: usize,
}

impl Read for Generated {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.read == self.rest.len() && self.rows > 0 {
            self.rows -= 1;
            self.read = 0;
            self.rest = match self.rows {
                0 => "总交易单数\n`1\n".as_bytes().to_vec(),
                _ => self.row.clone(),
            };
        }
        let length = (&self.rest[self.read..]).read(buffer)?;
        self.read += length;
        Ok(length)
    }
}

/// The peak memory of this process, in KiB.
#[cfg(target_os = "linux")]
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

#[cfg(target_os = "linux")]
#[test]
fn two_hundred_megabytes_take_no_memory() {
    let _alone = much_memory();
    let row = format!("`2025-03-01 09:12:45,`1.00,`{}\n", "商".repeat(20_000)).into_bytes();
    let rows = (200 << 20) / row.len() + 1;
    let rest = "交易时间,订单金额,商品名称\n".as_bytes().to_vec();
    let before = peak();
    let mut reader = RowReader::<TradeBill, _>::new(Generated { rows, row, rest, read: 0 });
    assert_eq!(reader.by_ref().map(Result::unwrap).count(), rows - 1);
    assert_eq!(reader.finish().unwrap().trade_count, Some(1));
    // The kernel's counters are approximate, so that the peak may even seem to shrink.
    let grown = peak().saturating_sub(before);
    assert!(grown < 8 << 10, "grew by {grown} KiB");
}
