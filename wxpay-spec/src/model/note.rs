//! Remarks for the readers of generated documentation, in one language or in two.

/// A remark for the reader of the generated documentation.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Note {
    /// One text for every reader.
    Text(String),
    /// The same remark in two languages.
    Bilingual {
        /// In Chinese.
        zh: String,
        /// In English.
        en: String,
    },
}

impl Note {
    /// Returns the texts in the order of the documentation: Chinese, then English.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        let (first, second) = match self {
            Self::Text(text) => (text, None),
            Self::Bilingual { zh, en } => (zh, Some(en)),
        };
        std::iter::once(first).chain(second).map(String::as_str)
    }
}

impl From<String> for Note {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}
