//! Checks the `Authorization` header as WeChat Pay does (docs/protocol/signing.md §1).

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use http::{StatusCode, header};
use serde_json::json;

use super::diagnosis::verdict::SignatureVerdict;
use super::diagnosis::{self, SignatureDiagnosis};
use crate::protocol::{Authorization, BRAND_PATHS, Scheme, Serial, message};
use crate::sandbox::keys::AccountState;
use crate::sandbox::refusal::Refusal;
use crate::sandbox::request::SandboxRequest;
use crate::sandbox::state::Shared;

/// How far a timestamp may be from the sandbox's clock, in seconds.
const TOLERANCE: u64 = 300;

/// Why the sender of a request is unknown.
pub(in crate::sandbox) struct RefusedSender {
    pub(in crate::sandbox) refusal: Refusal,
    /// What the sender did wrong; `None` for an upload whose signature cannot be verified.
    pub(in crate::sandbox) diagnosis: Option<Box<SignatureDiagnosis>>,
}

/// Verifies the signature of a request. Returns the account that signed it, and the signed message.
pub(in crate::sandbox) fn verify(
    shared: &Shared,
    request: &SandboxRequest,
) -> Result<(Arc<AccountState>, Vec<u8>), RefusedSender> {
    let values: Vec<_> = request.headers.get_all(header::AUTHORIZATION).iter().collect();
    let header = values.first().and_then(|value| value.to_str().ok());
    let Some(header) = header else {
        let diagnosis = diagnosis::header::not_one(values.len());
        return Err(refused("the header Authorization is missing", diagnosis));
    };
    if values.len() > 1 {
        let diagnosis = diagnosis::header::not_one(values.len());
        return Err(refused("the header Authorization comes twice", diagnosis));
    }
    let authorization = Authorization::parse(header).map_err(|error| {
        refused(&error.to_string(), diagnosis::header::malformed(header, &error))
    })?;
    let account = account(shared, request, &authorization)?;
    check_clock(authorization.timestamp())?;
    let message = check_signature(shared, &account, request, &authorization)?;
    Ok((account, message))
}

/// Finds the account that the header names, and checks that the header fits it.
fn account(
    shared: &Shared,
    request: &SandboxRequest,
    authorization: &Authorization,
) -> Result<Arc<AccountState>, RefusedSender> {
    let account = shared.state().account(authorization.id());
    let account = account.ok_or_else(|| {
        shared.watchers.unknown_sender(request, authorization, false);
        let name = authorization.scheme().id_name();
        let message = format!("`{name}` has no account at this sandbox");
        refused(&message, diagnosis::header::unknown_merchant(shared, authorization))
    })?;
    let merchant = &account.merchant;
    let not_the_accounts = |verdict, message: &str| {
        refused(message, diagnosis::header::not_the_accounts(verdict, message))
    };
    if authorization.scheme() != merchant.scheme() {
        let message =
            format!("the scheme is not {}'s, which is {}", merchant.id(), merchant.scheme());
        return Err(not_the_accounts(SignatureVerdict::OtherScheme, &message));
    }
    if !merchant.scheme().may_call(request.path()) {
        let message = if merchant.scheme() == Scheme::Brand {
            format!("a brand may call only paths under {BRAND_PATHS}")
        } else {
            format!("only a brand may call paths under {BRAND_PATHS}")
        };
        return Err(not_the_accounts(SignatureVerdict::OtherPath, &message));
    }
    if Serial::from_text(authorization.serial()).as_ref() != Some(merchant.serial()) {
        shared.watchers.unknown_sender(request, authorization, true);
        let message = format!(
            "`serial_no` is not the serial number of the merchant's certificate, {}",
            merchant.serial()
        );
        let diagnosis = diagnosis::header::other_serial(shared, &account, authorization);
        return Err(refused(&message, diagnosis));
    }
    Ok(account)
}

fn check_clock(timestamp: &str) -> Result<(), RefusedSender> {
    let digits = !timestamp.is_empty() && timestamp.bytes().all(|byte| byte.is_ascii_digit());
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    match timestamp.parse::<u64>() {
        Ok(seconds) if digits && seconds.abs_diff(now) <= TOLERANCE => Ok(()),
        _ => Err(refused(
            "the timestamp in Authorization may not differ from the request time by more than \
             5 minutes; it counts seconds",
            diagnosis::header::clock(timestamp, now),
        )),
    }
}

fn check_signature(
    shared: &Shared,
    account: &AccountState,
    request: &SandboxRequest,
    authorization: &Authorization,
) -> Result<Vec<u8>, RefusedSender> {
    let Some(body) = request.signed_body() else {
        return Err(RefusedSender { refusal: malformed_upload(request), diagnosis: None });
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
    let diagnosis = diagnosis::diagnose(shared, account, request, authorization, body);
    Err(RefusedSender { refusal, diagnosis: Some(Box::new(diagnosis)) })
}

fn refused(message: &str, diagnosis: SignatureDiagnosis) -> RefusedSender {
    RefusedSender { refusal: refusal(message), diagnosis: Some(Box::new(diagnosis)) }
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
