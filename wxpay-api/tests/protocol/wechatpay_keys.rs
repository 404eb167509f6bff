//! Which WeChat Pay key is found, and which one encrypts.

use wxpay_api::protocol::issuing::{Identity, Issue};
use wxpay_api::protocol::{
    KeyItem, KeyProblem, NoEncryptionKey, Scheme, SignedHeaders, WechatPayKeys,
};

use crate::support::{
    NOW, PUBLIC_KEY_ID, at, headers, keys, merchant, merchant_identity, platform, stranger, unhex,
};

/// A platform certificate. All have the same key, which saves the time of generating keys.
fn certificate(serial: &[u8], from: u64, to: u64) -> Identity {
    let key = platform().private_key().clone();
    Issue::platform().serial(serial).valid(at(from), at(to)).key(key).build().unwrap()
}

fn holding(identities: &[&Identity]) -> WechatPayKeys {
    identities.iter().fold(WechatPayKeys::new(), |keys, identity| {
        keys.with_certificate(identity.certificate_pem()).unwrap()
    })
}

#[test]
fn public_keys_are_found_by_their_exact_id() {
    let keys = keys();
    assert_eq!(keys.find(PUBLIC_KEY_ID), Some(platform().private_key().public_key()));
    for other in [
        &PUBLIC_KEY_ID.to_lowercase(),
        "PUB_KEY_ID_",
        "PUB_KEY_ID_0119000000012024101000292400001",
        "0119000000012024101000292400000",
        "",
        "微",
    ] {
        assert_eq!(keys.find(other), None, "{other}");
    }
}

#[test]
fn the_prefix_of_a_public_keys_id_has_no_case() {
    let keys = keys();
    // An id of a public key is never compared with serial numbers.
    assert!(keys.find("pub_key_id_0119").is_none());
    let signed = SignedHeaders::read(Scheme::Rsa, &headers("pub_key_id_0119", b"")).unwrap();
    assert!(signed.is_by_public_key());
}

#[test]
fn ids_of_public_keys_that_wechat_pay_would_not_know_are_refused() {
    let refused = |id: &str| {
        let keys = WechatPayKeys::new().with_public_key(id, platform().public_key_pem());
        let error = keys.unwrap_err();
        assert_eq!(error.item(), KeyItem::WechatPayPublicKeyId, "{error}");
        error
    };
    for id in
        ["pub_key_id_0119000001", "Pub_Key_Id_0119000001", "PUB_key_ID_0119000001", "0119000001"]
    {
        let error = refused(id);
        assert!(matches!(error.problem(), KeyProblem::PublicKeyIdSpelling { .. }), "{error}");
        assert!(error.to_string().contains("PUB_KEY_ID_0119000001; write it so"), "{error}");
    }
    for (id, found) in [
        ("pub_key.pem", "the name of a file"),
        ("/keys/PUB_KEY_ID_0119.pem", "the name of a file"),
        ("PUB_KEY_ID_0119.pem", "the name of a file"),
        ("5157F09EFDC096DE15EBE81A47057A7232F1B8E1", "the serial number of a certificate"),
        ("5157f09efdc096de15ebe81a47057a7232f1b8e1", "the serial number of a certificate"),
        ("PUB_KEY_ID", "it must be PUB_KEY_ID_"),
        ("PUB_KEY_ID_", "it must be PUB_KEY_ID_"),
        ("PUB_KEY_ID_…", "it must be PUB_KEY_ID_"),
        ("PUB_KEY_ID_KEY", "it must be PUB_KEY_ID_"),
        ("PUB_KEY_ID_01 19", "it must be PUB_KEY_ID_"),
    ] {
        let error = refused(id);
        assert!(error.to_string().contains(found), "{id}: {error}");
    }
    for id in
        ["PUB_KEY_ID_0119", " PUB_KEY_ID_0119\n", "\"PUB_KEY_ID_0119\"", "\u{feff}PUB_KEY_ID_0119"]
    {
        let keys = WechatPayKeys::new().with_public_key(id, platform().public_key_pem()).unwrap();
        assert_eq!(keys.ids(), ["PUB_KEY_ID_0119"]);
    }
}

#[test]
fn certificates_are_found_by_their_number() {
    let keys = holding(&[&certificate(&[0x0c, 0x4a, 0xef, 0x34], NOW, NOW + 9)]);
    for same in ["0C4AEF34", "C4AEF34", "0c4aef34", "0000C4AEF34"] {
        assert!(keys.find(same).is_some(), "{same}");
    }
    for other in ["C4AEF3", "C4AEF340", "0", "", PUBLIC_KEY_ID] {
        assert!(keys.find(other).is_none(), "{other}");
    }
}

#[test]
fn the_public_key_encrypts_before_any_certificate() {
    let keys = keys();
    assert_eq!(keys.encryption_key(at(NOW)).unwrap().id(), PUBLIC_KEY_ID);
    assert_eq!(keys.ids(), [PUBLIC_KEY_ID, platform().certificate().serial().as_str()]);
    let keys = keys.with_public_key("PUB_KEY_ID_02", stranger().public_key_pem()).unwrap();
    assert_eq!(keys.encryption_key(at(NOW)).unwrap().id(), PUBLIC_KEY_ID);
    assert!(keys.find("PUB_KEY_ID_02").is_some());
    assert_eq!(keys.without_certificates().ids(), [PUBLIC_KEY_ID, "PUB_KEY_ID_02"]);
}

#[test]
fn the_newest_valid_certificate_encrypts() {
    let old = certificate(&[0x41], NOW - 2000, NOW + 100);
    let new = certificate(&[0x42], NOW - 1000, NOW + 2000);
    let longest = certificate(&[0x43], NOW - 3000, NOW + 9000);
    let coming = certificate(&[0x44], NOW + 500, NOW + 9000);
    let keys = holding(&[&new, &old, &coming, &longest]);
    let encrypting = |time| keys.encryption_key(at(time)).unwrap().id().to_owned();
    assert_eq!(encrypting(NOW), "42");
    assert_eq!(encrypting(NOW - 1500), "41");
    assert_eq!(encrypting(NOW - 2500), "43");
    assert_eq!(encrypting(NOW + 600), "44");
}

#[test]
fn nothing_to_encrypt_with() {
    assert_eq!(
        WechatPayKeys::new().encryption_key(at(NOW)).unwrap_err(),
        NoEncryptionKey::NoneHeld
    );
    assert!(WechatPayKeys::new().is_empty() && !keys().is_empty());
    let expired = holding(&[&certificate(&[0x41], NOW - 2000, NOW - 100)]);
    let error = expired.encryption_key(at(NOW)).unwrap_err();
    assert_eq!(error, NoEncryptionKey::NoneValid { held: vec!["41".to_owned()] });
}

#[test]
fn the_merchants_own_certificate_is_refused() {
    let error =
        WechatPayKeys::new().with_certificate(merchant_identity().certificate_pem()).unwrap_err();
    assert_eq!(error.item(), KeyItem::PlatformCertificate);
    assert!(matches!(error.problem(), KeyProblem::MerchantCertificate { .. }), "{error}");

    let serial = merchant_identity().certificate().serial().as_str();
    let same_serial = holding(&[&certificate(&unhex(serial), NOW, NOW + 9)]);
    let same_key = WechatPayKeys::new()
        .with_public_key(PUBLIC_KEY_ID, merchant_identity().public_key_pem())
        .unwrap();
    for (keys, item) in
        [(same_serial, KeyItem::PlatformCertificate), (same_key, KeyItem::WechatPayPublicKey)]
    {
        let error = keys.check_against(&merchant()).unwrap_err();
        assert_eq!(error.item(), item);
        assert!(matches!(error.problem(), KeyProblem::OwnKey { .. }), "{error}");
    }
    keys().check_against(&merchant()).unwrap();
}

#[test]
fn wrong_ids_and_wrong_files() {
    let key = platform().public_key_pem();
    for id in ["", "PUB_KEY_ID_", "0C4AEF34", "PUB_KEY_ID_1 2", "PUB_KEY_ID_中"] {
        let error = WechatPayKeys::new().with_public_key(id, &key).unwrap_err();
        assert_eq!(error.item(), KeyItem::WechatPayPublicKeyId, "{error}");
    }
    let error = WechatPayKeys::new()
        .with_public_key(PUBLIC_KEY_ID, platform().certificate_pem())
        .unwrap_err();
    assert_eq!(error.item(), KeyItem::WechatPayPublicKey);
    assert!(error.to_string().contains("needed is pub_key.pem"), "{error}");
    let error = WechatPayKeys::new().with_certificate_file("no/such/file.pem").unwrap_err();
    assert!(error.to_string().contains("platform certificate in no/such/file.pem"), "{error}");
    let error =
        WechatPayKeys::new().with_public_key_file(PUBLIC_KEY_ID, "no/such/key.pem").unwrap_err();
    assert!(error.to_string().contains("public key in no/such/key.pem"), "{error}");
}

#[test]
fn the_same_key_twice_is_one_and_another_under_its_id_is_refused() {
    let keys = keys();
    let again = keys.clone().with_public_key(PUBLIC_KEY_ID, platform().public_key_pem()).unwrap();
    let again = again.with_certificate(platform().certificate_pem()).unwrap();
    assert_eq!(again.ids(), keys.ids());
    let error =
        keys.clone().with_public_key(PUBLIC_KEY_ID, stranger().public_key_pem()).unwrap_err();
    assert!(matches!(error.problem(), KeyProblem::Duplicate { .. }), "{error}");
    let other = |key: &Identity| {
        Issue::platform().serial([0x41]).key(key.private_key().clone()).build().unwrap()
    };
    let keys = holding(&[&other(platform())]);
    let error = keys.with_certificate(other(stranger()).certificate_pem()).unwrap_err();
    assert!(matches!(error.problem(), KeyProblem::Duplicate { .. }), "{error}");
}
