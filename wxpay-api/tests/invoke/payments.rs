//! Payments: the documented message is signed, and the object is what the front end takes (PROTOCOL §9.1, §9.2).

use std::time::{SystemTime, UNIX_EPOCH};

use proptest::prelude::*;
use serde_json::json;
use wxpay_api::invoke::{InvokeError, MedicalInsurancePayment};
use wxpay_api::protocol::Nonce;

use crate::support::{MCHID, NONCE, TIMESTAMP, invoker, json, merchant, public_key, query_pairs};

const APPID: &str = "wx8888888888888888";
const PREPAY_ID: &str = "wx201410272009395522657a690389285100";

/// The signature of a web page's or a mini program's payment holds.
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
    assert_eq!(json(&payment.mixed("M1")), expected);

    let payment = invoker().jsapi(APPID, PREPAY_ID).unwrap();
    let mut expected = json(&payment);
    expected["mixTradeNo"] = json!("M1");
    assert_eq!(json(&payment.mixed("M1")), expected);

    let insurance = MedicalInsurancePayment::insurance_only("M1");
    assert_eq!(json(&insurance), json!({ "mixTradeNo": "M1" }));
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
fn what_an_answer_lacked_is_not_signed() {
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

proptest! {
    #[test]
    fn any_page_is_given_back(page in "\\PC{1,40}") {
        let url = invoker().h5(H5_URL, &page).unwrap();
        let (_, query) = url.split_once('?').unwrap();
        let pairs = query_pairs(query);
        prop_assert_eq!(pairs.len(), 3);
        prop_assert_eq!(&pairs[2], &("redirect_url".to_owned(), page));
    }
}
