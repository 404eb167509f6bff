//! Encrypted resources.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use proptest::prelude::*;
use wxpay_api::protocol::aead::{AeadError, EncryptedResource, decrypt, encrypt};
use wxpay_api::protocol::{ApiV3Key, Envelope, Scheme};

use crate::support::apiv3_key;

const NONCE: &str = "61f9c719728a";
const PLAINTEXT: &str = "{\"mchid\":\"微信\"}";

fn resource() -> EncryptedResource {
    encrypt(Scheme::Rsa, &apiv3_key(), NONCE, "transaction", PLAINTEXT.as_bytes()).unwrap()
}

fn error(change: impl FnOnce(&mut EncryptedResource)) -> AeadError {
    let mut resource = resource();
    change(&mut resource);
    resource.decrypt(Scheme::Rsa, &apiv3_key()).unwrap_err()
}

#[test]
fn encrypted_resources_decrypt() {
    assert_eq!(*resource().decrypt(Scheme::Rsa, &apiv3_key()).unwrap(), PLAINTEXT.as_bytes());
    let empty = encrypt(Scheme::Rsa, &apiv3_key(), NONCE, "", b"").unwrap();
    assert_eq!(STANDARD.decode(&empty.ciphertext).unwrap().len(), 16);
    assert_eq!(*empty.decrypt(Scheme::Rsa, &apiv3_key()).unwrap(), b"");
}

#[test]
fn associated_data_may_be_empty_null_or_missing() {
    let encrypted = encrypt(Scheme::Rsa, &apiv3_key(), NONCE, "", b"plaintext").unwrap();
    for member in ["\"associated_data\":\"\",", "\"associated_data\":null,", ""] {
        let ciphertext = &encrypted.ciphertext;
        let body = format!(
            "{{\"resource\":{{\"algorithm\":\"AEAD_AES_256_GCM\",{member}\"nonce\":\"{NONCE}\",\"ciphertext\":\"{ciphertext}\"}}}}"
        );
        let envelope = Envelope::parse(body.as_bytes()).unwrap();
        assert_eq!(*envelope.resource.decrypt(Scheme::Rsa, &apiv3_key()).unwrap(), b"plaintext");
    }
    let long = "associated data longer than sixteen bytes";
    assert_eq!(
        *encrypt(Scheme::Rsa, &apiv3_key(), NONCE, long, b"x")
            .unwrap()
            .decrypt(Scheme::Rsa, &apiv3_key())
            .unwrap(),
        b"x"
    );
}

#[test]
fn lengths_are_checked_before_the_cipher() {
    assert_eq!(error(|resource| resource.nonce.clear()), AeadError::Nonce { bytes: 0 });
    assert_eq!(error(|resource| resource.nonce.push_str("1234")), AeadError::Nonce { bytes: 16 });
    assert_eq!(error(|resource| resource.ciphertext.clear()), AeadError::TooShort { bytes: 0 });
    assert_eq!(
        error(|resource| resource.ciphertext = STANDARD.encode([0; 15])),
        AeadError::TooShort { bytes: 15 }
    );
    assert_eq!(error(|resource| resource.ciphertext.push('!')), AeadError::Base64);
    assert_eq!(
        error(|resource| resource.ciphertext = STANDARD.encode([0; 16])),
        AeadError::Decrypt
    );
    assert_eq!(
        encrypt(Scheme::Rsa, &apiv3_key(), "short", "", b"").unwrap_err(),
        AeadError::Nonce { bytes: 5 }
    );
    assert_eq!(decrypt(&[0; 32], b"", b"", vec![0; 64]), Err(AeadError::Nonce { bytes: 0 }));
}

#[test]
fn algorithms() {
    let (aes, sm4) = ("AEAD_AES_256_GCM", "AEAD_SM4_GCM");
    let expected = AeadError::OtherFamily { found: sm4, expected: aes };
    assert_eq!(error(|resource| resource.algorithm = sm4.to_owned()), expected);
    assert!(expected.to_string().contains("AEAD_SM4_GCM"), "{expected}");
    let expected = AeadError::OtherFamily { found: aes, expected: sm4 };
    assert_eq!(resource().decrypt(Scheme::Sm2, &apiv3_key()), Err(expected));
    assert_eq!(*resource().decrypt(Scheme::Brand, &apiv3_key()).unwrap(), PLAINTEXT.as_bytes());
    for found in ["", "SM4_GCM", "aead_aes_256_gcm"] {
        let unknown = error(|resource| resource.algorithm = found.to_owned());
        assert_eq!(unknown, AeadError::UnknownAlgorithm { found: found.to_owned() });
    }
}

#[cfg(not(feature = "sm"))]
#[test]
fn sm4_needs_its_feature() {
    let disabled = encrypt(Scheme::Sm2, &apiv3_key(), NONCE, "", b"").unwrap_err();
    assert_eq!(disabled, AeadError::Sm4Disabled);
    let mut resource = resource();
    resource.algorithm = "AEAD_SM4_GCM".to_owned();
    assert_eq!(resource.decrypt(Scheme::Sm2, &apiv3_key()), Err(AeadError::Sm4Disabled));
    assert!(disabled.to_string().contains("enable the feature `sm`"), "{disabled}");
}

#[test]
fn another_key_nonce_or_associated_data() {
    assert_eq!(error(|resource| resource.associated_data.clear()), AeadError::Decrypt);
    assert_eq!(error(|resource| resource.nonce = "61f9c719728b".to_owned()), AeadError::Decrypt);
    let other = ApiV3Key::new("vutsrqponmlkjihgfedcba9876543210").unwrap();
    assert_eq!(resource().decrypt(Scheme::Rsa, &other).unwrap_err(), AeadError::Decrypt);
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
        let mut resource = encrypt(Scheme::Rsa, &key, &nonce, &associated_data, &plaintext).unwrap();
        prop_assert_eq!(&*resource.decrypt(Scheme::Rsa, &key).unwrap(), &plaintext);
        let mut data = STANDARD.decode(&resource.ciphertext).unwrap();
        let place = flipped.index(data.len());
        data[place] ^= 1;
        resource.ciphertext = STANDARD.encode(data);
        prop_assert_eq!(resource.decrypt(Scheme::Rsa, &key), Err(AeadError::Decrypt));
    }
}
