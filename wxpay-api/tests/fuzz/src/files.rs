//! Downloaded files: bills as rows, encrypted bills.

use wxpay_api::bills::{Bill, FundFlowBill, OtherBill, RowParser, TradeBill};
use wxpay_api::protocol::BillDecryption;

/// Reads bytes as bills of several kinds, in pieces whose size the first byte says, unpacked and with gzip.
pub(crate) fn bill_rows(data: &[u8]) {
    let Some((size, file)) = data.split_first() else { return };
    let size = usize::from(*size).max(1);
    rows::<TradeBill>(file, size);
    rows::<FundFlowBill>(file, size);
    rows::<OtherBill>(file, size);
}

/// Every line is a row, an error or part of the summary, whatever the pieces are.
fn rows<B: Bill>(file: &[u8], size: usize) {
    let mut parser = RowParser::<B>::new();
    for piece in file.chunks(size) {
        parser.push(piece);
        if !drained(&mut parser) {
            return;
        }
    }
    parser.end();
    if drained(&mut parser) {
        let _ = parser.finish_complete();
    }
}

/// Reads the rows that are there; `false` after a fatal error.
fn drained<B: Bill>(parser: &mut RowParser<B>) -> bool {
    parser.all(|row| !row.is_err_and(|error| error.is_fatal()))
}

/// Decrypts bytes as an encrypted bill, in pieces. No forged tag is accepted.
pub(crate) fn encrypted_bill(data: &[u8]) {
    let Some((size, rest)) = data.split_first() else { return };
    let (nonce, file) = rest.split_at(rest.len().min(16));
    let Ok(mut decryption) = BillDecryption::new(&[7; 32], nonce) else { return };
    for piece in file.chunks(usize::from(*size).max(1)) {
        if decryption.push(piece).is_err() {
            return;
        }
    }
    assert!(decryption.finish().is_err(), "a forged tag was accepted");
}
