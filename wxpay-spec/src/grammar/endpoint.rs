use super::operation::{ON_CHANGES, ON_GET, OPERATION};
use super::text::{HOST, PATH, SNAKE_CASE, WIRE_NAME};
use super::{Map, Rule, Table, Value, optional, required};

static NAMES: Map = Map {
    noun: "Rust names of the URL's segments by wire name",
    definition: "names",
    key: &WIRE_NAME,
    value: Value::Text(&SNAKE_CASE),
    rules: &[],
};

/// A file below `endpoints/`.
pub(crate) static ENDPOINT: Value = Value::Table(&TABLE, &[]);

static TABLE: Table = Table {
    noun: "an endpoint with `path` and its methods",
    definition: "endpoint-file",
    keys: &[
        required("path", Value::Text(&PATH), "The path exactly as on the wire."),
        optional("host", Value::Text(&HOST), "The host where it is not the default one."),
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
