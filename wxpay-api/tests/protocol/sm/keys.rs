//! Keys and certificates in every form that openssl writes, and in invalid forms.

use wxpay_api::protocol::{Certificate, KeyError, KeyProblem, PrivateKey, PublicKey};

use super::{
    CERTIFICATE, PRIVATE_KEY, PRIVATE_KEY_ALONE, PUBLIC_KEY, PUBLIC_KEY_COMPRESSED, private_key,
    public_key,
};
use crate::support::{der, integer, pem, sequence, tlv, unhex};

fn is_malformed<T>(read: Result<T, KeyError>) -> bool {
    read.is_err_and(|error| matches!(error.problem(), KeyProblem::Malformed))
}

/// PKCS#8 with this secret number, and this public key unless it is empty.
fn pkcs8(secret: &[u8], public_key: &[u8]) -> String {
    let curve =
        sequence(&[tlv(0x06, &unhex("2a8648ce3d0201")), tlv(0x06, &unhex("2a811ccf5501822d"))]);
    let mut members = vec![integer(&[1]), tlv(0x04, secret)];
    if !public_key.is_empty() {
        members.push(tlv(0xa1, &tlv(0x03, &[&[0], public_key].concat())));
    }
    let key = tlv(0x04, &sequence(&members));
    pem("PRIVATE KEY", &sequence(&[integer(&[0]), curve, key]))
}

#[test]
fn private_keys_with_and_without_the_public_key() {
    for text in [PRIVATE_KEY, PRIVATE_KEY_ALONE] {
        assert_eq!(PrivateKey::from_pem(text).unwrap().public_key(), &public_key());
    }
}

#[test]
fn points_in_either_encoding_are_the_same_key() {
    assert_eq!(PublicKey::from_pem(PUBLIC_KEY_COMPRESSED).unwrap(), public_key());
}

#[test]
fn certificates() {
    let certificate = Certificate::from_pem(CERTIFICATE).unwrap();
    assert_eq!(certificate.public_key(), &public_key());
    assert_eq!(certificate.serial().as_str(), "4A5B6C7D8E9F00112233445566778899AABBCCDD");
    assert_eq!(certificate.common_name(), Some("1900000001"));
}

#[test]
fn numbers_that_are_no_key() {
    let order = unhex("fffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123");
    for secret in [&[0; 32][..], &order, &[0xff; 32], &[1; 16], &[1; 33], &[]] {
        assert!(is_malformed(PrivateKey::from_pem(pkcs8(secret, &[]))), "{secret:?}");
    }
    PrivateKey::from_pem(pkcs8(&[1; 32], &[])).unwrap();
}

#[test]
fn a_public_key_beside_the_private_one_must_belong_to_it() {
    let spki = der(PUBLIC_KEY);
    let point = &spki[spki.len() - 65..];
    let secret = &der(PRIVATE_KEY_ALONE)[35..];
    PrivateKey::from_pem(pkcs8(secret, point)).unwrap();
    assert!(is_malformed(PrivateKey::from_pem(pkcs8(&[1; 32], point))));
}

#[test]
fn points_off_the_curve() {
    let spki = der(PUBLIC_KEY);
    let point = spki.len() - 65;
    for change in [point + 1, spki.len() - 1] {
        let mut off = spki.clone();
        off[change] ^= 1;
        assert!(is_malformed(PublicKey::from_pem(pem("PUBLIC KEY", &off))), "{change}");
    }
    let infinity = sequence(&[spki[2..23].to_vec(), tlv(0x03, &[0, 0])]);
    assert!(is_malformed(PublicKey::from_pem(pem("PUBLIC KEY", &infinity))));
}

#[test]
fn keys_that_the_sandbox_issues_are_read_again() {
    let identity = super::platform();
    let key = PrivateKey::from_pem(identity.private_key_pem().unwrap()).unwrap();
    assert_eq!(key.public_key(), identity.certificate().public_key());
    let public_key = PublicKey::from_pem(identity.public_key_pem()).unwrap();
    assert_eq!(&public_key, key.public_key());
}

#[test]
fn debug_shows_no_secret() {
    let secret = &der(PRIVATE_KEY_ALONE)[35..];
    let shown = format!("{:?} {:?} {:?}", private_key(), super::merchant(), super::platform());
    assert!(shown.contains("PrivateKey([redacted])"), "{shown}");
    assert!(shown.contains("PublicKey(SM2)"), "{shown}");
    let hexadecimal: String = secret.iter().map(|byte| format!("{byte:02x}")).collect();
    let decimal = format!("{}, {}", secret[0], secret[1]);
    assert!(!shown.to_lowercase().contains(&hexadecimal[..16]), "{shown}");
    assert!(!shown.contains(&decimal), "{shown}");
}
