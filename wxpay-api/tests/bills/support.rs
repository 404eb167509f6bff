//! Bills for the tests of this folder.

use std::io::{self, Write};
use std::sync::{Mutex, MutexGuard, PoisonError};

use wxpay_api::bills::{Bill, BillError, Decimal, OtherBill, ReadError, Row, RowParser, RowReader};

/// A lock for tests that take much memory, and for the test that measures it.
pub(crate) fn much_memory() -> MutexGuard<'static, ()> {
    static ALONE: Mutex<()> = Mutex::new(());
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A bill of any kind from text, whole.
pub(crate) fn read<B: Bill>(file: &str) -> Result<(Vec<B::Row>, B::Summary), BillError> {
    read_bytes::<B>(file.as_bytes())
}

pub(crate) fn read_bytes<B: Bill>(file: &[u8]) -> Result<(Vec<B::Row>, B::Summary), BillError> {
    let mut reader = RowReader::<B, _>::new(file);
    let rows = reader.by_ref().collect::<Result<_, _>>().map_err(bill_error)?;
    Ok((rows, reader.finish().map_err(bill_error)?))
}

/// The same, a few bytes at a time.
pub(crate) fn read_in_chunks<'a, B: Bill>(
    chunks: impl IntoIterator<Item = &'a [u8]>,
) -> Result<(Vec<B::Row>, B::Summary), BillError> {
    let mut parser = RowParser::<B>::new();
    let mut rows = Vec::new();
    for chunk in chunks {
        parser.push(chunk);
        for row in &mut parser {
            rows.push(row?);
        }
    }
    parser.end();
    for row in &mut parser {
        rows.push(row?);
    }
    Ok((rows, parser.finish()?))
}

pub(crate) fn other(file: &str) -> Result<(Vec<Row>, Row), BillError> {
    read::<OtherBill>(file)
}

pub(crate) fn cells(row: &Row) -> Vec<(String, String)> {
    row.cells().map(|(name, cell)| (name.to_owned(), cell.to_owned())).collect()
}

pub(crate) fn yuan(text: &str) -> Option<Decimal> {
    Some(text.parse().unwrap())
}

fn bill_error(error: ReadError<io::Error>) -> BillError {
    match error {
        ReadError::Bill(error) => error,
        ReadError::Source(error) => panic!("{error}"),
    }
}

type Read<T> = Result<T, BillError>;

/// The rows of a bill, errors among them, and how it ended.
pub(crate) fn read_on<B: Bill>(file: &[u8]) -> (Vec<Read<B::Row>>, Read<B::Summary>) {
    let mut reader = RowReader::<B, _>::new(file);
    let rows = reader.by_ref().map(|row| row.map_err(bill_error)).collect();
    (rows, reader.finish().map_err(bill_error))
}

pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}
