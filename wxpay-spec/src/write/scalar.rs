//! Scalars as YAML text: which ones need quotes.

use std::fmt::Write as _;
use std::sync::LazyLock;

use regex_lite::Regex;

/// A scalar before it is quoted.
#[derive(Debug)]
pub(super) struct WrittenScalar {
    text: String,
    style: Style,
}

#[derive(Clone, Copy, Debug)]
enum Style {
    /// A number, a boolean or null: never quoted.
    Word,
    /// A text: quoted where YAML would misread it.
    Text,
    /// A regular expression: always quoted.
    Pattern,
}

/// The place of a scalar.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Context {
    /// The end of a line.
    Block,
    /// `{ … }` or `[ … ]`, where commas and brackets have a meaning.
    Flow,
}

/// Texts that some readers of YAML take for a number. YAML 1.1 had underscores and base 60.
static NUMBER: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let digits = "[0-9][0-9_]*";
    let exponent = "([eE][-+]?[0-9]+)?";
    let number = format!(
        r"^[-+]?(0[box][0-9a-fA-F_]+|{digits}{exponent}|({digits})?\.[0-9_]*{exponent}|{digits}(:[0-5]?[0-9])+(\.[0-9_]*)?|\.[iI][nN][fF]|\.[nN][aA][nN])$"
    );
    Regex::new(&number).ok()
});

/// Texts that some readers of YAML take for null, a boolean or a merge.
const WORDS: [&str; 9] = ["~", "null", "true", "false", "yes", "no", "on", "off", "<<"];

impl WrittenScalar {
    pub(super) fn word(text: impl Into<String>) -> Self {
        Self { text: text.into(), style: Style::Word }
    }

    pub(super) fn text(text: impl Into<String>) -> Self {
        Self { text: text.into(), style: Style::Text }
    }

    pub(super) fn pattern(text: impl Into<String>) -> Self {
        Self { text: text.into(), style: Style::Pattern }
    }

    pub(super) fn write(&self, out: &mut String, context: Context) {
        let plain = match self.style {
            Style::Word => true,
            Style::Text => is_plain(&self.text, context),
            Style::Pattern => false,
        };
        let single = matches!(self.style, Style::Pattern) || self.text.contains(['\\', '"']);
        if plain {
            out.push_str(&self.text);
        } else if single && self.text.chars().all(shows) {
            single_quoted(out, &self.text);
        } else {
            double_quoted(out, &self.text);
        }
    }
}

/// Whether a text means itself without quotes.
fn is_plain(text: &str, context: Context) -> bool {
    let mut letters = text.chars();
    let Some(first) = letters.next() else {
        return false;
    };
    let begins_well = match first {
        ',' | '[' | ']' | '{' | '}' | '#' | '&' | '*' | '!' | '|' | '>' | '\'' | '"' | '%'
        | '@' | '`' | '?' | ':' => false,
        '-' => letters.next().is_some_and(char::is_alphanumeric),
        _ => !first.is_whitespace(),
    };
    let ends_well = !text.ends_with(|last: char| last == ':' || last.is_whitespace());
    let has_mark = text.contains(": ") || text.contains(" #");
    let breaks_flow = context == Context::Flow && text.contains([',', '[', ']', '{', '}']);
    begins_well
        && ends_well
        && !has_mark
        && !breaks_flow
        && text.chars().all(shows)
        && !means_something(text, first)
}

/// Whether a reader of YAML may take the text for a number, a boolean or null.
fn means_something(text: &str, first: char) -> bool {
    if first.is_ascii_digit() || matches!(first, '+' | '-' | '.') {
        return NUMBER.as_ref().is_none_or(|number| number.is_match(text));
    }
    WORDS.iter().any(|word| word.eq_ignore_ascii_case(text))
}

/// Whether a character may be written on a line of YAML without an escape.
fn shows(letter: char) -> bool {
    let breaks_line = matches!(letter, '\u{85}' | '\u{2028}' | '\u{2029}');
    let is_no_text = matches!(letter, '\u{feff}' | '\u{fffe}' | '\u{ffff}');
    !letter.is_control() && !breaks_line && !is_no_text
}

fn single_quoted(out: &mut String, text: &str) {
    out.push('\'');
    out.push_str(&text.replace('\'', "''"));
    out.push('\'');
}

fn double_quoted(out: &mut String, text: &str) {
    out.push('"');
    for letter in text.chars() {
        match letter {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            _ if shows(letter) => out.push(letter),
            _ => escaped(out, letter),
        }
    }
    out.push('"');
}

fn escaped(out: &mut String, letter: char) {
    // Writing to a `String` does not fail.
    let _ = write!(out, "\\u{:04x}", u32::from(letter));
}
