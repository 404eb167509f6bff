//! Why a header, an account or a timestamp was refused.

use std::sync::Arc;

use num_bigint::BigUint;

use super::SignatureDiagnosis;
use super::verdict::SignatureVerdict as Verdict;
use crate::protocol::excerpt::excerpt;
use crate::protocol::{Authorization, AuthorizationError, Serial};
use crate::sandbox::keys::AccountState;
use crate::sandbox::state::Shared;

/// The most serial numbers that are named.
const NAMED: usize = 10;
/// The names of the pairs.
const PAIRS: usize = 5;

/// Diagnoses a request without exactly one header that is text.
pub(in crate::sandbox::check) fn not_one(count: usize) -> SignatureDiagnosis {
    match count {
        0 => SignatureDiagnosis::of(
            Verdict::AuthorizationMissing,
            "The request has no Authorization.",
        ),
        1 => SignatureDiagnosis::of(
            Verdict::AuthorizationNotOne,
            "The Authorization has other characters than visible ASCII.",
        ),
        count => {
            let detail = format!("The request has the header Authorization {count} times.");
            SignatureDiagnosis::of(Verdict::AuthorizationNotOne, &detail)
        }
    }
}

/// Diagnoses a header that cannot be read.
pub(in crate::sandbox::check) fn malformed(
    header: &str,
    error: &AuthorizationError,
) -> SignatureDiagnosis {
    let verdict = match error {
        AuthorizationError::Scheme { .. } => Verdict::UnknownScheme,
        _ => Verdict::AuthorizationMalformed,
    };
    let detail = match error {
        AuthorizationError::Scheme { found } => format!("The scheme is `{found}`."),
        AuthorizationError::Missing { name } => format!("The pair `{name}` is missing."),
        AuthorizationError::Duplicate { name } => {
            format!("The pair `{}` comes twice.", excerpt(name))
        }
        AuthorizationError::Unknown { name } if is_spaced(name) => {
            format!("There is a space before the pair `{}`.", name.trim())
        }
        // The text may have a value in it.
        AuthorizationError::Unknown { name } if name.contains(|it| !is_in_name(it)) => {
            malformed_part(header)
        }
        AuthorizationError::Unknown { name } => format!("No pair is called `{name}`."),
        AuthorizationError::Malformed => malformed_part(header),
    };
    SignatureDiagnosis::of(verdict, &detail)
}

/// Names the pair that cannot be read. It shows no value: the signature may be used again for some minutes.
fn malformed_part(header: &str) -> String {
    let mut rest = header.split_once(' ').map_or("", |(_, pairs)| pairs);
    if rest.is_empty() {
        return "Nothing follows the scheme.".to_owned();
    }
    let mut before = "the scheme".to_owned();
    for _ in 0..=PAIRS {
        let name: String = rest.chars().take_while(|it| is_in_name(*it)).collect();
        let after = rest.get(name.len()..).unwrap_or_default();
        let Some(value) = after.strip_prefix("=\"") else {
            return match name.is_empty() {
                true => format!("After {before} comes no name of a pair."),
                false => format!("The pair `{}` has no `=\"` after its name.", excerpt(&name)),
            };
        };
        let name = excerpt(&name);
        let Some((_, after)) = value.split_once('"') else {
            return format!("The value of `{name}` has no quotation mark at its end.");
        };
        let Some(next) = after.strip_prefix(',') else {
            return format!("After the value of `{name}` comes no comma.");
        };
        before = format!("the pair `{name}` and its comma");
        rest = next;
    }
    "There are more than five pairs.".to_owned()
}

fn is_in_name(character: char) -> bool {
    character.is_ascii_alphanumeric() || character == '_'
}

/// Returns whether a text is a name with a space before it.
fn is_spaced(text: &str) -> bool {
    text.starts_with(' ') && text.trim_start().chars().all(is_in_name)
}

/// Diagnoses a merchant number or brand id without an account.
pub(in crate::sandbox::check) fn unknown_merchant(
    shared: &Shared,
    authorization: &Authorization,
) -> SignatureDiagnosis {
    let (name, id) = (authorization.scheme().id_name(), excerpt(authorization.id()));
    let serial = Serial::from_text(authorization.serial());
    let all = accounts(shared);
    let owner = all.iter().find(|account| serial.as_ref() == Some(account.merchant.serial()));
    let owner = match owner {
        Some(owner) => format!(" The serial number is that of {}.", owner.id()),
        None => String::new(),
    };
    let known: Vec<_> = all.iter().take(NAMED).map(|it| format!("`{}`", it.id())).collect();
    let known = known.join(", ");
    let detail = format!("`{name}` is `{id}`, and this sandbox knows {known}.{owner}");
    SignatureDiagnosis::of(Verdict::UnknownMerchant, &detail)
}

/// Diagnoses a scheme or a path that is not the account's.
pub(in crate::sandbox::check) fn not_the_accounts(
    verdict: Verdict,
    message: &str,
) -> SignatureDiagnosis {
    let mut letters = message.chars();
    let first = letters.next().map(|letter| letter.to_uppercase().to_string()).unwrap_or_default();
    SignatureDiagnosis::of(verdict, &format!("{first}{}.", letters.as_str()))
}

/// Diagnoses a serial number that is not that of the account's certificate.
pub(in crate::sandbox::check) fn other_serial(
    shared: &Shared,
    account: &AccountState,
    authorization: &Authorization,
) -> SignatureDiagnosis {
    let (text, own) = (authorization.serial(), account.merchant.serial());
    let is = |what: &str| format!("`serial_no` is `{}`, {what}", excerpt(text));
    let certificate = format!("the certificate of {} has {own}.", account.id());
    if account.keys().keyring.has(text) {
        let detail = is(&format!("a key of WeChat Pay; {certificate}"));
        return SignatureDiagnosis::of(Verdict::SerialOfWechatPay, &detail);
    }
    let serial = Serial::from_text(text);
    let all = accounts(shared);
    if let Some(owner) = all.iter().find(|it| serial.as_ref() == Some(it.merchant.serial())) {
        let detail = is(&format!("that of {}; {certificate}", owner.id()));
        return SignatureDiagnosis::of(Verdict::SerialOfOtherAccount, &detail);
    }
    if hexadecimal(text).as_ref() == Some(own) {
        let detail = is(&format!("the right number in decimal digits; {certificate}"));
        return SignatureDiagnosis::of(Verdict::SerialInDecimal, &detail);
    }
    let known = all.iter().take(NAMED).map(|it| format!("{} of {}", it.merchant.serial(), it.id()));
    let known = known.collect::<Vec<_>>().join(", ");
    let detail = is(&format!("which no account has; known are {known}."));
    SignatureDiagnosis::of(Verdict::UnknownSerial, &detail)
}

/// Reads decimal digits.
fn hexadecimal(text: &str) -> Option<Serial> {
    const LONGEST: usize = 64;
    let is_decimal = text.len() <= LONGEST && text.bytes().all(|byte| byte.is_ascii_digit());
    let number = BigUint::parse_bytes(text.as_bytes(), 10).filter(|_| is_decimal)?;
    Serial::from_text(&number.to_str_radix(16))
}

/// Diagnoses a timestamp that is no number of seconds, or too far away. `now` is in seconds.
pub(in crate::sandbox::check) fn clock(timestamp: &str, now: u64) -> SignatureDiagnosis {
    const MILLISECONDS: u64 = 1000;
    const DAY: u64 = 86_400;
    let shown = excerpt(timestamp);
    let is_whole = timestamp.bytes().all(|byte| byte.is_ascii_digit());
    let Some(seconds) = timestamp.parse::<u64>().ok().filter(|_| is_whole) else {
        let detail = format!("`timestamp` is `{shown}`.");
        return SignatureDiagnosis::of(Verdict::TimestampNotSeconds, &detail);
    };
    if (seconds / MILLISECONDS).abs_diff(now) <= DAY {
        let detail = format!("`timestamp` is {shown}, and it is {now} now.");
        return SignatureDiagnosis::of(Verdict::TimestampInMilliseconds, &detail);
    }
    let difference = seconds.abs_diff(now);
    let direction = if seconds < now { "behind" } else { "ahead of" };
    let detail = format!(
        "`timestamp` is {shown}, {difference} seconds {direction} the sandbox's clock, which shows {now}. 300 seconds are \
         allowed."
    );
    SignatureDiagnosis::of(Verdict::ClockDiffers, &detail)
}

/// Returns all accounts.
pub(super) fn accounts(shared: &Shared) -> Vec<Arc<AccountState>> {
    let state = shared.state();
    state.account_ids().iter().filter_map(|id| state.account(id)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pair_that_cannot_be_read_is_named() {
        let scheme = "WECHATPAY2-SHA256-RSA2048";
        let cases = [
            ("", "Nothing follows the scheme."),
            (" mchid=1", "The pair `mchid` has no `=\"` after its name."),
            (" mchid='1',nonce_str=\"2\"", "The pair `mchid` has no `=\"` after its name."),
            (" mchid=\"1", "The value of `mchid` has no quotation mark at its end."),
            (" mchid=\"1\" nonce_str=\"2\"", "After the value of `mchid` comes no comma."),
            (
                " mchid=\"1\", =\"2\"",
                "After the pair `mchid` and its comma comes no name of a pair.",
            ),
            (" mchid=\"1\",", "After the pair `mchid` and its comma comes no name of a pair."),
            ("  mchid=\"1\"", "After the scheme comes no name of a pair."),
        ];
        for (pairs, expected) in cases {
            let header = format!("{scheme}{pairs}");
            let error = Authorization::parse(&header).unwrap_err();
            let diagnosis = malformed(&header, &error);
            if error == AuthorizationError::Malformed {
                assert!(diagnosis.explanation.starts_with(expected), "{header}: {diagnosis:?}");
            }
            assert_eq!(diagnosis.verdict, Verdict::AuthorizationMalformed, "{header}");
        }
    }

    #[test]
    fn a_clock_differs_by_seconds() {
        let now = 1_764_000_000;
        for (timestamp, verdict, part) in [
            ("1763999600", Verdict::ClockDiffers, "400 seconds behind"),
            ("1764000400", Verdict::ClockDiffers, "400 seconds ahead of"),
            ("1764000000123", Verdict::TimestampInMilliseconds, "and it is 1764000000 now"),
            ("+1764000000", Verdict::TimestampNotSeconds, "`+1764000000`"),
            ("1764000000.5", Verdict::TimestampNotSeconds, ""),
            ("", Verdict::TimestampNotSeconds, "``"),
            ("99999999999999999999999", Verdict::TimestampNotSeconds, ""),
        ] {
            let diagnosis = clock(timestamp, now);
            assert_eq!(diagnosis.verdict, verdict, "{timestamp}");
            assert!(diagnosis.explanation.contains(part), "{diagnosis:?}");
        }
    }
}
