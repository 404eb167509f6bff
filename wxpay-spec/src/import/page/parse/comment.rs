//! Comments: what they say about the declaration beside them.

use tree_sitter::{Node, Point};

use super::code::{Code, Piece};
use super::markdown::official;

/// Beginnings of comments for the site's tools, which say nothing to a reader.
const MACHINERY: [&str; 5] = ["[!code", "^", "@filename", "---cut", "<reference"];

/// A comment with its place in the block.
#[derive(Debug)]
pub(in crate::import::page) struct Comment {
    pub(in crate::import::page) start: usize,
    pub(in crate::import::page) end: usize,
    pub(in crate::import::page) at: Point,
    text: String,
}

/// The content of the comments beside a declaration.
#[derive(Debug, Default)]
pub(in crate::import::page) struct Doc {
    pub(in crate::import::page) title: Option<String>,
    pub(in crate::import::page) note: Option<String>,
    pub(in crate::import::page) example: Option<String>,
    pub(in crate::import::page) deprecated: Option<String>,
    pub(in crate::import::page) links: Vec<String>,
}

impl Comment {
    /// Reads a comment; `None` if it is for tools or empty.
    pub(in crate::import::page) fn read(node: Node<'_>, text: &str) -> Option<Self> {
        let comment = Self {
            start: node.start_byte(),
            end: node.end_byte(),
            at: node.start_position(),
            text: text.get(node.byte_range())?.to_owned(),
        };
        let lines = comment.lines();
        let first = lines.first()?;
        (!MACHINERY.iter().any(|word| first.starts_with(word))).then_some(comment)
    }

    /// The lines without comment signs, and without empty lines.
    pub(in crate::import::page) fn lines(&self) -> Vec<&str> {
        let text = self.text.trim_start_matches('/').trim_end_matches("*/");
        let lines = text.lines().map(|line| line.trim().trim_start_matches('*').trim());
        lines.filter(|line| !line.is_empty()).collect()
    }
}

impl Doc {
    pub(in crate::import::page) fn of(piece: &Piece<'_>) -> Self {
        let code = piece.code();
        let before: Vec<&Comment> = before(piece, code);
        let comments = if before.is_empty() { behind(piece, code) } else { before };
        let mut doc = Self::default();
        for comment in comments {
            code.mark_used(comment);
            for line in comment.lines() {
                doc.add(line, piece);
            }
        }
        doc
    }

    fn add(&mut self, line: &str, piece: &Piece<'_>) {
        // `{@link …}` is a tag inside a sentence.
        let inline = line.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
        let line = inline.filter(|rest| rest.starts_with('@')).unwrap_or(line);
        let (tag, rest) = match line.strip_prefix('@') {
            Some(tagged) => tagged.split_once(char::is_whitespace).unwrap_or((tagged, "")),
            None => ("", line),
        };
        let rest = rest.trim().to_owned();
        match tag {
            "" | "description" if rest.is_empty() => {}
            "" | "description" if self.title.is_none() => self.title = Some(rest),
            "" | "description" => {
                let note = self.note.get_or_insert_default();
                if !note.is_empty() {
                    note.push(' ');
                }
                note.push_str(&rest);
            }
            "link" | "see" => self.link(&rest, piece),
            "example" => self.example = Some(rest).filter(|rest| !rest.is_empty()),
            "deprecated" => self.deprecated = Some(rest),
            tag => piece.remark(format!("unknown tag `@{tag}`: left out: {rest}")),
        }
    }
}

impl Doc {
    /// Takes an official page. Words behind the URL are its name.
    fn link(&mut self, text: &str, piece: &Piece<'_>) {
        let url = text.split([' ', '|', '\t']).next().unwrap_or_default();
        match official(url) {
            Some(page) => self.links.push(page),
            None => piece.remark(format!("the link `{text}` is not an official page: left out")),
        }
    }
}

/// Finds the comments right above a piece, or before it on its line.
fn before<'c>(piece: &Piece<'_>, code: &'c Code<'_>) -> Vec<&'c Comment> {
    let mut found = Vec::new();
    let mut start = piece.start();
    let earlier = code.comments.partition_point(|comment| comment.end <= start);
    for comment in code.comments.iter().take(earlier).rev() {
        let between = code.slice(comment.end, start);
        if !is_nothing(between, "|") || between.matches('\n').count() > 1 {
            break;
        }
        if between.contains('\n') && !is_nothing(line_before(comment, code), "|") {
            break;
        }
        found.push(comment);
        start = comment.start;
    }
    found.reverse();
    found
}

/// Finds the comment behind a piece that is alone on its line.
fn behind<'c>(piece: &Piece<'_>, code: &'c Code<'_>) -> Vec<&'c Comment> {
    let at = code.comments.partition_point(|comment| comment.start < piece.end());
    let comment = code.comments.get(at).filter(|comment| {
        let between = code.slice(piece.end(), comment.start);
        is_nothing(between, ",;|")
            && !between.contains('\n')
            && is_nothing(piece.line_before(), "|")
    });
    comment.into_iter().collect()
}

fn line_before<'c>(comment: &Comment, code: &'c Code<'_>) -> &'c str {
    code.slice(comment.start.saturating_sub(comment.at.column), comment.start)
}

/// Whether a text is space and signs only. Its end is looked at first, where something is more often.
fn is_nothing(text: &str, signs: &str) -> bool {
    text.chars().rev().all(|letter| letter.is_whitespace() || signs.contains(letter))
}
