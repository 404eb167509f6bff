//! The list of platform certificates (docs/protocol/keys.md §3.2).

use http::StatusCode;
use serde_json::{Value, json};

use super::clock::rfc3339;
use super::customer::{Customer, Keys};
use super::echo::Echo;
use super::keyring::KeyMode;
use super::refusal::Refusal;
use crate::protocol::issuing::Identity;
use crate::protocol::{Nonce, Scheme, aead};

const PATHS: [&str; 3] = ["/v3/certificates", "/v3/global/certificates", "/hk/v3/certificates"];
/// What the nonce of AES-GCM has.
const NONCE_LENGTH: usize = 12;

pub(super) fn are_at(path: &str) -> bool {
    PATHS.contains(&path)
}

/// The body, each certificate encrypted with the APIv3 key.
pub(super) fn list(customer: &Customer, echo: &Echo) -> Result<Value, Refusal> {
    let keys = customer.keys();
    if keys.keyring.mode == KeyMode::PublicKeyOnly {
        return Err(Refusal::new(
            StatusCode::NOT_FOUND,
            "RESOURCE_NOT_EXISTS",
            "this merchant has no platform certificate; use the WeChat Pay public key",
        ));
    }
    let scheme = customer.merchant.scheme();
    let family = if scheme == Scheme::Sm2 { "SM2" } else { "RSA" };
    if echo.text("algorithm_type").is_some_and(|asked| asked != family && asked != "ALL") {
        return Ok(json!({ "data": [] }));
    }
    let items = keys.keyring.certificates().iter().map(|identity| item(identity, scheme, &keys));
    let items: Option<Vec<_>> = items.collect();
    let items = items.ok_or_else(|| Refusal::system("a certificate was not encrypted"))?;
    Ok(json!({ "data": items }))
}

fn item(identity: &Identity, scheme: Scheme, keys: &Keys) -> Option<Value> {
    let nonce = nonce()?;
    let pem = identity.certificate_pem().as_bytes();
    let resource = aead::encrypt(scheme, &keys.apiv3_key, &nonce, "certificate", pem).ok()?;
    let certificate = identity.certificate();
    Some(json!({
        "serial_no": certificate.serial().as_str(),
        "effective_time": rfc3339(certificate.not_before()),
        "expire_time": rfc3339(certificate.not_after()),
        "encrypt_certificate": {
            "algorithm": resource.algorithm,
            "nonce": resource.nonce,
            "associated_data": resource.associated_data,
            "ciphertext": resource.ciphertext,
        },
    }))
}

/// A nonce for AES-GCM, as text.
pub(super) fn nonce() -> Option<String> {
    Nonce::random().ok()?.as_str().get(..NONCE_LENGTH).map(str::to_owned)
}
