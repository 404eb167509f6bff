//! Yuan are exact decimals, or an error that says where.

use wxpay_api::bills::{BillErrorKind, Decimal, TradeBill, TradeRow, to_fen};

use crate::support::{read, yuan};

fn row(column: &str, cell: &str) -> TradeRow {
    let file = format!("{column}\n`{cell}\n总交易单数,订单总金额\n`1,`0\n");
    read::<TradeBill>(&file).unwrap().0.remove(0)
}

#[test]
fn a_tenth_and_two_tenths() {
    let sum = row("手续费", "0.1").fee.unwrap() + row("手续费", "0.2").fee.unwrap();
    assert_eq!(Some(sum), yuan("0.3"));
}

#[test]
fn five_decimals_negative_large_and_empty() {
    assert_eq!(row("手续费", "0.00123").fee.unwrap().to_string(), "0.00123");
    assert_eq!(row("手续费", "-0.00500").fee.unwrap().to_string(), "-0.00500");
    assert_eq!(row("订单金额", " 99999999999999.99\t").order_amount, yuan("99999999999999.99"));
    assert_eq!(row("订单金额", "").order_amount, None);
}

#[test]
fn a_rate_is_a_fraction() {
    assert_eq!(row("费率", "0.60%").fee_rate(), yuan("0.006"));
    assert_eq!(row("费率", "1%").fee_rate(), yuan("0.01"));
    assert_eq!(row("费率", "none").fee_rate(), None);
    assert_eq!(row("费率", "0.006").fee_rate(), None, "not guessed");
}

#[test]
fn fen_where_there_is_no_fraction_of_one() {
    assert_eq!(to_fen("-20.01".parse().unwrap()), Some(-2001));
    assert_eq!(to_fen("0.10000".parse().unwrap()), Some(10));
    assert_eq!(to_fen("0.001".parse().unwrap()), None);
    assert_eq!(to_fen(Decimal::MAX), None);
}

#[test]
fn what_is_no_amount_is_named() {
    for cell in
        ["1,000.00", "1_000", "¥1.00", "1e3", "NaN", "--", "0.00000000000000000000000000001"]
    {
        let file = format!("商户订单号,订单金额\n`A,`0\n`B,`{cell}\nsum\n`1\n");
        let error = read::<TradeBill>(&file).unwrap_err();
        assert_eq!((error.line(), error.column()), (3, Some("订单金额")));
        assert!(matches!(error.kind(), BillErrorKind::Unreadable { .. }), "{error}");
        assert!(error.to_string().ends_with("is not an amount in yuan"), "{error}");
    }
    let error = read::<TradeBill>("订单金额\n`0\n总交易单数\n`many\n").unwrap_err();
    assert_eq!(error.to_string(), "line 4, column 总交易单数: `many` is not a count");
}
