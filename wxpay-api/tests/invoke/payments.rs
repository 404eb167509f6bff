//! Payments: the documented message is signed, and the object has the members that front ends
//! accept (docs/protocol/invocation.md §9.1, §9.2).

use std::time::{SystemTime, UNIX_EPOCH};

use proptest::prelude::*;
use serde_json::json;
use wxpay_api::invoke::{InvokeError, MedicalInsurancePayment};
use wxpay_api::protocol::Nonce;

use crate::support::{MCHID, NONCE, TIMESTAMP, invoker, json, merchant, public_key, query_pairs};

const APPID: &str = "wx8888888888888888";
const PREPAY_ID: &str = "wx201410272009395522657a690389285100";

/// Asserts a valid signature of a payment on a web page or in a mini program.
fn assert_signed(pay_sign: &str) {
    let message = format!("{APPID}\n1414561699\n{NONCE}\nprepay_id={PREPAY_ID}\n");
    assert!(public_key().verify(message.as_bytes(), pay_sign));
}

#[test]
fn jsapi() {
    let payment = invoker().jsapi(APPID, PREPAY_ID).unwrap();
    assert_signed(&payment.pay_sign);
    assert_eq!(
        json(&payment),
        json!({
            "appId": APPID,
            "timeStamp": "1414561699",
            "nonceStr": NONCE,
            "package": "prepay_id=wx201410272009395522657a690389285100",
            "signType": "RSA",
            "paySign": payment.pay_sign,
        })
    );
}

#[test]
fn a_mini_program_signs_the_appid_and_does_not_pass_it() {
    let payment = invoker().mini_program(APPID, PREPAY_ID).unwrap();
    assert_signed(&payment.pay_sign);
    assert_eq!(
        json(&payment),
        json!({
            "timeStamp": "1414561699",
            "nonceStr": NONCE,
            "package": "prepay_id=wx201410272009395522657a690389285100",
            "signType": "RSA",
            "paySign": payment.pay_sign,
        })
    );
}

#[test]
fn an_app_signs_the_bare_prepay_id() {
    let payment = invoker().app(APPID, PREPAY_ID).unwrap();
    let message = format!("{APPID}\n1414561699\n{NONCE}\n{PREPAY_ID}\n");
    assert!(public_key().verify(message.as_bytes(), &payment.sign));
    let mut expected = json!({
        "appid": APPID,
        "partnerid": MCHID,
        "prepayid": PREPAY_ID,
        "package": "Sign=WXPay",
        "noncestr": NONCE,
        "timestamp": "1414561699",
        "sign": payment.sign,
    });
    assert_eq!(json(&payment), expected);

    let package = expected.as_object_mut().unwrap().remove("package").unwrap();
    expected["packageValue"] = package;
    assert_eq!(json(&payment.android()), expected);
}

#[test]
fn medical_insurance_passes_the_mixed_orders_number_unsigned() {
    let payment = invoker().mini_program(APPID, PREPAY_ID).unwrap();
    let mut expected = json(&payment);
    expected["mixTradeNo"] = json!("M1");
    assert_eq!(json(&payment.mixed("M1").unwrap()), expected);

    let payment = invoker().jsapi(APPID, PREPAY_ID).unwrap();
    let mut expected = json(&payment);
    expected["mixTradeNo"] = json!("M1");
    assert_eq!(json(&payment.mixed("M1").unwrap()), expected);

    let insurance = MedicalInsurancePayment::insurance_only(" M1\n").unwrap();
    assert_eq!(json(&insurance), json!({ "mixTradeNo": "M1" }));
}

#[test]
fn an_invalid_mixed_order_number_is_refused() {
    for number in ["", " ", "M1\nM2", "\"M1\"", "M1&x=1", "M 1", "M1%20"] {
        let errors = [
            MedicalInsurancePayment::insurance_only(number).unwrap_err(),
            invoker().mini_program(APPID, PREPAY_ID).unwrap().mixed(number).unwrap_err(),
            invoker().jsapi(APPID, PREPAY_ID).unwrap().mixed(number).unwrap_err(),
        ];
        for error in errors {
            assert!(error.to_string().starts_with("mixTradeNo "), "{number:?}: {error}");
        }
    }
}

#[test]
fn without_a_given_moment_it_is_now_and_every_nonce_is_new() {
    let invoker = merchant().invoke();
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    let first = invoker.jsapi(APPID, PREPAY_ID).unwrap();
    let second = invoker.jsapi(APPID, PREPAY_ID).unwrap();
    assert!((now..=now + 60).contains(&first.time_stamp.parse().unwrap()));
    assert_eq!(first.nonce_str.len(), 32);
    assert_ne!(first.nonce_str, second.nonce_str);
    assert_ne!(first.pay_sign, second.pay_sign);
}

#[test]
fn clients_take_no_nonce_of_more_than_32_characters() {
    let at = |nonce: &str| merchant().invoke().at(TIMESTAMP, Nonce::new(nonce).unwrap());
    let error = at("a-uuid-with-dashes-has-36-characters").jsapi(APPID, PREPAY_ID).unwrap_err();
    assert_eq!(error, InvokeError::NonceLength { length: 36 });
}

#[test]
fn missing_or_broken_ids_are_not_signed() {
    for error in [
        invoker().jsapi(APPID, "").unwrap_err(),
        invoker().mini_program(APPID, "").unwrap_err(),
        invoker().app(APPID, "wx1\nwx2").unwrap_err(),
    ] {
        assert_eq!(error, InvokeError::Value { name: "prepay_id" });
        assert!(error.to_string().contains("prepay_id is empty"), "{error}");
    }
    let error = invoker().jsapi("", PREPAY_ID).unwrap_err();
    assert_eq!(error, InvokeError::Value { name: "appId" });
}

const H5_URL: &str = "https://wx.tenpay.com/cgi-bin/mmpayweb-bin/checkmweb?prepay_id=wx1&package=2";

#[test]
fn h5_returns_to_a_page() {
    let url = invoker().h5(H5_URL, "https://shop.example/done?order=1&shop=北京").unwrap();
    let expected = format!(
        "{H5_URL}&redirect_url=\
         https%3A%2F%2Fshop.example%2Fdone%3Forder%3D1%26shop%3D%E5%8C%97%E4%BA%AC"
    );
    assert_eq!(url, expected);
    assert_eq!(
        invoker().h5("", "https://shop.example").unwrap_err(),
        InvokeError::Value { name: "h5_url" }
    );
}

/// Why a value was refused.
fn reason(error: &InvokeError) -> &'static str {
    match error {
        InvokeError::Malformed { reason, .. } => reason,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_prepay_id_with_its_name_or_white_space_is_signed_once() {
    for pasted in [
        "prepay_id=wx201410272009395522657a690389285100",
        "prepay_id=prepay_id=wx201410272009395522657a690389285100",
        " prepay_id= wx201410272009395522657a690389285100 ",
        "PREPAY_ID=wx201410272009395522657a690389285100",
        "\twx201410272009395522657a690389285100\r\n",
        "\u{feff}wx201410272009395522657a690389285100\u{200b}\u{3000}",
    ] {
        let payment = invoker().jsapi(format!(" appId={APPID}\n"), pasted).unwrap();
        assert_eq!((&*payment.app_id, payment.package), (APPID, format!("prepay_id={PREPAY_ID}")));
        assert_signed(&payment.pay_sign);
        assert_signed(&invoker().mini_program(APPID, pasted).unwrap().pay_sign);
        let payment = invoker().app(APPID, pasted).unwrap();
        assert_eq!(payment.prepayid, PREPAY_ID);
        let message = format!("{APPID}\n1414561699\n{NONCE}\n{PREPAY_ID}\n");
        assert!(public_key().verify(message.as_bytes(), &payment.sign));
    }
}

#[test]
fn an_invalid_prepay_id_is_refused_by_name() {
    for (pasted, why) in [
        ("wx1&package=2", "cannot have"),
        ("\"wx1\"", "quotation marks"),
        ("{\"prepay_id\":\"wx1\"}", "quotation marks"),
        ("wx1 wx2", "white space"),
        ("prepay_id%3Dwx1", "percent-encoded already"),
        ("Sign=WXPay", "cannot have"),
        ("weixin://wxpay/bizpayurl/up?pr=1", "cannot have"),
        ("微信", "cannot have"),
    ] {
        let errors = [
            invoker().jsapi(APPID, pasted).unwrap_err(),
            invoker().mini_program(APPID, pasted).unwrap_err(),
            invoker().app(APPID, pasted).unwrap_err(),
        ];
        for error in errors {
            assert!(reason(&error).contains(why), "{pasted}: {error}");
            assert!(error.to_string().starts_with("prepay_id "), "{error}");
            assert!(!error.to_string().contains("wx1"), "the value itself is not shown: {error}");
        }
    }
    for nothing in ["prepay_id=", " ", "\u{feff}", "prepay_id= \n", "wx1\u{0}wx2", "wx1\rwx2"] {
        let error = invoker().jsapi(APPID, nothing).unwrap_err();
        assert_eq!(error, InvokeError::Value { name: "prepay_id" });
    }
}

#[test]
fn an_invalid_appid_is_refused_by_name() {
    for (pasted, why) in [
        ("1900000109", "merchant numbers"),
        ("wx8888 8888", "white space"),
        ("wx88&appid=wx99", "cannot have"),
        ("'wx8888888888888888'", "quotation marks"),
    ] {
        let error = invoker().jsapi(pasted, PREPAY_ID).unwrap_err();
        assert!(reason(&error).contains(why), "{pasted}: {error}");
        assert!(error.to_string().starts_with("appId "), "{error}");
        assert!(invoker().app(pasted, PREPAY_ID).unwrap_err().to_string().starts_with("appid "));
    }
}

#[test]
fn an_h5_address_that_is_encoded_or_has_a_page_already_is_refused() {
    let page = "https://shop.example/done";
    let with_page = format!("{H5_URL}&redirect_url=https%3A%2F%2Fshop.example");
    for (url, why) in [
        ("https%3A%2F%2Fwx.tenpay.com%2Fx%3Fprepay_id%3Dwx1", "no absolute URL"),
        ("wx.tenpay.com/x?prepay_id=wx1", "no absolute URL"),
        ("https://", "no absolute URL"),
        ("weixin://", "no absolute URL"),
        ("https:\\/\\/wx.tenpay.com\\/x", "escapes"),
        ("https://wx.tenpay.com/x?prepay_id=wx1&amp;package=2", "&amp;"),
        ("https://wx.tenpay.com/x ?prepay_id=wx1", "white space"),
        ("https://wx.tenpay.com/x?prepay_id=wx1#top", "fragment"),
        (&with_page, "already"),
    ] {
        let error = invoker().h5(url, page).unwrap_err();
        assert!(reason(&error).contains(why), "{url}: {error}");
        assert!(error.to_string().starts_with("h5_url "), "{error}");
    }
    for url in [
        "https%3A%2F%2Fshop.example%2Fdone",
        "/done",
        "shop.example",
        "://x",
        "1://x",
        "://",
        "http://",
        "HTTPS://",
        "https:///done",
        "https://?order=1",
        "'https://shop.example/done'",
    ] {
        let error = invoker().h5(H5_URL, url).unwrap_err();
        assert!(reason(&error).contains("no absolute URL"), "{url}: {error}");
        assert!(error.to_string().starts_with("redirect_url "), "{error}");
    }
    let expected = invoker().h5(H5_URL, page).unwrap();
    let pasted =
        invoker().h5(&format!(" h5_url={H5_URL}\n"), "\tredirect_url=https://shop.example/done ");
    assert_eq!(pasted.unwrap(), expected);
}

#[test]
fn an_app_is_returned_to_by_its_scheme() {
    for (scheme, encoded) in [
        ("shop.example://", "shop.example%3A%2F%2F"),
        ("shop.example://paid?order=1", "shop.example%3A%2F%2Fpaid%3Forder%3D1"),
        ("wxd678efh567hg6787://", "wxd678efh567hg6787%3A%2F%2F"),
    ] {
        let url = invoker().h5(H5_URL, scheme).unwrap();
        assert_eq!(url, format!("{H5_URL}&redirect_url={encoded}"));
    }
}

#[test]
fn a_page_may_have_an_apostrophe_but_nothing_that_ends_a_url() {
    let url = invoker().h5(H5_URL, "https://shop.example/o'brien?q='1'").unwrap();
    let (_, query) = url.split_once('?').unwrap();
    assert_eq!(query_pairs(query)[2].1, "https://shop.example/o'brien?q='1'");
    assert!(invoker().h5(&format!("{H5_URL}&x=o'brien"), "https://shop.example").is_ok());
    for stray in ['"', '<', '>', '\\', '`', ' ', '\u{3000}'] {
        for page in [format!("https://shop.example/{stray}x"), format!("shop.example://{stray}x")] {
            let error = invoker().h5(H5_URL, &page).unwrap_err();
            assert!(error.to_string().starts_with("redirect_url has "), "{stray:?}: {error}");
        }
    }
    for control in ['\n', '\r', '\t', '\0', '\u{7f}'] {
        let error = invoker().h5(H5_URL, &format!("https://shop.example/{control}x"));
        assert_eq!(error.unwrap_err(), InvokeError::Value { name: "redirect_url" });
    }
}

proptest! {
    #[test]
    fn any_return_page_survives_the_encoding(path in "[^\\p{C}\\p{Z}\"`<>\\\\&]{0,40}", pair in "[a-z]=[a-z]") {
        let page = format!("https://shop.example/{path}?{pair}&{pair}");
        let url = invoker().h5(H5_URL, &page).unwrap();
        let (_, query) = url.split_once('?').unwrap();
        let pairs = query_pairs(query);
        prop_assert_eq!(pairs.len(), 3);
        prop_assert_eq!(&pairs[2], &("redirect_url".to_owned(), page));
    }

    /// For any text, exactly one prepay id is signed, or nothing.
    #[test]
    fn no_prepay_id_breaks_the_message(
        pieces in proptest::collection::vec(
            prop_oneof![Just("prepay_id=".to_owned()), Just(" ".to_owned()), Just("wx1".to_owned()), "\\PC{0,3}", "[\\s\\x00-\\x1f]{0,2}"],
            0..5,
        ),
    ) {
        if let Ok(payment) = invoker().jsapi(APPID, &pieces.concat()) {
            let id = payment.package.strip_prefix("prepay_id=").unwrap();
            prop_assert!(!id.is_empty() && !id.contains(['=', '&', '"', ' ', '\n']), "{}", id);
        }
    }
}
