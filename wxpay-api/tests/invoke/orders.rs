//! From the answer that made an order to what the front end pays with.
#![cfg(feature = "pay")]

use serde_json::json;
use wxpay_api::sandbox::{Answer, Sandbox};

use crate::support::json;

#[tokio::test]
async fn a_prepay_id_becomes_a_payment() {
    let sandbox = Sandbox::start().await.unwrap();
    let wx = sandbox.client().unwrap();
    let order = wx
        .v3()
        .pay()
        .transactions()
        .jsapi()
        .post(|r| {
            r.appid("wxd678efh567hg6787")
                .mchid(wx.merchant().id())
                .description("QQ公仔")
                .out_trade_no("1217752501201407033233368018")
                .amount(|a| a.total(100))
                .payer(|p| p.openid("oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"))
        })
        .with(|r| r.notify_url("https://shop.example/paid"))
        .await
        .unwrap();
    let payment = wx.invoke().jsapi("wxd678efh567hg6787", &order.prepay_id).unwrap();
    let message = format!(
        "wxd678efh567hg6787\n{}\n{}\nprepay_id={}\n",
        payment.time_stamp, payment.nonce_str, order.prepay_id
    );
    let merchant = wx.merchant();
    let key = merchant.certificate().unwrap().public_key();
    assert!(key.verify(message.as_bytes(), &payment.pay_sign));
}

#[tokio::test]
async fn a_code_url_is_shown_as_it_is() {
    let sandbox = Sandbox::start().await.unwrap();
    let wx = sandbox.client().unwrap();
    let code_url = "weixin://wxpay/bizpayurl/up?pr=NwY5Mz9&groupid=00";
    let answer = Answer::json(json!({ "code_url": code_url }));
    sandbox.answer("POST", "/v3/pay/transactions/native", answer);
    let order = wx
        .v3()
        .pay()
        .transactions()
        .native()
        .post(|r| {
            r.appid("wxd678efh567hg6787")
                .mchid(wx.merchant().id())
                .description("QQ公仔")
                .out_trade_no("1217752501201407033233368018")
                .amount(|a| a.total(100))
        })
        .with(|r| r.notify_url("https://shop.example/paid"))
        .await
        .unwrap();
    assert_eq!(json(&order.code_url), code_url);
}
