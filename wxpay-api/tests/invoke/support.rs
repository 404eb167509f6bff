//! A merchant with known keys, and a front end's decoding.

use std::sync::LazyLock;

use serde::Serialize;
use serde_json::Value;
use wxpay_api::invoke::Invoker;
use wxpay_api::protocol::issuing::Identity;
use wxpay_api::protocol::{Nonce, PublicKey};
use wxpay_api::{ApiV2Key, Merchant};

pub(crate) const MCHID: &str = "1900000109";
pub(crate) const TIMESTAMP: u64 = 1_414_561_699;
pub(crate) const NONCE: &str = "5K8264ILTKCH16CQ2502SI8ZNMTM67VS";

static IDENTITY: LazyLock<Identity> = LazyLock::new(|| Identity::merchant(MCHID).unwrap());

pub(crate) fn merchant() -> Merchant {
    let key = IDENTITY.private_key_pem().unwrap();
    Merchant::from_pem(MCHID, IDENTITY.certificate_pem(), key).unwrap()
}

pub(crate) fn public_key() -> &'static PublicKey {
    IDENTITY.private_key().public_key()
}

/// An invoker with a fixed time and nonce.
pub(crate) fn invoker() -> Invoker {
    merchant().invoke().at(TIMESTAMP, Nonce::new(NONCE).unwrap())
}

pub(crate) fn apiv2_key() -> ApiV2Key {
    ApiV2Key::new("192006250b4c09247ec02edce69f6a2d").unwrap()
}

pub(crate) fn json(value: &impl Serialize) -> Value {
    serde_json::to_value(value).unwrap()
}

/// The values of a query string, as a browser reads them.
pub(crate) fn query_pairs(query: &str) -> Vec<(String, String)> {
    let decode =
        |text: &str| percent_encoding::percent_decode_str(text).decode_utf8().unwrap().into_owned();
    let pairs = query.split('&').map(|pair| pair.split_once('=').unwrap());
    pairs.map(|(name, value)| (decode(name), decode(value))).collect()
}

/// Asserts that a front end reads `expected` from the query string.
#[track_caller]
pub(crate) fn assert_query(query: &str, expected: &[(&str, &str)]) {
    let expected: Vec<_> =
        expected.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    assert_eq!(query_pairs(query), expected, "{query}");
    assert!(query.is_ascii() && !query.contains(['+', ' ', '#', '?']), "{query}");
}
