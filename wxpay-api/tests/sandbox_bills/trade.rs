//! Trade bills: their rows are the orders and refunds of the day.

use serde_json::json;
use wxpay_api::bills::{Decimal, TradeBill};

use crate::support::{fen, read, start};

#[tokio::test]
async fn rows_are_the_paid_orders_and_the_refunds() {
    let shop = start().await;
    let first = shop.paid("order-1", 2000).await;
    shop.order("unpaid", 5).await;
    let second = shop.paid("order-2", 7).await;
    let refund_id = shop.refund("order-1", "refund-1", 500, 2000).await;
    let day = shop.end_day();

    let call = shop.wx.v3().bill().tradebill().get(|r| r.bill_date(&day).tar_type("GZIP"));
    let mut rows = shop.wx.download_url(&call.await.unwrap()).rows::<TradeBill>().await.unwrap();
    for order in [&first, &second] {
        let row = rows.next().await.unwrap().unwrap();
        assert_eq!(row.trade_time.to_timestamp().unwrap(), order.success_time);
        assert_eq!((&row.appid, &row.mchid), (&order.appid, &order.mchid));
        assert_eq!((row.sub_mchid.as_str(), row.currency.as_str()), ("0", "CNY"));
        assert_eq!(row.transaction_id, order.transaction_id);
        assert_eq!(row.out_trade_no, order.out_trade_no);
        assert_eq!(row.openid, order.payer.as_ref().unwrap().openid);
        assert_eq!(row.trade_type, order.trade_type.as_str());
        assert_eq!((row.trade_state.as_str(), &row.bank_type), ("SUCCESS", &order.bank_type));
        let total = order.amount.as_ref().unwrap().total.unwrap();
        assert_eq!((fen(row.order_amount), fen(row.settlement_amount)), (total, total));
        assert_eq!((fen(row.refund_amount), row.refund_id.as_str()), (0, "0"));
        assert_eq!((row.description.as_str(), row.attach.as_str()), ("Tea, hot", "table=4"));
        assert_eq!(row.fee_rate(), Some(Decimal::new(6, 3)));
    }
    let row = rows.next().await.unwrap().unwrap();
    assert_eq!((row.trade_state.as_str(), row.refund_status.as_str()), ("REFUND", "SUCCESS"));
    assert_eq!((&row.refund_id, row.out_refund_no.as_str()), (&refund_id, "refund-1"));
    assert_eq!(row.transaction_id, first.transaction_id);
    assert_eq!((fen(row.refund_amount), fen(row.applied_refund_amount)), (-500, -500));
    assert_eq!((fen(row.order_amount), row.refund_type.as_str()), (0, "ORIGINAL"));
    // 12 fen for 2000, 9 for the 1500 that stay.
    assert_eq!(row.fee, Some(Decimal::new(-3, 2)));
    assert!(rows.next().await.is_none());
    let summary = rows.finish_complete().await.unwrap();
    assert_eq!(summary.trade_count, Some(3));
    assert_eq!((fen(summary.order_total), fen(summary.settlement_total)), (2007, 2007));
    assert_eq!((fen(summary.refund_total), fen(summary.applied_refund_total)), (-500, -500));
    assert_eq!(summary.fee_total, Some(Decimal::new(9, 2)));
}

#[tokio::test]
async fn a_coupon_has_its_columns() {
    let shop = start().await;
    shop.order("order-1", 100).await;
    shop.sandbox.order("order-1").unwrap().pay_with_coupon(90).unwrap();
    shop.refund("order-1", "refund-1", 50, 100).await;
    let bill = shop.trade(&shop.end_day()).await;
    let [paid, refunded] = &bill.rows[..] else { panic!("{bill:?}") };
    assert_eq!((fen(paid.order_amount), fen(paid.coupon_amount)), (100, 10));
    assert_eq!(fen(refunded.recharge_coupon_refund_amount), -5);
    assert_eq!(fen(bill.summary.recharge_coupon_refund_total), -5);
}

#[tokio::test]
async fn a_type_has_its_rows_and_its_columns() {
    let shop = start().await;
    shop.paid("order-1", 100).await;
    shop.refund("order-1", "refund-1", 100, 100).await;
    let day = shop.end_day();
    let target = |kind| format!("/v3/bill/tradebill?bill_date={day}&bill_type={kind}");
    for kind in ["ALL", "ALL_SPECIAL"] {
        let all = shop.read::<TradeBill>(&target(kind)).await;
        assert_eq!(all.rows.len(), 2);
        assert_eq!(all.rows[1].missing_columns(), [] as [&str; 0]);
    }
    let paid = shop.read::<TradeBill>(&target("SUCCESS")).await;
    assert_eq!((paid.rows.len(), paid.rows[0].trade_state.as_str()), (1, "SUCCESS"));
    assert_eq!(paid.rows[0].refund_amount, None);
    assert_eq!((fen(paid.summary.order_total), fen(paid.summary.refund_total)), (100, 0));
    let refunded = shop.read::<TradeBill>(&target("REFUND")).await;
    assert_eq!((refunded.rows.len(), refunded.rows[0].trade_state.as_str()), (1, "REFUND"));
    let row = &refunded.rows[0];
    assert_eq!(row.refund_applied_time, row.trade_time);
    let refund = shop.wx.get("/v3/refund/domestic/refunds/refund-1").await.unwrap();
    let succeeded = row.refund_success_time.to_timestamp().unwrap();
    assert_eq!(succeeded.as_str(), refund["success_time"].as_str().unwrap());
    assert_eq!(fen(refunded.summary.refund_total), -100);
    let refused = shop.refused(&target("RECHARGE_REFUND")).await;
    assert!(refused.starts_with("400 NO_STATEMENT_EXIST"), "{refused}");
}

#[tokio::test]
async fn a_bill_stays_as_it_was_made() {
    let shop = start().await;
    shop.paid("order-1", 100).await;
    shop.refund("order-1", "refund-1", 100, 100).await;
    shop.sandbox.order("refund-1").unwrap().event("lack_funds").unwrap();
    let day = shop.end_day();
    assert_eq!(shop.trade(&day).await.rows[1].refund_status, "PROCESSING");
    // It is closed after seven days. The bill was made before.
    for _ in 0..8 {
        shop.end_day();
    }
    assert_eq!(shop.sandbox.order("refund-1").unwrap().state().unwrap(), "CLOSED");
    assert_eq!(shop.trade(&day).await.rows[1].refund_status, "PROCESSING");
}

#[tokio::test]
async fn failed_refunds_say_so() {
    let shop = start().await;
    for (number, event) in [("1", "fail"), ("2", "close")] {
        let (order, refund) = (format!("order-{number}"), format!("refund-{number}"));
        shop.paid(&order, 100).await;
        shop.refund(&order, &refund, 100, 100).await;
        shop.sandbox.order(&refund).unwrap().event(event).unwrap();
    }
    let bill = shop.trade(&shop.end_day()).await;
    let states: Vec<_> = bill.rows.iter().map(|row| row.refund_status.as_str()).collect();
    assert_eq!(states, ["", "CHANGE", "", "FAIL"]);
}

#[tokio::test]
async fn a_partner_sees_its_sub_merchants() {
    let shop = start().await;
    let sub = shop.sandbox.add_merchant("1900000201").unwrap();
    shop.paid("own-01", 1).await;
    shop.paid_for("1900000201", "for-201", 20).await;
    shop.paid_for("1900000202", "for-202", 300).await;
    let refund = json!({
        "sub_mchid": "1900000202", "out_trade_no": "for-202", "out_refund_no": "refund-1",
        "amount": { "refund": 100, "total": 300, "currency": "CNY" },
    });
    shop.wx.post("/v3/refund/domestic/refunds", refund).await.unwrap();
    let day = shop.end_day();
    let all = shop.trade(&day).await;
    let numbers: Vec<_> =
        all.rows.iter().map(|row| (row.out_trade_no.as_str(), row.sub_mchid.as_str())).collect();
    let expected = [
        ("own-01", "0"),
        ("for-201", "1900000201"),
        ("for-202", "1900000202"),
        ("for-202", "1900000202"),
    ];
    assert_eq!(numbers, expected);
    assert!(all.rows.iter().all(|row| row.mchid == shop.wx.id()));
    assert_eq!(all.rows[1].appid, "wx8888888888888888");
    assert_eq!(all.rows[1].openid, "oPartner");
    assert_eq!(all.rows[3].out_refund_no, "refund-1");

    let target = format!("/v3/bill/tradebill?bill_date={day}");
    let one = shop.read::<TradeBill>(&format!("{target}&sub_mchid=1900000202")).await;
    assert_eq!(one.rows.len(), 2);
    assert_eq!((fen(one.summary.order_total), fen(one.summary.refund_total)), (300, -100));
    // The sub-merchant has the row in its own bill, too.
    let own = read::<TradeBill>(&sub.client().unwrap(), &target).await;
    assert_eq!((own.rows.len(), own.rows[0].out_trade_no.as_str()), (1, "for-201"));
}

#[tokio::test]
async fn sub_orders_are_in_their_merchants_bills() {
    let shop = start().await;
    let other = shop.sandbox.add_merchant("1900000201").unwrap();
    let sub_order = |mchid: &str, number: &str, total: i64| {
        json!({
            "mchid": mchid, "out_trade_no": number, "description": "Tea", "attach": "a",
            "amount": { "total_amount": total, "currency": "CNY" },
        })
    };
    let sub_orders =
        [sub_order(shop.wx.id(), "sub-1", 10), sub_order(other.merchant().id(), "sub-2", 20)];
    let order = json!({
        "combine_appid": "wxd678efh567hg6787", "combine_mchid": shop.wx.id(),
        "combine_out_trade_no": "whole-1", "sub_orders": sub_orders,
        "combine_payer_info": { "openid": "oPayer" }, "notify_url": "http://127.0.0.1:9/notify",
    });
    shop.wx.post("/v3/combine-transactions/jsapi", order).await.unwrap();
    shop.sandbox.order("whole-1").unwrap().pay().unwrap();
    let day = shop.end_day();
    let target = format!("/v3/bill/tradebill?bill_date={day}");
    for (wx, number, total) in [(&shop.wx, "sub-1", 10), (&other.client().unwrap(), "sub-2", 20)] {
        let bill = read::<TradeBill>(wx, &target).await;
        let [row] = &bill.rows[..] else { panic!("{bill:?}") };
        assert_eq!((row.out_trade_no.as_str(), fen(row.order_amount)), (number, total));
        assert_eq!((row.mchid.as_str(), row.appid.as_str()), (wx.id(), "wxd678efh567hg6787"));
        assert_eq!((row.openid.as_str(), row.trade_type.as_str()), ("oPayer", "JSAPI"));
    }
}

#[tokio::test]
async fn a_reversed_payment_gives_its_money_back() {
    let shop = start().await;
    let order = json!({
        "appid": "wxd678efh567hg6787", "mchid": shop.wx.id(), "description": "Tea",
        "out_trade_no": "order-1", "amount": { "total": 100 },
        "payer": { "auth_code": "130061098828009406" },
        "scene_info": { "device_id": "till-1", "store_info": { "out_id": "1" } },
    });
    shop.wx.post("/v3/pay/transactions/codepay", order).await.unwrap();
    let reverse = json!({ "appid": "wxd678efh567hg6787", "mchid": shop.wx.id() });
    let target = "/v3/pay/transactions/out-trade-no/order-1/reverse";
    shop.wx.post(target, reverse).await.unwrap();
    let bill = shop.trade(&shop.end_day()).await;
    let states: Vec<_> = bill.rows.iter().map(|row| row.trade_state.as_str()).collect();
    assert_eq!(states, ["SUCCESS", "REVOKED"]);
    assert_eq!(bill.rows[0].device_id, "till-1");
    assert_eq!(fen(bill.summary.order_total) + fen(bill.summary.refund_total), 0);
    assert_eq!(bill.summary.fee_total, Some(Decimal::ZERO));
}

#[tokio::test]
async fn text_of_the_merchant_stays_in_its_cell() {
    let shop = start().await;
    let order = json!({
        "appid": "wxd678efh567hg6787", "mchid": shop.wx.id(), "description": "a,`b\r\n`c \"d\"",
        "out_trade_no": "order-1", "amount": { "total": 100 }, "attach": "e\n总交易单数",
        "notify_url": "http://127.0.0.1:9/notify", "payer": { "openid": "oPayer" },
    });
    shop.wx.post("/v3/pay/transactions/jsapi", order).await.unwrap();
    shop.sandbox.order("order-1").unwrap().pay().unwrap();
    let bill = shop.trade(&shop.end_day()).await;
    assert_eq!(bill.rows[0].description, "a,'b  'c \"d\"");
    assert_eq!(bill.rows[0].attach, "e 总交易单数");
    assert_eq!(fen(bill.rows[0].order_amount), 100);
}
