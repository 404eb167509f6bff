use super::text::{Hint, TextRule};

/// The kinds of text that WeChat Pay's pages tell apart.
///
/// The set is closed, because a misspelt format would only show as a time that stays a text.
pub(super) static FORMAT: TextRule = TextRule::words(
    "one of `date-time`, `date`, `compact-time`, `month-year`, `uri`, `data-uri`, `media-id`, `media-url`, `numeric`; without any, it is just a text",
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
.hinting(&HINTS);

static HINTS: [Hint; 10] = [
    Hint::new(
        &["encrypted", "secret", "cipher", "ciphertext"],
        "use `secret: text` instead: it is a sensitive field",
    ),
    Hint::new(
        &["binary", "file"],
        "describe `upload`: it is the upload's file, which is no member",
    ),
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
