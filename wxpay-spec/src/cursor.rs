//! A cursor into a file's tree, which knows its key path for diagnostics.

use serde_json::Value;

use crate::diagnostic::{Diagnostic, Report};
use crate::yaml::{Content, MappingEntry, Node, NodeKind, NodeMapping, Position, Scalar};

/// A value in a file, with its key path and its position.
#[derive(Clone, Debug)]
pub(crate) struct Cursor<'a> {
    file: &'a str,
    key_path: String,
    key_at: Position,
    node: &'a Node,
    report: &'a Report,
}

impl<'a> Cursor<'a> {
    pub(crate) fn root(file: &'a str, node: &'a Node, report: &'a Report) -> Self {
        Self { file, key_path: String::new(), key_at: node.at, node, report }
    }

    fn below(&self, step: &str, key_at: Position, node: &'a Node) -> Self {
        let dot = if self.key_path.is_empty() || step.starts_with('[') { "" } else { "." };
        let key_path = format!("{}{dot}{step}", self.key_path);
        Self { file: self.file, key_path, key_at, node, report: self.report }
    }

    pub(crate) fn file(&self) -> &'a str {
        self.file
    }

    /// The key that leads here; `None` for an element of a list and for the whole file.
    pub(crate) fn key(&self) -> Option<&str> {
        let last = self.key_path.rsplit('.').next().unwrap_or_default();
        (!last.is_empty() && !last.ends_with(']')).then_some(last)
    }

    /// Reports a mistake in the value.
    pub(crate) fn error(&self, message: &str, help: Option<String>) {
        self.add(self.node.at, message, help);
    }

    /// Reports a mistake in the key, or in the value as a whole.
    pub(crate) fn key_error(&self, message: &str, help: Option<String>) {
        self.add(self.key_at, message, help);
    }

    fn add(&self, at: Position, message: &str, help: Option<String>) {
        self.report.add(Diagnostic {
            file: self.file.to_owned(),
            line: at.line,
            column: at.column,
            key_path: self.key_path.clone(),
            message: message.to_owned(),
            help,
        });
    }

    /// Whether a mistake has been reported here or below.
    pub(crate) fn has_mistake(&self) -> bool {
        self.report.has(self.file, &self.key_path)
    }

    /// Whether a mistake has been reported at exactly this place.
    pub(crate) fn is_wrong(&self) -> bool {
        self.report.has_at(self.file, &self.key_path)
    }

    /// The kind of the value; `None` if its mistake has been reported.
    pub(crate) fn kind(&self) -> Option<NodeKind> {
        match &self.node.content {
            Content::Scalar(scalar) if scalar.is_null() => Some(NodeKind::Null),
            Content::Scalar(_) => Some(NodeKind::Scalar),
            Content::List(_) => Some(NodeKind::List),
            Content::Mapping(_) => Some(NodeKind::Mapping),
            Content::Broken => None,
        }
    }

    fn scalar(&self) -> Option<&'a Scalar> {
        match &self.node.content {
            Content::Scalar(scalar) => Some(scalar),
            _ => None,
        }
    }

    /// The exact text of a scalar.
    pub(crate) fn text(&self) -> Option<&'a str> {
        self.scalar().filter(|scalar| !scalar.is_null()).map(|scalar| scalar.text.as_str())
    }

    /// The value that a scalar means as JSON.
    pub(crate) fn json(&self) -> Option<Value> {
        self.scalar().and_then(Scalar::json)
    }

    pub(crate) fn flag(&self) -> Option<bool> {
        self.json().and_then(|json| json.as_bool())
    }

    /// The elements of a list; nothing for other values.
    pub(crate) fn items(&self) -> impl Iterator<Item = Self> + use<'a> {
        let items = match &self.node.content {
            Content::List(items) => items.as_slice(),
            _ => &[],
        };
        let list = self.clone();
        items
            .iter()
            .enumerate()
            .map(move |(index, node)| list.below(&format!("[{index}]"), node.at, node))
    }

    /// The entries of a mapping; nothing for other values.
    pub(crate) fn entries(&self) -> impl Iterator<Item = (&'a str, Self)> + use<'a> {
        let mapping = self.clone();
        let entries = self.mapping().map(NodeMapping::entries).unwrap_or_default();
        entries.iter().map(move |entry| (entry.key.as_str(), mapping.enter(entry)))
    }

    fn mapping(&self) -> Option<&'a NodeMapping> {
        match &self.node.content {
            Content::Mapping(mapping) => Some(mapping),
            _ => None,
        }
    }

    fn enter(&self, entry: &'a MappingEntry) -> Self {
        self.below(&entry.key, entry.key_at, &entry.value)
    }

    /// The value of a key, also if the key has a `?` by mistake.
    ///
    /// The mistake is reported at the key itself, so nothing else should be reported for it.
    pub(crate) fn get(&self, key: &str) -> Option<Self> {
        let mapping = self.mapping()?;
        let found = mapping.find(key).or_else(|| mapping.find(&format!("{key}?")));
        found.map(|(_, entry)| self.enter(entry))
    }

    /// The value of a member, whether its key ends in `?` or not.
    pub(crate) fn member(&self, name: &str) -> Option<Self> {
        let mapping = self.mapping()?;
        let found = [mapping.find(name), mapping.find(&format!("{name}?"))];
        let first = found.into_iter().flatten().min_by_key(|(at, _)| *at);
        first.map(|(_, entry)| self.enter(entry))
    }

    /// The text of a key.
    pub(crate) fn text_of(&self, key: &str) -> Option<String> {
        self.get(key)?.text().map(str::to_owned)
    }

    /// The texts of a key that holds one text or a list.
    pub(crate) fn texts_of(&self, key: &str) -> Vec<String> {
        let Some(value) = self.get(key) else {
            return Vec::new();
        };
        match value.text() {
            Some(text) => vec![text.to_owned()],
            None => value.items().filter_map(|item| item.text().map(str::to_owned)).collect(),
        }
    }
}
