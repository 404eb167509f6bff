//! No input from outside causes a panic, and no garbage is accepted.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderMap, HeaderName, HeaderValue};
use proptest::prelude::*;
use wxpay_api::protocol::{
    ApiV3Key, Authorization, Certificate, Envelope, Nonce, PrivateKey, PublicKey, Scheme, Secret,
    Serial, SignedHeaders, StatementDigest, aead, notification, platform_certificates, verify,
};

use crate::support::{
    NOW, PUBLIC_KEY_ID, apiv3_key, at, der, headers, keys, merchant, merchant_identity, pem,
};

fn bytes(longest: usize) -> impl Strategy<Value = Vec<u8>> {
    proptest::collection::vec(any::<u8>(), 0..longest)
}

fn header_value() -> impl Strategy<Value = HeaderValue> {
    bytes(40).prop_filter_map("not a header value", |bytes| HeaderValue::from_bytes(&bytes).ok())
}

/// WeChat Pay's headers, each present or not, with a random or a plausible value.
fn any_headers() -> impl Strategy<Value = HeaderMap> {
    let names = ["timestamp", "nonce", "signature", "serial", "signature-type", "statement-sha1"];
    let sensible =
        prop_oneof![Just(NOW.to_string()), Just(PUBLIC_KEY_ID.to_owned()), Just("AAAA".to_owned())];
    let value = prop_oneof![
        header_value(),
        sensible.prop_map(|text| HeaderValue::from_str(&text).unwrap())
    ];
    proptest::collection::vec((0..names.len(), value), 0..9).prop_map(move |pairs| {
        let name = |at: usize| HeaderName::try_from(format!("wechatpay-{}", names[at])).unwrap();
        pairs.into_iter().map(|(at, value)| (name(at), value)).collect()
    })
}

/// Random text with the markers that a PEM reader looks for.
fn pem_like() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("-----BEGIN ".to_owned()),
        Just("-----END ".to_owned()),
        Just("-----".to_owned()),
        Just("PRIVATE KEY".to_owned()),
        Just("CERTIFICATE".to_owned()),
        Just("\n".to_owned()),
        "[A-Za-z0-9+/=\\\\ ]{0,20}",
        ".{0,5}",
    ];
    proptest::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn key_files(content in bytes(200), text in pem_like()) {
        for content in [content.as_slice(), text.as_bytes()] {
            prop_assert!(PrivateKey::from_pem(content).is_err());
            prop_assert!(PublicKey::from_pem(content).is_err());
            prop_assert!(Certificate::from_pem(content).is_err());
        }
    }

    #[test]
    fn what_is_inside_pem(content in bytes(300)) {
        for label in ["PRIVATE KEY", "RSA PRIVATE KEY"] {
            prop_assert!(PrivateKey::from_pem(pem(label, &content)).is_err());
        }
        for label in ["PUBLIC KEY", "RSA PUBLIC KEY"] {
            prop_assert!(PublicKey::from_pem(pem(label, &content)).is_err());
        }
        prop_assert!(Certificate::from_pem(pem("CERTIFICATE", &content)).is_err());
    }

    #[test]
    fn real_keys_with_a_changed_byte(place in any::<proptest::sample::Index>(), change in 1..=u8::MAX) {
        let mut certificate = der(merchant_identity().certificate_pem());
        let at = place.index(certificate.len());
        certificate[at] ^= change;
        let _ = Certificate::from_pem(pem("CERTIFICATE", &certificate));
        let mut public = der(&merchant_identity().public_key_pem());
        let at = place.index(public.len());
        public[at] ^= change;
        let _ = PublicKey::from_pem(pem("PUBLIC KEY", &public));
    }

    #[test]
    fn response_headers(headers in any_headers(), body in bytes(60)) {
        let _ = SignedHeaders::read(Scheme::Rsa, &headers);
        let _ = StatementDigest::read(&headers);
        prop_assert!(verify(Scheme::Rsa, &keys(), &headers, &body, at(NOW)).is_err());
    }

    #[test]
    fn authorization_headers(text in ".{0,200}", pairs in "(WECHATPAY2-SHA256-RSA2048|WECHATPAY2-SM2-WITH-SM3|WECHATPAY-BRAND-SHA256-RSA2048) ([a-z_]{0,9}(=\")?[ -~]{0,9}\"?,?){0,6}") {
        prop_assert!(Authorization::parse(&text).is_err());
        let _ = Authorization::parse(&pairs);
    }

    #[test]
    fn bodies(body in bytes(200), json in "[\\[{]\"(data|resource|serial_no)\":[\\[{]{0,3}\"?[a-z_0-9]{0,9}\"?[\\]}]{0,4}") {
        for body in [body.as_slice(), json.as_bytes()] {
            let _ = Envelope::parse(body);
            prop_assert!(platform_certificates::decrypt(Scheme::Rsa, body, &apiv3_key()).is_err());
        }
    }

    #[test]
    fn resources(algorithm in "(AEAD_AES_256_GCM|.{0,9})", nonce in "(.{0,20}|[a-z]{12})", ciphertext in "([A-Za-z0-9+/]{4}){0,20}=?") {
        let mut resource = aead::encrypt(Scheme::Rsa, &apiv3_key(), "61f9c719728a", "", b"plaintext").unwrap();
        resource.algorithm = algorithm;
        resource.nonce = nonce;
        resource.ciphertext = ciphertext;
        prop_assert!(resource.decrypt(Scheme::Rsa, &apiv3_key()).is_err());
    }

    #[test]
    fn small_texts(text in ".{0,60}", bytes in bytes(60)) {
        let _ = (Serial::parse(&text), Nonce::new(text.as_str()), ApiV3Key::new(&bytes));
        prop_assert!(keys().find(&text).is_none());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn real_private_keys_with_a_changed_byte(place in any::<proptest::sample::Index>(), change in 1..=u8::MAX) {
        let mut key = der(&merchant_identity().private_key_pem().unwrap());
        let at = place.index(key.len());
        key[at] ^= change;
        let _ = PrivateKey::from_pem(pem("PRIVATE KEY", &key));
    }

    #[test]
    fn encrypted_fields(text in ".{0,400}", block in proptest::collection::vec(any::<u8>(), 256)) {
        prop_assert!(merchant().decrypt(&STANDARD.encode(block)).is_err());
        let mut secret = Secret::encrypted(text.clone());
        prop_assert_eq!(secret.decrypt_with(&merchant()), text.is_empty());
    }

    #[test]
    fn signed_garbage_as_a_notification(body in bytes(200)) {
        let decrypted = notification::decrypt(Scheme::Rsa, &keys(), &apiv3_key(), &headers(PUBLIC_KEY_ID, &body), &body, at(NOW));
        prop_assert!(matches!(decrypted, Err(notification::NotificationError::Envelope(_))));
    }
}
