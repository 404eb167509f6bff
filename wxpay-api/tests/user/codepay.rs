//! Codepay (付款码支付) while the user enters the password: order, query and reverse, as in the guide.

use serde_json::{Value, json};
use wxpay_api::compare::ExpectedPayment;
use wxpay_api::sandbox::{PlannedResponse, Sandbox};
use wxpay_api::v3::pay::types::{TradeState, Transaction};
use wxpay_api::{Client, Error, Outcome, Reply};

const CODEPAY: &str = "/v3/pay/transactions/codepay";
const QUERY: &str = "/v3/pay/transactions/out-trade-no/{out_trade_no}";
const APPID: &str = "wxd678efh567hg6787";

fn payment(trade_state: &str) -> Value {
    json!({
        "appid": APPID, "mchid": "1230000109", "out_trade_no": "order-1", "trade_type": "MICROPAY",
        "trade_state": trade_state, "amount": { "total": 100, "payer_total": 90, "currency": "CNY" },
    })
}

fn order(wx: &Client) -> ExpectedPayment {
    ExpectedPayment::direct(wx.id(), "order-1", 100).appid(APPID)
}

async fn charge(wx: &Client) -> Result<Reply<Transaction>, Error> {
    let call = wx.v3().pay().transactions().codepay().post(|r| {
        r.appid(APPID)
            .mchid(wx.id())
            .description("QQ公仔")
            .out_trade_no("order-1")
            .payer(|p| p.auth_code("130061098828009406"))
            .amount(|a| a.total(100))
            .scene_info(|s| s.device_id("013467007045764"))
    });
    call.reply().await
}

#[tokio::test]
async fn an_order_that_waits_for_the_password_is_queried_until_it_is_paid() {
    let sandbox = Sandbox::builder().examples().start().await.unwrap();
    let wx = sandbox.client().unwrap();
    sandbox.respond("POST", CODEPAY, PlannedResponse::json(payment("USERPAYING"))).unwrap();
    let reply = charge(&wx).await.unwrap();
    assert_eq!(reply.value.trade_state, TradeState::UserPaying);
    assert!(!order(&wx).check(&reply.value).unwrap().is_success());

    let orders = wx.v3().pay().transactions().out_trade_no().out_trade_no("order-1");
    for (state, is_paid) in [("USERPAYING", false), ("PAYERROR", false), ("SUCCESS", true)] {
        sandbox.respond("GET", QUERY, PlannedResponse::json(payment(state))).unwrap();
        let queried = orders.get(|r| r.mchid(wx.id())).await.unwrap();
        assert_eq!(order(&wx).check(&queried).unwrap().is_success(), is_paid, "{state}");
    }
}

#[tokio::test]
async fn an_order_that_stays_unpaid_is_reversed() {
    let sandbox = Sandbox::builder().examples().start().await.unwrap();
    let wx = sandbox.client().unwrap();
    let order = wx.v3().pay().transactions().out_trade_no().out_trade_no("order-1");
    let reversed = order.reverse().post(|r| r.appid(APPID).mchid(wx.id())).await.unwrap();
    assert_eq!(reversed.out_trade_no, "order-1");
    assert_eq!(sandbox.executions("POST", &format!("{QUERY}/reverse")).unwrap(), 1);
}

/// The guide's code works for both results of a 202: a body that was read, or an unknown outcome.
#[tokio::test]
async fn a_202_is_neither_paid_nor_refused() {
    let sandbox = Sandbox::builder().examples().start().await.unwrap();
    let wx = sandbox.client().unwrap();
    sandbox
        .respond("POST", CODEPAY, PlannedResponse::json(payment("USERPAYING")).status(202))
        .unwrap();
    match charge(&wx).await {
        Ok(reply) => {
            assert_eq!(reply.http_status(), 202);
            assert!(!order(&wx).check(&reply.value).unwrap().is_success());
        }
        Err(error) => assert_eq!(error.outcome(), Outcome::Unknown),
    }
}
