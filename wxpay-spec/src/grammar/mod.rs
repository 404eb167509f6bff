//! The descriptor language as tables: which keys a mapping takes and what each of them holds.
//!
//! The reader checks a file's structure against these tables and the JSON Schema is printed from
//! them, so that both always say the same. What needs more than one mapping to decide, or a type's
//! meaning, is checked elsewhere.

mod conform;
mod endpoint;
mod family;
mod field;
mod format;
mod named_type;
mod notification;
mod offer;
mod operation;
mod rule;
mod text;
mod type_word;

pub(crate) use conform::conform;
pub(crate) use endpoint::ENDPOINT;
pub(crate) use family::FAMILIES;
pub(crate) use named_type::NAMED_TYPES;
pub(crate) use notification::NOTIFICATION;
pub(crate) use rule::{MemberRule, Rule};
pub(crate) use text::{FAMILY_NAME, RESERVED_HEADERS, Spelling, TextRule};
pub(crate) use type_word::built_in as built_in_type;

/// A mapping with fixed keys.
#[derive(Debug)]
pub(crate) struct Table {
    /// What the mapping describes, with an article, for messages.
    pub(crate) noun: &'static str,
    /// The name of its definition in the JSON Schema.
    pub(crate) definition: &'static str,
    pub(crate) keys: &'static [Key],
    pub(crate) rules: &'static [Rule],
}

/// One key of a [`Table`].
#[derive(Debug)]
pub(crate) struct Key {
    pub(crate) name: &'static str,
    pub(crate) required: bool,
    pub(crate) value: Value,
    /// What the key says, for the reader of the JSON Schema.
    pub(crate) about: &'static str,
}

/// What may stand at a place.
#[derive(Debug)]
pub(crate) enum Value {
    /// A scalar, taken by its exact text.
    Text(&'static TextRule),
    /// A whole number without quotes.
    Integer { least: u16, most: u16 },
    /// A list of whole numbers that is not empty and holds nothing twice.
    Integers { least: u16, most: u16 },
    /// `true` or `false`.
    Flag,
    /// Nothing at all.
    Null,
    /// Anything but nothing.
    Any,
    /// A list that is not empty and holds nothing twice.
    List(&'static TextRule),
    /// A mapping with free keys that is not empty.
    Map(&'static Map),
    /// A mapping with fixed keys, and what holds only for this place.
    Table(&'static Table, &'static [Rule]),
    /// One of several, which differ in the kind of node.
    Either(&'static [Value]),
}

/// A mapping with free keys.
#[derive(Debug)]
pub(crate) struct Map {
    /// What the mapping holds, for messages.
    pub(crate) noun: &'static str,
    /// The name of its definition in the JSON Schema.
    pub(crate) definition: &'static str,
    pub(crate) key: &'static TextRule,
    pub(crate) value: Value,
    /// What holds for some of its keys only.
    pub(crate) rules: &'static [MemberRule],
}

/// The kinds of node that a [`Value`] tells apart.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum NodeKind {
    Null,
    Scalar,
    List,
    Mapping,
}

impl Value {
    pub(crate) fn accepts(&self, kind: NodeKind) -> bool {
        match self {
            Self::Text(_) | Self::Integer { .. } | Self::Flag => kind == NodeKind::Scalar,
            Self::Null => kind == NodeKind::Null,
            Self::Any => kind != NodeKind::Null,
            Self::List(_) | Self::Integers { .. } => kind == NodeKind::List,
            Self::Map(_) | Self::Table(..) => kind == NodeKind::Mapping,
            Self::Either(values) => values.iter().any(|value| value.accepts(kind)),
        }
    }

    /// What is expected, for messages.
    pub(crate) fn noun(&self) -> String {
        match self {
            Self::Text(rule) => rule.expected.to_owned(),
            Self::Integer { least, most } => format!("a whole number from {least} to {most}"),
            Self::Integers { least, most } => format!("a list of numbers from {least} to {most}"),
            Self::Flag => "`true` or `false`".to_owned(),
            Self::Null => "nothing".to_owned(),
            Self::Any => "a value".to_owned(),
            Self::List(rule) => format!("a list, each of it {}", rule.expected),
            Self::Map(map) => map.noun.to_owned(),
            Self::Table(table, _) => table.noun.to_owned(),
            Self::Either(values) => {
                let nouns: Vec<String> = values.iter().map(Self::noun).collect();
                nouns.join(", or ")
            }
        }
    }
}

impl Table {
    pub(crate) fn key(&self, name: &str) -> Option<&'static Key> {
        self.keys.iter().find(|key| key.name == name)
    }
}

const fn required(name: &'static str, value: Value, about: &'static str) -> Key {
    Key { name, required: true, value, about }
}

const fn optional(name: &'static str, value: Value, about: &'static str) -> Key {
    Key { name, required: false, value, about }
}
