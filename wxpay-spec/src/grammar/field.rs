//! The grammar of fields, and what differs between a body, a query, a path, a header and a form.

use super::text::{
    ENUM_VALUE, HEADER_NAME, LENGTH, MEMBER_NAME, PARAMETER_NAME, RANGE, SNAKE_CASE, TEXT,
    TextRule, UPPER_CAMEL_CASE,
};
use super::words::{
    CONTENT_TYPE, ELEMENT_TYPE, FORMAT, ONE_TEXT_TYPE, QUERY_ELEMENT_TYPE, QUERY_TYPE, TYPE,
};
use super::{Key, Map, MemberRule, Rule, Table, Value, optional, required};

static SECRET: TextRule = TextRule::words("`text` or `bytes`", &["text", "bytes"]);
static EMPTY: TextRule = TextRule::words("`clears` or `allowed`", &["clears", "allowed"]);
static COMPUTED: TextRule =
    TextRule::words("`sha256`, `sm3` or `file-name`", &["sha256", "sm3", "file-name"]);

/// A remark in two languages.
static NOTE_TABLE: Table = Table {
    noun: "a remark in two languages, `{zh: …, en: …}`",
    definition: "note",
    keys: &[
        required("zh", Value::Text(&TEXT), "The remark in Chinese."),
        required("en", Value::Text(&TEXT), "The remark in English."),
    ],
    rules: &[],
};

static NOTE_VALUES: [Value; 2] = [Value::Text(&TEXT), Value::Table(&NOTE_TABLE, &[])];

/// The key `note` of everything that has one.
pub(super) const NOTE: Key = optional(
    "note",
    Value::Either(&NOTE_VALUES),
    "A remark for the reader of the documentation, in one language or in two.",
);

/// The facts of a field that depart from the imported ones, each with its reason.
static CORRECTED_FACTS: Table = Table {
    noun: "the corrected facts, `{title: …}`",
    definition: "field-corrects",
    keys: &[
        optional("required", Value::Text(&TEXT), "Why it is required or optional."),
        optional("type", Value::Text(&TEXT), "Why it has this type, format, values or labels."),
        optional("title", Value::Text(&TEXT), "Why it has this title."),
        optional("example", Value::Text(&TEXT), "Why it has this example, or none."),
        optional("length", Value::Text(&TEXT), "Why it has this length, or none."),
        optional("range", Value::Text(&TEXT), "Why it has these bounds, or none."),
        optional("pattern", Value::Text(&TEXT), "Why it has this pattern, or none."),
        optional("superseded", Value::Text(&TEXT), "Why it is superseded, or not."),
    ],
    rules: &[Rule::AtLeastOne(&[
        "required",
        "type",
        "title",
        "example",
        "length",
        "range",
        "pattern",
        "superseded",
    ])],
};

static CORRECTS: [Value; 2] = [Value::Text(&TEXT), Value::Table(&CORRECTED_FACTS, &[])];

/// A known value with more than a label.
static ENUM_LABEL: Table = Table {
    noun: "a value's label, `{title: …, rust: …}`",
    definition: "enum-label",
    keys: &[
        optional("title", Value::Text(&TEXT), "The official label of the value."),
        optional("rust", Value::Text(&UPPER_CAMEL_CASE), "A hand-chosen Rust name of the value."),
        optional("superseded", Value::Flag, "Whether newer official material no longer has it."),
    ],
    rules: &[Rule::AtLeastOne(&["title", "rust", "superseded"])],
};

pub(super) static ENUM: Map = Map {
    noun: "the known values written as keys, with or without labels: `enum: { TRUSTED, HIGH_RISK: 高风险 }`",
    definition: "enum",
    key: &ENUM_VALUE,
    value: Value::Either(&[Value::Null, Value::Text(&TEXT), Value::Table(&ENUM_LABEL, &[])]),
    rules: &[],
};

/// A member, an element or a content. The rules of each place exclude some keys.
static FIELD: Table = Table {
    noun: "a field such as `{type: string, title: 商户号}`",
    definition: "field",
    keys: &[
        required("type", Value::Text(&TYPE), "A built-in word, or the name of a named type."),
        optional("title", Value::Text(&TEXT), "The official short label."),
        NOTE,
        optional("superseded", Value::Flag, "Whether newer official material no longer has it."),
        optional("example", Value::Any, "An example value; plain text for secrets."),
        optional("enum", Value::Map(&ENUM), "The known values of a string or an integer."),
        optional("format", Value::Text(&FORMAT), "The kind of text: `date-time`, `uri`, …."),
        optional("secret", Value::Text(&SECRET), "What a sensitive field holds when decrypted."),
        optional(
            "computed",
            Value::Text(&COMPUTED),
            "The value that the client computes for an upload's meta.",
        ),
        optional("constant", Value::Text(&TEXT), "The fixed text of an upload's meta."),
        optional(
            "length",
            Value::Text(&LENGTH),
            "How many characters a text has, or how many elements a list has.",
        ),
        optional("range", Value::Text(&RANGE), "The bounds of an integer or a number."),
        optional("pattern", Value::Text(&TEXT), "A regular expression that the text matches."),
        optional(
            "empty",
            Value::Text(&EMPTY),
            "`clears`: an update sends an empty text or list, to clear the stored value. `allowed`: an empty text or list is a value and is always sent.",
        ),
        optional(
            "not_with",
            Value::Text(&SNAKE_CASE),
            "The Rust name of the body's member with the same value. Only one of the two may be set.",
        ),
        optional("fields", Value::Map(&BODY_FIELDS), "The members of an object."),
        optional("items", Value::Table(&FIELD, &ELEMENT), "The element of a list."),
        optional(
            "content",
            Value::Table(&FIELD, &CONTENT),
            "The type of a JSON text's content, if known.",
        ),
        optional("rust", Value::Text(&SNAKE_CASE), "A hand-chosen Rust name."),
        optional(
            "corrects",
            Value::Either(&CORRECTS),
            "Why the field, or which of its facts, departs from the imported facts.",
        ),
    ],
    rules: &[
        Rule::OnlyFor { key: "fields", types: &["object"] },
        Rule::OnlyFor { key: "items", types: &["list"] },
        Rule::OnlyFor { key: "content", types: &["json-text"] },
        Rule::OnlyFor { key: "enum", types: &["string", "integer"] },
        Rule::OnlyFor { key: "format", types: &["string"] },
        Rule::OnlyFor { key: "secret", types: &["string"] },
        Rule::OnlyFor { key: "computed", types: &["string"] },
        Rule::OnlyFor { key: "constant", types: &["string"] },
        Rule::OnlyFor { key: "length", types: &["string", "json-text", "list"] },
        Rule::OnlyFor { key: "range", types: &["integer", "number"] },
        Rule::OnlyFor { key: "pattern", types: &["string"] },
        Rule::OnlyFor { key: "empty", types: &["string", "list", "json-text"] },
        Rule::Brings { ty: "object", key: "fields" },
        Rule::Brings { ty: "list", key: "items" },
        Rule::Excludes { key: "secret", beside: &["enum", "format", "computed", "constant"] },
        Rule::Excludes { key: "enum", beside: &["format", "computed", "constant"] },
        Rule::AtMostOne(&["computed", "constant"]),
        Rule::Excludes { key: "empty", beside: &["enum", "computed", "constant"] },
    ],
};

const MEMBERS_ONLY: &str =
    "only a member has this key: move it there from the element or the content";
const NO_BOUNDS: &str = "only a member has bounds: describe them in its `note`";
const META_ONLY: &str = "only members of an upload's `meta` have this key";
const ONE_PLACE: &str = "only a member of `query` or `header` can exclude a member of the body";
const NOT_ELSEWHERE: Rule = Rule::Without { key: "not_with", why: ONE_PLACE };
const NOT_EMPTY: Rule =
    Rule::Without { key: "empty", why: "an empty parameter would call another endpoint" };
const NOT_COMPUTED: Rule = Rule::Without { key: "computed", why: META_ONLY };
const NOT_CONSTANT: Rule = Rule::Without { key: "constant", why: META_ONLY };

static CONTENT: [Rule; 13] = [
    Rule::Type(&CONTENT_TYPE),
    Rule::Without { key: "empty", why: MEMBERS_ONLY },
    NOT_ELSEWHERE,
    NOT_COMPUTED,
    NOT_CONSTANT,
    Rule::Without { key: "title", why: MEMBERS_ONLY },
    Rule::Without { key: "note", why: MEMBERS_ONLY },
    Rule::Without { key: "superseded", why: MEMBERS_ONLY },
    Rule::Without { key: "rust", why: MEMBERS_ONLY },
    Rule::Without { key: "corrects", why: MEMBERS_ONLY },
    Rule::Without { key: "length", why: NO_BOUNDS },
    Rule::Without { key: "range", why: NO_BOUNDS },
    Rule::Without { key: "pattern", why: NO_BOUNDS },
];

static ELEMENT: [Rule; 13] = [
    Rule::Type(&ELEMENT_TYPE),
    Rule::Without { key: "empty", why: MEMBERS_ONLY },
    NOT_ELSEWHERE,
    NOT_COMPUTED,
    NOT_CONSTANT,
    Rule::Without { key: "title", why: MEMBERS_ONLY },
    Rule::Without { key: "note", why: MEMBERS_ONLY },
    Rule::Without { key: "superseded", why: MEMBERS_ONLY },
    Rule::Without { key: "rust", why: MEMBERS_ONLY },
    Rule::Without { key: "corrects", why: MEMBERS_ONLY },
    Rule::Without { key: "length", why: NO_BOUNDS },
    Rule::Without { key: "range", why: NO_BOUNDS },
    Rule::Without { key: "pattern", why: NO_BOUNDS },
];

const NOT_SECRET: Rule =
    Rule::Without { key: "secret", why: "fields at this place are not encrypted" };

static ONE_TEXT: [Rule; 4] = [Rule::Type(&ONE_TEXT_TYPE), NOT_SECRET, NOT_COMPUTED, NOT_CONSTANT];

static IN_PATH: [Rule; 7] = [
    Rule::Type(&ONE_TEXT_TYPE),
    NOT_SECRET,
    NOT_COMPUTED,
    NOT_CONSTANT,
    NOT_ELSEWHERE,
    NOT_EMPTY,
    Rule::Without { key: "superseded", why: "a URL never lacks a parameter" },
];

static IN_PART: [Rule; 5] =
    [Rule::Type(&ONE_TEXT_TYPE), NOT_SECRET, NOT_COMPUTED, NOT_CONSTANT, NOT_ELSEWHERE];

static IN_QUERY: [Rule; 4] =
    [Rule::Type(&QUERY_TYPE), Rule::ElementType(&QUERY_ELEMENT_TYPE), NOT_COMPUTED, NOT_CONSTANT];

pub(super) static BODY_FIELDS: Map = Map {
    noun: "members, at least one: `mchid: {type: string}`",
    definition: "fields",
    key: &MEMBER_NAME,
    value: Value::Table(&FIELD, &[NOT_COMPUTED, NOT_CONSTANT, NOT_ELSEWHERE]),
    rules: &[],
};

/// The members whose value the client computes: the digest and the name of the file.
static COMPUTED_MEMBERS: [MemberRule; 4] = [
    MemberRule { member: "sha256", key: "computed", value: "sha256" },
    MemberRule { member: "file_digest", key: "computed", value: "sha256" },
    MemberRule { member: "filename", key: "computed", value: "file-name" },
    MemberRule { member: "file_name", key: "computed", value: "file-name" },
];

pub(super) static META_FIELDS: Map = Map {
    noun: "the members of the `meta` part, at least one",
    definition: "meta-fields",
    key: &MEMBER_NAME,
    value: Value::Table(&FIELD, &[NOT_ELSEWHERE]),
    rules: &COMPUTED_MEMBERS,
};

pub(super) static PATH_FIELDS: Map = Map {
    noun: "one field per `{parameter}` of the URL",
    definition: "path-fields",
    key: &PARAMETER_NAME,
    value: Value::Table(&FIELD, &IN_PATH),
    rules: &[],
};

pub(super) static QUERY_FIELDS: Map = Map {
    noun: "the members of the query, at least one",
    definition: "query-fields",
    key: &MEMBER_NAME,
    value: Value::Table(&FIELD, &IN_QUERY),
    rules: &[],
};

pub(super) static HEADER_FIELDS: Map = Map {
    noun: "the headers, at least one",
    definition: "header-fields",
    key: &HEADER_NAME,
    value: Value::Table(&FIELD, &ONE_TEXT),
    rules: &[],
};

pub(super) static PART_FIELDS: Map = Map {
    noun: "the plain text parts, at least one",
    definition: "part-fields",
    key: &MEMBER_NAME,
    value: Value::Table(&FIELD, &IN_PART),
    rules: &[],
};
