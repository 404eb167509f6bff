use super::field::BODY_FIELDS;
use super::text::{
    EVENT, FAMILY_NAME, NOTIFICATION_PLACE, TEXT, TYPE_REFERENCE, UPPER_CAMEL_CASE, URL, WIRE_NAME,
};
use super::{Rule, Table, Value, optional, required};

static CONDITION: Table = Table {
    noun: "a condition with `present` or `absent`",
    definition: "condition",
    keys: &[
        optional("present", Value::List(&WIRE_NAME), "Keys that the resource must have."),
        optional("absent", Value::List(&WIRE_NAME), "Keys that the resource must not have."),
    ],
    rules: &[Rule::AtLeastOne(&["present", "absent"])],
};

/// A file below `notifications/`.
pub(crate) static NOTIFICATION: Value = Value::Table(&TABLE, &[]);

static TABLE: Table = Table {
    noun: "a notification with `title`, `family`, `events` and `resource`",
    definition: "notification-file",
    keys: &[
        required("title", Value::Text(&TEXT), "The official name."),
        required("family", Value::Text(&FAMILY_NAME), "The family, or `core` for none."),
        optional("docs", Value::List(&URL), "Official pages."),
        optional("note", Value::Text(&TEXT), "A remark for the reader of the documentation."),
        optional("rust", Value::Text(&UPPER_CAMEL_CASE), "A hand-chosen Rust name."),
        optional(
            "webhooks",
            Value::List(&TEXT),
            "The names of its webhooks in OpenAPI documents, by which an import finds it again.",
        ),
        required("events", Value::List(&EVENT), "The event types that carry the resource."),
        optional("original_type", Value::Text(&TEXT), "The envelope's `original_type`."),
        optional("when", Value::Table(&CONDITION, &[]), "What tells it from others of its events."),
        optional(
            "ambiguous_with",
            Value::List(&NOTIFICATION_PLACE),
            "The notifications that nothing can tell from this one.",
        ),
        required(
            "resource",
            Value::Either(&[Value::Map(&BODY_FIELDS), Value::Text(&TYPE_REFERENCE)]),
            "The decrypted resource: its members or a response type's name.",
        ),
    ],
    rules: &[],
};
