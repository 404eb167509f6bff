//! Columns are found by name: order, additions and gaps do not matter, another kind of file does.

use wxpay_api::bills::{BillErrorKind, FundFlowBill, TradeBill};

use crate::support::{other, read, yuan};

#[test]
fn another_order_and_a_new_column() {
    let file = "新列,订单金额,商户订单号\n`new, indeed,`1.00,`A\n总交易单数,新总额\n`1,`7\n";
    let (rows, summary) = read::<TradeBill>(file).unwrap();
    assert_eq!((&*rows[0].out_trade_no, rows[0].order_amount), ("A", yuan("1.00")));
    assert_eq!(rows[0].other.get("新列"), Some("new, indeed"));
    assert_eq!(rows[0].other.line(), 2);
    assert_eq!(summary.other.get("新总额"), Some("7"));
}

#[test]
fn another_kind_of_file_is_refused() {
    let trade = include_str!("files/trade_all.csv");
    let error = read::<FundFlowBill>(trade).unwrap_err();
    assert!(matches!(error.kind(), BillErrorKind::UnknownColumns { .. }), "{error}");
    let error = read::<TradeBill>("<html>\n<body>502 Bad Gateway</body>\n</html>\n").unwrap_err();
    assert!(error.to_string().starts_with("line 1: `<html>` names no column"), "{error}");
}

#[test]
fn another_number_of_cells_is_an_error_with_its_line() {
    let error = other("a,b,c\n`1,`2,`3\n`1,`2\ns\n`1\n").unwrap_err();
    assert_eq!(error.to_string(), "line 3: 2 cells, but line 1 names 3 columns");
    let error = other("a,b\n`1,`2,`3\ns\n`1\n").unwrap_err();
    assert_eq!(error.line(), 2);
    let error = other("a,b\n`1,`2\nsum\n`1,`2\n").unwrap_err();
    assert_eq!(error.to_string(), "line 4: 2 cells, but line 3 names 1 columns");
}

#[test]
fn nothing_follows_a_summary() {
    let error = other("a,b\n`1,`2\ns\n`1\n`3,`4\n").unwrap_err();
    assert_eq!((error.line(), error.kind()), (5, &BillErrorKind::AfterSummary));
    assert!(other("a,b\n`1,`2\ns\n`1\n\r\n\n").is_ok(), "empty lines are nothing");
}
