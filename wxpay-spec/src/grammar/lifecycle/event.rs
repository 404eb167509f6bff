//! The grammar of events and timers.

use super::CONFIDENCE;
use super::change::{EFFECTS, GUARDS, NOTIFIES, RECORDS, REMOVES, SETS};
use super::operation::FROM;
use super::value::a_value;
use crate::grammar::field::NOTE;
use crate::grammar::text::{DURATION, KEY_PATH, SNAKE_CASE, STATE_NAME, TEXT};
use crate::grammar::{Map, Rule, Table, Value, optional, required};

static EVENT_TABLE: Table = Table {
    noun: "an event with `title`",
    definition: "lifecycle-event",
    keys: &[
        required("title", Value::Text(&TEXT), "The title."),
        NOTE,
        CONFIDENCE,
        optional("internal", Value::Flag, "Whether only effects, parts and timers cause it."),
        optional("takes", Value::Map(&INPUTS), "Inputs, with their usual value."),
        optional("creates", Value::Text(&STATE_NAME), "The state of a new resource."),
        optional("from", Value::Map(&FROM), "Targets by state."),
        optional("each", Value::Map(&EACH), "Events of parts."),
        GUARDS,
        SETS,
        REMOVES,
        EFFECTS,
        NOTIFIES,
        RECORDS,
    ],
    rules: &[Rule::AtLeastOne(&["creates", "from"]), Rule::AtMostOne(&["creates", "from"])],
};

pub(super) static EVENTS: Map = Map {
    noun: "events by a name of yours",
    definition: "lifecycle-events",
    key: &SNAKE_CASE,
    value: Value::Table(&EVENT_TABLE, &[]),
    rules: &[],
};

static INPUTS: Map = Map {
    noun: "inputs by name, with their usual value",
    definition: "lifecycle-inputs",
    key: &SNAKE_CASE,
    value: a_value(),
    rules: &[],
};

static EACH: Map = Map {
    noun: "lists of parts, each with the event of its elements",
    definition: "lifecycle-each",
    key: &KEY_PATH,
    value: Value::Text(&SNAKE_CASE),
    rules: &[],
};

pub(super) static TIMER: Table = Table {
    noun: "a timer with `in`, `after` and `do`",
    definition: "lifecycle-timer",
    keys: &[
        required("in", Value::List(&STATE_NAME), "The states in which it runs."),
        required("after", Value::Text(&DURATION), "The duration."),
        optional("since", a_value(), "The time that it counts from."),
        required("do", Value::Text(&SNAKE_CASE), "The event."),
        CONFIDENCE,
    ],
    rules: &[],
};
