//! The language of the story.

use std::env;

use clap::ValueEnum;

/// A language in which the story is told.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(super) enum StoryLanguage {
    En,
    Zh,
}

impl StoryLanguage {
    /// Returns the language of messages, as POSIX finds it in the environment.
    pub(super) fn of_environment() -> Self {
        let variables = ["LC_ALL", "LC_MESSAGES", "LANG"];
        let set = variables.iter().filter_map(|name| env::var(name).ok());
        let locale = set.into_iter().find(|value| !value.is_empty()).unwrap_or_default();
        match locale.to_ascii_lowercase().starts_with("zh") {
            true => Self::Zh,
            false => Self::En,
        }
    }

    /// Returns the text in this language.
    pub(super) fn choose<'a>(self, english: &'a str, chinese: &'a str) -> &'a str {
        match self {
            Self::En => english,
            Self::Zh => chinese,
        }
    }
}
