//! What the sandbox refuses for its body.

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::support::{Forgery, assert_refused, assert_signed, order, order_with, start};

async fn refused(body: Value, expected: &[(&str, &str, &str)]) {
    let sandbox = start().await;
    let got = Forgery::post("/v3/orders", &body).send(&sandbox).await;
    assert_refused(&got, expected);
    assert_signed(&sandbox, &got);
}

async fn accepted(body: Value) {
    let sandbox = start().await;
    let got = Forgery::post("/v3/orders", &body).send(&sandbox).await;
    assert_eq!(got.status, 200, "{}", got.text());
}

#[tokio::test]
async fn all_problems_are_reported_at_once() {
    let body = json!({ "amount": { "total": "10", "more": 1 }, "surprise": true, "level": 9 });
    let expected = [
        ("body", "surprise", "is not a member"),
        ("body", "appid", "is required"),
        ("body", "amount.more", "is not a member"),
        ("body", "amount.total", "must be an integer, not a string"),
        ("body", "level", "must be one of 7, 8"),
    ];
    refused(body, &expected).await;
}

#[tokio::test]
async fn the_message_names_the_first_problems_for_logs() {
    let sandbox = start().await;
    let got = Forgery::post("/v3/orders", &json!({ "a": 1, "b": 1, "c": 1, "d": 1 }))
        .send(&sandbox)
        .await;
    let message = got.json()["message"].as_str().unwrap().to_owned();
    assert!(message.starts_with("body `a` is not a member"), "{message}");
    assert!(message.ends_with("and 1 more problems"), "{message}");
}

#[tokio::test]
async fn a_missing_nested_member_is_refused() {
    let body = json!({ "appid": "wx1", "amount": {}, "goods": [{ "name": "pen" }, {}] });
    let expected = [("body", "amount.total", "required"), ("body", "goods[1].name", "required")];
    refused(body, &expected).await;
}

#[tokio::test]
async fn null_is_refused_everywhere() {
    refused(order_with("attach", Value::Null), &[("body", "attach", "null")]).await;
    refused(order_with("appid", Value::Null), &[("body", "appid", "null")]).await;
    refused(order_with("detail", Value::Null), &[("body", "detail", "null")]).await;
    refused(order_with("tags", json!([null])), &[("body", "tags[0]", "null")]).await;
}

#[tokio::test]
async fn an_empty_text_is_refused_where_a_value_is_required() {
    refused(order_with("appid", json!("")), &[("body", "appid", "empty")]).await;
    accepted(order_with("attach", json!(""))).await;
}

#[tokio::test]
async fn every_type_is_checked() {
    for (name, wrong, kind) in [
        ("attach", json!(1), "a string, not a number"),
        ("amount", json!([]), "an object, not a list"),
        ("goods", json!({}), "a list, not an object"),
        ("open", json!("true"), "a boolean, not a string"),
        ("rate", json!("1.5"), "a number, not a string"),
        ("level", json!("7"), "an integer, not a string"),
        ("phone", json!(13900000000_u64), "an encrypted string, not a number"),
        ("scene", json!({ "device_id": "1" }), "a string with JSON inside, not an object"),
        ("goods", json!(["pen"]), "an object, not a string"),
    ] {
        let field = if wrong == json!(["pen"]) { "goods[0]" } else { name };
        refused(order_with(name, wrong), &[("body", field, kind)]).await;
    }
    let fraction = json!({ "appid": "wx1", "amount": { "total": 1.5 } });
    refused(fraction, &[("body", "amount.total", "an integer")]).await;
}

#[tokio::test]
async fn right_values_of_every_type_are_accepted() {
    let body = json!({
        "appid": "wx123", "amount": { "total": 1000, "currency": "HKD" }, "attach": "附加",
        "goods": [{ "name": "pen" }], "tags": ["a", "b"], "open": false, "rate": 1.5,
        "detail": { "any": [null, 1] }, "level": 8, "scene": "{\"device_id\":\"1\"}",
        "tree": { "leaf": "l", "branches": [{ "leaf": "m", "branches": [] }] },
    });
    accepted(body).await;
}

#[tokio::test]
async fn enums_and_ranges_are_checked() {
    let amount = |total: i64, currency: &str| json!({ "total": total, "currency": currency });
    refused(order_with("amount", amount(1, "USD")), &[("body", "amount.currency", "CNY, HKD")])
        .await;
    refused(order_with("amount", amount(0, "CNY")), &[("body", "amount.total", "at least 1")])
        .await;
    refused(order_with("amount", amount(1001, "CNY")), &[("body", "amount.total", "at most 1000")])
        .await;
}

#[tokio::test]
async fn a_pattern_must_match_the_whole_text() {
    for wrong in ["2025010", "202501011", "a20250101", "20250101\n"] {
        let expected = [("body", "time", "must match")];
        refused(order_with("time", json!(wrong)), &expected).await;
    }
    for right in ["20250101", "20250101120000"] {
        accepted(order_with("time", json!(right))).await;
    }
}

#[tokio::test]
async fn json_inside_a_string_is_checked_too() {
    refused(order_with("scene", json!("{")), &[("body", "scene", "JSON inside a string")]).await;
    refused(order_with("scene", json!("{}")), &[("body", "scene.device_id", "required")]).await;
    refused(order_with("scene", json!("[]")), &[("body", "scene", "an object, not a list")]).await;
}

#[tokio::test]
async fn characters_of_four_bytes_are_refused() {
    refused(order_with("attach", json!("😀")), &[("body", "attach", "four UTF-8 bytes")]).await;
}

#[tokio::test]
async fn a_body_that_is_not_json_is_refused() {
    let sandbox = start().await;
    for body in [&b"{"[..], b"\xff", b"appid=1"] {
        let got = Forgery::post_bytes("/v3/orders", body.to_vec()).send(&sandbox).await;
        assert_refused(&got, &[("body", "/", "must be JSON")]);
    }
    let got = Forgery::post("/v3/orders", &json!([])).send(&sandbox).await;
    assert_refused(&got, &[("body", "/", "an object, not a list")]);
}

#[tokio::test]
async fn a_missing_body_lacks_its_members() {
    let sandbox = start().await;
    let got = Forgery::new("POST", "/v3/orders", Vec::new()).send(&sandbox).await;
    assert_refused(&got, &[("body", "appid", "required"), ("body", "amount", "required")]);
    let got = Forgery::new("POST", "/v3/slash/", Vec::new()).send(&sandbox).await;
    assert_eq!(got.status, 202, "{}", got.text());
}

#[tokio::test]
async fn an_operation_without_a_body_takes_none_or_an_empty_object() {
    let sandbox = start().await;
    let close = |body: &str| {
        Forgery::post_bytes("/v3/orders/1/close", body.into()).header("Idempotency-Key", "k1")
    };
    for body in ["", "{}"] {
        let got = close(body).send(&sandbox).await;
        assert_eq!((got.status, got.body.len()), (204, 0), "{}", got.text());
        assert_signed(&sandbox, &got);
    }
    assert_refused(&close("{\"a\":1}").send(&sandbox).await, &[("body", "/", "must be empty")]);
    let got = Forgery::new("GET", "/v3/orders/latest", b"{}".to_vec())
        .header("Content-Type", "application/json")
        .send(&sandbox)
        .await;
    assert_refused(&got, &[("body", "/", "must be empty")]);
}

#[tokio::test]
async fn headers_are_checked() {
    let sandbox = start().await;
    let post = || Forgery::post("/v3/orders", &order());
    for (forgery, field, issue) in [
        (post().without("Accept"), "Accept", "required"),
        (post().header("Accept", "text/html"), "Accept", "application/json"),
        (post().without("User-Agent"), "User-Agent", "required"),
        (post().without("Content-Type"), "Content-Type", "application/json"),
        (post().header("Content-Type", "text/plain"), "Content-Type", "application/json"),
        (post().header("Wechatpay-Serial", "PUB_KEY_ID_1"), "Wechatpay-Serial", "names no key"),
        (Forgery::post("/v3/orders/1/close", &json!({})), "Idempotency-Key", "required"),
    ] {
        assert_refused(&forgery.send(&sandbox).await, &[("header", field, issue)]);
    }
    for content_type in ["application/json; charset=utf-8", "Application/JSON"] {
        let got = post().header("Content-Type", content_type).send(&sandbox).await;
        assert_eq!(got.status, 200, "{}", got.text());
    }
    assert_eq!(post().header("Accept", "*/*").send(&sandbox).await.status, 200);
}

#[tokio::test]
async fn a_payment_must_be_for_the_merchant_that_signs() {
    let sandbox = start().await;
    let pay =
        |mchid: &str| Forgery::post("/v3/pay/transactions/native", &json!({ "mchid": mchid }));
    let got = pay("1900000109").send(&sandbox).await;
    assert_refused(&got, &[("body", "mchid", "the merchant of the Authorization")]);
    assert_eq!(pay(sandbox.merchant().id()).send(&sandbox).await.status, 200);
}

/// Only eight long bodies are read at a time. The others wait, and none is lost.
#[tokio::test]
async fn long_bodies_take_turns() {
    let sandbox = start().await;
    let address = sandbox.url().trim_start_matches("http://");
    let body = vec![b' '; 2 << 20];
    let (first, rest) = body.split_at(1000);
    let head = format!("POST /v3/orders HTTP/1.1\r\nHost: x\r\nContent-Length: {}\r\n", body.len());
    let mut begun = Vec::new();
    for _ in 0..20 {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(format!("{head}Connection: close\r\n\r\n").as_bytes()).await.unwrap();
        stream.write_all(first).await.unwrap();
        begun.push(stream);
    }
    let short = Forgery::post("/v3/orders", &order()).send(&sandbox).await;
    assert_eq!(short.status, 200, "a short body waits for none of them");
    let ends = begun.into_iter().map(|mut stream| async move {
        stream.write_all(rest).await.unwrap();
        let mut response = String::new();
        stream.read_to_string(&mut response).await.unwrap();
        assert!(response.starts_with("HTTP/1.1 401 "), "{response}");
    });
    futures_util::future::join_all(ends).await;
}
