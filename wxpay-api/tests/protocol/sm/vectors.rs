//! SM2 and SM4 against published examples.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sm4::Sm4;
use sm4::cipher::{BlockCipherEncrypt, KeyInit};
use wxpay_api::protocol::aead::{AeadError, decrypt_sm4};
use wxpay_api::protocol::{PrivateKey, PublicKey};

use crate::support::{integer, pem, sequence, tlv, unhex};
use crate::vectors::records;

/// The key of the examples of GM/T 0003.5-2012, appendix A (GB/T 32918.5-2017), whose curve is the recommended one and whose
/// signer's id is 1234567812345678.
const SECRET: &str = "3945208f7b2144b13f36e38ac6d39f95889393692860b51a42fb81ef4df7c5b8";
const POINT: &str = "0409f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13";

fn algorithm() -> Vec<u8> {
    sequence(&[tlv(0x06, &unhex("2a8648ce3d0201")), tlv(0x06, &unhex("2a811ccf5501822d"))])
}

fn private_key() -> PrivateKey {
    let key = sequence(&[integer(&[1]), tlv(0x04, &unhex(SECRET))]);
    let info = sequence(&[integer(&[0]), algorithm(), tlv(0x04, &key)]);
    PrivateKey::from_pem(pem("PRIVATE KEY", &info)).unwrap()
}

fn public_key() -> PublicKey {
    let point = tlv(0x03, &[&[0][..], &unhex(POINT)].concat());
    PublicKey::from_pem(pem("PUBLIC KEY", &sequence(&[algorithm(), point]))).unwrap()
}

#[test]
fn sm2_key_pair() {
    assert_eq!(private_key().public_key(), &public_key());
}

/// GM/T 0003.5-2012, A.2.
#[test]
fn sm2_signature() {
    let r = unhex("f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3");
    let s = unhex("b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa");
    let signature = STANDARD.encode(sequence(&[integer(&r), integer(&s)]));
    assert!(public_key().verify(b"message digest", &signature));
    assert!(!public_key().verify(b"message digesT", &signature));
}

/// GM/T 0003.5-2012, A.4.
#[test]
fn sm2_encryption() {
    let x = unhex("04ebfc718e8d1798620432268e77feb6415e2ede0e073c0f4f640ecd2e149a73");
    let y = unhex("e858f9d81e5430a57b36daab8f950a3c64e6ee6a63094d99283aff767e124df0");
    let hash = unhex("59983c18f809e262923c53aec295d30383b54e39d609d160afcb1908d0bd8766");
    let data = unhex("21886ca989ca9c7d58087307ca93092d651efa");
    let ciphertext = sequence(&[integer(&x), integer(&y), tlv(0x04, &hash), tlv(0x04, &data)]);
    let decrypted = private_key().decrypt(&STANDARD.encode(ciphertext)).unwrap();
    assert_eq!(*decrypted, b"encryption standard");
}

/// GM/T 0002-2012, appendix A: one block, and the same encrypted a million times.
#[test]
fn sm4_block() {
    let text = unhex("0123456789abcdeffedcba9876543210");
    let key: [u8; 16] = text.try_into().unwrap();
    let (cipher, mut block) = (Sm4::new(&key.into()), key.into());
    cipher.encrypt_block(&mut block);
    assert_eq!(block[..], unhex("681edf34d206965e86b3e94f536e4246"));
    for _ in 1..1_000_000 {
        cipher.encrypt_block(&mut block);
    }
    assert_eq!(block[..], unhex("595298c7c6fd271f0402f804c33d3f66"));
}

#[test]
fn sm4_gcm() {
    let records = records(include_str!("../vectors/sm4_gcm.txt"));
    let (mut valid, mut invalid) = (0, 0);
    for record in records {
        let nonce = unhex(record["nonce"]);
        let key = unhex(record["key"]).try_into().unwrap();
        let data = [unhex(record["ciphertext"]), unhex(record["tag"])].concat();
        let decrypted = decrypt_sm4(&key, &nonce, &unhex(record["associated_data"]), data);
        match record["result"] {
            _ if nonce.len() != 12 => {
                assert_eq!(decrypted, Err(AeadError::Nonce { bytes: nonce.len() }));
            }
            "valid" => {
                assert_eq!(*decrypted.unwrap(), unhex(record["plaintext"]));
                valid += 1;
            }
            _ => {
                assert_eq!(decrypted, Err(AeadError::Decrypt));
                invalid += 1;
            }
        }
    }
    assert_eq!((valid, invalid), (30, 27));
}
