//! A key that is not held: the meaning depends on the signer and on the held keys
//! (docs/protocol/keys.md §3.4).

use wxpay_api::protocol::{
    Scheme, UnknownKeySituation, VerificationError, WechatPayKeys, notification, verify,
};

use crate::support::{NOW, PUBLIC_KEY_ID, apiv3_key, at, headers, platform};

const OTHER_ID: &str = "PUB_KEY_ID_0119000000012024101000292400009";
const OTHER_SERIAL: &str = "5157F09EFDC096DE15EBE81A47057A7232F1B8E1";

fn public_key() -> WechatPayKeys {
    WechatPayKeys::new().with_public_key(PUBLIC_KEY_ID, platform().public_key_pem()).unwrap()
}

fn certificate() -> WechatPayKeys {
    WechatPayKeys::new().with_certificate(platform().certificate_pem()).unwrap()
}

fn both() -> WechatPayKeys {
    public_key().with_certificate(platform().certificate_pem()).unwrap()
}

/// The signer, the held keys, the situation, and the advice in the text.
fn cases() -> Vec<(&'static str, WechatPayKeys, UnknownKeySituation, &'static str)> {
    use UnknownKeySituation as Situation;
    vec![
        (OTHER_SERIAL, public_key(), Situation::SwitchNotStarted, "start the switch"),
        (
            OTHER_ID,
            certificate(),
            Situation::PublicKeyMissing,
            "downloading certificates cannot help",
        ),
        (OTHER_ID, public_key(), Situation::OtherPublicKey, "its id is mistyped"),
        (OTHER_ID, both(), Situation::OtherPublicKey, "its id is mistyped"),
        (OTHER_SERIAL, certificate(), Situation::OtherCertificate, "download them anew"),
        (OTHER_SERIAL, both(), Situation::OtherCertificate, "download them anew"),
        (OTHER_SERIAL, WechatPayKeys::new(), Situation::NoneHeld, "no WeChat Pay key is held"),
        (OTHER_ID, WechatPayKeys::new(), Situation::NoneHeld, "no WeChat Pay key is held"),
        ("what", both(), Situation::NotAnId, "WeChat Pay did not write it"),
    ]
}

#[test]
fn every_situation_of_a_key_that_is_not_held_has_its_own_text() {
    let body = b"{}";
    for (id, keys, situation, advice) in cases() {
        let error = verify(Scheme::Rsa, &keys, &headers(id, body), body, at(NOW)).unwrap_err();
        assert_eq!(error.situation(), Some(situation), "{error}");
        assert!(error.to_string().contains(advice) && error.to_string().contains(id), "{error}");
        let others = cases();
        let others = others.iter().filter(|case| case.2 != situation);
        for (_, _, _, other) in others {
            assert!(!error.to_string().contains(other), "{error}");
        }
    }
    let error = VerificationError::MissingHeader { name: "Wechatpay-Serial" };
    assert_eq!(error.situation(), None);
}

#[test]
fn notifications_distinguish_the_same_situations() {
    let body = b"{}";
    for (id, keys, situation, advice) in cases() {
        let headers = headers(id, body);
        let decrypted =
            notification::decrypt(Scheme::Rsa, &keys, &apiv3_key(), &headers, body, at(NOW));
        let error = decrypted.unwrap_err();
        assert_eq!(error.situation(), Some(situation), "{error}");
        assert!(error.to_string().contains(advice), "{error}");
    }
}
