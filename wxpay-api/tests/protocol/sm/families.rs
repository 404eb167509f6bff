//! A merchant and its WeChat Pay keys are of one family.

use wxpay_api::Client;
use wxpay_api::protocol::{KeyError, KeyItem, KeyProblem, Merchant, Scheme, WechatPayKeys};

use super::{CERTIFICATE, PRIVATE_KEY, keys, merchant, platform};
use crate::support::{MCHID, PUBLIC_KEY_ID};

fn is_other_family(error: &KeyError) -> bool {
    matches!(error.problem(), KeyProblem::OtherFamily { .. })
}

#[test]
fn the_key_decides_about_the_scheme() {
    assert_eq!(merchant().scheme(), Scheme::Sm2);
    let serial = merchant().serial().to_string();
    let without_certificate = Merchant::from_private_key(MCHID, &serial, PRIVATE_KEY).unwrap();
    assert_eq!(without_certificate.scheme(), Scheme::Sm2);
}

#[test]
fn keys_of_the_other_family_are_refused() {
    keys().check_against(&merchant()).unwrap();
    let rsa = crate::support::platform();
    let set = WechatPayKeys::new;
    let public_key = |pem: String| set().with_public_key(PUBLIC_KEY_ID, pem).unwrap();
    let certificate = |pem: &str| set().with_certificate(pem).unwrap();
    let sm2 = (merchant(), public_key(rsa.public_key_pem()), certificate(rsa.certificate_pem()));
    let rsa = (
        crate::support::merchant(),
        public_key(platform().public_key_pem()),
        certificate(platform().certificate_pem()),
    );
    for (merchant, public_key, certificate) in [sm2, rsa] {
        let error = public_key.check_against(&merchant).unwrap_err();
        assert_eq!(error.item(), KeyItem::WechatPayPublicKey);
        assert!(is_other_family(&error), "{error}");
        let error = certificate.check_against(&merchant).unwrap_err();
        assert_eq!(error.item(), KeyItem::PlatformCertificate);
        assert!(error.to_string().contains(merchant.scheme().name()), "{error}");
    }
}

#[test]
fn a_client_of_both_families_is_not_built() {
    let client = |pem| Client::builder(merchant()).wechatpay_public_key(PUBLIC_KEY_ID, pem);
    let error = client(crate::support::platform().public_key_pem()).build().unwrap_err();
    let expected = "its key is an RSA key, but the scheme WECHATPAY2-SM2-WITH-SM3 has an SM2 key";
    assert!(error.to_string().contains(expected), "{error}");
    client(platform().public_key_pem()).build().unwrap();
}

#[test]
fn brands_are_rsa() {
    let error = Merchant::brand_from_pem("120344", CERTIFICATE, PRIVATE_KEY).unwrap_err();
    assert_eq!(error.item(), KeyItem::MerchantPrivateKey);
    assert!(is_other_family(&error), "{error}");
}
