use super::text::{EVENT, FAMILY_NAME, PATH_PREFIX, TEXT};
use super::{Map, Table, Value, optional, required};

static FAMILY: Table = Table {
    noun: "a family with `title`",
    definition: "family",
    keys: &[
        required("title", Value::Text(&TEXT), "What the product is called, in Chinese."),
        optional("paths", Value::List(&PATH_PREFIX), "The beginnings of its URLs."),
        optional(
            "events",
            Value::List(&EVENT),
            "Event types that are known to come, while nobody documents what they carry.",
        ),
        optional("default", Value::Flag, "Whether its feature is on by default."),
    ],
    rules: &[],
};

/// `families.yaml`.
pub(crate) static FAMILIES: Value = Value::Map(&MAP);

static MAP: Map = Map {
    noun: "product families, at least one",
    definition: "families-file",
    key: &FAMILY_NAME,
    value: Value::Table(&FAMILY, &[]),
    rules: &[],
};
