//! Notifications: verified, then parsed, then decrypted.

use serde_json::{Value, json};
use wxpay_api::protocol::{
    AeadError, ApiV3Key, Decrypted, Envelope, EnvelopeError, NotificationError, Scheme,
    VerificationError, aead, notification,
};

use crate::support::{NOW, PUBLIC_KEY_ID, apiv3_key, at, headers, keys, platform};

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

/// What comes of a body that the platform signs.
fn open(body: &[u8]) -> Result<Decrypted, NotificationError> {
    notification::open(
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
        let opened =
            notification::open(Scheme::Rsa, &keys(), &apiv3_key(), &headers, &body, at(NOW))
                .unwrap();
        assert_eq!(*opened.plaintext, PLAINTEXT);
        assert_eq!(opened.envelope.id, "EV-2018022511223320873");
        assert_eq!(opened.envelope.create_time, "2018-02-25T11:22:33+08:00");
        assert_eq!(opened.envelope.event_type, "TRANSACTION.SUCCESS");
        assert_eq!(opened.envelope.resource_type, "encrypt-resource");
        assert_eq!(opened.envelope.summary, "支付成功");
        assert_eq!(opened.envelope.original_type, "transaction");
        assert_eq!(opened.envelope.resource.associated_data, "transaction");
    }
}

#[test]
fn what_may_be_absent_null_or_unknown() {
    let mut sparse = body();
    sparse["summary"] = Value::Null;
    sparse["create_time"] = json!(20_180_225_112_233_u64);
    sparse["a_new_member"] = json!({"deep": [1, 2]});
    sparse["resource"]["original_type"] = Value::Null;
    sparse.as_object_mut().unwrap().remove("resource_type");
    let opened = open(sparse.to_string().as_bytes()).unwrap();
    assert_eq!(opened.envelope.create_time, "20180225112233");
    assert_eq!(
        (opened.envelope.summary, opened.envelope.original_type),
        (String::new(), String::new())
    );
    assert_eq!(*opened.plaintext, PLAINTEXT);
}

#[test]
fn nothing_is_read_before_the_signature_is_verified() {
    let body = body().to_string().into_bytes();
    let mut probe = headers(PUBLIC_KEY_ID, &body);
    probe.insert("Wechatpay-Signature", "WECHATPAY/SIGNTEST/AAAA".parse().unwrap());
    let genuine = headers(PUBLIC_KEY_ID, &body);
    let open = |headers, body: &[u8], now| {
        notification::open(Scheme::Rsa, &keys(), &apiv3_key(), headers, body, at(now))
    };
    let error = open(&probe, &body, NOW).unwrap_err();
    assert!(error.is_probe(), "{error}");
    assert!(error.to_string().contains("answer 4xx"), "{error}");
    let forged = open(&genuine, b"not JSON", NOW).unwrap_err();
    assert!(!forged.is_probe());
    assert!(matches!(forged, NotificationError::Verification(VerificationError::Signature { .. })));
    let replayed = open(&genuine, &body, NOW + 300).unwrap_err();
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
        assert_eq!(open(body).unwrap_err(), NotificationError::Envelope(expected));
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
    let error = notification::open(
        Scheme::Rsa,
        &keys(),
        &other,
        &headers(PUBLIC_KEY_ID, &body),
        &body,
        at(NOW),
    )
    .unwrap_err();
    let NotificationError::Resource { envelope, source } = &error else { panic!("{error}") };
    assert_eq!(
        (envelope.event_type.as_str(), source),
        ("TRANSACTION.SUCCESS", &AeadError::Decrypt)
    );
    assert!(error.to_string().contains("EV-2018022511223320873"), "{error}");
}
