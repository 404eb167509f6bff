//! The download of platform certificates.

use serde_json::{Value, json};
use wxpay_api::protocol::{
    ApiV3Key, PlatformCertificateError, Scheme, WechatPayKeys, aead, platform_certificates, verify,
};

use crate::support::{NOW, apiv3_key, at, headers, merchant_identity, platform};

fn item(serial_no: &str, plaintext: &str) -> Value {
    let resource = aead::encrypt(
        Scheme::Rsa,
        &apiv3_key(),
        "61f9c719728a",
        "certificate",
        plaintext.as_bytes(),
    )
    .unwrap();
    json!({
        "serial_no": serial_no,
        "effective_time": "2018-06-08T10:34:56+08:00",
        "expire_time": "2028-06-08T10:34:56+08:00",
        "encrypt_certificate": {
            "algorithm": resource.algorithm,
            "nonce": resource.nonce,
            "associated_data": resource.associated_data,
            "ciphertext": resource.ciphertext,
        },
    })
}

fn platform_item() -> Value {
    item(platform().certificate().serial().as_str(), platform().certificate_pem())
}

fn decrypt(data: &Value) -> Result<Vec<String>, PlatformCertificateError> {
    let certificates = platform_certificates::decrypt(
        Scheme::Rsa,
        json!({ "data": data }).to_string().as_bytes(),
        &apiv3_key(),
    )?;
    Ok(certificates.iter().map(|certificate| certificate.serial().to_string()).collect())
}

#[test]
fn the_response_is_verified_with_the_certificates_inside_it() {
    let body = json!({ "data": [platform_item()] }).to_string().into_bytes();
    let keys = platform_certificates::decrypt(Scheme::Rsa, &body, &apiv3_key())
        .unwrap()
        .into_iter()
        .try_fold(WechatPayKeys::new(), WechatPayKeys::with_parsed_certificate)
        .unwrap();
    let headers = headers(platform().certificate().serial().as_str(), &body);
    verify(Scheme::Rsa, &keys, &headers, &body, at(NOW)).unwrap();
}

#[test]
fn serials_are_compared_as_numbers_and_line_ends_do_not_matter() {
    let serial = platform().certificate().serial().as_str();
    let item =
        item(&format!("00{}", serial.to_lowercase()), platform().certificate_pem().trim_end());
    assert_eq!(decrypt(&json!([item])).unwrap(), [serial]);
}

#[test]
fn certificates_of_the_other_family_are_left_out() {
    let mut sm = platform_item();
    sm["encrypt_certificate"]["algorithm"] = json!("AEAD_SM4_GCM");
    assert_eq!(decrypt(&json!([sm, platform_item()])).unwrap().len(), 1);
    assert!(matches!(decrypt(&json!([sm])), Err(PlatformCertificateError::None)));
    assert!(matches!(decrypt(&json!([])), Err(PlatformCertificateError::None)));
}

#[test]
fn a_serial_that_is_not_the_certificates() {
    let error = decrypt(&json!([item("0C4AEF34", platform().certificate_pem())])).unwrap_err();
    assert!(matches!(error, PlatformCertificateError::Serial { .. }), "{error}");
    assert!(error.to_string().contains(platform().certificate().serial().as_str()), "{error}");
}

#[test]
fn what_is_not_a_certificate() {
    let error = decrypt(&json!([item("0C4AEF34", &platform().public_key_pem())])).unwrap_err();
    assert!(error.to_string().contains("it is a public key"), "{error}");
    let other = ApiV3Key::new("vutsrqponmlkjihgfedcba9876543210").unwrap();
    let body = json!({ "data": [platform_item()] }).to_string();
    let error = platform_certificates::decrypt(Scheme::Rsa, body.as_bytes(), &other).unwrap_err();
    assert!(matches!(error, PlatformCertificateError::Decrypt { .. }), "{error}");
    // A merchant's certificate decrypts like any other, and is refused when it is to become WeChat Pay's.
    let own = item(
        merchant_identity().certificate().serial().as_str(),
        merchant_identity().certificate_pem(),
    );
    let body = json!({ "data": [own] }).to_string();
    let certificate = platform_certificates::decrypt(Scheme::Rsa, body.as_bytes(), &apiv3_key())
        .unwrap()
        .remove(0);
    WechatPayKeys::new().with_parsed_certificate(certificate).unwrap_err();
}

#[test]
fn responses_that_are_no_certificate_lists() {
    for (body, path) in [
        ("", "`data`"),
        ("{\"code\":\"RESOURCE_NOT_EXISTS\"}", "`data`"),
        ("{\"data\":[{}]}", "`serial_no`"),
        ("{\"data\":[{\"serial_no\":\"AB\"}]}", "`encrypt_certificate`"),
        (
            "{\"data\":[{\"serial_no\":\"AB\",\"encrypt_certificate\":{}}]}",
            "`encrypt_certificate.algorithm`",
        ),
    ] {
        let error =
            platform_certificates::decrypt(Scheme::Rsa, body.as_bytes(), &apiv3_key()).unwrap_err();
        assert!(error.to_string().contains(path), "{body}: {error}");
    }
}
