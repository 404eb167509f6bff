//! Reads the values and the conditions of lifecycles.

use crate::cursor::Cursor;
use crate::model::lifecycle::{Call, Condition, Related, TimeForm, Value};

use super::operation::number;

/// Reads a mapping from key paths to values.
pub(super) fn values(at: &Cursor<'_>, key: &str) -> Vec<(String, Value)> {
    at.get(key).map(|map| entries(&map)).unwrap_or_default()
}

fn entries(at: &Cursor<'_>) -> Vec<(String, Value)> {
    at.entries().map(|(path, entry)| (path.to_owned(), value(&entry))).collect()
}

fn list(at: &Cursor<'_>) -> Vec<Value> {
    at.items().map(|item| value(&item)).collect()
}

/// Reads a list of texts.
pub(super) fn texts(at: &Cursor<'_>) -> Vec<String> {
    at.items().filter_map(|item| item.text().map(str::to_owned)).collect()
}

/// Reads exactly so many values, and reports another number of them.
fn exactly<const N: usize>(at: &Cursor<'_>) -> Box<[Value; N]> {
    let given = list(at);
    let count = given.len();
    match <[Value; N]>::try_from(given) {
        Ok(values) => Box::new(values),
        Err(_) => {
            let message = match count {
                1 => "one value is given".to_owned(),
                _ => format!("{count} values are given"),
            };
            at.error(&message, Some(format!("expected {N}")));
            Box::new([const { nothing() }; N])
        }
    }
}

/// A value that does not exist, for a place whose mistake has been reported.
const fn nothing() -> Value {
    Value::Constant(serde_json::Value::Null)
}

/// Reads a value.
pub(super) fn value(at: &Cursor<'_>) -> Value {
    match at.text() {
        Some(text) => scalar(at, text),
        None => made(at).unwrap_or_else(nothing),
    }
}

fn scalar(at: &Cursor<'_>, text: &str) -> Value {
    match at.json() {
        Some(json) if json.is_number() || json.is_boolean() => Value::Constant(json),
        _ if text == "none" => Value::First(Vec::new()),
        _ => Value::Field(text.to_owned()),
    }
}

/// Reads a mapping that says how a value is made.
fn made(at: &Cursor<'_>) -> Option<Value> {
    const BESIDE: [&str; 6] = ["sets", "of", "in", "take", "then", "else"];
    let (word, given) = at.entries().find(|(word, _)| !BESIDE.contains(word))?;
    Some(match word {
        "constant" => Value::Constant(given.json()?),
        "generated" => generated(&given),
        "now" => Value::Now(time_form(given.text()?)),
        "first" => Value::First(list(&given)),
        "sum" => Value::Sum(list(&given)),
        "difference" => Value::Difference(list(&given)),
        "share" => Value::Share(exactly(&given)),
        "count" => Value::Count(Box::new(value(&given))),
        "sum_of" => Value::SumOf {
            field: given.text_of("field").unwrap_or_default(),
            related: related(&given),
        },
        "count_of" => Value::CountOf(related(&given)),
        "age" => Value::Age(Box::new(value(&given))),
        "each" => Value::Each { list: Box::new(value(&given)), sets: values(at, "sets") },
        "list" => Value::List(given.items().map(|item| entries(&item)).collect()),
        "join" => Value::Join(list(&given)),
        "where" => Value::Where {
            list: Box::new(at.get("in").map_or_else(nothing, |list| value(&list))),
            condition: Box::new(condition(&given)),
            take: at.text_of("take"),
        },
        "if" => Value::Case {
            condition: Box::new(condition(&given)),
            then: Box::new(at.get("then").map_or_else(nothing, |then| value(&then))),
            otherwise: at.get("else").map(|otherwise| Box::new(value(&otherwise))),
        },
        "function" => Value::Function(call(at, &given)),
        _ => return None,
    })
}

fn generated(at: &Cursor<'_>) -> Value {
    let digits = at.get("digits").and_then(|digits| number(&digits));
    let letters = at.get("letters").and_then(|letters| number(&letters));
    Value::Generated {
        prefix: at.text_of("prefix").unwrap_or_default(),
        length: digits.or(letters).unwrap_or_default(),
        digits: digits.is_some(),
    }
}

fn time_form(word: &str) -> TimeForm {
    match word {
        "compact-time" => TimeForm::CompactTime,
        "date" => TimeForm::Date,
        "compact-date" => TimeForm::CompactDate,
        "seconds" => TimeForm::Seconds,
        _ => TimeForm::DateTime,
    }
}

fn related(at: &Cursor<'_>) -> Related {
    Related {
        lifecycle: at.text_of("in").unwrap_or_default(),
        by: at.text_of("by").unwrap_or_default(),
        link: at.text_of("link"),
        states: at.texts_of("states"),
        condition: at.get("where").map(|given| Box::new(condition(&given))),
    }
}

fn call(at: &Cursor<'_>, name: &Cursor<'_>) -> Call {
    Call {
        name: name.text().unwrap_or_default().to_owned(),
        of: at.get("of").map(|of| list(&of)).unwrap_or_default(),
    }
}

/// Reads a condition. A guard has other keys beside it.
pub(super) fn condition(at: &Cursor<'_>) -> Condition {
    const BESIDE: [&str; 4] = ["refuse", "confidence", "texts", "of"];
    let mut entries = at.entries().filter(|(word, _)| !BESIDE.contains(word));
    entries.find_map(|(word, given)| one(at, word, &given)).unwrap_or(Condition::All(Vec::new()))
}

fn one(at: &Cursor<'_>, word: &str, given: &Cursor<'_>) -> Option<Condition> {
    let conditions = || given.items().map(|item| condition(&item)).collect();
    Some(match word {
        "present" => Condition::Present(value(given)),
        "absent" => Condition::Absent(value(given)),
        "equal" => Condition::Equal(exactly(given)),
        "differ" => Condition::Differ(exactly(given)),
        "less" => Condition::Less(exactly(given)),
        "at_most" => Condition::AtMost(exactly(given)),
        "among" => Condition::Among {
            value: value(given),
            texts: at.get("texts").map(|list| texts(&list)).unwrap_or_default(),
        },
        "exactly_one" => Condition::ExactlyOne(list(given)),
        "distinct" => Condition::Distinct(value(given)),
        "all" => Condition::All(conditions()),
        "any" => Condition::Any(conditions()),
        "not" => Condition::Not(Box::new(condition(given))),
        "function" => Condition::Function(call(at, given)),
        _ => return None,
    })
}
