//! The grammar of operations, and what differs between the HTTP methods.

use super::field::{
    BODY_FIELDS, HEADER_FIELDS, META_FIELDS, NOTE, PART_FIELDS, PATH_FIELDS, QUERY_FIELDS,
};
use super::text::{
    DATE, ERROR_CODE, Hint, MEDIA_TYPE, PART_NAME, REPEAT, TEXT, TYPE_REFERENCE, TextRule, URL,
};
use super::{Map, Rule, Table, Value, optional, required};

static ROLE: TextRule = TextRule::words(
    "`merchant`, `partner`, `ecommerce`, `channel`, `institution` or `brand`",
    &["merchant", "partner", "ecommerce", "channel", "institution", "brand"],
)
.hinting(&[
    Hint::new(&["商户", "普通商户", "直连商户"], "did you mean `merchant`?"),
    Hint::new(&["服务商"], "did you mean `partner`?"),
    Hint::new(&["电商平台", "平台商户"], "did you mean `ecommerce`?"),
    Hint::new(&["渠道商"], "did you mean `channel`?"),
    Hint::new(&["从业机构", "机构模式"], "did you mean `institution`?"),
    Hint::new(&["品牌商户", "品牌"], "did you mean `brand`?"),
]);

static RESPONSE_WORD: TextRule = TextRule::suggesting(
    "a type's name such as `ServiceOrder` or `pay/Transaction`, `none`, or `json` for an object of unknown members",
    "^(none|json|([a-z0-9][a-z0-9_-]*/)?[A-Z][A-Za-z0-9]*)$",
    &["none", "json"],
);

static EFFECT: TextRule = TextRule::words("`update`", &["update"]);

static INTEGRITY: TextRule =
    TextRule::words("`none`, `sha1` or `signed-digest`", &["none", "sha1", "signed-digest"]);

static ERROR_SOURCE: TextRule = TextRule::words(
    "`official`, `sdk`, `samples`, `real`, `third-party` or `assumed`",
    &["official", "sdk", "samples", "real", "third-party", "assumed"],
);

static ERROR: Table = Table {
    noun: "what an error code means, `{status: 400, when: …}`",
    definition: "error",
    keys: &[
        optional(
            "status",
            Value::Either(&[Value::Integer { least: 200, most: 599 }, Value::Null]),
            "The HTTP status that it comes with; unknown if null or absent.",
        ),
        optional("when", Value::Text(&TEXT), "When it comes, or what to do."),
        optional("source", Value::Text(&ERROR_SOURCE), "The best source that names it."),
    ],
    rules: &[Rule::AtLeastOne(&["status", "when", "source"])],
};

static ERRORS: Map = Map {
    noun: "error codes written as keys, with or without more: `errors: { ORDER_CLOSED: 订单已关闭 }`",
    definition: "errors",
    key: &ERROR_CODE,
    value: Value::Either(&[Value::Null, Value::Text(&TEXT), Value::Table(&ERROR, &[])]),
    rules: &[],
};

static CLOSURE: TextRule = TextRule::words("`kept`", &["kept"]);

static UPLOAD: Table = Table {
    noun: "an upload with `meta`",
    definition: "upload",
    keys: &[
        required("meta", Value::Map(&META_FIELDS), "The members of the JSON part."),
        optional("file", Value::Text(&PART_NAME), "The name of the file's part, `file` if absent."),
        optional("parts", Value::Map(&PART_FIELDS), "Plain text parts beside the file."),
    ],
    rules: &[],
};

static DOWNLOAD: Table = Table {
    noun: "a download with `media` and `integrity`",
    definition: "download",
    keys: &[
        required(
            "media",
            Value::Either(&[Value::Text(&MEDIA_TYPE), Value::List(&MEDIA_TYPE)]),
            "The media type or types of the file.",
        ),
        required("integrity", Value::Text(&INTEGRITY), "What proves that the file is whole."),
    ],
    rules: &[],
};

pub(super) static OPERATION: Table = Table {
    noun: "an operation",
    definition: "operation",
    keys: &[
        required("title", Value::Text(&TEXT), "The official name."),
        optional("docs", Value::List(&URL), "Official pages, newest style last."),
        optional("roles", Value::List(&ROLE), "Who may call it."),
        optional("updated", Value::Text(&DATE), "When the official page last changed."),
        optional("deprecated", Value::Text(&TEXT), "Why not to use it, and what instead."),
        NOTE,
        optional(
            "corrects",
            Value::Text(&TEXT),
            "Why its title, pages, roles or dates depart from the imported facts.",
        ),
        optional(
            "repeat",
            Value::Text(&REPEAT),
            "`safe`, `never`, or the member whose value makes a repeat recognised.",
        ),
        optional(
            "effect",
            Value::Text(&EFFECT),
            "`update` where a POST changes something stored, and no empty value of it may be left out in silence.",
        ),
        optional("path", Value::Map(&PATH_FIELDS), "One field per {parameter}, in URL order."),
        optional("query", Value::Map(&QUERY_FIELDS), "The members sent in the query."),
        optional("header", Value::Map(&HEADER_FIELDS), "The members sent as headers."),
        optional(
            "request",
            Value::Either(&[Value::Map(&BODY_FIELDS), Value::Text(&TYPE_REFERENCE)]),
            "The JSON body: its members or a type's name.",
        ),
        optional("upload", Value::Table(&UPLOAD, &[]), "A multipart upload instead of a body."),
        optional(
            "closure",
            Value::Text(&CLOSURE),
            "`kept`: the Rust method takes its closure although no input is required any more.",
        ),
        optional(
            "response",
            Value::Either(&[Value::Map(&BODY_FIELDS), Value::Text(&RESPONSE_WORD)]),
            "The JSON response: its members, a type's name, `none`, or `json` if its members are unknown.",
        ),
        optional(
            "status",
            Value::Either(&[
                Value::Integer { least: 200, most: 299 },
                Value::Integers { least: 200, most: 299 },
            ]),
            "The status of success, if not 200 with a response and 204 without; of several, the usual one first.",
        ),
        optional("download", Value::Table(&DOWNLOAD, &[]), "A raw file instead of a response."),
        optional(
            "errors",
            Value::Map(&ERRORS),
            "The error codes that its own page names, with their status and when they come.",
        ),
    ],
    rules: &[
        Rule::AtLeastOne(&["response", "download"]),
        Rule::AtMostOne(&["response", "download"]),
        Rule::AtMostOne(&["request", "upload"]),
        Rule::Needs { key: "status", beside: "response" },
        Rule::NeedsOneOf { key: "closure", beside: &["query", "header", "request", "upload"] },
    ],
};

const GET_HAS_NO_BODY: &str = "a GET has no body: use `query`";

const EFFECT_OF_POST: &str =
    "only a POST has it: PUT and PATCH are always updates, GET and DELETE never are";
const NO_EFFECT: Rule = Rule::Without { key: "effect", why: EFFECT_OF_POST };

pub(super) static ON_GET: [Rule; 4] = [
    NO_EFFECT,
    Rule::Without { key: "request", why: GET_HAS_NO_BODY },
    Rule::Without { key: "upload", why: GET_HAS_NO_BODY },
    Rule::Not {
        key: "repeat",
        text: "never",
        why: "remove it: a GET changes nothing and is always safe",
    },
];

pub(super) static ON_CHANGES: [Rule; 2] = [
    NO_EFFECT,
    Rule::Not {
        key: "repeat",
        text: "safe",
        why: "the operation changes something: name the member by whose value WeChat Pay recognises a retry",
    },
];
