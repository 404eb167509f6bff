//! A JSON text as its tokens, and the same value as other serializers write it.

use serde::de::IgnoredAny;
use serde_json::Value;

/// A piece of a JSON text. White space between tokens is no token.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Token<'a> {
    Open(char),
    Close(char),
    Colon,
    Comma,
    /// A text with its quotation marks.
    Text(&'a str),
    /// A number, `true`, `false` or `null`.
    Literal(&'a str),
}

/// Splits a JSON text into tokens, each with its offset. `None` if the text is not JSON.
pub(super) fn tokens(json: &[u8]) -> Option<Vec<(usize, Token<'_>)>> {
    let json = std::str::from_utf8(json).ok()?;
    serde_json::from_str::<IgnoredAny>(json).ok()?;
    let (mut tokens, mut at) = (Vec::new(), 0);
    while let Some(rest) = json.get(at..) {
        let Some(first) = rest.chars().next() else { break };
        let length = match first {
            '"' => text_length(rest)?,
            ' ' | '\t' | '\r' | '\n' | '{' | '}' | '[' | ']' | ':' | ',' => 1,
            _ => rest.find([' ', '\t', '\r', '\n', '}', ']', ',', ':']).unwrap_or(rest.len()),
        };
        let piece = rest.get(..length)?;
        let token = match first {
            ' ' | '\t' | '\r' | '\n' => None,
            '{' | '[' => Some(Token::Open(first)),
            '}' | ']' => Some(Token::Close(first)),
            ':' => Some(Token::Colon),
            ',' => Some(Token::Comma),
            '"' => Some(Token::Text(piece)),
            _ => Some(Token::Literal(piece)),
        };
        tokens.extend(token.map(|token| (at, token)));
        at += length;
    }
    Some(tokens)
}

/// Returns how many bytes a text has, with both quotation marks.
fn text_length(rest: &str) -> Option<usize> {
    let mut is_escaped = false;
    for (index, byte) in rest.bytes().enumerate().skip(1) {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' => is_escaped = true,
            b'"' => return Some(index + 1),
            _ => {}
        }
    }
    None
}

/// How a serializer writes the characters of a text.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Escapes {
    /// As the text has them.
    Same,
    /// Only what must be escaped: JavaScript, Java, Rust, Python with `ensure_ascii=False`.
    Least,
    /// `/` too: PHP with `JSON_UNESCAPED_UNICODE`.
    Slashes,
    /// Everything but ASCII, in lower-case hexadecimal: Python.
    Ascii,
    /// Everything but ASCII, and `/`: PHP.
    AsciiAndSlashes,
    /// `<`, `>` and `&`: Go.
    Html,
}

/// Where a serializer writes white space.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Spaces {
    None,
    /// After `,` and `:`, as Python does.
    Single,
    /// One member a line, with this indent.
    Lines(&'static str),
}

/// All serializers that are tried.
pub(super) const SPACES: [Spaces; 5] =
    [Spaces::None, Spaces::Single, Spaces::Lines("  "), Spaces::Lines("    "), Spaces::Lines("\t")];
pub(super) const ESCAPES: [Escapes; 5] =
    [Escapes::Least, Escapes::Slashes, Escapes::Ascii, Escapes::AsciiAndSlashes, Escapes::Html];

/// Writes tokens as another serializer does.
pub(super) fn write(tokens: &[(usize, Token<'_>)], spaces: Spaces, escapes: Escapes) -> String {
    let (mut text, mut depth) = (String::new(), 0_usize);
    let mut before = None;
    for (_, token) in tokens {
        let is_empty = matches!((before, token), (Some(Token::Open(_)), Token::Close(_)));
        let breaks = match (before, token) {
            (Some(Token::Open(_) | Token::Comma), _) if !is_empty => true,
            (_, Token::Close(_)) => !is_empty,
            _ => false,
        };
        if let Token::Close(_) = token {
            depth = depth.saturating_sub(1);
        }
        match spaces {
            Spaces::Lines(indent) if breaks => {
                text.push('\n');
                text.push_str(&indent.repeat(depth));
            }
            Spaces::Single if before == Some(Token::Comma) => text.push(' '),
            _ => {}
        }
        match token {
            Token::Open(bracket) => {
                depth += 1;
                text.push(*bracket);
            }
            Token::Close(bracket) => text.push(*bracket),
            Token::Comma => text.push(','),
            Token::Colon if spaces == Spaces::None => text.push(':'),
            Token::Colon => text.push_str(": "),
            Token::Literal(literal) => text.push_str(literal),
            Token::Text(quoted) => write_text(&mut text, quoted, escapes),
        }
        before = Some(*token);
    }
    text
}

/// Returns the JSON text with its members in alphabetical order.
pub(super) fn sorted(json: &[u8]) -> Option<String> {
    fn sort(value: &mut Value) {
        match value {
            Value::Object(members) => {
                let taken = std::mem::take(members);
                let mut pairs: Vec<_> = taken.into_iter().collect();
                pairs.sort_by(|(left, _), (right, _)| left.cmp(right));
                pairs.iter_mut().for_each(|(_, member)| sort(member));
                members.extend(pairs);
            }
            Value::Array(items) => items.iter_mut().for_each(sort),
            _ => {}
        }
    }
    let mut value: Value = serde_json::from_slice(json).ok()?;
    sort(&mut value);
    Some(value.to_string())
}

fn write_text(written: &mut String, quoted: &str, escapes: Escapes) {
    // Half a surrogate pair is no text, and stays as it is.
    let plain = serde_json::from_str::<String>(quoted).ok().filter(|_| escapes != Escapes::Same);
    let Some(plain) = plain else { return written.push_str(quoted) };
    let slashes = matches!(escapes, Escapes::Slashes | Escapes::AsciiAndSlashes);
    let ascii = matches!(escapes, Escapes::Ascii | Escapes::AsciiAndSlashes);
    let html = escapes == Escapes::Html;
    written.push('"');
    for character in plain.chars() {
        match character {
            '"' => written.push_str("\\\""),
            '\\' => written.push_str("\\\\"),
            '\n' => written.push_str("\\n"),
            '\r' => written.push_str("\\r"),
            '\t' => written.push_str("\\t"),
            '\u{8}' => written.push_str("\\b"),
            '\u{c}' => written.push_str("\\f"),
            '/' if slashes => written.push_str("\\/"),
            '<' | '>' | '&' if html => push_units(written, character),
            '\u{0}'..='\u{1f}' => push_units(written, character),
            _ if ascii && !character.is_ascii() => push_units(written, character),
            _ => written.push(character),
        }
    }
    written.push('"');
}

fn push_units(written: &mut String, character: char) {
    let mut units = [0; 2];
    for unit in character.encode_utf16(&mut units) {
        written.push_str(&format!("\\u{unit:04x}"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: &str = r#"{"b": [1, 2.50, {}], "a":"中/<\u6587\"", "c": null}"#;

    fn written(spaces: Spaces, escapes: Escapes) -> String {
        write(&tokens(BODY.as_bytes()).unwrap(), spaces, escapes)
    }

    #[test]
    fn serializers_differ_in_spaces_and_escapes() {
        assert_eq!(
            written(Spaces::None, Escapes::Least),
            r#"{"b":[1,2.50,{}],"a":"中/<文\"","c":null}"#
        );
        assert_eq!(
            written(Spaces::Single, Escapes::Ascii),
            r#"{"b": [1, 2.50, {}], "a": "\u4e2d/<\u6587\"", "c": null}"#
        );
        assert_eq!(
            written(Spaces::None, Escapes::AsciiAndSlashes),
            r#"{"b":[1,2.50,{}],"a":"\u4e2d\/<\u6587\"","c":null}"#
        );
        assert_eq!(
            written(Spaces::None, Escapes::Html),
            r#"{"b":[1,2.50,{}],"a":"中/\u003c文\"","c":null}"#
        );
        assert_eq!(
            written(Spaces::Lines("  "), Escapes::Same),
            "{\n  \"b\": [\n    1,\n    2.50,\n    {}\n  ],\n  \"a\": \"中/<\\u6587\\\"\",\n  \"c\": null\n}"
        );
        assert_eq!(sorted(BODY.as_bytes()).unwrap(), r#"{"a":"中/<文\"","b":[1,2.5,{}],"c":null}"#);
    }

    #[test]
    fn what_is_not_json_has_no_tokens() {
        for text in ["", "{", "\"a", "{\"a\"}", "\u{1}", "[1 2]"] {
            assert!(tokens(text.as_bytes()).is_none(), "{text}");
        }
        assert!(tokens(b"\xff").is_none());
        assert!(tokens(&[b'['; 100_000]).is_none(), "too deep");
    }
}
