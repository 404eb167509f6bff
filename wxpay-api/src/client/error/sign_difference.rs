//! The message that WeChat Pay built, compared with the signed one (docs/protocol/errors.md §10.1).

use std::fmt;

use percent_encoding::percent_decode_str;

use crate::protocol::excerpt::excerpt;
use crate::wire::Json;

/// The first difference between the message that WeChat Pay built and the signed one.
///
/// It has no part of the URL or the body, which may hold personal data.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum SignDifference {
    /// Another method.
    Method {
        /// The method signed.
        signed: String,
        /// The method that WeChat Pay saw.
        built: String,
    },
    /// CRLF on one side, LF on the other.
    LineEnds,
    /// Another path or query.
    Target {
        /// The first byte that differs, counted from 0.
        at: usize,
        /// The kind of difference.
        change: TargetChange,
    },
    /// Another time.
    Timestamp {
        /// The time signed.
        signed: String,
        /// The time that WeChat Pay read in `Authorization`.
        built: String,
    },
    /// Another nonce.
    Nonce,
    /// Another body, as far as WeChat Pay shows it.
    Body {
        /// The first byte of the body that differs, counted from 0.
        at: usize,
    },
    /// A body of another length.
    BodyLength {
        /// The bytes signed.
        signed: usize,
        /// The bytes that WeChat Pay counted.
        built: usize,
    },
    /// No difference in what WeChat Pay shows, nor in the length: WeChat Pay expects another key.
    Nowhere,
    /// No difference in what WeChat Pay shows. It does not show the length.
    NotShown,
}

impl SignDifference {
    /// Compares `sign_information` with the message that was signed; `None` if it shows no usable
    /// message.
    pub(crate) fn find(information: &Json, signed_message: &[u8]) -> Option<Self> {
        let signed = Message::signed(signed_message)?;
        let length = information.get("sign_message_length").and_then(length);
        let copy = information.get("truncated_sign_message").and_then(Json::as_str);
        let copy = uncut(copy.unwrap_or_default(), length, signed_message);
        if differs_in_line_ends(copy, signed_message) {
            return Some(Self::LineEnds);
        }
        let built = Shown::new(information, copy);
        let difference = built
            .head_difference(&signed)
            .or_else(|| body_difference(built.body?, signed.rest))
            .or_else(|| length_difference(length?, &signed, signed_message));
        match difference {
            Some(difference) => Some(difference),
            None if length.is_some() => Some(Self::Nowhere),
            None if built.is_empty() => None,
            None => Some(Self::NotShown),
        }
    }
}

/// The signed message: four lines, then the body.
struct Message<'a> {
    lines: [&'a str; 4],
    /// The body and its line feed.
    rest: &'a [u8],
}

impl<'a> Message<'a> {
    fn signed(message: &'a [u8]) -> Option<Self> {
        let mut parts = message.splitn(5, |&byte| byte == b'\n');
        let mut line = || str::from_utf8(parts.next()?).ok();
        let lines = [line()?, line()?, line()?, line()?];
        Some(Self { lines, rest: parts.next()? })
    }
}

/// The parts of its message that WeChat Pay shows. A truncated line counts as not shown.
struct Shown<'a> {
    lines: [Option<&'a str>; 4],
    body: Option<&'a str>,
}

impl<'a> Shown<'a> {
    fn new(information: &'a Json, copy: &'a str) -> Self {
        let mut rest = Some(copy);
        let mut line = || {
            let (line, after) = rest.and_then(|text| text.split_once('\n')).unzip();
            rest = after;
            line
        };
        let lines = [line(), line(), line(), line()];
        let field = |name: &str| information.get(name).and_then(Json::as_str);
        let [method, target, timestamp, nonce] = lines;
        let (method, target) = (method.or(field("method")), target.or(field("url")));
        Self { lines: [method, target, timestamp, nonce], body: rest }
    }

    fn is_empty(&self) -> bool {
        self.lines.iter().all(Option::is_none)
    }

    fn head_difference(&self, signed: &Message<'_>) -> Option<SignDifference> {
        let [method, target, timestamp, nonce] = signed.lines;
        let differs = |built: Option<&'a str>, signed: &str| built.filter(|built| *built != signed);
        let [built_method, built_target, built_timestamp, built_nonce] = self.lines;
        if let Some(built) = differs(built_method, method) {
            return Some(SignDifference::Method {
                signed: method.to_owned(),
                built: excerpt(built),
            });
        }
        if let Some(built) = differs(built_target, target) {
            let at = common(built.as_bytes(), target.as_bytes());
            return Some(SignDifference::Target { at, change: TargetChange::new(built, target) });
        }
        if let Some(built) = differs(built_timestamp, timestamp) {
            let (signed, built) = (timestamp.to_owned(), excerpt(built));
            return Some(SignDifference::Timestamp { signed, built });
        }
        differs(built_nonce, nonce).map(|_| SignDifference::Nonce)
    }
}

/// Returns the copy without the mark of truncation, which is no part of the message.
fn uncut<'a>(copy: &'a str, length: Option<usize>, signed: &[u8]) -> &'a str {
    if length == Some(copy.len()) || signed.starts_with(copy.as_bytes()) {
        return copy;
    }
    copy.trim_end_matches(['.', '…', '\u{fffd}'])
}

/// Whether the copy agrees with the signed message only if CRLF is read as LF.
fn differs_in_line_ends(copy: &str, signed: &[u8]) -> bool {
    let as_lf = |bytes: &[u8]| -> Vec<u8> {
        let follows = |index: usize| bytes.get(index + 1) == Some(&b'\n');
        let kept = |&(index, &byte): &(usize, &u8)| !(byte == b'\r' && follows(index));
        bytes.iter().enumerate().filter(kept).map(|(_, &byte)| byte).collect()
    };
    !signed.starts_with(copy.as_bytes()) && as_lf(signed).starts_with(&as_lf(copy.as_bytes()))
}

/// Compares what is shown of the body.
fn body_difference(shown: &str, signed: &[u8]) -> Option<SignDifference> {
    let shown = shown.as_bytes();
    (!signed.starts_with(shown)).then(|| SignDifference::Body { at: common(shown, signed) })
}

/// Compares the lengths of messages with equal heads. WeChat Pay may count bytes or characters.
fn length_difference(
    length: usize,
    signed: &Message<'_>,
    signed_message: &[u8],
) -> Option<SignDifference> {
    let characters = String::from_utf8_lossy(signed_message).chars().count();
    if length == signed_message.len() || length == characters {
        return None;
    }
    let head = signed_message.len() - signed.rest.len();
    let body = |rest: usize| rest.saturating_sub("\n".len());
    let (signed, built) = (body(signed.rest.len()), body(length.saturating_sub(head)));
    Some(SignDifference::BodyLength { signed, built })
}

/// The number of bytes that two texts begin with alike.
fn common(left: &[u8], right: &[u8]) -> usize {
    left.iter().zip(right).take_while(|(left, right)| left == right).count()
}

/// Reads a length, which is a number or a text.
fn length(json: &Json) -> Option<usize> {
    let number = json.as_u64().or_else(|| json.as_str()?.parse().ok())?;
    usize::try_from(number).ok()
}

/// Describes the difference, and where to look for its reason.
impl fmt::Display for SignDifference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Method { signed, built } => {
                write!(f, "{signed} was signed, but WeChat Pay saw the method {built}")
            }
            Self::LineEnds => f.write_str(
                "the messages differ in line ends alone: one has CRLF where the other has LF",
            ),
            Self::Target { at, change } => {
                write!(f, "the URL that WeChat Pay saw differs from byte {at} on, {change}")
            }
            Self::Timestamp { signed, built } => {
                write!(f, "the time {signed} was signed, but WeChat Pay read {built}")
            }
            Self::Nonce => f.write_str("the nonce that was signed is not the one WeChat Pay read"),
            Self::Body { at } => {
                write!(f, "the body that WeChat Pay saw differs from byte {at} on")
            }
            Self::BodyLength { signed, built } => write!(
                f,
                "a body of {signed} bytes was signed, but the one that WeChat Pay saw has {built}"
            ),
            Self::Nowhere => f.write_str(
                "WeChat Pay built the same message, as far as it shows it, so the key is not the one \
                 it expects: check that mchid, serial_no and private key belong together",
            ),
            Self::NotShown => f.write_str(
                "what WeChat Pay shows of the message agrees with the one that was signed; \
                 check the body, and that mchid, serial_no and private key belong together",
            ),
        }
    }
}

/// The kind of difference between the signed target and the one that WeChat Pay saw.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum TargetChange {
    /// Only in percent-encoding.
    Encoding,
    /// Only in upper and lower case.
    Case,
    /// The query is missing.
    NoQuery,
    /// Any other difference.
    Other,
}

impl TargetChange {
    pub(crate) fn new(built: &str, signed: &str) -> Self {
        let decoded = |target| percent_decode_str(target).collect::<Vec<_>>();
        if signed.strip_prefix(built).is_some_and(|rest| rest.starts_with('?')) {
            Self::NoQuery
        } else if decoded(built) == decoded(signed) {
            Self::Encoding
        } else if built.eq_ignore_ascii_case(signed) {
            Self::Case
        } else {
            Self::Other
        }
    }
}

/// Describes the difference.
impl fmt::Display for TargetChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Encoding => "in percent-encoding alone",
            Self::Case => "in upper and lower case alone",
            Self::NoQuery => "where the query is missing",
            Self::Other => "which something between here and there must have changed",
        })
    }
}
