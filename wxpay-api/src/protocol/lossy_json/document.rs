//! A document in one flat list of nodes, and views of its values.

use std::cell::{Cell, OnceCell};
use std::iter::from_fn;
use std::ops::Range;

use serde_json::{Map, Number, Value};

use super::Repair;
use super::numbers;

/// A document, with the repairs that reading it took.
///
/// Its nodes are in the order of the text. Texts without escapes are borrowed, so that most documents take a single
/// allocation.
pub(crate) struct Document<'t> {
    /// The repairs in the document's order. Strict JSON has none.
    pub(crate) repairs: Vec<Repair>,
    pub(super) text: &'t str,
    pub(super) nodes: Vec<JsonNode<'t>>,
    /// The texts that had escapes, one after the other.
    pub(super) unescaped: String,
    /// The numbers that are not 64-bit integers, as written. They are collected when first needed.
    written: OnceCell<Vec<(usize, Range<usize>)>>,
    /// The values that were asked for as [`Value`], by their node.
    owned: OnceCell<Box<[OnceCell<Value>]>>,
}

/// A value, or the name of the member whose value is the next node.
pub(super) enum JsonNode<'t> {
    Null,
    Bool(bool),
    Number(Number),
    /// A text without escapes.
    Plain(&'t str),
    /// A text that had escapes: its place in [`Document::unescaped`].
    Unescaped(Range<usize>),
    /// A list, before its elements.
    List {
        /// The node after the last element.
        end: usize,
    },
    /// An object, before its members.
    Object {
        /// The node after the last member.
        end: usize,
        /// The member where the next search begins.
        next: Cell<usize>,
    },
    /// The name of a member that another one of the same name replaces.
    Replaced,
}

/// A value of a document.
#[derive(Clone, Copy)]
pub(crate) struct JsonRef<'d> {
    document: &'d Document<'d>,
    at: usize,
}

/// A value by its JSON type.
pub(crate) enum JsonKind<'d> {
    Null,
    Bool(bool),
    Number(&'d Number),
    Text(&'d str),
    List,
    Object,
}

/// The elements of a list that are not yet read.
pub(crate) struct JsonElements<'d> {
    next: JsonRef<'d>,
    end: usize,
}

impl<'t> Document<'t> {
    /// Makes the document `null`.
    pub(crate) fn null() -> Self {
        Self::new("null")
    }

    pub(super) fn new(text: &'t str) -> Self {
        Self {
            repairs: Vec::new(),
            text,
            nodes: Vec::new(),
            unescaped: String::new(),
            written: OnceCell::new(),
            owned: OnceCell::new(),
        }
    }

    /// The value of the document.
    pub(crate) fn root(&self) -> JsonRef<'_> {
        JsonRef { document: self, at: 0 }
    }

    /// The text of a node that is a text or a name.
    pub(super) fn text_at(&self, at: usize) -> Option<&str> {
        match self.nodes.get(at)? {
            JsonNode::Plain(text) => Some(text),
            JsonNode::Unescaped(place) => self.unescaped.get(place.clone()),
            _ => None,
        }
    }

    /// The node after the value at `at`.
    pub(super) fn after(&self, at: usize) -> usize {
        match self.nodes.get(at) {
            Some(JsonNode::List { end } | JsonNode::Object { end, .. }) => *end,
            _ => at + 1,
        }
    }

    /// The value of the member called `name` among these nodes, each the name of a member.
    pub(super) fn search(&self, name: &str, names: Range<usize>) -> Option<usize> {
        let mut at = names.start;
        while at < names.end {
            if self.text_at(at) == Some(name) {
                return Some(at + 1);
            }
            at = self.after(at + 1);
        }
        None
    }

    /// The digits of the number at `at` as written, where 64 bits do not hold it exactly.
    fn written(&self, at: usize) -> Option<&str> {
        let collect = || {
            let is_float = |node: &JsonNode<'_>| matches!(node, JsonNode::Number(n) if n.is_f64());
            let nodes = self.nodes.iter().enumerate().filter(|(_, node)| is_float(node));
            nodes.map(|(at, _)| at).zip(numbers::floats(self.text)).collect()
        };
        let written = self.written.get_or_init(collect);
        let place = written.binary_search_by_key(&at, |(node, _)| *node).ok()?;
        self.text.get(written.get(place)?.1.clone())
    }
}

impl<'d> JsonRef<'d> {
    /// The value by its JSON type.
    pub(crate) fn kind(self) -> JsonKind<'d> {
        match self.document.nodes.get(self.at) {
            Some(JsonNode::Bool(boolean)) => JsonKind::Bool(*boolean),
            Some(JsonNode::Number(number)) => JsonKind::Number(number),
            Some(JsonNode::Plain(text)) => JsonKind::Text(text),
            Some(JsonNode::Unescaped(place)) => {
                JsonKind::Text(self.document.unescaped.get(place.clone()).unwrap_or_default())
            }
            Some(JsonNode::List { .. }) => JsonKind::List,
            Some(JsonNode::Object { .. }) => JsonKind::Object,
            Some(JsonNode::Null | JsonNode::Replaced) | None => JsonKind::Null,
        }
    }

    /// The text, if the value is one.
    pub(crate) fn text(self) -> Option<&'d str> {
        self.document.text_at(self.at)
    }

    pub(crate) fn is_null(self) -> bool {
        matches!(self.kind(), JsonKind::Null)
    }

    /// The member of an object called `name`.
    ///
    /// Members mostly come in the order in which they are read. So the search begins after the last one found.
    pub(crate) fn member(self, name: &str) -> Option<Self> {
        let JsonNode::Object { end, next } = self.document.nodes.get(self.at)? else {
            return None;
        };
        let start = next.get();
        let search = |names| self.document.search(name, names);
        let at = search(start..*end).or_else(|| search(self.at + 1..start))?;
        next.set(self.document.after(at));
        Some(Self { at, ..self })
    }

    /// The members of an object, each name once.
    pub(crate) fn members(self) -> impl Iterator<Item = (&'d str, Self)> {
        let (mut at, end) = (self.at + 1, self.end_of(JsonKind::Object));
        let members = from_fn(move || {
            let name = (at < end).then_some(at)?;
            at = self.document.after(name + 1);
            Some((self.document.text_at(name), Self { at: name + 1, ..self }))
        });
        members.filter_map(|(name, value)| Some((name?, value)))
    }

    /// The elements of a list.
    pub(crate) fn elements(self) -> JsonElements<'d> {
        JsonElements { next: Self { at: self.at + 1, ..self }, end: self.end_of(JsonKind::List) }
    }

    /// Where the container ends. It has no content if it is not of this kind.
    fn end_of(self, kind: JsonKind<'_>) -> usize {
        match (self.document.nodes.get(self.at), kind) {
            (Some(JsonNode::List { end }), JsonKind::List) => *end,
            (Some(JsonNode::Object { end, .. }), JsonKind::Object) => *end,
            _ => self.at,
        }
    }

    /// The value as a tree that owns its texts.
    pub(crate) fn to_json(self) -> Value {
        match self.kind() {
            JsonKind::Null => Value::Null,
            JsonKind::Bool(boolean) => Value::Bool(boolean),
            JsonKind::Number(number) => Value::Number(number.clone()),
            JsonKind::Text(text) => Value::String(text.to_owned()),
            JsonKind::List => Value::Array(self.elements().map(Self::to_json).collect()),
            JsonKind::Object => {
                let members =
                    self.members().map(|(name, value)| (name.to_owned(), value.to_json()));
                Value::Object(members.collect::<Map<_, _>>())
            }
        }
    }

    /// The value as a tree that the document keeps.
    pub(crate) fn json(self) -> &'d Value {
        static NULL: Value = Value::Null;
        let make = || self.document.nodes.iter().map(|_| OnceCell::new()).collect();
        let owned = self.document.owned.get_or_init(make).get(self.at);
        owned.map_or(&NULL, |json| json.get_or_init(|| self.to_json()))
    }

    /// The digits of a number as written. The number itself may be rounded.
    pub(crate) fn digits(self, number: &Number) -> String {
        let written = number.is_f64().then(|| self.document.written(self.at)).flatten();
        written.map_or_else(|| number.to_string(), str::to_owned)
    }
}

impl<'d> Iterator for JsonElements<'d> {
    type Item = JsonRef<'d>;

    fn next(&mut self) -> Option<JsonRef<'d>> {
        let element = self.next;
        if element.at >= self.end {
            return None;
        }
        self.next.at = element.document.after(element.at);
        Some(element)
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;
    use serde_json::Value;

    use crate::protocol::lossy_json::{JsonRef, read};

    /// JSON as text: with escapes, with numbers in any form, and with members of the same name.
    fn texts() -> impl Strategy<Value = String> {
        let leaf = prop_oneof![
            Just("null".to_owned()),
            any::<bool>().prop_map(|boolean| boolean.to_string()),
            any::<i64>().prop_map(|number| number.to_string()),
            any::<f64>().prop_map(|number| format!("{number:e}")),
            "-?(0|[1-9][0-9]{0,24})(\\.[0-9]{1,4})?([eE][+-]?[0-9]{1,2})?",
            any::<String>().prop_map(|text| Value::from(text).to_string()),
            "\"(\\\\u00[46][1-3]|\\\\[\"/nt]|[a-c蟹]){0,4}\"",
        ];
        leaf.prop_recursive(4, 64, 8, |inner| {
            let member = (names(), inner.clone());
            let members = |members: Vec<(&str, String)>| {
                let member = |(name, value)| format!("\"{name}\": {value}");
                format!("{{{}}}", members.into_iter().map(member).collect::<Vec<_>>().join(","))
            };
            prop_oneof![
                vec(inner, 0..6).prop_map(|list| format!("[{}]", list.join(" ,"))),
                vec(member.clone(), 0..8).prop_map(members),
                vec(member, 30..50).prop_map(members),
            ]
        })
    }

    /// A few names. Some are the same with an escape.
    fn names() -> impl Strategy<Value = &'static str> + Clone {
        let names = ["", "a", "b", "c", "ab", "ba", "code", "\\u0061", "\\u0062a", "蟹", "🦀"];
        prop::sample::select(names.to_vec())
    }

    /// Looks each member up, in this order of names.
    fn assert_same(read: JsonRef<'_>, strict: &Value, names: &[&str]) {
        for name in names {
            match (read.member(name), strict.get(name)) {
                (Some(read), Some(strict)) => {
                    assert_same(read, strict, names);
                    assert_eq!(read.json(), strict);
                }
                (read, strict) => assert_eq!(read.map(JsonRef::to_json), strict.cloned()),
            }
        }
        for (index, element) in read.elements().enumerate() {
            assert_same(element, strict.get(index).unwrap_or(&Value::Null), names);
        }
    }

    proptest! {
        #[test]
        fn strict_json_is_the_same_as_serde_json_reads_it(
            text in texts(),
            order in vec(names(), 0..20),
        ) {
            let strict: Value = serde_json::from_str(&text)?;
            let mut repaired = String::new();
            let document = read(text.as_bytes(), &mut repaired)?;
            prop_assert_eq!(document.root().to_json(), strict.clone());
            prop_assert_eq!(&document.repairs, &[]);
            assert_same(document.root(), &strict, &order);
        }

        #[test]
        fn what_serde_json_refuses_is_repaired_or_refused_with_its_error(
            text in texts(),
            cut in any::<prop::sample::Index>(),
            byte: u8,
        ) {
            let mut text = text.into_bytes();
            let at = cut.index(text.len());
            text.splice(at..=at, [byte]);
            let mut repaired = String::new();
            match (read(&text, &mut repaired), serde_json::from_slice::<Value>(&text)) {
                (Ok(document), Ok(strict)) => {
                    prop_assert_eq!(document.root().to_json(), strict);
                    prop_assert_eq!(&document.repairs, &[]);
                }
                (Ok(document), Err(_)) => prop_assert_ne!(&document.repairs, &[]),
                (Err(ours), Err(theirs)) => prop_assert_eq!(ours.to_string(), theirs.to_string()),
                (Err(error), Ok(_)) => prop_assert!(false, "refused: {error}"),
            }
        }

        #[test]
        fn a_number_has_its_digits_as_written(
            numbers in vec("-?(0|[1-9][0-9]{0,24})(\\.[0-9]{1,4})?([eE][+-]?[0-9]{1,2})?", 0..9),
            name in any::<String>(),
        ) {
            let name = Value::from(format!("-1.5{name}"));
            let members = numbers.iter().map(|number| format!("{{{name}:[{number}, {number}]}}"));
            let text = format!("[{}]", members.collect::<Vec<_>>().join(","));
            let mut repaired = String::new();
            let document = read(text.as_bytes(), &mut repaired)?;
            for (read, written) in document.root().elements().zip(&numbers) {
                let Some(list) = read.member(name.as_str().unwrap_or_default()) else {
                    return Err(TestCaseError::fail("the member is not there"));
                };
                for number in list.elements() {
                    let Value::Number(value) = number.to_json() else {
                        return Err(TestCaseError::fail("not a number"));
                    };
                    prop_assert_eq!(&number.digits(&value), written);
                }
            }
        }
    }
}
