//! `invoke`: every kind, verified by the sandbox.

use serde_json::{Value, json};
use wxpay_api::sandbox::PlannedResponse;

use crate::support::{APPID, Ran, Shop, program};

/// A sandbox that gave a front end these values, each in a response of this operation.
async fn shop_with(given: &[(&str, Value, Value)]) -> Shop {
    let shop = Shop::open().await;
    for (path, request, response) in given {
        let response = PlannedResponse::json(response.clone()).unchecked();
        shop.sandbox.respond("POST", path, response).unwrap();
        shop.client().post(*path, request.clone()).await.unwrap();
    }
    shop
}

/// A request for a PayScore order.
fn payscore_order() -> Value {
    json!({
        "out_order_no": "score-1", "appid": APPID, "service_id": "500001",
        "service_introduction": "某某酒店", "notify_url": "https://shop.example/notify",
        "time_range": { "start_time": "OnAccept" },
        "risk_fund": { "name": "ESTIMATE_ORDER_COST", "amount": 100 },
    })
}

/// A request for a transfer.
fn transfer() -> Value {
    json!({
        "appid": APPID, "out_bill_no": "transfer1", "openid": "o-1", "transfer_amount": 100,
        "transfer_remark": "新会员", "transfer_scene_id": "1000",
        "transfer_scene_report_infos": [
            { "info_type": "活动名称", "info_content": "注册会员有礼" },
            { "info_type": "奖励说明", "info_content": "一等奖" },
        ],
    })
}

fn made(ran: &Ran) -> Value {
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    serde_json::from_str(&ran.stdout).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn payments_are_signed_and_accepted() {
    let shop = Shop::open().await;
    let prepay_id = shop.order("order-1", "https://shop.example/notify").await;
    let order = ["--appid", APPID, "--prepay-id", &prepay_id];
    let make = |kind: &str, more: &[&str]| {
        let arguments = [&["--json", "invoke", kind][..], &order, more].concat();
        made(&shop.run(&arguments))
    };
    let jsapi = make("jsapi", &["--check"]);
    assert_eq!(jsapi["package"], format!("prepay_id={prepay_id}"));
    assert!(jsapi["timeStamp"].is_string());
    assert!(make("mini-program", &["--check"]).get("appId").is_none());
    assert_eq!(make("app", &[])["package"], "Sign=WXPay");
    assert_eq!(make("app", &["--android"])["packageValue"], "Sign=WXPay");

    shop.write("parameters.json", jsapi.to_string());
    let checked = shop.json(&["invoke", "check", "parameters.json"]);
    assert_eq!((&checked["kind"], &checked["amount"]), (&"jsapi".into(), &100.into()));
    let ran =
        shop.run(&["invoke", "jsapi", "--appid", APPID, "--prepay-id", &prepay_id, "--check"]);
    assert!(ran.stdout.contains("accepted as jsapi"), "{}", ran.stdout);
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_values_end_with_6() {
    let shop = Shop::open().await;
    let prepay_id = shop.order("order-1", "https://shop.example/notify").await;
    let jsapi = ["--json", "invoke", "jsapi", "--appid", APPID, "--prepay-id", &prepay_id];
    let mut wrong = made(&shop.run(&jsapi));
    wrong["nonceStr"] = "another".into();
    let ran = shop.run_with(&["--json", "invoke", "check"], wrong.to_string().as_bytes());
    assert_eq!(ran.code, 6, "{ran:?}");
    assert_eq!(ran.report()["detail"]["detail"]["kind"], "jsapi");
    let unknown = ["invoke", "jsapi", "--appid", APPID, "--prepay-id", "wx1", "--check"];
    assert_eq!(shop.run(&unknown).code, 6);
    // What is certainly wrong is not signed at all.
    let empty = shop.run(&["invoke", "jsapi", "--appid", "1230000109", "--prepay-id", "wx1"]);
    assert_eq!(empty.code, 1);
    assert!(empty.stderr.contains("an appid begins with `wx`"), "{}", empty.stderr);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_h5_address_returns_to_a_page() {
    let shop = Shop::open().await;
    let wx = shop.client();
    let order = wx.v3().pay().transactions().h5().post(|r| {
        r.appid(APPID)
            .mchid(wx.id())
            .description("QQ公仔")
            .out_trade_no("order-1")
            .amount(|a| a.total(100))
            .notify_url("https://shop.example/notify")
            .scene_info(|s| s.h5_info(|h| h.r#type("Wap")).payer_client_ip("127.0.0.1"))
    });
    let h5_url = order.await.unwrap().h5_url;
    let page = "https://shop.example/paid?order=1";
    let h5 = ["invoke", "h5", "--h5-url", &h5_url, "--redirect-url", page, "--check"];
    let ran = shop.run(&h5);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(
        ran.stdout.starts_with(&format!("{h5_url}&redirect_url=https%3A%2F%2F")),
        "{}",
        ran.stdout
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn payscore_jumps_are_accepted_on_every_platform() {
    let shop = shop_with(&[
        ("/v3/payscore/serviceorder", payscore_order(), json!({ "package": "XXX+a/b=" })),
        (
            "/v3/payscore/permissions",
            json!({
                "service_id": "500001", "appid": APPID, "authorization_code": "1234323JKHDFE1243252",
                "notify_url": "https://shop.example/notify",
            }),
            json!({ "apply_permissions_token": "token-1" }),
        ),
    ])
    .await;
    let kinds: [&[&str]; 4] = [
        &["payscore-confirm", "--package", "XXX+a/b="],
        &["payscore-plan", "--package", "XXX+a/b="],
        &["payscore-enable", "--apply-permissions-token", "token-1"],
        &["payscore-detail", "--service-id", "500001", "--out-order-no", "score-1"],
    ];
    for kind in kinds {
        for (platform, member) in
            [("mini-program", "extraData"), ("jsapi", "queryString"), ("app", "query")]
        {
            let more: &[&str] = &["--as", platform, "--check"];
            let value = made(&shop.run(&[&["--json", "invoke"], kind, more].concat()));
            assert!(value.get(member).is_some(), "{kind:?} {platform}: {value}");
        }
    }
    let signed = "mch_id=1230000109&package=XXX&timestamp=1&signature=abc%3D";
    let confirm = ["--json", "invoke", "payscore-confirm", "--signed", "--package", signed];
    assert_eq!(made(&shop.run(&confirm))["queryString"], signed);
}

#[tokio::test(flavor = "multi_thread")]
async fn transfers_coupons_and_red_packets_are_accepted() {
    let package = "sendid=242e8abd163d300019b2cae74ba8e8c06e3f0e51ab84d16b3c80decd22a5b672&ver=8";
    let shop = shop_with(&[(
        "/v3/fund-app/mch-transfer/transfer-bills",
        transfer(),
        json!({ "package_info": "affffddafdfafddffda==", "state": "WAIT_USER_CONFIRM" }),
    )])
    .await;
    let kinds: [&[&str]; 4] = [
        &["transfer", "--appid", APPID, "--package", "affffddafdfafddffda=="],
        &["red-packet", "--appid", APPID, "--package", package],
        &["coupon-plugin", "--coupon", "1234567:request-1", "--coupon", "1234568:request-2:code-2"],
        &[
            "coupon-page",
            "--stock-id",
            "1234567",
            "--out-request-no",
            "request-1",
            "--openid",
            "o-1",
        ],
    ];
    for kind in kinds {
        let ran = shop.run(&[&["invoke"], kind, &["--check"]].concat());
        assert_eq!(ran.code, 0, "{kind:?}: {}", ran.stderr);
        assert!(ran.stdout.contains("accepted as "), "{kind:?}: {}", ran.stdout);
    }
    let app = [&["--json", "invoke"], kinds[0], &["--as", "app", "--sub-mchid", "1900000110"]];
    let app = made(&shop.run(&app.concat()));
    assert!(app["query"].as_str().unwrap().contains("subMchId=1900000110"), "{app}");
    let broken = shop.run(&["invoke", "coupon-plugin", "--coupon", "1234567"]);
    assert_eq!(broken.code, 1);
    assert!(broken.stderr.contains("STOCK:OUT_REQUEST_NO"), "{}", broken.stderr);
}

#[tokio::test(flavor = "multi_thread")]
async fn medical_insurance_pays_a_part_or_all() {
    let shop = shop_with(&[(
        "/v3/payscore/serviceorder",
        payscore_order(),
        json!({ "mix_trade_no": "mix-1" }),
    )])
    .await;
    let prepay_id = shop.order("order-1", "https://shop.example/notify").await;
    let mixed = ["--json", "invoke", "medical-insurance", "--mix-trade-no", "mix-1"];
    let part: &[&str] = &["--appid", APPID, "--prepay-id", &prepay_id, "--check"];
    let value = made(&shop.run(&[&mixed, part].concat()));
    assert_eq!((&value["mixTradeNo"], value.get("appId")), (&"mix-1".into(), None));
    let page = made(&shop.run(&[&mixed, part, &["--as", "jsapi"]].concat()));
    assert_eq!(page["appId"], APPID);
    assert_eq!(made(&shop.run(&mixed)), json!({ "mixTradeNo": "mix-1" }));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_apiv2_key_is_never_an_argument() {
    let shop = Shop::open().await;
    let detail = ["invoke", "payscore-detail", "--service-id", "1", "--out-order-no", "2"];
    let file = shop.write("apiv2.txt", format!("{}\n", shop.sandbox.apiv2_key()));
    assert_eq!(shop.run(&[&detail[..], &["--apiv2-key-file", &file, "--check"]].concat()).code, 0);
    let mut command = program(shop.folder.path());
    command.args(detail).env("WXPAY_APIV2_KEY", "too short");
    let ran = Ran::of(&mut command, b"");
    assert_eq!(ran.code, 1);
    assert!(!ran.stderr.contains("too short"), "no secret: {}", ran.stderr);
    let environment = shop.file("sandbox/env.json");
    let text = std::fs::read_to_string(&environment).unwrap().replace("apiv2_key", "other");
    std::fs::write(environment, text).unwrap();
    let ran = shop.run(&detail);
    assert_eq!(ran.code, 1);
    assert!(ran.stderr.contains("WXPAY_APIV2_KEY"), "{}", ran.stderr);
}
