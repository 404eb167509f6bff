//! Sensitive fields and the two types that hold them.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use proptest::prelude::*;
use wxpay_api::protocol::{OpenError, SealError, Secret, SecretBytes};

use crate::support::{
    NOW, PUBLIC_KEY_ID, at, der, keys, merchant, merchant_identity, platform, stranger,
};

fn for_the_merchant(plaintext: &[u8]) -> String {
    merchant_identity().certificate().public_key().seal(plaintext).unwrap()
}

#[test]
fn a_request_field_is_sealed_for_wechat_pay() {
    let keys = keys();
    let key = keys.sealing_key(at(NOW)).unwrap();
    assert_eq!(key.id(), PUBLIC_KEY_ID);
    let sealed = Secret::from("张三").seal_with(&key).unwrap();
    assert_eq!(sealed.len(), 344);
    assert_eq!(*platform().private_key().open(&sealed).unwrap(), "张三".as_bytes());
    assert_ne!(sealed, Secret::from("张三").seal_with(&key).unwrap());
    let bytes = SecretBytes::from([0xff; 32]).seal_with(&key).unwrap();
    assert_eq!(*platform().private_key().open(&bytes).unwrap(), [0xff; 32]);
}

#[test]
fn at_most_214_bytes() {
    let keys = keys();
    let key = keys.sealing_key(at(NOW)).unwrap();
    let longest = key.seal(&[b'x'; 214]).unwrap();
    assert_eq!(platform().private_key().open(&longest).unwrap().len(), 214);
    assert_eq!(key.seal(&[b'x'; 215]), Err(SealError::TooLong { bytes: 215 }));
    let text = Secret::from(&"张".repeat(72)).seal_with(&key).unwrap_err();
    assert_eq!(text, SealError::TooLong { bytes: 216 });
    assert!(text.to_string().contains("216"), "{text}");
}

#[test]
fn empty_stays_empty() {
    let keys = keys();
    let key = keys.sealing_key(at(NOW)).unwrap();
    assert_eq!(Secret::from("").seal_with(&key).unwrap(), "");
    assert_eq!(SecretBytes::default().seal_with(&key).unwrap(), "");
    let received = Secret::sealed("");
    assert!(received.is_empty() && !received.is_sealed());
    assert_eq!(
        (Secret::default().open(), SecretBytes::default().open()),
        (Some(""), Some(&[][..]))
    );
}

#[test]
fn an_answers_field_is_opened_by_the_merchant() {
    let mut secret = Secret::sealed(for_the_merchant("13800138000".as_bytes()));
    assert!(secret.is_sealed() && !secret.is_empty());
    assert_eq!(secret.reveal(), Err(OpenError::NotTried));
    assert!(secret.open_with(&merchant()));
    assert_eq!(secret.open(), Some("13800138000"));
    assert_eq!(secret.ciphertext(), None);
    assert!(secret.open_with(&merchant()), "what is open stays open");

    let mut bytes = SecretBytes::sealed(for_the_merchant(&[0xff; 32]));
    assert!(bytes.open_with(&merchant()));
    assert_eq!(bytes.open(), Some(&[0xff; 32][..]));
}

#[test]
fn what_does_not_open_stays_sealed_and_says_why() {
    let for_another = stranger().certificate().public_key().seal(b"secret").unwrap();
    for (ciphertext, reason) in [
        (for_another, OpenError::Decrypt),
        (for_the_merchant(&[0xff; 32]), OpenError::Utf8),
        ("13800138000".to_owned(), OpenError::Base64),
        (STANDARD.encode("short"), OpenError::Length { bytes: 5 }),
    ] {
        let mut secret = Secret::sealed(ciphertext.clone());
        assert!(!secret.open_with(&merchant()));
        assert!(secret.is_sealed());
        assert_eq!(secret.reveal(), Err(reason));
        assert_eq!((secret.open(), secret.ciphertext()), (None, Some(ciphertext.as_str())));
        let keys = keys();
        let sealed_again = secret.seal_with(&keys.sealing_key(at(NOW)).unwrap());
        assert_eq!(sealed_again, Err(SealError::StillSealed(reason)));
    }
}

/// Encryption for the right key that is not OAEP with SHA-1: OAEP with SHA-256, and the older PKCS#1 v1.5.
#[test]
fn other_paddings_do_not_open() {
    use aws_lc_rs::rsa::{
        OAEP_SHA1_MGF1SHA1, OAEP_SHA256_MGF1SHA256, OaepAlgorithm, OaepPublicEncryptingKey,
        Pkcs1PublicEncryptingKey, PublicEncryptingKey,
    };

    let spki = der(&merchant_identity().public_key_pem());
    let key = || PublicEncryptingKey::from_der(&spki).unwrap();
    let oaep = |algorithm: &'static OaepAlgorithm| {
        let mut sealed = vec![0; 256];
        let key = OaepPublicEncryptingKey::new(key()).unwrap();
        key.encrypt(algorithm, b"secret", &mut sealed, None).unwrap();
        merchant().open(&STANDARD.encode(sealed))
    };
    assert_eq!(*oaep(&OAEP_SHA1_MGF1SHA1).unwrap(), b"secret");
    assert_eq!(oaep(&OAEP_SHA256_MGF1SHA256), Err(OpenError::Decrypt));
    let mut sealed = vec![0; 256];
    Pkcs1PublicEncryptingKey::new(key()).unwrap().encrypt(b"secret", &mut sealed).unwrap();
    assert_eq!(merchant().open(&STANDARD.encode(sealed)), Err(OpenError::Decrypt));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_is_sealed_opens(plaintext in proptest::collection::vec(any::<u8>(), 1..=214)) {
        let sealed = for_the_merchant(&plaintext);
        prop_assert_eq!(&*merchant().open(&sealed).unwrap(), &plaintext);
        prop_assert!(stranger().private_key().open(&sealed).is_err());
    }
}
