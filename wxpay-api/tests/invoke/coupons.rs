//! Coupons, by the mini-program plugin and by the page (docs/protocol/invocation.md §9.3).

use proptest::prelude::*;
use serde_json::json;
use wxpay_api::invoke::{Coupon, CouponPage, InvokeError};

use crate::support::{MCHID, apiv2_key, assert_query, invoker, json, query_pairs};

#[test]
fn the_plugin_gets_names_without_numbers_and_the_signature_has_them() {
    let coupons = [
        Coupon::new("9865000", "89560002019101000121").coupon_code("DSXQ"),
        Coupon::new("9865001", "89560002019101000122")
            .customize_send_time("1586339463")
            .create_coupon_merchant("10016226"),
    ];
    let plugin = invoker().coupon_plugin(coupons, &apiv2_key()).unwrap();
    let sign = apiv2_key().hmac_sha256(&[
        ("stock_id0", "9865000"),
        ("out_request_no0", "89560002019101000121"),
        ("coupon_code0", "DSXQ"),
        ("stock_id1", "9865001"),
        ("out_request_no1", "89560002019101000122"),
        ("customize_send_time1", "1586339463"),
        ("create_coupon_merchant1", "10016226"),
        ("send_coupon_merchant", MCHID),
    ]);
    assert_eq!(
        json(&plugin),
        json!({
            "send_coupon_params": [
                {
                    "stock_id": "9865000",
                    "out_request_no": "89560002019101000121",
                    "coupon_code": "DSXQ",
                },
                {
                    "stock_id": "9865001",
                    "out_request_no": "89560002019101000122",
                    "customize_send_time": "1586339463",
                    "create_coupon_merchant": "10016226",
                },
            ],
            "sign": sign,
            "send_coupon_merchant": MCHID,
        })
    );
}

#[test]
fn the_plugin_needs_coupons_with_stock_and_number() {
    let refused = |coupons: Vec<Coupon>| match invoker().coupon_plugin(coupons, &apiv2_key()) {
        Err(InvokeError::Value { name }) => name,
        other => panic!("{other:?}"),
    };
    assert_eq!(refused(vec![]), "send_coupon_params");
    assert_eq!(refused(vec![Coupon::new("", "1")]), "stock_id");
    assert_eq!(refused(vec![Coupon::new("1", "1"), Coupon::new("1", "")]), "out_request_no");
}

/// The query of a coupon's page.
fn query(page: &CouponPage) -> String {
    let url = invoker().coupon_page(page, &apiv2_key()).unwrap();
    let query = url.strip_prefix("https://action.weixin.qq.com/busifavor/getcouponinfo?").unwrap();
    query.strip_suffix("#wechat_redirect").unwrap().to_owned()
}

#[test]
fn the_page_of_a_coupon() {
    let page = CouponPage::new("100000", "1000009821", "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o");
    let signed = [
        ("stock_id", "100000"),
        ("out_request_no", "1000009821"),
        ("send_coupon_merchant", MCHID),
        ("open_id", "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"),
        ("coupon_code", "A/1"),
    ];
    let (without_code, _) = signed.split_at(4);
    for (page, signed) in
        [(page.clone(), without_code), (page.coupon_code("A/1"), signed.as_slice())]
    {
        let sign = apiv2_key().hmac_sha256(signed);
        let mut expected = signed.to_vec();
        expected.push(("sign", &sign));
        assert_query(&query(&page), &expected);
    }
}

#[test]
fn a_coupons_numbers_are_signed_as_they_are_passed() {
    let plain =
        Coupon::new("9865000", "8956000").coupon_code("DSXQ").create_coupon_merchant("10016226");
    let pasted = Coupon::new(" 9865000", "out_request_no=8956000\n")
        .coupon_code("DSXQ ")
        .create_coupon_merchant("\u{feff}10016226");
    let expected = invoker().coupon_plugin([plain], &apiv2_key()).unwrap();
    assert_eq!(invoker().coupon_plugin([pasted], &apiv2_key()).unwrap(), expected);
    let plain = CouponPage::new("100000", "1", "o-1").coupon_code("A/1");
    let pasted = CouponPage::new("stock_id=100000", " 1", "o-1\n").coupon_code("A/1 ");
    assert_eq!(query(&pasted), query(&plain));
}

#[test]
fn an_invalid_coupon_number_is_refused() {
    for (coupon, member) in [
        (Coupon::new("98 65", "1"), "stock_id"),
        (Coupon::new("1", "89&56"), "out_request_no"),
        (Coupon::new("1", "a%2Fb"), "out_request_no"),
    ] {
        match invoker().coupon_plugin([coupon], &apiv2_key()).unwrap_err() {
            InvokeError::Malformed { name, .. } => assert_eq!(name, member),
            other => panic!("{other:?}"),
        }
    }
    let error = invoker().coupon_plugin([Coupon::new("1", "1").coupon_code("a\nb")], &apiv2_key());
    assert_eq!(error.unwrap_err(), InvokeError::Value { name: "coupon_code" });
    let coupon = Coupon::new("1", "1").create_coupon_merchant("wx8888888888888888");
    let error = invoker().coupon_plugin([coupon], &apiv2_key()).unwrap_err();
    assert!(error.to_string().starts_with("create_coupon_merchant is no merchant number"));
    let page = CouponPage::new("100000", "1", "\"o-1\"");
    let error = invoker().coupon_page(&page, &apiv2_key()).unwrap_err();
    assert!(matches!(error, InvokeError::Malformed { name: "open_id", .. }), "{error}");
}

proptest! {
    #[test]
    fn any_code_arrives(code in "[^\\p{C}\\p{Z}]{1,20}") {
        prop_assume!(!code.starts_with("coupon_code="));
        let page = CouponPage::new("100000", "1", "o-1").coupon_code(&code);
        let pairs = query_pairs(&query(&page));
        prop_assert_eq!(pairs.len(), 6);
        prop_assert_eq!(&pairs[4].1, &code);
    }
}
