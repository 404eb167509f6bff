//! How the sandbox treats documented lengths.

/// What the sandbox does with a text or a list that is longer or shorter than the documents say.
///
/// The documents' lengths are of mixed age, and WeChat Pay does not enforce all of them. The sandbox therefore only
/// notes a departure, unless a test wants more.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::sandbox) struct LengthPolicy {
    /// Whether a departure is a reason to refuse the request.
    pub(in crate::sandbox) refuse: bool,
    /// Whether texts are counted in bytes of UTF-8 instead of characters.
    pub(in crate::sandbox) bytes: bool,
}

impl LengthPolicy {
    /// Returns the length of a text and its unit.
    pub(in crate::sandbox) fn measure(self, text: &str) -> (usize, &'static str) {
        if self.bytes { (text.len(), "bytes") } else { (text.chars().count(), "characters") }
    }
}
