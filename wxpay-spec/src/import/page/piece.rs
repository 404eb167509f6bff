use tree_sitter::Node;

use super::code::Code;
use super::comment::Doc;

/// A node of a block's tree.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece<'c> {
    node: Node<'c>,
    code: &'c Code<'c>,
}

impl<'c> Piece<'c> {
    pub(super) fn new(node: Node<'c>, code: &'c Code<'c>) -> Self {
        Self { node, code }
    }

    pub(super) fn kind(&self) -> &'c str {
        self.node.kind()
    }

    pub(super) fn text(&self) -> &'c str {
        self.code.slice(self.start(), self.end())
    }

    pub(super) fn start(&self) -> usize {
        self.node.start_byte()
    }

    pub(super) fn end(&self) -> usize {
        self.node.end_byte()
    }

    pub(super) fn code(&self) -> &'c Code<'c> {
        self.code
    }

    pub(super) fn field(&self, name: &str) -> Option<Self> {
        self.node.child_by_field_name(name).map(|node| Self { node, ..*self })
    }

    /// The parts that are more than punctuation, without comments.
    pub(super) fn children(&self) -> Vec<Self> {
        let mut cursor = self.node.walk();
        let children = self.node.named_children(&mut cursor);
        children
            .filter(|node| node.kind() != "comment")
            .map(|node| Self { node, ..*self })
            .collect()
    }

    pub(super) fn first(&self) -> Option<Self> {
        self.children().into_iter().next()
    }

    pub(super) fn child(&self, kind: &str) -> Option<Self> {
        self.children().into_iter().find(|child| child.kind() == kind)
    }

    /// Whether a sign such as `?` stands among the parts.
    pub(super) fn has_sign(&self, sign: &str) -> bool {
        let mut cursor = self.node.walk();
        self.node.children(&mut cursor).any(|child| child.kind() == sign)
    }

    pub(super) fn remark(&self, what: impl Into<String>) {
        self.code.remark(self.node.start_position().row, what);
    }

    /// What the comments before it, or else behind it on its line, say.
    pub(super) fn doc(&self) -> Doc {
        Doc::of(self)
    }
}
