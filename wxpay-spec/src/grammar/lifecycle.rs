//! The grammar of lifecycles.

use super::field::NOTE;
use super::text::{
    DURATION, ERROR_CODE, EVENT, FAMILY_NAME, FIELD_OR_NUMBER, KEY_PATH, LIFECYCLE_PLACE,
    METHOD_AND_URL, SNAKE_CASE, STATE_NAME, TARGET as TARGET_TEXT, TEXT, TextRule, URL,
};
use super::{Key, Map, Rule, Table, Value, optional, required};

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

const CONFIDENCE: Key =
    optional("confidence", Value::Text(&CONFIDENCE_WORDS), "Where the fact comes from.");

static CONSTANTS: Map = Map {
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

const STORES: Key = optional(
    "stores",
    Value::List(&KEY_PATH),
    "Key paths that the resource takes from the request.",
);
const SETS: Key = optional("sets", Value::Map(&VALUES), "Members by key path, with their value.");
const REMOVES: Key = optional("removes", Value::List(&KEY_PATH), "Key paths that go.");
const EFFECTS: Key =
    optional("effects", Value::Each(&ONE_EFFECT), "Events of other resources that follow.");
const NOTIFIES: Key =
    optional("notifies", Value::Table(&NOTICE, &[]), "The notification that follows.");
const RECORDS: Key = optional("records", Value::Table(&RECORD, &[]), "Money that moves.");
const IF: Key =
    optional("if", Value::Table(&CONDITION_TABLE, &[]), "The condition without which it is not.");
const GUARDS: Key = optional(
    "guards",
    Value::Each(&ONE_GUARD),
    "Conditions, each with the refusal if it does not hold.",
);

static OPERATION: Table = Table {
    noun: "an operation with `title`, `on`, and one of `creates`, `finds` and `lists`",
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
        Rule::AtLeastOne(&["creates", "finds", "lists"]),
        Rule::AtMostOne(&["creates", "finds", "lists"]),
        Rule::Needs { key: "repeat", beside: "creates" },
        Rule::Needs { key: "renews", beside: "creates" },
        Rule::Needs { key: "finds", beside: "missing" },
        Rule::Needs { key: "missing", beside: "finds" },
        Rule::Needs { key: "from", beside: "finds" },
        Rule::Needs { key: "otherwise", beside: "from" },
    ],
};

static OPERATIONS: Map = Map {
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

static FROM: Map = Map {
    noun: "targets by state",
    definition: "lifecycle-from",
    key: &STATE_NAME,
    value: target(),
    rules: &[],
};

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

static REGISTRATION: Table = Table {
    noun: "a registration with `event` and `to`",
    definition: "lifecycle-registration",
    keys: &[
        required("event", Value::Text(&EVENT), "An event type, or the beginning of several."),
        optional("to", a_value(), "The value with the URL; without it, the URL is forgotten."),
    ],
    rules: &[],
};

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

static EVENTS: Map = Map {
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

static TIMER: Table = Table {
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

/// A value: a member, a number or a flag, or a mapping that says how it is made.
const fn a_value() -> Value {
    Value::Either(&VALUE_KINDS)
}

static VALUE_KINDS: [Value; 2] = [Value::Text(&FIELD_OR_NUMBER), Value::Table(&VALUE_TABLE, &[])];
static ANY_VALUE: Value = a_value();

static VALUES: Map = Map {
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
        required("by", Value::Text(&SNAKE_CASE), "The link that both have, or `own`."),
        optional("link", Value::Text(&SNAKE_CASE), "The name of their link, if it is another."),
        optional("states", Value::List(&STATE_NAME), "Their states; any if absent."),
        optional("where", Value::Table(&CONDITION_TABLE, &[]), "The condition on each `item`."),
    ],
    rules: &[],
};

static SUMMED: [Rule; 1] = [Rule::Needs { key: "in", beside: "field" }];
static COUNTED: [Rule; 1] = [Rule::Without { key: "field", why: "only a sum has a `field`" }];

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
static CONDITION: Value = Value::Table(&CONDITION_TABLE, &[]);

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

static CONDITION_TABLE: Table = Table {
    noun: "a condition such as `{present: request.transaction_id}`",
    definition: "lifecycle-condition",
    keys: condition_keys!(),
    rules: CONDITION_RULES,
};

static ONE_GUARD: Value = Value::Table(&GUARD, &[]);

static GUARD: Table = Table {
    noun: "a condition with `refuse`",
    definition: "lifecycle-guard",
    keys: condition_keys!(
        required("refuse", Value::Text(&SNAKE_CASE), "The refusal if it does not hold."),
        CONFIDENCE
    ),
    rules: CONDITION_RULES,
};
