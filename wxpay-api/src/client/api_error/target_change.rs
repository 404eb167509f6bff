use std::fmt;

use percent_encoding::percent_decode_str;

/// In what way the target that WeChat Pay saw differs.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum TargetChange {
    /// Only in percent-encoding.
    Encoding,
    /// Only in upper and lower case.
    Case,
    /// The query is missing.
    NoQuery,
    /// In another way.
    Other,
}

impl TargetChange {
    pub(super) fn new(built: &str, signed: &str) -> Self {
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

/// In words.
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
