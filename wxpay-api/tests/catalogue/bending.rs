//! Answers that depart from their documentation are read all the same, and say where.

use serde_json::{Value, json};
use wxpay_api::CorrectionKind;

use crate::case::{Read, cases};
use crate::findings::Findings;
use crate::laboratory::Laboratory;
use crate::shape::{Kind, Member, Shape, Step, edit};

/// A departure from the documentation, and what must come of it.
struct Departure {
    what: &'static str,
    body: Value,
    /// How the one correction at the member's key path says it was bent; none for an absent member.
    bend: Option<CorrectionKind>,
    /// Whether the value is the same as without it.
    is_same: bool,
}

#[tokio::test]
async fn every_answer_is_read_however_it_is_bent() {
    let mut laboratory = Laboratory::default();
    let mut findings = Findings::default();
    for case in cases("13900000002") {
        let Some(answer) = case.expected.response else { continue };
        let bench = laboratory.bench(&case).await;
        let Ok(taken) = case.call(&bench.client).await else {
            findings.add(case.expected, "was not answered");
            continue;
        };
        let read = |body: &[u8]| case.read(body, None);
        findings.add_all(case.expected, bend_all(&taken.body, &Shape::parse(answer), read));
    }
    findings.assert_none();
}

/// Bends every member in every way, and names what was not read as it should be.
pub(crate) fn bend_all(
    body: &[u8],
    shape: &Shape,
    read: impl Fn(&[u8]) -> Result<Read, String>,
) -> Vec<String> {
    let straight = match read(body) {
        Ok(straight) => straight,
        Err(error) => return vec![error],
    };
    let body: Value = serde_json::from_slice(body).expect("an answer is JSON");
    let mut found = Vec::new();
    for member in shape.members() {
        for departure in departures(&member, &body) {
            let what = departure.what;
            let text = departure.body.to_string();
            match read(text.as_bytes()) {
                Ok(bent) => found.extend(judge(&member, &departure, &straight, &bent)),
                Err(error) => found.push(format!("{}: {what}: not read: {error}", member.path)),
            }
        }
    }
    found
}

fn judge(member: &Member, departure: &Departure, straight: &Read, bent: &Read) -> Vec<String> {
    let (path, what) = (&member.path, departure.what);
    let mut found = Vec::new();
    let expected: Vec<_> = departure.bend.iter().map(|bend| (path.as_str(), *bend)).collect();
    let corrections = bent.corrections.iter();
    let corrections: Vec<_> = corrections.map(|it| (it.path.as_str(), it.kind)).collect();
    if corrections != expected {
        found.push(format!("{path}: {what}: expected {expected:?}, corrected {corrections:?}"));
    }
    if (bent.debug == straight.debug) != departure.is_same {
        let change = if departure.is_same { "became another value" } else { "made no difference" };
        found.push(format!("{path}: {what}: {change}: {}", bent.debug));
    }
    found
}

fn departures(member: &Member, body: &Value) -> Vec<Departure> {
    let mut departures = Vec::new();
    let mut add = |what, bend, is_same, change: &mut dyn FnMut(&mut Value)| {
        let mut body = body.clone();
        if edit(&mut body, &member.steps, change) {
            departures.push(Departure { what, body, bend, is_same });
        }
    };
    let value = value_at(member, body);
    add("null", Some(CorrectionKind::Absent), is_nothing(&value), &mut |value| {
        *value = Value::Null
    });
    if let Some((what, other)) = converted(&member.kind, &value) {
        add(what, Some(CorrectionKind::Converted), true, &mut |value| *value = other.clone());
    }
    if let Some((what, other)) = mistaken(&member.kind) {
        add(what, Some(CorrectionKind::Absent), false, &mut |value| *value = other.clone());
    }
    departures.extend(dropped(member, body, &value));
    departures
}

fn value_at(member: &Member, body: &Value) -> Value {
    let mut found = Value::Null;
    edit(&mut body.clone(), &member.steps, &mut |value| found = value.clone());
    found
}

/// An empty list is the same as none.
fn is_nothing(value: &Value) -> bool {
    value.as_array().is_some_and(Vec::is_empty)
}

/// The same value, written otherwise.
fn converted(kind: &Kind, value: &Value) -> Option<(&'static str, Value)> {
    match (kind, value) {
        (Kind::Integer | Kind::Number | Kind::IntegerEnum, Value::Number(number)) => {
            Some(("a number as text", number.to_string().into()))
        }
        (Kind::Boolean, Value::Bool(boolean)) => {
            Some(("a boolean as text", boolean.to_string().into()))
        }
        (Kind::Text, Value::String(text)) => {
            let number: i64 =
                text.parse().ok().filter(|number: &i64| number.to_string() == *text)?;
            Some(("a text as number", number.into()))
        }
        (Kind::List, Value::Array(list)) => match list.as_slice() {
            // An empty object or text in a list's place is no element.
            [single] if *single == json!({}) || *single == json!("") => None,
            [single] => Some(("a list as its single element", single.clone())),
            _ => None,
        },
        (Kind::Object, object) => Some(("an object in a list", json!([object]))),
        (Kind::JsonText, Value::String(text)) => {
            let inside: Value = serde_json::from_str(text).ok()?;
            (!inside.is_string()).then_some(("the JSON outside its string", inside))
        }
        _ => None,
    }
}

/// A value that cannot be meant.
fn mistaken(kind: &Kind) -> Option<(&'static str, Value)> {
    match kind {
        Kind::Json | Kind::List | Kind::JsonText => None,
        Kind::Object => Some(("a text as object", json!("text"))),
        Kind::Integer => Some(("a fraction as integer", json!("1.5"))),
        _ => Some(("an object as scalar", json!({ "key": "value" }))),
    }
}

/// The answer without the member.
fn dropped(member: &Member, body: &Value, value: &Value) -> Option<Departure> {
    let (last, parent) = member.steps.split_last()?;
    let mut body = body.clone();
    edit(&mut body, parent, &mut |parent| match (last, parent) {
        (Step::Key(name), Value::Object(members)) => drop(members.remove(name)),
        (Step::Index(index), Value::Array(list)) => drop(list.remove(*index)),
        _ => {}
    });
    Some(Departure { what: "no member", body, bend: None, is_same: is_nothing(value) })
}
