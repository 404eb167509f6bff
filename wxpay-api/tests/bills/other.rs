//! Bills without a typed row, and types that a user writes.

use wxpay_api::bills::{Bill, BillError, BillTime, Decimal, FromRow, Row};

use crate::support::{other, read, yuan};

const FILE: &str = include_str!("files/profit_sharing.csv");

#[test]
fn cells_are_found_by_name() {
    let (rows, summary) = other(FILE).unwrap();
    assert_eq!(rows[0].line(), 2);
    assert_eq!(rows[0].get("分账时间"), Some("2025-03-01 20:00:00"), "without the byte-order mark");
    assert_eq!(rows[0].get("分账接收方"), Some("1900000110"));
    assert_eq!(rows[0].get("no such column"), None);
    assert_eq!(rows[0].cells().last(), Some(("分账描述", "to a partner")));
    assert_eq!(summary.get("分账总金额"), Some("0.30"));
}

struct Share {
    time: BillTime,
    amount: Option<Decimal>,
    description: String,
}

impl FromRow for Share {
    const COLUMNS: &'static [&'static str] = &["分账时间", "分账金额"];

    fn from_row(mut row: Row) -> Result<Self, BillError> {
        Ok(Self {
            time: row.take(&["分账时间"])?,
            amount: row.take(&["分账金额"])?,
            description: row.take(&["分账描述"])?,
        })
    }
}

struct ShareBill;

impl Bill for ShareBill {
    type Row = Share;
    type Summary = Row;
}

#[test]
fn a_bill_of_a_type_that_the_user_wrote() {
    let (rows, _) = read::<ShareBill>(FILE).unwrap();
    assert_eq!(rows[0].time.as_str(), "2025-03-01 20:00:00");
    assert_eq!(rows[0].amount, yuan("0.30"));
    assert_eq!(rows[0].description, "to a partner");
}
