//! Each primitive against published vectors. The files name their source.

use std::collections::HashMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use wxpay_api::protocol::{PrivateKey, PublicKey, aead, digest};

use crate::support::{integer, pem, sequence, unhex};

/// The records of a vector file: lines `name = value`, records apart by an empty line, comments after `#`.
pub(crate) fn records(file: &str) -> Vec<HashMap<&str, &str>> {
    file.split("\n\n")
        .map(|record| {
            let lines = record.lines().filter(|line| !line.starts_with('#'));
            lines
                .filter_map(|line| line.split_once(" ="))
                .map(|(name, value)| (name, value.trim()))
                .collect()
        })
        .filter(|record: &HashMap<_, _>| !record.is_empty())
        .collect()
}

fn private_key(record: &HashMap<&str, &str>) -> PrivateKey {
    let mut members = vec![integer(&[0])];
    members.extend(
        ["n", "e", "d", "p", "q", "dp", "dq", "qinv"].map(|name| integer(&unhex(record[name]))),
    );
    PrivateKey::from_pem(pem("RSA PRIVATE KEY", &sequence(&members))).unwrap()
}

fn public_key(record: &HashMap<&str, &str>) -> PublicKey {
    let members = ["n", "e"].map(|name| integer(&unhex(record[name])));
    PublicKey::from_pem(pem("RSA PUBLIC KEY", &sequence(&members))).unwrap()
}

#[test]
fn rsa_pkcs1_v1_5_with_sha256() {
    let records = records(include_str!("vectors/rsa_signature.txt"));
    let (key, signatures) = records.split_first().unwrap();
    let (private, public) = (private_key(key), public_key(key));
    assert_eq!(private.public_key(), &public);
    let mut valid = 0;
    for record in signatures {
        let (message, signature) =
            (unhex(record["message"]), STANDARD.encode(unhex(record["signature"])));
        assert_eq!(
            public.verify(&message, &signature),
            record["result"] == "valid",
            "{}",
            record["reason"]
        );
        if record["result"] == "valid" {
            assert_eq!(private.sign(&message).unwrap(), signature);
            valid += 1;
        }
    }
    assert!(valid > 0 && signatures.len() > valid);
}

#[test]
fn rsa_oaep_with_sha1() {
    let records = records(include_str!("vectors/rsa_oaep.txt"));
    let (key, ciphertexts) = records.split_first().unwrap();
    let private = private_key(key);
    assert_eq!(ciphertexts.len(), 6);
    for record in ciphertexts {
        let ciphertext = STANDARD.encode(unhex(record["ciphertext"]));
        assert_eq!(*private.decrypt(&ciphertext).unwrap(), unhex(record["message"]));
    }
}

#[test]
fn aes_256_gcm() {
    let records = records(include_str!("vectors/aes_256_gcm.txt"));
    assert_eq!(records.len(), 50);
    for record in records {
        let key = unhex(record["key"]).try_into().unwrap();
        let data = [unhex(record["ciphertext"]), unhex(record["tag"])].concat();
        let decrypted =
            aead::decrypt(&key, &unhex(record["nonce"]), &unhex(record["associated_data"]), data);
        match record["result"] {
            "valid" => assert_eq!(*decrypted.unwrap(), unhex(record["plaintext"])),
            _ => assert_eq!(decrypted, Err(aead::AeadError::Decrypt)),
        }
    }
}

#[test]
fn sha1() {
    check_digest(include_str!("vectors/sha1.txt"), digest::sha1_hex);
}

#[test]
fn sha256() {
    check_digest(include_str!("vectors/sha256.txt"), digest::sha256_hex);
}

#[test]
fn sm3() {
    check_digest(include_str!("vectors/sm3.txt"), digest::sm3_hex);
}

fn check_digest(file: &str, digest: fn(&[u8]) -> String) {
    let records = records(file);
    assert!(records.len() >= 6);
    for record in records {
        assert_eq!(digest(&unhex(record["message"])), record["digest"]);
    }
}
