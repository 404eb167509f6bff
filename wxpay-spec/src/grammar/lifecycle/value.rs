//! The grammar of values.

use super::condition::CONDITION_TABLE;
use crate::grammar::text::{
    FIELD_OR_NUMBER, KEY_PATH, LIFECYCLE_PLACE, SNAKE_CASE, STATE_NAME, TEXT, TextRule,
};
use crate::grammar::{Map, Rule, Table, Value, optional, required};

/// A value: a member, a number or a flag, or a mapping that says how it is made.
pub(super) const fn a_value() -> Value {
    Value::Either(&VALUE_KINDS)
}

static VALUE_KINDS: [Value; 2] = [Value::Text(&FIELD_OR_NUMBER), Value::Table(&VALUE_TABLE, &[])];
pub(super) static ANY_VALUE: Value = a_value();

pub(super) static VALUES: Map = Map {
    noun: "members by key path, with their value",
    definition: "lifecycle-values",
    key: &KEY_PATH,
    value: a_value(),
    rules: &[],
};

const VALUE_WORDS: &[&str] = &[
    "constant",
    "generated",
    "now",
    "first",
    "sum",
    "difference",
    "share",
    "count",
    "sum_of",
    "count_of",
    "age",
    "each",
    "list",
    "join",
    "where",
    "if",
    "function",
];

static TIME_FORM: TextRule = TextRule::words(
    "`date-time`, `compact-time`, `date`, `compact-date` or `seconds`",
    &["date-time", "compact-time", "date", "compact-date", "seconds"],
);

static VALUE_TABLE: Table = Table {
    noun: "a value such as `{constant: OTHERS}`",
    definition: "lifecycle-value",
    keys: &[
        optional("constant", Value::Text(&TEXT), "The constant."),
        optional("generated", Value::Table(&GENERATED, &[]), "A new number."),
        optional("now", Value::Text(&TIME_FORM), "The time of the business clock."),
        optional("first", Value::Each(&ANY_VALUE), "The first that exists."),
        optional("sum", Value::Each(&ANY_VALUE), "The sum of all."),
        optional("difference", Value::Each(&ANY_VALUE), "The first without the others."),
        optional("share", Value::Each(&ANY_VALUE), "The amount × the part ÷ the whole, rounded."),
        optional("count", a_value(), "How many there are."),
        optional("sum_of", Value::Table(&RELATED, &SUMMED), "The sum over related resources."),
        optional(
            "count_of",
            Value::Table(&RELATED, &COUNTED),
            "How many related resources there are.",
        ),
        optional("age", a_value(), "The seconds since a time."),
        optional("each", a_value(), "The list whose elements are changed."),
        optional("sets", Value::Map(&VALUES), "Members of each element, with their value."),
        optional("list", Value::Each(&Value::Map(&VALUES)), "A list of objects."),
        optional("join", Value::Each(&ANY_VALUE), "One list after another."),
        optional("where", Value::Table(&CONDITION_TABLE, &[]), "The condition on each `item`."),
        optional("in", a_value(), "The list whose elements are chosen."),
        optional("take", Value::Text(&KEY_PATH), "The member of each chosen element."),
        optional("if", Value::Table(&CONDITION_TABLE, &[]), "The condition."),
        optional("then", a_value(), "The value if it holds."),
        optional("else", a_value(), "The value if it does not hold."),
        optional("function", Value::Text(&SNAKE_CASE), "What a Rust function returns."),
        optional("of", Value::Each(&ANY_VALUE), "The arguments of the function."),
    ],
    rules: &[
        Rule::AtLeastOne(VALUE_WORDS),
        Rule::AtMostOne(VALUE_WORDS),
        Rule::Needs { key: "sets", beside: "each" },
        Rule::Needs { key: "each", beside: "sets" },
        Rule::Needs { key: "where", beside: "in" },
        Rule::Needs { key: "in", beside: "where" },
        Rule::Needs { key: "take", beside: "where" },
        Rule::Needs { key: "if", beside: "then" },
        Rule::Needs { key: "then", beside: "if" },
        Rule::Needs { key: "else", beside: "if" },
        Rule::Needs { key: "of", beside: "function" },
    ],
};

static GENERATED: Table = Table {
    noun: "a new number with `digits` or `letters`",
    definition: "lifecycle-generated",
    keys: &[
        optional("prefix", Value::Text(&TEXT), "What it begins with."),
        optional("digits", Value::Integer { least: 6, most: 64 }, "How many digits follow."),
        optional("letters", Value::Integer { least: 6, most: 128 }, "How many letters follow."),
    ],
    rules: &[Rule::AtLeastOne(&["digits", "letters"]), Rule::AtMostOne(&["digits", "letters"])],
};

static RELATED: Table = Table {
    noun: "related resources with `in` and `by`",
    definition: "lifecycle-related",
    keys: &[
        optional("field", Value::Text(&KEY_PATH), "The member that is summed."),
        required("in", Value::Text(&LIFECYCLE_PLACE), "Their lifecycle."),
        required("by", Value::Text(&SNAKE_CASE), "The link that both have, `own`, or `caller`."),
        optional("link", Value::Text(&SNAKE_CASE), "The name of their link, if it is another."),
        optional("states", Value::List(&STATE_NAME), "Their states; any if absent."),
        optional("where", Value::Table(&CONDITION_TABLE, &[]), "The condition on each `item`."),
    ],
    rules: &[],
};

static SUMMED: [Rule; 1] = [Rule::Needs { key: "in", beside: "field" }];
static COUNTED: [Rule; 1] = [Rule::Without { key: "field", why: "only a sum has a `field`" }];
