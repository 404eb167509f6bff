//! A mini program's red packet: signed raw with MD5, passed encoded (docs/protocol/invocation.md §9.3).

use serde_json::json;
use wxpay_api::invoke::InvokeError;

use crate::support::{NONCE, apiv2_key, invoker, json};

const PACKAGE: &str = "sendid=242e8abd163d300019b2cae74ba8e8c06e3f0e51ab84d16b3c80decd22a5b672&ver=8\
    &sign=4110d649a5aef52dd6b95654ddf91ca7d5411ac159ace4e1a766b7d3967a1c3d&mchid=1900000109";

/// Computed with Python's hashlib over the text that docs/protocol/invocation.md §9.3 describes.
const SIGN: &str = "76BFDF670EF44D53A21326E7EC9A3FBA";

#[test]
fn a_red_packet() {
    let packet = invoker().red_packet("wx8888888888888888", PACKAGE, &apiv2_key()).unwrap();
    assert_eq!(
        json(&packet),
        json!({
            "timeStamp": "1414561699",
            "nonceStr": NONCE,
            "package": PACKAGE.replace('&', "%26").replace('=', "%3D"),
            "signType": "MD5",
            "paySign": SIGN,
        })
    );
}

#[test]
fn a_red_packet_needs_its_package() {
    let error = invoker().red_packet("wx8888888888888888", "", &apiv2_key()).unwrap_err();
    assert_eq!(error, InvokeError::Value { name: "package" });
}

#[test]
fn a_red_packets_package_is_signed_raw_or_refused() {
    for pasted in [format!("package={PACKAGE}"), format!(" {PACKAGE}\n"), format!("?{PACKAGE}")] {
        let packet = invoker().red_packet("wx8888888888888888", &pasted, &apiv2_key()).unwrap();
        assert_eq!(packet.pay_sign, SIGN, "{pasted}");
    }
    let encoded = PACKAGE.replace('&', "%26").replace('=', "%3D");
    let escaped = PACKAGE.replace('&', "&amp;");
    for pasted in [&encoded, &escaped, "\"sendid=1&ver=8\"", "sendid=1&ver=8 9"] {
        let error = invoker().red_packet("wx8888888888888888", pasted, &apiv2_key()).unwrap_err();
        assert!(matches!(error, InvokeError::Malformed { name: "package", .. }), "{error}");
    }
}
