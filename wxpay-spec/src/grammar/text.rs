//! Rules for single texts: patterns, word lists, and hints for words of other languages.

use std::sync::OnceLock;

use regex_lite::Regex;

/// A rule for the text of a scalar.
#[derive(Debug)]
pub(crate) struct TextRule {
    /// The expected text, for messages.
    pub(crate) expected: &'static str,
    /// The regular expression, in the syntax that Rust and JSON Schema share.
    pub(crate) pattern: &'static str,
    /// The words to choose from or to suggest.
    pub(crate) words: &'static [&'static str],
    /// Common wrong words, each with the text that helps.
    hints: &'static [Hint],
    /// The JSON types that other readers of YAML may give to the text.
    pub(crate) spelling: Spelling,
    regex: OnceLock<Option<Regex>>,
}

impl TextRule {
    const fn new(expected: &'static str, pattern: &'static str) -> Self {
        Self::spelt(Spelling::Text, expected, pattern)
    }

    const fn spelt(spelling: Spelling, expected: &'static str, pattern: &'static str) -> Self {
        Self { expected, pattern, words: &[], hints: &[], spelling, regex: OnceLock::new() }
    }

    /// A rule that accepts exactly these words.
    pub(super) const fn words(expected: &'static str, words: &'static [&'static str]) -> Self {
        Self::suggesting(expected, "", words)
    }

    /// A rule with a pattern, and with words that are suggested for a typo.
    pub(super) const fn suggesting(
        expected: &'static str,
        pattern: &'static str,
        words: &'static [&'static str],
    ) -> Self {
        let mut rule = Self::new(expected, pattern);
        rule.words = words;
        rule
    }

    /// Adds hints for common wrong words.
    pub(super) const fn hinting(mut self, hints: &'static [Hint]) -> Self {
        self.hints = hints;
        self
    }

    /// Returns the hint for an invalid text, ignoring case.
    pub(super) fn hint(&self, text: &str) -> Option<&'static str> {
        let text = text.to_lowercase();
        let known = |hint: &&Hint| hint.spellings.contains(&text.as_str());
        self.hints.iter().find(known).map(|hint| hint.help)
    }

    pub(crate) fn accepts(&self, text: &str) -> bool {
        if self.pattern.is_empty() {
            return self.words.contains(&text);
        }
        self.regex
            .get_or_init(|| Regex::new(self.pattern).ok())
            .as_ref()
            .is_some_and(|regex| regex.is_match(text))
    }
}

/// Words of other languages, and the help text for them.
#[derive(Debug)]
pub(crate) struct Hint {
    /// In lower case.
    pub(super) spellings: &'static [&'static str],
    /// The whole help text.
    pub(super) help: &'static str,
}

impl Hint {
    pub(super) const fn new(spellings: &'static [&'static str], help: &'static str) -> Self {
        Self { spellings, help }
    }
}

/// The JSON types of a text, for readers of YAML that do not keep the exact text.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Spelling {
    /// Always a string.
    Text,
    /// A string, a number or a boolean.
    Any,
    /// A string, or a whole number from 1 on.
    Count,
}

/// The headers that the client sets, in lower case.
pub(crate) const RESERVED_HEADERS: [&str; 7] = [
    "accept",
    "authorization",
    "content-length",
    "content-type",
    "host",
    "user-agent",
    "wechatpay-serial",
];

/// Any text that is not blank.
pub(crate) static TEXT: TextRule = TextRule::spelt(Spelling::Any, "a text", r"\S");

pub(crate) static URL: TextRule = TextRule::new("a URL `https://…`", r"^https?://\S+$");

pub(crate) static DATE: TextRule =
    TextRule::new("a date `YYYY-MM-DD`", "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$");

pub(crate) static HOST: TextRule = TextRule::new(
    "a bare host name such as `apihk.mch.weixin.qq.com`",
    r"^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$",
);

pub(crate) static PATH: TextRule = TextRule::new(
    "a URL's path such as `/v3/refund/domestic/refunds/{out_refund_no}`",
    r"^(/([A-Za-z0-9_][A-Za-z0-9._~-]*|\{[A-Za-z0-9_][A-Za-z0-9._-]*\}))+/?$",
);

pub(crate) static PATH_PREFIX: TextRule = TextRule::new(
    "the beginning of a URL's path such as `/v3/payscore`",
    "^(/[A-Za-z0-9_][A-Za-z0-9._~-]*)+$",
);

pub(crate) static FAMILY_NAME: TextRule =
    TextRule::new("a family's name such as `payscore`", "^[a-z0-9][a-z0-9_-]*$");

pub(crate) static TYPE_NAME: TextRule =
    TextRule::new("a type's name in UpperCamelCase", "^[A-Z][A-Za-z0-9]*$");

pub(crate) static TYPE_REFERENCE: TextRule = TextRule::new(
    "a type's name such as `ServiceOrder` or `pay/Transaction`",
    "^([a-z0-9][a-z0-9_-]*/)?[A-Z][A-Za-z0-9]*$",
);

pub(crate) static SNAKE_CASE: TextRule =
    TextRule::new("a Rust name in snake_case", "^[a-z][a-z0-9_]*$");

pub(crate) static UPPER_CAMEL_CASE: TextRule =
    TextRule::new("a Rust name in UpperCamelCase", "^[A-Z][A-Za-z0-9]*$");

/// The pattern lists each white space, because `\s` differs between Rust and JSON Schema.
pub(crate) static WIRE_NAME: TextRule = TextRule::new(
    "a name without `?`, white space and control characters",
    r"^[^?\u0000-\u0020\u007F-\u00A0\u1680\u2000-\u200A\u2028\u2029\u202F\u205F\u3000]+$",
);

pub(crate) static REPEAT: TextRule = TextRule::new(
    "`safe`, `never`, or the member by whose value WeChat Pay recognises a retry",
    r"^[^?\u0000-\u0020\u007F-\u00A0\u1680\u2000-\u200A\u2028\u2029\u202F\u205F\u3000]+$",
);

pub(crate) static MEMBER_NAME: TextRule = TextRule::new(
    "a member's name on the wire, then `?` if it is optional",
    r"^[^?\u0000-\u0020\u007F-\u00A0\u1680\u2000-\u200A\u2028\u2029\u202F\u205F\u3000]+\??$",
);

pub(crate) static HEADER_NAME: TextRule = TextRule::new(
    "a header's name, then `?` if it is optional",
    r"^[A-Za-z0-9!#$%&'*+.^_`|~-]+\??$",
);

pub(crate) static PARAMETER_NAME: TextRule = TextRule::new(
    "the name of a `{parameter}` of the URL; it is never optional",
    "^[A-Za-z0-9_][A-Za-z0-9._-]*$",
);

pub(crate) static PART_NAME: TextRule = TextRule::new("the name of a part", "^[A-Za-z0-9_.-]+$");

pub(crate) static ENUM_VALUE: TextRule = TextRule::spelt(
    Spelling::Any,
    "a value without control characters",
    r"^[^\u0000-\u001F\u007F]+$",
);

pub(crate) static ERROR_CODE: TextRule = TextRule::new(
    "an error code in upper case such as `ORDER_CLOSED`",
    "^[A-Z][A-Z0-9_]*( [A-Z0-9_]+)*$",
);

pub(crate) static LENGTH: TextRule = TextRule::spelt(
    Spelling::Count,
    "a length such as `32` (at most), `1..32` or `2..`",
    r"^([1-9][0-9]{0,6}|[0-9]{1,7}\.\.([1-9][0-9]{0,6})?)$",
);

pub(crate) static RANGE: TextRule = TextRule::new(
    "a range such as `1..10`, `1..` or `..10`",
    r"^(-?[0-9]{1,18}(\.[0-9]{1,18})?\.\.(-?[0-9]{1,18}(\.[0-9]{1,18})?)?|\.\.-?[0-9]{1,18}(\.[0-9]{1,18})?)$",
);

pub(crate) static MEDIA_TYPE: TextRule =
    TextRule::new("a media type such as `application/pdf`", r"^[a-z0-9.+-]+/[a-z0-9.+-]+$");

pub(crate) static EVENT: TextRule =
    TextRule::new("an event type such as `TRANSACTION.SUCCESS`", r"^\S+$");

pub(crate) static NOTIFICATION_PLACE: TextRule = TextRule::new(
    "a notification's place below `notifications/` without `.yaml`",
    r"^[^\s/]+(/[^\s/]+)*$",
);

pub(crate) static LIFECYCLE_PLACE: TextRule = TextRule::new(
    "a lifecycle's place below `lifecycles/` without `.yaml`",
    r"^[a-z0-9][a-z0-9_-]*(/[a-z0-9][a-z0-9_-]*)+$",
);

pub(crate) static STATE_NAME: TextRule =
    TextRule::new("a state in upper case such as `NOTPAY`", "^[A-Z][A-Z0-9_]*$");

pub(crate) static KEY_PATH: TextRule = TextRule::new(
    "a member's key path such as `amount.total`",
    r"^[A-Za-z0-9_]+(\.[A-Za-z0-9_]+)*$",
);

pub(crate) static FIELD_OR_NUMBER: TextRule = TextRule::spelt(
    Spelling::Any,
    "a member such as `own.amount.total` or `request.receivers[].amount`, a number, `true`, `false` or `none`",
    r"^(-?[0-9]{1,18}|true|false|none|[a-z][a-z0-9_]*\.(@[a-z]+|[A-Za-z0-9_]+(\[\])?(\.[A-Za-z0-9_]+(\[\])?)*))$",
);

pub(crate) static METHOD_AND_URL: TextRule = TextRule::new(
    "an operation such as `POST /v3/refund/domestic/refunds`",
    r"^(GET|POST|PUT|PATCH|DELETE) (/([A-Za-z0-9_][A-Za-z0-9._~-]*|\{[A-Za-z0-9_][A-Za-z0-9._-]*\}))+/?$",
);

pub(crate) static TARGET: TextRule = TextRule::new(
    "a state such as `CLOSED`, or `refuse` and a refusal's name",
    "^([A-Z][A-Z0-9_]*|refuse [a-z][a-z0-9_]*)$",
);

pub(crate) static DURATION: TextRule =
    TextRule::new("a duration such as `15s`, `5m`, `2h` or `7d`", "^[1-9][0-9]{0,5}[smhd]$");

#[cfg(test)]
mod tests {
    use super::{HOST, LENGTH, MEMBER_NAME, PATH, RANGE};

    #[test]
    fn patterns_accept_what_they_name() {
        assert!(PATH.accepts("/v3/applyment4sub/applyment/"));
        assert!(PATH.accepts("/v3/payscore/serviceorder/{out_order_no}/cancel"));
        assert!(!PATH.accepts("/v3/../x") && !PATH.accepts("/v3//x") && !PATH.accepts("/v3/x?y=1"));
        assert!(HOST.accepts("apihk.mch.weixin.qq.com") && !HOST.accepts("https://a.com"));
        assert!(LENGTH.accepts("32") && LENGTH.accepts("1..32") && LENGTH.accepts("2.."));
        assert!(!LENGTH.accepts("..2") && !LENGTH.accepts("0"));
        assert!(RANGE.accepts("1..10") && RANGE.accepts("..10") && RANGE.accepts("-0.5.."));
        assert!(!RANGE.accepts("10") && !RANGE.accepts(".."));
        assert!(MEMBER_NAME.accepts("attach?") && MEMBER_NAME.accepts("附加"));
        assert!(
            !MEMBER_NAME.accepts("a?b") && !MEMBER_NAME.accepts("a b") && !MEMBER_NAME.accepts("?")
        );
    }
}
