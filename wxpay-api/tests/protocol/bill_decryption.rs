//! Encrypted bills, piece by piece.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use proptest::prelude::*;
use wxpay_api::protocol::{BillDecryption, BillDecryptionError};

use crate::support::unhex;
use crate::vectors::records;

const NONCE: &[u8] = b"61f9c719728a";

/// Decrypts a file that arrives in these pieces.
pub(crate) fn decrypt<'a>(
    key: &[u8],
    nonce: &[u8],
    pieces: impl IntoIterator<Item = &'a [u8]>,
) -> Result<Vec<u8>, BillDecryptionError> {
    let mut decryption = BillDecryption::new(key, nonce)?;
    let mut plaintext = Vec::new();
    for piece in pieces {
        plaintext.extend(decryption.push(piece)?);
    }
    decryption.finish().map(|()| plaintext)
}

/// Compares with the records of published vectors that have no associated data, and counts the valid and the invalid ones.
pub(crate) fn check(file: &str, key_length: usize) -> (usize, usize) {
    let (mut valid, mut invalid) = (0, 0);
    for record in records(file) {
        if record.get("associated_data").is_some_and(|data| !data.is_empty()) {
            continue;
        }
        let (key, nonce) = (unhex(record["key"]), unhex(record["nonce"]));
        assert_eq!(key.len(), key_length);
        let file = [unhex(record["ciphertext"]), unhex(record["tag"])].concat();
        for size in [1, 3, 16, 17, 1000] {
            let decrypted = decrypt(&key, &nonce, file.chunks(size));
            match record["result"] {
                "valid" => assert_eq!(decrypted.unwrap(), unhex(record["plaintext"])),
                _ if nonce.is_empty() => {
                    assert_eq!(decrypted, Err(BillDecryptionError::EmptyNonce))
                }
                _ => assert_eq!(decrypted, Err(BillDecryptionError::Tag)),
            }
        }
        if record["result"] == "valid" { valid += 1 } else { invalid += 1 }
    }
    (valid, invalid)
}

/// The one-shot cipher of another library.
fn encrypt(key: &[u8; 32], plaintext: &[u8]) -> Vec<u8> {
    let cipher = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, key).unwrap());
    let nonce = Nonce::assume_unique_for_key(NONCE.try_into().unwrap());
    let mut file = plaintext.to_vec();
    cipher.seal_in_place_append_tag(nonce, Aad::empty(), &mut file).unwrap();
    file
}

#[test]
fn published_vectors() {
    assert_eq!(check(include_str!("vectors/aes_256_gcm.txt"), 32), (5, 5));
    let nonces = include_str!("vectors/aes_256_gcm_nonces.txt");
    assert_eq!(check(nonces, 32), (37, 29));
}

/// Test cases 17 and 18 of McGrew and Viega, “The Galois/Counter Mode of Operation”: AES-256, nonces of 8 and of 60 bytes.
/// They have associated data, which bills do not, so that the plaintext is right and the tag is not.
#[test]
fn nonces_of_the_specification() {
    let key = "feffe9928665731c6d6a8f9467308308".repeat(2);
    let plaintext = "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525\
                     b16aedf5aa0de657ba637b39";
    let long_nonce = "9313225df88406e555909c5aff5269aa6a7a9538534f7da1e4c303d2a318a728c3c0c95156809539fcf0e2429a6b5254\
                      16aedbf5a0de6a57a637b39b";
    for (nonce, ciphertext, tag) in [
        (
            "cafebabefacedbad",
            "c3762df1ca787d32ae47c13bf19844cbaf1ae14d0b976afac52ff7d79bba9de0feb582d33934a4f0954cc2363bc73f78\
             62ac430e64abe499f47c9b1f",
            "3a337dbf46a792c45e454913fe2ea8f2",
        ),
        (
            long_nonce,
            "5a8def2f0c9e53f1f75d7853659e2a20eeb2b22aafde6419a058ab4f6f746bf40fc0c3b780f244452da3ebf1c5d82cde\
             a2418997200ef82e44ae7e3f",
            "a44a8266ee1c8eb0c8b5d4cf5ae9f19a",
        ),
    ] {
        let mut decryption = BillDecryption::new(&unhex(&key), &unhex(nonce)).unwrap();
        let mut decrypted = decryption.push(&unhex(ciphertext)).unwrap();
        decrypted.extend(decryption.push(&unhex(tag)).unwrap());
        assert_eq!(decrypted, unhex(plaintext));
        assert_eq!(decryption.finish(), Err(BillDecryptionError::Tag));
    }
}

#[test]
fn the_last_sixteen_bytes_are_held_back() {
    let file = encrypt(&[7; 32], b"one,two");
    let mut decryption = BillDecryption::new(&[7; 32], NONCE).unwrap();
    assert_eq!(decryption.push(&file[..16]).unwrap(), b"");
    assert_eq!(decryption.push(&file[16..20]).unwrap(), b"one,");
    assert_eq!(decryption.push(b"").unwrap(), b"");
    assert_eq!(decryption.push(&file[20..]).unwrap(), b"two");
    decryption.finish().unwrap();
}

#[test]
fn files_cut_short() {
    let file = encrypt(&[7; 32], b"one,two");
    for bytes in 0..file.len() {
        let expected = match bytes {
            0..16 => BillDecryptionError::TooShort { bytes },
            _ => BillDecryptionError::Tag,
        };
        assert_eq!(decrypt(&[7; 32], NONCE, [&file[..bytes]]), Err(expected));
    }
}

#[test]
fn keys_and_nonces() {
    for bytes in [0, 15, 17, 24, 31, 33] {
        let error = BillDecryption::new(&vec![7; bytes], NONCE).unwrap_err();
        assert_eq!(error, BillDecryptionError::Key { bytes });
    }
    let error = BillDecryption::new(&[7; 32], b"").unwrap_err();
    assert_eq!(error, BillDecryptionError::EmptyNonce);
    let shown = format!("{:?}", BillDecryption::new(&[7; 32], NONCE).unwrap());
    assert_eq!(shown, "BillDecryption { .. }");
}

#[cfg(not(feature = "sm"))]
#[test]
fn sm4_needs_its_feature() {
    let error = BillDecryption::new(&[7; 16], NONCE).unwrap_err();
    assert_eq!(error, BillDecryptionError::Sm4Disabled);
    assert!(error.to_string().contains("enable the feature `sm`"), "{error}");
}

proptest! {
    #[test]
    fn any_split_decrypts_alike(
        key in any::<[u8; 32]>(),
        plaintext in proptest::collection::vec(any::<u8>(), 0..3000),
        cuts in proptest::collection::vec(any::<proptest::sample::Index>(), 0..12),
        changed in any::<proptest::sample::Index>(),
    ) {
        let mut file = encrypt(&key, &plaintext);
        let mut places: Vec<usize> = cuts.iter().map(|cut| cut.index(file.len())).collect();
        places.extend([0, file.len()]);
        places.sort_unstable();
        let pieces = |file: &[u8]| places.windows(2).map(|ends| file[ends[0]..ends[1]].to_vec()).collect::<Vec<_>>();
        let whole = pieces(&file);
        prop_assert_eq!(decrypt(&key, NONCE, whole.iter().map(Vec::as_slice)), Ok(plaintext));
        let place = changed.index(file.len());
        file[place] ^= 1;
        let spoiled = pieces(&file);
        prop_assert_eq!(decrypt(&key, NONCE, spoiled.iter().map(Vec::as_slice)), Err(BillDecryptionError::Tag));
    }

    #[test]
    fn garbage(
        key in proptest::collection::vec(any::<u8>(), 0..40),
        nonce in proptest::collection::vec(any::<u8>(), 0..40),
        pieces in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..40), 0..6),
    ) {
        prop_assert!(decrypt(&key, &nonce, pieces.iter().map(Vec::as_slice)).is_err());
        let decrypted = decrypt(&[7; 32], &nonce, pieces.iter().map(Vec::as_slice));
        prop_assert!(decrypted.is_err());
    }
}
