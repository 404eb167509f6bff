//! Columns are found by name: order, additions and gaps are accepted. Another kind of file is
//! refused.

use proptest::prelude::*;
use wxpay_api::bills::{BillErrorKind, FundFlowBill, RowReader, TradeBill};

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
    let error = read::<TradeBill>("订单金额\n`1\n总交易单数\n`1,`2\n").unwrap_err();
    assert_eq!(error.to_string(), "line 4: 2 cells, but line 3 names 1 columns");
    assert!(error.is_fatal(), "nothing else says how the bill ends");
}

#[test]
fn nothing_follows_a_summary() {
    let error = other("a,b\n`1,`2\ns\n`1\n`3,`4\n").unwrap_err();
    assert_eq!((error.line(), error.kind()), (5, &BillErrorKind::AfterSummary));
    assert!(other("a,b\n`1,`2\ns\n`1\n\r\n\n").is_ok(), "empty lines are nothing");
}

const OLD_ALL: &str = "交易时间,公众账号ID,商户号,子商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,\
    货币种类,总金额,代金券或立减优惠金额,微信退款单号,商户退款单号,退款金额,代金券或立减优惠退款金额,退款类型,退款状态,商品名称,\
    商户数据包,手续费,费率\n\
    `2014-11-10 16：33：45,`wx2421b1c4370ec43b,`10000100,`0,`1000,`1001690740201411100005734289,`1415640626,`o-1,`MICROPAY,\
    `REFUND,`CFT,`CNY,`0.03,`0.01,`5001,`R-1,`0.02,`0.005,`ORIGINAL,`SUCCESS,`被扫支付测试,`订单额外描述,`0.0001,`0.60%\n\
    总交易单数,总交易额,总退款金额,总代金券或立减优惠退款金额,手续费总金额\n`1,`0.03,`0.02,`0.005,`0.0001\n";

#[test]
fn old_names_have_the_same_amounts() {
    let red_packets = OLD_ALL.replace("代金券或立减优惠", "企业红包");
    let wide =
        OLD_ALL.replace("代金券或立减优惠退款金额,退款类型", "代金券或立减优惠退款金额，退款类型");
    let spaced = OLD_ALL.replace("公众账号ID", "公众账号 id").replace("总金额,", " 总金额 （元）,");
    for file in [OLD_ALL, &red_packets, &wide, &spaced] {
        let mut reader = RowReader::<TradeBill, _>::new(file.as_bytes());
        let row = reader.next().unwrap().unwrap();
        assert_eq!(row.appid, "wx2421b1c4370ec43b");
        assert_eq!(row.sub_mchid, "0");
        assert_eq!(row.trade_time.to_timestamp().unwrap().as_str(), "2014-11-10T16:33:45+08:00");
        assert_eq!((row.order_amount, row.settlement_amount), (yuan("0.03"), yuan("0.03")));
        assert_eq!(row.coupon_amount, yuan("0.01"));
        assert_eq!(row.refund_amount, yuan("0.02"));
        assert_eq!(row.recharge_coupon_refund_amount, yuan("0.005"));
        assert_eq!(row.fee, yuan("0.0001"));
        assert_eq!(row.applied_refund_amount, None);
        assert_eq!(reader.missing_columns(), ["申请退款金额"]);
        assert_eq!(row.other.cells().count(), 0, "every column is known");
        let summary = reader.finish_complete().unwrap();
        assert_eq!((summary.order_total, summary.settlement_total), (yuan("0.03"), yuan("0.03")));
        assert_eq!(summary.refund_total, yuan("0.02"));
        assert_eq!(summary.recharge_coupon_refund_total, yuan("0.005"));
        assert_eq!(summary.fee_total, yuan("0.0001"));
        assert_eq!(summary.missing_columns(), ["申请退款总金额"]);
    }
}

#[test]
fn old_and_new_names_beside_each_other_keep_their_meaning() {
    let file = "总金额,订单金额\n`1.00,`3.00\n总交易单数\n`1\n";
    let row = &read::<TradeBill>(file).unwrap().0[0];
    assert_eq!((row.settlement_amount, row.order_amount), (yuan("1.00"), yuan("3.00")));
    let file = "应结订单金额,总金额\n`1.00,`3.00\n总交易单数\n`1\n";
    let row = &read::<TradeBill>(file).unwrap().0[0];
    assert_eq!((row.settlement_amount, row.order_amount), (yuan("1.00"), yuan("3.00")));
    let file = "应结订单金额\n`1.00\n总交易单数\n`1\n";
    let row = &read::<TradeBill>(file).unwrap().0[0];
    assert_eq!((row.settlement_amount, row.order_amount), (yuan("1.00"), None));
    assert!(row.missing_columns().contains(&"订单金额"), "{:?}", row.missing_columns());
}

#[test]
fn a_money_column_that_is_expected_and_absent_is_an_error() {
    for (header, expected) in [
        ("交易时间,商户订单号,交易金额", "订单金额 or 应结订单金额 or 总金额"),
        ("交易时间,订单金额,商户退款单号,退款总额", "退款金额 or 申请退款金额"),
        ("交易时间,订单金额,微信退款单号", "退款金额 or 申请退款金额"),
    ] {
        let error = read::<TradeBill>(&format!("{header}\n")).unwrap_err();
        let kind = BillErrorKind::MissingColumn { expected: expected.into(), found: header.into() };
        assert_eq!((error.line(), error.kind(), error.is_fatal()), (1, &kind, true));
        assert!(
            error.to_string().contains(expected) && error.to_string().contains(header),
            "{error}"
        );
    }
    let error = read::<FundFlowBill>("记账时间,收支类型,金额,账户结余(元)\n").unwrap_err();
    assert!(error.to_string().contains("no column is named 收支金额"), "{error}");
}

#[test]
fn absent_columns_of_numbers_are_listed() {
    let mut success =
        RowReader::<TradeBill, _>::new(&include_bytes!("files/trade_success.csv")[..]);
    assert_eq!(success.missing_columns(), [""; 0], "nothing is read yet");
    success.next().unwrap().unwrap();
    assert_eq!(success.missing_columns(), ["退款金额", "充值券退款金额", "申请退款金额"]);
    assert!(success.finish_complete().unwrap().missing_columns().is_empty());
    let mut all = RowReader::<TradeBill, _>::new(&include_bytes!("files/trade_all.csv")[..]);
    let row = all.next().unwrap().unwrap();
    assert!(all.missing_columns().is_empty() && row.missing_columns().is_empty());
    let file =
        "记账时间,收支类型,收支金额(元)\n`2025-03-01 09:12:50,`收入,`1\n资金流水总笔数\n`1\n";
    let (rows, summary) = read::<FundFlowBill>(file).unwrap();
    assert_eq!(rows[0].missing_columns(), ["账户结余"]);
    assert_eq!(summary.missing_columns(), ["收入笔数", "收入金额", "支出笔数", "支出金额"]);
}

proptest! {
    #[test]
    fn the_places_of_fields_are_those_of_their_names(
        names in proptest::sample::subsequence(
            vec!["应用ID", "公众账号 id", "子商户号", "特约商户号", "微信支付订单号", "微信订单号", "商户订单号", "商品名称", "新列"],
            0..=9,
        ).prop_shuffle(),
        rows in 1..4_usize,
    ) {
        let names = [&["订单金额"], &*names].concat();
        let cells = |row: usize| (1..names.len()).map(move |place| format!(",`{row}-{place}"));
        let lines = (0..rows).map(|row| format!("`1.00{}\n", cells(row).collect::<String>()));
        let lines: String = lines.collect();
        let file = format!("{}\n{lines}总交易单数\n`{rows}\n", names.join(","));
        let by_name = other(&file).unwrap().0;
        for (row, by_name) in read::<TradeBill>(&file).unwrap().0.iter().zip(by_name) {
            let cell = |names: &[&str]| {
                names.iter().find_map(|name| by_name.get(name)).unwrap_or_default().to_owned()
            };
            prop_assert_eq!(&row.appid, &cell(&["公众账号ID", "应用ID"]));
            prop_assert_eq!(&row.sub_mchid, &cell(&["特约商户号", "子商户号"]));
            prop_assert_eq!(&row.transaction_id, &cell(&["微信订单号", "微信支付订单号"]));
            prop_assert_eq!(&row.out_trade_no, &cell(&["商户订单号"]));
            prop_assert_eq!(&row.description, &cell(&["商品名称"]));
            prop_assert_eq!(row.other.get("新列"), by_name.get("新列"));
        }
    }
}
