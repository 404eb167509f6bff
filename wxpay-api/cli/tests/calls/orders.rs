//! An order by `wxpay call`: made, queried, paid, refunded.

use serde_json::json;

use wxpay_api::sandbox::{PlannedResponse, Sandbox};

use crate::support::{Folder, body, wxpay_with_input};

const NATIVE: &str = "POST /v3/pay/transactions/native";
const ORDER: [&str; 6] = [
    NATIVE,
    "appid=wxd678efh567hg6787",
    "description=QQ公仔",
    "out_trade_no=20250301",
    "notify_url=https://shop.example/notify",
    "amount.total=100",
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_order_is_made_and_queried() {
    let folder = Folder::start().await;
    let made = folder.call_json(&ORDER).ok().json();
    assert_eq!(made["status"], 200);
    assert!(made["request_id"].is_string());
    assert_eq!(made["filled_in"], json!({ "mchid": "1230000109" }));
    let code_url = made["body"]["code_url"].as_str().expect("a code");
    folder.sandbox.open_payment(code_url).expect("an order").pay().expect("paid");

    // By a URL that is filled in: a number of digits stays a text.
    let order = folder.call_json(&["/v3/pay/transactions/out-trade-no/20250301"]).ok().json();
    assert_eq!(order["body"]["trade_state"], "SUCCESS");
    assert_eq!(order["body"]["out_trade_no"], "20250301");
    assert_eq!(order["corrections"], json!([]));
    // By name, with members.
    let name = "v3.pay.transactions.out_trade_no.out_trade_no.get";
    let order = folder.call_json(&[name, "out_trade_no=20250301", "mchid=1230000109"]).ok().json();
    assert_eq!(order["filled_in"], json!({}));
    assert_eq!(order["body"]["amount"]["total"], 100);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn members_come_from_data_and_arguments() {
    let folder = Folder::start().await;
    folder.sandbox.reset();
    let order = json!({
        "appid": "wxd678efh567hg6787",
        "description": "QQ公仔",
        "out_trade_no": "data-1",
        "notify_url": "https://shop.example/notify",
        "amount": { "total": 1 },
        "detail": { "goods_detail": [{ "merchant_goods_id": "1", "quantity": 1, "unit_price": 2 }] },
    });
    let file = folder.file("order.json", order.to_string().as_bytes());
    let dir = folder.path().to_str().expect("a path");
    let from_file = format!("@{file}");
    let extra = [
        "amount.total=300",
        "detail.goods_detail[0].goods_name=QQ",
        "detail.goods_detail[].merchant_goods_id=2",
        "detail.goods_detail[1].quantity=1",
        "detail.goods_detail[1].unit_price=1",
        "settle_info:={\"profit_sharing\": true}",
    ];
    folder.call(&[&[NATIVE, "--data", &from_file][..], &extra].concat()).ok();
    let sent = body(&folder.last());
    assert_eq!(sent["amount"], json!({ "total": 300 }));
    assert_eq!(sent["detail"]["goods_detail"][0]["goods_name"], "QQ");
    assert_eq!(sent["detail"]["goods_detail"][1]["merchant_goods_id"], "2");
    assert_eq!(sent["settle_info"]["profit_sharing"], true);

    let arguments = ["--json", "call", "--dir", dir, NATIVE, "--data", "-", "out_trade_no=data-2"];
    let made = wxpay_with_input(&arguments, &order.to_string()).ok();
    assert!(made.json()["body"]["code_url"].is_string());
    let inline = order.to_string();
    let mended = folder.call(&[NATIVE, "--data", &inline, "out_trade_no=data-3"]).ok();
    assert!(
        mended.stderr.contains("mchid=1230000109 (from the configuration)"),
        "{}",
        mended.stderr
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dry_run_sends_nothing() {
    let folder = Folder::start().await;
    let shown = folder.call_json(&[&ORDER[..], &["--dry-run"]].concat()).ok().json();
    assert_eq!(shown["sent"], false);
    assert_eq!(shown["body"]["amount"]["total"], 100);
    assert_eq!(shown["url"], format!("{}/v3/pay/transactions/native", folder.sandbox.url()));
    let text = folder.call(&[&ORDER[..], &["--dry-run"]].concat()).ok().stdout;
    assert!(text.contains("(not sent)") && !text.contains('\u{1b}'), "{text}");
    assert!(folder.sandbox.received().is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_undescribed_operation_is_called_by_its_url() {
    let folder = Folder::of(Sandbox::builder().undescribed("POST", "/v3/some/new/api")).await;
    let response = PlannedResponse::json(json!({ "state": "DONE" }));
    folder.sandbox.respond("POST", "/v3/some/new/api", response).expect("planned");
    let call =
        ["--undescribed", "POST", "/v3/some/new/api?mode=a%2Fb", "number=1", "deep.count:=2"];
    let done = folder.call_json(&call).ok().json();
    assert_eq!(done["body"], json!({ "state": "DONE" }));
    let request = folder.last();
    assert_eq!(request.target, "/v3/some/new/api?mode=a%2Fb");
    assert_eq!(body(&request), json!({ "number": "1", "deep": { "count": 2 } }));
    let without = folder.call(&["POST", "/v3/some/new/api"]).fails(2);
    assert!(without.stderr.contains("is no operation"), "{}", without.stderr);
}
