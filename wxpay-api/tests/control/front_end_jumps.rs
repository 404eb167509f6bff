//! PayScore, coupons, red packets and transfers of front ends.

use serde_json::{Value, json};
use wxpay_api::invoke::{Coupon, CouponPage};
use wxpay_api::protocol::ApiV2Key;
use wxpay_api::sandbox::{FrontEndKind, Sandbox};

use crate::support::{APPID, Raw, plan, problem, problems, start, verify};

fn key(sandbox: &Sandbox) -> ApiV2Key {
    ApiV2Key::new(sandbox.apiv2_key()).unwrap()
}

fn json_of(value: impl serde::Serialize) -> Value {
    serde_json::to_value(value).unwrap()
}

/// Creates a PayScore order whose package this is.
async fn payscore_order(sandbox: &Sandbox, package: &str) {
    let body = json!({
        "out_order_no": "score-1", "appid": APPID, "service_id": "500001",
        "service_introduction": "某某酒店", "notify_url": "https://shop.example/notify",
        "time_range": { "start_time": "OnAccept" }, "risk_fund": { "name": "ESTIMATE_ORDER_COST", "amount": 100 },
    });
    plan(
        sandbox,
        "POST",
        "/v3/payscore/serviceorder",
        json!({ "package": package, "state": "CREATED" }),
    )
    .await;
    sandbox.client().unwrap().post("/v3/payscore/serviceorder", body).await.unwrap();
}

#[tokio::test]
async fn a_payscore_order_is_confirmed_in_every_form() {
    let sandbox = start().await;
    payscore_order(&sandbox, "XXX+a/b=").await;
    let invoke = sandbox.client().unwrap().invoke();
    let jump = invoke.payscore_confirm("XXX+a/b=", &key(&sandbox)).unwrap();
    for given in [json_of(jump.jsapi()), json_of(jump.app()), json_of(jump.clone().mini_program())]
    {
        let got = verify(&sandbox, &given).await;
        assert_eq!(got.status, 200, "{given}: {}", got.body);
        assert_eq!(got.json()["kind"], "payscore-confirm");
        let message = got.json()["signed_message"].as_str().unwrap().to_owned();
        assert!(message.starts_with("mch_id=1230000109&nonce_str="), "{message}");
        assert!(message.ends_with("&key=<the APIv2 key>"));
        assert!(!got.body.contains(sandbox.apiv2_key()));
    }
    let mini = json_of(jump.clone().mini_program());
    assert_eq!(sandbox.open_payment(&mini).unwrap().kind(), FrontEndKind::PayscoreConfirm);
    let cases = [
        ("mch_id", json!("1900000200"), "does not have"),
        ("mch_id", json!(1_230_000_109), "is a number"),
        ("package", json!("YYY"), "no response of this sandbox had"),
        ("timestamp", json!("1414561699000"), "milliseconds"),
        ("nonce_str", json!("x".repeat(40)), "at most 32"),
        ("sign_type", json!("MD5"), "must be `HMAC-SHA256`"),
        ("sign", json!("00"), "is no signature of these fields"),
        ("sign", Value::Null, "must be a text"),
    ];
    for (name, value, issue) in cases {
        let mut given = mini.clone();
        given["extraData"][name] = value;
        let found = problems(&sandbox, &given).await;
        assert!(
            found.iter().any(|it| it.starts_with(name) && it.contains(issue)),
            "{name}: {found:?}"
        );
    }
}

/// A package with its own signature is passed on unchanged.
#[tokio::test]
async fn a_signed_package_is_passed_on_unchanged() {
    let sandbox = start().await;
    let package = "mch_id=1230000109&package=XXX&timestamp=1&signature=abc%3D";
    payscore_order(&sandbox, package).await;
    let jump = sandbox.client().unwrap().invoke().payscore_confirm_package(package).unwrap();
    assert_eq!(verify(&sandbox, &json_of(&jump)).await.status, 200);
    let mut changed = json_of(&jump);
    changed["queryString"] = json!("mch_id=1230000109&package=XXX&timestamp=2&signature=abc%3D");
    assert_eq!(verify(&sandbox, &changed).await.status, 422);
}

#[tokio::test]
async fn wrong_apiv2_signatures_are_told_apart() {
    let sandbox = start().await;
    let other = sandbox.add_merchant("1900000200").unwrap();
    let fields = |key: &ApiV2Key, left_out: &str, digest: &str| {
        let mut fields = vec![
            ("mch_id", "1230000109"),
            ("service_id", "500001"),
            ("out_order_no", "order|1*"),
            ("timestamp", "1414561699"),
            ("nonce_str", "nonce"),
            ("sign_type", "HMAC-SHA256"),
        ];
        let mut given = json!({});
        for (name, value) in &fields {
            given[*name] = json!(value);
        }
        fields.retain(|(name, _)| *name != left_out);
        given["sign"] =
            json!(if digest == "md5" { key.md5(&fields) } else { key.hmac_sha256(&fields) });
        given
    };
    let own = key(&sandbox);
    let right = fields(&own, "", "hmac");
    assert_eq!(verify(&sandbox, &right).await.json()["kind"], "payscore-detail");
    let mut lower = right.clone();
    lower["sign"] = json!(right["sign"].as_str().unwrap().to_lowercase());
    let mut encoded = right.clone();
    encoded["sign"] = json!(own.hmac_sha256(&[
        ("mch_id", "1230000109"),
        ("service_id", "500001"),
        ("out_order_no", "order%7C1%2A"),
        ("timestamp", "1414561699"),
        ("nonce_str", "nonce"),
        ("sign_type", "HMAC-SHA256"),
    ]));
    let apiv3 = ApiV2Key::new(sandbox.apiv3_key()).unwrap();
    let others = ApiV2Key::new(other.apiv2_key()).unwrap();
    let cases = [
        (fields(&apiv3, "", "hmac"), "by the APIv3 key"),
        (fields(&others, "", "hmac"), "by the APIv2 key of 1900000200"),
        (fields(&own, "", "md5"), "this one is by HMAC-SHA256"),
        (fields(&own, "sign_type", "hmac"), "does not sign the field `sign_type`"),
        (fields(&own, "out_order_no", "hmac"), "does not sign the field `out_order_no`"),
        (lower, "upper-case"),
        (encoded, "percent-encoded values"),
    ];
    for (given, issue) in cases {
        let found = problem(&sandbox, &given).await;
        assert!(found.starts_with("sign ") && found.contains(issue), "{issue}: {found}");
    }
}

#[tokio::test]
async fn a_payscore_service_is_authorised_within_an_hour() {
    let sandbox = start().await;
    let body = json!({ "appid": APPID, "service_id": "500001", "authorization_code": "code-1" });
    let response = json!({ "apply_permissions_token": "token-1" });
    plan(&sandbox, "POST", "/v3/payscore/permissions", response).await;
    sandbox.client().unwrap().post("/v3/payscore/permissions", body).await.unwrap();
    let jump = sandbox.client().unwrap().invoke().payscore_enable("token-1").unwrap();
    for given in [json_of(jump.jsapi()), json_of(jump.clone().mini_program())] {
        assert_eq!(verify(&sandbox, &given).await.json()["kind"], "payscore-enable");
    }
    let unknown = json!({ "businessType": "wxpayScoreEnable", "extraData": { "apply_permissions_token": "x" } });
    assert!(problem(&sandbox, &unknown).await.contains("no response"));
    Raw::post("/_sandbox/clock/advance", &json!({ "by": "61m" })).send(&sandbox).await;
    assert!(problem(&sandbox, &json_of(jump.jsapi())).await.contains("valid for 1 h"));
}

#[tokio::test]
async fn coupons_of_the_plugin_are_signed_together() {
    let sandbox = start().await;
    let coupons = [
        Coupon::new("100001", "request-1").coupon_code("code"),
        Coupon::new("100002", "request-2"),
    ];
    let plugin = sandbox.client().unwrap().invoke().coupon_plugin(coupons, &key(&sandbox)).unwrap();
    let right = json_of(&plugin);
    assert_eq!(verify(&sandbox, &right).await.json()["kind"], "coupon-plugin");
    let mut changed = right.clone();
    changed["send_coupon_params"][1]["stock_id"] = json!("100003");
    assert!(problem(&sandbox, &changed).await.starts_with("sign is no signature"));
    let mut missing = right.clone();
    missing["send_coupon_params"][0].as_object_mut().unwrap().remove("stock_id");
    let found = problems(&sandbox, &missing).await;
    assert!(found[0].starts_with("send_coupon_params[0].stock_id is missing"), "{found:?}");
    let mut foreign = right.clone();
    foreign["send_coupon_merchant"] = json!("1900000200");
    assert!(problem(&sandbox, &foreign).await.contains("does not have"));
    for wrong in [json!([]), json!("x"), json!([1])] {
        let mut given = right.clone();
        given["send_coupon_params"] = wrong;
        assert_eq!(verify(&sandbox, &given).await.status, 422);
    }
}

#[tokio::test]
async fn a_coupon_page_is_signed_raw_and_passed_encoded() {
    let sandbox = start().await;
    let page =
        CouponPage::new("100001", "request|1*", "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o").coupon_code("code");
    let url = sandbox.client().unwrap().invoke().coupon_page(&page, &key(&sandbox)).unwrap();
    assert_eq!(verify(&sandbox, &json!(url)).await.json()["kind"], "coupon-page");
    let changed = url.replace("stock_id=100001", "stock_id=100002");
    assert!(problem(&sandbox, &json!(changed)).await.starts_with("sign is no signature"));
    let bare = url.replace("#wechat_redirect", "");
    assert!(problem(&sandbox, &json!(bare)).await.contains("#wechat_redirect"));
}

#[tokio::test]
async fn a_red_packet_is_signed_by_md5_with_its_appid() {
    let sandbox = start().await;
    let invoke = sandbox.client().unwrap().invoke();
    let packet = invoke.red_packet(APPID, "sendid=1&ver=8&sign=a%3D", &key(&sandbox)).unwrap();
    assert_eq!(sandbox.open_payment_in(APPID, &packet).unwrap().kind(), FrontEndKind::RedPacket);
    let error = sandbox.open_payment(&packet).unwrap_err();
    assert!(error.to_string().contains("tell which mini program"), "{error}");
    let error = sandbox.open_payment_in("wx999", &packet).unwrap_err();
    assert_eq!(error.problems()[0].member, "paySign");
    let mut raw = json_of(&packet);
    raw["package"] = json!("sendid=1&ver=8&sign=a%3D");
    let error = sandbox.open_payment_in(APPID, raw).unwrap_err();
    assert!(error.to_string().contains("percent-encoded when it is passed"), "{error}");
}

#[cfg(feature = "full")]
#[tokio::test]
async fn a_transfer_is_confirmed_by_its_merchant_and_appid() {
    let sandbox = start().await;
    let body = json!({
        "appid": APPID, "out_bill_no": "bill1", "transfer_scene_id": "1000",
        "openid": "o-MYE42l80oelYMDE34nYD456Xoy", "transfer_amount": 100, "transfer_remark": "报销",
        "transfer_scene_report_infos": [
            { "info_type": "活动名称", "info_content": "新会员有礼" },
            { "info_type": "奖励说明", "info_content": "注册会员抽奖一等奖" },
        ],
    });
    let path = "/v3/fund-app/mch-transfer/transfer-bills";
    plan(
        &sandbox,
        "POST",
        path,
        json!({ "package_info": "package/1+=", "state": "WAIT_USER_CONFIRM" }),
    )
    .await;
    sandbox.client().unwrap().post(path, body).await.unwrap();
    let invoke = sandbox.client().unwrap().invoke();
    let transfer = invoke.merchant_transfer(APPID, "package/1+=").unwrap();
    for given in [json_of(&transfer), json_of(transfer.app())] {
        let got = verify(&sandbox, &given).await;
        assert_eq!((got.status, &got.json()["kind"]), (200, &json!("transfer")), "{}", got.body);
    }
    let cases = [
        ("mchId", "1900000200", "was issued to 1230000109"),
        ("appId", "wx999", "the transfer has `wxd678efh567hg6787`"),
        ("package", "other", "no response"),
    ];
    for (name, value, issue) in cases {
        let mut given = json_of(&transfer);
        given[name] = json!(value);
        let found = problem(&sandbox, &given).await;
        assert!(found.starts_with(name) && found.contains(issue), "{found}");
    }
    Raw::post("/_sandbox/clock/advance", &json!({ "by": "25h" })).send(&sandbox).await;
    assert!(problem(&sandbox, &json_of(&transfer)).await.contains("valid for 24 h"));
}

/// Orders of medical insurance come from a private book here: any response may have a `mix_trade_no`.
#[tokio::test]
async fn a_medical_insurance_order_is_paid_with_its_number() {
    let book = json!({ "operations": [{
        "method": "POST", "path": "/v3/private/insurance", "status": 200,
        "response": { "type": "object", "members": [
            { "name": "mix_trade_no", "required": true, "schema": { "type": "string" }, "example": "mix-1" },
        ] },
    }] });
    let sandbox = Sandbox::builder().book(book.to_string()).start().await.unwrap();
    let wx = sandbox.client().unwrap();
    wx.post("/v3/private/insurance", None).await.unwrap();
    crate::support::order_as(&sandbox, "jsapi", "order-1", "wx1").await;
    let jsapi = wx.invoke().jsapi(APPID, "wx1").unwrap();
    let mixed = json_of(jsapi.mixed("mix-1").unwrap());
    let got = verify(&sandbox, &mixed).await;
    assert_eq!(
        (got.status, &got.json()["kind"]),
        (200, &json!("medical-insurance")),
        "{}",
        got.body
    );
    assert_eq!(verify(&sandbox, &json!({ "mixTradeNo": "mix-1" })).await.status, 200);
    assert!(problem(&sandbox, &json!({ "mixTradeNo": "mix-2" })).await.contains("no response"));
    let mut wrong = mixed.clone();
    wrong["paySign"] = json!("AAAA");
    assert!(problem(&sandbox, &wrong).await.starts_with("paySign"));
}
