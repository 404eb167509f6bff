//! Random operations and events over many resources, with what must always hold.

use std::collections::HashSet;

use proptest::collection::vec;
use proptest::prelude::*;
use tokio::runtime::Runtime;

use crate::support::{Fixture, order, refund, start};

#[derive(Clone, Debug)]
enum Step {
    Order(u8, i64),
    Close(u8),
    Pay(u8),
    Refund(u8, u8, i64),
    Succeed(u8),
    Fail(u8),
    Advance(u8),
}

fn step() -> impl Strategy<Value = Step> {
    let (orders, refunds) = (0..4_u8, 0..8_u8);
    prop_oneof![
        (orders.clone(), 1..4_i64).prop_map(|(order, total)| Step::Order(order, total * 10)),
        orders.clone().prop_map(Step::Close),
        orders.clone().prop_map(Step::Pay),
        (orders, refunds.clone(), 1..40_i64)
            .prop_map(|(order, no, amount)| { Step::Refund(order, no, amount) }),
        refunds.clone().prop_map(Step::Succeed),
        refunds.prop_map(Step::Fail),
        (0..60_u8).prop_map(Step::Advance),
    ]
}

/// Executes a step. Refusals are fine.
async fn run(shop: &Fixture, step: &Step) {
    let find = |lifecycle, prefix, number: &u8| {
        shop.sandbox.resource(lifecycle, &format!("{prefix}{number}")).ok()
    };
    match step {
        Step::Order(number, total) => {
            let _ = shop.wx.post("/v3/shop/orders", order(&format!("A{number}"), *total)).await;
        }
        Step::Close(number) => {
            let _ = shop.wx.post(format!("/v3/shop/orders/A{number}/close"), None).await;
        }
        Step::Pay(number) => {
            let _ = find("shop/order", "A", number).map(|it| it.pay().is_ok());
        }
        Step::Refund(number, refund_number, amount) => {
            let held = find("shop/order", "A", number).and_then(|it| it.object().ok());
            let total = held.and_then(|it| it["amount"]["total"].as_i64()).unwrap_or(10);
            let (order, number) = (format!("A{number}"), format!("R{refund_number}"));
            let body = refund(&order, &number, *amount, total);
            let _ = shop.wx.post("/v3/shop/refunds", body).await;
        }
        Step::Succeed(number) => {
            let _ = find("shop/refund", "R", number).map(|it| it.event("succeed").is_ok());
        }
        Step::Fail(number) => {
            let _ = find("shop/refund", "R", number).map(|it| it.event("fail").is_ok());
        }
        Step::Advance(hours) => {
            shop.sandbox.advance(std::time::Duration::from_secs(u64::from(*hours) * 3600));
        }
    }
}

fn check(shop: &Fixture) {
    let mut numbers = HashSet::new();
    let (mut paid, mut arrived) = (0, 0);
    for payment in shop.sandbox.resources("shop/order").unwrap() {
        let object = payment.object().unwrap();
        let total = object["amount"]["total"].as_i64().unwrap();
        let refunds = payment.refunds().unwrap();
        let mut out = 0;
        for refund in &refunds {
            let object = refund.object().unwrap();
            assert!(numbers.insert(object["refund_id"].as_str().unwrap().to_owned()));
            let state = refund.state().unwrap();
            if state != "CLOSED" {
                out += object["amount"]["refund"].as_i64().unwrap();
            }
            arrived += usize::from(state == "SUCCESS");
        }
        assert!(out <= total, "{out} of {total} went back");
        let state = payment.state().unwrap();
        let is_paid = state == "SUCCESS" || state == "REFUND";
        assert_eq!(is_paid, object.get("transaction_id").is_some(), "{object}");
        assert_eq!(state == "REFUND", !refunds.is_empty(), "{object}");
        if is_paid {
            paid += 1;
            assert!(numbers.insert(object["transaction_id"].as_str().unwrap().to_owned()));
        }
    }
    let sent = shop.sandbox.sent_notifications();
    let count = |event: &str| sent.iter().filter(|it| it.event_type == event).count();
    assert_eq!((count("SHOP.PAID"), count("SHOP.REFUNDED")), (paid, arrived));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn money_out_is_at_most_money_in(steps in vec(step(), 1..40)) {
        Runtime::new().unwrap().block_on(async {
            let shop = start().await;
            for step in &steps {
                run(&shop, step).await;
                check(&shop);
            }
        });
    }
}
