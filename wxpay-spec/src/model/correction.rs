//! Which facts depart from the imported ones on purpose, and why.

use std::collections::BTreeMap;

/// Facts that depart from the imported ones on purpose. An import keeps them.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Corrects<F> {
    /// Every fact of the field or operation, with the reason.
    All(String),
    /// These facts, each with its reason. The others follow the import.
    Facts(BTreeMap<F, String>),
}

impl<F: Ord> Corrects<F> {
    /// Whether an import keeps a fact.
    pub fn keeps(&self, fact: &F) -> bool {
        match self {
            Self::All(_) => true,
            Self::Facts(facts) => facts.contains_key(fact),
        }
    }
}

impl<F: CorrectedFact> Corrects<F> {
    /// The reasons as one text: `title: cut in the middle; example: no value`.
    #[must_use]
    pub fn reasons(&self) -> String {
        match self {
            Self::All(reason) => reason.clone(),
            Self::Facts(facts) => {
                let reasons =
                    facts.iter().map(|(fact, reason)| format!("{}: {reason}", fact.key()));
                reasons.collect::<Vec<_>>().join("; ")
            }
        }
    }
}

/// A fact that descriptors name below `corrects`.
pub trait CorrectedFact: Copy + Ord + 'static {
    /// Every fact, in the order of the descriptors.
    const ALL: &'static [Self];

    /// The key in descriptors.
    fn key(self) -> &'static str;
}

/// A fact of a field that a descriptor may correct.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum FieldFact {
    /// Whether it is required.
    Required,
    /// Its type, with format, values and labels, or the type of its elements.
    Type,
    /// Its title.
    Title,
    /// Its example.
    Example,
    /// How many characters or elements it has.
    Length,
    /// The bounds of its number.
    Range,
    /// The pattern of its text.
    Pattern,
    /// Whether newer official material no longer has it.
    Superseded,
}

impl CorrectedFact for FieldFact {
    const ALL: &'static [Self] = &[
        Self::Required,
        Self::Type,
        Self::Title,
        Self::Example,
        Self::Length,
        Self::Range,
        Self::Pattern,
        Self::Superseded,
    ];

    fn key(self) -> &'static str {
        match self {
            Self::Required => "required",
            Self::Type => "type",
            Self::Title => "title",
            Self::Example => "example",
            Self::Length => "length",
            Self::Range => "range",
            Self::Pattern => "pattern",
            Self::Superseded => "superseded",
        }
    }
}

/// A fact of an operation that a descriptor may correct.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum OperationFact {
    /// Its title.
    Title,
    /// Its pages.
    Docs,
    /// Who may call it.
    Roles,
    /// When its page last changed.
    Updated,
    /// Why callers should avoid it.
    Deprecated,
}

impl CorrectedFact for OperationFact {
    const ALL: &'static [Self] =
        &[Self::Title, Self::Docs, Self::Roles, Self::Updated, Self::Deprecated];

    fn key(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::Docs => "docs",
            Self::Roles => "roles",
            Self::Updated => "updated",
            Self::Deprecated => "deprecated",
        }
    }
}
