//! Answers built by hand, as a user's tests do in place of the network.

use wxpay_api::v3::pay::types::{TradeState, Transaction};
use wxpay_api::v3::payscore::serviceorder::_out_order_no_::cancel::post;

fn describe(cancelled: &post::Response) -> String {
    format!("{} of {}", cancelled.order_id, cancelled.mchid)
}

#[test]
fn an_answer_starts_from_its_default() {
    let mut cancelled = post::Response::default();
    cancelled.order_id = "15646546545165651651".to_owned();
    cancelled.mchid = "1230000109".to_owned();
    assert_eq!(describe(&cancelled), "15646546545165651651 of 1230000109");
}

#[test]
fn an_answer_is_read_from_json_like_a_real_one() {
    let json = br#"{"out_trade_no":"T1","trade_state":"SUCCESS","amount":{"total":100}}"#;
    let (transaction, corrections): (Transaction, _) = wxpay_api::decode(json, None).unwrap();
    assert_eq!(transaction.trade_state, TradeState::Success);
    assert_eq!(transaction.amount.and_then(|amount| amount.total), Some(100));
    assert!(corrections.is_empty(), "{corrections:?}");
}
