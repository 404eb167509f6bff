use std::fmt;

use crate::protocol::excerpt::excerpt;
use crate::wire::Json;

/// One thing that an error's `detail` tells, in whatever shape it came ([protocol §10.1]).
///
/// `Debug` shows the field and the location alone: the rest may repeat what was sent.
///
/// [protocol §10.1]: crate::docs::protocol::errors#101-the-body-of-an-error
#[derive(Clone, Copy, PartialEq)]
pub struct ErrorDetail<'a>(&'a Json);

impl<'a> ErrorDetail<'a> {
    /// All of them: `detail` is one, a list of them, or not there.
    pub(super) fn all(detail: &'a Json) -> impl Iterator<Item = Self> {
        let details = match detail {
            Json::Null => &[],
            Json::Array(list) => list.as_slice(),
            single => std::slice::from_ref(single),
        };
        details.iter().map(Self)
    }

    /// Which member is meant, for example `/amount/total`.
    #[must_use]
    pub fn field(self) -> Option<&'a str> {
        self.text("field")
    }

    /// Where it stood: `body`, `url`, `query`, `authorization` and others.
    #[must_use]
    pub fn location(self) -> Option<&'a str> {
        self.text("location")
    }

    /// What is wrong with it. It may repeat the value.
    #[must_use]
    pub fn issue(self) -> Option<&'a str> {
        // A text in place of an object can only be this.
        self.text("issue").or_else(|| self.0.as_str())
    }

    /// The value that was sent, which may be personal data: do not log it.
    #[must_use]
    pub fn value(self) -> Option<&'a Json> {
        find(self.0, "value")
    }

    /// What WeChat Pay says about the signature.
    pub(super) fn sign_information(self) -> Option<&'a Json> {
        find(self.0, "sign_information")
    }

    fn text(self, name: &str) -> Option<&'a str> {
        find(self.0, name).and_then(Json::as_str)
    }
}

/// A member, be it in a `detail` inside. Other objects inside are not searched: they may be the value.
fn find<'a>(detail: &'a Json, name: &str) -> Option<&'a Json> {
    match detail {
        Json::Object(members) => members
            .get(name)
            .filter(|member| !member.is_null())
            .or_else(|| members.get("detail").and_then(|inner| find(inner, name))),
        Json::Array(list) => list.iter().find_map(|inner| find(inner, name)),
        _ => None,
    }
}

impl fmt::Debug for ErrorDetail<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ErrorDetail")
            .field("field", &self.field().map(excerpt))
            .field("location", &self.location().map(excerpt))
            .finish_non_exhaustive()
    }
}
