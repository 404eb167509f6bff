//! From the response to an order to the value with which the front end pays.
#![cfg(feature = "pay")]

use serde_json::json;
use wxpay_api::Client;
use wxpay_api::sandbox::{PlannedResponse, Sandbox};

use crate::support::json;

#[tokio::test]
async fn a_prepay_id_becomes_a_payment() {
    let sandbox = Sandbox::builder().examples().start().await.unwrap();
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
                .notify_url("https://shop.example/paid")
                .payer(|p| p.openid("oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"))
        })
        .await
        .unwrap();
    let payment = wx.invoke().jsapi("wxd678efh567hg6787", &order.prepay_id).unwrap();
    let package = format!("prepay_id={}", order.prepay_id);
    let signed = ["wxd678efh567hg6787", &payment.time_stamp, &payment.nonce_str, &package];
    assert_signed(&wx, &signed, &payment.pay_sign);
}

#[tokio::test]
async fn a_code_url_is_shown_as_it_is() {
    let sandbox = Sandbox::builder().examples().start().await.unwrap();
    let wx = sandbox.client().unwrap();
    let code_url = "weixin://wxpay/bizpayurl/up?pr=NwY5Mz9&groupid=00";
    let response = PlannedResponse::json(json!({ "code_url": code_url }));
    sandbox.respond("POST", "/v3/pay/transactions/native", response).unwrap();
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
                .notify_url("https://shop.example/paid")
        })
        .await
        .unwrap();
    assert_eq!(json(&order.code_url), code_url);
}

#[tokio::test]
async fn an_order_of_a_service_provider_is_paid_in_the_app_that_invokes() {
    let sandbox = Sandbox::builder().examples().start().await.unwrap();
    let wx = sandbox.client().unwrap();
    let order = wx
        .v3()
        .pay()
        .partner()
        .transactions()
        .app()
        .post(|r| {
            r.sp_appid("wx8888888888888888")
                .sp_mchid(wx.merchant().id())
                .sub_mchid("1900000109")
                .description("QQ公仔")
                .out_trade_no("1217752501201407033233368018")
                .amount(|a| a.total(100))
                .notify_url("https://shop.example/paid")
        })
        .with(|r| r.sub_appid("wxd678efh567hg6999"))
        .await
        .unwrap();
    // The app is the sub-merchant's. The number and the key are the provider's.
    let payment = wx.invoke().app("wxd678efh567hg6999", &order.prepay_id).unwrap();
    assert_eq!(payment.partnerid, wx.merchant().id());
    let signed = ["wxd678efh567hg6999", &payment.timestamp, &payment.noncestr, &order.prepay_id];
    assert_signed(&wx, &signed, &payment.sign);
}

#[cfg(feature = "combine-transactions")]
#[tokio::test]
async fn a_combined_order_is_paid_with_the_combining_merchants_number() {
    let sandbox = Sandbox::builder().examples().start().await.unwrap();
    let wx = sandbox.client().unwrap();
    let order = wx
        .v3()
        .combine_transactions()
        .app()
        .post(|r| {
            r.combine_appid("wxd678efh567hg6787")
                .combine_mchid(wx.merchant().id())
                .combine_out_trade_no("P20150806125346")
                .sub_orders(|orders| {
                    orders.push(|order| {
                        order
                            .mchid("1900000109")
                            .attach("深圳分店")
                            .amount(|a| a.total_amount(10).currency("CNY"))
                            .out_trade_no("20150806125346")
                            .description("腾讯充值中心-QQ会员充值")
                    })
                })
        })
        .with(|r| r.notify_url("https://shop.example/paid"))
        .await
        .unwrap();
    let payment = wx.invoke().app("wxd678efh567hg6787", &order.prepay_id).unwrap();
    assert_eq!(payment.partnerid, wx.merchant().id());
    let signed = ["wxd678efh567hg6787", &payment.timestamp, &payment.noncestr, &order.prepay_id];
    assert_signed(&wx, &signed, &payment.sign);
}

/// Asserts that the merchant's key signed these lines (docs/protocol/invocation.md §9.1).
#[track_caller]
fn assert_signed(wx: &Client, lines: &[&str; 4], signature: &str) {
    let message: String = lines.iter().map(|line| format!("{line}\n")).collect();
    let merchant = wx.merchant();
    let key = merchant.certificate().unwrap().public_key();
    assert!(key.verify(message.as_bytes(), signature));
}
