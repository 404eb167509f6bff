//! Encrypted bills of SM2 merchants.

use wxpay_api::protocol::aead::encrypt;
use wxpay_api::protocol::{BillDecryptionError, Scheme, SecretBytes, digest};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::{merchant, public_key};
use crate::bill_decryption::{check, decrypt};
use crate::support::{APIV3_KEY, apiv3_key, unhex};

#[test]
fn published_vectors() {
    assert_eq!(check(include_str!("../vectors/sm4_gcm.txt"), 16), (58, 29));
}

#[test]
fn as_the_cipher_of_resources() {
    let resource = encrypt(Scheme::Sm2, &apiv3_key(), "61f9c719728a", "", b"one,two\r\n").unwrap();
    let file = STANDARD.decode(&resource.ciphertext).unwrap();
    let key = unhex(&digest::sm3_hex(APIV3_KEY.as_bytes())[..32]);
    let decrypted = |key: &[u8]| decrypt(key, resource.nonce.as_bytes(), file.chunks(4));
    assert_eq!(decrypted(&key).unwrap(), b"one,two\r\n");
    assert_eq!(decrypted(&[7; 16]), Err(BillDecryptionError::Tag));
}

#[test]
fn the_key_comes_encrypted_for_the_merchant() {
    let mut key = SecretBytes::encrypted(public_key().encrypt(&[7; 16]).unwrap());
    assert!(key.decrypt_with(&merchant()));
    let error = decrypt(key.plaintext().unwrap(), b"nonce of sixteen", [&[0; 40][..]]).unwrap_err();
    assert_eq!(error, BillDecryptionError::Tag);
}
