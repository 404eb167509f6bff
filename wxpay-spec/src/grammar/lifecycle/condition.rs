//! The grammar of conditions and guards.

use super::CONFIDENCE;
use super::value::{ANY_VALUE, a_value};
use crate::grammar::text::{SNAKE_CASE, TEXT};
use crate::grammar::{Rule, Table, Value, optional, required};

const CONDITION_WORDS: &[&str] = &[
    "present",
    "absent",
    "equal",
    "differ",
    "less",
    "at_most",
    "among",
    "exactly_one",
    "distinct",
    "all",
    "any",
    "not",
    "function",
];

/// A condition.
pub(super) static CONDITION: Value = Value::Table(&CONDITION_TABLE, &[]);

/// The keys of a condition, which a guard has too.
macro_rules! condition_keys {
    ($($more:expr),*) => {
        &[
            optional("present", a_value(), "There is such a value."),
            optional("absent", a_value(), "There is no such value."),
            optional("equal", Value::Each(&ANY_VALUE), "Both exist and are equal."),
            optional("differ", Value::Each(&ANY_VALUE), "Both exist and are not equal."),
            optional("less", Value::Each(&ANY_VALUE), "The first is less."),
            optional("at_most", Value::Each(&ANY_VALUE), "The first is not greater."),
            optional("among", a_value(), "The value is one of `texts`."),
            optional("texts", Value::List(&TEXT), "The texts of `among`."),
            optional("exactly_one", Value::Each(&ANY_VALUE), "Exactly one of them exists."),
            optional("distinct", a_value(), "No two are equal."),
            optional("all", Value::Each(&CONDITION), "All hold."),
            optional("any", Value::Each(&CONDITION), "At least one holds."),
            optional("not", Value::Table(&CONDITION_TABLE, &[]), "It does not hold."),
            optional("function", Value::Text(&SNAKE_CASE), "The Rust function returns `true`."),
            optional("of", Value::Each(&ANY_VALUE), "The arguments of the function."),
            $($more),*
        ]
    };
}

const CONDITION_RULES: &[Rule] = &[
    Rule::AtLeastOne(CONDITION_WORDS),
    Rule::AtMostOne(CONDITION_WORDS),
    Rule::Needs { key: "among", beside: "texts" },
    Rule::Needs { key: "texts", beside: "among" },
    Rule::Needs { key: "of", beside: "function" },
];

pub(super) static CONDITION_TABLE: Table = Table {
    noun: "a condition such as `{present: request.transaction_id}`",
    definition: "lifecycle-condition",
    keys: condition_keys!(),
    rules: CONDITION_RULES,
};

pub(super) static ONE_GUARD: Value = Value::Table(&GUARD, &[]);

static GUARD: Table = Table {
    noun: "a condition with `refuse`",
    definition: "lifecycle-guard",
    keys: condition_keys!(
        required("refuse", Value::Text(&SNAKE_CASE), "The refusal if it does not hold."),
        CONFIDENCE
    ),
    rules: CONDITION_RULES,
};
