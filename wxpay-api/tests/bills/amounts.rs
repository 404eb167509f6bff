//! Amounts in yuan are read exactly, or an error names the line and the column.

use proptest::prelude::*;
use wxpay_api::bills::{BillErrorKind, Decimal, TradeBill, TradeRow, to_fen};

use crate::support::{read, yuan};

fn row(column: &str, cell: &str) -> TradeRow {
    let file = format!("应结订单金额,{column}\n`0,`{cell}\n总交易单数,订单总金额\n`1,`0\n");
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
fn amounts_become_fen_unless_a_fraction_is_left() {
    assert_eq!(to_fen("-20.01".parse().unwrap()), Some(-2001));
    assert_eq!(to_fen("0.10000".parse().unwrap()), Some(10));
    assert_eq!(to_fen("0.001".parse().unwrap()), None);
    assert_eq!(to_fen(Decimal::MAX), None);
}

#[test]
fn other_spellings_of_an_amount_are_exact() {
    for (cell, amount) in [
        ("1,234,567.80", "1234567.80"),
        ("¥1.00", "1.00"),
        ("￥ -1.50", "-1.50"),
        ("-¥1.50", "-1.50"),
        ("+0.01", "0.01"),
        ("12.30元", "12.30"),
        ("CNY 12.30", "12.30"),
        ("１２．３０", "12.30"),
        ("－１，２３４．５０", "-1234.50"),
        ("\u{2212}5.00", "-5.00"),
        ("¥ -5", "-5"),
        ("¥-5", "-5"),
        ("¥\u{2212}5", "-5"),
        ("+¥5", "5"),
        ("+￥ 5元", "5"),
        ("\u{3000}5.00\u{a0}", "5.00"),
        ("\u{feff}5.00\u{200b}", "5.00"),
        ("5", "5"),
    ] {
        assert_eq!(row("订单金额", cell).order_amount, yuan(amount), "{cell}");
    }
    for empty in ["", " ", "\u{3000}", "\u{feff}"] {
        assert_eq!(row("订单金额", empty).order_amount, None, "absent is not zero");
    }
    assert_eq!(row("费率", "０．６０％").fee_rate(), yuan("0.006"));
}

/// The summary of the official fixture of two SDKs has all its numbers written as decimals.
#[test]
fn a_count_that_is_written_as_a_decimal_is_a_count() {
    let count = |cell: &str| {
        let file = format!("订单金额\n`0\n总交易单数,订单总金额\n`{cell},`0.0\n");
        read::<TradeBill>(&file).map(|(_, summary)| summary.trade_count)
    };
    for (cell, expected) in [
        ("45.0", 45),
        ("45", 45),
        ("45.000", 45),
        ("28 ", 28),
        ("1,234", 1234),
        ("４５", 45),
        ("3笔", 3),
    ] {
        assert_eq!(count(cell).unwrap(), Some(expected), "{cell}");
    }
    for cell in ["45.5", "-1", "4 5", "4,5", "99999999999999999999", "many", "1e3"] {
        let error = count(cell).unwrap_err();
        assert_eq!((error.line(), error.column()), (4, Some("总交易单数")), "{cell}");
        assert!(error.is_fatal() && error.to_string().ends_with("is not a count"), "{error}");
    }
    let file = include_str!("files/trade_decimal_summary.csv");
    let (rows, summary) = read::<TradeBill>(file).unwrap();
    assert_eq!((rows.len(), summary.trade_count), (3, Some(3)));
    assert_eq!((summary.order_total, summary.refund_total), (yuan("0.04"), yuan("0.01")));
    assert_eq!(summary.recharge_coupon_refund_total, yuan("0"));
}

#[test]
fn an_invalid_amount_is_named_and_never_zero() {
    for cell in [
        "1,00",
        "1000,00",
        "1,0000",
        ",100",
        "1,000,",
        "1.2.3",
        "1.2,300",
        "1_000",
        "1 000",
        "1e3",
        "NaN",
        "-",
        "--",
        "+-1",
        "-¥-1",
        "-¥-5",
        "-¥+5",
        "+¥-5",
        "¥--5",
        "¥++5",
        "¥-+5",
        "¥ - -5",
        "--5",
        "++5",
        "- -5",
        "-\u{2212}5",
        "\u{2212}\u{2212}5",
        "¥\u{2212}\u{2212}5",
        "－－5",
        "--¥5",
        "5-",
        "5-元",
        "¥¥5",
        "¥5¥",
        "¥",
        "元",
        ".",
        "/",
        "0x10",
        "(5.00)",
        "5.00%",
        "一元",
        "0.00000000000000000000000000001",
        "99999999999999999999999999999999",
    ] {
        let file = format!("商户订单号,订单金额\n`A,`0\n`B,`{cell}\nsum\n`1\n");
        let error = read::<TradeBill>(&file).unwrap_err();
        assert_eq!((error.line(), error.column()), (3, Some("订单金额")), "{cell}");
        assert!(matches!(error.kind(), BillErrorKind::Unreadable { .. }), "{error}");
        assert!(error.to_string().ends_with("is not an amount in yuan"), "{error}");
        assert!(!error.is_fatal(), "the rows below can be read");
    }
    let error = read::<TradeBill>("订单金额\n`0\n总交易单数\n`many\n").unwrap_err();
    assert_eq!(error.to_string(), "line 4, column 总交易单数: `many` is not a count");
}

proptest! {
    #[test]
    fn any_amount_survives_its_spelling(fen in -10_000_000_000_i64..10_000_000_000, form in 0..5) {
        let amount = Decimal::new(fen, 2);
        let (sign, plain) = (if fen < 0 { "-" } else { "" }, amount.abs().to_string());
        let (whole, fraction) = plain.split_once('.').unwrap();
        let grouped = whole.as_bytes().rchunks(3).rev().map(|group| str::from_utf8(group).unwrap());
        let grouped = grouped.collect::<Vec<_>>().join(",");
        let cell = match form {
            0 => format!("{sign}{plain}"),
            1 => format!("{sign}{grouped}.{fraction}"),
            2 => format!("{sign}¥{grouped}.{fraction}"),
            3 => format!(" {sign}{plain}元"),
            _ => format!("{sign}{plain}").chars().map(wide).collect(),
        };
        prop_assert_eq!(row("订单金额", &cell).order_amount, Some(amount), "{}", cell);
    }

    #[test]
    fn digits_with_a_point_are_read_as_by_the_decimal_type(cell in "[0-9]{0,20}[.]?[0-9]{0,8}[.]?") {
        let file = format!("商户订单号,订单金额\n`A,`{cell}\n总交易单数\n`1\n");
        let amount = read::<TradeBill>(&file).map(|(rows, _)| rows[0].order_amount);
        match Decimal::from_str_exact(&cell) {
            _ if cell.is_empty() => prop_assert_eq!(amount, Ok(None)),
            Ok(exact) => {
                let amount = amount.unwrap().unwrap();
                prop_assert_eq!((amount, amount.scale()), (exact, exact.scale()));
            }
            Err(_) => prop_assert!(amount.is_err(), "{:?}", amount),
        }
    }

    #[test]
    fn a_text_without_a_zero_never_becomes_zero(cell in "[^\n\r,`0０]{1,12}") {
        let file = format!("商户订单号,订单金额\n`A,`{cell}\n总交易单数\n`1\n");
        if let Ok((rows, _)) = read::<TradeBill>(&file) {
            prop_assert_ne!(rows[0].order_amount, Some(Decimal::ZERO));
        }
    }
}

/// The full-width form of a character.
fn wide(character: char) -> char {
    char::from_u32(u32::from(character) + 0xfee0).unwrap()
}
