//! Brands: another id in requests, another signature type in responses, and no certificates.

use std::fs;

use wxpay_api::Client;
use wxpay_api::protocol::issuing::{Identity, Issue, signed_headers};
use wxpay_api::protocol::{
    KeyItem, KeyProblem, Merchant, Scheme, VerificationError, WechatPayKeys, verify,
};

use crate::support::{NOW, PUBLIC_KEY_ID, at, keys, merchant_identity, nonce, platform, stranger};

const BRAND_ID: &str = "120344";

/// The subject of the brand's certificate is not documented.
fn identity() -> Identity {
    let key = merchant_identity().private_key().clone();
    Issue::new("1900000009", "某品牌").key(key).build().unwrap()
}

fn brand() -> Merchant {
    let identity = identity();
    let key = identity.private_key_pem().unwrap();
    Merchant::brand_from_pem(BRAND_ID, identity.certificate_pem(), key).unwrap()
}

fn public_key() -> WechatPayKeys {
    WechatPayKeys::new().with_public_key(PUBLIC_KEY_ID, platform().public_key_pem()).unwrap()
}

#[test]
fn requests_name_the_brand() {
    let brand = brand();
    let target = "/brand/card-member/cards/1";
    let authorization = brand.authorization("GET", target, NOW, nonce(), b"").unwrap();
    let start = "WECHATPAY-BRAND-SHA256-RSA2048 brand_id=\"120344\",nonce_str=\"";
    assert!(authorization.to_header().starts_with(start), "{authorization:?}");
    let key = merchant_identity().private_key().public_key();
    assert!(authorization.is_signed_by(key, "GET", target, b""));
}

#[test]
fn responses_name_the_brand_scheme() {
    let signed = |scheme| {
        let key = platform().private_key();
        signed_headers(scheme, key, PUBLIC_KEY_ID, NOW, &nonce(), b"{}").unwrap()
    };
    let check = |headers| verify(brand().scheme(), &public_key(), &headers, b"{}", at(NOW));
    check(signed(Scheme::Brand)).unwrap();
    let merchants = check(signed(Scheme::Rsa)).unwrap_err();
    assert!(matches!(merchants, VerificationError::SignatureType { .. }), "{merchants}");
    assert!(merchants.to_string().contains("WECHATPAY-BRAND-SHA256-RSA2048"), "{merchants}");
}

#[test]
fn all_three_ways_make_the_same_brand() {
    let identity = identity();
    let key = identity.private_key_pem().unwrap();
    let folder = std::env::temp_dir().join(format!("wxpay-api-brand-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let (certificate_file, key_file) = (folder.join("cert.pem"), folder.join("key.pem"));
    fs::write(&certificate_file, identity.certificate_pem()).unwrap();
    fs::write(&key_file, &key).unwrap();

    let from_files = Merchant::brand_from_files(BRAND_ID, &certificate_file, &key_file).unwrap();
    let serial = identity.certificate().serial().as_str();
    let from_private_key = Merchant::brand_from_private_key(BRAND_ID, serial, &key).unwrap();
    for merchant in [&brand(), &from_files, &from_private_key] {
        assert_eq!((merchant.scheme(), merchant.id()), (Scheme::Brand, BRAND_ID));
        assert_eq!(merchant.sign(b"message").unwrap(), brand().sign(b"message").unwrap());
    }
    let swapped = Merchant::brand_from_files(BRAND_ID, &key_file, &certificate_file).unwrap_err();
    assert_eq!(swapped.path(), Some(key_file.as_path()));
    fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn wrong_ids_keys_and_certificates() {
    let (identity, key) = (identity(), stranger().private_key_pem().unwrap());
    let own_key = identity.private_key_pem().unwrap();
    let brand = |id: &str, certificate, key| Merchant::brand_from_pem(id, certificate, key);
    for id in ["", "wxd678efh567hg6787", "120344\"", " 120344"] {
        let error = brand(id, identity.certificate_pem(), &own_key).unwrap_err();
        assert_eq!(error.item(), KeyItem::BrandId);
        assert!(error.to_string().contains("brand_id"), "{error}");
    }
    let error = brand(BRAND_ID, identity.certificate_pem(), &key).unwrap_err();
    assert!(matches!(error.problem(), KeyProblem::Mismatch { .. }), "{error}");
    let key = platform().private_key_pem().unwrap();
    let error = brand(BRAND_ID, platform().certificate_pem(), &key).unwrap_err();
    assert!(matches!(error.problem(), KeyProblem::PlatformCertificate { .. }), "{error}");
}

#[test]
fn certificates_of_wechat_pay_are_refused() {
    public_key().check_against(&brand()).unwrap();
    let certificate = WechatPayKeys::new().with_certificate(platform().certificate_pem()).unwrap();
    for keys in [certificate, keys()] {
        let error = keys.check_against(&brand()).unwrap_err();
        assert!(matches!(error.problem(), KeyProblem::BrandNeedsPublicKey), "{error}");
    }
    let client = Client::builder(brand()).platform_certificate(platform().certificate_pem());
    let error = client.build().unwrap_err();
    assert!(error.to_string().contains("give the WeChat Pay public key with its id"), "{error}");
}
