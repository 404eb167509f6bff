use std::cell::RefCell;
use std::collections::BTreeSet;

use tree_sitter::{Node, Parser, Tree};

use super::comment::Comment;
use super::markdown::Block;
use super::piece::Piece;
use super::remarks::Remarks;
use crate::import::ImportError;

/// A block of TypeScript and its tree.
#[derive(Debug)]
pub(super) struct Code<'p> {
    pub(super) text: &'p str,
    pub(super) comments: Vec<Comment>,
    tree: Tree,
    line: usize,
    remarks: &'p Remarks,
    /// The comments, by where they start, that say something in the descriptor.
    used: RefCell<BTreeSet<usize>>,
}

impl<'p> Code<'p> {
    pub(super) fn parse(block: &'p Block, remarks: &'p Remarks) -> Result<Self, ImportError> {
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

    pub(super) fn root(&self) -> Piece<'_> {
        Piece::new(self.tree.root_node(), self)
    }

    /// The page's line of a row of the block.
    pub(super) fn line(&self, row: usize) -> usize {
        self.line + row
    }

    pub(super) fn slice(&self, from: usize, to: usize) -> &str {
        self.text.get(from..to).unwrap_or_default()
    }

    pub(super) fn remark(&self, row: usize, what: impl Into<String>) {
        self.remarks.add(self.line(row), what);
    }

    pub(super) fn mark_used(&self, comment: &Comment) {
        self.used.borrow_mut().insert(comment.start);
    }

    /// Remarks the comments that nobody has read, but for those inside some pieces.
    pub(super) fn remark_unused(&self, except: &[Piece<'_>]) {
        let used = self.used.borrow();
        for comment in self.comments.iter().filter(|comment| !used.contains(&comment.start)) {
            let is_inside =
                |piece: &Piece<'_>| piece.start() <= comment.start && comment.end <= piece.end();
            if !except.iter().any(is_inside) {
                let text = comment.lines().join(" ");
                let what = format!("a comment that belongs to no member: left out: {text}");
                self.remark(comment.row, what);
            }
        }
    }
}

/// Goes over the whole tree without recursion: finds the comments, and the first mistake if any.
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

/// An error that holds no further one, so that its place is the most exact.
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
        format!("not TypeScript: `{}` fits nowhere", text.trim())
    };
    ImportError::at(block.line + at.row, column, message)
}
