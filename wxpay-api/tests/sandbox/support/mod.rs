//! A sandbox with a book for these tests, and requests that no client would send.

mod forgery;
mod signer;

pub(crate) use forgery::{Forgery, Got};
pub(crate) use signer::{Signer, pkcs8};

use std::time::SystemTime;

use serde_json::{Value, json};
use wxpay_api::protocol::{WechatPayKeys, verify};
use wxpay_api::sandbox::{Account, Sandbox, SandboxBuilder};

pub(crate) const BOOK: &[u8] = include_bytes!("../book.json");

pub(crate) fn builder() -> SandboxBuilder {
    Sandbox::builder().examples().book(BOOK)
}

pub(crate) async fn start() -> Sandbox {
    builder().start().await.unwrap()
}

pub(crate) fn public_key(sandbox: &Account) -> WechatPayKeys {
    let (id, pem) = sandbox.wechatpay_public_key();
    WechatPayKeys::new().with_public_key(id, pem).unwrap()
}

pub(crate) fn certificate(sandbox: &Sandbox) -> WechatPayKeys {
    WechatPayKeys::new().with_certificate(sandbox.platform_certificate_pem()).unwrap()
}

/// Encrypts a text for the sandbox.
pub(crate) fn encrypted(sandbox: &Account, plain: &str) -> String {
    let keys = public_key(sandbox);
    keys.encryption_key(SystemTime::now()).unwrap().encrypt(plain.as_bytes()).unwrap()
}

pub(crate) fn assert_signed(account: &Account, got: &Got) {
    let (scheme, key) = (account.merchant().scheme(), public_key(account));
    verify(scheme, &key, &got.headers, &got.body, SystemTime::now()).unwrap();
}

/// The smallest order that is right.
pub(crate) fn order() -> Value {
    json!({ "appid": "wx123", "amount": { "total": 10 } })
}

/// The smallest order with one more member.
pub(crate) fn order_with(name: &str, value: Value) -> Value {
    let mut order = order();
    order[name] = value;
    order
}

/// Asserts that a request is refused for exactly these reasons: location, key path, part of the issue.
pub(crate) fn assert_refused(got: &Got, expected: &[(&str, &str, &str)]) {
    assert_eq!(got.status, 400, "{}", got.text());
    let body = got.json();
    assert_eq!(body["code"], "PARAM_ERROR");
    let found: Vec<_> = body["detail"].as_array().unwrap().iter().collect();
    assert_eq!(found.len(), expected.len(), "{body:#}");
    for (found, (location, field, issue)) in found.iter().zip(expected) {
        assert_eq!(
            (&found["location"], &found["field"]),
            (&json!(location), &json!(field)),
            "{body:#}"
        );
        assert!(found["issue"].as_str().unwrap().contains(issue), "{body:#}");
    }
}

/// Escapes a value for a URL.
pub(crate) fn percent_encode(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
}
