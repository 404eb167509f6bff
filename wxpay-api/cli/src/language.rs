//! The language of what the program prints: Chinese or English.

use std::env;

use clap::ValueEnum;

#[cfg(feature = "full")]
use crate::catalogue::model::Note;

/// A language. Titles of operations are WeChat Pay's, in Chinese.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(crate) enum Language {
    /// Chinese.
    Zh,
    /// English.
    En,
}

impl Language {
    /// Returns the language of the environment, by the first of `LC_ALL`, `LC_MESSAGES` and `LANG` that is set.
    pub(crate) fn of_environment() -> Self {
        let mut variables = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter();
        let set = variables.find_map(|name| env::var(name).ok().filter(|value| !value.is_empty()));
        match set {
            Some(locale) if locale.to_ascii_lowercase().starts_with("zh") => Self::Zh,
            _ => Self::En,
        }
    }

    /// Chooses one of two texts.
    pub(crate) fn pick<'a>(self, zh: &'a str, en: &'a str) -> &'a str {
        match self {
            Self::Zh => zh,
            Self::En => en,
        }
    }

    /// Returns a remark in this language.
    #[cfg(feature = "full")]
    pub(crate) fn note(self, note: Option<&Note>) -> &str {
        note.map(|note| self.pick(&note.zh, &note.en)).unwrap_or_default()
    }
}
