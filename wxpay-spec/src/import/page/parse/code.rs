//! Blocks of TypeScript: their syntax trees, the pieces of a tree, and the comments beside a piece.

use std::cell::RefCell;
use std::collections::BTreeSet;

use tree_sitter::{Node, Parser, Tree};

use super::Remarks;
use super::markdown::Block;
use crate::import::ImportError;

/// A block of TypeScript and its tree.
#[derive(Debug)]
pub(in crate::import::page) struct Code<'p> {
    pub(in crate::import::page) text: &'p str,
    pub(in crate::import::page) comments: Vec<Comment>,
    tree: Tree,
    line: usize,
    remarks: &'p Remarks,
    /// The comments that are in the descriptor, by their start.
    used: RefCell<BTreeSet<usize>>,
}

impl<'p> Code<'p> {
    pub(in crate::import::page) fn parse(
        block: &'p Block,
        remarks: &'p Remarks,
    ) -> Result<Self, ImportError> {
        let mut parser = Parser::new();
        let language = tree_sitter_typescript::LANGUAGE_TYPESCRIPT.into();
        let tree = match parser.set_language(&language) {
            Ok(()) => parser.parse(&block.text, None),
            Err(_) => None,
        };
        let Some(tree) = tree else {
            return Err(ImportError::at(block.line, 1, "the TypeScript cannot be parsed"));
        };
        let comments = inspect(&tree, block)?;
        let used = RefCell::default();
        Ok(Self { text: &block.text, comments, tree, line: block.line, remarks, used })
    }

    pub(in crate::import::page) fn root(&self) -> Piece<'_> {
        Piece::new(self.tree.root_node(), self)
    }

    /// Converts a row of the block to a line of the page.
    pub(in crate::import::page) fn line(&self, row: usize) -> usize {
        self.line + row
    }

    pub(in crate::import::page) fn slice(&self, from: usize, to: usize) -> &str {
        self.text.get(from..to).unwrap_or_default()
    }

    pub(in crate::import::page) fn remark(&self, row: usize, what: impl Into<String>) {
        self.remarks.add(self.line(row), what);
    }

    pub(in crate::import::page) fn mark_used(&self, comment: &Comment) {
        self.used.borrow_mut().insert(comment.start);
    }

    /// Remarks the comments that were not used, except for those inside some pieces.
    pub(in crate::import::page) fn remark_unused(&self, except: &[Piece<'_>]) {
        let used = self.used.borrow();
        for comment in self.comments.iter().filter(|comment| !used.contains(&comment.start)) {
            let is_inside =
                |piece: &Piece<'_>| piece.start() <= comment.start && comment.end <= piece.end();
            if !except.iter().any(is_inside) {
                let text = comment.lines().join(" ");
                let what = format!("a comment without a member: left out: {text}");
                self.remark(comment.row, what);
            }
        }
    }
}

/// Visits the whole tree without recursion: finds the comments, or the first mistake.
fn inspect(tree: &Tree, block: &Block) -> Result<Vec<Comment>, ImportError> {
    let mut comments = Vec::new();
    let mut cursor = tree.walk();
    loop {
        let node = cursor.node();
        if node.is_missing() || is_innermost_error(node) {
            return Err(mistake(node, block));
        }
        if node.kind() == "comment" {
            comments.extend(Comment::read(node, &block.text));
        }
        if cursor.goto_first_child() {
            continue;
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                return Ok(comments);
            }
        }
    }
}

/// Whether a node is an error without further errors inside, so that its place is exact.
fn is_innermost_error(node: Node<'_>) -> bool {
    let mut cursor = node.walk();
    node.is_error() && !node.children(&mut cursor).any(|child| child.has_error())
}

fn mistake(node: Node<'_>, block: &Block) -> ImportError {
    let at = node.start_position();
    let before = block.text.lines().nth(at.row).and_then(|line| line.get(..at.column));
    let column = before.unwrap_or_default().chars().count() + 1;
    let message = if node.is_missing() {
        format!("not TypeScript: `{}` is missing here", node.kind())
    } else {
        let text = block.text.get(node.byte_range()).unwrap_or_default();
        let text = text.lines().next().unwrap_or_default();
        format!("not TypeScript: unexpected `{}`", text.trim())
    };
    ImportError::at(block.line + at.row, column, message)
}

/// A node of a block's tree.
#[derive(Clone, Copy, Debug)]
pub(in crate::import::page) struct Piece<'c> {
    node: Node<'c>,
    code: &'c Code<'c>,
}

impl<'c> Piece<'c> {
    pub(in crate::import::page) fn new(node: Node<'c>, code: &'c Code<'c>) -> Self {
        Self { node, code }
    }

    pub(in crate::import::page) fn kind(&self) -> &'c str {
        self.node.kind()
    }

    pub(in crate::import::page) fn text(&self) -> &'c str {
        self.code.slice(self.start(), self.end())
    }

    pub(in crate::import::page) fn start(&self) -> usize {
        self.node.start_byte()
    }

    pub(in crate::import::page) fn end(&self) -> usize {
        self.node.end_byte()
    }

    pub(in crate::import::page) fn code(&self) -> &'c Code<'c> {
        self.code
    }

    pub(in crate::import::page) fn field(&self, name: &str) -> Option<Self> {
        self.node.child_by_field_name(name).map(|node| Self { node, ..*self })
    }

    /// The child nodes without punctuation and comments.
    pub(in crate::import::page) fn children(&self) -> Vec<Self> {
        let mut cursor = self.node.walk();
        let children = self.node.named_children(&mut cursor);
        children
            .filter(|node| node.kind() != "comment")
            .map(|node| Self { node, ..*self })
            .collect()
    }

    pub(in crate::import::page) fn first(&self) -> Option<Self> {
        self.children().into_iter().next()
    }

    pub(in crate::import::page) fn child(&self, kind: &str) -> Option<Self> {
        self.children().into_iter().find(|child| child.kind() == kind)
    }

    /// Whether a sign such as `?` is among the child nodes.
    pub(in crate::import::page) fn has_sign(&self, sign: &str) -> bool {
        let mut cursor = self.node.walk();
        self.node.children(&mut cursor).any(|child| child.kind() == sign)
    }

    pub(in crate::import::page) fn remark(&self, what: impl Into<String>) {
        self.code.remark(self.node.start_position().row, what);
    }

    /// Reads the comments before it, or else behind it on its line.
    pub(in crate::import::page) fn doc(&self) -> Doc {
        Doc::of(self)
    }
}

/// Beginnings of comments for the site's tools, which say nothing to a reader.
const MACHINERY: [&str; 5] = ["[!code", "^", "@filename", "---cut", "<reference"];

/// A comment with its place in the block.
#[derive(Debug)]
pub(in crate::import::page) struct Comment {
    pub(in crate::import::page) start: usize,
    pub(in crate::import::page) end: usize,
    pub(in crate::import::page) row: usize,
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
            row: node.start_position().row,
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
            tag => piece.remark(format!("unknown tag `@{tag}`: left out: {rest}")),
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
