//! `ENTRUST.TERMINATE_RETENTION`, a question whose answer is in the acknowledgement
//! (docs/protocol/notifications.md §8.3).

use std::time::Duration;

use serde_json::Value;

pub(super) const EVENT: &str = "ENTRUST.TERMINATE_RETENTION";
pub(super) const PATIENCE: Duration = Duration::from_secs(1);

/// What is wrong with the answer.
pub(super) fn problem(body: &[u8]) -> Option<String> {
    let Ok(answer) = serde_json::from_slice::<Value>(body) else {
        return Some("the body is not JSON".to_owned());
    };
    let members = ["/code", "/message", "/retention_type"];
    // A user may be kept by other means than a coupon.
    let coupon =
        answer.get("coupon_info").map(|_| ["/coupon_info/state", "/coupon_info/coupon_id"]);
    let mut members = members.into_iter().chain(coupon.into_iter().flatten());
    let missing = members.find(|member| !answer.pointer(member).is_some_and(Value::is_string))?;
    Some(format!("the body has no text `{}`", missing.trim_start_matches('/').replace('/', ".")))
}
