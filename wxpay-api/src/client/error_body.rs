//! Errors under a 2xx status: WeChat Pay took the request and says that something is in its way, such
//! as 202 with `USER_PAYING` (docs/protocol/verification.md §2.6).

use super::conclusion::{Conclusion, Origin, Response, is_documented};
use super::error::Failure;
use super::route::{Route, Trust};
use super::{ApiError, RawResponse};
use crate::protocol::lossy_json;
use crate::wire::{Json, TopMembers};

/// The members of an error body.
const MEMBERS: [&str; 3] = ["code", "message", "detail"];

/// Finds an error in a verified 2xx response: `code` and `message` are there, and nothing of the type
/// that was expected.
pub(super) fn find(
    route: &Route,
    received: &RawResponse,
    members: impl FnOnce(&[u8]) -> TopMembers,
) -> Option<Failure> {
    if route.trust != Trust::Signature || !mentions_code(&received.body) {
        return None;
    }
    let body = lossy_json::read(&received.body).ok()?.json;
    let error = ApiError::read(received);
    if error.code.is_empty() || !body.get("message").is_some_and(Json::is_string) {
        return None;
    }
    let members = members(&received.body);
    // A response may have a `code` of its own; then only a code that is known to be an error's is one.
    if members.own || (members.code && !is_documented(&error.code)) {
        return None;
    }
    let conclusion = Conclusion::on(Response {
        status: error.status,
        code: &error.code,
        origin: Origin::Signed,
        idempotency: route.idempotency,
        errors: route.errors,
    });
    Some(Failure::api(error, conclusion))
}

/// What is known of a body without a type: whatever an error does not have is its own.
pub(super) fn members_without_a_type(body: &[u8]) -> TopMembers {
    let is_own = |name: &String| !MEMBERS.contains(&name.as_str());
    let body = lossy_json::read(body).map(|body| body.json).unwrap_or_default();
    let own = body.as_object().is_none_or(|body| body.keys().any(is_own));
    TopMembers { own, code: true }
}

/// Spares most responses a second reading.
fn mentions_code(body: &[u8]) -> bool {
    const CODE: &[u8] = b"\"code\"";
    body.windows(CODE.len()).any(|window| window == CODE)
}
