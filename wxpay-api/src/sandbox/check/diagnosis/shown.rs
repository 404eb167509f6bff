//! Messages as people may see them: secrets, links and tokens are replaced, all other bytes stay.

use std::collections::BTreeSet;

use super::json_forms::{Token, tokens};
use crate::client::redaction::{REDACTED, is_sensitive_name, is_sensitive_value};

/// A longer body is not shown.
const LONGEST_BODY: usize = 64 << 10;

/// A text with pieces of it replaced.
#[derive(Clone, Debug, Default)]
pub(super) struct ShownText {
    pub(super) text: String,
    /// How many bytes the original has.
    original: usize,
    replaced: Vec<Replaced>,
}

/// A replaced piece: its place in the original, and in the text.
#[derive(Clone, Copy, Debug)]
struct Replaced {
    start: usize,
    end: usize,
    shown: usize,
    shown_end: usize,
}

impl ShownText {
    /// Adds bytes as they are.
    pub(super) fn push(&mut self, bytes: &[u8]) {
        match std::str::from_utf8(bytes) {
            Ok(text) => {
                self.original += bytes.len();
                self.text.push_str(text);
            }
            Err(_) => self.replace(bytes.len(), &format!("[{} bytes]", bytes.len())),
        }
    }

    /// Adds a piece of so many bytes that is replaced.
    fn replace(&mut self, length: usize, by: &str) {
        let (start, shown) = (self.original, self.text.len());
        self.original += length;
        self.text.push_str(by);
        let (end, shown_end) = (self.original, self.text.len());
        self.replaced.push(Replaced { start, end, shown, shown_end });
    }

    /// Adds another text.
    pub(super) fn append(&mut self, other: &Self) {
        let (start, shown) = (self.original, self.text.len());
        self.replaced.extend(other.replaced.iter().map(|piece| Replaced {
            start: piece.start + start,
            end: piece.end + start,
            shown: piece.shown + shown,
            shown_end: piece.shown_end + shown,
        }));
        self.text.push_str(&other.text);
        self.original += other.original;
    }

    /// Returns the line and the column, from 1, at which an offset of the original is shown.
    pub(super) fn position(&self, offset: usize) -> (usize, usize) {
        let before = self.replaced.iter().rev().find(|piece| piece.start <= offset);
        let mut shown = match before {
            None => offset,
            Some(piece) if offset < piece.end => piece.shown,
            Some(piece) => piece.shown_end.saturating_add(offset - piece.end),
        };
        shown = shown.min(self.text.len());
        while !self.text.is_char_boundary(shown) {
            shown -= 1;
        }
        let before = self.text.get(..shown).unwrap_or_default();
        let line = before.rsplit('\n').next().unwrap_or_default();
        (before.matches('\n').count() + 1, line.chars().count() + 1)
    }
}

/// Shows a URL without the values of sensitive parameters.
pub(super) fn target(target: &str) -> ShownText {
    let mut shown = ShownText::default();
    let (path, query) = match target.split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (target, None),
    };
    shown.push(path.as_bytes());
    let Some(query) = query else { return shown };
    shown.push(b"?");
    for (index, pair) in query.split('&').enumerate() {
        if index > 0 {
            shown.push(b"&");
        }
        match pair.split_once('=') {
            Some((name, value)) if is_sensitive(name, value) => {
                shown.push(name.as_bytes());
                shown.push(b"=");
                shown.replace(value.len(), REDACTED);
            }
            // A decoded value may contain `&`, and its rest looks like this.
            None if !pair.is_empty() => shown.replace(pair.len(), REDACTED),
            _ => shown.push(pair.as_bytes()),
        }
    }
    shown
}

fn is_sensitive(name: &str, value: &str) -> bool {
    let decoded = percent_encoding::percent_decode_str(value).decode_utf8_lossy();
    is_sensitive_name(name) || is_sensitive_value(&decoded)
}

/// Shows a body: a JSON object without its secrets, of anything else the length.
pub(super) fn body(body: &[u8], secrets: &BTreeSet<String>) -> ShownText {
    let mut shown = ShownText::default();
    if body.is_empty() {
        return shown;
    }
    let tokens = tokens(body).filter(|_| body.len() <= LONGEST_BODY);
    let tokens = tokens.filter(|it| matches!(it.first(), Some((_, Token::Open('{')))));
    let Some(tokens) = tokens else {
        // Constants that clients sign in place of no body.
        match body {
            b"null" | b"undefined" | b"[]" | b"\"\"" => shown.push(body),
            _ => shown.replace(body.len(), &format!("[{} bytes]", body.len())),
        }
        return shown;
    };
    let mut walk = Walk { secrets, frames: Vec::new() };
    let mut at = 0;
    for (index, (offset, token)) in tokens.iter().enumerate() {
        let is_key = matches!(tokens.get(index + 1), Some((_, Token::Colon)));
        let hides = walk.step(token, is_key);
        let length = match token {
            Token::Text(piece) | Token::Literal(piece) => piece.len(),
            _ => 1,
        };
        if hides {
            shown.push(body.get(at..*offset).unwrap_or_default());
            shown.replace(length, &format!("\"{REDACTED}\""));
            at = offset + length;
        }
    }
    shown.push(body.get(at..).unwrap_or_default());
    shown
}

/// The way through a JSON text.
struct Walk<'s> {
    secrets: &'s BTreeSet<String>,
    frames: Vec<Frame>,
}

/// An object or a list on the way.
struct Frame {
    /// The path of the member that is read now, with `[]` for the elements of lists.
    path: String,
    parent: String,
    /// Whether the name of this member, or of one around it, is sensitive.
    is_sensitive: bool,
    around: bool,
}

impl Walk<'_> {
    /// Takes the next token. Returns whether it is a value that must be hidden.
    fn step(&mut self, token: &Token<'_>, is_key: bool) -> bool {
        match token {
            Token::Open(bracket) => {
                let (parent, around) = match self.frames.last() {
                    Some(frame) => (frame.path.clone(), frame.is_sensitive),
                    None => (String::new(), false),
                };
                let parent = if *bracket == '[' { format!("{parent}[]") } else { parent };
                let path = parent.clone();
                self.frames.push(Frame { path, parent, is_sensitive: around, around });
                false
            }
            Token::Close(_) => {
                self.frames.pop();
                false
            }
            Token::Text(quoted) if is_key => {
                let name = serde_json::from_str::<String>(quoted).unwrap_or_default();
                if let Some(frame) = self.frames.last_mut() {
                    let dot = if frame.parent.is_empty() { "" } else { "." };
                    frame.path = format!("{}{dot}{name}", frame.parent);
                    frame.is_sensitive = frame.around || is_sensitive_name(&name);
                }
                false
            }
            Token::Text(quoted) => self.hides_text(quoted),
            Token::Literal(literal) => *literal != "null" && self.hides_place(),
            Token::Colon | Token::Comma => false,
        }
    }

    fn hides_place(&self) -> bool {
        self.frames.last().is_some_and(|frame| {
            let is_around = |secret: &String| {
                let rest = secret.strip_prefix(frame.path.as_str());
                rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
            };
            frame.is_sensitive || self.secrets.iter().any(is_around)
        })
    }

    fn hides_text(&self, quoted: &str) -> bool {
        let Ok(text) = serde_json::from_str::<String>(quoted) else { return true };
        // A text that is JSON itself may have secrets inside.
        let is_json = text.trim_start().starts_with(['{', '[']);
        self.hides_place() || is_json || is_sensitive_value(&text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_replaced_and_all_else_stays() {
        let secrets = BTreeSet::from(["list[].name".to_owned(), "phone".to_owned()]);
        let json = r#"{ "phone":"139", "list" : [ {"name": "张三", "id":1}, {"name":null} ], "notify_url":"https:\/\/a",
            "package": {"a": 1, "b": ["x"]}, "text":"中", "inside": "{\"a\":1}" }"#;
        let shown = body(json.as_bytes(), &secrets);
        let expected = r#"{ "phone":"[redacted]", "list" : [ {"name": "[redacted]", "id":1}, {"name":null} ], "notify_url":"[redacted]",
            "package": {"a": "[redacted]", "b": ["[redacted]"]}, "text":"中", "inside": "[redacted]" }"#;
        assert_eq!(shown.text, expected);
        let offset = json.find("\"text\"").unwrap();
        let column = expected.lines().nth(1).unwrap().find("\"text\"").unwrap() + 1;
        assert_eq!(shown.position(offset), (2, column));
        assert_eq!(shown.position(json.find("39").unwrap()), (1, 11), "inside of a replaced text");
        assert_eq!(shown.position(usize::MAX).0, 2);
    }

    #[test]
    fn bodies_that_are_no_object_have_a_length() {
        let none = BTreeSet::new();
        assert_eq!(body(b"", &none).text, "");
        assert_eq!(body(b"null", &none).text, "null");
        assert_eq!(body(b"secret", &none).text, "[6 bytes]");
        assert_eq!(body(b"[\"secret\"]", &none).text, "[10 bytes]");
        assert_eq!(body(b"\xff\xfe", &none).text, "[2 bytes]");
    }

    #[test]
    fn sensitive_parameters_are_replaced() {
        let shown = target("/v3/a?mchid=1&token=abc&url=x&b");
        assert_eq!(shown.text, "/v3/a?mchid=1&token=[redacted]&url=[redacted]&[redacted]");
    }
}
