//! The exit codes of calls that fail, and what was executed.

use serde_json::json;
use wxpay_api::sandbox::{Fault, PlannedResponse, SignatureFault};

use crate::support::Folder;

const REFUNDS: &str = "/v3/refund/domestic/refunds";
const NATIVE: [&str; 6] = [
    "POST /v3/pay/transactions/native",
    "appid=wxd678efh567hg6787",
    "description=QQ公仔",
    "out_trade_no=order-1",
    "notify_url=https://shop.example/notify",
    "amount.total=100",
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_unknown_outcome_is_told_and_never_sent_again() {
    for fault in [Fault::CloseAfterReading, Fault::ResetAfterReading, Fault::TruncatedBody] {
        let folder = Folder::start().await;
        folder.sandbox.inject_fault(fault.clone());
        let run = folder.call_json(&NATIVE).fails(4);
        let executed = folder.sandbox.executions("POST", "/v3/pay/transactions/native");
        assert_eq!(executed.expect("an operation"), 1, "{fault:?}");
        assert_eq!(folder.sandbox.received().len(), 1, "{fault:?}");
        let detail = &run.error()["detail"];
        assert_eq!((&detail["outcome"], &detail["attempts"]), (&json!("unknown"), &json!(1)));
        let query = detail["query"].as_str().expect("a query");
        let name = "GET /v3/pay/transactions/out-trade-no/{out_trade_no}";
        assert_eq!(query, format!("wxpay call '{name}' out_trade_no=order-1"));
        // The query that was told finds the order.
        let order = folder.call_json(&[name, "out_trade_no=order-1"]).ok().json();
        assert_eq!(order["body"]["trade_state"], "NOTPAY");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_error_after_which_the_library_would_retry_is_not_retried() {
    let folder = Folder::start().await;
    folder.sandbox.inject_fault(Fault::Unavailable { status: 500, retry_after: None });
    let run = folder.call(&NATIVE).fails(4);
    assert!(run.stderr.contains("sent once, and is not sent again"), "{}", run.stderr);
    assert_eq!(folder.sandbox.received().len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_query_is_retried_because_it_changes_nothing() {
    let folder = Folder::start().await;
    folder.call(&NATIVE).ok();
    folder.sandbox.inject_fault(Fault::CloseAfterReading);
    folder.call(&["/v3/pay/transactions/out-trade-no/order-1"]).ok();
    assert_eq!(folder.sandbox.received().len(), 3);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refusal_has_code_message_and_request_id() {
    let folder = Folder::start().await;
    let run = folder.call_json(&["/v3/pay/transactions/out-trade-no/unknown"]).fails(3);
    let detail = &run.error()["detail"];
    assert_eq!(detail["code"], "ORDER_NOT_EXIST");
    assert_eq!(detail["outcome"], "refused");
    assert!(detail["message"].is_string() && detail["request_id"].is_string(), "{detail}");
    let text = folder.call(&["/v3/pay/transactions/out-trade-no/unknown"]).fails(3).stderr;
    assert!(text.contains("ORDER_NOT_EXIST") && text.contains("request id"), "{text}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_forged_response_leaves_the_outcome_of_an_order_unknown() {
    let folder = Folder::start().await;
    folder.sandbox.inject_fault(Fault::Signature(SignatureFault::OtherBody));
    let run = folder.call_json(&NATIVE).fails(4);
    assert_eq!(run.error()["detail"]["outcome"], "unknown");
    assert!(run.error()["error"].as_str().is_some_and(|text| text.contains("outcome is unknown")));
    assert_eq!(folder.sandbox.received().len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_unreadable_success_was_executed() {
    let folder = Folder::start().await;
    folder.sandbox.inject_fault(Fault::Garbage { length: 40 });
    let run = folder.call_json(&NATIVE).fails(5);
    assert_eq!(run.error()["detail"]["outcome"], "accepted");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_not_sent_is_a_plain_failure() {
    let folder = Folder::start().await;
    let emoji = [&NATIVE[..], &["attach=🎁"]].concat();
    let run = folder.call_json(&emoji).fails(1);
    assert_eq!(run.error()["detail"]["outcome"], "not-sent");
    assert!(folder.sandbox.received().is_empty());
    // No sandbox listens there any more.
    let Folder { sandbox, folder: files } = folder;
    let environment = files.path().join("env.json");
    let text = std::fs::read_to_string(&environment).expect("env.json");
    let dead = text.replace(sandbox.url(), sandbox.dead_url());
    std::fs::write(&environment, dead).expect("env.json");
    let folder = Folder { sandbox, folder: files };
    folder.call(&NATIVE).fails(1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refund_of_an_unknown_outcome_is_queried_by_its_number() {
    let folder = Folder::start().await;
    let made = folder.call_json(&NATIVE).ok().json();
    let code = made["body"]["code_url"].as_str().expect("a code");
    folder.sandbox.open_payment(code).expect("an order").pay().expect("paid");
    folder.sandbox.inject_fault(Fault::CloseAfterReading);
    let refund = [
        "POST /v3/refund/domestic/refunds",
        "out_trade_no=order-1",
        "out_refund_no=refund-1",
        "amount.refund=100",
        "amount.total=100",
        "amount.currency=CNY",
    ];
    let run = folder.call_json(&refund).fails(4);
    assert_eq!(folder.sandbox.executions("POST", REFUNDS).expect("an operation"), 1);
    let query = run.error()["detail"]["query"].clone();
    assert_eq!(
        query,
        "wxpay call 'GET /v3/refund/domestic/refunds/{out_refund_no}' out_refund_no=refund-1"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_deviating_response_is_listed() {
    let folder = Folder::start().await;
    let response = json!({ "out_trade_no": "order-1", "amount": { "total": "100" } });
    let path = "/v3/pay/transactions/out-trade-no/{out_trade_no}";
    let response = PlannedResponse::json(response).unchecked();
    folder.sandbox.respond("GET", path, response).expect("planned");
    let run = folder.call_json(&["/v3/pay/transactions/out-trade-no/order-1"]).ok();
    assert_eq!(
        run.json()["corrections"],
        json!(["amount.total: expected an integer, found a text"])
    );
}
