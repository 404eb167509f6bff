//! The nodes of a document: references and `allOf` are followed, and each node knows its place.

use std::borrow::Cow;
use std::fmt::Write;
use std::rc::Rc;

use serde_yaml::Value;

use super::document::Document;
use super::extension;

/// The longest way from the root, and the most references on it.
const DEPTH: usize = 128;

/// Keys that say how sure the facts are. Whether a field is required follows from other keys.
const BACKGROUND: [&str; 5] =
    ["x-sources", "x-required-by", "x-optional-by", "x-confidence", "x-inferred"];

/// A value of the document, with its place for remarks.
#[derive(Clone, Debug)]
pub(super) struct DocumentNode<'d> {
    document: &'d Document,
    value: &'d Value,
    /// The schemas whose facts hold too: those of `allOf`, and the target of a reference that has
    /// other keys beside it.
    parts: Vec<Self>,
    /// The operation, then the keys of the descriptor.
    place: Trail<'d>,
    /// The JSON pointer, from the last reference on.
    pointer: Trail<'d>,
    /// The references that led here. If one of them comes again, it is a circle.
    open: Trail<'d>,
    /// Whether a reference stood in the place of this value.
    is_referenced: bool,
    depth: usize,
    /// How deep the field is nested in its descriptor.
    level: usize,
    is_circle: bool,
}

impl<'d> DocumentNode<'d> {
    pub(super) fn root(document: &'d Document, value: &'d Value) -> Self {
        Self {
            document,
            value,
            parts: Vec::new(),
            place: Trail::default().then("the document: "),
            pointer: Trail::default().then("#"),
            open: Trail::default(),
            is_referenced: false,
            depth: 0,
            level: 0,
            is_circle: false,
        }
    }

    pub(super) fn document(&self) -> &'d Document {
        self.document
    }

    /// Returns the same value as the beginning of an operation or another entry.
    pub(super) fn called(&self, entry: String) -> Self {
        self.at(Trail::default().then(format!("{entry}: ")))
    }

    /// Returns the same value one key further down in the descriptor.
    pub(super) fn under(&self, key: &str) -> Self {
        self.at(self.place.then(key.to_owned()))
    }

    /// Returns the same value at the place of another node.
    pub(super) fn at_place_of(&self, other: &Self) -> Self {
        self.at(other.place.clone())
    }

    /// Returns the same value as the element of the list that it is.
    pub(super) fn as_element_of(&self, list: &Self) -> Self {
        self.at(list.place.then("[]")).at_level(list.level + 1)
    }

    fn at(&self, place: Trail<'d>) -> Self {
        let parts = self.parts.iter().map(|part| part.at(place.clone())).collect();
        Self { parts, place, ..self.clone() }
    }

    /// Returns the same value at another depth of its descriptor.
    pub(super) fn at_level(self, level: usize) -> Self {
        let parts = self.parts.into_iter().map(|part| part.at_level(level)).collect();
        Self { parts, level, ..self }
    }

    /// How deep the value is nested in its descriptor.
    pub(super) fn level(&self) -> usize {
        self.level
    }

    /// Whether the document is one of descriptors, so that its extensions are known.
    pub(super) fn is_exported(&self) -> bool {
        self.document.is_exported
    }

    /// Whether a reference stood in the place of this value, with no other keys.
    pub(super) fn is_referenced(&self) -> bool {
        self.is_referenced
    }

    /// The node that a reference leads to: this one, or the only part beside its own keys.
    pub(super) fn referenced(&self) -> Option<&Self> {
        if self.is_referenced {
            return Some(self);
        }
        match self.parts.as_slice() {
            [only] => only.referenced(),
            _ => None,
        }
    }

    /// Returns the value with its own keys only. The target of a reference has none of its own here.
    pub(super) fn own(&self) -> Self {
        Self { parts: Vec::new(), ..self.clone() }
    }

    /// The value of a key, here or in a part.
    pub(super) fn raw(&self, key: &str) -> Option<&'d Value> {
        let own = self.value.get(key);
        own.or_else(|| self.parts.iter().find_map(|part| part.raw(key)))
    }

    pub(super) fn get(&self, key: &'d str) -> Option<Self> {
        match self.value.get(key) {
            Some(value) => Some(self.below(value, key, self.place.clone())),
            None => self.parts.iter().find_map(|part| part.get(key)),
        }
    }

    pub(super) fn text(&self, key: &str) -> Option<String> {
        let text = match self.raw(key)? {
            Value::String(text) => text.trim().to_owned(),
            Value::Number(number) => number.to_string(),
            _ => return None,
        };
        (!text.is_empty()).then_some(text)
    }

    pub(super) fn says(&self, key: &str) -> bool {
        self.raw(key).and_then(Value::as_bool).unwrap_or_default()
    }

    /// The texts of a list.
    pub(super) fn texts(&self, key: &str) -> Vec<String> {
        let list = self.raw(key).and_then(Value::as_sequence);
        let texts = list.into_iter().flatten().filter_map(Value::as_str);
        texts.map(str::to_owned).collect()
    }

    /// The texts of the lists in this node and in all its parts.
    pub(super) fn all_texts(&self, key: &str) -> Vec<&'d str> {
        let list = self.value.get(key).and_then(Value::as_sequence);
        let own = list.into_iter().flatten().filter_map(Value::as_str);
        own.chain(self.parts.iter().flat_map(|part| part.all_texts(key))).collect()
    }

    pub(super) fn number(&self, key: &str) -> Option<u64> {
        self.raw(key)?.as_u64()
    }

    /// The members of a key's mapping, here and in all parts, each with its own place.
    pub(super) fn members(&self, key: &'d str) -> Vec<(&'d str, Self)> {
        let own = self.value.get(key).map(|value| self.below(value, key, self.place.clone()));
        let mut members: Vec<(&str, Self)> = own
            .iter()
            .flat_map(|own| own.entries_at(|name| own.place.then(name)))
            .map(|(name, member)| (name, member.at_level(self.level + 2)))
            .collect();
        members.extend(self.parts.iter().flat_map(|part| part.members(key)));
        members
    }

    /// The entries of a mapping in the document's order, at the mapping's place.
    pub(super) fn entries(&self) -> impl Iterator<Item = (&'d str, Self)> {
        let own = self.entries_at(|_| self.place.clone());
        own.chain(self.parts.iter().flat_map(|part| part.entries().collect::<Vec<_>>()))
    }

    fn entries_at(
        &self,
        place: impl Fn(&'d str) -> Trail<'d>,
    ) -> impl Iterator<Item = (&'d str, Self)> {
        let mapping = self.value.as_mapping().into_iter().flatten();
        mapping.filter_map(move |(key, value)| {
            let key = key.as_str().filter(|key| *key != "$ref")?;
            Some((key, self.below(value, key, place(key))))
        })
    }

    /// The elements of a key's list.
    pub(super) fn items(&self, key: &'d str) -> Vec<Self> {
        let Some(list) = self.get(key) else { return Vec::new() };
        let items = list.value.as_sequence().into_iter().flatten().enumerate();
        items.map(|(at, item)| list.below(item, at.to_string(), list.place.clone())).collect()
    }

    /// Remarks something, with the place in the descriptor and the one in the document.
    pub(super) fn remark(&self, what: impl AsRef<str>) {
        let what = what.as_ref();
        if self.spend(what.len()) {
            let what = format!("{what} ({})", self.pointer.as_pointer());
            self.document.remark(&self.place.as_place(), &what);
        }
    }

    /// Counts a member, a type or a value; `false` if the document expands to too many.
    pub(super) fn spend(&self, text: usize) -> bool {
        let place = || format!("{}({})", self.place.as_place(), self.pointer.as_pointer());
        self.document.budget.spend(text, || (None, place()))
    }

    /// Remarks every key that the reader does not know, unless its value is `false`.
    pub(super) fn expect_only(&self, known: &[&str]) {
        let mapping = self.value.as_mapping().into_iter().flatten();
        for (key, value) in mapping {
            let Some(key) = key.as_str() else { continue };
            let is_known = known.contains(&key)
                || BACKGROUND.contains(&key)
                || (self.is_exported() && extension::is_known(key));
            let is_followed = key == "$ref" || (key == "allOf" && value.is_sequence());
            if !is_known && !is_followed && *value != Value::Bool(false) {
                self.remark(format!("`{key}` was left out: descriptors have no such fact"));
            }
        }
        self.parts.iter().for_each(|part| part.expect_only(known));
    }

    /// Whether the way to it is too long, as in a schema that refers to itself.
    pub(super) fn is_too_deep(&self) -> bool {
        self.is_circle || self.depth >= DEPTH
    }

    fn below(&self, value: &'d Value, key: impl Into<Cow<'d, str>>, place: Trail<'d>) -> Self {
        let node = Self {
            document: self.document,
            value,
            parts: Vec::new(),
            place,
            pointer: self.pointer.then(key),
            open: self.open.clone(),
            is_referenced: false,
            depth: self.depth + 1,
            level: self.level,
            is_circle: false,
        };
        node.resolved()
    }

    /// Follows the reference and the `allOf` of a value.
    fn resolved(mut self) -> Self {
        while let Some(reference) = self.value.get("$ref").and_then(Value::as_str) {
            let has_more = self.value.as_mapping().is_some_and(|mapping| mapping.len() > 1);
            let Some(target) = self.target(reference) else { return self };
            if has_more {
                // The keys beside a reference count before those of its target.
                self.parts.push(target.resolved());
                break;
            }
            self = target;
        }
        self.follow_all_of();
        self
    }

    fn target(&mut self, reference: &'d str) -> Option<Self> {
        let Some(value) = self.document.resolve(reference) else {
            self.remark(format!("the reference `{reference}` is not in this document"));
            return None;
        };
        if self.open.contains(reference) || self.open.length() >= DEPTH {
            self.is_circle = true;
            return None;
        }
        Some(Self {
            value,
            pointer: Trail::default().then(reference),
            open: self.open.then(reference),
            is_referenced: true,
            ..self.clone()
        })
    }

    fn follow_all_of(&mut self) {
        let Some(Value::Sequence(all)) = self.value.get("allOf") else { return };
        if self.is_too_deep() {
            return;
        }
        for (at, one) in all.iter().enumerate() {
            if !self.spend(0) {
                return;
            }
            let list =
                Self { pointer: self.pointer.then("allOf"), parts: Vec::new(), ..self.clone() };
            let part = list.below(one, at.to_string(), self.place.clone());
            match part.is_too_deep() {
                true => self.remark("`allOf` leads to itself: this part was left out"),
                false => self.parts.push(part),
            }
        }
    }
}

/// Keys on the way to a node, the last one first. Copies share what they have in common.
#[derive(Clone, Debug, Default)]
struct Trail<'d>(Option<Rc<Step<'d>>>);

#[derive(Debug)]
struct Step<'d> {
    key: Cow<'d, str>,
    length: usize,
    before: Trail<'d>,
}

impl<'d> Trail<'d> {
    fn then(&self, key: impl Into<Cow<'d, str>>) -> Self {
        let length = self.length() + 1;
        Self(Some(Rc::new(Step { key: key.into(), length, before: self.clone() })))
    }

    fn length(&self) -> usize {
        self.0.as_ref().map_or(0, |step| step.length)
    }

    fn contains(&self, key: &str) -> bool {
        let mut next = self;
        while let Some(step) = &next.0 {
            if step.key == key {
                return true;
            }
            next = &step.before;
        }
        false
    }

    fn keys(&self) -> Vec<&str> {
        let mut keys = Vec::new();
        let mut next = self;
        while let Some(step) = &next.0 {
            keys.push(&*step.key);
            next = &step.before;
        }
        keys.reverse();
        keys
    }

    /// The keys as one text: `POST /v3/shop: request.goods[].name`.
    fn as_place(&self) -> String {
        let mut text = String::new();
        for key in self.keys() {
            let is_joined = text.is_empty() || text.ends_with(": ") || key == "[]";
            text.push_str(if is_joined { "" } else { "." });
            text.push_str(key);
        }
        text
    }

    /// Writes the keys as a JSON pointer. The first key is the pointer's start, such as `#`, and is not escaped.
    fn as_pointer(&self) -> String {
        let keys = self.keys();
        let Some((first, rest)) = keys.split_first() else { return String::new() };
        let mut text = (*first).to_owned();
        for key in rest {
            // Writing to a `String` does not fail.
            let _ = write!(text, "/{}", key.replace('~', "~0").replace('/', "~1"));
        }
        text
    }
}
