use std::fmt;

/// Where in the descriptors something stands: a file, and the keys that lead to it.
///
/// A chain of borrowed keys, because a text is needed only for the rare error.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place<'a> {
    parent: Option<&'a Place<'a>>,
    text: &'a str,
}

impl<'a> Place<'a> {
    pub(super) fn file(source: &'a str) -> Self {
        Self { parent: None, text: source }
    }

    pub(super) fn key(&'a self, key: &'a str) -> Self {
        Self { parent: Some(self), text: key }
    }
}

impl fmt::Display for Place<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(parent) = self.parent {
            let separator = if parent.parent.is_some() { "." } else { ": " };
            write!(out, "{parent}{separator}")?;
        }
        out.write_str(self.text)
    }
}
