//! The check of the `Authorization` header, as WeChat Pay makes it (docs/protocol/signing.md §1).

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use http::{StatusCode, header};
use serde_json::json;

use super::customer::Customer;
use super::refusal::Refusal;
use super::request::Request;
use super::state::Shared;
use crate::protocol::{Authorization, Scheme, Serial, message};

/// Five minutes.
const TOLERANCE: u64 = 300;

/// See docs/protocol/signing.md §1.7.
const BRAND_PATHS: &str = "/brand/";

/// Whose request it is, and the message whose signature was verified.
pub(super) fn verify(
    shared: &Shared,
    request: &Request,
) -> Result<(Arc<Customer>, Vec<u8>), Refusal> {
    let mut values = request.headers.get_all(header::AUTHORIZATION).iter();
    let header = values.next().and_then(|value| value.to_str().ok());
    let header = header.ok_or_else(|| refusal("the header Authorization is missing"))?;
    if values.next().is_some() {
        return Err(refusal("the header Authorization comes twice"));
    }
    let authorization =
        Authorization::parse(header).map_err(|error| refusal(&error.to_string()))?;
    let customer = customer(shared, request, &authorization)?;
    check_clock(authorization.timestamp())?;
    let message = check_signature(&customer, request, &authorization)?;
    Ok((customer, message))
}

fn customer(
    shared: &Shared,
    request: &Request,
    authorization: &Authorization,
) -> Result<Arc<Customer>, Refusal> {
    let customer = shared.state().customer(authorization.id()).ok_or_else(|| {
        let name = authorization.scheme().id_name();
        refusal(&format!("`{name}` has no account at this sandbox"))
    })?;
    let merchant = &customer.merchant;
    if authorization.scheme() != merchant.scheme() {
        let message = format!("the scheme is not {}'s, {}", merchant.id(), merchant.scheme());
        return Err(refusal(&message));
    }
    if merchant.scheme() == Scheme::Brand && !request.path().starts_with(BRAND_PATHS) {
        let message = format!("a brand calls what is under {BRAND_PATHS}, and nothing else");
        return Err(refusal(&message));
    }
    if Serial::from_text(authorization.serial()).as_ref() != Some(merchant.serial()) {
        let message = format!(
            "`serial_no` is not the serial number of the merchant's certificate, {}",
            merchant.serial()
        );
        return Err(refusal(&message));
    }
    Ok(customer)
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
    customer: &Customer,
    request: &Request,
    authorization: &Authorization,
) -> Result<Vec<u8>, Refusal> {
    let Some(body) = request.signed_body() else {
        return Err(malformed_upload(request));
    };
    let (method, target) = (request.method.as_str(), request.target.as_str());
    let message =
        message::request(method, target, authorization.timestamp(), authorization.nonce(), body);
    let key = customer.identity.private_key().public_key();
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
            // Ends before the body, which might hold a secret that was not encrypted.
            "truncated_sign_message": format!(
                "{method}\n{target}\n{}\n{}\n", authorization.timestamp(), authorization.nonce()
            ),
        },
    }));
    Err(refusal)
}

/// Without `meta` there is nothing that the signature could be compared with.
fn malformed_upload(request: &Request) -> Refusal {
    let issue = match &request.form {
        Some(Err(issue)) => *issue,
        _ => "must have the part `meta`, and have it first",
    };
    Refusal::new(StatusCode::BAD_REQUEST, "PARAM_ERROR", format!("the multipart body {issue}"))
}

fn refusal(message: &str) -> Refusal {
    Refusal::new(StatusCode::UNAUTHORIZED, "SIGN_ERROR", message)
}
