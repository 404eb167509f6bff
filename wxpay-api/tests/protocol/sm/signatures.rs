//! Signatures: those of openssl are accepted, ours are as openssl accepts them, and only one
//! encoding is valid.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use proptest::prelude::*;
use wxpay_api::protocol::issuing::signed_headers;
use wxpay_api::protocol::{Authorization, Scheme, VerificationError, message, verify};

use super::{keys, merchant, platform, private_key, public_key};
use crate::support::{MCHID, NOW, PUBLIC_KEY_ID, at, nonce};

const TARGET: &str = "/v3/certificates?algorithm_type=SM2";

/// `openssl pkeyutl -sign -rawin -digest sm3 -pkeyopt distid:1234567812345678 -inkey private_key.pem | openssl base64 -A`
const BY_OPENSSL: &str = "MEYCIQD+2jGLO7h1pCboVLrPigrj9kZkvfHKX4kedmXvV8gOBgIhALmJkxyPIxt65R0SJ9oRhD+ULRjT+FRKL9X2wRn0AKCX";

/// The same with `distid:ALICE123@YAHOO.COM`, the id of the drafts.
const BY_ANOTHER_ID: &str = "MEUCIQD5+64Qi0dlOM+syJl/Zi9Bn2FiHJWcD4fcsEqpO4JsNgIgdz6349Fta6tz6hx0/wVqValtxbJWmliuxDNusZKHVPg=";

/// The message that openssl signed: a request without a body.
fn request() -> Vec<u8> {
    message::request("GET", TARGET, &NOW.to_string(), nonce().as_str(), b"")
}

/// `r` and `s` of a signature in DER, 32 bytes each.
fn numbers(signature: &str) -> Vec<Vec<u8>> {
    let der = STANDARD.decode(signature).unwrap();
    let mut rest = &der[2..];
    let mut numbers = Vec::new();
    while let [2, length, after @ ..] = rest {
        let (number, after) = after.split_at((*length).into());
        let start = number.len().saturating_sub(32);
        let padding = vec![0; 32_usize.saturating_sub(number.len())];
        numbers.push([&padding, &number[start..]].concat());
        rest = after;
    }
    numbers
}

#[test]
fn by_openssl() {
    assert!(public_key().verify(&request(), BY_OPENSSL));
    assert!(!public_key().verify(b"another message", BY_OPENSSL));
    assert!(!platform().private_key().public_key().verify(&request(), BY_OPENSSL));
}

#[test]
fn another_signers_id() {
    assert!(!public_key().verify(&request(), BY_ANOTHER_ID));
}

#[test]
fn only_strict_der() {
    let [r, s] = numbers(BY_OPENSSL).try_into().unwrap();
    let der = STANDARD.decode(BY_OPENSSL).unwrap();
    let raw = [r, s].concat();
    let longer = [&der[..], &[0]].concat();
    let long_form = [&[0x30, 0x81, der[1]], &der[2..]].concat();
    let negative = [&[0x30, 0x45, 0x02, 0x20], &der[5..]].concat();
    for refused in [&raw, &longer, &long_form, &negative, &der[..der.len() - 1], &[]] {
        assert!(!public_key().verify(&request(), &STANDARD.encode(refused)), "{refused:02x?}");
    }
    assert!(!public_key().verify(&request(), BY_OPENSSL.trim_start_matches('M')));
}

#[test]
fn numbers_out_of_range() {
    let order = "022100fffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123";
    for (r, s) in [("020100", "020101"), ("020101", "020100"), (order, "020101"), ("020101", order)]
    {
        let members = crate::support::unhex(&format!("{r}{s}"));
        let signature = crate::support::tlv(0x30, &members);
        assert!(!public_key().verify(&request(), &STANDARD.encode(signature)));
    }
}

#[test]
fn requests_and_responses() {
    let authorization = merchant().authorization("GET", TARGET, NOW, nonce(), b"").unwrap();
    let header = authorization.to_header();
    assert!(header.starts_with(&format!("WECHATPAY2-SM2-WITH-SM3 mchid=\"{MCHID}\",")), "{header}");
    let read = Authorization::parse(&header).unwrap();
    assert_eq!(read.scheme(), Scheme::Sm2);
    assert!(read.is_signed_by(&public_key(), "GET", TARGET, b""));

    let key = platform().private_key();
    let serial = platform().certificate().serial().as_str();
    for key_id in [PUBLIC_KEY_ID, serial] {
        let headers = signed_headers(Scheme::Sm2, key, key_id, NOW, &nonce(), b"{}").unwrap();
        verify(Scheme::Sm2, &keys(), &headers, b"{}", at(NOW)).unwrap();
        let changed = verify(Scheme::Sm2, &keys(), &headers, b"[]", at(NOW)).unwrap_err();
        assert_eq!(changed, VerificationError::Signature { key_id: key_id.to_owned() });
        let rsa = verify(Scheme::Rsa, &keys(), &headers, b"{}", at(NOW)).unwrap_err();
        assert!(matches!(rsa, VerificationError::SignatureType { .. }), "{rsa}");
    }
}

#[test]
fn every_signature_is_another_one() {
    let key = private_key();
    assert_ne!(key.sign(b"message").unwrap(), key.sign(b"message").unwrap());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn ours_hold(message in proptest::collection::vec(any::<u8>(), 0..300), changed in any::<proptest::sample::Index>()) {
        let signature = private_key().sign(&message).unwrap();
        prop_assert!(public_key().verify(&message, &signature));
        let mut der = STANDARD.decode(&signature).unwrap();
        let place = changed.index(der.len());
        der[place] ^= 1;
        prop_assert!(!public_key().verify(&message, &STANDARD.encode(der)));
    }
}
