//! A reader accepts a bill as the downloaded gzip file.

use std::io::{self, Read};

use bytes::Bytes;
use proptest::prelude::*;
use wxpay_api::bills::{
    BillErrorKind, Chunks, OtherBill, ReadError, RowParser, RowReader, RowStream, TradeBill,
};

use crate::support::{cells, gzip, other, read_bytes, read_in_chunks, read_on, yuan};

const FILE: &str = include_str!("files/trade_all.csv");

#[test]
fn a_gzip_bill_is_unpacked() {
    let (rows, summary) = read_bytes::<TradeBill>(&gzip(FILE.as_bytes())).unwrap();
    assert_eq!(rows[0].trade_time.as_str(), "2025-03-01 09:12:45", "without the byte-order mark");
    assert_eq!((rows.len(), summary.fee_total), (2, yuan("0.08280")));
}

#[test]
fn a_gzip_bill_of_several_members_is_one_bill() {
    let (start, rest) = FILE.as_bytes().split_at(700);
    let file = [gzip(start), gzip(rest)].concat();
    assert_eq!(read_bytes::<TradeBill>(&file).unwrap().0.len(), 2);
}

struct Arriving(Vec<Bytes>);

impl Chunks for Arriving {
    type Error = io::Error;

    async fn chunk(&mut self) -> Result<Option<Bytes>, io::Error> {
        tokio::task::yield_now().await;
        Ok((!self.0.is_empty()).then(|| self.0.remove(0)))
    }
}

#[tokio::test]
async fn a_gzip_bill_in_chunks_is_unpacked() {
    let file = gzip(FILE.as_bytes());
    let arriving = |file: &[u8]| {
        let chunks = file.chunks(7).flat_map(|chunk| [Bytes::new(), Bytes::copy_from_slice(chunk)]);
        RowStream::<TradeBill, _>::new(Arriving(chunks.collect()))
    };
    let mut rows = arriving(&file);
    let mut count = 0;
    while let Some(row) = rows.next().await {
        row.unwrap();
        count += 1;
    }
    assert_eq!((count, rows.finish_complete().await.unwrap().trade_count), (2, Some(2)));
    let error = arriving(&file[..file.len() - 1]).finish().await.unwrap_err();
    assert!(error.to_string().contains("the gzip file is damaged or incomplete"), "{error}");
}

#[test]
fn a_gzip_bill_cut_anywhere_is_an_error() {
    let file = gzip(FILE.as_bytes());
    for cut in 0..file.len() {
        let (_, end) = read_on::<OtherBill>(&file[..cut]);
        let error = end.map(|_| cut).unwrap_err();
        assert!(error.is_fatal());
        match cut {
            0 | 1 => assert_eq!(error.kind(), &BillErrorKind::Truncated),
            _ => {
                assert!(matches!(error.kind(), BillErrorKind::Gzip { .. }), "cut at {cut}: {error}")
            }
        }
    }
}

#[test]
fn a_damaged_gzip_bill_is_an_error() {
    let file = gzip(FILE.as_bytes());
    for place in [file.len() - 1, file.len() - 5, file.len() / 2] {
        let mut damaged = file.clone();
        damaged[place] ^= 0x55;
        let (_, end) = read_on::<TradeBill>(&damaged);
        assert!(end.unwrap_err().is_fatal(), "damaged at {place}");
    }
    let error = read_on::<TradeBill>(&[&file[..], b"more"].concat()).1.unwrap_err();
    assert!(matches!(error.kind(), BillErrorKind::Gzip { .. }), "{error}");
}

/// A gzip file of many equal members, each of 1 MiB of plain text.
struct Bomb {
    member: Vec<u8>,
    read: usize,
    left: usize,
}

impl Read for Bomb {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.read == self.member.len() && self.left > 0 {
            (self.read, self.left) = (0, self.left - 1);
        }
        let length = (&self.member[self.read..]).read(buffer)?;
        self.read += length;
        Ok(length)
    }
}

fn bomb(piece: &[u8]) -> Bomb {
    Bomb { member: gzip(&piece.repeat((1 << 20) / piece.len())), read: 0, left: 1 << 10 }
}

#[test]
fn a_gzip_bomb_ends_at_its_limits() {
    let mut rows = RowReader::<OtherBill, _>::new(bomb(b"x"));
    let Some(Err(ReadError::Bill(error))) = rows.next() else { panic!("no error") };
    assert_eq!(error.kind(), &BillErrorKind::TooLong { limit: 64 << 10 });
    assert!(error.is_fatal());

    let line = [&b"`x,`"[..], &[b'y'; 8000], b"\n"].concat();
    let mut rows = RowReader::<OtherBill, _>::new(bomb(&line));
    let Some(Err(ReadError::Bill(error))) = rows.find(Result::is_err) else { panic!("no error") };
    assert!(matches!(error.kind(), BillErrorKind::Unpacked { .. }), "{error}");
    assert!(rows.next().is_none());
}

#[test]
fn files_that_only_begin_like_gzip() {
    for file in [&b"\x1f"[..], b"\x1f,b\n`1,`2\nsum\n`1\n"] {
        let (_, end) = read_on::<OtherBill>(file);
        assert_eq!(end.is_ok(), file.len() > 1);
    }
    let mut bill = RowParser::<TradeBill>::new();
    bill.push(b"\x1f\x8b\x07nonsense");
    assert!(bill.next().unwrap().unwrap_err().is_fatal());
    assert!(bill.next().is_none());
}

#[test]
fn other_formats_are_named() {
    for (file, name) in [
        (&b"PK\x03\x04\x14\0\x06\0\n"[..], "ZIP"),
        (b"\xff\xfe\xa4\x4e", "UTF-16"),
        (b"\xfe\xff\x4e\xa4", "UTF-16"),
    ] {
        let error = read_bytes::<TradeBill>(&[file, &[b'x'; 100]].concat()).unwrap_err();
        assert!(matches!(error.kind(), BillErrorKind::OtherFormat { .. }), "{error}");
        assert!(error.is_fatal() && error.to_string().contains(name), "{error}");
    }
    let gbk = b"\xbd\xbb\xd2\xd7\xca\xb1\xbc\xe4,\xc9\xcc\xbb\xa7\n";
    let error = read_bytes::<TradeBill>(gbk).unwrap_err();
    assert!(error.is_fatal() && error.to_string().contains("GBK"), "{error}");
}

proptest! {
    #[test]
    fn any_split_of_a_gzip_bill_gives_the_same_rows(
        mut cuts in proptest::collection::vec(0..400_usize, 0..20),
    ) {
        let file = gzip(FILE.as_bytes());
        cuts.retain(|cut| *cut <= file.len());
        cuts.extend([0, file.len()]);
        cuts.sort_unstable();
        let chunks = cuts.windows(2).map(|cut| &file[cut[0]..cut[1]]);
        let (rows, _) = read_in_chunks::<OtherBill>(chunks).unwrap();
        let (expected, _) = other(FILE).unwrap();
        let cells = |rows: &[_]| rows.iter().map(cells).collect::<Vec<_>>();
        prop_assert_eq!(cells(&rows), cells(&expected));
    }
}
