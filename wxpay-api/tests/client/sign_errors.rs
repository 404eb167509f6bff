//! After SIGN_ERROR, the message that WeChat Pay built is compared with the signed one.

use std::sync::LazyLock;

use bytes::Bytes;
use serde_json::{Value, json};
use wxpay_api::protocol::issuing::Identity;
use wxpay_api::v3::pay::transactions::jsapi::post::{Request, operation};
use wxpay_api::v3::pay::transactions::out_trade_no::_out_trade_no_::get as query;
use wxpay_api::{
    Client, Core, Error, FromResponse, Merchant, Operation, SignDifference, TargetChange,
    WechatPayKeys,
};

use crate::{cancel, sandbox};

const MCHID: &str = "1900000109";
const DESCRIPTION: &str = "QQ公仔";

static CORE: LazyLock<Core> = LazyLock::new(|| {
    let merchant = Identity::merchant(MCHID).unwrap();
    let key = merchant.private_key_pem().unwrap();
    let merchant = Merchant::from_pem(MCHID, merchant.certificate_pem(), key).unwrap();
    let platform = Identity::platform().unwrap();
    let keys = WechatPayKeys::new().with_public_key("PUB_KEY_ID_1", platform.public_key_pem());
    Core::new(merchant, keys.unwrap()).unwrap()
});

/// The error of a request. `show` makes the message in the response from the signed one.
fn error(show: impl FnOnce(&str) -> Value) -> Error {
    let request = Request::builder()
        .appid("wxd678efh567hg6787")
        .mchid(MCHID)
        .description(DESCRIPTION)
        .out_trade_no("1217752501201407033233368018")
        .amount(|amount| amount.total(100))
        .notify_url("https://shop.example/paid")
        .payer(|payer| payer.openid("oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"));
    error_for(operation(request), show)
}

/// The same for any operation.
fn error_for<O: Operation>(operation: O, show: impl FnOnce(&str) -> Value) -> Error
where
    O::Response: FromResponse,
{
    let signed = CORE.prepare(operation).unwrap().sign().unwrap();
    let message = str::from_utf8(&signed.sent().signed_message).unwrap().to_owned();
    let body = json!({
        "code": "SIGN_ERROR",
        "message": "签名错误",
        "detail": {
            "detail": { "issue": "sign not match" },
            "field": "signature",
            "location": "authorization",
            "sign_information": show(&message),
        },
    });
    let response = http::Response::builder()
        .status(401)
        .header("Request-ID", "08F78BB0AF0610D302189E8DB40120A3D4-268443699")
        .body(Bytes::from(body.to_string()));
    match signed.check(response.unwrap()) {
        Ok(_) => panic!("401 is no success"),
        Err(error) => error,
    }
}

/// The message as WeChat Pay shows it, cut after so many bytes of its body.
fn shown(built: &str, body: usize) -> Value {
    let mut lines = built.split('\n');
    let (method, url) = (lines.next().unwrap(), lines.next().unwrap());
    let head: usize = built.split_inclusive('\n').take(4).map(str::len).sum();
    json!({
        "method": method,
        "url": url,
        "sign_message_length": built.len(),
        "truncated_sign_message": built.get(..head + body).unwrap_or(built),
    })
}

/// The difference from a message that WeChat Pay built, and its text.
#[track_caller]
fn difference(build: impl Fn(&str) -> String) -> (SignDifference, String) {
    let error = error(|message| {
        let built = build(message);
        assert_ne!(built, message);
        shown(&built, 40)
    });
    let difference = error.api().unwrap().sign_difference().unwrap().clone();
    let words = error.to_string();
    assert!(words.contains(&difference.to_string()), "{words}");
    assert!(words.contains("-268443699: a signature error)"), "{words}");
    for content in [DESCRIPTION, "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o", "/v3/pay/transactions/jsapi/"] {
        assert!(!format!("{error} {error:?}").contains(content), "{error:?}");
    }
    (difference, words)
}

/// The message with another line.
fn with_line(message: &str, number: usize, change: impl Fn(&str) -> String) -> String {
    let lines = message.split('\n').enumerate();
    let lines: Vec<_> =
        lines.map(|(at, line)| if at == number { change(line) } else { line.to_owned() }).collect();
    lines.join("\n")
}

#[test]
fn another_method() {
    let (difference, words) = difference(|message| message.replacen("POST", "GET", 1));
    let (signed, built) = ("POST".to_owned(), "GET".to_owned());
    assert_eq!(difference, SignDifference::Method { signed, built });
    assert!(words.contains("POST was signed, but WeChat Pay saw the method GET"), "{words}");
}

#[test]
fn another_url() {
    for (url, at, change) in [
        ("/proxy/v3/pay/transactions/jsapi", 1, TargetChange::Other),
        ("/v3/pay/transactions/jsap%69", 25, TargetChange::Encoding),
        ("/v3/pay/transactions/JSAPI", 21, TargetChange::Case),
        ("/v3/pay/transactions/jsapi?a=1", 26, TargetChange::Other),
    ] {
        let (difference, words) = difference(|message| with_line(message, 1, |_| url.to_owned()));
        assert_eq!(difference, SignDifference::Target { at, change }, "{url}");
        assert!(words.contains(&format!("from byte {at} on")), "{words}");
    }
}

#[test]
fn a_query_that_did_not_arrive() {
    let request = query::Request::builder().mchid(MCHID);
    let error = error_for(query::operation("1217752501201407033233368018", request), |message| {
        shown(&with_line(message, 1, |url| url.split_once('?').unwrap().0.to_owned()), 0)
    });
    let difference = error.api().unwrap().sign_difference().unwrap();
    let change = TargetChange::NoQuery;
    assert!(matches!(difference, SignDifference::Target { change: c, .. } if *c == change));
    assert!(error.to_string().contains("where the query is missing"), "{error}");
}

#[test]
fn another_time_or_nonce() {
    let (difference, words) =
        self::difference(|message| with_line(message, 2, |time| format!("{time}000")));
    assert!(matches!(difference, SignDifference::Timestamp { .. }), "{difference:?}");
    assert!(words.contains("000"), "{words}");
    let (difference, _) = self::difference(|message| with_line(message, 3, |_| "x".to_owned()));
    assert_eq!(difference, SignDifference::Nonce);
}

#[test]
fn other_line_ends() {
    let (difference, words) = difference(|message| message.replace('\n', "\r\n"));
    assert_eq!(difference, SignDifference::LineEnds);
    assert!(words.contains("CRLF"), "{words}");
}

#[test]
fn another_body_where_it_is_shown() {
    let (difference, _) = difference(|message| message.replacen("{\"appid\"", "{\"Appid\"", 1));
    assert_eq!(difference, SignDifference::Body { at: 2 });
}

#[test]
fn a_body_of_another_length_behind_the_part_that_is_shown() {
    let mut signed = 0;
    let (difference, words) = {
        let error = error(|message| {
            signed = message.split_once("\n{").unwrap().1.len();
            shown(&format!("{}  \n", message.trim_end()), 40)
        });
        (error.api().unwrap().sign_difference().unwrap().clone(), error.to_string())
    };
    assert_eq!(difference, SignDifference::BodyLength { signed, built: signed + 2 });
    assert!(words.contains(&format!("a body of {signed} bytes was signed")), "{words}");
}

#[test]
fn a_body_that_did_not_arrive() {
    let error = error(|message| {
        let head = message.split_once('{').unwrap().0;
        shown(&format!("{head}\n"), 0)
    });
    let difference = error.api().unwrap().sign_difference().unwrap();
    assert!(matches!(difference, SignDifference::BodyLength { built: 0, .. }), "{difference:?}");
}

/// The difference from a message that WeChat Pay shows in another form.
fn seen(show: impl FnOnce(&str) -> Value) -> Option<SignDifference> {
    error(show).api().unwrap().sign_difference().cloned()
}

#[test]
fn no_difference_blames_the_key() {
    for body in [0, 10, 40, usize::MAX / 2] {
        assert_eq!(seen(|message| shown(message, body)), Some(SignDifference::Nowhere));
    }
    // Neither the mark of a cut nor a character cut in two is a difference.
    for mark in ["...", "…", "\u{fffd}"] {
        let difference = seen(|message| {
            let mut information = shown(message, 20);
            let copy = information["truncated_sign_message"].as_str().unwrap();
            information["truncated_sign_message"] = format!("{copy}{mark}").into();
            information
        });
        assert_eq!(difference, Some(SignDifference::Nowhere), "{mark}");
    }
    // A length may count characters, and may be a text.
    let difference = seen(|message| {
        let mut information = shown(message, 20);
        information["sign_message_length"] = message.chars().count().to_string().into();
        information
    });
    assert_eq!(difference, Some(SignDifference::Nowhere));
}

#[test]
fn missing_parts_are_not_compared() {
    let only = |name: &'static str| {
        move |message: &str| {
            let information = shown(message, 20);
            json!({ name: information[name] })
        }
    };
    assert_eq!(seen(only("url")), Some(SignDifference::NotShown));
    assert_eq!(seen(only("truncated_sign_message")), Some(SignDifference::NotShown));
    assert_eq!(seen(only("sign_message_length")), Some(SignDifference::Nowhere));
    assert_eq!(seen(|_| json!({})), None);
    assert_eq!(seen(|_| json!("nothing")), None);
    assert_eq!(seen(|_| json!({ "truncated_sign_message": 7 })), None);
    let target = SignDifference::Target { at: 3, change: TargetChange::Other };
    assert_eq!(seen(|_| json!({ "url": "/v3" })), Some(target));
}

#[tokio::test]
async fn a_key_of_another_merchant_is_blamed_over_the_wire() {
    let (sandbox, wx) = sandbox().await;
    let stranger = Identity::merchant(MCHID).unwrap();
    let merchant = Merchant::from_private_key(
        wx.merchant().id(),
        &wx.merchant().serial().to_string(),
        stranger.private_key_pem().unwrap(),
    )
    .unwrap();
    let wx = Client::builder(merchant).wechatpay_keys(wx.keys()).base_url(sandbox.url());
    let error = cancel(&wx.build().unwrap()).await.unwrap_err();
    assert_eq!(error.api().unwrap().sign_difference(), Some(&SignDifference::Nowhere));
    assert!(error.to_string().contains("serial_no and private key belong together"), "{error}");
}
