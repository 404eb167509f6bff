//! The values of a path, percent-encoded.

use std::fmt;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use crate::client::InputError;
use crate::wire::is_accepted;

/// Everything but the unreserved characters of RFC 3986 is encoded, in paths and queries. So no URL
/// parser on the way changes anything (docs/protocol/signing.md §1.2).
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

pub(crate) fn percent_encode(text: &str) -> impl fmt::Display + '_ {
    utf8_percent_encode(text, ENCODED)
}

/// Refuses a percent-encoded path and query with a character that WeChat Pay does not accept. Also
/// refuses a question mark without a query, which some HTTP stacks do not sign.
pub(crate) fn check_target(target: &str) -> Result<(), InputError> {
    if target.ends_with('?') {
        let target = target.trim_end_matches('?').to_owned();
        let why = "there is no query after the question mark; leave the mark out";
        return Err(InputError::Target { target, why });
    }
    let accepted = |text: &str| is_accepted(&percent_decode_str(text).decode_utf8_lossy());
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    if !accepted(path) {
        return Err(InputError::Character { place: "the path".to_owned() });
    }
    match query.split('&').find(|pair| !accepted(pair)) {
        Some(pair) => {
            let name = pair.split('=').next().unwrap_or_default();
            Err(InputError::Character { place: format!("query parameter {name}") })
        }
        None => Ok(()),
    }
}

/// The values of a path's parameters, in the order of the path.
#[derive(Clone, Default, Eq, PartialEq)]
pub struct PathValues(Vec<String>);

impl PathValues {
    /// Makes the values of a path.
    #[must_use]
    pub fn new<const N: usize>(values: [String; N]) -> Self {
        Self(values.into())
    }

    /// The values, not encoded.
    #[must_use]
    pub fn values(&self) -> &[String] {
        &self.0
    }

    pub(crate) fn push(&mut self, value: String) {
        self.0.push(value);
    }

    /// Puts the values into a path such as `/v3/certificates/{serial_no}`.
    ///
    /// # Errors
    ///
    /// A value that is empty, `.` or `..`: URL parsers remove those, even percent-encoded, and the
    /// request would reach another endpoint. A value with a character that WeChat Pay does not
    /// accept.
    pub(crate) fn expand(&self, template: &'static str) -> Result<String, InputError> {
        let mut values = self.0.iter();
        let mut path = String::with_capacity(template.len() + 32);
        for (index, segment) in template.split('/').enumerate() {
            if index > 0 {
                path.push('/');
            }
            match segment.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
                None => path.push_str(segment),
                Some(name) => {
                    let value = values.next().map(String::as_str).unwrap_or_default();
                    if matches!(value, "" | "." | "..") {
                        return Err(InputError::PathValue { name, value: value.to_owned() });
                    }
                    if !is_accepted(value) {
                        let place = format!("path parameter {name}");
                        return Err(InputError::Character { place });
                    }
                    path.push_str(&percent_encode(value).to_string());
                }
            }
        }
        Ok(path)
    }
}

/// Takes the values of a path whose length is known only at run time.
impl FromIterator<String> for PathValues {
    fn from_iter<T: IntoIterator<Item = String>>(values: T) -> Self {
        Self(values.into_iter().collect())
    }
}

impl fmt::Debug for PathValues {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(&self.0).finish()
    }
}
