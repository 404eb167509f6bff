//! The rows are the same for every split of the file into chunks.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::io::{self, Read};

use bytes::Bytes;
use proptest::prelude::*;
use wxpay_api::bills::{Chunks, OtherBill, ReadError, RowReader, RowStream, TradeBill};

use crate::support::{cells, other, read_in_chunks, yuan};

const FILE: &str = include_str!("files/trade_all.csv");

#[test]
fn byte_by_byte() {
    let (rows, summary) = read_in_chunks::<OtherBill>(FILE.as_bytes().chunks(1)).unwrap();
    let (whole, of_whole) = other(FILE).unwrap();
    assert_eq!(
        rows.iter().map(cells).collect::<Vec<_>>(),
        whole.iter().map(cells).collect::<Vec<_>>()
    );
    assert_eq!(cells(&summary), cells(&of_whole));
}

#[test]
fn a_chunk_that_is_the_byte_order_mark_alone() {
    let (mark, rest) = FILE.as_bytes().split_at(3);
    let (rows, _) = read_in_chunks::<OtherBill>([mark, rest]).unwrap();
    assert_eq!(rows[0].get("交易时间"), Some("2025-03-01 09:12:45"));
}

proptest! {
    #[test]
    fn anywhere(mut cuts in proptest::collection::vec(0..FILE.len(), 0..20), crlf in any::<bool>()) {
        let file = if crlf { FILE.to_owned() } else { FILE.replace("\r\n", "\n") };
        cuts.retain(|cut| *cut <= file.len());
        cuts.extend([0, file.len()]);
        cuts.sort_unstable();
        let chunks = cuts.windows(2).map(|cut| &file.as_bytes()[cut[0]..cut[1]]);
        let (rows, summary) = read_in_chunks::<TradeBill>(chunks).unwrap();
        prop_assert_eq!(rows.len(), 2);
        prop_assert_eq!(&rows[1].rate_remark, "费率优惠");
        prop_assert_eq!(summary.fee_total, yuan("0.08280"));
    }
}

/// Chunks as they may arrive, empty ones too.
struct Arriving(VecDeque<Bytes>);

impl Chunks for Arriving {
    type Error = Infallible;

    async fn chunk(&mut self) -> Result<Option<Bytes>, Infallible> {
        tokio::task::yield_now().await;
        Ok(self.0.pop_front())
    }
}

fn arriving(file: &'static str) -> Arriving {
    let chunks =
        file.as_bytes().chunks(100).flat_map(|chunk| [Bytes::new(), Bytes::from_static(chunk)]);
    Arriving(chunks.collect())
}

#[tokio::test]
async fn asynchronously() {
    let mut rows = RowStream::<TradeBill, _>::new(arriving(FILE));
    let mut numbers = Vec::new();
    while let Some(row) = rows.next().await {
        numbers.push(row.unwrap().out_trade_no);
    }
    assert_eq!(numbers, ["ORDER-1", "ORDER-1"]);
    assert_eq!(rows.finish().await.unwrap().trade_count, Some(2));
    let summary = RowStream::<TradeBill, _>::new(arriving(FILE)).finish().await.unwrap();
    assert_eq!(summary.trade_count, Some(2), "rows may be passed over");
}

#[tokio::test]
async fn a_stream_that_ends_early_is_an_error_inside_the_loop() {
    let cut = FILE.find("总交易单数").unwrap();
    let mut rows = RowStream::<TradeBill, _>::new(arriving(&FILE[..cut]));
    assert!(rows.next().await.unwrap().is_ok());
    assert!(rows.next().await.unwrap().is_ok());
    assert!(matches!(rows.next().await, Some(Err(ReadError::Bill(_)))));
    assert!(rows.next().await.is_none());
    assert!(rows.finish().await.is_err());
}

/// A disk that fails after the first row.
struct Failing<'a>(&'a [u8]);

impl Read for Failing<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self.0.read(buffer)? {
            0 => Err(io::Error::other("disk on fire")),
            length => Ok(length),
        }
    }
}

#[test]
fn an_error_of_the_source_does_not_end_the_bill() {
    let mut rows = RowReader::<OtherBill, _>::new(Failing(b"a,b\n`1,`2\nsum\n`1\n"));
    assert!(rows.next().unwrap().is_ok());
    assert!(matches!(rows.next(), Some(Err(ReadError::Source(_)))));
    let error = rows.finish().unwrap_err();
    assert_eq!(error.to_string(), "disk on fire");
}
