//! Trade bills: every `bill_type` has its own columns.

use wxpay_api::bills::TradeBill;

use crate::support::{read, yuan};

#[test]
fn all_has_payments_and_refunds() {
    let (rows, summary) = read::<TradeBill>(include_str!("files/trade_all.csv")).unwrap();
    let [payment, refund] = &rows[..] else { panic!("{rows:?}") };
    assert_eq!(payment.trade_time.as_str(), "2025-03-01 09:12:45");
    assert_eq!(payment.appid, "wxaaaabbbbccccdddd");
    assert_eq!(payment.mchid, "1900000109");
    assert_eq!(payment.sub_mchid, "0");
    assert_eq!(payment.device_id, "till-7");
    assert_eq!(payment.transaction_id, "4200002500202503010000000001");
    assert_eq!(payment.out_trade_no, "ORDER-1");
    assert_eq!(payment.openid, "oTestUser00000000000000000001");
    assert_eq!(payment.trade_type, "JSAPI");
    assert_eq!(payment.trade_state, "SUCCESS");
    assert_eq!(payment.bank_type, "OTHERS");
    assert_eq!(payment.currency, "CNY");
    assert_eq!(payment.settlement_amount, yuan("18.80"));
    assert_eq!(payment.coupon_amount, yuan("1.20"));
    assert_eq!(payment.description, "Tea, hot, \"large\"", "what is in a cell is text");
    assert_eq!(payment.attach, "table=4,seat=`2");
    assert_eq!(payment.fee, yuan("0.11280"));
    assert_eq!(payment.rate, "0.60%");
    assert_eq!(payment.order_amount, yuan("20.00"));
    assert_eq!(payment.rate_remark, "");
    assert_eq!(payment.other.cells().count(), 0, "every column is known");
    assert_eq!(refund.refund_id, "50300000012025030100000001");
    assert_eq!(refund.out_refund_no, "REFUND-1");
    assert_eq!(refund.refund_amount, yuan("-5.00"));
    assert_eq!(refund.refund_type, "ORIGINAL");
    assert_eq!(refund.refund_status, "SUCCESS");
    assert_eq!(refund.applied_refund_amount, yuan("-5.00"));
    assert_eq!(refund.rate_remark, "费率优惠");
    assert_eq!(summary.trade_count, Some(2));
    assert_eq!(summary.settlement_total, yuan("18.80"));
    assert_eq!(summary.refund_total, yuan("-5.00"));
    assert_eq!(summary.recharge_coupon_refund_total, yuan("0.00"));
    assert_eq!(summary.fee_total, yuan("0.08280"));
    assert_eq!(summary.order_total, yuan("20.00"));
    assert_eq!(summary.applied_refund_total, yuan("-5.00"));
}

#[test]
fn success_has_no_refunds() {
    let (rows, _) = read::<TradeBill>(include_str!("files/trade_success.csv")).unwrap();
    assert_eq!(rows[0].order_amount, yuan("20.00"));
    assert_eq!(rows[0].refund_id, "");
    assert_eq!(rows[0].refund_amount, None, "absent is not zero");
}

#[test]
fn refund_says_when() {
    let (rows, summary) = read::<TradeBill>(include_str!("files/trade_refund.csv")).unwrap();
    assert_eq!(rows[0].refund_applied_time.as_str(), "2025-03-01 17:59:58");
    assert_eq!(rows[0].refund_success_time.as_str(), "2025-03-01 18:00:01");
    assert_eq!(rows[0].refund_amount, yuan("-5.00"));
    assert_eq!(summary.fee_total, yuan("-0.03000"));
}

#[test]
fn recharge_refund_goes_back_into_a_coupon() {
    let (rows, summary) =
        read::<TradeBill>(include_str!("files/trade_recharge_refund.csv")).unwrap();
    assert_eq!(rows[0].recharge_coupon_refund_amount, yuan("-3.00"));
    assert_eq!(summary.recharge_coupon_refund_total, yuan("-3.00"));
}

#[test]
fn a_day_without_trades_has_a_summary_alone() {
    let file = "\u{feff}交易时间,订单金额,费率\r\n总交易单数,订单总金额\r\n`0,`0.00\r\n";
    let (rows, summary) = read::<TradeBill>(file).unwrap();
    assert_eq!((rows.len(), summary.trade_count), (0, Some(0)));
}
