//! Explains an error to the person who has to correct it, and compares the clock with WeChat Pay's.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http::HeaderMap;

use crate::client::core::Core;
use crate::client::self_test::report::Checks;
use crate::client::{ApiError, Error, ErrorKind};
use crate::protocol::VerificationError;

/// Explains what is wrong, and what to do.
pub(crate) fn explain(error: &Error, core: &Core) -> String {
    match error.kind() {
        ErrorKind::Connect(cause) => format!(
            "WeChat Pay cannot be reached ({cause}): check the network, the firewall (allow WeChat Pay's hosts by \
             name, their addresses change) and HTTPS_PROXY"
        ),
        ErrorKind::Api(refusal) => refused(refusal, error, core),
        ErrorKind::Verification(why) => unverified(why),
        ErrorKind::Certificates(why) => why.to_string(),
        _ => error.to_string(),
    }
}

fn refused(refusal: &ApiError, error: &Error, core: &Core) -> String {
    let merchant = core.merchant();
    let (id_name, id, serial) = (merchant.scheme().id_name(), merchant.id(), merchant.serial());
    let mut text = match (refusal.status, refusal.code.as_str()) {
        (401, _) => format!(
            "WeChat Pay does not accept the signature: {id_name} {id} and the certificate {serial} must belong \
             together, be in force on the merchant platform, and the private key must be that certificate's"
        ),
        (403, _) => format!("{id_name} {id} is known, but may not call this"),
        (_, "SYSTEM_ERROR") => format!(
            "WeChat Pay says that it is busy; where that stays so, {id_name} {id} and the certificate {serial} may not \
             belong together"
        ),
        (_, "PARAM_ERROR") => {
            "WeChat Pay cannot decrypt what was encrypted for it: is the WeChat Pay public key the \
             one that its id names, is it this merchant's, and has the merchant started the switch \
             to it (开启公钥切换)?"
                .to_owned()
        }
        _ => "WeChat Pay refuses the request".to_owned(),
    };
    if let Some(seconds) = error
        .received()
        .and_then(|received| skew(&received.headers, SystemTime::now()))
        .filter(|seconds| seconds.unsigned_abs() >= REFUSED_SKEW)
    {
        text += &format!(
            "; first of all set this machine's clock, it is {} s off",
            seconds.unsigned_abs()
        );
    }
    format!("{text} ({refusal})")
}

fn unverified(why: &VerificationError) -> String {
    match why {
        VerificationError::UnknownKey { download: Some(failure), .. } => {
            format!("{why}: {failure}")
        }
        VerificationError::Signature { key_id } => format!(
            "the response names the key {key_id}, and the key configured under that id did not sign it: the id and the \
             file do not belong together, or a proxy changes responses"
        ),
        VerificationError::MissingHeader { name } => format!(
            "the response has no {name}: a proxy in between strips headers, or responds in WeChat Pay's place"
        ),
        other => other.to_string(),
    }
}

/// The skew of the clock, in seconds, from which the report warns.
const NOTEWORTHY_SKEW: u64 = 30;

/// The skew, in seconds, from which both sides refuse everything (docs/protocol/signing.md §1.4,
/// docs/protocol/verification.md §2.3).
pub(crate) const REFUSED_SKEW: u64 = 300;

/// Compares the clocks by the headers of a response, if there was one.
pub(crate) fn check_clock(checks: &mut Checks, headers: Option<&HeaderMap>) {
    let Some(seconds) = headers.and_then(|headers| skew(headers, SystemTime::now())) else {
        checks.skipped("clock", "no response has a time");
        return;
    };
    let off = seconds.unsigned_abs();
    let direction = if seconds > 0 { "ahead of" } else { "behind" };
    let advice = format!(
        "this machine's clock is {off} s {direction} WeChat Pay's, and from {REFUSED_SKEW} s on every request is refused: \
         synchronise it (NTP)"
    );
    match off {
        REFUSED_SKEW.. => checks.failed("clock", advice),
        off if off > NOTEWORTHY_SKEW => checks.warned("clock", advice),
        _ => checks.passed("clock", format!("{seconds} s from WeChat Pay's")),
    };
}

/// How many seconds this machine's clock is ahead of the other side's.
pub(crate) fn skew(headers: &HeaderMap, now: SystemTime) -> Option<i64> {
    let timestamp = headers.get("Wechatpay-Timestamp").and_then(|value| value.to_str().ok());
    let theirs = match timestamp.and_then(|text| text.parse().ok()) {
        Some(seconds) => UNIX_EPOCH.checked_add(Duration::from_secs(seconds))?,
        None => {
            let date = headers.get(http::header::DATE)?.to_str().ok()?;
            httpdate::parse_http_date(date).ok()?
        }
    };
    match now.duration_since(theirs) {
        Ok(ahead) => i64::try_from(ahead.as_secs()).ok(),
        Err(behind) => i64::try_from(behind.duration().as_secs()).ok().map(|seconds| -seconds),
    }
}
