//! The descriptor language as tables: the keys of each mapping, and the values they take.
//!
//! The loader checks a file's structure against these tables, and the JSON Schema is printed from
//! them, so that both always agree. Rules about several mappings, or about what a named type is, are
//! in [`check`](crate::check).

mod conform;
mod field;
mod files;
mod lifecycle;
mod operation;
mod rule;
mod text;
mod words;

pub(crate) use conform::conform;
pub(crate) use files::{ENDPOINT, FAMILIES, NAMED_TYPES, NOTIFICATION};
pub(crate) use lifecycle::LIFECYCLE;
#[cfg(feature = "import")]
pub(crate) use text::{
    DATE, ENUM_VALUE, ERROR_CODE, EVENT, HEADER_NAME, HOST, LENGTH, MEDIA_TYPE, PART_NAME, PATH,
    RANGE, TYPE_REFERENCE, URL, WIRE_NAME,
};
pub(crate) use text::{FAMILY_NAME, RESERVED_HEADERS, Spelling, TextRule};
pub(crate) use words::built_in_type;

use crate::yaml::NodeKind;

/// A mapping with fixed keys.
#[derive(Debug)]
pub(crate) struct Table {
    /// The name of the mapping, with an article, for messages.
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
    /// The meaning of the key, for the JSON Schema.
    pub(crate) about: &'static str,
}

/// The values that a place takes.
#[derive(Debug)]
pub(crate) enum Value {
    /// A scalar, taken by its exact text.
    Text(&'static TextRule),
    /// A whole number without quotes.
    Integer { least: u16, most: u16 },
    /// A list of whole numbers, not empty and without duplicates.
    Integers { least: u16, most: u16 },
    /// `true` or `false`.
    Flag,
    /// No value.
    Null,
    /// Any value.
    Any,
    /// A list of texts, not empty and without duplicates.
    List(&'static TextRule),
    /// A list of any values of one kind, not empty.
    Each(&'static Value),
    /// A mapping with free keys, not empty.
    Map(&'static Map),
    /// A mapping with fixed keys, and the rules for this place only.
    Table(&'static Table, &'static [Rule]),
    /// One of several values, which differ in the kind of node.
    Either(&'static [Value]),
}

/// A mapping with free keys.
#[derive(Debug)]
pub(crate) struct Map {
    /// The name of the mapping, for messages.
    pub(crate) noun: &'static str,
    /// The name of its definition in the JSON Schema.
    pub(crate) definition: &'static str,
    pub(crate) key: &'static TextRule,
    pub(crate) value: Value,
    /// Rules about single keys.
    pub(crate) rules: &'static [MemberRule],
}

/// A rule between the keys of one mapping.
#[derive(Debug)]
pub(crate) enum Rule {
    /// At least one of the keys is given.
    AtLeastOne(&'static [&'static str]),
    /// At most one of the keys is given.
    AtMostOne(&'static [&'static str]),
    /// A key is given only beside another.
    Needs { key: &'static str, beside: &'static str },
    /// A key is given only beside at least one of the others.
    NeedsOneOf { key: &'static str, beside: &'static [&'static str] },
    /// A key is never given beside another.
    Excludes { key: &'static str, beside: &'static [&'static str] },
    /// A key is given only with one of these types.
    OnlyFor { key: &'static str, types: &'static [&'static str] },
    /// A key is always given with this type.
    Brings { ty: &'static str, key: &'static str },
    /// A key is never given at this place.
    Without { key: &'static str, why: &'static str },
    /// A key never has this text at this place.
    Not { key: &'static str, text: &'static str, why: &'static str },
    /// At this place, `type` matches this rule.
    Type(&'static TextRule),
    /// At this place, the `type` of `items` matches this rule.
    ElementType(&'static TextRule),
}

/// A rule about one member of a mapping with free keys.
#[derive(Debug)]
pub(crate) struct MemberRule {
    /// The member, optional or not.
    pub(crate) member: &'static str,
    /// The key that it needs.
    pub(crate) key: &'static str,
    /// The usual value of the key.
    pub(crate) value: &'static str,
}

impl Value {
    pub(crate) fn accepts(&self, kind: NodeKind) -> bool {
        match self {
            Self::Text(_) | Self::Integer { .. } | Self::Flag => kind == NodeKind::Scalar,
            Self::Null => kind == NodeKind::Null,
            Self::Any => kind != NodeKind::Null,
            Self::List(_) | Self::Integers { .. } | Self::Each(_) => kind == NodeKind::List,
            Self::Map(_) | Self::Table(..) => kind == NodeKind::Mapping,
            Self::Either(values) => values.iter().any(|value| value.accepts(kind)),
        }
    }

    /// Describes the expected value, for messages.
    pub(crate) fn noun(&self) -> String {
        match self {
            Self::Text(rule) => rule.expected.to_owned(),
            Self::Integer { least, most } => format!("a whole number from {least} to {most}"),
            Self::Integers { least, most } => format!("a list of numbers from {least} to {most}"),
            Self::Flag => "`true` or `false`".to_owned(),
            Self::Null => "nothing".to_owned(),
            Self::Any => "a value".to_owned(),
            Self::List(rule) => format!("a list, each element {}", rule.expected),
            Self::Each(value) => format!("a list, each element {}", value.noun()),
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
