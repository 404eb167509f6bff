use tree_sitter::Node;

use super::code::Code;
use super::piece::Piece;

/// What directs the site's tools, and says nothing to a reader.
const MACHINERY: [&str; 5] = ["[!code", "^", "@filename", "---cut", "<reference"];

/// A comment with its place in the block.
#[derive(Debug)]
pub(super) struct Comment {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) row: usize,
    text: String,
}

/// What the comments beside a declaration say.
#[derive(Debug, Default)]
pub(super) struct Doc {
    pub(super) title: Option<String>,
    pub(super) note: Option<String>,
    pub(super) example: Option<String>,
    pub(super) deprecated: Option<String>,
    pub(super) links: Vec<String>,
}

impl Comment {
    /// None if it is no comment for people.
    pub(super) fn read(node: Node<'_>, text: &str) -> Option<Self> {
        let comment = Self {
            start: node.start_byte(),
            end: node.end_byte(),
            row: node.start_position().row,
            text: text.get(node.byte_range())?.to_owned(),
        };
        let lines = comment.lines();
        let first = lines.first()?;
        (!MACHINERY.iter().any(|word| first.starts_with(word))).then_some(comment)
    }

    /// Its lines without the signs that make it a comment, and without empty ones.
    pub(super) fn lines(&self) -> Vec<&str> {
        let text = self.text.trim_start_matches('/').trim_end_matches("*/");
        let lines = text.lines().map(|line| line.trim().trim_start_matches('*').trim());
        lines.filter(|line| !line.is_empty()).collect()
    }
}

impl Doc {
    pub(super) fn of(piece: &Piece<'_>) -> Self {
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
        let (tag, rest) = match line.strip_prefix('@') {
            Some(tagged) => tagged.split_once(char::is_whitespace).unwrap_or((tagged, "")),
            None => ("", line),
        };
        let rest = rest.trim().to_owned();
        match tag {
            "" | "description" if self.title.is_none() => self.title = Some(rest),
            "" | "description" => {
                let note = self.note.get_or_insert_default();
                if !note.is_empty() {
                    note.push(' ');
                }
                note.push_str(&rest);
            }
            "link" | "see" => self.links.push(rest),
            "example" => self.example = Some(rest),
            "deprecated" => self.deprecated = Some(rest),
            tag => piece.remark(format!("`@{tag}` is not understood: left out: {rest}")),
        }
    }
}

/// The comments right above a piece, or before it on its line.
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

/// The comment behind a piece that has its line for itself.
fn behind<'c>(piece: &Piece<'_>, code: &'c Code<'_>) -> Vec<&'c Comment> {
    let at = code.comments.partition_point(|comment| comment.start < piece.end());
    let comment = code.comments.get(at).filter(|comment| {
        let between = code.slice(piece.end(), comment.start);
        let line = code.slice(0, piece.start()).rsplit('\n').next().unwrap_or_default();
        is_nothing(between, ",;|") && !between.contains('\n') && is_nothing(line, "|")
    });
    comment.into_iter().collect()
}

fn line_before<'c>(comment: &Comment, code: &'c Code<'_>) -> &'c str {
    code.slice(0, comment.start).rsplit('\n').next().unwrap_or_default()
}

fn is_nothing(text: &str, signs: &str) -> bool {
    text.chars().all(|letter| letter.is_whitespace() || signs.contains(letter))
}
