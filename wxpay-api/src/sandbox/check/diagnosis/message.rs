//! A message that a client may have signed: its five parts, and how they are put together.

use std::collections::BTreeSet;

use super::shown::{self, ShownText};

/// Five parts in a shape. The right message has the shape [`Shape::Lines`].
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct SignedParts<'a> {
    pub(super) method: &'a str,
    pub(super) target: &'a str,
    pub(super) timestamp: &'a str,
    pub(super) nonce: &'a str,
    pub(super) body: &'a [u8],
    pub(super) shape: Shape,
}

/// How the parts are put together.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Shape {
    /// A line feed after each part: the right one.
    Lines,
    /// No line feed after the last part.
    NoLastNewline,
    /// Neither the last part nor a line feed for it.
    FourLines,
    /// As [`Shape::FourLines`], without the line feed after the nonce.
    FourLinesBare,
    /// Another empty line.
    OneMore,
    CrLf,
    CrLfBetween,
    /// A backslash and `n` after each part.
    Escaped,
    EscapedBetween,
    /// Nothing between the parts.
    Joined,
    JoinedBySpaces,
    /// Timestamp, nonce and body: the order of a response.
    Response,
    /// Method, URL, nonce, timestamp, body.
    NonceFirst,
    /// URL before the method.
    UrlFirst,
}

impl Shape {
    /// All wrong shapes, the likely ones first.
    pub(super) const WRONG: [Self; 13] = [
        Self::NoLastNewline,
        Self::FourLines,
        Self::FourLinesBare,
        Self::CrLf,
        Self::Escaped,
        Self::Response,
        Self::NonceFirst,
        Self::OneMore,
        Self::EscapedBetween,
        Self::CrLfBetween,
        Self::Joined,
        Self::JoinedBySpaces,
        Self::UrlFirst,
    ];
}

/// One of the parts.
#[derive(Clone, Copy)]
enum Part {
    Method,
    Target,
    Timestamp,
    Nonce,
    Body,
}

impl SignedParts<'_> {
    /// Returns the bytes that are signed.
    pub(super) fn bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(self.length());
        self.pieces(|piece| bytes.extend_from_slice(piece));
        bytes
    }

    /// Returns how many bytes are signed.
    pub(super) fn length(&self) -> usize {
        let mut length = 0;
        self.pieces(|piece| length += piece.len());
        length
    }

    /// Calls `push` with each piece of the bytes that are signed.
    pub(super) fn pieces(&self, mut push: impl FnMut(&[u8])) {
        self.assemble(|piece| match piece {
            Ok(Part::Body) => push(self.body),
            Ok(part) => push(self.text(part).as_bytes()),
            Err(between) => push(between.as_bytes()),
        });
    }

    /// Returns the message as people may see it.
    pub(super) fn shown(&self, secrets: &BTreeSet<String>) -> ShownText {
        let mut shown = ShownText::default();
        self.assemble(|piece| match piece {
            Ok(Part::Target) => shown.append(&shown::target(self.target)),
            Ok(Part::Body) => shown.append(&shown::body(self.body, secrets)),
            Ok(part) => shown.push(self.text(part).as_bytes()),
            Err(between) => shown.push(between.as_bytes()),
        });
        shown
    }

    fn text(&self, part: Part) -> &str {
        match part {
            Part::Method => self.method,
            Part::Target => self.target,
            Part::Timestamp => self.timestamp,
            Part::Nonce => self.nonce,
            Part::Body => "",
        }
    }

    /// Calls `push` with each part, and with what is between and after the parts.
    fn assemble(&self, mut push: impl FnMut(Result<Part, &str>)) {
        use Part::{Body, Method, Nonce, Target, Timestamp};
        let parts: &[Part] = match self.shape {
            Shape::FourLines | Shape::FourLinesBare => &[Method, Target, Timestamp, Nonce],
            Shape::Response => &[Timestamp, Nonce, Body],
            Shape::NonceFirst => &[Method, Target, Nonce, Timestamp, Body],
            Shape::UrlFirst => &[Target, Method, Timestamp, Nonce, Body],
            _ => &[Method, Target, Timestamp, Nonce, Body],
        };
        let (between, end) = match self.shape {
            Shape::NoLastNewline | Shape::FourLinesBare => ("\n", ""),
            Shape::OneMore => ("\n", "\n\n"),
            Shape::CrLf => ("\r\n", "\r\n"),
            Shape::CrLfBetween => ("\r\n", ""),
            Shape::Escaped => ("\\n", "\\n"),
            Shape::EscapedBetween => ("\\n", ""),
            Shape::Joined => ("", ""),
            Shape::JoinedBySpaces => (" ", ""),
            _ => ("\n", "\n"),
        };
        for (index, part) in parts.iter().enumerate() {
            push(Ok(*part));
            push(Err(if index + 1 == parts.len() { end } else { between }));
        }
    }
}
