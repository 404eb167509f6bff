//! The languages of the page.

/// A language of the page.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum PageLanguage {
    Chinese,
    English,
}

impl PageLanguage {
    pub(super) const ALL: [Self; 2] = [Self::Chinese, Self::English];

    /// Returns the language with a code such as `zh-CN` or `en`.
    pub(super) fn of_code(code: &str) -> Option<Self> {
        let code = code.trim().to_ascii_lowercase();
        let is = |prefix: &str| code.split(['-', '_']).next() == Some(prefix);
        Self::ALL.into_iter().find(|language| is(language.code()))
    }

    /// Chooses by the URL, else by the cookie, else by what the browser prefers.
    pub(super) fn choose(wanted: Option<&str>, remembered: Option<&str>, accepted: &str) -> Self {
        let named = wanted.and_then(Self::of_code).or_else(|| remembered.and_then(Self::of_code));
        let mut preferred = accepted.split(',').map(|it| it.split(';').next().unwrap_or_default());
        let preferred = || preferred.find_map(Self::of_code);
        let otherwise = if accepted.trim().is_empty() { Self::Chinese } else { Self::English };
        named.or_else(preferred).unwrap_or(otherwise)
    }

    pub(super) fn code(self) -> &'static str {
        self.say("zh", "en")
    }

    /// Returns the value of `lang` in HTML.
    pub(super) fn tag(self) -> &'static str {
        self.say("zh-CN", "en")
    }

    /// Returns the language's own name.
    pub(super) fn name(self) -> &'static str {
        self.say("中文", "English")
    }

    /// Returns a text in this language.
    pub(super) fn say<'a>(self, chinese: &'a str, english: &'a str) -> &'a str {
        match self {
            Self::Chinese => chinese,
            Self::English => english,
        }
    }
}
