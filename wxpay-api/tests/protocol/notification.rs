//! Notifications: verified, then parsed, then decrypted.

use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};
use wxpay_api::notifications::Event;
use wxpay_api::protocol::issuing::signed_headers;
use wxpay_api::protocol::{
    AeadError, ApiV3Key, Decrypted, Envelope, EnvelopeError, NotificationError, Scheme,
    VerificationError, aead, notification,
};

use wxpay_api::v3::pay::types::{TradeState, Transaction};
use wxpay_api::{Core, CorrectionKind, Notification, Secret, codegen, decode};

use crate::support::{
    NOW, PUBLIC_KEY_ID, apiv3_key, at, headers, keys, merchant, merchant_identity, nonce, platform,
};

const PLAINTEXT: &[u8] = "{\"trade_state_desc\":\"支付成功\"}".as_bytes();

fn body() -> Value {
    let resource =
        aead::encrypt(Scheme::Rsa, &apiv3_key(), "61f9c719728a", "transaction", PLAINTEXT).unwrap();
    json!({
        "id": "EV-2018022511223320873",
        "create_time": "2018-02-25T11:22:33+08:00",
        "event_type": "TRANSACTION.SUCCESS",
        "resource_type": "encrypt-resource",
        "summary": "支付成功",
        "resource": {
            "algorithm": resource.algorithm,
            "original_type": "transaction",
            "ciphertext": resource.ciphertext,
            "nonce": resource.nonce,
            "associated_data": resource.associated_data,
        },
    })
}

/// Decrypts a body that the platform signs.
fn decrypt(body: &[u8]) -> Result<Decrypted, NotificationError> {
    notification::decrypt(
        Scheme::Rsa,
        &keys(),
        &apiv3_key(),
        &headers(PUBLIC_KEY_ID, body),
        body,
        at(NOW),
    )
}

#[test]
fn a_notification_of_either_key() {
    let body = body().to_string().into_bytes();
    for key_id in [PUBLIC_KEY_ID, platform().certificate().serial().as_str()] {
        let headers = headers(key_id, &body);
        let decrypted =
            notification::decrypt(Scheme::Rsa, &keys(), &apiv3_key(), &headers, &body, at(NOW))
                .unwrap();
        assert_eq!(*decrypted.plaintext, PLAINTEXT);
        assert_eq!(decrypted.envelope.id, "EV-2018022511223320873");
        assert_eq!(decrypted.envelope.create_time, "2018-02-25T11:22:33+08:00");
        assert_eq!(decrypted.envelope.event_type, "TRANSACTION.SUCCESS");
        assert_eq!(decrypted.envelope.resource_type, "encrypt-resource");
        assert_eq!(decrypted.envelope.summary, "支付成功");
        assert_eq!(decrypted.envelope.original_type, "transaction");
        assert_eq!(decrypted.envelope.resource.associated_data, "transaction");
    }
}

#[test]
fn members_may_be_absent_null_or_unknown() {
    let mut sparse = body();
    sparse["summary"] = Value::Null;
    sparse["create_time"] = json!(20_180_225_112_233_u64);
    sparse["a_new_member"] = json!({"deep": [1, 2]});
    sparse["resource"]["original_type"] = Value::Null;
    sparse.as_object_mut().unwrap().remove("resource_type");
    let decrypted = decrypt(sparse.to_string().as_bytes()).unwrap();
    assert_eq!(decrypted.envelope.create_time, "20180225112233");
    assert_eq!(
        (decrypted.envelope.summary, decrypted.envelope.original_type),
        (String::new(), String::new())
    );
    assert_eq!(*decrypted.plaintext, PLAINTEXT);
}

#[test]
fn nothing_is_read_before_the_signature_is_verified() {
    let body = body().to_string().into_bytes();
    let mut probe = headers(PUBLIC_KEY_ID, &body);
    probe.insert("Wechatpay-Signature", "WECHATPAY/SIGNTEST/AAAA".parse().unwrap());
    let genuine = headers(PUBLIC_KEY_ID, &body);
    let decrypt = |headers, body: &[u8], now| {
        notification::decrypt(Scheme::Rsa, &keys(), &apiv3_key(), headers, body, at(now))
    };
    let error = decrypt(&probe, &body, NOW).unwrap_err();
    assert!(error.is_probe(), "{error}");
    assert!(error.to_string().contains("respond with 4xx"), "{error}");
    let forged = decrypt(&genuine, b"not JSON", NOW).unwrap_err();
    assert!(!forged.is_probe());
    assert!(matches!(forged, NotificationError::Verification(VerificationError::Signature { .. })));
    let replayed = decrypt(&genuine, &body, NOW + 300).unwrap_err();
    assert!(matches!(
        replayed,
        NotificationError::Verification(VerificationError::Clock { seconds: 300 })
    ));
}

#[test]
fn bodies_that_cannot_be_read() {
    for (body, expected) in [
        (&b""[..], EnvelopeError::Json { line: 1, column: 0 }),
        (b"<html>", EnvelopeError::Json { line: 1, column: 1 }),
        (b"[]", EnvelopeError::Member { name: "resource" }),
        (b"{\"resource\":null}", EnvelopeError::ResourceMember { name: "algorithm" }),
    ] {
        assert_eq!(decrypt(body).unwrap_err(), NotificationError::Envelope(expected));
    }
    for name in ["algorithm", "nonce", "ciphertext"] {
        let mut incomplete = body();
        incomplete["resource"][name] = json!(1);
        let error = Envelope::parse(incomplete.to_string().as_bytes()).unwrap_err();
        assert_eq!(error, EnvelopeError::ResourceMember { name });
    }
}

#[test]
fn a_resource_that_does_not_decrypt_leaves_the_envelope() {
    let body = body().to_string().into_bytes();
    let other = ApiV3Key::new("vutsrqponmlkjihgfedcba9876543210").unwrap();
    let error = notification::decrypt(
        Scheme::Rsa,
        &keys(),
        &other,
        &headers(PUBLIC_KEY_ID, &body),
        &body,
        at(NOW),
    )
    .unwrap_err();
    let NotificationError::Resource { envelope, why } = &error else { panic!("{error}") };
    assert_eq!((envelope.event_type.as_str(), why), ("TRANSACTION.SUCCESS", &AeadError::Decrypt));
    assert!(error.to_string().contains("EV-2018022511223320873"), "{error}");
}

/// The body of a notification with another plain text.
fn around(plaintext: &[u8]) -> Vec<u8> {
    let resource =
        aead::encrypt(Scheme::Rsa, &apiv3_key(), "61f9c719728a", "transaction", plaintext).unwrap();
    let mut body = body();
    body["resource"]["ciphertext"] = json!(resource.ciphertext);
    body.to_string().into_bytes()
}

fn core() -> Core {
    Core::new(merchant(), keys()).unwrap().with_apiv3_key(apiv3_key())
}

fn received(body: &[u8]) -> Notification {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    let (key, nonce) = (platform().private_key(), nonce());
    let headers = signed_headers(Scheme::Rsa, key, PUBLIC_KEY_ID, now, &nonce, body).unwrap();
    core().notification(&headers, body).unwrap()
}

#[test]
fn a_decrypted_resource_with_broken_text_is_read_lossily() {
    let plaintext = br#"{"mchid":"1900000001","transaction_id":4200000444201910177461284488,"trade_type":"JSAPI",
        "trade_state":"SUCCESS","attach":"a\ud83d","unknown":[1e999]}"#;
    let notification = received(&around(plaintext));
    let (paid, corrections) = notification.corrected_resource::<Transaction>().unwrap();
    assert_eq!((&*paid.attach, paid.trade_state), ("a\u{fffd}", TradeState::Success));
    assert_eq!(paid.transaction_id, "4200000444201910177461284488");
    let paths: Vec<_> = corrections.iter().map(|one| (&*one.path, one.kind)).collect();
    let expected = [
        ("attach", CorrectionKind::Repaired),
        ("unknown[0]", CorrectionKind::Repaired),
        ("transaction_id", CorrectionKind::Converted),
    ];
    assert_eq!(paths, expected);
    assert!(matches!(notification.event(), Event::PayTransaction(_)), "{:?}", notification.event());
    assert_eq!(notification.plaintext(), plaintext, "the bytes are kept");
}

#[test]
fn an_envelope_with_broken_text_is_read_lossily_and_keeps_the_digits_of_its_id() {
    let body = String::from_utf8(around(PLAINTEXT)).unwrap();
    let body = body.replace("\"EV-2018022511223320873\"", "20180225112233208730000000001");
    let body = body.replace("支付成功", "支付\\ud83d");
    let decrypted = decrypt(body.as_bytes()).unwrap();
    assert_eq!(decrypted.envelope.id, "20180225112233208730000000001");
    assert_eq!(decrypted.envelope.summary, "支付\u{fffd}");
    assert_eq!(decrypted.envelope.repaired, ["summary"]);
    assert!(decrypt(&around(PLAINTEXT)).unwrap().envelope.repaired.is_empty());
}

#[test]
fn nothing_is_repaired_before_its_signature_is_verified() {
    let body = String::from_utf8(around(PLAINTEXT)).unwrap();
    let broken = body.replace("支付成功", "支付\\ud83d");
    let headers = headers(PUBLIC_KEY_ID, body.as_bytes());
    let decrypted = notification::decrypt(
        Scheme::Rsa,
        &keys(),
        &apiv3_key(),
        &headers,
        broken.as_bytes(),
        at(NOW),
    );
    assert!(matches!(decrypted, Err(NotificationError::Verification(_))), "{decrypted:?}");
}

#[test]
fn a_secret_with_a_cut_character_is_read_lossily_and_reported() {
    let encrypt =
        |plain: &[u8]| merchant_identity().certificate().public_key().encrypt(plain).unwrap();
    let cut = &"张三".as_bytes()[..5];
    let mut secret = Secret::encrypted(encrypt(cut));
    assert!(secret.decrypt_with(&merchant()));
    assert_eq!(secret.plaintext(), Some("张\u{fffd}"));
    let body = json!({ "phone": encrypt(b"13900000000"), "name": encrypt(cut) }).to_string();
    let (read, corrections): (Person, _) = decode(body.as_bytes(), Some(&merchant())).unwrap();
    assert_eq!((read.0.plaintext(), read.1.plaintext()), (Some("13900000000"), Some("张\u{fffd}")));
    let texts: Vec<_> = corrections.iter().map(ToString::to_string).collect();
    assert_eq!(texts, ["name: expected a text, found broken text, repaired"]);
}

/// A response with two secrets.
struct Person(Secret, Secret);

impl codegen::FromMembers for Person {
    fn from_members(members: codegen::Members<'_>) -> Self {
        Self(members.take("phone"), members.take("name"))
    }
}
