//! Responses built by hand, as a user's tests do instead of using the network.

use wxpay_api::v3::pay::types::{TradeState, Transaction};
use wxpay_api::v3::payscore::serviceorder::_out_order_no_::cancel::post;
use wxpay_api::{Present, Secret};

fn describe(cancelled: &post::Response) -> String {
    format!("{} of {}", cancelled.order_id, cancelled.mchid)
}

#[test]
fn a_response_starts_from_its_default() {
    let mut cancelled = post::Response::default();
    cancelled.order_id = "15646546545165651651".to_owned();
    cancelled.mchid = "1230000109".to_owned();
    assert_eq!(describe(&cancelled), "15646546545165651651 of 1230000109");
}

#[test]
fn a_response_is_read_from_json_like_a_real_one() {
    let json = br#"{"out_trade_no":"T1","trade_state":"SUCCESS","amount":{"total":100}}"#;
    let (transaction, corrections): (Transaction, _) = wxpay_api::decode(json, None).unwrap();
    assert_eq!(transaction.trade_state, TradeState::Success);
    assert_eq!(transaction.amount.and_then(|amount| amount.total), Some(100));
    assert!(corrections.is_empty(), "{corrections:?}");
}

#[test]
fn an_absent_text_enum_time_or_secret_is_read_in_one_way() {
    let (read, _): (Transaction, _) = wxpay_api::decode(b"{}", None).unwrap();
    assert_eq!(read.transaction_id.present(), None);
    assert_eq!(read.trade_state.present(), None);
    assert_eq!(read.success_time.present(), None);
    assert!(read.transaction_id.is_absent() && read.success_time.is_absent());
    assert!(matches!(&read.trade_state, TradeState::Unknown(unknown) if unknown.is_absent()));

    let json = br#"{"transaction_id":"1","trade_state":"NEW","success_time":"20180608103456"}"#;
    let (read, _): (Transaction, _) = wxpay_api::decode(json, None).unwrap();
    assert_eq!(read.transaction_id.present(), Some("1"));
    assert_eq!(read.success_time.present(), Some("20180608103456"));
    assert!(matches!(&read.trade_state, TradeState::Unknown(unknown) if !unknown.is_absent()));
    assert_eq!((read.trade_state.present(), read.trade_state.is_absent()), (Some("NEW"), false));
    assert_eq!(TradeState::Success.present(), Some("SUCCESS"));
}

#[test]
fn a_secret_that_did_not_decrypt_has_no_text_and_is_not_absent() {
    assert!(Secret::default().is_absent());
    assert_eq!(Secret::from("张三").present(), Some("张三"));
    let sealed = Secret::encrypted("AAAA");
    assert_eq!((sealed.present(), sealed.is_absent()), (None, false));
}
