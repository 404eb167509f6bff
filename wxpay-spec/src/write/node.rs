//! YAML nodes before they are laid out.

use super::scalar::WrittenScalar;
use crate::model::{CorrectedFact, Corrects, Note};

/// A value before it is laid out.
#[derive(Debug)]
pub(super) enum WrittenNode {
    /// No value: the key is alone.
    Nothing,
    WrittenScalar(WrittenScalar),
    List(Vec<WrittenNode>),
    Mapping(Mapping),
}

/// Keys with their values.
#[derive(Debug, Default)]
pub(super) struct Mapping {
    pub(super) entries: Vec<(WrittenScalar, WrittenNode)>,
    /// Whether every entry has its own line, even if all of them fit on one.
    pub(super) one_per_line: bool,
}

impl Mapping {
    pub(super) fn one_per_line(
        entries: impl IntoIterator<Item = (WrittenScalar, WrittenNode)>,
    ) -> Self {
        Self { entries: entries.into_iter().collect(), one_per_line: true }
    }

    pub(super) fn push(&mut self, key: &str, value: impl Into<WrittenNode>) {
        self.entries.push((WrittenScalar::text(key), value.into()));
    }

    /// Adds a text, if there is one.
    pub(super) fn text(&mut self, key: &str, text: Option<&str>) {
        if let Some(text) = text {
            self.push(key, WrittenScalar::text(text));
        }
    }

    /// Adds a remark, if there is one.
    pub(super) fn note(&mut self, note: Option<&Note>) {
        match note {
            None => {}
            Some(Note::Text(text)) => self.text("note", Some(text)),
            Some(Note::Bilingual { zh, en }) => {
                let mut languages = Self::default();
                languages.text("zh", Some(zh));
                languages.text("en", Some(en));
                self.push("note", languages);
            }
        }
    }

    pub(super) fn corrects<F: CorrectedFact>(&mut self, corrects: Option<&Corrects<F>>) {
        match corrects {
            None => {}
            Some(Corrects::All(reason)) => self.text("corrects", Some(reason)),
            Some(Corrects::Facts(facts)) => {
                let mut reasons = Self::default();
                for (fact, reason) in facts {
                    reasons.text(fact.key(), Some(reason));
                }
                self.push("corrects", reasons);
            }
        }
    }

    /// Adds `true` for a key whose default is `false`.
    pub(super) fn flag(&mut self, key: &str, flag: bool) {
        if flag {
            self.push(key, WrittenScalar::word("true"));
        }
    }

    /// Adds a list of texts, unless it is empty.
    pub(super) fn texts<T: AsRef<str>>(&mut self, key: &str, texts: &[T]) {
        if !texts.is_empty() {
            let items = texts.iter().map(|text| WrittenScalar::text(text.as_ref()).into());
            self.push(key, WrittenNode::List(items.collect()));
        }
    }

    /// Adds a mapping, unless it is empty.
    pub(super) fn mapping(&mut self, key: &str, mapping: Mapping) {
        if !mapping.entries.is_empty() {
            self.push(key, mapping);
        }
    }
}

impl From<WrittenScalar> for WrittenNode {
    fn from(scalar: WrittenScalar) -> Self {
        Self::WrittenScalar(scalar)
    }
}

impl From<Mapping> for WrittenNode {
    fn from(mapping: Mapping) -> Self {
        Self::Mapping(mapping)
    }
}

impl WrittenNode {
    /// Whether the value may be written on one line.
    pub(super) fn may_be_inline(&self) -> bool {
        match self {
            Self::Nothing | Self::WrittenScalar(_) => true,
            Self::List(items) => items.iter().all(Self::may_be_inline),
            Self::Mapping(mapping) => {
                !mapping.one_per_line
                    && mapping.entries.iter().all(|(_, value)| value.may_be_inline())
            }
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        match self {
            Self::Nothing | Self::WrittenScalar(_) => false,
            Self::List(items) => items.is_empty(),
            Self::Mapping(mapping) => mapping.entries.is_empty(),
        }
    }
}
