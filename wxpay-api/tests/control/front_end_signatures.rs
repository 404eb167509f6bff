//! Wrong signatures of front ends: the error names the line that differs.

use proptest::prelude::*;
use serde_json::{Value, json};
use wxpay_api::Merchant;
use wxpay_api::protocol::message;
use wxpay_api::sandbox::Sandbox;

use crate::support::{APPID, order_as, problem, problems, start, verify};

const TIME: &str = "1414561699";
const NONCE: &str = "5K8264ILTKCH16CQ2502SI8ZNMTM67VS";

/// Signs any text as `paySign`.
fn signed(merchant: &Merchant, text: &[u8]) -> Value {
    jsapi(&merchant.sign(text).unwrap())
}

fn jsapi(signature: &str) -> Value {
    json!({
        "appId": APPID, "timeStamp": TIME, "nonceStr": NONCE, "package": "prepay_id=wx1",
        "signType": "RSA", "paySign": signature,
    })
}

async fn ordered() -> Sandbox {
    let sandbox = start().await;
    order_as(&sandbox, "jsapi", "order-1", "wx1").await;
    order_as(&sandbox, "jsapi", "order-2", "wx2").await;
    sandbox
}

#[tokio::test]
async fn the_line_that_differs_is_named() {
    let sandbox = ordered().await;
    let merchant = sandbox.merchant();
    let right = message::payment(APPID, TIME, NONCE, "prepay_id=wx1");
    assert_eq!(verify(&sandbox, &signed(merchant, &right)).await.status, 200);
    let cases = [
        ([APPID, TIME, NONCE, "wx1"], "line 4 (package) was signed as `wx1`"),
        ([APPID, TIME, NONCE, "prepay_id=prepay_id=wx1"], "line 4 (package)"),
        ([APPID, TIME, NONCE, "package=prepay_id=wx1"], "line 4 (package)"),
        ([APPID, TIME, NONCE, "prepay_id=wx2"], "line 4 (package) was signed as `prepay_id=wx2`"),
        ([APPID, TIME, NONCE, "Sign=WXPay"], "line 4 (package)"),
        ([APPID, TIME, NONCE, ""], "line 4 (package)"),
        (
            [APPID, "1414561701", NONCE, "prepay_id=wx1"],
            "line 2 (timeStamp) was signed as `1414561701`",
        ),
        ([APPID, "1414561698", NONCE, "prepay_id=wx1"], "line 2 (timeStamp)"),
        ([APPID, "1414561699000", NONCE, "prepay_id=wx1"], "line 2 (timeStamp)"),
        ([APPID, TIME, "5k8264iltkch16cq2502si8znmtm67vs", "prepay_id=wx1"], "line 3 (nonceStr)"),
        ([APPID, TIME, "", "prepay_id=wx1"], "line 3 (nonceStr) was signed as ``"),
        (["", TIME, NONCE, "prepay_id=wx1"], "line 1 (appId) was signed as ``"),
        ([APPID, NONCE, TIME, "prepay_id=wx1"], "line 2 (timeStamp)"),
        (["", TIME, NONCE, "wx1"], "line 1 (appId)"),
    ];
    for (lines, issue) in cases {
        let [appid, time, nonce, package] = lines;
        let text = message::payment(appid, time, nonce, package);
        let found = problem(&sandbox, &signed(merchant, &text)).await;
        assert!(found.starts_with("paySign signs another message"), "{lines:?}: {found}");
        assert!(found.contains(issue), "{lines:?}: {found}");
    }
}

#[tokio::test]
async fn messages_of_another_shape_are_named() {
    let sandbox = ordered().await;
    let merchant = sandbox.merchant();
    let lines = [APPID, TIME, NONCE, "prepay_id=wx1"];
    let joined = lines.join("\n");
    let cases = [
        (joined.clone(), "line feed after the last line is missing"),
        (format!("{joined}\n\n"), "an empty line follows"),
        (lines.join("\r\n") + "\r\n", "CR LF"),
        (format!("{joined}\nRSA\n"), "fifth line"),
        (format!("{TIME}\n{NONCE}\nprepay_id=wx1\n"), "the appid, is missing"),
        (lines.join("\\n") + "\\n", "backslash"),
        (
            format!(
                "appId={APPID}&nonceStr={NONCE}&package=prepay_id=wx1&signType=RSA&timeStamp={TIME}"
            ),
            "APIv2",
        ),
    ];
    for (text, issue) in cases {
        let found = problem(&sandbox, &signed(merchant, text.as_bytes())).await;
        assert!(found.contains(issue), "{text:?}: {found}");
    }
    let found = problem(&sandbox, &signed(merchant, b"something else")).await;
    assert!(found.contains("compare each line"), "{found}");
}

#[tokio::test]
async fn signatures_that_were_changed_on_their_way_are_named() {
    let sandbox = ordered().await;
    let right = message::payment(APPID, TIME, NONCE, "prepay_id=wx1");
    let signature = sandbox.merchant().sign(&right).unwrap();
    let encoded = signature.replace('+', "%2B").replace('/', "%2F").replace('=', "%3D");
    let cases = [
        (format!(" {signature}\n"), "white space"),
        (encoded, "percent-encoded"),
        (format!("{}\n{}", &signature[..76], &signature[76..]), "line breaks"),
        ("0CB01533B8C1EF103065174F50BCA001".to_owned(), "MD5"),
        ("A".repeat(64), "HMAC"),
        ("no base64 !".to_owned(), "no Base64"),
        (signature[..200].to_owned(), "compare each line"),
    ];
    for (signature, issue) in cases {
        let found = problem(&sandbox, &jsapi(&signature)).await;
        assert!(found.contains(issue), "{signature}: {found}");
    }
    if signature.contains('+') {
        let found = problem(&sandbox, &jsapi(&signature.replace('+', " "))).await;
        assert!(found.contains("spaces where `+` was"), "{found}");
    }
}

/// Accounts share key pairs unless they are told not to, so the other key is one of another sandbox here.
#[tokio::test]
async fn another_merchants_key_is_not_the_orders() {
    let sandbox = ordered().await;
    let other = Sandbox::builder().fresh_keys().start().await.unwrap();
    let right = message::payment(APPID, TIME, NONCE, "prepay_id=wx1");
    let found = problem(&sandbox, &signed(other.merchant(), &right)).await;
    assert!(found.contains("by the key of 1230000109"), "{found}");
}

#[tokio::test]
async fn apps_sign_the_prepay_id_alone() {
    let sandbox = start().await;
    order_as(&sandbox, "app", "order-1", "wx1").await;
    let text = message::payment(APPID, TIME, NONCE, "prepay_id=wx1");
    let given = json!({
        "appid": APPID, "partnerid": "1230000109", "prepayid": "wx1", "package": "Sign=WXPay",
        "noncestr": NONCE, "timestamp": TIME, "sign": sandbox.merchant().sign(&text).unwrap(),
    });
    let found = problem(&sandbox, &given).await;
    assert!(
        found.contains("line 4 (prepayid) was signed as `prepay_id=wx1`, but must be `wx1`"),
        "{found}"
    );
}

#[tokio::test]
async fn the_message_to_be_signed_is_shown_and_everything_is_told_at_once() {
    let sandbox = ordered().await;
    let mut given = signed(sandbox.merchant(), b"wrong");
    given["appId"] = json!("wx999");
    given["signType"] = json!("MD5");
    let got = verify(&sandbox, &given).await;
    let message = got.json()["detail"]["signed_message"].clone();
    assert_eq!(message, format!("wx999\n{TIME}\n{NONCE}\nprepay_id=wx1\n"));
    let found = problems(&sandbox, &given).await;
    let members: Vec<_> = found.iter().map(|it| it.split(' ').next().unwrap()).collect();
    assert_eq!(members, ["appId", "signType", "paySign"]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Whatever a page posts, the sandbox answers with JSON, and does not echo control characters in messages.
    #[test]
    fn any_parameters_are_answered(
        names in proptest::collection::vec("(appId|timeStamp|nonceStr|package|signType|paySign|prepayid|businessType|queryString|extraData|mchId|send_coupon_params|mixTradeNo|\\PC{0,9})", 0..7),
        values in proptest::collection::vec("(prepay_id=wx1|wxpayScoreUse|RSA|MD5|\\PC{0,40}|[\\x00-\\x1f]{1,5})", 7),
    ) {
        let parameters: serde_json::Map<String, Value> = names
            .into_iter()
            .zip(values)
            .map(|(name, value)| (name, Value::String(value)))
            .collect();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let sandbox = start().await;
            let got = verify(&sandbox, &Value::Object(parameters)).await;
            assert_eq!(got.status, 422, "{}", got.body);
            let message = got.json()["message"].as_str().unwrap().to_owned();
            assert!(!message.chars().any(char::is_control), "{message:?}");
        });
    }
}
