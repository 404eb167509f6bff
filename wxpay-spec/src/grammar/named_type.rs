use super::field::{BODY_FIELDS, ENUM};
use super::text::{TEXT, TYPE_NAME, TextRule};
use super::type_word::ENUM_TYPE;
use super::{Map, Rule, Table, Value, optional};

static DIRECTION: TextRule = TextRule::words("`request` or `response`", &["request", "response"]);

static NAMED_TYPE: Table = Table {
    noun: "a named type with `fields` or `enum`",
    definition: "named-type",
    keys: &[
        optional("title", Value::Text(&TEXT), "What it is, in Chinese."),
        optional("note", Value::Text(&TEXT), "A remark for the reader of the documentation."),
        optional(
            "corrects",
            Value::Text(&TEXT),
            "Why an enum's values or labels depart from the imported facts.",
        ),
        optional("direction", Value::Text(&DIRECTION), "Which way an object travels."),
        optional("fields", Value::Map(&BODY_FIELDS), "The members of an object."),
        optional("type", Value::Text(&ENUM_TYPE), "How an enum stands on the wire."),
        optional("enum", Value::Map(&ENUM), "The known values of an enum."),
    ],
    rules: &[
        Rule::AtLeastOne(&["fields", "enum"]),
        Rule::AtMostOne(&["fields", "enum"]),
        Rule::Needs { key: "fields", beside: "direction" },
        Rule::Needs { key: "direction", beside: "fields" },
        Rule::Needs { key: "type", beside: "enum" },
        Rule::Needs { key: "corrects", beside: "enum" },
    ],
};

/// A file below `types/`.
pub(crate) static NAMED_TYPES: Value = Value::Map(&MAP);

static MAP: Map = Map {
    noun: "named types, at least one",
    definition: "types-file",
    key: &TYPE_NAME,
    value: Value::Table(&NAMED_TYPE, &[]),
    rules: &[],
};
