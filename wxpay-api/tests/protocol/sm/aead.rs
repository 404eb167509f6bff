//! Encrypted resources of SM2 merchants.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use proptest::prelude::*;
use serde_json::json;
use wxpay_api::protocol::aead::{AeadError, decrypt_sm4, encrypt};
use wxpay_api::protocol::issuing::signed_headers;
use wxpay_api::protocol::{
    ApiV3Key, PlatformCertificateError, Scheme, WechatPayKeys, digest, notification,
    platform_certificates, verify,
};

use super::{keys, platform};
use crate::support::{APIV3_KEY, NOW, PUBLIC_KEY_ID, apiv3_key, at, nonce, unhex};

const NONCE: &str = "61f9c719728a";

#[test]
fn the_key_is_half_the_digest_of_the_apiv3_key() {
    let resource = encrypt(Scheme::Sm2, &apiv3_key(), NONCE, "certificate", b"plaintext").unwrap();
    assert_eq!(resource.algorithm, "AEAD_SM4_GCM");
    assert_eq!(*resource.decrypt(Scheme::Sm2, &apiv3_key()).unwrap(), b"plaintext");
    let half = &digest::sm3_hex(APIV3_KEY.as_bytes())[..32];
    let key = unhex(half).try_into().unwrap();
    let data = STANDARD.decode(&resource.ciphertext).unwrap();
    let decrypted = decrypt_sm4(&key, NONCE.as_bytes(), b"certificate", data).unwrap();
    assert_eq!(*decrypted, b"plaintext");
}

#[test]
fn the_other_familys_algorithm_is_refused() {
    let (aes, sm4) = ("AEAD_AES_256_GCM", "AEAD_SM4_GCM");
    let ours = encrypt(Scheme::Sm2, &apiv3_key(), NONCE, "", b"x").unwrap();
    let theirs = encrypt(Scheme::Rsa, &apiv3_key(), NONCE, "", b"x").unwrap();
    for scheme in [Scheme::Rsa, Scheme::Brand] {
        let expected = AeadError::OtherFamily { found: sm4, expected: aes };
        assert_eq!(ours.decrypt(scheme, &apiv3_key()), Err(expected));
    }
    let expected = AeadError::OtherFamily { found: aes, expected: sm4 };
    assert_eq!(theirs.decrypt(Scheme::Sm2, &apiv3_key()), Err(expected));
}

#[test]
fn lengths_are_checked_before_the_cipher() {
    for bytes in [0, 11, 16] {
        let decrypted = decrypt_sm4(&[0; 16], &vec![0; bytes], b"", vec![0; 64]);
        assert_eq!(decrypted, Err(AeadError::Nonce { bytes }));
    }
    for bytes in [0, 15] {
        let decrypted = decrypt_sm4(&[0; 16], NONCE.as_bytes(), b"", vec![0; bytes]);
        assert_eq!(decrypted, Err(AeadError::TooShort { bytes }));
    }
}

#[test]
fn platform_certificates_download() {
    let item = |scheme, serial_no: &str, pem: &str| {
        let resource = encrypt(scheme, &apiv3_key(), NONCE, "certificate", pem.as_bytes()).unwrap();
        json!({ "serial_no": serial_no, "encrypt_certificate": {
            "algorithm": resource.algorithm, "nonce": resource.nonce,
            "associated_data": resource.associated_data, "ciphertext": resource.ciphertext,
        }})
    };
    let serial_no = platform().certificate().serial().as_str();
    let sm2 = item(Scheme::Sm2, serial_no, platform().certificate_pem());
    let rsa = crate::support::platform();
    let rsa = item(Scheme::Rsa, rsa.certificate().serial().as_str(), rsa.certificate_pem());
    let body = json!({ "data": [rsa, sm2] }).to_string().into_bytes();

    let decrypt = |scheme| platform_certificates::decrypt(scheme, &body, &apiv3_key()).unwrap();
    let [certificate] = decrypt(Scheme::Sm2).try_into().unwrap();
    assert_eq!(certificate.serial(), platform().certificate().serial());
    let keys = WechatPayKeys::new().with_parsed_certificate(certificate).unwrap();
    let key = platform().private_key();
    let headers = signed_headers(Scheme::Sm2, key, serial_no, NOW, &nonce(), &body).unwrap();
    verify(Scheme::Sm2, &keys, &headers, &body, at(NOW)).unwrap();
    let [certificate] = decrypt(Scheme::Rsa).try_into().unwrap();
    assert_ne!(certificate.serial(), platform().certificate().serial());

    let mixed = item(Scheme::Rsa, serial_no, platform().certificate_pem());
    let body = json!({ "data": [mixed] }).to_string();
    let none = platform_certificates::decrypt(Scheme::Rsa, body.as_bytes(), &apiv3_key());
    assert!(matches!(none, Err(PlatformCertificateError::None)), "{none:?}");
}

#[test]
fn notifications() {
    let resource =
        encrypt(Scheme::Sm2, &apiv3_key(), NONCE, "transaction", b"{\"mchid\":\"1\"}").unwrap();
    let body = json!({ "id": "n", "resource": {
        "algorithm": resource.algorithm, "nonce": resource.nonce,
        "associated_data": resource.associated_data, "ciphertext": resource.ciphertext,
    }});
    let body = body.to_string().into_bytes();
    let key = platform().private_key();
    let headers = signed_headers(Scheme::Sm2, key, PUBLIC_KEY_ID, NOW, &nonce(), &body).unwrap();
    let decrypted =
        notification::decrypt(Scheme::Sm2, &keys(), &apiv3_key(), &headers, &body, at(NOW))
            .unwrap();
    assert_eq!(*decrypted.plaintext, b"{\"mchid\":\"1\"}");
}

proptest! {
    #[test]
    fn round_trip(
        key in "[0-9A-Za-z]{32}",
        nonce in "[ -~]{12}",
        associated_data in ".{0,40}",
        plaintext in proptest::collection::vec(any::<u8>(), 0..500),
        flipped in any::<proptest::sample::Index>(),
    ) {
        let key = ApiV3Key::new(key).unwrap();
        let mut resource = encrypt(Scheme::Sm2, &key, &nonce, &associated_data, &plaintext).unwrap();
        prop_assert_eq!(&*resource.decrypt(Scheme::Sm2, &key).unwrap(), &plaintext);
        let mut data = STANDARD.decode(&resource.ciphertext).unwrap();
        let place = flipped.index(data.len());
        data[place] ^= 1;
        resource.ciphertext = STANDARD.encode(data);
        prop_assert_eq!(resource.decrypt(Scheme::Sm2, &key), Err(AeadError::Decrypt));
    }
}
