//! The grammar of operations, and what differs between the HTTP methods.

use super::field::{
    BODY_FIELDS, HEADER_FIELDS, META_FIELDS, NOTE, PART_FIELDS, PATH_FIELDS, QUERY_FIELDS,
};
use super::text::{
    DATE, ERROR_CODE, Hint, MEDIA_TYPE, PART_NAME, REPEAT, TEXT, TYPE_REFERENCE, TextRule, URL,
    WIRE_NAME,
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
            "The HTTP status of the error; unknown if null or absent.",
        ),
        optional(
            "when",
            Value::Text(&TEXT),
            "When WeChat Pay returns the code, or what to do then.",
        ),
        optional("source", Value::Text(&ERROR_SOURCE), "The best source that names the code."),
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
        optional("file", Value::Text(&PART_NAME), "The name of the file's part; `file` if absent."),
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
        required(
            "integrity",
            Value::Text(&INTEGRITY),
            "What proves that the file is complete and unchanged.",
        ),
    ],
    rules: &[],
};

static PAGES: Table = Table {
    noun: "how a list comes in pages: `{items: data, offset: offset, limit: limit, total: total_count}`",
    definition: "pages",
    keys: &[
        required("items", Value::Text(&WIRE_NAME), "The member of the response that is the list."),
        optional(
            "offset",
            Value::Text(&WIRE_NAME),
            "The input that counts the elements before the page, from 0.",
        ),
        optional("page", Value::Text(&WIRE_NAME), "The input that is the page's number."),
        optional(
            "first",
            Value::Integer { least: 0, most: 1 },
            "The number of the first page, 0 if absent.",
        ),
        optional(
            "token",
            Value::Text(&WIRE_NAME),
            "The input that takes the token of the previous response.",
        ),
        optional(
            "next",
            Value::Text(&WIRE_NAME),
            "The member of the response with the token of the next page.",
        ),
        optional(
            "limit",
            Value::Text(&WIRE_NAME),
            "The input that limits the elements of a page. A member of the response with its name repeats it.",
        ),
        optional(
            "total",
            Value::Text(&WIRE_NAME),
            "The member of the response with the number of elements on all pages.",
        ),
    ],
    rules: &[
        Rule::AtLeastOne(&["offset", "page", "token"]),
        Rule::AtMostOne(&["offset", "page", "token"]),
        Rule::Needs { key: "first", beside: "page" },
        Rule::Needs { key: "token", beside: "next" },
        Rule::Needs { key: "next", beside: "token" },
    ],
};

/// The facts of an operation that depart from the imported ones, each with its reason.
static CORRECTED_FACTS: Table = Table {
    noun: "the corrected facts, `{roles: …}`",
    definition: "operation-corrects",
    keys: &[
        optional("title", Value::Text(&TEXT), "Why it has this title."),
        optional("docs", Value::Text(&TEXT), "Why it has these pages."),
        optional("roles", Value::Text(&TEXT), "Why these may call it."),
        optional("updated", Value::Text(&TEXT), "Why its page has this date."),
        optional("deprecated", Value::Text(&TEXT), "Why it is deprecated, or not."),
    ],
    rules: &[Rule::AtLeastOne(&["title", "docs", "roles", "updated", "deprecated"])],
};

static CORRECTS: [Value; 2] = [Value::Text(&TEXT), Value::Table(&CORRECTED_FACTS, &[])];

pub(super) static OPERATION: Table = Table {
    noun: "an operation",
    definition: "operation",
    keys: &[
        required("title", Value::Text(&TEXT), "The official name."),
        optional("docs", Value::List(&URL), "Official pages, newest style last."),
        optional("roles", Value::List(&ROLE), "Who may call the operation."),
        optional("updated", Value::Text(&DATE), "When the official page last changed."),
        optional(
            "deprecated",
            Value::Text(&TEXT),
            "Why callers should avoid the operation, and what to use instead.",
        ),
        NOTE,
        optional(
            "corrects",
            Value::Either(&CORRECTS),
            "Why the title, pages, roles or dates depart from the imported facts.",
        ),
        optional(
            "repeat",
            Value::Text(&REPEAT),
            "`safe`, `never`, or the member by whose value WeChat Pay recognises a retry.",
        ),
        optional(
            "effect",
            Value::Text(&EFFECT),
            "`update`: the POST changes something stored. The client then refuses empty optional values instead of leaving them out.",
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
            "`kept`: the Rust method takes a closure although no input is required any more.",
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
            "The status of success, if it is not 200 (204 without a body). Several are a list, the usual one first.",
        ),
        optional("download", Value::Table(&DOWNLOAD, &[]), "A raw file instead of a response."),
        optional(
            "pages",
            Value::Table(&PAGES, &[]),
            "How the list of the response comes in pages.",
        ),
        optional(
            "errors",
            Value::Map(&ERRORS),
            "The error codes that only this operation's page names, each with its status and meaning.",
        ),
    ],
    rules: &[
        Rule::AtLeastOne(&["response", "download"]),
        Rule::AtMostOne(&["response", "download"]),
        Rule::AtMostOne(&["request", "upload"]),
        Rule::Needs { key: "status", beside: "response" },
        Rule::Needs { key: "pages", beside: "response" },
        Rule::NeedsOneOf { key: "closure", beside: &["query", "header", "request", "upload"] },
    ],
};

const GET_HAS_NO_BODY: &str = "a GET has no body: use `query`";

const EFFECT_OF_POST: &str =
    "only a POST has `effect`: PUT and PATCH are always updates, GET and DELETE never are";
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
