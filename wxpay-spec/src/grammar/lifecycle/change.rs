//! The grammar of a change: the keys that operations and events share.

use super::condition::{CONDITION_TABLE, ONE_GUARD};
use super::value::{VALUES, a_value};
use crate::grammar::text::{EVENT, KEY_PATH, SNAKE_CASE};
use crate::grammar::{Key, Table, Value, optional, required};

pub(super) const STORES: Key = optional(
    "stores",
    Value::List(&KEY_PATH),
    "Key paths that the resource takes from the request.",
);
pub(super) const SETS: Key =
    optional("sets", Value::Map(&VALUES), "Members by key path, with their value.");
pub(super) const REMOVES: Key = optional("removes", Value::List(&KEY_PATH), "Key paths that go.");
pub(super) const EFFECTS: Key =
    optional("effects", Value::Each(&ONE_EFFECT), "Events of other resources that follow.");
pub(super) const NOTIFIES: Key =
    optional("notifies", Value::Table(&NOTICE, &[]), "The notification that follows.");
pub(super) const RECORDS: Key =
    optional("records", Value::Table(&RECORD, &[]), "Money that moves.");
const IF: Key =
    optional("if", Value::Table(&CONDITION_TABLE, &[]), "The condition without which it is not.");
pub(super) const GUARDS: Key = optional(
    "guards",
    Value::Each(&ONE_GUARD),
    "Conditions, each with the refusal if it does not hold.",
);

static ONE_EFFECT: Value = Value::Table(&EFFECT, &[]);

static EFFECT: Table = Table {
    noun: "an effect with `on` and `do`",
    definition: "lifecycle-effect",
    keys: &[
        IF,
        required(
            "on",
            Value::Text(&SNAKE_CASE),
            "The link to the other resource, or a list of parts.",
        ),
        required("do", Value::Text(&SNAKE_CASE), "Its event."),
        optional("with", Value::Map(&VALUES), "The inputs of the event."),
    ],
    rules: &[],
};

static NOTICE: Table = Table {
    noun: "a notification with `event`",
    definition: "lifecycle-notification",
    keys: &[
        IF,
        required("event", Value::Text(&EVENT), "Its event type."),
        optional("sends", Value::Map(&VALUES), "Members that differ from the resource's."),
        optional("account", a_value(), "The merchant that is notified, if it is not the owner."),
        optional("to", a_value(), "The value with its URL."),
    ],
    rules: &[],
};

static RECORD: Table = Table {
    noun: "a record of money with `kind` and `amount`",
    definition: "lifecycle-record",
    keys: &[
        required("kind", Value::Text(&SNAKE_CASE), "The kind, such as `payment`."),
        required("amount", a_value(), "The amount in fen."),
    ],
    rules: &[],
};

pub(super) static REGISTRATION: Table = Table {
    noun: "a registration with `event` and `to`",
    definition: "lifecycle-registration",
    keys: &[
        required("event", Value::Text(&EVENT), "An event type, or the beginning of several."),
        optional("to", a_value(), "The value with the URL; without it, the URL is forgotten."),
    ],
    rules: &[],
};
