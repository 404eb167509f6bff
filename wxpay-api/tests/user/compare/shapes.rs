//! Every shape as data: its JSON, the compared members, and the order.

use serde_json::{Value, json};
use wxpay_api::compare::{
    ExpectedCombinedPayment, ExpectedPayment, ExpectedRefund, ExpectedSubOrder, Matched, Mismatch,
};
use wxpay_api::v3::combine_transactions::types::CombineTransaction;
use wxpay_api::v3::ecommerce::types::Refund as EcommerceRefund;
use wxpay_api::v3::pay::types::{PartnerTransaction, Transaction};
use wxpay_api::v3::refund::types::{Refund, RefundResult};

use super::read;

type Check = Box<dyn Fn(&Value) -> Result<Matched, Mismatch>>;

pub(super) struct Shape {
    pub(super) name: &'static str,
    /// A response or resource that equals the order.
    pub(super) json: Value,
    /// Texts that are compared.
    pub(super) texts: &'static [&'static str],
    /// Amounts that are compared.
    pub(super) amounts: &'static [&'static str],
    /// Amounts that are not compared.
    pub(super) others: &'static [&'static str],
    /// Currencies.
    pub(super) currencies: &'static [&'static str],
    pub(super) check: Check,
}

/// All shapes over these ids, of which there are eight, and amounts.
pub(super) fn shapes(ids: &[String], total: i64, refund: i64) -> Vec<Shape> {
    // No two texts are equal.
    let ids: Vec<String> =
        ids.iter().enumerate().map(|(index, id)| format!("{id}-{index}")).collect();
    let mut shapes = vec![direct(&ids, total), partner(&ids, total), combined(&ids, total, refund)];
    shapes.extend(refunds(&ids, total, refund));
    shapes
}

fn direct(ids: &[String], total: i64) -> Shape {
    let order = ExpectedPayment::direct(&ids[1], &ids[2], total).appid(&ids[0]);
    Shape {
        name: "direct",
        json: json!({
            "appid": ids[0], "mchid": ids[1], "out_trade_no": ids[2], "trade_state": "SUCCESS",
            "amount": { "total": total, "payer_total": 1, "currency": "CNY" },
        }),
        texts: &["appid", "mchid", "out_trade_no"],
        amounts: &["amount.total"],
        others: &["amount.payer_total"],
        currencies: &["amount.currency"],
        check: Box::new(move |json| order.check(&read::<Transaction>(json))),
    }
}

fn partner(ids: &[String], total: i64) -> Shape {
    let order = ExpectedPayment::partner(&ids[1], &ids[3], &ids[4], total)
        .sp_appid(&ids[0])
        .sub_appid(&ids[2])
        .currency("CNY");
    Shape {
        name: "partner",
        json: json!({
            "sp_appid": ids[0], "sp_mchid": ids[1], "sub_appid": ids[2], "sub_mchid": ids[3],
            "out_trade_no": ids[4], "trade_state": "SUCCESS",
            "amount": { "total": total, "payer_total": 1, "currency": "CNY" },
        }),
        texts: &["sp_appid", "sp_mchid", "sub_appid", "sub_mchid", "out_trade_no"],
        amounts: &["amount.total"],
        others: &["amount.payer_total"],
        currencies: &["amount.currency"],
        check: Box::new(move |json| order.check(&read::<PartnerTransaction>(json))),
    }
}

fn combined(ids: &[String], first: i64, second: i64) -> Shape {
    let sub_order = |merchant: &String, shop: &String, number: &String, total| {
        ExpectedSubOrder::new(merchant, number, total).sub_mchid(shop)
    };
    // In the reverse order of the payment.
    let orders = ExpectedCombinedPayment::new(&ids[1], &ids[2])
        .combine_appid(&ids[0])
        .sub_order(sub_order(&ids[1], &ids[5], &ids[6], second).sub_appid(&ids[7]))
        .sub_order(sub_order(&ids[1], &ids[3], &ids[4], first));
    Shape {
        name: "combined",
        json: json!({
            "combine_appid": ids[0], "combine_mchid": ids[1], "combine_out_trade_no": ids[2],
            "sub_orders": [
                {
                    "mchid": ids[1], "sub_mchid": ids[3], "out_trade_no": ids[4],
                    "trade_state": "SUCCESS",
                    "amount": { "total_amount": first, "payer_amount": 1, "currency": "CNY" },
                },
                {
                    "mchid": ids[1], "sub_mchid": ids[5], "out_trade_no": ids[6], "sub_appid": ids[7],
                    "trade_state": "SUCCESS",
                    "amount": { "total_amount": second, "payer_amount": 1, "currency": "CNY" },
                },
            ],
        }),
        texts: &[
            "combine_appid",
            "combine_mchid",
            "combine_out_trade_no",
            "sub_orders[0].mchid",
            "sub_orders[0].sub_mchid",
            "sub_orders[0].out_trade_no",
            "sub_orders[1].mchid",
            "sub_orders[1].sub_mchid",
            "sub_orders[1].out_trade_no",
            "sub_orders[1].sub_appid",
        ],
        amounts: &["sub_orders[0].amount.total_amount", "sub_orders[1].amount.total_amount"],
        others: &["sub_orders[0].amount.payer_amount", "sub_orders[1].amount.payer_amount"],
        currencies: &["sub_orders[0].amount.currency", "sub_orders[1].amount.currency"],
        check: Box::new(move |json| orders.check(&read::<CombineTransaction>(json))),
    }
}

fn refunds(ids: &[String], total: i64, refund: i64) -> Vec<Shape> {
    let direct = ExpectedRefund::direct(&ids[2], &ids[0], &ids[1], refund, total);
    let partner = ExpectedRefund::partner(&ids[3], &ids[4], &ids[0], &ids[1], refund, total);
    let expected = direct.clone();
    let ecommerce = partner.clone();
    let json = |merchants: Value| {
        let mut json = json!({
            "out_trade_no": ids[0], "out_refund_no": ids[1], "status": "SUCCESS",
            "refund_status": "SUCCESS",
            "amount": {
                "refund": refund, "total": total, "payer_refund": 1, "payer_total": 2,
                "settlement_refund": 3, "currency": "CNY",
            },
        });
        json.as_object_mut().unwrap().append(&mut merchants.as_object().unwrap().clone());
        json
    };
    let shape = |name, json, texts, amounts, check| Shape {
        name,
        json,
        texts,
        amounts,
        others: &["amount.payer_refund", "amount.payer_total", "amount.settlement_refund"],
        currencies: &["amount.currency"],
        check,
    };
    let numbers: &[&str] = &["out_trade_no", "out_refund_no"];
    let amounts: &[&str] = &["amount.refund", "amount.total"];
    vec![
        shape(
            "refund",
            json(json!({})),
            numbers,
            amounts,
            Box::new(move |json: &Value| expected.check(&read::<Refund>(json))) as Check,
        ),
        shape(
            "refund's notification",
            json(json!({ "mchid": ids[2] })),
            &["mchid", "out_trade_no", "out_refund_no"],
            amounts,
            Box::new(move |json: &Value| direct.check(&read::<RefundResult>(json))),
        ),
        shape(
            "service provider's refund's notification",
            json(json!({ "sp_mchid": ids[3], "sub_mchid": ids[4] })),
            &["sp_mchid", "sub_mchid", "out_trade_no", "out_refund_no"],
            amounts,
            Box::new(move |json: &Value| partner.check(&read::<RefundResult>(json))),
        ),
        shape(
            "e-commerce refund",
            json(json!({})),
            numbers,
            &["amount.refund"],
            Box::new(move |json: &Value| ecommerce.check(&read::<EcommerceRefund>(json))),
        ),
    ]
}
