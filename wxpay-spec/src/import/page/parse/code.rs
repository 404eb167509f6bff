//! Blocks of TypeScript: their syntax trees, and the pieces of a tree.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::ops::ControlFlow;

use tree_sitter::{Node, ParseOptions, ParseState, Parser, Point, Tree};

use super::Remarks;
use super::comment::{Comment, Doc};
use super::markdown::Block;
use crate::import::ImportError;
use crate::import::budget::Budget;
use crate::import::imported::excerpt;

/// A block of TypeScript and its tree.
#[derive(Debug)]
pub(in crate::import::page) struct Code<'p> {
    pub(in crate::import::page) text: &'p str,
    pub(in crate::import::page) comments: Vec<Comment>,
    tree: Tree,
    line: usize,
    remarks: &'p Remarks,
    budget: &'p Budget,
    /// The comments that are in the descriptor, by their start.
    used: RefCell<BTreeSet<usize>>,
}

impl<'p> Code<'p> {
    pub(in crate::import::page) fn parse(
        block: &'p Block,
        remarks: &'p Remarks,
        budget: &'p Budget,
    ) -> Result<Self, ImportError> {
        check_nesting(block)?;
        let tree = parse(block)?;
        let comments = inspect(&tree, block)?;
        let used = RefCell::default();
        Ok(Self { text: &block.text, comments, tree, line: block.line, remarks, budget, used })
    }

    pub(in crate::import::page) fn root(&self) -> Piece<'_> {
        Piece::new(self.tree.root_node(), self)
    }

    /// Begins an operation, which has its own share of the budget.
    pub(in crate::import::page) fn enter_operation(&self) {
        self.budget.enter();
    }

    /// Converts a place of the block to the line and the column of the page.
    fn place(&self, at: Point, start: usize) -> (usize, usize) {
        let before = start.checked_sub(at.column).map(|line| self.slice(line, start));
        // Counting the letters of a long line at each of its places would take too long.
        let short = before.filter(|before| before.len() < 1000);
        let column = short.map_or(at.column, |before| before.chars().count());
        (self.line + at.row, column + 1)
    }

    pub(in crate::import::page) fn slice(&self, from: usize, to: usize) -> &str {
        self.text.get(from..to).unwrap_or_default()
    }

    pub(in crate::import::page) fn mark_used(&self, comment: &Comment) {
        self.used.borrow_mut().insert(comment.start);
    }

    /// Remarks the comments that were not used, except for those inside some pieces.
    pub(in crate::import::page) fn remark_unused(&self, except: &[Piece<'_>]) {
        let used = self.used.borrow();
        let mut spans: Vec<(usize, usize)> =
            except.iter().map(|piece| (piece.start(), piece.end())).collect();
        spans.sort_unstable();
        let mut spans = spans.into_iter().peekable();
        let mut end = 0;
        for comment in &self.comments {
            while let Some(span) = spans.next_if(|(start, _)| *start <= comment.start) {
                end = end.max(span.1);
            }
            if comment.end > end && !used.contains(&comment.start) {
                let text = comment.lines().join(" ");
                let what = format!("a comment without a member: left out: {text}");
                self.remarks.add(self.place(comment.at, comment.start), what);
            }
        }
    }
}

/// How much work a block may be, in hundreds of steps of the parser. 30,000 members take as much.
const WORK: usize = 6_000;

/// How much work may follow a mistake, whose place is then known well enough.
const WORK_AFTER_MISTAKE: usize = 1_000;

/// How many brackets of a block may be open at the same time.
const OPEN_BRACKETS: usize = 500;

/// Refuses deep nesting, which takes the parser much memory and time.
fn check_nesting(block: &Block) -> Result<(), ImportError> {
    let mut open: usize = 0;
    let (mut row, mut column) = (0, 0);
    for letter in block.text.chars() {
        column += 1;
        match letter {
            '(' | '[' | '{' => open += 1,
            ')' | ']' | '}' => open = open.saturating_sub(1),
            '\n' => (row, column) = (row + 1, 0),
            _ => {}
        }
        if open > OPEN_BRACKETS {
            let message = format!("nested too deep: {OPEN_BRACKETS} brackets are open before it");
            return Err(ImportError::at(block.line + row, column, message));
        }
    }
    Ok(())
}

/// Parses a block. The parser would search very long for a way around some mistakes.
fn parse(block: &Block) -> Result<Tree, ImportError> {
    let refused =
        |line: usize, why: &str| ImportError::at(line, 1, format!("not TypeScript: {why}"));
    let mut parser = Parser::new();
    let language = tree_sitter_typescript::LANGUAGE_TYPESCRIPT.into();
    if parser.set_language(&language).is_err() {
        return Err(refused(block.line, "the parser has another version"));
    }
    let (mut work, mut mistaken, mut reached) = (0, 0, 0);
    let mut watch = |state: &ParseState| {
        work += 1;
        mistaken += usize::from(state.has_error());
        reached = state.current_byte_offset();
        match work > WORK || mistaken > WORK_AFTER_MISTAKE {
            true => ControlFlow::Break(()),
            false => ControlFlow::Continue(()),
        }
    };
    let options = ParseOptions::new().progress_callback(&mut watch);
    let bytes = block.text.as_bytes();
    let mut read = |from: usize, _: Point| bytes.get(from..).unwrap_or_default();
    let tree = parser.parse_with_options(&mut read, None, Some(options));
    tree.ok_or_else(|| {
        let before = bytes.get(..reached).unwrap_or(bytes);
        let line = before.iter().filter(|byte| **byte == b'\n').count();
        refused(
            block.line + line,
            "too large, too many mistakes or nested too deep, before this line",
        )
    })
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
        format!("not TypeScript: unexpected `{}`", excerpt(text, 60))
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
        self.code.remarks.add(self.place(), what);
    }

    fn place(&self) -> (usize, usize) {
        self.code.place(self.node.start_position(), self.start())
    }

    /// The text before the piece on its line.
    pub(in crate::import::page) fn line_before(&self) -> &'c str {
        let line = self.start().saturating_sub(self.node.start_position().column);
        self.code.slice(line, self.start())
    }

    /// The name without the namespaces before it: `ReadStream` of `fs.ReadStream`.
    pub(in crate::import::page) fn last_name(&self) -> &'c str {
        self.text().rsplit('.').next().unwrap_or_default().trim()
    }

    /// The text for a remark: its beginning, on one line.
    pub(in crate::import::page) fn shown(&self) -> String {
        excerpt(self.text(), 80)
    }

    /// Refuses the page, because the types around this one are too many.
    pub(in crate::import::page) fn refuse_depth(&self) {
        let (line, column) = self.place();
        let message =
            format!("`{}`: too large: too many types are inside each other", self.shown());
        self.code.budget.refuse(ImportError::at(line, column, message));
    }

    /// Counts the piece, with so many bytes of text; `false` if the page expands to too much.
    pub(in crate::import::page) fn spend(&self, text: usize) -> bool {
        self.code.budget.spend(text, || (Some(self.place()), format!("`{}`", self.shown())))
    }

    /// Reads the comments before it, or else behind it on its line.
    pub(in crate::import::page) fn doc(&self) -> Doc {
        Doc::of(self)
    }
}
