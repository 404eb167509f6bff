//! What official pages say WeChat Pay refuses: numbers, counts, reports of transfer scenes.

#![cfg(feature = "full")]

use serde_json::{Value, json};
use wxpay_api::sandbox::Sandbox;

use crate::support::{Forgery, Got, assert_refused};

async fn send(method: &str, path: &str, body: &Value) -> Got {
    let sandbox = Sandbox::builder().examples().start().await.unwrap();
    let forgery = Forgery::new(method, path, body.to_string().into_bytes());
    forgery.header("Content-Type", "application/json").send(&sandbox).await
}

fn native(number: &str) -> Value {
    json!({
        "appid": "wxd678efh567hg6787", "mchid": "1230000109", "description": "tea",
        "out_trade_no": number, "notify_url": "https://example.com/", "amount": { "total": 1 },
    })
}

fn refund(number: &str) -> Value {
    json!({
        "out_trade_no": "order-1", "out_refund_no": number,
        "amount": { "refund": 1, "total": 1, "currency": "CNY" },
    })
}

fn transfer(number: &str, scene: &str, reports: &[&str]) -> Value {
    let report = |kind: &&str| json!({ "info_type": kind, "info_content": "text" });
    json!({
        "appid": "wxf636efh567hg4356", "out_bill_no": number, "openid": "o-MYE42l80oelYMDE34nYD456Xoy",
        "transfer_amount": 400_000, "transfer_remark": "remark", "transfer_scene_id": scene,
        "transfer_scene_report_infos": reports.iter().map(report).collect::<Vec<_>>(),
    })
}

const NATIVE: &str = "/v3/pay/transactions/native";
const REFUND: &str = "/v3/refund/domestic/refunds";
const TRANSFER: &str = "/v3/fund-app/mch-transfer/transfer-bills";
const BONUS: [&str; 2] = ["活动名称", "奖励说明"];
const WAGES: [&str; 2] = ["岗位类型", "报酬说明"];

#[tokio::test]
async fn the_number_of_an_order_has_6_to_32_characters_of_a_set() {
    for right in ["123456", "aZ0_-|*", &"1".repeat(32)] {
        let got = send("POST", NATIVE, &native(right)).await;
        assert_eq!(got.status, 200, "{right}: {}", got.text());
    }
    for (wrong, issue) in [
        ("12345", "6 to 32 characters, not 5"),
        (&"1".repeat(33), "6 to 32 characters, not 33"),
        ("order 1", "letters, digits and any of `_-|*`"),
        ("order@1", "letters, digits"),
        ("订单号一二三", "letters, digits"),
    ] {
        let got = send("POST", NATIVE, &native(wrong)).await;
        assert_refused(&got, &[("body", "out_trade_no", issue)]);
    }
    let query = "/v3/pay/transactions/out-trade-no/1/close";
    let got = send("POST", query, &json!({ "mchid": "1230000109" })).await;
    assert_eq!(got.status, 204, "a path's number is only looked up: {}", got.text());
}

#[tokio::test]
async fn the_number_of_a_refund_has_64_characters_at_most() {
    for right in ["1", "a@b", &"1".repeat(64)] {
        let got = send("POST", REFUND, &refund(right)).await;
        assert_eq!(got.status, 200, "{right}: {}", got.text());
    }
    for (wrong, issue) in [(&*"1".repeat(65), "1 to 64"), ("a b", "letters, digits")] {
        let got = send("POST", REFUND, &refund(wrong)).await;
        assert_refused(&got, &[("body", "out_refund_no", issue)]);
    }
}

#[tokio::test]
async fn the_number_of_a_transfer_has_letters_and_digits_only() {
    let got = send("POST", TRANSFER, &transfer("plfk2020042013", "1000", &BONUS)).await;
    assert_eq!(got.status, 200, "{}", got.text());
    for (wrong, issue) in [("plfk-1", "letters, digits"), (&*"1".repeat(33), "1 to 32")] {
        let got = send("POST", TRANSFER, &transfer(wrong, "1000", &BONUS)).await;
        assert_refused(&got, &[("body", "out_bill_no", issue)]);
    }
}

#[tokio::test]
async fn a_transfer_reports_what_its_scene_wants() {
    const REPORTS: &str = "transfer_scene_report_infos";
    for (scene, right, other) in [("1000", BONUS, WAGES), ("1005", WAGES, BONUS)] {
        let [first, second] = right;
        let both = send("POST", TRANSFER, &transfer("1", scene, &[second, first])).await;
        assert_eq!(both.status, 200, "{}", both.text());
        let one = send("POST", TRANSFER, &transfer("1", scene, &[first])).await;
        assert_refused(&one, &[("body", REPORTS, second)]);
        let none = send("POST", TRANSFER, &transfer("1", scene, &other)).await;
        assert_refused(&none, &[("body", REPORTS, first), ("body", REPORTS, second)]);
    }
    let lax = Sandbox::builder().examples_only().start().await.unwrap();
    let body = transfer("1", "1000", &["活动名称"]).to_string().into_bytes();
    let got = Forgery::post_bytes(TRANSFER, body).send(&lax).await;
    assert_eq!(got.status, 200, "{}", got.text());
    let unknown = send("POST", TRANSFER, &transfer("1", "1009", &["any"])).await;
    assert_eq!(unknown.status, 200, "{}", unknown.text());
}

#[tokio::test]
async fn lists_and_texts_of_payscore_have_their_limits() {
    let order = |introduction: &str, payments: usize, name: &dyn Fn(usize) -> String| {
        let payment =
            |index| json!({ "name": name(index), "amount": 1, "description": "d", "count": 1 });
        json!({
            "out_order_no": "order-1", "appid": "wxd678efh567hg6787", "service_id": "500001",
            "service_introduction": introduction, "notify_url": "https://example.com/",
            "time_range": { "start_time": "20091225091010" },
            "risk_fund": { "name": "DEPOSIT", "amount": 10_000 },
            "post_payments": (0..payments).map(payment).collect::<Vec<_>>(),
        })
    };
    let path = "/v3/payscore/serviceorder";
    let numbered = |index: usize| index.to_string();
    let got = send("POST", path, &order(&"服".repeat(20), 100, &numbered)).await;
    assert_eq!(got.status, 200, "{}", got.text());
    let got = send("POST", path, &order(&"服".repeat(21), 101, &|_| "same".to_owned())).await;
    let expected = [
        ("body", "service_introduction", "0 to 20 characters, not 21"),
        ("body", "post_payments", "at most 100 elements, not 101"),
        ("body", "post_payments", "a name twice"),
    ];
    assert_refused(&got, &expected);
    let cancel = json!({ "appid": "wx1", "service_id": "1", "reason": "因".repeat(51) });
    let got = send("POST", "/v3/payscore/serviceorder/1/cancel", &cancel).await;
    assert_refused(&got, &[("body", "reason", "0 to 50 characters, not 51")]);
}

#[tokio::test]
async fn a_member_that_no_document_has_is_refused() {
    let mut body = native("order-1");
    body["payer"] = json!({ "open_id": "o1" });
    let got = send("POST", NATIVE, &body).await;
    assert_refused(&got, &[("body", "payer.open_id", "is not a member")]);
}
