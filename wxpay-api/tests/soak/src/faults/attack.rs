//! What happens to one exchange between client and sandbox, chosen by the seed, the call and the attempt.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::time::Duration;

use fastrand::Rng;
use wxpay_api::sandbox::{Fault, SignatureFault, SignedHeader};

/// What the proxy does to an exchange.
#[derive(Clone, Debug)]
pub(crate) enum Attack {
    /// Nothing.
    Pass,
    /// A fault of WeChat Pay, or of its gateways.
    Fault(Fault),
    /// Changes a byte of the request's body, so that WeChat Pay refuses its signature.
    SpoilRequest,
    /// Closes the connection before WeChat Pay gets the request.
    Withhold,
    /// Closes the connection after WeChat Pay executed the request.
    Swallow,
    /// Sends this share of the response, in per cent, then closes the connection.
    Truncate(usize),
    /// Sends the response slowly, or late.
    Slow {
        piece: usize,
        pause: Duration,
    },
    Late(Duration),
    /// Sends the request twice, and returns the second response if `second`.
    Duplicate {
        second: bool,
    },
    /// Replaces things in the response.
    Forge(Forgery),
    /// Sends an earlier response in place of this one. WeChat Pay gets the request unless it is `withheld`.
    Replay {
        withheld: bool,
        oldest: bool,
    },
}

/// What an attacker who can break TLS changes in a response. He has no key of WeChat Pay.
#[derive(Clone, Debug)]
pub(crate) enum Forgery {
    /// Another response's body below this one's headers.
    Body,
    /// Another response's signature headers above this one's body.
    Signature,
    /// Another byte somewhere in the body.
    ByteOfBody,
    /// Another byte in the signature.
    ByteOfSignature,
    /// Another status. WeChat Pay does not sign it.
    Status(u16),
    /// No header of these kinds.
    Strip(&'static [&'static str]),
    /// An error that nobody signed, with a status and a code that WeChat Pay has.
    Refusal(u16, &'static str),
    /// The page of a gateway.
    Page(u16),
    /// A success without a signature.
    Success,
}

const SIGNED: &[&str] =
    &["wechatpay-timestamp", "wechatpay-nonce", "wechatpay-signature", "wechatpay-serial"];

/// The statuses that an attacker writes.
const STATUSES: [u16; 10] = [200, 202, 204, 302, 400, 401, 404, 429, 500, 502];

const REFUSALS: [(u16, &str); 6] = [
    (400, "PARAM_ERROR"),
    (400, "INVALID_REQUEST"),
    (401, "SIGN_ERROR"),
    (403, "NOT_ENOUGH"),
    (404, "ORDER_NOT_EXIST"),
    (429, "RATELIMIT_EXCEEDED"),
];

/// Chooses what happens to an attempt of a call. `replaces` tells whether the attacker changes contents, too.
pub(crate) fn choose(seed: u64, call: &str, attempt: usize, replaces: bool) -> Attack {
    let mut hasher = DefaultHasher::new();
    (seed, call, attempt).hash(&mut hasher);
    let rng = &mut Rng::with_seed(hasher.finish());
    match rng.u8(..100) {
        0..45 => Attack::Pass,
        45..65 => Attack::Fault(fault(rng)),
        65..80 => connection(rng),
        _ if !replaces => Attack::Pass,
        80..94 => Attack::Forge(forgery(rng)),
        _ => Attack::Replay { withheld: rng.bool(), oldest: rng.bool() },
    }
}

fn connection(rng: &mut Rng) -> Attack {
    match rng.u8(..7) {
        0 => Attack::Withhold,
        6 => Attack::SpoilRequest,
        1 => Attack::Swallow,
        2 => Attack::Truncate(rng.usize(..100)),
        3 => Attack::Slow { piece: rng.usize(16..256), pause: Duration::from_millis(2) },
        // Now and then longer than a call waits.
        4 if rng.u8(..20) == 0 => Attack::Late(Duration::from_millis(2500)),
        4 => Attack::Late(Duration::from_millis(rng.u64(..100))),
        _ => Attack::Duplicate { second: rng.bool() },
    }
}

fn forgery(rng: &mut Rng) -> Forgery {
    let strip: [&'static [&'static str]; 5] = [
        SIGNED,
        &["wechatpay-signature"],
        &["wechatpay-serial"],
        &["request-id"],
        &["content-type"],
    ];
    let refusal = rng.choice(REFUSALS).unwrap_or((400, "PARAM_ERROR"));
    match rng.u8(..9) {
        0 => Forgery::Body,
        1 => Forgery::Signature,
        2 => Forgery::ByteOfBody,
        3 => Forgery::ByteOfSignature,
        4 => Forgery::Status(rng.choice(STATUSES).unwrap_or(200)),
        5 => Forgery::Strip(rng.choice(strip).unwrap_or(SIGNED)),
        6 => Forgery::Refusal(refusal.0, refusal.1),
        7 => Forgery::Page(rng.choice(STATUSES).unwrap_or(502)),
        _ => Forgery::Success,
    }
}

/// Chooses any fault that the sandbox has.
fn fault(rng: &mut Rng) -> Fault {
    let millis = Duration::from_millis;
    let fault = match rng.u8(..14) {
        0..4 => Fault::Signature(signature(rng)),
        4 => Fault::Html { status: rng.choice(STATUSES).unwrap_or(502), signed: rng.bool() },
        5 => Fault::Garbage { length: rng.usize(..200) },
        6 => Fault::InvalidUtf8,
        7 => Fault::TruncatedBody,
        8 => Fault::Drip { piece: rng.usize(8..64), pause: millis(1) },
        9 => Fault::Redirect { location: "https://example.com/".to_owned() },
        10 => Fault::Delay(millis(rng.u64(..80))),
        11 => unavailable(rng),
        12 => rng
            .choice([Fault::CloseBeforeReading, Fault::CloseAfterReading])
            .unwrap_or(Fault::InvalidUtf8),
        _ => rng
            .choice([Fault::ResetBeforeReading, Fault::ResetAfterReading])
            .unwrap_or(Fault::InvalidUtf8),
    };
    if rng.u8(..5) == 0 { fault.unexecuted() } else { fault }
}

fn unavailable(rng: &mut Rng) -> Fault {
    let status = rng.choice([400, 403, 429, 429, 500, 502, 503]).unwrap_or(500);
    let retry_after = (rng.u8(..30) == 0).then_some(1);
    Fault::Unavailable { status, retry_after }
}

fn signature(rng: &mut Rng) -> SignatureFault {
    let headers = [
        SignedHeader::Timestamp,
        SignedHeader::Nonce,
        SignedHeader::Signature,
        SignedHeader::Serial,
        SignedHeader::SignatureType,
    ];
    match rng.u8(..8) {
        0 => SignatureFault::Probe,
        1 => SignatureFault::OtherBody,
        2 => SignatureFault::Without(rng.choice(headers).unwrap_or(SignedHeader::Nonce)),
        3 => SignatureFault::UnknownSerial,
        4 => SignatureFault::OtherKey,
        // Up to 300 seconds are accepted.
        5 => SignatureFault::Clock(rng.choice([-400, -200, 200, 400]).unwrap_or(400)),
        6 => SignatureFault::NonceLength(rng.usize(1..64)),
        _ => SignatureFault::SignatureType("WECHATPAY2-SM2-WITH-SM3"),
    }
}

#[cfg(test)]
mod tests {
    use super::{Attack, choose};

    #[test]
    fn the_same_seed_makes_the_same_choices() {
        let all = |seed| -> Vec<_> {
            (0..200).map(|attempt| format!("{:?}", choose(seed, "1-2-3", attempt, true))).collect()
        };
        assert_eq!(all(1), all(1));
        assert_ne!(all(1), all(2));
    }

    #[test]
    fn contents_are_replaced_only_where_allowed() {
        let replaced = |allowed| {
            let choices = (0..500).map(|attempt| choose(1, "1-2-3", attempt, allowed));
            choices.filter(|it| matches!(it, Attack::Forge(_) | Attack::Replay { .. })).count()
        };
        assert_eq!(replaced(false), 0);
        assert!(replaced(true) > 50);
    }
}
