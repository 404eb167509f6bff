//! Merchants: certificate, key and number must belong together.

use std::fs;

use wxpay_api::protocol::issuing::Issue;
use wxpay_api::protocol::{KeyItem, KeyProblem, Merchant, Scheme};

use crate::support::{MCHID, merchant, merchant_identity, platform, stranger};

#[test]
fn all_three_ways_make_the_same_merchant() {
    let identity = merchant_identity();
    let key = identity.private_key_pem().unwrap();
    let folder = std::env::temp_dir().join(format!("wxpay-api-merchant-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let (certificate_file, key_file) =
        (folder.join("apiclient_cert.pem"), folder.join("apiclient_key.pem"));
    fs::write(&certificate_file, identity.certificate_pem()).unwrap();
    fs::write(&key_file, &key).unwrap();

    let from_pem = merchant();
    let from_files = Merchant::from_files(MCHID, &certificate_file, &key_file).unwrap();
    let serial = identity.certificate().serial().as_str().to_lowercase();
    let from_private_key = Merchant::from_private_key(MCHID, &serial, &key).unwrap();
    for merchant in [&from_pem, &from_files, &from_private_key] {
        assert_eq!((merchant.scheme(), merchant.id()), (Scheme::Rsa, MCHID));
        assert_eq!(merchant.serial().as_str(), identity.certificate().serial().as_str());
        assert_eq!(merchant.sign(b"message").unwrap(), from_pem.sign(b"message").unwrap());
    }
    assert!(from_files.certificate().is_some() && from_private_key.certificate().is_none());

    let swapped = Merchant::from_files(MCHID, &key_file, &certificate_file).unwrap_err();
    assert_eq!(swapped.item(), KeyItem::MerchantCertificate);
    assert_eq!(swapped.path(), Some(key_file.as_path()));
    assert!(swapped.to_string().contains("needed is apiclient_cert.pem"), "{swapped}");
    let missing =
        Merchant::from_files(MCHID, &certificate_file, folder.join("none.pem")).unwrap_err();
    assert_eq!(missing.item(), KeyItem::MerchantPrivateKey);
    assert!(missing.to_string().contains("none.pem"), "{missing}");
    fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn a_key_in_place_of_its_file_is_not_shown() {
    let key = merchant_identity().private_key_pem().unwrap();
    let base64: String = key.lines().filter(|line| !line.starts_with('-')).collect();
    // The first 200 characters are as long as an SM2 key, which is DER in Base64, too.
    let folder = tempfile::tempdir().unwrap();
    let certificate = folder.path().join("apiclient_cert.pem");
    fs::write(&certificate, merchant_identity().certificate_pem()).unwrap();
    for text in [key.to_string(), base64[..200].to_owned()] {
        let error = Merchant::from_files(MCHID, &certificate, &text).unwrap_err();
        let shown = format!("{error} {error:?}");
        assert!(matches!(error.problem(), KeyProblem::NotAPath), "{shown}");
        assert!(!shown.contains(&text[40..80]), "{shown}");
    }
}

#[test]
fn a_key_of_another_certificate() {
    let key = stranger().private_key_pem().unwrap();
    let error = Merchant::from_pem(MCHID, merchant_identity().certificate_pem(), key).unwrap_err();
    assert_eq!(error.item(), KeyItem::MerchantPrivateKey);
    assert!(matches!(error.problem(), KeyProblem::Mismatch { .. }), "{error}");
    assert!(
        error.to_string().contains(merchant_identity().certificate().serial().as_str()),
        "{error}"
    );
}

#[test]
fn a_certificate_of_another_merchant() {
    let key = stranger().private_key_pem().unwrap();
    let error = Merchant::from_pem(MCHID, stranger().certificate_pem(), key).unwrap_err();
    assert!(matches!(error.problem(), KeyProblem::OtherMerchant { .. }), "{error}");
    assert!(error.to_string().contains("the merchant 1900000002, not to 1900000001"), "{error}");
}

#[test]
fn a_platform_certificate_as_the_merchants() {
    let key = platform().private_key_pem().unwrap();
    let error = Merchant::from_pem(MCHID, platform().certificate_pem(), key).unwrap_err();
    assert_eq!(error.item(), KeyItem::MerchantCertificate);
    assert!(matches!(error.problem(), KeyProblem::PlatformCertificate { .. }), "{error}");
}

#[test]
fn a_subject_that_is_not_a_number_says_nothing_about_the_merchant() {
    let key = merchant_identity().private_key().clone();
    let identity = Issue::new("Some Company Ltd.", "Some Company").key(key).build().unwrap();
    let key = identity.private_key_pem().unwrap();
    Merchant::from_pem(MCHID, identity.certificate_pem(), key).unwrap();
}

#[test]
fn numbers_and_serials_in_the_wrong_form() {
    let key = merchant_identity().private_key_pem().unwrap();
    for mchid in ["", "wxd678efh567hg6787", "1900000001 "] {
        let error = Merchant::from_private_key(mchid, "AB", &key).unwrap_err();
        assert_eq!(error.item(), KeyItem::Mchid, "{error}");
    }
    let error = Merchant::from_private_key(MCHID, "PUB_KEY_ID_0119", &key).unwrap_err();
    assert_eq!(error.item(), KeyItem::MerchantSerial, "{error}");
    assert!(error.to_string().contains("openssl x509 -noout -serial"), "{error}");
}
