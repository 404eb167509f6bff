//! The list of platform certificates (docs/protocol/keys.md §3.2).

use http::StatusCode;
use serde_json::{Value, json};

use super::content::rfc3339;
use crate::protocol::Scheme;
use crate::protocol::issuing::Identity;
use crate::sandbox::check::RequestValues;
use crate::sandbox::error::SandboxError;
use crate::sandbox::keys::keyring::KeyMode;
use crate::sandbox::keys::{AccountKeys, AccountState};
use crate::sandbox::refusal::Refusal;

/// Makes the body of the list. Each certificate is encrypted with the APIv3 key.
pub(super) fn list(account: &AccountState, values: &RequestValues) -> Result<Value, Refusal> {
    let keys = account.keys();
    if keys.keyring.mode == KeyMode::PublicKey {
        return Err(Refusal::new(
            StatusCode::NOT_FOUND,
            "RESOURCE_NOT_EXISTS",
            "this merchant has no platform certificate; use the WeChat Pay public key",
        ));
    }
    let scheme = account.merchant.scheme();
    let family = if scheme == Scheme::Sm2 { "SM2" } else { "RSA" };
    if values.text("algorithm_type").is_some_and(|asked| asked != family && asked != "ALL") {
        return Ok(json!({ "data": [] }));
    }
    let items = keys.keyring.certificates().iter().map(|identity| item(identity, scheme, &keys));
    let items: Result<Vec<_>, _> = items.collect();
    let items = items.map_err(|_| Refusal::system("a certificate was not encrypted"))?;
    Ok(json!({ "data": items }))
}

fn item(identity: &Identity, scheme: Scheme, keys: &AccountKeys) -> Result<Value, SandboxError> {
    let pem = identity.certificate_pem().as_bytes();
    let resource = keys.encrypt(scheme, "certificate", pem)?;
    let certificate = identity.certificate();
    Ok(json!({
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
