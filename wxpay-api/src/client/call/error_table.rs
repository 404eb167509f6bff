//! The one table of what an error response means: the outcome, the advice, and whether to retry (docs/protocol/verification.md §2.6, docs/protocol/errors.md §10.2).

use std::time::Duration;

use crate::client::error::code::*;
use crate::client::{Advice, Idempotency, Outcome};

/// How long it takes to make a bill (docs/protocol/downloads.md §7.1).
const BILL: Duration = Duration::from_secs(30 * 60);

/// The conclusion from an error response: the outcome, the advice, and whether a retry may succeed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Conclusion {
    pub(crate) outcome: Outcome,
    pub(crate) advice: Advice,
    /// Whether a retry may succeed, provided that sending the request twice is harmless.
    pub(crate) may_pass: bool,
}

/// The facts of an error response that the table reads.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ErrorFacts<'a> {
    pub(crate) status: u16,
    pub(crate) code: &'a str,
    pub(crate) origin: Origin,
    /// Whether the operation may be sent twice, by its descriptor.
    pub(crate) idempotency: Idempotency,
    /// The codes that the operation's own page names.
    pub(crate) errors: &'a [&'a str],
}

/// Who wrote a response, as far as the client can prove it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Origin {
    /// WeChat Pay, because the signature is valid.
    Signed,
    /// Unknown, because the signature is invalid.
    Forged,
    /// Unknown, because there is no signature. A `Request-ID` and a code may still prove a refusal.
    Unsigned {
        /// Whether there is a `Request-ID`.
        has_request_id: bool,
        /// Whether the client wants every refusal signed, but for 401.
        must_be_signed: bool,
    },
}

/// What a code means, under any status.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Says {
    /// The request was refused.
    Refused(Advice),
    /// WeChat Pay does not know itself what happened.
    Unclear,
    /// The request is being processed, or its number is in use already, perhaps by an earlier
    /// attempt.
    Query,
}

/// The documented codes. Underscores and spaces are ignored: pages of 2020 to 2022 write
/// `SYSTEMERROR`, and `INVALID REQUEST` is real.
const CODES: &[(Says, &[&str])] = &[
    (
        Says::Refused(Advice::Fix),
        &[
            PARAM_ERROR,
            INVALID_REQUEST,
            MCH_NOT_EXISTS,
            APPID_MCHID_NOT_MATCH,
            SIGN_ERROR,
            INVALID_TRANSACTIONID,
            OPENID_MISMATCH,
        ],
    ),
    (
        Says::Refused(Advice::Decide),
        &[
            NO_AUTH,
            NOT_ENOUGH,
            RULE_LIMIT,
            USER_ACCOUNT_ABNORMAL,
            REQUEST_BLOCKED,
            ACCOUNT_ERROR,
            TRADE_ERROR,
            INVALID_ORDER_STATE,
        ],
    ),
    (Says::Refused(Advice::Absent), &[ORDER_NOT_EXIST, RESOURCE_NOT_EXISTS, NOT_FOUND]),
    (Says::Refused(Advice::Stop), &[NO_STATEMENT_EXIST]),
    (Says::Refused(Advice::Later(BILL)), &[STATEMENT_CREATING]),
    (Says::Refused(Advice::BackOff), &[RATELIMIT_EXCEED, RATELIMIT_EXCEEDED]),
    (Says::Unclear, &[SYSTEM_ERROR, BANK_ERROR]),
    (
        Says::Query,
        &[
            USER_PAYING,
            "IN_PROCESS",
            "PROCESSING",
            "BIZERR_NEED_RETRY",
            FREQUENCY_LIMITED,
            "FREQUENCY_LIMIT",
            "FREQUENCY_LIMIT_EXCEED",
            "FREQUENCY_LIMIT_EXCEEDED",
            ALREADY_EXISTS,
            RESOURCE_ALREADY_EXISTS,
            OUT_TRADE_NO_USED,
            ORDER_PAID,
            ORDER_DONE,
            ORDER_CLOSED,
            ORDER_CANCELED,
            "ORDER_REVERSED",
        ],
    ),
];

/// Codes that any gateway might write. Unsigned, they count only where the operation's page names
/// them.
const COMMON: [&str; 1] = [NOT_FOUND];

impl Conclusion {
    /// Looks an error response up in the table.
    pub(crate) fn on(response: ErrorFacts<'_>) -> Self {
        let ErrorFacts { status, code, idempotency, .. } = response;
        let is_overload = matches!(status, 408 | 429 | 500..);
        if !response.is_wechatpays_word() {
            return Self::unknown(is_overload, idempotency);
        }
        match (says(code), status) {
            // A 2xx means that WeChat Pay accepted the request, even with an error code. A query
            // returns the result.
            (says, ..300) => Self::unknown(says == Some(Says::Unclear), idempotency),
            // Under every code, 429 asks for fewer requests.
            (Some(Says::Refused(_)), 429) => Self::refused(Advice::BackOff),
            (Some(Says::Refused(advice)), _) => Self::refused(advice),
            (Some(Says::Unclear), _) => Self::unknown(true, idempotency),
            (Some(Says::Query), _) => Self {
                advice: Advice::Query,
                ..Self::unknown(is_overload && idempotency == Idempotency::Safe, idempotency)
            },
            // A signed refusal, with a code that this version does not know.
            (None, 400 | 401 | 404) if is_code(code) => Self::refused(Advice::Fix),
            (None, 403) if is_code(code) => Self::refused(Advice::Decide),
            (None, _) => Self::unknown(is_overload, idempotency),
        }
    }

    fn refused(advice: Advice) -> Self {
        Self { outcome: Outcome::Refused, advice, may_pass: advice == Advice::BackOff }
    }

    fn unknown(may_pass: bool, idempotency: Idempotency) -> Self {
        let advice = match may_pass && idempotency.allows_retries() {
            true => Advice::SameParameters,
            false => Advice::Query,
        };
        Self { outcome: Outcome::Unknown, advice, may_pass }
    }
}

impl ErrorFacts<'_> {
    /// Whether WeChat Pay itself wrote the response. One of these proves it: a valid signature; 401
    /// `SIGN_ERROR`, which WeChat Pay cannot sign; or a `Request-ID` with a documented status and
    /// code.
    fn is_wechatpays_word(&self) -> bool {
        match self.origin {
            Origin::Signed => true,
            Origin::Forged => false,
            Origin::Unsigned { has_request_id, must_be_signed } => {
                let is_known_status = matches!(self.status, 400 | 401 | 403 | 404 | 429);
                (self.status == 401 && self.code == SIGN_ERROR)
                    || (has_request_id
                        && !must_be_signed
                        && is_known_status
                        && self.is_known_code())
            }
        }
    }

    fn is_known_code(&self) -> bool {
        let is_common = COMMON.iter().any(|common| is_same(common, self.code));
        let is_everywhere = is_documented(self.code) && !is_common;
        is_everywhere || self.errors.contains(&self.code)
    }
}

/// Whether WeChat Pay's pages know the code.
pub(crate) fn is_documented(code: &str) -> bool {
    says(code).is_some()
}

/// Whether a text looks like an error code of WeChat Pay, known or not.
fn is_code(text: &str) -> bool {
    let is_usual = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
    text.starts_with(|first: char| first.is_ascii_uppercase()) && text.bytes().all(is_usual)
}

fn says(code: &str) -> Option<Says> {
    let is_this = |codes: &[&str]| codes.iter().any(|known| is_same(known, code));
    CODES.iter().find(|(_, codes)| is_this(codes)).map(|(says, _)| *says)
}

/// Whether two codes are the same but for underscores and spaces.
fn is_same(one: &str, other: &str) -> bool {
    let letters = |code: &'_ str| {
        code.bytes().filter(|byte| !matches!(byte, b'_' | b' ')).collect::<Vec<_>>()
    };
    letters(one) == letters(other)
}
