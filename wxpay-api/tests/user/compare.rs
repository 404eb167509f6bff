//! Compares payments and refunds of every shape with the order that they should belong to.

mod combined;
mod pairing;
mod properties;
mod received;
mod shapes;

use serde_json::{Value, json};
use wxpay_api::Decode;
use wxpay_api::compare::{
    Carried, ComparablePayment, ComparableRefund, ExpectedPayment, ExpectedRefund, Matched,
    Mismatch, PaymentFacts, RefundFacts,
};
use wxpay_api::v3::ecommerce::types::Refund as EcommerceRefund;
use wxpay_api::v3::pay::types::{PartnerTransaction, Transaction};
use wxpay_api::v3::refund::types::{Refund, RefundResult};

/// Reads JSON as a response does.
fn read<T: Decode>(json: &Value) -> T {
    wxpay_api::decode(&serde_json::to_vec(json).unwrap(), None).unwrap().0
}

fn paths(result: Result<Matched, Mismatch>) -> Vec<String> {
    match result {
        Ok(_) => Vec::new(),
        Err(mismatch) => mismatch.differences().iter().map(|d| d.path().to_owned()).collect(),
    }
}

fn order() -> ExpectedPayment {
    ExpectedPayment::direct("1900000109", "order-1", 100).appid("wx1")
}

fn payment() -> Value {
    json!({
        "appid": "wx1", "mchid": "1900000109", "out_trade_no": "order-1", "trade_state": "SUCCESS",
        "amount": { "total": 100, "payer_total": 80, "currency": "CNY", "payer_currency": "CNY" },
    })
}

/// The payment with these members of `amount` in place of its own.
fn with_amount(amount: &Value) -> Transaction {
    let mut payment = payment();
    payment["amount"] = amount.clone();
    read(&payment)
}

#[test]
fn an_absent_currency_is_cny_on_both_sides() {
    for amount in [json!({ "total": 100 }), json!({ "total": 100, "currency": null })] {
        let payment = with_amount(&amount);
        assert_eq!(paths(order().check(&payment)), [""; 0]);
        assert_eq!(paths(order().currency("CNY").check(&payment)), [""; 0]);
        assert_eq!(paths(order().currency("USD").check(&payment)), ["amount.currency"]);
    }
    for currency in ["USD", "cny", "CNY ", "CN¥"] {
        let payment = with_amount(&json!({ "total": 100, "currency": currency }));
        assert_eq!(paths(order().check(&payment)), ["amount.currency"], "{currency}");
    }
    let dollars = with_amount(&json!({ "total": 100, "currency": "USD" }));
    assert_eq!(paths(order().currency("USD").check(&dollars)), [""; 0]);
}

#[test]
fn what_the_payer_paid_is_not_the_total() {
    for payer_total in [json!(null), json!(0), json!(100), json!(1_000_000)] {
        let payment = with_amount(&json!({ "total": 100, "payer_total": payer_total }));
        assert_eq!(paths(order().check(&payment)), [""; 0]);
        for total in [json!(99), json!(null), json!(0), json!(-100), json!(10_000)] {
            let payment = with_amount(&json!({ "total": total, "payer_total": 100 }));
            assert_eq!(paths(order().check(&payment)), ["amount.total"], "{total}");
        }
    }
}

#[test]
fn an_absent_or_unreadable_total_is_a_difference() {
    let unreadable =
        [json!("1.00"), json!(100.5), json!("一百"), json!({}), json!([1, 2]), json!(true)];
    for total in unreadable {
        let error = order().check(&with_amount(&json!({ "total": total }))).unwrap_err();
        assert_eq!(paths(Err(error.clone())), ["amount.total"], "{total}");
        assert_eq!(error.differences()[0].found(), None, "{total}");
    }
    let mut payment = payment();
    payment.as_object_mut().unwrap().remove("amount");
    assert_eq!(paths(order().check(&read::<Transaction>(&payment))), ["amount.total"]);
    // A number in a text is read, as in every response.
    assert_eq!(paths(order().check(&with_amount(&json!({ "total": "100" })))), [""; 0]);
}

#[test]
fn an_order_that_expects_an_empty_text_matches_nothing() {
    let mut payment: Transaction = read(&payment());
    payment.appid = String::new();
    assert_eq!(paths(order().appid("").check(&payment)), ["appid"]);
    payment.mchid = String::new();
    payment.out_trade_no = String::new();
    let lost = ExpectedPayment::direct("", "", 100);
    assert_eq!(paths(lost.check(&payment)), ["mchid", "out_trade_no"]);
    let refund = ExpectedRefund::direct("", "", "", 100, 100);
    let found: RefundResult = read(&json!({ "amount": { "refund": 100, "total": 100 } }));
    assert_eq!(paths(refund.check(&found)), ["mchid", "out_trade_no", "out_refund_no"]);
    let refund = ExpectedRefund::partner("", "", "", "", 100, 100);
    let all = ["sp_mchid", "sub_mchid", "out_trade_no", "out_refund_no"];
    assert_eq!(paths(refund.check(&found)), all);
}

#[test]
fn a_payment_of_the_other_mode_differs_in_its_merchants() {
    let direct: Transaction = read(&payment());
    let partner: PartnerTransaction = read(&json!({
        "sp_mchid": "1900000109", "sub_mchid": "1900000201", "out_trade_no": "order-1",
        "amount": { "total": 100 },
    }));
    let provided = ExpectedPayment::partner("1900000109", "1900000201", "order-1", 100);
    assert_eq!(paths(provided.check(&direct)), ["sp_mchid", "sub_mchid"]);
    assert_eq!(paths(order().check(&partner)), ["appid", "mchid"]);
    assert_eq!(paths(provided.check(&partner)), [""; 0]);
}

#[test]
fn a_match_alone_does_not_mean_that_it_is_paid() {
    let states = ["NOTPAY", "CLOSED", "REVOKED", "USERPAYING", "PAYERROR", "REFUND", "success", ""];
    for state in states {
        let mut payment = payment();
        payment["trade_state"] = json!(state);
        assert!(!order().check(&read::<Transaction>(&payment)).unwrap().is_success(), "{state}");
    }
    assert!(order().check(&read::<Transaction>(&payment())).unwrap().is_success());

    let expected = ExpectedRefund::direct("1900000109", "order-1", "refund-1", 30, 100);
    for (status, success) in [
        ("SUCCESS", true),
        ("PROCESSING", false),
        ("CLOSED", false),
        ("CLOSE", false),
        ("ABNORMAL", false),
    ] {
        let amount = json!({ "refund": 30, "total": 100 });
        let json = json!({
            "mchid": "1900000109", "out_trade_no": "order-1", "out_refund_no": "refund-1",
            "status": status, "refund_status": status, "amount": amount,
        });
        let results = [
            expected.check(&read::<Refund>(&json)),
            expected.check(&read::<RefundResult>(&json)),
            expected.check(&read::<EcommerceRefund>(&json)),
        ];
        for result in results {
            assert_eq!(result.unwrap().is_success(), success, "{status}");
        }
    }
}

#[test]
fn members_that_a_type_of_refund_never_carries_are_not_compared() {
    let expected = ExpectedRefund::partner("1", "2", "order-1", "refund-1", 30, 100);
    let json = |status: &str| json!({ "out_refund_no": "refund-1", "status": status, "amount": { "refund": 30 } });
    // Responses to calls have no merchant. Those of e-commerce have no total of the order either.
    let missing = ["out_trade_no", "amount.total"];
    assert_eq!(paths(expected.check(&read::<Refund>(&json("SUCCESS")))), missing);
    let queried = read::<EcommerceRefund>(&json("SUCCESS"));
    assert_eq!(paths(expected.check(&queried)), ["out_trade_no"]);
    // The response to an application has neither the order's number nor a state.
    let applied = read::<EcommerceRefund>(&json(""));
    assert!(!expected.check(&applied).unwrap().is_success());
    let notified = read::<RefundResult>(&json("SUCCESS"));
    let missing = ["sp_mchid", "sub_mchid", "out_trade_no", "amount.total"];
    assert_eq!(paths(expected.check(&notified)), missing);
    assert_eq!(applied.facts().total, Carried::Never);
}

#[test]
fn a_member_that_a_users_type_forgets_is_a_difference() {
    struct Forgetful;

    impl ComparableRefund for Forgetful {
        fn facts(&self) -> RefundFacts<'_> {
            let mut facts = RefundFacts::default();
            (facts.out_refund_no, facts.refund, facts.is_success) = ("refund-1", Some(30), true);
            facts
        }
    }

    let direct = ExpectedRefund::direct("1", "order-1", "refund-1", 30, 100);
    assert_eq!(paths(direct.check(&Forgetful)), ["mchid", "out_trade_no", "amount.total"]);
    let partner = ExpectedRefund::partner("1", "2", "order-1", "refund-1", 30, 100);
    let missing = ["sp_mchid", "sub_mchid", "out_trade_no", "amount.total"];
    assert_eq!(paths(partner.check(&Forgetful)), missing);
}

#[test]
fn a_refund_of_another_order_or_merchant_is_a_difference_in_every_type_that_has_them() {
    let expected = ExpectedRefund::direct("1900000109", "order-1", "refund-1", 30, 100);
    let json = json!({
        "mchid": "1900000110", "out_trade_no": "order-2", "out_refund_no": "refund-1",
        "status": "SUCCESS", "refund_status": "SUCCESS", "amount": { "refund": 30, "total": 100 },
    });
    assert_eq!(paths(expected.check(&read::<Refund>(&json))), ["out_trade_no"]);
    assert_eq!(paths(expected.check(&read::<RefundResult>(&json))), ["mchid", "out_trade_no"]);
    assert_eq!(paths(expected.check(&read::<EcommerceRefund>(&json))), ["out_trade_no"]);
}

#[test]
fn a_refund_of_another_amount_is_distinguished_from_the_orders_total() {
    let expected = ExpectedRefund::direct("1900000109", "order-1", "refund-1", 30, 100);
    let refund = |amount: Value| {
        let json = json!({
            "out_trade_no": "order-1", "out_refund_no": "refund-1", "amount": amount,
        });
        read::<Refund>(&json)
    };
    let payers = json!({ "refund": 30, "total": 100, "payer_refund": 1, "payer_total": 2 });
    assert_eq!(paths(expected.check(&refund(payers))), [""; 0]);
    let swapped = json!({ "refund": 100, "total": 30, "payer_refund": 30, "payer_total": 100 });
    assert_eq!(paths(expected.check(&refund(swapped))), ["amount.refund", "amount.total"]);
}

#[test]
fn a_mismatch_names_the_differences_and_is_fit_for_logs() {
    let mut payment = payment();
    payment["appid"] = json!(format!("wx\r\nHTTP/1.1 200\u{1b}[2J{}", "x".repeat(70_000)));
    payment["mchid"] = json!(null);
    payment["amount"]["total"] = json!(1);
    let error = order().check(&read::<Transaction>(&payment)).unwrap_err();
    let text = error.to_string();
    assert!(text.starts_with("the payment differs from your order: `appid` is `wx"), "{text}");
    assert!(text.contains("`mchid` is absent (expected `1900000109`)"), "{text}");
    assert!(text.contains("`amount.total` is `1` (expected `100`)"), "{text}");
    for text in [text, format!("{error:?}")] {
        assert!(text.len() < 700 && !text.contains(char::is_control), "{text}");
    }
    let [appid, mchid, total] = error.differences() else { panic!("{error}") };
    assert_eq!(appid.expected(), Some("wx1"));
    assert_eq!((mchid.expected(), mchid.found()), (Some("1900000109"), None));
    assert_eq!((total.expected(), total.found()), (Some("100"), Some("1")));
    let source: &dyn std::error::Error = &error;
    assert!(source.source().is_none());
}

#[test]
fn a_users_type_is_compared_alike() {
    struct Fee(i64);

    impl ComparablePayment for Fee {
        fn facts(&self) -> PaymentFacts<'_> {
            let mut facts = PaymentFacts::default();
            facts.mchid = "1900000109";
            facts.appid = "wx1";
            facts.out_trade_no = "order-1";
            facts.total = Some(self.0);
            facts
        }
    }

    assert_eq!(paths(order().check(&Fee(100))), [""; 0]);
    assert_eq!(paths(order().check(&Fee(1))), ["amount.total"]);
    assert!(!order().check(&Fee(100)).unwrap().is_success());
}
