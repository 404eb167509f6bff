//! Neither `Debug` nor an error shows a secret.

use wxpay_api::protocol::{PrivateKey, Scheme, Secret, SecretBytes, notification};

use crate::support::{
    APIV3_KEY, NOW, PUBLIC_KEY_ID, apiv3_key, at, headers, keys, merchant, merchant_identity,
    nonce, platform,
};

#[test]
fn debug_shows_no_secret() {
    let shown = format!("{:?} {:#?}", apiv3_key(), apiv3_key());
    assert!(!shown.contains(APIV3_KEY), "{shown}");

    let shown = format!("{:?} {:?}", Secret::from("张三"), SecretBytes::from(*b"bytes"));
    assert_eq!(shown, "Secret([redacted]) SecretBytes([redacted])");
    let encrypted = platform().private_key().public_key().encrypt(b"name").unwrap();
    assert_eq!(format!("{:?}", Secret::encrypted(encrypted)), "Secret([encrypted: NotTried])");

    assert_eq!(format!("{:?}", merchant_identity().private_key()), "PrivateKey([redacted])");
    let pem = merchant_identity().private_key_pem().unwrap();
    let line = pem.lines().nth(3).unwrap();
    for shown in
        [format!("{:?}", merchant()), format!("{:?}", merchant_identity()), format!("{:?}", keys())]
    {
        assert!(!shown.contains(line), "{shown}");
    }

    let authorization =
        merchant().authorization("GET", "/v3/certificates", NOW, nonce(), b"").unwrap();
    let shown = format!("{authorization:?}");
    assert!(!shown.contains(authorization.signature()) && shown.contains("[redacted]"), "{shown}");
}

#[test]
fn debug_of_a_notification_shows_no_resource() {
    let resource = wxpay_api::protocol::aead::encrypt(
        Scheme::Rsa,
        &apiv3_key(),
        "61f9c719728a",
        "",
        b"{\"openid\":\"o-secret\"}",
    )
    .unwrap();
    let body = serde_json::json!({ "resource": {
        "algorithm": resource.algorithm, "nonce": resource.nonce, "ciphertext": resource.ciphertext,
    }});
    let body = body.to_string().into_bytes();
    let headers = headers(PUBLIC_KEY_ID, &body);
    let decrypted =
        notification::decrypt(Scheme::Rsa, &keys(), &apiv3_key(), &headers, &body, at(NOW))
            .unwrap();
    let shown = format!("{decrypted:?}");
    assert!(!shown.contains("o-secret") && shown.contains("[redacted, 21 bytes]"), "{shown}");
}

#[test]
fn errors_about_keys_show_no_key() {
    let pem = merchant_identity().private_key_pem().unwrap();
    let secret = pem.lines().nth(3).unwrap();
    let broken_begin = pem.replacen("PRIVATE KEY-----", "PRIVATE KEY", 1);
    let broken_end = pem.replace("-----END PRIVATE", "-----END PRIVAT");
    let twice = format!("{pem}{pem}");
    let not_base64 = pem.replace(secret, &format!("*{secret}"));
    for text in [broken_begin, broken_end, twice, not_base64] {
        let error = PrivateKey::from_pem(text).unwrap_err();
        assert!(!format!("{error} {error:?}").contains(&secret[..16]), "{error:?}");
    }
}
