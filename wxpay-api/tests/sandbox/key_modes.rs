//! Which key signs and decrypts before, during and after the switch to the public key (docs/protocol/keys.md §3.4).

use serde_json::json;
use wxpay_api::protocol::{Scheme, SignedHeaders};
use wxpay_api::sandbox::{KeyMode, Sandbox, SandboxNotification};

use crate::support::{Forgery, assert_refused, certificate, encrypted, order_with, start};

const SERIAL: &str = "Wechatpay-Serial";

async fn in_mode(mode: KeyMode) -> Sandbox {
    let sandbox = start().await;
    sandbox.set_key_mode(mode);
    sandbox
}

fn certificate_id(sandbox: &Sandbox) -> String {
    certificate(sandbox).ids().remove(0)
}

fn key_id(headers: &http::HeaderMap) -> String {
    SignedHeaders::read(Scheme::Rsa, headers).unwrap().key_id().to_owned()
}

/// The id of the key that signs the response to a request that names this key.
async fn signer(sandbox: &Sandbox, named: Option<&str>) -> String {
    let forgery = Forgery::get("/v3/orders/1");
    let forgery = match named {
        Some(id) => forgery.header(SERIAL, id),
        None => forgery.without(SERIAL),
    };
    let got = forgery.send(sandbox).await;
    assert_eq!(got.status, 200, "{}", got.text());
    key_id(&got.headers)
}

#[tokio::test]
async fn before_the_switch_certificates_sign_whatever_is_named() {
    let sandbox = in_mode(KeyMode::Certificates).await;
    let (public_key, certificate) = (sandbox.wechatpay_public_key().0, certificate_id(&sandbox));
    for named in [None, Some(public_key.as_str()), Some(certificate.as_str())] {
        assert_eq!(signer(&sandbox, named).await, certificate, "{named:?}");
    }
}

#[tokio::test]
async fn during_the_switch_the_named_key_signs_and_a_certificate_without_one() {
    let sandbox = in_mode(KeyMode::Migrating).await;
    let (public_key, certificate) = (sandbox.wechatpay_public_key().0, certificate_id(&sandbox));
    assert_eq!(signer(&sandbox, None).await, certificate);
    assert_eq!(signer(&sandbox, Some(&certificate)).await, certificate);
    assert_eq!(signer(&sandbox, Some(&public_key)).await, public_key);
}

#[tokio::test]
async fn after_the_switch_the_public_key_signs() {
    let sandbox = in_mode(KeyMode::PublicKey).await;
    let public_key = sandbox.wechatpay_public_key().0;
    assert_eq!(signer(&sandbox, None).await, public_key);
    assert_eq!(signer(&sandbox, Some(&public_key)).await, public_key);
    let serial = certificate_id(&sandbox);
    let got = Forgery::get("/v3/orders/1").header(SERIAL, &serial).send(&sandbox).await;
    assert_refused(&got, &[("header", SERIAL, "names no key")]);
}

#[tokio::test]
async fn only_encrypted_fields_need_the_header() {
    let sandbox = start().await;
    let plain = Forgery::post("/v3/orders", &order_with("attach", json!("plain")));
    assert_eq!(plain.without(SERIAL).send(&sandbox).await.status, 200);
    let secret = order_with("phone", json!(encrypted(&sandbox, "13912345678")));
    let encrypted = || Forgery::post("/v3/orders", &secret);
    assert_eq!(encrypted().send(&sandbox).await.status, 200);
    let got = encrypted().without(SERIAL).send(&sandbox).await;
    assert_refused(&got, &[("header", SERIAL, "is required")]);
    let empty = Forgery::post("/v3/orders", &order_with("phone", json!("")));
    assert_eq!(empty.without(SERIAL).send(&sandbox).await.status, 200, "empty texts stay plain");
}

#[tokio::test]
async fn before_the_switch_the_public_key_decrypts_nothing() {
    let sandbox = in_mode(KeyMode::Certificates).await;
    let secret = order_with("phone", json!(encrypted(&sandbox, "13912345678")));
    let got = Forgery::post("/v3/orders", &secret).send(&sandbox).await;
    assert_refused(&got, &[("header", SERIAL, "started the switch")]);
}

#[tokio::test]
async fn an_unknown_id_is_harmless_at_certificates_alone() {
    let sandbox = start().await;
    // Some SDKs name the merchant's own certificate.
    let own = sandbox.merchant().serial().to_string();
    for id in [own.as_str(), "PUB_KEY_ID_1", "nonsense"] {
        let list = Forgery::get("/v3/certificates").header(SERIAL, id).send(&sandbox).await;
        assert_eq!(list.status, 200, "{}", list.text());
        let order = Forgery::get("/v3/orders/1").header(SERIAL, id).send(&sandbox).await;
        assert_refused(&order, &[("header", SERIAL, "names no key")]);
    }
}

#[tokio::test]
async fn an_upload_with_encrypted_lines_needs_the_header() {
    use wxpay_api::protocol::digest::{sha256_hex, sm3_hex};

    let sandbox = start().await;
    let file = encrypted(&sandbox, "one").into_bytes();
    let meta = json!({
        "filename": "a.txt", "sha256": sha256_hex(&file), "digest": sm3_hex(&file), "algorithm": "SM3",
    });
    let meta = meta.to_string();
    let part = |disposition: &str, content: &[u8]| {
        let head = format!("--b\r\nContent-Disposition: form-data; {disposition}\r\n\r\n");
        [head.as_bytes(), content, b"\r\n"].concat()
    };
    let body = [
        part("name=\"meta\"", meta.as_bytes()),
        part("name=\"item_id\"", b"5"),
        part("name=\"picture\"; filename=\"a.txt\"", &file),
        b"--b--\r\n".to_vec(),
    ];
    let upload = || {
        Forgery::new("POST", "/v3/media/upload", body.concat())
            .signing_body(meta.as_bytes())
            .header("Content-Type", "multipart/form-data; boundary=b")
    };
    assert_eq!(upload().send(&sandbox).await.status, 200);
    let got = upload().without(SERIAL).send(&sandbox).await;
    assert_refused(&got, &[("header", SERIAL, "is required")]);
}

/// The ids of the keys that sign a number of notifications.
fn notification_signers(sandbox: &Sandbox, count: usize) -> Vec<String> {
    let sign = |_| {
        let notification = SandboxNotification::new("TRANSACTION.SUCCESS", json!({}));
        key_id(&sandbox.notification(notification).unwrap().0)
    };
    (0..count).map(sign).collect()
}

#[tokio::test]
async fn notifications_are_signed_by_the_key_of_the_mode() {
    let sandbox = start().await;
    let (public_key, certificate) = (sandbox.wechatpay_public_key().0, certificate_id(&sandbox));
    for (mode, expected) in [
        (KeyMode::Certificates, &certificate),
        (KeyMode::Migrating, &public_key),
        (KeyMode::PublicKey, &public_key),
    ] {
        sandbox.set_key_mode(mode);
        assert_eq!(notification_signers(&sandbox, 1), std::slice::from_ref(expected), "{mode:?}");
    }
}

#[tokio::test]
async fn during_the_switch_the_public_key_signs_a_share_of_notifications() {
    let sandbox = in_mode(KeyMode::Migrating).await;
    let public_key = sandbox.wechatpay_public_key().0;
    for (percent, count, expected) in [
        (0.0, 20, 0),
        (5.0, 40, 2),
        (10.0, 40, 4),
        (20.0, 40, 8),
        (50.0, 40, 20),
        (100.0, 40, 40),
        (0.1, 1000, 1),
        (f64::NAN, 20, 0),
        (-1.0, 20, 0),
        (1e300, 20, 20),
    ] {
        sandbox.set_public_key_share(percent);
        let signers = notification_signers(&sandbox, count);
        let found = signers.iter().filter(|id| **id == public_key).count();
        assert_eq!(found, expected, "{percent} %");
    }
}
