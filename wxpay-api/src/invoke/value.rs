//! Values that callers pass in, checked before they are signed or encoded.
//!
//! White space around a value and its own name before it (`prepay_id=…`) are removed: the rest can only be the value.
//! Anything else is refused here, because the front end would only report a wrong signature.

use crate::protocol::CryptoError;

/// Why a value for the front end cannot be made.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum InvokeError {
    /// A value is empty, or would break the signed message.
    #[error(
        "{name} is empty or has control characters; pass it as WeChat Pay returned it; a response without it was no success"
    )]
    Value {
        /// The value's name on the wire.
        name: &'static str,
    },
    /// A value cannot be what WeChat Pay returned under this name.
    #[error("{name} {reason}")]
    Malformed {
        /// The value's name on the wire.
        name: &'static str,
        /// What is wrong with the value, and what to pass.
        reason: &'static str,
    },
    /// The nonce is longer than front ends accept ([protocol §1.9]).
    ///
    /// [protocol §1.9]: crate::docs::protocol::signing#19-nonces
    #[error("the nonce has {length} characters, but front ends accept at most 32")]
    NonceLength {
        /// The number of characters.
        length: usize,
    },
    /// The `package` of a PayScore order has its own signature, and must not be signed again.
    #[error(
        "the package is a query string that is signed already; pass it on as it is, with `payscore_confirm_package`"
    )]
    SignedPackage,
    /// Signing failed.
    #[error(transparent)]
    Crypto(#[from] CryptoError),
}

/// Removes white space and its own name around a value. An empty value and control characters are refused.
fn required(name: &'static str, value: &str) -> Result<String, InvokeError> {
    filled(name, without_name(name, value))
}

/// As [`required`], but the value may be empty.
pub(super) fn optional(name: &'static str, value: &str) -> Result<String, InvokeError> {
    unless_empty(name, value, required)
}

/// Reads a value with `read`, unless it is empty.
pub(super) fn unless_empty(
    name: &'static str,
    value: &str,
    read: fn(&'static str, &str) -> Result<String, InvokeError>,
) -> Result<String, InvokeError> {
    match without_name(name, value) {
        "" => Ok(String::new()),
        value => read(name, value),
    }
}

fn filled(name: &'static str, value: &str) -> Result<String, InvokeError> {
    match value.is_empty() || value.chars().any(char::is_control) {
        true => Err(InvokeError::Value { name }),
        false => Ok(value.to_owned()),
    }
}

/// Reads an identifier, such as a prepay id or an openid: ASCII letters, digits, and a few signs.
pub(super) fn identifier(name: &'static str, value: &str) -> Result<String, InvokeError> {
    let value = required(name, value)?;
    check(name, &value, no_spaces_or_quotes)?;
    check(name, &value, not_encoded)?;
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.*|@".contains(&byte);
    match value.bytes().all(fits) {
        true => Ok(value),
        false => Err(malformed(name, "has characters that such an identifier cannot have")),
    }
}

/// Reads an appid. A merchant number in its place is refused.
pub(super) fn appid(name: &'static str, value: &str) -> Result<String, InvokeError> {
    let value = identifier(name, without_name("appid", value))?;
    match value.bytes().all(|byte| byte.is_ascii_digit()) {
        true => {
            Err(malformed(name, "is a number, as merchant numbers are; an appid begins with `wx`"))
        }
        false => Ok(value),
    }
}

/// Reads a merchant number. An appid in its place is refused.
pub(super) fn merchant_number(name: &'static str, value: &str) -> Result<String, InvokeError> {
    let value = identifier(name, value)?;
    match value.bytes().all(|byte| byte.is_ascii_digit()) {
        true => Ok(value),
        false => Err(malformed(name, "is no merchant number, which has digits alone")),
    }
}

/// Reads an opaque value of WeChat Pay, such as a token or a package.
pub(super) fn opaque(name: &'static str, value: &str) -> Result<String, InvokeError> {
    let value = required(name, value)?;
    for fits in [no_spaces_or_quotes, not_encoded, no_pairs] {
        check(name, &value, fits)?;
    }
    Ok(value)
}

/// Reads a query string of WeChat Pay with several pairs. The first pair may have the same name as the value.
pub(super) fn query(name: &'static str, value: &str) -> Result<String, InvokeError> {
    let value = trimmed(value).trim_start_matches('?');
    let named = value.split_once('=').filter(|(before, after)| *before == name && is_pair(after));
    let value = filled(name, named.map_or(value, |(_, after)| after.trim_start_matches('?')))?;
    for fits in [no_spaces_or_quotes, not_escaped, has_pairs] {
        check(name, &value, fits)?;
    }
    Ok(value)
}

/// Whether the text begins with a pair. Base64, which may end with `=`, is not a pair.
fn is_pair(text: &str) -> bool {
    let is_name = |name: &str| {
        !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')
    };
    let pair = text.trim_start_matches('?').split('&').next().and_then(|pair| pair.split_once('='));
    pair.is_some_and(|(name, value)| is_name(name) && !value.is_empty() && !value.starts_with('='))
}

/// Reads an absolute URL. The scheme of an app may stand alone: `app.scheme://` opens the app.
pub(super) fn url(name: &'static str, value: &str) -> Result<String, InvokeError> {
    let value = required(name, value)?;
    for fits in [no_spaces, no_quotes_around_urls, not_escaped, has_scheme] {
        check(name, &value, fits)?;
    }
    Ok(value)
}

pub(super) fn malformed(name: &'static str, reason: &'static str) -> InvokeError {
    InvokeError::Malformed { name, reason }
}

pub(super) fn check(
    name: &'static str,
    value: &str,
    fits: fn(&str) -> Result<(), &'static str>,
) -> Result<(), InvokeError> {
    fits(value).map_err(|reason| malformed(name, reason))
}

fn without_name<'a>(name: &str, value: &'a str) -> &'a str {
    let mut value = trimmed(value);
    while let Some((before, after)) = value.split_once('=') {
        if !before.eq_ignore_ascii_case(name) {
            break;
        }
        value = trimmed(after);
    }
    value
}

/// Removes white space and invisible characters around a value, which copied texts have.
fn trimmed(value: &str) -> &str {
    let invisible = ['\u{200b}', '\u{200c}', '\u{200d}', '\u{2060}', '\u{feff}'];
    value
        .trim_matches(|character: char| character.is_whitespace() || invisible.contains(&character))
}

pub(super) fn no_spaces(value: &str) -> Result<(), &'static str> {
    match value.contains(char::is_whitespace) {
        true => Err("has white space in it; was a `+` decoded to a space?"),
        false => Ok(()),
    }
}

fn no_quotes(value: &str) -> Result<(), &'static str> {
    has_none_of(&['"', '\'', '`', '\\', '<', '>'], value)
}

/// Refuses characters that no URL has. An apostrophe is an ordinary character of URLs.
fn no_quotes_around_urls(value: &str) -> Result<(), &'static str> {
    has_none_of(&['"', '`', '\\', '<', '>'], value)
}

fn has_none_of(characters: &[char], value: &str) -> Result<(), &'static str> {
    match value.contains(characters) {
        true => Err("has quotation marks or escapes: pass the text, not its JSON or HTML"),
        false => Ok(()),
    }
}

fn no_spaces_or_quotes(value: &str) -> Result<(), &'static str> {
    no_spaces(value).and_then(|()| no_quotes(value))
}

fn not_encoded(value: &str) -> Result<(), &'static str> {
    let escape = |three: &[u8]| matches!(three, [b'%', a, b] if a.is_ascii_hexdigit() && b.is_ascii_hexdigit());
    match value.as_bytes().windows(3).any(escape) {
        true => Err("is percent-encoded already: pass it as WeChat Pay gave it"),
        false => Ok(()),
    }
}

fn not_escaped(value: &str) -> Result<(), &'static str> {
    match value.contains("&amp;") {
        true => Err("is escaped for HTML, with `&amp;` in it: pass it as WeChat Pay gave it"),
        false => Ok(()),
    }
}

fn no_pairs(value: &str) -> Result<(), &'static str> {
    match value.contains('&') {
        true => Err("is a query string of several pairs, and not one value"),
        false => Ok(()),
    }
}

fn has_pairs(value: &str) -> Result<(), &'static str> {
    let is_pair = |pair: &str| pair.split_once('=').is_some_and(|(name, _)| !name.is_empty());
    match value.split('&').all(is_pair) {
        true => Ok(()),
        false => Err("is no query string of `name=value` pairs; was it percent-encoded already?"),
    }
}

fn has_scheme(value: &str) -> Result<(), &'static str> {
    let fits = |scheme: &str, rest: &str| {
        let is_part = |byte: u8| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte);
        let is_web = ["http", "https"].iter().any(|web| scheme.eq_ignore_ascii_case(web));
        scheme.starts_with(|first: char| first.is_ascii_alphabetic())
            && scheme.bytes().all(is_part)
            && !(is_web && (rest.is_empty() || rest.starts_with(['/', '?', '#', ':'])))
    };
    match value.split_once("://") {
        Some((scheme, rest)) if fits(scheme, rest) => Ok(()),
        _ => Err("is no absolute URL; was it percent-encoded already?"),
    }
}
