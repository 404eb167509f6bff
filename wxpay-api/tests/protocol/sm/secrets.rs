//! Sensitive fields: ciphertexts of openssl decrypt, and only in the one encoding.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use proptest::prelude::*;
use wxpay_api::protocol::{DecryptError, Secret};

use super::{keys, merchant, platform, private_key, public_key};
use crate::support::{NOW, PUBLIC_KEY_ID, at, integer, sequence, tlv, unhex};

/// `printf 张三 | openssl pkeyutl -encrypt -pubin -inkey public_key.pem | openssl base64 -A`
const BY_OPENSSL: &str = "MHACIQD0y4Z1Yxm4wpcdBSxTSeMlWDnJ3DtqAFT3Ky6QM9dqVQIhAOO7nSeM1XPtPWQBjHJRsn+NOgPDBCqJs1xaWLabfu2gBCC3sbgIdD3pb++/P/Tje0fvmHBFvyY0p0IxJ+ThLHoc/gQGFaBdrzxR";

fn parts() -> [Vec<u8>; 4] {
    let der = STANDARD.decode(BY_OPENSSL).unwrap();
    let (x, y) = (der[5..37].to_vec(), der[40..72].to_vec());
    [x, y, der[74..106].to_vec(), der[108..].to_vec()]
}

fn decrypt(der: &[u8]) -> Result<Vec<u8>, DecryptError> {
    private_key().decrypt(&STANDARD.encode(der)).map(|plaintext| plaintext.to_vec())
}

#[test]
fn by_openssl() {
    let mut name = Secret::encrypted(BY_OPENSSL);
    assert!(name.decrypt_with(&merchant()));
    assert_eq!(name.plaintext(), Some("张三"));
    let [x, y, hash, data] = parts();
    let again = sequence(&[integer(&x), integer(&y), tlv(0x04, &hash), tlv(0x04, &data)]);
    assert_eq!(decrypt(&again).unwrap(), "张三".as_bytes());
}

#[test]
fn for_another_key() {
    assert_eq!(platform().private_key().decrypt(BY_OPENSSL), Err(DecryptError::Decrypt));
}

#[test]
fn other_encodings_are_refused() {
    let [x, y, hash, data] = parts();
    let point = [&[4], &x[..], &y].concat();
    let (x, y) = (integer(&x), integer(&y));
    let raw = [&point[..], &hash, &data].concat();
    let raw_in_der = sequence(&[tlv(0x04, &point), tlv(0x04, &hash), tlv(0x04, &data)]);
    let (hash, data) = (tlv(0x04, &hash), tlv(0x04, &data));
    let without_hash = sequence(&[x.clone(), y.clone(), data.clone()]);
    let one_more = sequence(&[x.clone(), y.clone(), hash.clone(), data.clone(), integer(&[1])]);
    let whole = sequence(&[x.clone(), y.clone(), hash.clone(), data.clone()]);
    let trailing = [&whole[..], &[0]].concat();
    let off_the_curve = sequence(&[y.clone(), x.clone(), hash.clone(), data.clone()]);
    let long_number = sequence(&[integer(&[1; 33]), y.clone(), hash, data.clone()]);
    let short_hash = sequence(&[x.clone(), y.clone(), tlv(0x04, &[0; 31]), data.clone()]);
    for refused in [
        raw,
        raw_in_der,
        without_hash,
        one_more,
        trailing,
        off_the_curve,
        long_number,
        short_hash,
        whole[..whole.len() - 1].to_vec(),
        Vec::new(),
    ] {
        assert_eq!(decrypt(&refused), Err(DecryptError::Structure), "{refused:02x?}");
    }
    // The members in the older order, C1‖C2‖C3, where the length of the text happens to fit.
    let [first, second] = [&unhex("11").repeat(32), &unhex("22").repeat(32)];
    let swapped = sequence(&[x, y, tlv(0x04, first), tlv(0x04, second)]);
    assert_eq!(decrypt(&swapped), Err(DecryptError::Decrypt));
    assert_eq!(private_key().decrypt("not Base64!"), Err(DecryptError::Base64));
}

#[test]
fn requests_are_encrypted_for_wechat_pay() {
    let keys = keys();
    let key = keys.encryption_key(at(NOW)).unwrap();
    assert_eq!(key.id(), PUBLIC_KEY_ID);
    let encrypted = Secret::from("李四").encrypt_with(&key).unwrap();
    assert_eq!(*platform().private_key().decrypt(&encrypted).unwrap(), "李四".as_bytes());
    assert_ne!(Secret::from("李四").encrypt_with(&key).unwrap(), encrypted);
    assert_eq!(Secret::from("").encrypt_with(&key).unwrap(), "");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn our_ciphertexts_decrypt(plaintext in proptest::collection::vec(any::<u8>(), 1..500), changed in any::<proptest::sample::Index>()) {
        let encrypted = public_key().encrypt(&plaintext).unwrap();
        prop_assert_eq!(&*private_key().decrypt(&encrypted).unwrap(), &plaintext);
        let mut der = STANDARD.decode(&encrypted).unwrap();
        let place = changed.index(der.len());
        der[place] ^= 1;
        prop_assert!(decrypt(&der).is_err());
    }
}
