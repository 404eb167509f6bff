//! Responses that deviate from their documentation are read as well as possible.

use serde_json::{Value, json};
use wxpay_api::sandbox::PlannedResponse;
use wxpay_api::v3::pay::types::TradeState;
use wxpay_api::v3::pay::types::Transaction;
use wxpay_api::{CorrectionKind, Reply, decode};

use crate::sandbox;

const QUERY: &str = "/v3/pay/transactions/out-trade-no/{out_trade_no}";

/// The reply to a query whose response is `body`.
async fn reply(body: Value) -> Reply<Transaction> {
    let (sandbox, wx) = sandbox().await;
    sandbox.respond("GET", QUERY, PlannedResponse::json(body).unchecked()).unwrap();
    let transactions = wx.v3().pay().transactions();
    let call = transactions.out_trade_no().out_trade_no("T1").get(|r| r.mchid("1230000109"));
    call.reply().await.unwrap()
}

/// Every correction as text: the path, the expected kind, the kind found, and the result.
fn corrections_of(reply: &Reply<Transaction>) -> Vec<String> {
    reply.corrections().iter().map(ToString::to_string).collect()
}

#[tokio::test]
async fn integers_in_strings_and_strings_in_integers() {
    let reply =
        reply(json!({ "amount": { "total": "100", "payer_total": 99.0 }, "attach": 7 })).await;
    let amount = reply.value.amount.as_ref().unwrap();
    assert_eq!((amount.total, amount.payer_total), (Some(100), Some(99)));
    assert_eq!(reply.value.attach, "7");
    assert!(
        corrections_of(&reply)
            .contains(&"amount.total: expected integer, found string, converted".to_owned())
    );
    assert!(
        corrections_of(&reply)
            .contains(&"attach: expected string, found number, converted".to_owned())
    );
}

#[tokio::test]
async fn a_list_in_place_of_an_object_and_the_reverse_are_read() {
    let reply = reply(json!({
        "promotion_detail": { "coupon_id": "1", "goods_detail": [{ "goods_id": "g" }, null] },
        "amount": [{ "total": 1 }],
    }))
    .await;
    assert_eq!(reply.value.promotion_detail.len(), 1);
    assert_eq!(reply.value.promotion_detail[0].coupon_id, "1");
    assert_eq!(reply.value.promotion_detail[0].goods_detail.len(), 1);
    assert_eq!(reply.value.amount.as_ref().and_then(|amount| amount.total), Some(1));
    assert_eq!(
        corrections_of(&reply),
        [
            "amount: expected object, found list, converted",
            "promotion_detail.goods_detail[1]: expected a value, found null, left absent",
            "promotion_detail: expected list, found object, converted",
        ]
    );
}

#[test]
fn an_empty_object_or_text_in_place_of_a_list_is_an_empty_list() {
    for nothing in [json!({}), json!("")] {
        let body = json!({ "promotion_detail": nothing }).to_string();
        let (read, corrections) = decode::<Transaction>(body.as_bytes(), None).unwrap();
        assert!(read.promotion_detail.is_empty(), "{read:?}");
        assert_eq!(corrections.len(), 1, "{corrections:?}");
        assert_eq!((&*corrections[0].path, corrections[0].expected), ("promotion_detail", "list"));
    }
    let (read, _) = decode::<Transaction>(br#"{"promotion_detail":[{}]}"#, None).unwrap();
    assert_eq!(read.promotion_detail.len(), 1, "an element that is there is one");
}

#[test]
fn a_number_in_place_of_a_text_keeps_its_digits() {
    for number in [
        "1217752501201407033233368018",
        "4200000444201910177461284488999999999999",
        "18446744073709551615",
        "9007199254740993",
        "1.10",
        "-0",
        "1e3",
        "0.1000000000000000000000001",
    ] {
        let body = format!(
            r#"{{"transaction_id":{number},"payer":{{"openid": {number} }},"promotion_detail":[{{}},{{"coupon_id":{number}}}]}}"#
        );
        for body in [body.clone(), body.replace("{{}}", r#"{"name":"\ud83d"}"#)] {
            let (read, _) = decode::<Transaction>(body.as_bytes(), None).unwrap();
            assert_eq!(read.transaction_id, number);
            assert_eq!(read.payer.unwrap().openid, number);
            assert_eq!(read.promotion_detail[1].coupon_id, number);
        }
    }
}

/// 10,000 elements are looked up in one pass over the body.
#[test]
fn many_numbers_in_place_of_texts_do_not_take_long() {
    let element = r#"{"coupon_id":1217752501201407033233368018}"#;
    let body = format!(r#"{{"promotion_detail":[{}]}}"#, vec![element; 10_000].join(","));
    let (read, corrections) = decode::<Transaction>(body.as_bytes(), None).unwrap();
    assert!(
        read.promotion_detail.iter().all(|one| one.coupon_id == "1217752501201407033233368018")
    );
    assert_eq!(corrections.len(), 10_000);
}

#[test]
fn zero_and_one_in_place_of_booleans() {
    type Advice = wxpay_api::v3::pay::types::ExposureAdvice;
    for (value, expected) in [
        ("0", Some(false)),
        ("1", Some(true)),
        ("\"0\"", Some(false)),
        ("\" 1 \"", Some(true)),
        ("1.0", Some(true)),
        ("\"TRUE\"", Some(true)),
        ("2", None),
        ("-1", None),
        ("0.5", None),
        ("\"yes\"", None),
        ("\"\"", None),
    ] {
        let body = format!(r#"{{"fqf_exposure":{value}}}"#);
        let (read, corrections) = decode::<Advice>(body.as_bytes(), None).unwrap();
        assert_eq!(read.fqf_exposure, expected, "{value}");
        let kind =
            if expected.is_some() { CorrectionKind::Converted } else { CorrectionKind::Absent };
        assert_eq!((corrections.len(), corrections[0].kind), (1, kind), "{value}");
    }
}

#[tokio::test]
async fn an_unreadable_value_is_absent_and_never_an_error() {
    let reply = reply(json!({
        "amount": { "total": "a hundred", "currency": {} },
        "payer": 7,
        "trade_state": ["SUCCESS"],
        "promotion_detail": [[], "x", 1],
    }))
    .await;
    assert_eq!(reply.value.amount.as_ref().and_then(|amount| amount.total), None);
    assert!(reply.value.payer.is_none());
    assert_eq!(reply.value.trade_state.as_str(), "");
    assert!(reply.value.promotion_detail.is_empty());
    assert!(
        reply.corrections().iter().all(|one| one.kind == CorrectionKind::Absent),
        "{:?}",
        corrections_of(&reply)
    );
    assert_eq!(reply.corrections().len(), 7, "{:?}", corrections_of(&reply));
}

#[tokio::test]
async fn a_response_without_any_member_is_read() {
    let reply = reply(json!({})).await;
    assert_eq!(reply.value.out_trade_no, "");
    assert!(reply.value.amount.is_none());
    assert!(reply.corrections().is_empty());
}

#[tokio::test]
async fn unknown_enum_values_and_members_are_kept() {
    let reply = reply(json!({ "trade_state": "BRAND_NEW", "brand_new": 1 })).await;
    assert!(matches!(reply.value.trade_state, TradeState::Unknown(_)));
    assert_eq!(reply.value.trade_state.as_str(), "BRAND_NEW");
    assert_eq!(reply.value.trade_state.as_str(), "BRAND_NEW");
    assert!(String::from_utf8_lossy(reply.body()).contains("brand_new"));
    assert!(reply.corrections().is_empty());
}

#[tokio::test]
async fn a_secret_that_does_not_decrypt_keeps_its_ciphertext_and_the_reason() {
    let (sandbox, wx) = sandbox().await;
    let path = "/v3/merchant-service/complaints-v2/{complaint_id}";
    sandbox.respond("GET", path, PlannedResponse::json(json!({ "complaint_id": "1" }))).unwrap();
    sandbox
        .respond("GET", path, PlannedResponse::verbatim(r#"{"payer_phone":"13900000000"}"#))
        .unwrap();
    let complaint = wx.v3().merchant_service().complaints_v2().complaint_id("1");
    assert!(complaint.get().await.unwrap().payer_phone.is_empty());
    let response = complaint.get().await.unwrap();
    assert!(response.payer_phone.is_encrypted());
    assert!(
        response
            .payer_phone
            .reveal()
            .unwrap_err()
            .to_string()
            .contains("perhaps it came unencrypted")
    );
    assert_eq!(response.payer_phone.ciphertext(), Some("13900000000"));
    assert!(!format!("{response:?}").contains("13900000000"));
}
