//! The keys of an account over HTTP. No private key and no APIv3 key is ever shown.

use std::time::SystemTime;

use serde_json::{Value, json};

use super::accounts::failed;
use super::call::{ControlCall, ControlError, ControlResponse, ControlResult, unknown_value};
use crate::sandbox::account::{Account, CERTIFICATE_LIFETIME};
use crate::sandbox::decide::content::rfc3339;
use crate::sandbox::keys::keyring::KeyMode;

const MODES: [&str; 3] = ["certificates", "migrating", "public-key"];

/// Shows the public halves of the keys.
pub(super) fn show(call: &ControlCall) -> ControlResult {
    view(&account(call)?)
}

/// Sets the state of the migration to the public key.
pub(super) fn set_mode(call: &ControlCall) -> ControlResult {
    let account = account(call)?;
    let members = call.members(&["mode", "public_key_share"])?;
    let mode = match members.required_text("mode")? {
        "certificates" => KeyMode::Certificates,
        "migrating" => KeyMode::Migrating,
        "public-key" => KeyMode::PublicKey,
        other => return Err(unknown_value("mode", other, &MODES)),
    };
    account.set_key_mode(mode);
    if let Some(percent) = members.value("public_key_share") {
        let percent = percent.as_f64().filter(|percent| (0.0..=100.0).contains(percent));
        let problem = || ControlError::invalid("`public_key_share` must be a percentage, 0 to 100");
        account.set_public_key_share(percent.ok_or_else(problem)?);
    }
    view(&account)
}

/// Sets the APIv3 key that the sandbox encrypts with.
pub(super) fn reset_apiv3_key(call: &ControlCall) -> ControlResult {
    let account = account(call)?;
    let members = call.members(&["key"])?;
    account.reset_apiv3_key(members.required_text("key")?).map_err(failed)?;
    Ok(ControlResponse::done())
}

/// Rotates the platform certificate: lists the new one at once, and signs by it after a pause.
pub(super) fn rotate(call: &ControlCall) -> ControlResult {
    let account = account(call)?;
    let pause = call.members(&["pause"])?.duration("pause")?;
    let pause = pause.unwrap_or(Account::ROTATION_PAUSE);
    let serial = account.rotate_platform_certificate(pause).map_err(failed)?;
    Ok(ControlResponse::created(&json!({ "serial": serial })))
}

/// Issues a platform certificate, which does not sign yet.
pub(super) fn issue(call: &ControlCall) -> ControlResult {
    let account = account(call)?;
    let members = call.members(&["valid_after", "valid_for"])?;
    let after = members.duration("valid_after")?.unwrap_or_default();
    let lifetime = members.duration("valid_for")?.unwrap_or(CERTIFICATE_LIFETIME);
    let from = SystemTime::now().checked_add(after);
    let to = from.and_then(|from| from.checked_add(lifetime));
    let (Some(from), Some(to)) = (from, to) else {
        return Err(ControlError::invalid("the times are too far in the future"));
    };
    let serial = account.issue_platform_certificate(from, to).map_err(failed)?;
    Ok(ControlResponse::created(&json!({ "serial": serial })))
}

/// Withdraws a platform certificate.
pub(super) fn withdraw(call: &ControlCall) -> ControlResult {
    account(call)?.withdraw_platform_certificate(call.path_value("serial")).map_err(failed)?;
    Ok(ControlResponse::done())
}

/// Lets a platform certificate sign.
pub(super) fn sign_by(call: &ControlCall) -> ControlResult {
    let account = account(call)?;
    let members = call.members(&["serial"])?;
    account.sign_by_certificate(members.required_text("serial")?).map_err(failed)?;
    view(&account)
}

fn account(call: &ControlCall) -> Result<Account, ControlError> {
    call.account(Some(call.path_value("account")))
}

fn view(account: &Account) -> ControlResult {
    let (public_key_id, public_key) = account.wechatpay_public_key();
    let keys = account.state.keys();
    let keyring = &keys.keyring;
    let mode = match keyring.mode {
        KeyMode::Certificates => "certificates",
        KeyMode::Migrating => "migrating",
        KeyMode::PublicKey => "public-key",
    };
    let signing = keyring.signing_certificate().map(|it| it.certificate().serial().clone());
    let certificates = keyring.certificates().iter().map(|identity| {
        let certificate = identity.certificate();
        json!({
            "serial": certificate.serial().to_string(),
            "valid_from": rfc3339(certificate.not_before()),
            "valid_to": rfc3339(certificate.not_after()),
            "signs": Some(certificate.serial()) == signing.as_ref(),
            "pem": identity.certificate_pem(),
        })
    });
    let certificates: Vec<Value> = certificates.collect();
    Ok(ControlResponse::json(&json!({
        "mode": mode,
        "public_key": { "id": public_key_id, "pem": public_key },
        "certificates": certificates,
    })))
}
