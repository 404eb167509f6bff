//! Sub-orders are compared one to one, in any order.

use serde_json::{Value, json};
use wxpay_api::compare::{ExpectedCombinedPayment, ExpectedSubOrder};
use wxpay_api::v3::combine_transactions::types::CombineTransaction;

use super::{paths, read};

fn basket() -> ExpectedCombinedPayment {
    ExpectedCombinedPayment::new("1900000109", "basket-1")
}

fn expected(number: &str, total: i64) -> ExpectedSubOrder {
    ExpectedSubOrder::new("1900000109", number, total)
}

fn sub_order(number: &str, total: i64) -> Value {
    json!({
        "mchid": "1900000109", "out_trade_no": number, "trade_state": "SUCCESS",
        "amount": { "total_amount": total, "payer_amount": 1 },
    })
}

fn paid(sub_orders: &[Value]) -> CombineTransaction {
    read(&json!({
        "combine_mchid": "1900000109", "combine_out_trade_no": "basket-1", "sub_orders": sub_orders,
    }))
}

#[test]
fn the_order_of_the_list_does_not_matter() {
    let orders = basket().sub_orders([expected("a", 1), expected("b", 2), expected("c", 3)]);
    let found = [sub_order("c", 3), sub_order("a", 1), sub_order("b", 2)];
    assert!(orders.check(&paid(&found)).unwrap().is_success());
    let swapped = [sub_order("c", 3), sub_order("a", 2), sub_order("b", 1)];
    let places = ["sub_orders[1].amount.total_amount", "sub_orders[2].amount.total_amount"];
    assert_eq!(paths(orders.check(&paid(&swapped))), places);
}

#[test]
fn a_sub_order_that_is_missing_or_one_too_many_is_a_difference() {
    let orders = basket().sub_orders([expected("a", 1), expected("b", 2)]);
    let error = orders.check(&paid(&[sub_order("a", 1)])).unwrap_err();
    assert_eq!(error.differences()[0].path(), "sub_orders[].out_trade_no");
    assert_eq!(error.differences()[0].expected(), Some("b"));
    assert_eq!(error.differences().len(), 1);

    let more = [sub_order("x", 9), sub_order("b", 2), sub_order("a", 1)];
    let error = orders.check(&paid(&more)).unwrap_err();
    assert_eq!(paths(Err(error.clone())), ["sub_orders[0].out_trade_no"]);
    assert!(
        error.to_string().contains("`sub_orders[0].out_trade_no` is `x` (one more than expected)")
    );

    let others = [sub_order("a", 1), sub_order("x", 2), sub_order("y", 2)];
    let (first, second) = ("sub_orders[1].out_trade_no", "sub_orders[2].out_trade_no");
    assert_eq!(
        paths(basket().sub_orders([expected("a", 1)]).check(&paid(&others))),
        [first, second]
    );
}

#[test]
fn a_sub_order_that_comes_twice_is_a_difference() {
    let orders = basket().sub_orders([expected("a", 1), expected("b", 2)]);
    let twice = [sub_order("a", 1), sub_order("b", 2), sub_order("a", 1)];
    assert_eq!(paths(orders.check(&paid(&twice))), ["sub_orders[2].out_trade_no"]);
    let instead = [sub_order("a", 1), sub_order("a", 2)];
    assert_eq!(paths(orders.check(&paid(&instead))), ["sub_orders[1].out_trade_no"]);
}

#[test]
fn nothing_matches_an_expectation_without_sub_orders() {
    assert_eq!(paths(basket().check(&paid(&[]))), ["sub_orders"]);
    let found = paid(&[sub_order("a", 1)]);
    assert_eq!(paths(basket().check(&found)), ["sub_orders[0].out_trade_no"]);
    let orders = basket().sub_order(expected("a", 1));
    assert_eq!(paths(orders.check(&paid(&[]))), ["sub_orders[].out_trade_no"]);
}

#[test]
fn two_merchants_may_have_the_same_number() {
    let orders = basket()
        .sub_order(expected("a", 1).sub_mchid("1900000201"))
        .sub_order(expected("a", 2).sub_mchid("1900000202"));
    let of = |shop: &str, total| {
        let mut found = sub_order("a", total);
        found["sub_mchid"] = json!(shop);
        found
    };
    let found = [of("1900000202", 2), of("1900000201", 1)];
    assert_eq!(paths(orders.check(&paid(&found))), [""; 0]);
    let exchanged = [of("1900000202", 1), of("1900000201", 2)];
    assert_eq!(paths(orders.check(&paid(&exchanged))).len(), 2);
}

#[test]
fn an_order_is_paid_when_every_sub_order_is() {
    let orders = basket().sub_orders([expected("a", 1), expected("b", 2)]);
    for state in ["NOTPAY", "REFUND", "CLOSED", ""] {
        let mut open = sub_order("b", 2);
        open["trade_state"] = json!(state);
        assert!(!orders.check(&paid(&[sub_order("a", 1), open])).unwrap().is_success(), "{state}");
    }
}

#[test]
fn a_sub_order_of_a_person_is_identified_by_its_authorisation() {
    let orders = basket().sub_order(ExpectedSubOrder::individual("auth-1", "a", 1));
    let mut found = sub_order("a", 1);
    assert_eq!(paths(orders.check(&paid(&[found.clone()]))), ["sub_orders[0].individual_auth_id"]);
    found["individual_auth_id"] = json!("auth-1");
    assert_eq!(paths(orders.check(&paid(&[found]))), [""; 0]);
}

#[test]
fn the_text_of_many_differences_stays_short() {
    let found: Vec<_> = (0..2000).map(|number| sub_order(&format!("x{number}"), 1)).collect();
    let error = basket().sub_order(expected("a", 1)).check(&paid(&found)).unwrap_err();
    assert_eq!(error.differences().len(), 2001);
    assert!(error.to_string().contains(", and 1991 more"), "{error}");
    assert!(error.to_string().len() < 1500, "{error}");
}
