//! Whether a response is trusted: order and limits of the checks.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderMap, HeaderValue};
use proptest::prelude::*;
use wxpay_api::protocol::issuing::signed_headers;
use wxpay_api::protocol::{
    Scheme, SignedHeaders, StatementDigest, VerificationError, WechatPayKeys, digest, message,
    verify,
};

use crate::support::{NOW, PUBLIC_KEY_ID, at, der, headers, keys, nonce, platform, stranger};

const BODY: &[u8] = "{\"trade_state_desc\":\"支付成功\"}".as_bytes();
const NAMES: [&str; 4] =
    ["Wechatpay-Timestamp", "Wechatpay-Nonce", "Wechatpay-Signature", "Wechatpay-Serial"];

fn check(headers: &HeaderMap, body: &[u8]) -> Result<(), VerificationError> {
    verify(Scheme::Rsa, &keys(), headers, body, at(NOW))
}

/// The headers of a response with this timestamp and nonce, which are signed as these exact texts.
fn signed(timestamp: &str, nonce: &str, body: &[u8]) -> HeaderMap {
    let signature =
        platform().private_key().sign(&message::response(timestamp, nonce, body)).unwrap();
    let mut headers = HeaderMap::new();
    for (name, value) in NAMES.into_iter().zip([timestamp, nonce, &signature, PUBLIC_KEY_ID]) {
        headers.insert(name, HeaderValue::from_str(value).unwrap());
    }
    headers
}

fn with(name: &'static str, value: &str) -> HeaderMap {
    let mut headers = headers(PUBLIC_KEY_ID, BODY);
    headers.insert(name, HeaderValue::from_str(value).unwrap());
    headers
}

#[test]
fn the_message_ends_every_line() {
    assert_eq!(
        message::response("1554209980", "c5ac7061fccab6bf", b"{}"),
        b"1554209980\nc5ac7061fccab6bf\n{}\n"
    );
    assert_eq!(
        message::response("1554209980", "c5ac7061fccab6bf", b""),
        b"1554209980\nc5ac7061fccab6bf\n\n"
    );
}

#[test]
fn responses_of_either_key_with_and_without_body() {
    let serial = platform().certificate().serial().as_str().to_lowercase();
    for key_id in [PUBLIC_KEY_ID, &serial] {
        for body in [BODY, b"", b"not JSON\n"] {
            let headers = headers(key_id, body);
            check(&headers, body).unwrap();
            assert_eq!(SignedHeaders::read(Scheme::Rsa, &headers).unwrap().key_id(), key_id);
        }
    }
}

#[test]
fn missing_and_empty_headers() {
    for name in NAMES {
        let mut missing = headers(PUBLIC_KEY_ID, BODY);
        missing.remove(name);
        for headers in [missing, with(name, "")] {
            assert_eq!(
                check(&headers, BODY).unwrap_err(),
                VerificationError::MissingHeader { name }
            );
        }
    }
}

#[test]
fn headers_that_come_twice_or_are_not_ascii() {
    for name in NAMES.into_iter().chain(["Wechatpay-Signature-Type"]) {
        let mut twice = headers(PUBLIC_KEY_ID, BODY);
        twice.append(name, twice[name].clone());
        assert_eq!(check(&twice, BODY).unwrap_err(), VerificationError::DuplicateHeader { name });
        let mut foreign = headers(PUBLIC_KEY_ID, BODY);
        foreign.insert(name, HeaderValue::from_bytes("微信".as_bytes()).unwrap());
        assert_eq!(
            check(&foreign, BODY).unwrap_err(),
            VerificationError::UnreadableHeader { name }
        );
    }
}

#[test]
fn only_the_merchants_own_scheme() {
    let schemes = [Scheme::Rsa, Scheme::Sm2, Scheme::Brand];
    let others = ["wechatpay2-sha256-rsa2048", "WECHATPAY2-SHA256-RSA2048,", "none"];
    for expected in schemes {
        for found in schemes.map(Scheme::name).into_iter().chain(others) {
            let read = SignedHeaders::read(expected, &with("Wechatpay-Signature-Type", found));
            if found == expected.name() {
                read.unwrap();
                continue;
            }
            let found = found.to_owned();
            assert_eq!(read, Err(VerificationError::SignatureType { found, expected }));
        }
    }
}

#[test]
fn a_missing_scheme_means_rsa() {
    let mut unsaid = headers(PUBLIC_KEY_ID, BODY);
    unsaid.remove("Wechatpay-Signature-Type");
    for headers in [unsaid, with("Wechatpay-Signature-Type", "")] {
        for scheme in [Scheme::Rsa, Scheme::Brand] {
            verify(scheme, &keys(), &headers, BODY, at(NOW)).unwrap();
        }
        let name = "Wechatpay-Signature-Type";
        let refused = SignedHeaders::read(Scheme::Sm2, &headers);
        assert_eq!(refused, Err(VerificationError::MissingHeader { name }));
    }
}

#[test]
fn five_minutes_either_way() {
    let headers = headers(PUBLIC_KEY_ID, BODY);
    for (clock, expected) in [
        (NOW - 300, Some(-300)),
        (NOW - 299, None),
        (NOW + 299, None),
        (NOW + 300, Some(300)),
        (0, Some(-i64::try_from(NOW).unwrap())),
    ] {
        let error = verify(Scheme::Rsa, &keys(), &headers, BODY, at(clock)).err();
        assert_eq!(error, expected.map(|seconds| VerificationError::Clock { seconds }), "{clock}");
    }
    let behind = VerificationError::Clock { seconds: 301 }.to_string();
    assert!(behind.contains("301 s behind this machine's clock"), "{behind}");
    let ahead = VerificationError::Clock { seconds: -400 }.to_string();
    assert!(ahead.contains("400 s ahead of this machine's clock"), "{ahead}");
}

#[test]
fn the_timestamp_is_signed_verbatim() {
    check(&signed(&format!("00{NOW}"), "nonce", BODY), BODY).unwrap();
    for found in ["soon", "2026-01-02T03:04:05Z", "1767323045.5", "99999999999999999999"] {
        let error = check(&signed(found, "nonce", BODY), BODY).unwrap_err();
        assert_eq!(error, VerificationError::Timestamp { found: found.to_owned() });
    }
    for far in [i64::MAX, i64::MIN] {
        let error = check(&signed(&far.to_string(), "nonce", BODY), BODY).unwrap_err();
        assert!(matches!(error, VerificationError::Clock { .. }), "{error}");
    }
}

#[test]
fn a_key_that_is_not_held() {
    let error = check(&headers("5157F09EFDC096DE15EBE81A47057A72", BODY), BODY).unwrap_err();
    let text = error.to_string();
    assert!(
        text.contains("5157F09EFDC096DE15EBE81A47057A72") && text.contains(PUBLIC_KEY_ID),
        "{text}"
    );
    assert!(text.contains(platform().certificate().serial().as_str()), "{text}");
    let none =
        verify(Scheme::Rsa, &WechatPayKeys::new(), &headers(PUBLIC_KEY_ID, BODY), BODY, at(NOW))
            .unwrap_err();
    assert!(none.to_string().contains("held: none"), "{none}");
    let long = check(&headers(&"A".repeat(5000), BODY), BODY).unwrap_err();
    assert!(long.to_string().len() < 500, "{long}");
}

#[test]
fn signatures_that_do_not_match() {
    let genuine = headers(PUBLIC_KEY_ID, BODY);
    let text = genuine["Wechatpay-Signature"].to_str().unwrap().to_owned();
    let expected = VerificationError::Signature { key_id: PUBLIC_KEY_ID.to_owned() };
    assert_eq!(check(&genuine, b"{}").unwrap_err(), expected);
    let by_another =
        signed_headers(Scheme::Rsa, stranger().private_key(), PUBLIC_KEY_ID, NOW, &nonce(), BODY)
            .unwrap();
    assert_eq!(check(&by_another, BODY).unwrap_err(), expected);
    let url_safe = text.replace('+', "-").replace('/', "_");
    let unpadded = text.trim_end_matches('=');
    let short = STANDARD.encode([1; 255]);
    for wrong in [unpadded, &format!("{text}="), &format!("{text} x"), &short, "AAAA", "%%%"] {
        assert_eq!(
            check(&with("Wechatpay-Signature", wrong), BODY).unwrap_err(),
            expected,
            "{wrong}"
        );
    }
    if url_safe != text {
        assert_eq!(check(&with("Wechatpay-Signature", &url_safe), BODY).unwrap_err(), expected);
    }
}

/// Two keys are held, and the header names the one that did not sign.
#[test]
fn no_other_held_key_is_tried() {
    let keys = keys().with_public_key("PUB_KEY_ID_02", stranger().public_key_pem()).unwrap();
    let key_id = "PUB_KEY_ID_02";
    let error = verify(Scheme::Rsa, &keys, &headers(key_id, BODY), BODY, at(NOW)).unwrap_err();
    assert_eq!(error, VerificationError::Signature { key_id: key_id.to_owned() });
}

/// The right key and hash with the other padding: PSS in place of PKCS#1 v1.5.
#[test]
fn the_other_padding_is_no_signature() {
    use aws_lc_rs::rand::SystemRandom;
    use aws_lc_rs::signature::{RSA_PKCS1_SHA256, RSA_PSS_SHA256, RsaEncoding, RsaKeyPair};

    let key = RsaKeyPair::from_pkcs8(&der(&platform().private_key_pem().unwrap())).unwrap();
    let genuine = headers(PUBLIC_KEY_ID, BODY);
    let message = SignedHeaders::read(Scheme::Rsa, &genuine).unwrap().message(BODY);
    let check = |padding: &'static dyn RsaEncoding| {
        let mut signature = vec![0; 256];
        key.sign(padding, &SystemRandom::new(), &message, &mut signature).unwrap();
        check(&with("Wechatpay-Signature", &STANDARD.encode(signature)), BODY)
    };
    assert_eq!(check(&RSA_PKCS1_SHA256), Ok(()));
    let key_id = PUBLIC_KEY_ID.to_owned();
    assert_eq!(check(&RSA_PSS_SHA256), Err(VerificationError::Signature { key_id }));
}

#[test]
fn names_of_headers_have_no_case() {
    let genuine = headers(PUBLIC_KEY_ID, BODY);
    for change in [str::to_ascii_lowercase, str::to_ascii_uppercase] {
        let headers = genuine.iter().map(|(name, value)| {
            let name = http::HeaderName::from_bytes(change(name.as_str()).as_bytes()).unwrap();
            (name, value.clone())
        });
        check(&headers.collect(), BODY).unwrap();
    }
}

#[test]
fn probes_have_their_own_error_and_are_never_accepted() {
    let probe = with("Wechatpay-Signature", &format!("WECHATPAY/SIGNTEST/{}", "A".repeat(325)));
    let error = check(&probe, BODY).unwrap_err();
    assert!(error.is_probe());
    assert_eq!(error, VerificationError::Probe { key_id: PUBLIC_KEY_ID.to_owned() });
    // A probe passes the same checks as any message: problems before the signature are reported
    // first.
    let late = verify(Scheme::Rsa, &keys(), &probe, BODY, at(NOW + 300)).unwrap_err();
    assert_eq!(late, VerificationError::Clock { seconds: 300 });
    let unknown = verify(Scheme::Rsa, &WechatPayKeys::new(), &probe, BODY, at(NOW)).unwrap_err();
    assert!(matches!(unknown, VerificationError::UnknownKey { .. }) && !unknown.is_probe());
}

#[test]
fn overseas_statements() {
    let file = b"a statement";
    let sha1 = digest::sha1_hex(file).to_uppercase();
    let signed_body = format!("{{\"sha1\":\"{sha1}\"}}");
    let mut headers = headers(PUBLIC_KEY_ID, signed_body.as_bytes());
    headers.insert("Wechatpay-Statement-Sha1", HeaderValue::from_str(&sha1).unwrap());
    let statement = StatementDigest::read(&headers).unwrap();
    assert_eq!(statement.signed_body(), signed_body);
    check(&headers, statement.signed_body().as_bytes()).unwrap();
    assert!(statement.matches(file) && !statement.matches(b"another"));
    let name = "Wechatpay-Statement-Sha1";
    for wrong in [&sha1[1..], &format!("{sha1}0"), &sha1.replacen(|_| true, "\"", 1)] {
        headers.insert(name, HeaderValue::from_str(wrong).unwrap());
        assert_eq!(
            StatementDigest::read(&headers),
            Err(VerificationError::UnreadableHeader { name })
        );
    }
    headers.remove(name);
    assert_eq!(StatementDigest::read(&headers), Err(VerificationError::MissingHeader { name }));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn nonces_of_any_length(nonce in "[!-~]([ -~]{0,300}[!-~])?", body in proptest::collection::vec(any::<u8>(), 0..300)) {
        let headers = signed(&NOW.to_string(), &nonce, &body);
        prop_assert_eq!(check(&headers, &body), Ok(()));
    }

    #[test]
    fn any_changed_byte_is_noticed(at in 0..BODY.len(), change in 1..=u8::MAX) {
        let mut body = BODY.to_vec();
        body[at] ^= change;
        prop_assert!(check(&headers(PUBLIC_KEY_ID, BODY), &body).is_err());
    }
}
