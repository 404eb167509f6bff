//! What clients sign by mistake in place of the right parts.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use super::json_forms::{ESCAPES, Escapes, SPACES, sorted, tokens, write};
use super::verdict::SignatureVerdict as Verdict;

/// What `encodeURIComponent` leaves as it is.
const COMPONENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'!')
    .remove(b'~')
    .remove(b'*')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')');
/// What RFC 3986 leaves as it is.
const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// A wrong part, and the mistake that it is.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Slip<T> {
    pub(super) verdict: Verdict,
    pub(super) part: T,
}

/// Collects wrong parts that differ from the right one, each once.
struct Slips<T> {
    right: T,
    found: Vec<Slip<T>>,
}

impl<T: PartialEq> Slips<T> {
    fn new(right: T) -> Self {
        Self { right, found: Vec::new() }
    }

    fn add(&mut self, verdict: Verdict, part: T) {
        if part != self.right && self.found.iter().all(|slip| slip.part != part) {
            self.found.push(Slip { verdict, part });
        }
    }
}

/// Returns wrong methods.
pub(super) fn methods(method: &str) -> Vec<Slip<String>> {
    let mut slips = Slips::new(method.to_owned());
    slips.add(Verdict::OtherMethod, method.to_ascii_lowercase());
    for other in ["GET", "POST", "PUT", "PATCH", "DELETE", "get", "post", ""] {
        slips.add(Verdict::OtherMethod, other.to_owned());
    }
    slips.found
}

/// Returns wrong URLs. `hosts` are the hosts that the client may have called.
pub(super) fn targets(target: &str, hosts: &[String]) -> Vec<Slip<String>> {
    let mut slips = Slips::new(target.to_owned());
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    slips.add(Verdict::UrlWithoutQuery, path.to_owned());
    for host in hosts {
        for scheme in ["https://", "http://", ""] {
            slips.add(Verdict::UrlWithHost, format!("{scheme}{host}{target}"));
        }
    }
    let decode = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
    slips.add(Verdict::UrlDecoded, decode(target));
    slips.add(Verdict::UrlDecoded, decode(&target.replace('+', " ")));
    encodings(&mut slips, path, query);
    slips.add(Verdict::UrlOtherPath, format!("{target}?"));
    let mut pairs: Vec<_> = query.split('&').collect();
    pairs.sort_unstable();
    slips.add(Verdict::UrlOtherOrder, format!("{path}?{}", pairs.join("&")));
    pairs.reverse();
    slips.add(Verdict::UrlOtherOrder, format!("{path}?{}", pairs.join("&")));
    let reversed: Vec<_> = query.split('&').rev().collect();
    slips.add(Verdict::UrlOtherOrder, format!("{path}?{}", reversed.join("&")));
    slips.add(Verdict::UrlOtherPath, target.trim_start_matches('/').to_owned());
    slips.add(Verdict::UrlOtherPath, target.trim_end_matches(['/', '?', '&']).to_owned());
    slips.add(Verdict::UrlOtherPath, format!("{target}/"));
    slips.add(Verdict::UrlOtherPath, format!("/v3{target}"));
    if let Some(rest) = target.strip_prefix("/v3") {
        slips.add(Verdict::UrlOtherPath, rest.to_owned());
    }
    slips.add(Verdict::UrlOtherPath, format!("/{target}"));
    slips.add(Verdict::UrlOtherPath, target.to_ascii_lowercase());
    slips.add(Verdict::UrlOtherPath, String::new());
    slips.found
}

/// Adds other percent-encodings of the same URL.
fn encodings(slips: &mut Slips<String>, path: &str, query: &str) {
    let question = if query.is_empty() { "" } else { "?" };
    let encode = |text: &str, divider: char, set: &'static AsciiSet| {
        let pieces = text.split(divider).map(|piece| {
            let plain = percent_decode_str(piece).decode_utf8_lossy().into_owned();
            utf8_percent_encode(&plain, set).to_string()
        });
        pieces.collect::<Vec<_>>().join(&divider.to_string())
    };
    let encode_query = |set: &'static AsciiSet| {
        let pairs = query.split('&').map(|pair| match pair.split_once('=') {
            Some((name, value)) => {
                format!("{}={}", encode(name, '\u{0}', set), encode(value, '\u{0}', set))
            }
            None => pair.to_owned(),
        });
        pairs.collect::<Vec<_>>().join("&")
    };
    for set in [COMPONENT, UNRESERVED] {
        let (paths, queries) = (encode(path, '/', set), encode_query(set));
        for query in [queries.clone(), queries.replace("%20", "+"), query.to_owned()] {
            slips.add(Verdict::UrlOtherEncoding, format!("{paths}{question}{query}"));
            slips.add(Verdict::UrlOtherEncoding, format!("{path}{question}{query}"));
        }
    }
    let decoded_path = percent_decode_str(path).decode_utf8_lossy().into_owned();
    slips.add(Verdict::UrlDecoded, format!("{decoded_path}{question}{query}"));
    let decoded_query = percent_decode_str(query).decode_utf8_lossy().into_owned();
    slips.add(Verdict::UrlDecoded, format!("{path}{question}{decoded_query}"));
    let target = format!("{path}{question}{query}");
    slips.add(Verdict::UrlOtherEncoding, target.replace('%', "%25"));
    slips.add(Verdict::UrlOtherEncoding, target.replace("%20", "+"));
    slips.add(Verdict::UrlOtherEncoding, target.replace('+', "%20"));
    slips.add(Verdict::UrlOtherEncoding, in_case(&target, |it| it.to_ascii_lowercase()));
    slips.add(Verdict::UrlOtherEncoding, in_case(&target, |it| it.to_ascii_uppercase()));
}

/// Changes the case of the digits after each `%`.
fn in_case(target: &str, change: impl Fn(&str) -> String) -> String {
    let mut changed = String::new();
    for (index, piece) in target.split('%').enumerate() {
        match piece.split_at_checked(2) {
            Some((digits, rest)) if index > 0 => {
                changed.push('%');
                changed.push_str(&change(digits));
                changed.push_str(rest);
            }
            _ if index > 0 => {
                changed.push('%');
                changed.push_str(piece);
            }
            _ => changed.push_str(piece),
        }
    }
    changed
}

/// Returns wrong nonces.
pub(super) fn nonces(nonce: &str) -> Vec<Slip<String>> {
    let mut slips = Slips::new(nonce.to_owned());
    for other in [nonce.to_ascii_lowercase(), nonce.to_ascii_uppercase(), String::new()] {
        slips.add(Verdict::OtherNonce, other);
    }
    slips.found
}

/// Returns wrong timestamps: other readings of the clock, and milliseconds.
pub(super) fn timestamps(timestamp: &str) -> Vec<Slip<String>> {
    /// How far another reading of the clock may be, in seconds.
    const CLOCK: i64 = 120;
    const MILLISECONDS: i64 = 1000;
    let mut slips = Vec::new();
    let mut add = |part: String| slips.push(Slip { verdict: Verdict::OtherTimestamp, part });
    add(String::new());
    if let Ok(seconds) = timestamp.parse::<i64>() {
        let steps = (1..=CLOCK).flat_map(|step| [-step, step]);
        steps.filter_map(|step| seconds.checked_add(step)).for_each(|it| add(it.to_string()));
        let first = seconds.checked_mul(MILLISECONDS);
        let all = first.into_iter().flat_map(|first| (0..MILLISECONDS).map(move |it| first + it));
        all.for_each(|it| add(it.to_string()));
    }
    slips
}

/// Returns what may have been signed in place of a body that is not empty, or in place of none.
pub(super) fn bodies(body: &[u8], target: &str) -> Vec<Slip<Vec<u8>>> {
    let mut slips = Slips::new(body.to_vec());
    if body.is_empty() {
        for other in ["{}", "null", "[]", "undefined", "\"\"", " ", "None"] {
            slips.add(Verdict::BodyNotSent, other.as_bytes().to_vec());
        }
        if let Some((_, query)) = target.split_once('?') {
            slips.add(Verdict::BodyNotSent, query.as_bytes().to_vec());
        }
        return slips.found;
    }
    for other in ["", "{}", "null"] {
        slips.add(Verdict::BodyNotSigned, other.as_bytes().to_vec());
    }
    slips.add(Verdict::BodyWhitespace, body.trim_ascii().to_vec());
    slips.add(Verdict::BodyWhitespace, [body, b"\r\n"].concat());
    if let Some(tokens) = tokens(body) {
        for spaces in SPACES {
            slips.add(Verdict::BodyWhitespace, write(&tokens, spaces, Escapes::Same).into_bytes());
        }
        for escapes in ESCAPES {
            for spaces in SPACES {
                slips.add(Verdict::BodyEscapes, write(&tokens, spaces, escapes).into_bytes());
            }
        }
    }
    if let Some(sorted) = sorted(body)
        && let Some(tokens) = tokens(sorted.as_bytes())
    {
        for spaces in SPACES {
            for escapes in ESCAPES {
                slips.add(Verdict::BodyOrder, write(&tokens, spaces, escapes).into_bytes());
            }
        }
    }
    slips.found
}

/// Whether a body is small enough to be written anew.
pub(super) fn is_small(body: &[u8]) -> bool {
    const LARGEST: usize = 64 << 10;
    body.len() <= LARGEST
}
