//! The struct of a transaction with serde's derive, member for member as the fixture has it.

#![allow(dead_code, reason = "the fields are decoded and dropped")]

use serde::Deserialize;

#[derive(Deserialize)]
pub(crate) struct Transaction {
    appid: String,
    mchid: String,
    out_trade_no: String,
    transaction_id: String,
    trade_type: String,
    trade_state: String,
    trade_state_desc: String,
    bank_type: String,
    attach: Option<String>,
    success_time: Option<String>,
    payer: Payer,
    amount: Amount,
    scene_info: Option<SceneInfo>,
    #[serde(default)]
    promotion_detail: Vec<Promotion>,
}

#[derive(Deserialize)]
struct Payer {
    openid: String,
}

#[derive(Deserialize)]
struct Amount {
    total: i64,
    payer_total: i64,
    currency: String,
    payer_currency: String,
}

#[derive(Deserialize)]
struct SceneInfo {
    device_id: Option<String>,
}

#[derive(Deserialize)]
struct Promotion {
    coupon_id: String,
    name: Option<String>,
    scope: Option<String>,
    #[serde(rename = "type")]
    kind: Option<String>,
    amount: i64,
    stock_id: Option<String>,
    wechatpay_contribute: Option<i64>,
    merchant_contribute: Option<i64>,
    other_contribute: Option<i64>,
    currency: Option<String>,
    #[serde(default)]
    goods_detail: Vec<Goods>,
}

#[derive(Deserialize)]
struct Goods {
    goods_id: String,
    quantity: i64,
    unit_price: i64,
    discount_amount: i64,
    goods_remark: Option<String>,
}
