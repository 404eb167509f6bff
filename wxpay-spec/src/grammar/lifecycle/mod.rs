//! The grammar of lifecycles: the file, its states, links, parts, refusals and settings.

mod change;
mod condition;
mod event;
mod operation;
mod value;

use super::field::NOTE;
use super::text::{
    ERROR_CODE, FAMILY_NAME, KEY_PATH, LIFECYCLE_PLACE, SNAKE_CASE, STATE_NAME, TEXT, TextRule, URL,
};
use super::{Key, Map, Table, Value, optional, required};
use event::{EVENTS, TIMER};
use operation::OPERATIONS;
use value::VALUES;

/// A file below `lifecycles/`.
pub(crate) static LIFECYCLE: Value = Value::Table(&LIFECYCLE_TABLE, &[]);

static LIFECYCLE_TABLE: Table = Table {
    noun: "a lifecycle with `title`, `family`, `keys` and `states`",
    definition: "lifecycle-file",
    keys: &[
        required("title", Value::Text(&TEXT), "The official name of the resource."),
        required("family", Value::Text(&FAMILY_NAME), "The family whose operations it plays."),
        optional("docs", Value::List(&URL), "Official pages."),
        NOTE,
        required("keys", Value::List(&KEY_PATH), "The members that name one resource."),
        optional("state", Value::Text(&KEY_PATH), "The member that holds the state's name."),
        required("states", Value::Map(&STATES), "The states."),
        optional("only_in", Value::Map(&ONLY_IN), "Members, and the only states that show them."),
        optional("links", Value::Map(&LINKS), "Other resources that this one belongs to."),
        optional("parts", Value::Map(&PARTS), "Lists whose elements have their own lifecycle."),
        optional("settings", Value::Map(&SETTINGS), "Limits that each merchant has configured."),
        optional("refusals", Value::Map(&REFUSALS), "The refusals, by a name of yours."),
        optional("operations", Value::Map(&OPERATIONS), "What operations do."),
        optional("events", Value::Map(&EVENTS), "What a user or WeChat Pay does."),
        optional("timers", Value::Each(&Value::Table(&TIMER, &[])), "The events that time brings."),
    ],
    rules: &[],
};

static CONFIDENCE_WORDS: TextRule = TextRule::words(
    "where the fact comes from: `official`, `skills`, `sdk`, `real`, `copy`, `assumed` or `unknown`",
    &["official", "skills", "sdk", "real", "copy", "assumed", "unknown"],
);

pub(super) const CONFIDENCE: Key =
    optional("confidence", Value::Text(&CONFIDENCE_WORDS), "Where the fact comes from.");

pub(super) static CONSTANTS: Map = Map {
    noun: "members by key path, with a constant each",
    definition: "lifecycle-constants",
    key: &KEY_PATH,
    value: Value::Text(&TEXT),
    rules: &[],
};

static STATE: Table = Table {
    noun: "a state with `title`",
    definition: "lifecycle-state",
    keys: &[
        required("title", Value::Text(&TEXT), "The official label."),
        NOTE,
        optional("shows", Value::Map(&CONSTANTS), "Members with the constant of this state."),
    ],
    rules: &[],
};

static STATES: Map = Map {
    noun: "states by name",
    definition: "lifecycle-states",
    key: &STATE_NAME,
    value: Value::Table(&STATE, &[]),
    rules: &[],
};

static ONLY_IN: Map = Map {
    noun: "members by key path, each with a list of states",
    definition: "lifecycle-only-in",
    key: &KEY_PATH,
    value: Value::Either(&[Value::List(&STATE_NAME), Value::Text(&NEVER)]),
    rules: &[],
};

static NEVER: TextRule = TextRule::words("a list of states, or `never`", &["never"]);

static LINK: Table = Table {
    noun: "a link with `to`",
    definition: "lifecycle-link",
    keys: &[
        required("to", Value::List(&LIFECYCLE_PLACE), "The lifecycles of the other resource."),
        optional("by", Value::Map(&VALUES), "Keys of the other resource, with their value."),
        optional("states", Value::List(&STATE_NAME), "The states that it must have."),
        optional("missing", Value::Text(&SNAKE_CASE), "The refusal if there is none."),
    ],
    rules: &[],
};

static LINKS: Map = Map {
    noun: "links by a name of yours",
    definition: "lifecycle-links",
    key: &SNAKE_CASE,
    value: Value::Table(&LINK, &[]),
    rules: &[],
};

static PART: Table = Table {
    noun: "a part with `of` and `state`",
    definition: "lifecycle-part",
    keys: &[
        required("of", Value::Text(&LIFECYCLE_PLACE), "The lifecycle of the elements."),
        required("state", Value::Text(&STATE_NAME), "The state in which they begin."),
    ],
    rules: &[],
};

static PARTS: Map = Map {
    noun: "lists of the resource, each with the lifecycle of its elements",
    definition: "lifecycle-parts",
    key: &KEY_PATH,
    value: Value::Table(&PART, &[]),
    rules: &[],
};

static REFUSAL: Table = Table {
    noun: "a refusal with `status`, `code` and `message`",
    definition: "lifecycle-refusal",
    keys: &[
        required("status", Value::Integer { least: 200, most: 599 }, "The HTTP status."),
        required("code", Value::Text(&ERROR_CODE), "The code."),
        required("message", Value::Text(&TEXT), "The message, for people."),
        CONFIDENCE,
    ],
    rules: &[],
};

static REFUSALS: Map = Map {
    noun: "refusals by a name of yours",
    definition: "lifecycle-refusals",
    key: &SNAKE_CASE,
    value: Value::Either(&[Value::Table(&REFUSAL, &[]), Value::Each(&Value::Table(&REFUSAL, &[]))]),
    rules: &[],
};

static SETTING: Table = Table {
    noun: "a setting with `title` and `value`",
    definition: "lifecycle-setting",
    keys: &[
        required("title", Value::Text(&TEXT), "The official name."),
        required("value", Value::Text(&TEXT), "The usual value."),
    ],
    rules: &[],
};

static SETTINGS: Map = Map {
    noun: "settings by a name of yours",
    definition: "lifecycle-settings",
    key: &SNAKE_CASE,
    value: Value::Table(&SETTING, &[]),
    rules: &[],
};
