//! The grammar of the four kinds of file: endpoints, named types, notifications and families.

use super::field::{BODY_FIELDS, ENUM, NOTE};
use super::operation::{ON_CHANGES, ON_GET, OPERATION};
use super::text::{
    EVENT, FAMILY_NAME, HOST, NOTIFICATION_PLACE, PATH, PATH_PREFIX, SNAKE_CASE, TEXT, TYPE_NAME,
    TYPE_REFERENCE, TextRule, UPPER_CAMEL_CASE, URL, WIRE_NAME,
};
use super::words::ENUM_TYPE;
use super::{Map, Rule, Table, Value, optional, required};

static NAMES: Map = Map {
    noun: "Rust names of the URL's segments by wire name",
    definition: "names",
    key: &WIRE_NAME,
    value: Value::Text(&SNAKE_CASE),
    rules: &[],
};

/// A file below `endpoints/`.
pub(crate) static ENDPOINT: Value = Value::Table(&ENDPOINT_TABLE, &[]);

static ENDPOINT_TABLE: Table = Table {
    noun: "an endpoint with `path` and its methods",
    definition: "endpoint-file",
    keys: &[
        required("path", Value::Text(&PATH), "The path exactly as on the wire."),
        optional("host", Value::Text(&HOST), "The host, if it is not the default one."),
        optional("names", Value::Map(&NAMES), "Hand-chosen Rust names of segments."),
        optional("get", Value::Table(&OPERATION, &ON_GET), "The operation GET."),
        // A POST may be a query with a body, as several of WeChat Pay's are.
        optional("post", Value::Table(&OPERATION, &[]), "The operation POST."),
        optional("put", Value::Table(&OPERATION, &ON_CHANGES), "The operation PUT."),
        optional("patch", Value::Table(&OPERATION, &ON_CHANGES), "The operation PATCH."),
        optional("delete", Value::Table(&OPERATION, &ON_CHANGES), "The operation DELETE."),
    ],
    rules: &[Rule::AtLeastOne(&["get", "post", "put", "patch", "delete"])],
};

static DIRECTION: TextRule = TextRule::words("`request` or `response`", &["request", "response"]);

static NAMED_TYPE: Table = Table {
    noun: "a named type with `fields` or `enum`",
    definition: "named-type",
    keys: &[
        optional("title", Value::Text(&TEXT), "The title, in Chinese."),
        NOTE,
        optional(
            "corrects",
            Value::Text(&TEXT),
            "Why the values or labels of an enum depart from the imported facts.",
        ),
        optional(
            "direction",
            Value::Text(&DIRECTION),
            "Whether the object is sent (`request`) or received (`response`).",
        ),
        optional("fields", Value::Map(&BODY_FIELDS), "The members of an object."),
        optional(
            "type",
            Value::Text(&ENUM_TYPE),
            "The type of an enum on the wire: `string` (the default) or `integer`.",
        ),
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
pub(crate) static NAMED_TYPES: Value = Value::Map(&NAMED_TYPES_MAP);

static NAMED_TYPES_MAP: Map = Map {
    noun: "named types, at least one",
    definition: "types-file",
    key: &TYPE_NAME,
    value: Value::Table(&NAMED_TYPE, &[]),
    rules: &[],
};

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
pub(crate) static NOTIFICATION: Value = Value::Table(&NOTIFICATION_TABLE, &[]);

static NOTIFICATION_TABLE: Table = Table {
    noun: "a notification with `title`, `family`, `events` and `resource`",
    definition: "notification-file",
    keys: &[
        required("title", Value::Text(&TEXT), "The official name."),
        required("family", Value::Text(&FAMILY_NAME), "The family, or `core` for none."),
        optional("docs", Value::List(&URL), "Official pages."),
        NOTE,
        optional("rust", Value::Text(&UPPER_CAMEL_CASE), "A hand-chosen Rust name."),
        optional(
            "webhooks",
            Value::List(&TEXT),
            "The names of its webhooks in OpenAPI documents. An import finds the notification by them.",
        ),
        required("events", Value::List(&EVENT), "The event types that carry the resource."),
        optional("original_type", Value::Text(&TEXT), "The envelope's `original_type`."),
        optional(
            "when",
            Value::Table(&CONDITION, &[]),
            "The condition that tells it from other notifications of its events.",
        ),
        optional(
            "ambiguous_with",
            Value::List(&NOTIFICATION_PLACE),
            "The notifications that no condition can tell from this one.",
        ),
        required(
            "resource",
            Value::Either(&[Value::Map(&BODY_FIELDS), Value::Text(&TYPE_REFERENCE)]),
            "The decrypted resource: its members, or the name of a response type.",
        ),
        optional(
            "response",
            Value::Either(&[Value::Map(&BODY_FIELDS), Value::Text(&TYPE_REFERENCE)]),
            "The JSON response that it asks for: its members or a request type's name.",
        ),
        optional(
            "time_limit",
            Value::Integer { least: 1, most: 3600 },
            "How many seconds WeChat Pay waits for the response.",
        ),
        optional("signed", Value::Flag, "Whether the merchant must sign the response."),
    ],
    rules: &[
        Rule::Needs { key: "time_limit", beside: "response" },
        Rule::Needs { key: "signed", beside: "response" },
    ],
};

static FAMILY: Table = Table {
    noun: "a family with `title`",
    definition: "family",
    keys: &[
        required("title", Value::Text(&TEXT), "The name of the product, in Chinese."),
        optional("paths", Value::List(&PATH_PREFIX), "The prefixes of its URLs' paths."),
        optional(
            "events",
            Value::List(&EVENT),
            "Event types that WeChat Pay sends without documenting their resource.",
        ),
        optional("default", Value::Flag, "Whether the family's feature is on by default."),
    ],
    rules: &[],
};

/// `families.yaml`.
pub(crate) static FAMILIES: Value = Value::Map(&FAMILIES_MAP);

static FAMILIES_MAP: Map = Map {
    noun: "product families, at least one",
    definition: "families-file",
    key: &FAMILY_NAME,
    value: Value::Table(&FAMILY, &[]),
    rules: &[],
};
