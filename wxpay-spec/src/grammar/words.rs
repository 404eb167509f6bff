//! The words for types and formats, with hints for words of other languages.

use super::text::{Hint, TextRule};

const TYPE_WORDS: [&str; 8] =
    ["string", "integer", "number", "boolean", "json", "json-text", "object", "list"];

pub(super) static TYPE: TextRule = TextRule::suggesting(
    "a type: `string`, `integer`, `number`, `boolean`, `json`, `json-text`, `object`, `list`, or a type's name such as `ServiceOrder` or `pay/Transaction`",
    "^(string|integer|number|boolean|json|json-text|object|list|([a-z0-9][a-z0-9_-]*/)?[A-Z][A-Za-z0-9]*)$",
    &TYPE_WORDS,
)
.hinting(&TYPE_HINTS);

static TYPE_HINTS: [Hint; 8] = [
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

/// Writes the help for an unknown type whose name is a built-in word with a capital letter.
pub(crate) fn built_in_type(name: &str) -> Option<String> {
    let word = name.to_lowercase();
    if TYPE_WORDS.contains(&word.as_str()) {
        return Some(format!("did you mean `{word}`?"));
    }
    TYPE.hint(name).map(str::to_owned)
}

/// The types of a named enum on the wire.
pub(super) static ENUM_TYPE: TextRule =
    TextRule::words("`string` or `integer`", &["string", "integer"]).hinting(&[INTEGER, STRING]);

pub(super) static ELEMENT_TYPE: TextRule = TextRule::suggesting(
    "a type other than `list` and `json-text`, which no element can be",
    "^(string|integer|number|boolean|json|object|([a-z0-9][a-z0-9_-]*/)?[A-Z][A-Za-z0-9]*)$",
    &["string", "integer", "number", "boolean", "json", "object"],
);

pub(super) static CONTENT_TYPE: TextRule = TextRule::suggesting(
    "a type other than `json-text`, which no content can be",
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

/// The kinds of text in WeChat Pay's pages.
///
/// The set is closed: a misspelt format would otherwise silently leave a time as a text.
pub(super) static FORMAT: TextRule = TextRule::words(
    "one of `date-time`, `date`, `compact-time`, `month-year`, `uri`, `data-uri`, `media-id`, `media-url`, `numeric`; leave it out for other texts",
    &[
        "date-time",
        "date",
        "compact-time",
        "month-year",
        "uri",
        "data-uri",
        "media-id",
        "media-url",
        "numeric",
    ],
)
.hinting(&FORMAT_HINTS);

static FORMAT_HINTS: [Hint; 10] = [
    Hint::new(
        &["encrypted", "secret", "cipher", "ciphertext"],
        "use `secret: text` instead: it is a sensitive field",
    ),
    Hint::new(&["binary", "file"], "describe it with `upload`: a file is not a member"),
    Hint::new(
        &["json", "json-object", "json-array"],
        "use `type: json-text`: it is JSON inside a string",
    ),
    Hint::new(
        &["int32", "int64", "uint32", "uint64", "integer", "long"],
        "leave it out: `type: integer` holds every whole number",
    ),
    Hint::new(&["float", "double", "decimal"], "leave it out: `type: number` holds every number"),
    Hint::new(
        &["rfc3339", "rfc-3339", "iso8601", "timestamp", "time"],
        "did you mean `date-time`?",
    ),
    Hint::new(&["yyyymmddhhmmss"], "did you mean `compact-time`?"),
    Hint::new(&["yyyy-mm-dd"], "did you mean `date`?"),
    Hint::new(&["mm/yy"], "did you mean `month-year`?"),
    Hint::new(&["rfc2397"], "did you mean `data-uri`?"),
];
