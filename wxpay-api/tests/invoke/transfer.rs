//! The receiver's confirmation of a transfer (docs/protocol/invocation.md §9.4).

use proptest::prelude::*;
use serde_json::json;
use wxpay_api::invoke::InvokeError;

use crate::support::{MCHID, assert_query, invoker, json, query_pairs};

const APPID: &str = "wx8888888888888888";
const PACKAGE_INFO: &str = "affffddafdfafddffda+/==";

#[test]
fn an_object_in_mini_programs_and_web_pages() {
    let transfer = invoker().merchant_transfer(APPID, PACKAGE_INFO).unwrap();
    assert_eq!(json(&transfer), json!({ "mchId": MCHID, "appId": APPID, "package": PACKAGE_INFO }));
    let transfer = transfer.sub_mch_id("1900000110").unwrap().sub_app_id("wx9").unwrap();
    let transfer = transfer.open_id("o-1").unwrap();
    assert_eq!(
        json(&transfer),
        json!({
            "mchId": MCHID, "appId": APPID, "package": PACKAGE_INFO,
            "subMchId": "1900000110", "subAppId": "wx9", "openId": "o-1",
        })
    );
}

#[test]
fn a_query_in_apps() {
    let app = json(&invoker().merchant_transfer(APPID, PACKAGE_INFO).unwrap().app());
    assert_eq!(
        app,
        json!({
            "businessType": "requestMerchantTransfer",
            "query": "mchId=1900000109&appId=wx8888888888888888\
                &package=affffddafdfafddffda%2B%2F%3D%3D",
        })
    );
    assert_query(
        app["query"].as_str().unwrap(),
        &[("mchId", MCHID), ("appId", APPID), ("package", PACKAGE_INFO)],
    );
}

#[test]
fn a_response_without_package_info_needs_no_confirmation() {
    let error = invoker().merchant_transfer(APPID, "").unwrap_err();
    assert_eq!(error, InvokeError::Value { name: "package_info" });
}

#[test]
fn a_package_info_with_its_name_or_white_space_is_passed_once() {
    for pasted in ["package_info=", "package=", "package=package_info=", " ", "\u{feff}"] {
        let transfer =
            invoker().merchant_transfer(format!("{APPID} "), format!("{pasted}{PACKAGE_INFO}\n"));
        let transfer = transfer.unwrap().sub_mch_id(" subMchId=1900000110\n").unwrap();
        let transfer = transfer.sub_app_id(" appid=wx9").unwrap().open_id("o-1 ").unwrap();
        assert_eq!((&*transfer.app_id, &*transfer.package), (APPID, PACKAGE_INFO), "{pasted}");
        assert_eq!(
            (&*transfer.sub_mch_id, &*transfer.sub_app_id, &*transfer.open_id),
            ("1900000110", "wx9", "o-1")
        );
    }
}

/// They are passed to the front end beside the package, so they are checked like it.
#[test]
fn an_invalid_sub_merchant_or_receiver_is_refused_by_name() {
    let transfer = || invoker().merchant_transfer(APPID, PACKAGE_INFO).unwrap();
    for broken in ["19000\n00110", "1900000110\0", "1900000110&x=1", "\"1\"", "1 2", "1%32"] {
        let errors = [
            ("subMchId", transfer().sub_mch_id(broken).unwrap_err()),
            ("subAppId", transfer().sub_app_id(broken).unwrap_err()),
            ("openId", transfer().open_id(broken).unwrap_err()),
        ];
        for (name, error) in errors {
            assert!(error.to_string().starts_with(&format!("{name} ")), "{broken:?}: {error}");
        }
    }
    let swapped = [
        (transfer().sub_mch_id(APPID).unwrap_err(), "digits alone"),
        (transfer().sub_app_id("1900000110").unwrap_err(), "merchant numbers"),
    ];
    for (error, why) in swapped {
        assert!(error.to_string().contains(why), "{error}");
    }
    let none = transfer().sub_mch_id("").unwrap().sub_app_id(" ").unwrap().open_id("").unwrap();
    assert_eq!(none, transfer(), "an empty one is left out");
}

#[test]
fn an_invalid_package_info_is_refused() {
    for (pasted, why) in [
        ("affffdda%2B%2F%3D%3D", "percent-encoded already"),
        ("affffdda /==", "white space"),
        ("'affffdda'", "quotation marks"),
        ("mchId=1&package=2", "query string"),
    ] {
        match invoker().merchant_transfer(APPID, pasted).unwrap_err() {
            InvokeError::Malformed { name: "package_info", reason } => {
                assert!(reason.contains(why), "{pasted}: {reason}")
            }
            other => panic!("{other:?}"),
        }
    }
}

proptest! {
    #[test]
    fn any_package_info_arrives(package_info in "[A-Za-z0-9+/_.~!*()|:-]{1,40}={0,2}") {
        let transfer = invoker().merchant_transfer(APPID, &package_info).unwrap();
        let pairs = query_pairs(&transfer.app().query);
        prop_assert_eq!(pairs.len(), 3);
        prop_assert_eq!(&pairs[2].1, &package_info);
    }
}
