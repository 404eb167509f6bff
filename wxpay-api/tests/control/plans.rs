//! Planned responses, faults, bills, keys, accounts, notifications and the journal over HTTP.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::http::HeaderMap;
use axum::routing::post;
use serde_json::{Value, json};
use wxpay_api::sandbox::Sandbox;
use wxpay_api::v3::pay::types::Transaction;

use crate::support::{Got, Raw, order, plan, start};

async fn call(sandbox: &Sandbox, method: &str, target: &str, body: Value) -> Got {
    Raw::json(method, target, &body).send(sandbox).await
}

#[tokio::test]
async fn a_planned_response_is_sent_once() {
    let sandbox = start().await;
    let wx = sandbox.client().unwrap();
    let path = "/v3/pay/transactions/out-trade-no/{out_trade_no}";
    plan(&sandbox, "GET", path, json!({ "trade_state": "SUCCESS" })).await;
    let listed = Raw::get("/_sandbox/responses").send(&sandbox).await.json();
    assert_eq!(listed["responses"][0]["path"], path);
    let query = "/v3/pay/transactions/out-trade-no/order-1?mchid=1230000109";
    let response = wx.get(query).await.unwrap();
    assert_eq!(response["trade_state"], "SUCCESS");
    let listed = Raw::get("/_sandbox/responses").send(&sandbox).await.json();
    assert_eq!(listed["responses"], json!([]));

    let error = json!({ "code": "SYSTEM_ERROR", "message": "系统错误" });
    let body = json!({ "method": "GET", "path": path, "status": 500, "error": error });
    assert_eq!(call(&sandbox, "POST", "/_sandbox/responses", body.clone()).await.status, 204);
    let cleared = Raw::new("DELETE", "/_sandbox/responses").send(&sandbox).await;
    assert_eq!(cleared.status, 204);
    let listed = Raw::get("/_sandbox/responses").send(&sandbox).await.json();
    assert_eq!(listed["responses"], json!([]));
}

#[tokio::test]
async fn faults_hit_the_next_exchange() {
    let sandbox = start().await;
    let wx = sandbox.client().unwrap();
    let fault = json!({ "fault": "signature-other-body" });
    assert_eq!(call(&sandbox, "POST", "/_sandbox/faults", fault).await.status, 204);
    let error = wx.get("/v3/certificates").allow_retries(false).await.unwrap_err();
    assert!(error.to_string().contains("signature"), "{error}");
    assert!(wx.get("/v3/certificates").await.is_ok());
}

#[tokio::test]
async fn faults_of_notifications_are_injected_listed_and_forgotten() {
    let sandbox = start().await;
    let path = "/_sandbox/notifications/faults";
    for body in [
        json!({ "fault": "signature-probe", "event_type": "TRANSACTION.SUCCESS" }),
        json!({ "fault": "signature-without", "header": "Wechatpay-Nonce" }),
        json!({ "fault": "signature-type", "scheme": "WECHATPAY2-UNKNOWN" }),
        json!({ "fault": "by-certificate" }),
        json!({ "fault": "lost" }),
        json!({ "fault": "acknowledgement-lost" }),
        json!({ "fault": "delay", "pause": "5ms" }),
    ] {
        assert_eq!(call(&sandbox, "POST", path, body.clone()).await.status, 204, "{body}");
    }
    let listed = Raw::get(path).send(&sandbox).await.json();
    let listed: Vec<_> = listed["faults"].as_array().unwrap().clone();
    assert_eq!(listed.len(), 7);
    assert_eq!(
        listed[0],
        json!({ "event_type": "TRANSACTION.SUCCESS", "fault": "signature-probe" })
    );
    assert_eq!(listed[4], json!({ "event_type": null, "fault": "lost" }));
    assert_eq!(sandbox.unfetched().len(), 7);
    assert_eq!(Raw::new("DELETE", path).send(&sandbox).await.status, 204);
    sandbox.finish().unwrap();
}

#[tokio::test]
async fn mistyped_names_are_refused_with_what_was_meant() {
    let sandbox = start().await;
    let cases = [
        ("POST", "/_sandbox/faults", json!({ "fault": "signature-prob" }), "signature-probe"),
        ("POST", "/_sandbox/faults", json!({ "fualt": "html" }), "`fault`"),
        (
            "POST",
            "/_sandbox/faults",
            json!({ "fault": "signature-without", "header": "Wechatpay-Nonse" }),
            "Wechatpay-Nonce",
        ),
        (
            "PUT",
            "/_sandbox/accounts/1230000109/keys/mode",
            json!({ "mode": "migratin" }),
            "`migrating`",
        ),
        ("PUT", "/_sandbox/bill", json!({ "rows": 1, "digest": "rong" }), "`wrong`"),
        ("POST", "/_sandbox/clock/advance", json!({ "bye": 1 }), "`by`"),
        ("POST", "/_sandbox/front-end/pay", json!({ "parameters": {}, "action": "pya" }), "`pay`"),
        (
            "POST",
            "/_sandbox/front-end/verify",
            json!({ "parameters": {}, "kind": "jsap" }),
            "`jsapi`",
        ),
        (
            "POST",
            "/_sandbox/accounts",
            json!({ "id": "1900000200", "kind": "marchant" }),
            "`merchant`",
        ),
        ("POST", "/_sandbox/fault", json!({}), "`/_sandbox/faults`"),
        (
            "PUT",
            "/_sandbox/accounts/1230000108/keys/mode",
            json!({ "mode": "migrating" }),
            "`1230000109`",
        ),
        (
            "POST",
            "/_sandbox/notifications",
            json!({ "name": "x", "url": "http://127.0.0.1:1", "by_certificat": true }),
            "`by_certificate`",
        ),
        (
            "POST",
            "/_sandbox/notifications/faults",
            json!({ "fault": "acknowledgment-lost" }),
            "`acknowledgement-lost`",
        ),
        (
            "POST",
            "/_sandbox/notifications/faults",
            json!({ "fault": "lost", "event_type": "TRANSACTION.SUCESS" }),
            "`TRANSACTION.SUCCESS`",
        ),
    ];
    for (method, target, body, meant) in cases {
        let got = call(&sandbox, method, target, body).await;
        assert!([400, 404].contains(&got.status), "{target}: {}", got.status);
        assert!(got.json()["message"].as_str().unwrap().contains(meant), "{}", got.body);
    }
    let got = Raw::get("/_sandbox/requests?limti=1").send(&sandbox).await;
    assert!(got.json()["message"].as_str().unwrap().contains("`limit`"), "{}", got.body);
}

#[tokio::test]
async fn wrong_bodies_are_refused() {
    let sandbox = start().await;
    for body in
        ["[]", "1", "\"x\"", "{", "{\"fault\":1}", "{\"fault\":\"html\",\"status\":99}", "\u{1}"]
    {
        let request =
            Raw::new("POST", "/_sandbox/faults").header("Content-Type", "application/json");
        let got = request.body(body).send(&sandbox).await;
        assert_eq!((got.status, got.code().as_str()), (400, "INVALID"), "{body}");
    }
    for by in
        [json!("soon"), json!("1x"), json!(-1), json!(""), json!("9999999999999999999d"), json!({})]
    {
        let got = call(&sandbox, "POST", "/_sandbox/clock/advance", json!({ "by": by })).await;
        assert_eq!(got.status, 400, "{by}");
    }
    let deep = "[".repeat(100_000);
    let request = Raw::new("POST", "/_sandbox/faults").header("Content-Type", "application/json");
    assert_eq!(request.body(deep).send(&sandbox).await.status, 400);
    let got = Raw::get("/_sandbox/resources/%FF").send(&sandbox).await;
    assert_eq!(got.status / 100, 4);
}

#[tokio::test]
async fn accounts_are_added_and_listed() {
    let sandbox = start().await;
    let added = call(&sandbox, "POST", "/_sandbox/accounts", json!({ "id": "1900000200" })).await;
    assert_eq!((added.status, &added.json()["kind"]), (201, &json!("merchant")));
    let again = call(&sandbox, "POST", "/_sandbox/accounts", json!({ "id": "1900000200" })).await;
    assert_eq!((again.status, again.code().as_str()), (409, "CONFLICT"));
    let invalid = call(&sandbox, "POST", "/_sandbox/accounts", json!({ "id": "no number" })).await;
    assert_eq!(invalid.status, 400, "{}", invalid.body);
    let listed = Raw::get("/_sandbox/accounts").send(&sandbox).await.json();
    assert_eq!(listed["accounts"].as_array().unwrap().len(), 2);
    let other = sandbox.account("1900000200").unwrap();
    assert!(other.client().unwrap().get("/v3/certificates").await.is_ok());
    assert!(!Raw::get("/_sandbox/accounts").send(&sandbox).await.body.contains("KEY"));
}

#[tokio::test]
async fn keys_are_issued_chosen_and_withdrawn() {
    let sandbox = start().await;
    let base = format!("/_sandbox/accounts/{}/keys", sandbox.merchant().id());
    let keys = Raw::get(&base).send(&sandbox).await.json();
    assert_eq!(keys["public_key"]["id"], json!(sandbox.wechatpay_public_key().0));
    let issued =
        call(&sandbox, "POST", &format!("{base}/certificates"), json!({ "valid_for": "90d" }))
            .await;
    let serial = issued.json()["serial"].as_str().unwrap().to_owned();
    let signs = call(&sandbox, "PUT", &format!("{base}/signer"), json!({ "serial": serial })).await;
    let signing = |keys: &Value| {
        let certificates = keys["certificates"].as_array().unwrap();
        let signing = certificates.iter().filter(|held| held["signs"] == true);
        signing.map(|held| held["serial"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(signing(&signs.json()), [json!(serial)]);
    let withdrawn = Raw::new("DELETE", &format!("{base}/certificates/{serial}"));
    assert_eq!(withdrawn.send(&sandbox).await.status, 204);
    let again = Raw::new("DELETE", &format!("{base}/certificates/{serial}"));
    assert_eq!(again.send(&sandbox).await.status, 404);
    for mode in ["certificates", "public-key", "migrating"] {
        let got = call(&sandbox, "PUT", &format!("{base}/mode"), json!({ "mode": mode })).await;
        assert_eq!(got.json()["mode"], mode);
    }
    let key = json!({ "key": "short" });
    assert_eq!(call(&sandbox, "PUT", &format!("{base}/apiv3"), key).await.status, 400);
    // Neither the key nor a private key is ever shown.
    let body = Raw::get(&base).send(&sandbox).await.body;
    assert!(!body.contains("PRIVATE") && !body.contains(sandbox.apiv3_key()));
}

#[tokio::test]
async fn bills_are_set_and_links_expire() {
    let sandbox = start().await;
    let wx = sandbox.client().unwrap();
    assert_eq!(
        call(&sandbox, "PUT", "/_sandbox/bill", json!({ "text": "a bill" })).await.status,
        204
    );
    let link = wx.get("/v3/bill/tradebill?bill_date=2025-03-01").await.unwrap();
    let url = link["download_url"].as_str().unwrap().to_owned();
    assert!(url.contains("token="), "{url}");
    let expired = Raw::new("DELETE", "/_sandbox/bill/links").send(&sandbox).await;
    assert_eq!(expired.status, 204);
    let target = url.split_once("://").unwrap().1;
    let target = &target[target.find('/').unwrap()..];
    let error = wx.get(target).await.unwrap_err();
    assert!(error.to_string().contains("expired"), "{error}");
    assert_eq!(call(&sandbox, "PUT", "/_sandbox/bill", json!({})).await.status, 400);
}

#[tokio::test]
async fn the_journal_shows_no_secret() {
    let sandbox = start().await;
    order(&sandbox, "jsapi", "order-1").await;
    Raw::get("/v3/certificates?token=hidden-token").send(&sandbox).await;
    let list = Raw::get("/_sandbox/requests").send(&sandbox).await;
    assert_eq!(list.json()["last"], 2);
    assert!(!list.body.contains("hidden-token"));
    let second = Raw::get("/_sandbox/requests?after=1&limit=5").send(&sandbox).await.json();
    assert_eq!(second["requests"][0]["number"], 2);
    let one = Raw::get("/_sandbox/requests/1").send(&sandbox).await;
    let json = one.json();
    assert_eq!(json["operation"], "POST /v3/pay/transactions/jsapi");
    assert!(json["body"].as_str().unwrap().contains("order-1"));
    assert!(!one.body.contains("signature=\\\""), "{}", one.body);
    for number in ["0", "3", "x"] {
        let got = Raw::get(&format!("/_sandbox/requests/{number}")).send(&sandbox).await;
        assert!([400, 404].contains(&got.status), "{number}");
    }
}

#[tokio::test]
async fn a_notification_is_sent_to_a_url_on_this_machine() {
    let sandbox = start().await;
    let heard = Arc::new(Mutex::new(Vec::new()));
    let hear = {
        let heard = Arc::clone(&heard);
        move |headers: HeaderMap, body: Bytes| async move {
            heard.lock().unwrap().push((headers, body));
            "<b>ok</b>"
        }
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/notify", listener.local_addr().unwrap());
    tokio::spawn(
        async move { axum::serve(listener, Router::new().route("/notify", post(hear))).await },
    );
    let body =
        json!({ "name": "pay/transaction", "url": url, "with": { "out_trade_no": "order-9" } });
    let got = call(&sandbox, "POST", "/_sandbox/notifications", body).await;
    assert_eq!((got.status, &got.json()["acknowledged"]), (200, &json!(true)), "{}", got.body);
    let (headers, body) = heard.lock().unwrap().pop().unwrap();
    let notification = sandbox.client().unwrap().notification(&headers, &body).await.unwrap();
    let resource: Transaction = notification.resource().unwrap();
    assert_eq!(resource.out_trade_no, "order-9");

    for (body, status) in [
        (json!({ "name": "pay/transaction", "url": "http://192.0.2.1/x" }), 400),
        (json!({ "name": "pay/transactoin", "url": url }), 400),
        (json!({ "url": url }), 400),
        (json!({ "name": "pay/transaction", "url": sandbox.dead_url() }), 502),
    ] {
        let got = call(&sandbox, "POST", "/_sandbox/notifications", body.clone()).await;
        assert_eq!(got.status, status, "{body}: {}", got.body);
    }
}

#[tokio::test]
async fn a_reset_forgets_what_was_planned() {
    let sandbox = start().await;
    order(&sandbox, "jsapi", "order-1").await;
    let account = json!({ "id": "1900000200" });
    assert_eq!(call(&sandbox, "POST", "/_sandbox/accounts", account).await.status, 201);
    assert_eq!(Raw::post("/_sandbox/reset", &json!({})).send(&sandbox).await.status, 204);
    assert!(sandbox.account("1900000200").is_some(), "accounts stay");
}
