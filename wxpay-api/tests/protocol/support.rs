//! Identities, made once per run, and helpers that encode wrong keys.

use std::sync::LazyLock;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::HeaderMap;
use wxpay_api::protocol::issuing::{Identity, signed_headers};
use wxpay_api::protocol::{ApiV3Key, Merchant, Nonce, Scheme, WechatPayKeys};

pub(crate) const MCHID: &str = "1900000001";
pub(crate) const PUBLIC_KEY_ID: &str = "PUB_KEY_ID_0119000000012024101000292400000";
pub(crate) const APIV3_KEY: &str = "0123456789abcdefghijklmnopqrstuv";

/// The time on the clock of every test: 2026-01-02 03:04:05 UTC.
pub(crate) const NOW: u64 = 1_767_323_045;

static MERCHANT: LazyLock<Identity> = LazyLock::new(|| Identity::merchant(MCHID).unwrap());
static PLATFORM: LazyLock<Identity> = LazyLock::new(|| Identity::platform().unwrap());
static STRANGER: LazyLock<Identity> = LazyLock::new(|| Identity::merchant("1900000002").unwrap());

pub(crate) fn merchant_identity() -> &'static Identity {
    &MERCHANT
}

/// WeChat Pay.
pub(crate) fn platform() -> &'static Identity {
    &PLATFORM
}

/// Another merchant.
pub(crate) fn stranger() -> &'static Identity {
    &STRANGER
}

pub(crate) fn merchant() -> Merchant {
    let identity = merchant_identity();
    let key = identity.private_key_pem().unwrap();
    Merchant::from_pem(MCHID, identity.certificate_pem(), key).unwrap()
}

/// The platform's public key and its certificate, as during a migration.
pub(crate) fn keys() -> WechatPayKeys {
    WechatPayKeys::new()
        .with_public_key(PUBLIC_KEY_ID, platform().public_key_pem())
        .unwrap()
        .with_certificate(platform().certificate_pem())
        .unwrap()
}

pub(crate) fn apiv3_key() -> ApiV3Key {
    ApiV3Key::new(APIV3_KEY).unwrap()
}

pub(crate) fn nonce() -> Nonce {
    Nonce::new("5K8264ILTKCH16CQ2502SI8ZNMTM67VS").unwrap()
}

pub(crate) fn at(seconds: u64) -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(seconds)
}

/// The headers of a response that the platform signs now with the key `key_id`.
pub(crate) fn headers(key_id: &str, body: &[u8]) -> HeaderMap {
    signed_headers(Scheme::Rsa, platform().private_key(), key_id, NOW, &nonce(), body).unwrap()
}

pub(crate) fn pem(label: &str, der: &[u8]) -> String {
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", STANDARD.encode(der))
}

/// The content of a PEM block, with or without text around the block.
pub(crate) fn der(pem: &str) -> Vec<u8> {
    let base64: String = pem.lines().filter(|line| !line.starts_with(['-', '#'])).collect();
    STANDARD.decode(base64).unwrap()
}

/// One DER value: tag, length, content.
pub(crate) fn tlv(tag: u8, content: &[u8]) -> Vec<u8> {
    let [high, low] = u16::try_from(content.len()).unwrap().to_be_bytes();
    let length = match (high, low) {
        (0, 0..=0x7f) => vec![low],
        (0, _) => vec![0x81, low],
        _ => vec![0x82, high, low],
    };
    [&[tag], length.as_slice(), content].concat()
}

pub(crate) fn sequence(members: &[Vec<u8>]) -> Vec<u8> {
    tlv(0x30, &members.concat())
}

pub(crate) fn integer(number: &[u8]) -> Vec<u8> {
    let padded = if number.first().is_some_and(|byte| byte & 0x80 != 0) {
        [&[0], number].concat()
    } else {
        number.to_vec()
    };
    tlv(0x02, &padded)
}

pub(crate) fn unhex(text: &str) -> Vec<u8> {
    assert!(text.len().is_multiple_of(2), "an odd number of digits");
    (0..text.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap())
        .collect()
}
