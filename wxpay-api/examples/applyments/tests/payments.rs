//! Payments of a new merchant: one for each number, and paid only if WeChat Pay says so.

use serde_json::json;
use wxpay_api::sandbox::PlannedResponse;

use super::CODE;
use crate::harness::Harness;
use crate::provider::Failure;
use crate::story::{order, paid};

const NATIVE: &str = "/v3/pay/partner/transactions/native";
const QUERY: &str = "/v3/pay/partner/transactions/out-trade-no/{out_trade_no}";

#[tokio::test]
async fn a_payment_is_made_for_the_new_merchant() {
    let mut harness = Harness::with_an_application().await;
    let early = harness.command(order(CODE, "table-1", 880)).await.unwrap_err();
    assert!(matches!(early, Failure::NoSuchApplication(_)), "{early}");
    let sub_mchid = harness.finish().await;
    let (_, code_url) = harness.command(order(CODE, "table-1", 880)).await.unwrap();
    assert!(!harness.command(paid("table-1")).await.unwrap().0);
    harness.sandbox.open_payment(code_url.trim()).unwrap().pay().unwrap();
    assert!(harness.command(paid("table-1")).await.unwrap().0);
    assert!(harness.command(paid("table-1")).await.unwrap().0);
    let payment = harness.sandbox.order("table-1").unwrap().object().unwrap();
    assert_eq!(payment["sub_mchid"], json!(sub_mchid));
}

#[tokio::test]
async fn an_order_without_a_response_is_repeated_under_its_number() {
    let mut harness = Harness::with_an_application().await;
    harness.finish().await;
    harness.lose_responses("POST", NATIVE).unwrap();
    let unknown = harness.command(order(CODE, "table-1", 880)).await.unwrap_err();
    assert!(matches!(unknown, Failure::Unknown { .. }), "{unknown}");
    let other = harness.command(order(CODE, "table-1", 881)).await.unwrap_err();
    assert!(matches!(other, Failure::OtherPayment(_)), "{other}");
    let (_, code_url) = harness.command(order(CODE, "table-1", 880)).await.unwrap();
    harness.sandbox.open_payment(code_url.trim()).unwrap().pay().unwrap();
    assert!(harness.command(paid("table-1")).await.unwrap().0);
    assert_eq!(harness.sandbox.resources("pay/transaction").unwrap().len(), 1);
}

#[tokio::test]
async fn an_order_that_never_arrived_is_not_paid() {
    let mut harness = Harness::with_an_application().await;
    harness.finish().await;
    harness.lose_requests("POST", NATIVE);
    harness.command(order(CODE, "table-1", 880)).await.unwrap_err();
    assert!(!harness.command(paid("table-1")).await.unwrap().0);
    let nobody = harness.command(paid("table-2")).await.unwrap_err();
    assert!(matches!(nobody, Failure::Contradiction(_)), "{nobody}");
}

#[tokio::test]
async fn a_payment_of_another_amount_or_merchant_is_none() {
    let mut harness = Harness::with_an_application().await;
    let sub_mchid = harness.finish().await;
    harness.command(order(CODE, "table-1", 880)).await.unwrap();
    for (sub_mchid, total) in [(sub_mchid.as_str(), 1), ("1900000199", 880)] {
        let response = PlannedResponse::json(json!({
            "sp_appid": "wx8888888888888888",
            "sp_mchid": harness.provider.wx.id(),
            "sub_mchid": sub_mchid,
            "out_trade_no": "table-1",
            "transaction_id": "4200000000000000000000000001",
            "trade_state": "SUCCESS",
            "trade_state_desc": "支付成功",
            "amount": { "total": total, "currency": "CNY" },
        }));
        harness.sandbox.respond("GET", QUERY, response).unwrap();
        let mismatch = harness.command(paid("table-1")).await.unwrap_err();
        assert!(matches!(mismatch, Failure::Mismatch(_)), "{mismatch}");
    }
    assert!(!harness.command(paid("table-1")).await.unwrap().0);
}
