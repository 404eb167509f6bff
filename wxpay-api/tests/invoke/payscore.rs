//! PayScore's jumps, in the form of each platform (docs/protocol/invocation.md §9.3).

use proptest::prelude::*;
use serde_json::json;
use wxpay_api::invoke::InvokeError;

use crate::support::{MCHID, NONCE, apiv2_key, assert_query, invoker, json, query_pairs};

/// Computed with Python's hmac over the text that docs/protocol/invocation.md §9.3 describes.
const CONFIRM_SIGN: &str = "606C7436EDDA660BD57227460C5E797D6F26913562A5C0CFCBF90EAA3C22DEA9";
const DETAIL_SIGN: &str = "CBFFCB8511F0318A259066E51EC038CC29F297AA735430383FDBA54631C4F7C1";

#[test]
fn confirm() {
    let confirm = invoker().payscore_confirm("XDTPvwBn2/X==", &apiv2_key()).unwrap();
    assert_eq!(confirm.sign, CONFIRM_SIGN);
    let query = confirm.query_string();
    assert_query(
        &query,
        &[
            ("mch_id", MCHID),
            ("package", "XDTPvwBn2/X=="),
            ("timestamp", "1414561699"),
            ("nonce_str", NONCE),
            ("sign_type", "HMAC-SHA256"),
            ("sign", CONFIRM_SIGN),
        ],
    );
    assert_eq!(
        json(&confirm.jsapi()),
        json!({ "businessType": "wxpayScoreUse", "queryString": query })
    );
    assert_eq!(json(&confirm.app()), json!({ "businessType": "wxpayScoreUse", "query": query }));
    assert_eq!(
        json(&confirm.mini_program()),
        json!({
            "businessType": "wxpayScoreUse",
            "extraData": {
                "mch_id": MCHID,
                "package": "XDTPvwBn2/X==",
                "timestamp": "1414561699",
                "nonce_str": NONCE,
                "sign_type": "HMAC-SHA256",
                "sign": CONFIRM_SIGN,
            },
        })
    );
}

#[test]
fn a_package_that_is_a_query_string_is_passed_as_it_is() {
    let package = "mch_id=1900000109&package=a%2Fb&signature=c%3D";
    assert_eq!(
        json(&invoker().payscore_confirm_package(package).unwrap()),
        json!({ "businessType": "wxpayScoreUse", "queryString": package })
    );
}

#[test]
fn a_package_that_is_signed_already_is_not_signed_again() {
    for package in ["mch_id=1900000109&package=a%2Fb&signature=c%3D", "sign=AB12&mch_id=1900000109"]
    {
        let error = invoker().payscore_confirm(package, &apiv2_key()).unwrap_err();
        assert_eq!(error, InvokeError::SignedPackage);
        assert!(error.to_string().contains("`payscore_confirm_package`"), "{error}");
    }
}

#[test]
fn detail() {
    let detail = invoker().payscore_detail("500001", "1234323JKHDFE1243252", &apiv2_key()).unwrap();
    assert_eq!(
        json(&detail.mini_program()),
        json!({
            "businessType": "wxpayScoreDetail",
            "extraData": {
                "mch_id": MCHID,
                "service_id": "500001",
                "out_order_no": "1234323JKHDFE1243252",
                "timestamp": "1414561699",
                "nonce_str": NONCE,
                "sign_type": "HMAC-SHA256",
                "sign": DETAIL_SIGN,
            },
        })
    );
}

#[test]
fn a_detail_signs_the_number_raw_and_passes_it_encoded() {
    let detail = invoker().payscore_detail("500001", "order|1*", &apiv2_key()).unwrap();
    let sign = apiv2_key().hmac_sha256(&[
        ("mch_id", MCHID),
        ("service_id", "500001"),
        ("out_order_no", "order|1*"),
        ("timestamp", "1414561699"),
        ("nonce_str", NONCE),
        ("sign_type", "HMAC-SHA256"),
    ]);
    assert_eq!(detail.sign, sign);
    let app = json(&detail.app());
    assert_eq!(app["businessType"], "wxpayScoreDetail");
    assert_query(
        app["query"].as_str().unwrap(),
        &[
            ("mch_id", MCHID),
            ("service_id", "500001"),
            ("out_order_no", "order|1*"),
            ("timestamp", "1414561699"),
            ("nonce_str", NONCE),
            ("sign_type", "HMAC-SHA256"),
            ("sign", &sign),
        ],
    );
}

#[test]
fn enable_and_plan_pass_the_values_of_the_response() {
    let enable = invoker().payscore_enable("A/token==").unwrap();
    assert_eq!(
        json(&enable.jsapi()),
        json!({
            "businessType": "wxpayScoreEnable",
            "queryString": "apply_permissions_token=A%2Ftoken%3D%3D",
        })
    );
    assert_eq!(
        json(&enable.mini_program()),
        json!({
            "businessType": "wxpayScoreEnable",
            "extraData": { "apply_permissions_token": "A/token==" },
        })
    );
    let plan = invoker().payscore_plan("DJIOSQPYWDxsjdldeuwhdodwxasd_dDiodnwjh9we").unwrap();
    assert_eq!(
        json(&plan.mini_program()),
        json!({
            "businessType": "wxpayScorePlan",
            "extraData": { "package": "DJIOSQPYWDxsjdldeuwhdodwxasd_dDiodnwjh9we" },
        })
    );
}

#[test]
fn empty_values_make_no_jump() {
    let package = InvokeError::Value { name: "package" };
    assert_eq!(invoker().payscore_confirm("", &apiv2_key()).unwrap_err(), package);
    assert_eq!(invoker().payscore_confirm_package("").unwrap_err(), package);
    assert_eq!(invoker().payscore_plan("").unwrap_err(), package);
    let token = InvokeError::Value { name: "apply_permissions_token" };
    assert_eq!(invoker().payscore_enable("").unwrap_err(), token);
    let order = InvokeError::Value { name: "out_order_no" };
    assert_eq!(invoker().payscore_detail("500001", "", &apiv2_key()).unwrap_err(), order);
}

/// Why a value was refused.
#[track_caller]
fn reason<T: std::fmt::Debug>(made: Result<T, InvokeError>) -> &'static str {
    match made.unwrap_err() {
        InvokeError::Malformed { reason, .. } => reason,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_package_or_token_with_its_name_or_white_space_is_passed_once() {
    let confirm = invoker().payscore_confirm("\npackage=XDTPvwBn2/X== ", &apiv2_key()).unwrap();
    assert_eq!((&*confirm.package, &*confirm.sign), ("XDTPvwBn2/X==", CONFIRM_SIGN));
    assert_eq!(invoker().payscore_plan("package=a+/== ").unwrap().package, "a+/==");
    let enable = invoker().payscore_enable(" apply_permissions_token=A/token== ").unwrap();
    assert_eq!(enable.apply_permissions_token, "A/token==");
    let detail =
        invoker().payscore_detail(" 500001", "out_order_no=1234323JKHDFE1243252\n", &apiv2_key());
    assert_eq!(detail.unwrap().sign, DETAIL_SIGN);
    let query = "mch_id=1900000109&package=a%2Fb&signature=c%3D";
    for pasted in [format!("?{query}"), format!(" {query}\n"), format!("package={query}")] {
        let jump = invoker().payscore_confirm_package(pasted).unwrap();
        assert_eq!(jump.query_string, query);
    }
    let first = "package=a%2Fb&mch_id=1900000109&signature=c%3D";
    assert_eq!(invoker().payscore_confirm_package(first).unwrap().query_string, first);
    let signed = invoker().payscore_confirm(format!("?{query}"), &apiv2_key()).unwrap_err();
    assert_eq!(signed, InvokeError::SignedPackage);
    let signed =
        invoker().payscore_confirm("package=sign=AB12&mch_id=1", &apiv2_key()).unwrap_err();
    assert_eq!(signed, InvokeError::SignedPackage);
}

#[test]
fn an_invalid_package_or_token_is_refused() {
    for (pasted, why) in [
        ("XDTPvwBn2%2FX%3D%3D", "percent-encoded already"),
        ("XDTPvwBn2 X==", "white space"),
        ("\"XDTPvwBn2/X==\"", "quotation marks"),
        ("XDTP\\/vwBn2", "escapes"),
        ("mch_id=1&package=2", "query string"),
    ] {
        assert!(reason(invoker().payscore_confirm(pasted, &apiv2_key())).contains(why), "{pasted}");
        assert!(reason(invoker().payscore_plan(pasted)).contains(why), "{pasted}");
        assert!(reason(invoker().payscore_enable(pasted)).contains(why), "{pasted}");
    }
    for (pasted, why) in [
        ("mch_id%3D1%26signature%3Dc", "no query string"),
        ("XDTPvwBn2/X", "no query string"),
        ("mch_id=1&package=2", "no signature"),
        ("mch_id=1&amp;signature=2", "&amp;"),
        ("mch_id=1&signature=a b", "white space"),
        ("\"mch_id=1&signature=2\"", "quotation marks"),
    ] {
        assert!(reason(invoker().payscore_confirm_package(pasted)).contains(why), "{pasted}");
    }
    assert!(reason(invoker().payscore_detail("500001", "a%7Cb", &apiv2_key())).contains("encoded"));
    assert!(reason(invoker().payscore_detail("5&0", "a", &apiv2_key())).contains("cannot have"));
}

proptest! {
    #[test]
    fn any_package_arrives(package in "[A-Za-z0-9+/_.~!*()|:-]{1,40}={0,2}") {
        let confirm = invoker().payscore_confirm(&package, &apiv2_key()).unwrap();
        let pairs = query_pairs(&confirm.query_string());
        prop_assert_eq!(pairs.len(), 6);
        prop_assert_eq!(&pairs[1].1, &package);
    }
}
