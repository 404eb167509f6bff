//! What the sandbox refuses for its `Authorization` header.

use serde_json::json;
use wxpay_api::sandbox::Sandbox;

use crate::support::{Forgery, Got, assert_signed, builder, order, start};

/// Asserts an unsigned 401, as WeChat Pay responds if it cannot identify the sender.
fn assert_not_authorized(got: &Got, message: &str) {
    assert_eq!(got.status, 401, "{}", got.text());
    let body = got.json();
    assert_eq!(body["code"], "SIGN_ERROR");
    assert!(body["message"].as_str().unwrap().contains(message), "{body:#}");
    assert!(got.headers.get("Wechatpay-Signature").is_none());
    assert!(got.headers.get("Request-ID").is_some());
}

async fn refused(sandbox: &Sandbox, forgery: Forgery, message: &str) -> Got {
    let got = forgery.send(sandbox).await;
    assert_not_authorized(&got, message);
    got
}

#[tokio::test]
async fn a_right_request_gets_a_signed_response() {
    let sandbox = start().await;
    let got = Forgery::post("/v3/orders", &order()).send(&sandbox).await;
    assert_eq!(got.status, 200, "{}", got.text());
    assert_signed(&sandbox, &got);
}

#[tokio::test]
async fn a_changed_body_is_refused_with_sign_information() {
    let sandbox = start().await;
    let secret = r#"{"appid":"wx999","amount":{"total":10}}"#;
    let forgery =
        Forgery::post_bytes("/v3/orders?a=1", secret.into()).signing_body(order().to_string());
    let got = refused(&sandbox, forgery, "signature").await;
    let detail = &got.json()["detail"];
    assert_eq!(detail["field"], "signature");
    assert_eq!(detail["location"], "authorization");
    assert_eq!(detail["detail"]["issue"], "sign not match");
    let information = &detail["sign_information"];
    assert_eq!(
        (&information["method"], &information["url"]),
        (&json!("POST"), &json!("/v3/orders?a=1"))
    );
    let message = information["truncated_sign_message"].as_str().unwrap();
    assert!(message.starts_with("POST\n/v3/orders?a=1\n"));
    assert!(!got.text().contains("wx999"), "the body is never shown");
    let length = information["sign_message_length"].as_u64().unwrap();
    assert_eq!(length, (message.len() + secret.len() + 1) as u64);
}

#[tokio::test]
async fn another_target_is_refused_byte_for_byte() {
    let sandbox = start().await;
    for (sent, signed) in [
        ("/v3/orders/1", "/v3/orders/2"),
        ("/v3/orders/a%2Fb", "/v3/orders/a%2fb"),
        ("/v3/orders/1?limit=1&state=DONE", "/v3/orders/1?state=DONE&limit=1"),
        ("/v3/orders/1?", "/v3/orders/1"),
        ("/v3/orders/%31", "/v3/orders/1"),
    ] {
        let got = refused(&sandbox, Forgery::get(sent).signing_target(signed), "signature").await;
        assert_eq!(got.json()["detail"]["sign_information"]["url"], sent);
        let right = Forgery::get(sent).send(&sandbox).await;
        assert_eq!(right.status, 200, "{sent}: {}", right.text());
    }
}

#[tokio::test]
async fn another_method_is_refused() {
    let sandbox = start().await;
    refused(&sandbox, Forgery::get("/v3/orders/1").signing_method("POST"), "signature").await;
}

#[tokio::test]
async fn a_timestamp_more_than_five_minutes_away_is_refused() {
    let sandbox = start().await;
    for seconds in [-310, 310] {
        let forgery = Forgery::get("/v3/orders/1").clock(seconds);
        refused(&sandbox, forgery, "5 minutes").await;
    }
    for seconds in [-290, 290] {
        let got = Forgery::get("/v3/orders/1").clock(seconds).send(&sandbox).await;
        assert_eq!(got.status, 200);
    }
    // Milliseconds.
    let forgery = Forgery::get("/v3/orders/1").clock(1_700_000_000_000);
    refused(&sandbox, forgery, "5 minutes").await;
    let forgery = Forgery::get("/v3/orders/1").rewrite("timestamp=\"", "timestamp=\"+");
    refused(&sandbox, forgery, "5 minutes").await;
}

#[tokio::test]
async fn another_merchant_is_refused() {
    let sandbox = start().await;
    let other = builder().mchid("1900000109").start().await.unwrap();
    assert_eq!(other.merchant().id(), "1900000109");
    let forgery = Forgery::get("/v3/orders/1").signer(other.merchant());
    refused(&sandbox, forgery, "`mchid`").await;
}

#[tokio::test]
async fn brands_and_merchants_have_paths_of_their_own() {
    let sandbox = Sandbox::builder().examples().start().await.unwrap();
    let brand = sandbox.add_brand("40001").unwrap();
    let forgery = Forgery::get("/v3/orders/1").signer(brand.merchant());
    refused(&sandbox, forgery, "a brand may call only paths under /brand/").await;
    refused(&sandbox, Forgery::get("/brand/cards"), "only a brand may call paths under /brand/")
        .await;
}

#[tokio::test]
async fn a_brand_in_place_of_the_merchant_is_refused() {
    let sandbox = start().await;
    let forgery = Forgery::get("/v3/orders/1")
        .rewrite("WECHATPAY2-SHA256-RSA2048 mchid", "WECHATPAY-BRAND-SHA256-RSA2048 brand_id");
    refused(&sandbox, forgery, "the scheme").await;
}

#[tokio::test]
async fn another_serial_number_is_refused() {
    let sandbox = start().await;
    let serial = sandbox.merchant().serial().to_string();
    let forgery =
        Forgery::get("/v3/orders/1").rewrite(&serial, "5157F09EFDC096DE15EBE81A47057A7232F1B8E1");
    refused(&sandbox, forgery, "`serial_no`").await;
}

#[tokio::test]
async fn another_key_is_refused() {
    let sandbox = start().await;
    let other = builder().fresh_keys().start().await.unwrap();
    let (own, foreign) = (sandbox.merchant().serial(), other.merchant().serial());
    let forgery = Forgery::get("/v3/orders/1")
        .signer(other.merchant())
        .rewrite(foreign.as_str(), own.as_str());
    refused(&sandbox, forgery, "signature").await;
}

#[tokio::test]
async fn a_malformed_header_is_refused() {
    let sandbox = start().await;
    let get = || Forgery::get("/v3/orders/1");
    refused(&sandbox, get().without("Authorization"), "missing").await;
    refused(&sandbox, get().rewrite("WECHATPAY2-SHA256-RSA2048", "WECHATPAY2-RSA"), "scheme").await;
    refused(&sandbox, get().rewrite(",", ", "), "does not belong here").await;
    refused(&sandbox, get().rewrite("nonce_str", "nonce"), "`nonce`").await;
    refused(&sandbox, get().rewrite("signature=\"", "signature=\"!"), "signature").await;
}

#[tokio::test]
async fn the_pairs_may_come_in_any_order() {
    let sandbox = start().await;
    // Two replacements move the name of the first pair without touching its value.
    let mchid = format!("mchid=\"{}\",", sandbox.merchant().id());
    let at_the_end = format!(",{}", mchid.trim_end_matches(','));
    let forgery = Forgery::get("/v3/orders/1")
        .rewrite(&mchid, "")
        .rewrite("signature=", &format!("{},signature=", at_the_end.trim_start_matches(',')));
    assert_eq!(forgery.send(&sandbox).await.status, 200);
}
