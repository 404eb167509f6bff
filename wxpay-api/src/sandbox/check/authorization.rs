//! Checks the `Authorization` header as WeChat Pay does (docs/protocol/signing.md §1).

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use http::{StatusCode, header};
use serde_json::json;

use crate::protocol::{Authorization, BRAND_PATHS, Scheme, Serial, message};
use crate::sandbox::keys::AccountState;
use crate::sandbox::refusal::Refusal;
use crate::sandbox::request::SandboxRequest;
use crate::sandbox::state::Shared;

/// How far a timestamp may be from the sandbox's clock, in seconds.
const TOLERANCE: u64 = 300;

/// Verifies the signature of a request. Returns the account that signed it, and the signed message.
pub(in crate::sandbox) fn verify(
    shared: &Shared,
    request: &SandboxRequest,
) -> Result<(Arc<AccountState>, Vec<u8>), Refusal> {
    let mut values = request.headers.get_all(header::AUTHORIZATION).iter();
    let header = values.next().and_then(|value| value.to_str().ok());
    let header = header.ok_or_else(|| refusal("the header Authorization is missing"))?;
    if values.next().is_some() {
        return Err(refusal("the header Authorization comes twice"));
    }
    let authorization =
        Authorization::parse(header).map_err(|error| refusal(&error.to_string()))?;
    let account = account(shared, request, &authorization)?;
    check_clock(authorization.timestamp())?;
    let message = check_signature(&account, request, &authorization)?;
    Ok((account, message))
}

/// Finds the account that the header names, and checks that the header fits it.
fn account(
    shared: &Shared,
    request: &SandboxRequest,
    authorization: &Authorization,
) -> Result<Arc<AccountState>, Refusal> {
    let account = shared.state().account(authorization.id());
    let account = account.ok_or_else(|| {
        shared.watchers.unknown_sender(request, authorization, false);
        let name = authorization.scheme().id_name();
        refusal(&format!("`{name}` has no account at this sandbox"))
    })?;
    let merchant = &account.merchant;
    if authorization.scheme() != merchant.scheme() {
        let message =
            format!("the scheme is not {}'s, which is {}", merchant.id(), merchant.scheme());
        return Err(refusal(&message));
    }
    if !merchant.scheme().may_call(request.path()) {
        let message = if merchant.scheme() == Scheme::Brand {
            format!("a brand may call only paths under {BRAND_PATHS}")
        } else {
            format!("only a brand may call paths under {BRAND_PATHS}")
        };
        return Err(refusal(&message));
    }
    if Serial::from_text(authorization.serial()).as_ref() != Some(merchant.serial()) {
        shared.watchers.unknown_sender(request, authorization, true);
        let message = format!(
            "`serial_no` is not the serial number of the merchant's certificate, {}",
            merchant.serial()
        );
        return Err(refusal(&message));
    }
    Ok(account)
}

fn check_clock(timestamp: &str) -> Result<(), Refusal> {
    let digits = !timestamp.is_empty() && timestamp.bytes().all(|byte| byte.is_ascii_digit());
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    match timestamp.parse::<u64>() {
        Ok(seconds) if digits && seconds.abs_diff(now) <= TOLERANCE => Ok(()),
        _ => Err(refusal(
            "the timestamp in Authorization may not differ from the request time by more than \
             5 minutes; it counts seconds",
        )),
    }
}

fn check_signature(
    account: &AccountState,
    request: &SandboxRequest,
    authorization: &Authorization,
) -> Result<Vec<u8>, Refusal> {
    let Some(body) = request.signed_body() else {
        return Err(malformed_upload(request));
    };
    let (method, target) = (request.method.as_str(), request.target.as_str());
    let message =
        message::request(method, target, authorization.timestamp(), authorization.nonce(), body);
    let key = account.identity.private_key().public_key();
    if key.verify(&message, authorization.signature()) {
        return Ok(message);
    }
    let mut refusal = refusal("the signature is not one of this request by the merchant's key");
    refusal.detail = Some(json!({
        "detail": { "issue": "sign not match" },
        "field": "signature",
        "location": "authorization",
        "sign_information": {
            "method": method,
            "url": target,
            "sign_message_length": message.len(),
            // Leave out the body: it may have a secret that was not encrypted.
            "truncated_sign_message": format!(
                "{method}\n{target}\n{}\n{}\n", authorization.timestamp(), authorization.nonce()
            ),
        },
    }));
    Err(refusal)
}

/// Refuses an upload without `meta`, whose signature cannot be verified.
fn malformed_upload(request: &SandboxRequest) -> Refusal {
    let issue = match &request.form {
        Some(Err(issue)) => *issue,
        _ => "must have one part `meta`",
    };
    Refusal::new(StatusCode::BAD_REQUEST, "PARAM_ERROR", format!("the multipart body {issue}"))
}

fn refusal(message: &str) -> Refusal {
    Refusal::new(StatusCode::UNAUTHORIZED, "SIGN_ERROR", message)
}
