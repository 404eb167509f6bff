//! Sensitive fields and the two types that hold them.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use proptest::prelude::*;
use wxpay_api::protocol::{DecryptError, EncryptError, Secret, SecretBytes};

use crate::support::{
    NOW, PUBLIC_KEY_ID, at, der, keys, merchant, merchant_identity, platform, stranger,
};

fn for_the_merchant(plaintext: &[u8]) -> String {
    merchant_identity().certificate().public_key().encrypt(plaintext).unwrap()
}

#[test]
fn a_request_field_is_encrypted_for_wechat_pay() {
    let keys = keys();
    let key = keys.encryption_key(at(NOW)).unwrap();
    assert_eq!(key.id(), PUBLIC_KEY_ID);
    let encrypted = Secret::from("张三").encrypt_with(&key).unwrap();
    assert_eq!(encrypted.len(), 344);
    assert_eq!(*platform().private_key().decrypt(&encrypted).unwrap(), "张三".as_bytes());
    assert_ne!(encrypted, Secret::from("张三").encrypt_with(&key).unwrap());
    let bytes = SecretBytes::from([0xff; 32]).encrypt_with(&key).unwrap();
    assert_eq!(*platform().private_key().decrypt(&bytes).unwrap(), [0xff; 32]);
}

#[test]
fn at_most_214_bytes() {
    let keys = keys();
    let key = keys.encryption_key(at(NOW)).unwrap();
    let longest = key.encrypt(&[b'x'; 214]).unwrap();
    assert_eq!(platform().private_key().decrypt(&longest).unwrap().len(), 214);
    assert_eq!(key.encrypt(&[b'x'; 215]), Err(EncryptError::TooLong { bytes: 215 }));
    let text = Secret::from(&"张".repeat(72)).encrypt_with(&key).unwrap_err();
    assert_eq!(text, EncryptError::TooLong { bytes: 216 });
    assert!(text.to_string().contains("216"), "{text}");
}

#[test]
fn empty_stays_empty() {
    let keys = keys();
    let key = keys.encryption_key(at(NOW)).unwrap();
    assert_eq!(Secret::from("").encrypt_with(&key).unwrap(), "");
    assert_eq!(SecretBytes::default().encrypt_with(&key).unwrap(), "");
    let received = Secret::encrypted("");
    assert!(received.is_empty() && !received.is_encrypted());
    assert_eq!(
        (Secret::default().plaintext(), SecretBytes::default().plaintext()),
        (Some(""), Some(&[][..]))
    );
}

#[test]
fn the_merchant_decrypts_a_field_of_a_response() {
    let mut secret = Secret::encrypted(for_the_merchant("13800138000".as_bytes()));
    assert!(secret.is_encrypted() && !secret.is_empty());
    assert_eq!(secret.reveal(), Err(DecryptError::NotTried));
    assert!(secret.decrypt_with(&merchant()));
    assert_eq!(secret.plaintext(), Some("13800138000"));
    assert_eq!(secret.ciphertext(), None);
    assert!(secret.decrypt_with(&merchant()), "a decrypted secret stays decrypted");

    let mut bytes = SecretBytes::encrypted(for_the_merchant(&[0xff; 32]));
    assert!(bytes.decrypt_with(&merchant()));
    assert_eq!(bytes.plaintext(), Some(&[0xff; 32][..]));
}

#[test]
fn a_failed_decryption_keeps_the_ciphertext_and_the_reason() {
    let for_another = stranger().certificate().public_key().encrypt(b"secret").unwrap();
    for (ciphertext, reason) in [
        (for_another, DecryptError::Decrypt),
        (for_the_merchant(&[0xff; 32]), DecryptError::Utf8),
        ("13800138000".to_owned(), DecryptError::Base64),
        (STANDARD.encode("short"), DecryptError::Length { bytes: 5 }),
    ] {
        let mut secret = Secret::encrypted(ciphertext.clone());
        assert!(!secret.decrypt_with(&merchant()));
        assert!(secret.is_encrypted());
        assert_eq!(secret.reveal(), Err(reason));
        assert_eq!((secret.plaintext(), secret.ciphertext()), (None, Some(ciphertext.as_str())));
        let keys = keys();
        let encrypted_again = secret.encrypt_with(&keys.encryption_key(at(NOW)).unwrap());
        assert_eq!(encrypted_again, Err(EncryptError::StillEncrypted(reason)));
    }
}

/// Encryption for the right key with another padding: OAEP with SHA-256, and the older PKCS#1 v1.5.
#[test]
fn other_paddings_do_not_decrypt() {
    use aws_lc_rs::rsa::{
        OAEP_SHA1_MGF1SHA1, OAEP_SHA256_MGF1SHA256, OaepAlgorithm, OaepPublicEncryptingKey,
        Pkcs1PublicEncryptingKey, PublicEncryptingKey,
    };

    let spki = der(&merchant_identity().public_key_pem());
    let key = || PublicEncryptingKey::from_der(&spki).unwrap();
    let oaep = |algorithm: &'static OaepAlgorithm| {
        let mut encrypted = vec![0; 256];
        let key = OaepPublicEncryptingKey::new(key()).unwrap();
        key.encrypt(algorithm, b"secret", &mut encrypted, None).unwrap();
        merchant().decrypt(&STANDARD.encode(encrypted))
    };
    assert_eq!(*oaep(&OAEP_SHA1_MGF1SHA1).unwrap(), b"secret");
    assert_eq!(oaep(&OAEP_SHA256_MGF1SHA256), Err(DecryptError::Decrypt));
    let mut encrypted = vec![0; 256];
    Pkcs1PublicEncryptingKey::new(key()).unwrap().encrypt(b"secret", &mut encrypted).unwrap();
    assert_eq!(merchant().decrypt(&STANDARD.encode(encrypted)), Err(DecryptError::Decrypt));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn encrypted_fields_decrypt(plaintext in proptest::collection::vec(any::<u8>(), 1..=214)) {
        let encrypted = for_the_merchant(&plaintext);
        prop_assert_eq!(&*merchant().decrypt(&encrypted).unwrap(), &plaintext);
        prop_assert!(stranger().private_key().decrypt(&encrypted).is_err());
    }
}
