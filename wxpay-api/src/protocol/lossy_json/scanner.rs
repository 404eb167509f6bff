//! Scans a document that may be broken, member by member, without recursion.

use serde_json::Value;

use super::Repair;
use super::text::{Text, TextReader};
use crate::protocol::excerpt::excerpt;

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// How deep containers may be nested. `serde_json` reads 127 levels.
const DEEPEST: usize = 100;

/// Reads a document once, writes it as strict JSON, and notes the repairs.
pub(super) struct Scanner<'a> {
    input: &'a [u8],
    at: usize,
    /// The positions where a backslash before a quotation mark is the last character of its text.
    cut: &'a [usize],
    frames: Vec<Frame>,
    written: Vec<u8>,
    repairs: Vec<Repair>,
    /// The number of open containers around a value that is left out.
    left_out: Option<usize>,
    escaped_quote: Option<usize>,
}

/// The structure is broken, so that the scan stops.
pub(super) struct Broken {
    /// The last escaped quotation mark of the latest text. It may be the real end of that text.
    pub(super) escaped_quote: Option<usize>,
}

/// How many repairs are listed. A document may have millions, each with a long path.
const MOST_REPAIRS: usize = 100;

/// A container, and the member that is being read.
enum Frame {
    Object(String),
    List(usize),
}

/// The token that the grammar allows next.
#[derive(Clone, Copy)]
enum Expect {
    Value,
    ValueOrEnd,
    Key,
    KeyOrEnd,
    Colon,
    CommaOrEnd,
    Nothing,
}

impl<'a> Scanner<'a> {
    pub(super) fn new(input: &'a [u8], cut: &'a [usize]) -> Self {
        Self {
            input,
            at: 0,
            cut,
            frames: Vec::new(),
            written: Vec::new(),
            repairs: Vec::new(),
            left_out: None,
            escaped_quote: None,
        }
    }

    /// Returns the document as strict JSON, and the repairs.
    pub(super) fn repaired(mut self) -> Result<(Vec<u8>, Vec<Repair>), Broken> {
        match self.document() {
            Some(()) => Ok((self.written, self.repairs)),
            None => Err(Broken { escaped_quote: self.escaped_quote }),
        }
    }

    /// Reads the whole document. `None` where the structure is broken.
    fn document(&mut self) -> Option<()> {
        if self.input.starts_with(BYTE_ORDER_MARK) {
            self.at = BYTE_ORDER_MARK.len();
            self.note("JSON", "a byte order mark");
        }
        let mut expect = Expect::Value;
        loop {
            while matches!(self.peek(), Some(b' ' | b'\t' | b'\r' | b'\n')) {
                self.at += 1;
            }
            expect = match self.peek() {
                Some(byte) => self.token(expect, byte)?,
                None if matches!(expect, Expect::Nothing) => return Some(()),
                None => return None,
            };
        }
    }

    /// Reads one token, and returns what may follow.
    fn token(&mut self, expect: Expect, byte: u8) -> Option<Expect> {
        match (expect, byte, self.frames.last()) {
            (Expect::KeyOrEnd, b'}', _)
            | (Expect::ValueOrEnd, b']', _)
            | (Expect::CommaOrEnd, b'}', Some(Frame::Object(_)))
            | (Expect::CommaOrEnd, b']', Some(Frame::List(_))) => Some(self.close(byte)),
            (Expect::Value | Expect::ValueOrEnd, b'{', _) => {
                Some(self.open(Frame::Object(String::new()), Expect::KeyOrEnd))
            }
            (Expect::Value | Expect::ValueOrEnd, b'[', _) => {
                Some(self.open(Frame::List(0), Expect::ValueOrEnd))
            }
            (Expect::Value | Expect::ValueOrEnd, b'"', _) => {
                let text = self.text()?;
                self.write_text(&text);
                Some(self.after_value())
            }
            (Expect::Value | Expect::ValueOrEnd, _, _) => self.scalar(),
            (Expect::Key | Expect::KeyOrEnd, b'"', Some(Frame::Object(_))) => {
                let key = self.text()?;
                if let Some(Frame::Object(name)) = self.frames.last_mut() {
                    *name = serde_json::from_slice(&key.json).unwrap_or_default();
                }
                self.write_text(&key);
                Some(Expect::Colon)
            }
            (Expect::Colon, b':', _) => Some(self.separator(byte, Expect::Value)),
            (Expect::CommaOrEnd, b',', Some(Frame::Object(_))) => {
                Some(self.separator(byte, Expect::Key))
            }
            (Expect::CommaOrEnd, b',', Some(Frame::List(_))) => {
                if let Some(Frame::List(index)) = self.frames.last_mut() {
                    *index += 1;
                }
                Some(self.separator(byte, Expect::Value))
            }
            _ => None,
        }
    }

    fn open(&mut self, frame: Frame, next: Expect) -> Expect {
        if self.frames.len() == DEEPEST && self.left_out.is_none() {
            self.note("a value", "values nested too deeply");
            self.write(b"null");
            self.left_out = Some(self.frames.len());
        }
        let byte = match frame {
            Frame::Object(_) => b'{',
            Frame::List(_) => b'[',
        };
        self.frames.push(frame);
        self.separator(byte, next)
    }

    fn close(&mut self, byte: u8) -> Expect {
        self.frames.pop();
        self.separator(byte, Expect::Nothing);
        if self.left_out == Some(self.frames.len()) {
            self.left_out = None;
        }
        self.after_value()
    }

    fn separator(&mut self, byte: u8, next: Expect) -> Expect {
        self.write(&[byte]);
        self.at += 1;
        next
    }

    fn after_value(&self) -> Expect {
        if self.frames.is_empty() { Expect::Nothing } else { Expect::CommaOrEnd }
    }

    /// Reads a number or a word. A number that JSON does not have becomes a text, which keeps its digits.
    fn scalar(&mut self) -> Option<Expect> {
        let rest = self.input.get(self.at..).unwrap_or_default();
        let length = rest.iter().position(|byte| is_delimiter(*byte)).unwrap_or(rest.len());
        let token = str::from_utf8(rest.get(..length)?).ok()?;
        match serde_json::from_str::<Value>(token) {
            Ok(_) => self.write(token.as_bytes()),
            Err(_) if is_like_a_number(token) => {
                self.note("a number", "a number that JSON does not have");
                self.write(format!("\"{token}\"").as_bytes());
            }
            Err(_) => return None,
        }
        self.at += length;
        Some(self.after_value())
    }

    /// Reads a text to its end. `None` where the text has no end.
    fn text(&mut self) -> Option<Text> {
        let mut reader = TextReader::new(self.input, self.at, self.cut);
        let text = reader.read();
        self.at = reader.at;
        self.escaped_quote = reader.escaped_quote;
        text
    }

    fn peek(&self) -> Option<u8> {
        self.input.get(self.at).copied()
    }

    fn write_text(&mut self, text: &Text) {
        if text.is_broken {
            self.note("a text", "broken text");
        }
        self.write(&text.json);
    }

    fn write(&mut self, bytes: &[u8]) {
        if self.left_out.is_none() {
            self.written.extend_from_slice(bytes);
        }
    }

    fn note(&mut self, expected: &'static str, found: &'static str) {
        if self.left_out.is_some() || self.repairs.len() > MOST_REPAIRS {
            return;
        }
        let (path, found) = match self.repairs.len() {
            MOST_REPAIRS => (String::new(), "more broken texts"),
            _ => (self.path(), found),
        };
        self.repairs.push(Repair { path, expected, found });
    }

    /// The key path of the value that is being read.
    fn path(&self) -> String {
        let mut path = String::new();
        for frame in &self.frames {
            match frame {
                Frame::Object(key) => {
                    if !path.is_empty() {
                        path.push('.');
                    }
                    path.push_str(&excerpt(key));
                }
                Frame::List(index) => path.push_str(&format!("[{index}]")),
            }
        }
        path
    }
}

fn is_delimiter(byte: u8) -> bool {
    matches!(byte, b',' | b':' | b'[' | b']' | b'{' | b'}' | b'"' | b' ' | b'\t' | b'\r' | b'\n')
}

/// Whether a token is a number that other languages print: too large, with a plus sign, with leading zeros, or NaN.
fn is_like_a_number(token: &str) -> bool {
    let unsigned = token.trim_start_matches(['+', '-']).to_ascii_lowercase();
    let is_digits = |byte: u8| byte.is_ascii_digit() || matches!(byte, b'.' | b'e' | b'+' | b'-');
    matches!(unsigned.as_str(), "nan" | "inf" | "infinity")
        || unsigned.starts_with(|first: char| first.is_ascii_digit() || first == '.')
            && unsigned.bytes().all(is_digits)
}
