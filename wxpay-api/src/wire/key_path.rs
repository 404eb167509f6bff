//! The key path of a value in a body.

/// The path from a body to one of its values. It becomes text only for a message.
#[derive(Clone, Copy)]
pub(super) struct KeyPath<'a> {
    parent: Option<&'a KeyPath<'a>>,
    step: PathStep<'a>,
}

#[derive(Clone, Copy)]
enum PathStep<'a> {
    Root,
    Key(&'a str),
    Index(usize),
}

impl<'a> KeyPath<'a> {
    /// Makes the path of the body itself.
    pub(super) fn root() -> Self {
        Self { parent: None, step: PathStep::Root }
    }

    /// Whether the path is that of the body itself.
    pub(super) fn is_root(self) -> bool {
        matches!(self.step, PathStep::Root)
    }

    /// Returns the path of a member of this object.
    pub(super) fn key(&'a self, name: &'a str) -> Self {
        Self { parent: Some(self), step: PathStep::Key(name) }
    }

    /// Returns the path of an element of this list.
    pub(super) fn index(&'a self, index: usize) -> Self {
        Self { parent: Some(self), step: PathStep::Index(index) }
    }

    /// For example `goods_detail[2].quantity`; empty for the body itself.
    pub(super) fn to_text(self) -> String {
        let mut text = self.parent.map(|parent| parent.to_text()).unwrap_or_default();
        match self.step {
            PathStep::Root => {}
            PathStep::Key(name) => {
                if !text.is_empty() {
                    text.push('.');
                }
                text.push_str(name);
            }
            PathStep::Index(index) => text.push_str(&format!("[{index}]")),
        }
        text
    }
}
