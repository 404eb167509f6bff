//! The signature with the APIv2 key against the official sample, and `Debug` of the key.

use wxpay_api::{ApiV2Key, KeyError};

use crate::support::apiv2_key;

/// The sample of the official documentation of APIv2's signatures.
const SAMPLE: [(&str, &str); 5] = [
    ("appid", "wxd930ea5d5a258f4f"),
    ("mch_id", "10000100"),
    ("device_info", "1000"),
    ("body", "test"),
    ("nonce_str", "ibuaiVcKdpRxkhJA"),
];
const MD5: &str = "9A0A8659F005D6984697E2CA0A9CF3B7";
const HMAC_SHA256: &str = "6A9AE1657590FD6257D693A078E1C3E4BB6BA4DC30B23E0EE2496E54170DACD6";

#[test]
fn the_official_sample() {
    assert_eq!(apiv2_key().md5(&SAMPLE), MD5);
    assert_eq!(apiv2_key().hmac_sha256(&SAMPLE), HMAC_SHA256);
}

#[test]
fn order_empty_values_and_an_old_signature_do_not_count() {
    let mut fields = SAMPLE.to_vec();
    fields.reverse();
    fields.push(("attach", ""));
    fields.push(("sign", MD5));
    assert_eq!(apiv2_key().hmac_sha256(&fields), HMAC_SHA256);
    fields.push(("attach", "x"));
    assert_ne!(apiv2_key().hmac_sha256(&fields), HMAC_SHA256);
}

#[test]
fn a_key_of_another_length_says_what_is_wrong() {
    let message = |key: &str| -> String {
        let error: KeyError = ApiV2Key::new(key).unwrap_err();
        assert!(!key.is_empty() && !format!("{error} {error:?}").contains(key.trim()), "{error:?}");
        error.to_string()
    };
    assert_eq!(
        message("192006250b4c09247ec02edce69f6a2d\n"),
        "the APIv2 key: it has 33 bytes (the last is a line end), but an APIv2 key has exactly 32"
    );
    assert!(message("192006250b4c0924").contains("16 bytes"));
    assert!(message("密钥密钥密钥密钥密钥ab").contains("not ASCII"));
}

#[test]
fn debug_shows_no_key() {
    assert_eq!(format!("{:?}", apiv2_key()), "ApiV2Key([redacted])");
}
