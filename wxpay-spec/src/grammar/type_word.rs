use super::text::{Hint, TextRule};

const WORDS: [&str; 8] =
    ["string", "integer", "number", "boolean", "json", "json-text", "object", "list"];

pub(super) static TYPE: TextRule = TextRule::suggesting(
    "a type: `string`, `integer`, `number`, `boolean`, `json`, `json-text`, `object`, `list`, or a type's name such as `ServiceOrder` or `pay/Transaction`",
    "^(string|integer|number|boolean|json|json-text|object|list|([a-z0-9][a-z0-9_-]*/)?[A-Z][A-Za-z0-9]*)$",
    &WORDS,
)
.hinting(&HINTS);

static HINTS: [Hint; 8] = [
    INTEGER,
    STRING,
    Hint::new(&["array"], "did you mean `list`?"),
    Hint::new(&["float", "double", "decimal"], "did you mean `number`?"),
    Hint::new(&["bool"], "did you mean `boolean`?"),
    Hint::new(
        &["datetime", "date-time", "time", "timestamp"],
        "did you mean `string` with `format: date-time`?",
    ),
    Hint::new(&["date"], "did you mean `string` with `format: date`?"),
    Hint::new(
        &["map", "dict", "any"],
        "did you mean `object` with its `fields`, or `json` for JSON of any shape?",
    ),
];

const INTEGER: Hint = Hint::new(
    &["int", "int32", "int64", "uint", "uint32", "uint64", "long"],
    "did you mean `integer`?",
);

const STRING: Hint = Hint::new(&["text", "str"], "did you mean `string`?");

/// The help for a type's name that stands for nothing but is a built-in word but for its capital.
pub(crate) fn built_in(name: &str) -> Option<String> {
    let word = name.to_lowercase();
    if WORDS.contains(&word.as_str()) {
        return Some(format!("did you mean `{word}`?"));
    }
    TYPE.hint(name).map(str::to_owned)
}

/// How a named enum stands on the wire.
pub(super) static ENUM_TYPE: TextRule =
    TextRule::words("`string` or `integer`", &["string", "integer"]).hinting(&[INTEGER, STRING]);

pub(super) static ELEMENT_TYPE: TextRule = TextRule::suggesting(
    "a type other than `list` and `json-text`; an element is neither",
    "^(string|integer|number|boolean|json|object|([a-z0-9][a-z0-9_-]*/)?[A-Z][A-Za-z0-9]*)$",
    &["string", "integer", "number", "boolean", "json", "object"],
);

pub(super) static CONTENT_TYPE: TextRule = TextRule::suggesting(
    "a type other than `json-text`; JSON text holds no other",
    "^(string|integer|number|boolean|json|object|list|([a-z0-9][a-z0-9_-]*/)?[A-Z][A-Za-z0-9]*)$",
    &["string", "integer", "number", "boolean", "json", "object", "list"],
);

pub(super) static ONE_TEXT_TYPE: TextRule = TextRule::suggesting(
    "`string`, `integer` or the name of an enum type",
    "^(string|integer|([a-z0-9][a-z0-9_-]*/)?[A-Z][A-Za-z0-9]*)$",
    &["string", "integer"],
);

pub(super) static QUERY_TYPE: TextRule = TextRule::suggesting(
    "`string`, `integer`, `number`, `boolean`, `json-text`, `list` or the name of an enum type in a query",
    "^(string|integer|number|boolean|json-text|list|([a-z0-9][a-z0-9_-]*/)?[A-Z][A-Za-z0-9]*)$",
    &["string", "integer", "number", "boolean", "json-text", "list"],
);

pub(super) static QUERY_ELEMENT_TYPE: TextRule = TextRule::suggesting(
    "`string`, `integer`, `number`, `boolean` or the name of an enum type: the query repeats the key",
    "^(string|integer|number|boolean|([a-z0-9][a-z0-9_-]*/)?[A-Z][A-Za-z0-9]*)$",
    &["string", "integer", "number", "boolean"],
);
