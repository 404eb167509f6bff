//! What front ends are given: right values of every payment, and each part wrong.

use std::net::SocketAddr;

use serde_json::{Value, json};
use wxpay_api::sandbox::{FrontEndKind, Sandbox};

use crate::support::{
    APPID, Raw, order, order_as, order_with, plan, problem, problems, start, verify,
};

/// Orders by JSAPI and returns the argument of `getBrandWCPayRequest`.
async fn jsapi(sandbox: &Sandbox, prepay_id: &str) -> Value {
    order_as(sandbox, "jsapi", &format!("order-{prepay_id}"), prepay_id).await;
    let payment = sandbox.client().unwrap().invoke().jsapi(APPID, prepay_id).unwrap();
    serde_json::to_value(payment).unwrap()
}

async fn app(sandbox: &Sandbox, prepay_id: &str) -> Value {
    order_as(sandbox, "app", &format!("order-{prepay_id}"), prepay_id).await;
    let payment = sandbox.client().unwrap().invoke().app(APPID, prepay_id).unwrap();
    serde_json::to_value(payment).unwrap()
}

fn with(parameters: &Value, name: &str, value: Value) -> Value {
    let mut changed = parameters.clone();
    changed[name] = value;
    changed
}

fn without(parameters: &Value, name: &str) -> Value {
    let mut changed = parameters.clone();
    changed.as_object_mut().unwrap().remove(name).unwrap();
    changed
}

#[tokio::test]
async fn right_payments_are_accepted() {
    let sandbox = start().await;
    let given = jsapi(&sandbox, "wx1").await;
    let got = verify(&sandbox, &given).await;
    assert_eq!(got.status, 200, "{}", got.body);
    let json = got.json();
    assert_eq!((&json["kind"], &json["account"]), (&json!("jsapi"), &json!("1230000109")));
    let timestamp = given["timeStamp"].as_str().unwrap();
    let nonce = given["nonceStr"].as_str().unwrap();
    assert_eq!(json["signed_message"], format!("{APPID}\n{timestamp}\n{nonce}\nprepay_id=wx1\n"));

    let mini = without(&given, "appId");
    assert_eq!(verify(&sandbox, &mini).await.json()["kind"], "mini-program");
    let text = Value::from(given.to_string());
    assert_eq!(verify(&sandbox, &text).await.json()["kind"], "jsapi");

    let app = app(&sandbox, "wx2").await;
    assert_eq!(verify(&sandbox, &app).await.json()["kind"], "app");
    let android = with(&without(&app, "package"), "packageValue", json!("Sign=WXPay"));
    assert_eq!(verify(&sandbox, &android).await.json()["kind"], "app");
}

#[tokio::test]
async fn rust_opens_what_invoke_made() {
    let sandbox = start().await;
    order_as(&sandbox, "jsapi", "order-1", "wx1").await;
    let invoke = sandbox.client().unwrap().invoke();
    let opened = sandbox.open_payment(invoke.jsapi(APPID, "wx1").unwrap()).unwrap();
    assert_eq!((opened.kind(), opened.merchant_id()), (FrontEndKind::Jsapi, "1230000109"));
    let mini = invoke.mini_program(APPID, "wx1").unwrap();
    assert_eq!(sandbox.open_payment(&mini).unwrap().kind(), FrontEndKind::MiniProgram);
    assert!(sandbox.open_payment_in(APPID, &mini).is_ok());
    let error = sandbox.open_payment_in("wx999", &mini).unwrap_err();
    assert_eq!(error.kind(), Some(FrontEndKind::MiniProgram));
    assert_eq!(error.problems()[0].member, "appId");
    assert!(error.to_string().contains("`wx999`"), "{error}");
    assert!(error.signed_message().unwrap().starts_with("wx999\n"));
    let other = sandbox.open_payment(json!({ "unknown": 1 })).unwrap_err();
    assert_eq!((other.kind(), other.signed_message()), (None, None));
    assert!(!format!("{opened:?}").contains("wx1"));
}

#[tokio::test]
async fn each_member_is_needed_and_is_a_text() {
    let sandbox = start().await;
    let given = jsapi(&sandbox, "wx1").await;
    for name in ["timeStamp", "nonceStr", "package", "signType", "paySign"] {
        let missing = problem(&sandbox, &without(&given, name)).await;
        assert!(missing.starts_with(&format!("{name} is missing")), "{missing}");
        let empty = problem(&sandbox, &with(&given, name, json!(""))).await;
        assert!(empty.starts_with(&format!("{name} is empty")), "{empty}");
        let number = problem(&sandbox, &with(&given, name, json!(1_414_561_699))).await;
        assert!(number.contains("is a number, but must be a text"), "{number}");
        let list = problem(&sandbox, &with(&given, name, json!([]))).await;
        assert!(list.contains("must be a text"), "{list}");
    }
    let app = app(&sandbox, "wx2").await;
    for name in ["appid", "partnerid", "package", "noncestr", "timestamp", "sign"] {
        let missing = problems(&sandbox, &without(&app, name)).await;
        assert!(
            missing.iter().any(|it| it.starts_with(&format!("{name} is missing"))),
            "{missing:?}"
        );
    }
    let lower = with(&without(&given, "timeStamp"), "timestamp", given["timeStamp"].clone());
    let lower = problem(&sandbox, &lower).await;
    assert!(lower.contains("`timestamp` is there, which must be written `timeStamp`"), "{lower}");
}

#[tokio::test]
async fn values_of_other_forms_are_named() {
    let sandbox = start().await;
    let given = jsapi(&sandbox, "wx1").await;
    let cases = [
        ("timeStamp", json!("1414561699000"), "milliseconds"),
        ("timeStamp", json!("yesterday"), "Unix time in seconds"),
        ("nonceStr", json!("x".repeat(33)), "at most 32"),
        ("package", json!("wx1"), "must be `prepay_id=` and the prepay id"),
        ("package", json!("prepay_id=prepay_id=wx1"), "twice"),
        ("package", json!("prepay_id=wx2"), "no response of this sandbox had"),
        ("package", json!("prepay_id="), "no response of this sandbox had"),
        ("signType", json!("MD5"), "is of APIv2"),
        ("signType", json!("rsa"), "must be `RSA`"),
    ];
    for (name, value, issue) in cases {
        let found = problems(&sandbox, &with(&given, name, value.clone())).await;
        let is_it = |text: &String| text.starts_with(name) && text.contains(issue);
        assert!(found.iter().any(is_it), "{name} {value}: {found:?}");
    }
    let app = app(&sandbox, "wx3").await;
    let cases = [
        ("prepayid", json!("prepay_id=wx3"), "alone"),
        ("prepayid", json!("wx4"), "no response of this sandbox had"),
        ("package", json!("prepay_id=wx3"), "Sign=WXPay"),
        ("partnerid", json!("1900000200"), "the order was made by 1230000109"),
        ("appid", json!("wx999"), "the order has appid `wxd678efh567hg6787`"),
    ];
    for (name, value, issue) in cases {
        let found = problems(&sandbox, &with(&app, name, value.clone())).await;
        let is_it = |text: &String| text.starts_with(name) && text.contains(issue);
        assert!(found.iter().any(is_it), "{name} {value}: {found:?}");
    }
}

#[tokio::test]
async fn an_order_of_another_scene_is_named() {
    let sandbox = start().await;
    order_as(&sandbox, "app", "order-1", "wx1").await;
    let invoke = sandbox.client().unwrap().invoke();
    let jsapi = serde_json::to_value(invoke.jsapi(APPID, "wx1").unwrap()).unwrap();
    let found = problem(&sandbox, &jsapi).await;
    assert!(found.contains("needs one of `…/jsapi`, not `…/app`"), "{found}");
    order_as(&sandbox, "jsapi", "order-2", "wx2").await;
    let app = serde_json::to_value(invoke.app(APPID, "wx2").unwrap()).unwrap();
    let found = problem(&sandbox, &app).await;
    assert!(found.contains("needs one of `…/app`, not `…/jsapi`"), "{found}");
}

#[tokio::test]
async fn a_prepay_id_is_valid_for_two_hours_of_the_business() {
    let sandbox = start().await;
    let given = jsapi(&sandbox, "wx1").await;
    let advance = json!({ "by": "1h59m" });
    Raw::post("/_sandbox/clock/advance", &advance).send(&sandbox).await;
    assert_eq!(verify(&sandbox, &given).await.status, 200);
    Raw::post("/_sandbox/clock/advance", &json!({ "by": 90 })).send(&sandbox).await;
    let found = problem(&sandbox, &given).await;
    assert!(found.contains("has expired") && found.contains("valid for 2 h"), "{found}");
}

#[tokio::test]
async fn an_order_of_another_merchant_is_named() {
    let sandbox = start().await;
    let other = sandbox.add_merchant("1900000200").unwrap();
    let wx = other.client().unwrap();
    plan(&sandbox, "POST", "/v3/pay/transactions/jsapi", json!({ "prepay_id": "wx1" })).await;
    order_with(&wx, "1900000200", "jsapi", "order-1").await;
    let right = serde_json::to_value(wx.invoke().jsapi(APPID, "wx1").unwrap()).unwrap();
    assert_eq!(verify(&sandbox, &right).await.json()["account"], "1900000200");
    let app = serde_json::to_value(wx.invoke().app(APPID, "wx1").unwrap()).unwrap();
    assert!(problem(&sandbox, &app).await.contains("…/app"));
}

/// In partner mode the order has two appids; either may invoke.
#[tokio::test]
async fn a_service_provider_signs_with_either_appid() {
    let sandbox = start().await;
    let wx = sandbox.client().unwrap();
    let body = json!({
        "sp_appid": APPID, "sp_mchid": "1230000109", "sub_appid": "wxd678efh567hg6999",
        "sub_mchid": "1900000109", "description": "QQ公仔", "out_trade_no": "order-1",
        "notify_url": "https://shop.example/notify", "amount": { "total": 1 },
        "payer": { "sub_openid": "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o" },
    });
    plan(&sandbox, "POST", "/v3/pay/partner/transactions/jsapi", json!({ "prepay_id": "wx1" }))
        .await;
    wx.post("/v3/pay/partner/transactions/jsapi", body).await.unwrap();
    for appid in [APPID, "wxd678efh567hg6999"] {
        let payment = wx.invoke().mini_program(appid, "wx1").unwrap();
        assert!(sandbox.open_payment(&payment).is_ok(), "{appid}");
        assert!(sandbox.open_payment_in(appid, &payment).is_ok(), "{appid}");
    }
    let payment = wx.invoke().mini_program("wx999", "wx1").unwrap();
    let error = sandbox.open_payment(&payment).unwrap_err();
    assert!(error.signed_message().is_some());
}

#[tokio::test]
async fn an_h5_url_leads_to_the_sandbox_and_is_valid_for_five_minutes() {
    let sandbox = start().await;
    let order = order(&sandbox, "h5", "order-1").await;
    let url = order["h5_url"].as_str().unwrap().to_owned();
    assert!(url.starts_with(&format!("{}/_sandbox/pay?", sandbox.url())), "{url}");
    for given in [json!(url), json!({ "h5_url": url })] {
        assert_eq!(verify(&sandbox, &given).await.json()["kind"], "h5");
    }
    let invoke = sandbox.client().unwrap().invoke();
    let returning = invoke.h5(&url, "https://shop.example/done?a=1+2&b=c%20d").unwrap();
    let got = verify(&sandbox, &json!(returning)).await.json();
    assert_eq!(got["return_url"], "https://shop.example/done?a=1+2&b=c%20d");
    for bad in [
        "javascript:alert(1)",
        "JavaScript://x/%0aalert(1)",
        "data:text/html,x",
        "done",
        "//shop.example",
    ] {
        let encoded: String = bad.bytes().map(|byte| format!("%{byte:02X}")).collect();
        let found = problem(&sandbox, &json!(format!("{url}&redirect_url={encoded}"))).await;
        assert!(found.starts_with("redirect_url must be an absolute URL"), "{bad}: {found}");
    }
    let found = problem(&sandbox, &json!(format!("{url}1"))).await;
    assert!(found.contains("no response of this sandbox had"), "{found}");
    Raw::post("/_sandbox/clock/advance", &json!({ "by": "5m1s" })).send(&sandbox).await;
    let found = problem(&sandbox, &json!(url)).await;
    assert!(found.contains("valid for 5 min"), "{found}");
}

/// A planned response is sent as it is.
#[tokio::test]
async fn a_planned_h5_url_is_left_alone() {
    let sandbox = start().await;
    let url = "https://wx.tenpay.com/cgi-bin/mmpayweb-bin/checkmweb?prepay_id=wx1&package=2";
    plan(&sandbox, "POST", "/v3/pay/transactions/h5", json!({ "h5_url": url })).await;
    assert_eq!(order(&sandbox, "h5", "order-1").await["h5_url"], url);
    assert_eq!(verify(&sandbox, &json!(url)).await.status, 200);
}

#[tokio::test]
async fn a_code_url_keeps_its_form_and_is_replaced_by_a_new_one() {
    let sandbox = start().await;
    let path = "/v3/pay/transactions/native";
    let code = |name: &str| format!("weixin://wxpay/bizpayurl?pr={name}");
    plan(&sandbox, "POST", path, json!({ "code_url": code("first") })).await;
    order(&sandbox, "native", "order-1").await;
    assert_eq!(verify(&sandbox, &json!(code("first"))).await.json()["kind"], "native");
    plan(&sandbox, "POST", path, json!({ "code_url": code("second") })).await;
    order(&sandbox, "native", "order-1").await;
    let found = problem(&sandbox, &json!(code("first"))).await;
    assert!(found.contains("was replaced"), "{found}");
    assert_eq!(verify(&sandbox, &json!({ "code_url": code("second") })).await.status, 200);
    assert!(problem(&sandbox, &json!(code("third"))).await.contains("no response"));
    let example = order(&sandbox, "native", "order-2").await;
    assert!(example["code_url"].as_str().unwrap().starts_with("weixin://wxpay/bizpayurl?pr="));
}

#[tokio::test]
async fn what_no_front_end_takes_is_refused() {
    let sandbox = start().await;
    for given in [
        json!({}),
        json!([]),
        json!(1),
        json!("text"),
        json!({ "businessType": "unknown", "extraData": {} }),
        json!({ "businessType": "wxpayScoreUse" }),
        json!({ "code_url": 1 }),
    ] {
        let found = problem(&sandbox, &given).await;
        assert!(found.starts_with("parameters no front end of WeChat takes these"), "{found}");
    }
    let missing = Raw::post("/_sandbox/front-end/verify", &json!({})).send(&sandbox).await;
    assert_eq!(missing.status, 400);
}

/// A kind that is told in advance is checked even if its members look like another one.
#[tokio::test]
async fn a_kind_may_be_told() {
    let sandbox = start().await;
    let given = jsapi(&sandbox, "wx1").await;
    let body = json!({ "parameters": given, "kind": "app" });
    let got = Raw::post("/_sandbox/front-end/verify", &body).send(&sandbox).await;
    assert_eq!((got.status, &got.json()["detail"]["kind"]), (422, &json!("app")));
    for kind in ["h5", "native", "coupon-page", "coupon-plugin", "transfer", "medical-insurance"] {
        let body = json!({ "parameters": given, "kind": kind });
        let got = Raw::post("/_sandbox/front-end/verify", &body).send(&sandbox).await;
        assert_eq!((got.status, &got.json()["detail"]["kind"]), (422, &json!(kind)));
    }
}

/// The links for people stay usable where the sandbox listens for other machines.
#[tokio::test]
async fn an_h5_url_has_an_address_that_can_be_reached() {
    let everywhere: SocketAddr = ([0, 0, 0, 0], 0).into();
    let sandbox = Sandbox::builder().bind(everywhere).start().await.unwrap();
    let url = order(&sandbox, "h5", "order-1").await["h5_url"].clone();
    assert!(url.as_str().unwrap().starts_with("http://127.0.0.1:"), "{url}");
}
