use serde_yaml::Value;

use super::document::Document;

/// How many references in a row are followed, and how deep schemas may be: more is a circle.
const DEPTH: usize = 64;

/// A value of the document, with the words that lead to it.
#[derive(Clone, Debug)]
pub(super) struct Node<'d> {
    document: &'d Document,
    value: &'d Value,
    place: String,
    depth: usize,
}

impl<'d> Node<'d> {
    pub(super) fn new(document: &'d Document, value: &'d Value, place: String) -> Self {
        Self { document, value, place, depth: 0 }.resolved()
    }

    /// The same value, under the words that a reader of descriptors would use for it.
    pub(super) fn called(&self, place: String) -> Self {
        Self { place, ..self.clone() }
    }

    pub(super) fn place(&self) -> &str {
        &self.place
    }

    pub(super) fn value(&self) -> &'d Value {
        self.value
    }

    pub(super) fn get(&self, key: &str) -> Option<Self> {
        self.value.get(key).map(|value| self.below(value, self.place.clone()))
    }

    /// A member of an object, a step further from the operation.
    pub(super) fn member(&self, name: &str, value: &'d Value) -> Self {
        let joint = if self.place.ends_with(": ") { "" } else { "." };
        self.below(value, format!("{}{joint}{name}", self.place))
    }

    pub(super) fn text(&self, key: &str) -> Option<String> {
        let text = self.value.get(key)?.as_str()?.trim();
        (!text.is_empty()).then(|| text.to_owned())
    }

    pub(super) fn says(&self, key: &str) -> bool {
        self.value.get(key).and_then(Value::as_bool).unwrap_or_default()
    }

    pub(super) fn texts(&self, key: &str) -> Vec<String> {
        let list = self.value.get(key).and_then(Value::as_sequence);
        let texts = list.into_iter().flatten().filter_map(Value::as_str);
        texts.map(str::to_owned).collect()
    }

    pub(super) fn number(&self, key: &str) -> Option<u64> {
        self.value.get(key)?.as_u64()
    }

    /// The members of a mapping, in the document's order.
    pub(super) fn entries(&self) -> impl Iterator<Item = (&'d str, Self)> {
        let mapping = self.value.as_mapping().into_iter().flatten();
        mapping.filter_map(|(key, value)| {
            let key = key.as_str()?;
            Some((key, self.below(value, self.place.clone())))
        })
    }

    pub(super) fn items(&self) -> impl Iterator<Item = Self> {
        let items = self.value.as_sequence().into_iter().flatten();
        items.map(|value| self.below(value, self.place.clone()))
    }

    pub(super) fn remark(&self, what: impl Into<String>) {
        self.document.remark(&self.place, what);
    }

    /// Remarks every key that nobody reads.
    pub(super) fn expect_only(&self, known: &[&str]) {
        for (key, _) in self.entries().filter(|(key, _)| !known.contains(key)) {
            self.remark(format!("`{key}` has no place in a descriptor and was left out"));
        }
    }

    /// Whether nesting has no end, as in a schema that refers to itself.
    pub(super) fn is_too_deep(&self) -> bool {
        self.depth >= DEPTH
    }

    fn below(&self, value: &'d Value, place: String) -> Self {
        Self { document: self.document, value, place, depth: self.depth + 1 }.resolved()
    }

    fn resolved(mut self) -> Self {
        for _ in 0..DEPTH {
            let Some(reference) = self.value.get("$ref").and_then(Value::as_str) else {
                return self;
            };
            let Some(value) = self.document.resolve(reference) else {
                self.remark(format!("the reference `{reference}` leads nowhere in this document"));
                return self;
            };
            self.value = value;
        }
        self
    }
}
