//! The grammar of what operations do to a resource, and where it goes.

use super::change::{EFFECTS, GUARDS, NOTIFIES, RECORDS, REGISTRATION, REMOVES, SETS, STORES};
use super::condition::{CONDITION, CONDITION_TABLE};
use super::value::VALUES;
use super::{CONFIDENCE, CONSTANTS};
use crate::grammar::text::{
    KEY_PATH, METHOD_AND_URL, SNAKE_CASE, STATE_NAME, TARGET as TARGET_TEXT, TEXT, TextRule,
};
use crate::grammar::{Map, Rule, Table, Value, optional, required};

static STATUS: Map = Map {
    noun: "HTTP statuses by state",
    definition: "lifecycle-status",
    key: &STATE_NAME,
    value: Value::Integer { least: 200, most: 299 },
    rules: &[],
};

static ALL: TextRule = TextRule::words("`all`, or a list of conditions", &["all"]);

static BOUND: Map = Map {
    noun: "operations, each with the members that it sets",
    definition: "lifecycle-bindings",
    key: &METHOD_AND_URL,
    value: Value::Map(&CONSTANTS),
    rules: &[],
};

static OPERATION: Table = Table {
    noun: "an operation with `title`, `on`, and one of `creates`, `finds`, `lists` and `answers`",
    definition: "lifecycle-operation",
    keys: &[
        required("title", Value::Text(&TEXT), "The title."),
        CONFIDENCE,
        required(
            "on",
            Value::Either(&[Value::List(&METHOD_AND_URL), Value::Map(&BOUND)]),
            "The operations.",
        ),
        optional("creates", target(), "Where the new resource goes."),
        optional("repeat", Value::Table(&REPEAT, &[]), "What happens to a known number."),
        optional("renews", Value::Map(&VALUES), "Members that every call sets."),
        optional(
            "finds",
            Value::Either(&[Value::List(&KEY_PATH), Value::Map(&VALUES)]),
            "The keys that find the resource, with their value unless it is the request's.",
        ),
        optional("missing", Value::Text(&SNAKE_CASE), "The refusal if there is none."),
        optional("from", Value::Map(&FROM), "Targets by state."),
        optional("otherwise", Value::Text(&SNAKE_CASE), "The refusal in other states."),
        optional(
            "lists",
            Value::Either(&[Value::Text(&ALL), Value::Each(&CONDITION)]),
            "The conditions on the resources of the list.",
        ),
        GUARDS,
        STORES,
        SETS,
        REMOVES,
        EFFECTS,
        NOTIFIES,
        RECORDS,
        optional(
            "registers",
            Value::Table(&REGISTRATION, &[]),
            "A URL for notifications that the merchant registers.",
        ),
        optional("status", Value::Map(&STATUS), "The HTTP status by state."),
        optional("answers", Value::Map(&VALUES), "Members of this response only."),
        optional("leaves_out", Value::List(&KEY_PATH), "Members that the response does not have."),
    ],
    rules: &[
        Rule::AtLeastOne(&["creates", "finds", "lists", "answers"]),
        Rule::AtMostOne(&["creates", "finds", "lists"]),
        Rule::Needs { key: "repeat", beside: "creates" },
        Rule::Needs { key: "renews", beside: "creates" },
        Rule::Needs { key: "finds", beside: "missing" },
        Rule::Needs { key: "missing", beside: "finds" },
        Rule::Needs { key: "from", beside: "finds" },
        Rule::Needs { key: "otherwise", beside: "from" },
    ],
};

pub(super) static OPERATIONS: Map = Map {
    noun: "operations by a name of yours",
    definition: "lifecycle-operations",
    key: &SNAKE_CASE,
    value: Value::Table(&OPERATION, &[]),
    rules: &[],
};

static REPEAT: Table = Table {
    noun: "what happens to a known number: `differs`, `ignores`, `in`",
    definition: "lifecycle-repeat",
    keys: &[
        optional("differs", target(), "The target if the parameters differ."),
        optional("ignores", Value::List(&KEY_PATH), "The parameters that may differ."),
        optional("in", Value::Map(&FROM), "Targets by the state of the existing resource."),
    ],
    rules: &[
        Rule::AtLeastOne(&["differs", "in"]),
        Rule::Needs { key: "ignores", beside: "differs" },
    ],
};

/// A target: a state, a refusal, a switch, or one of two.
const fn target() -> Value {
    Value::Either(&TARGET_KINDS)
}

static TARGET_KINDS: [Value; 3] =
    [Value::Text(&TARGET_TEXT), Value::List(&TARGET_TEXT), Value::Table(&CASE, &[])];

static CASE: Table = Table {
    noun: "two targets with `if`, `then` and `else`",
    definition: "lifecycle-case",
    keys: &[
        required("if", Value::Table(&CONDITION_TABLE, &[]), "The condition."),
        required("then", target(), "The target if it holds."),
        required("else", target(), "The target if it does not hold."),
    ],
    rules: &[],
};

pub(super) static FROM: Map = Map {
    noun: "targets by state",
    definition: "lifecycle-from",
    key: &STATE_NAME,
    value: target(),
    rules: &[],
};
