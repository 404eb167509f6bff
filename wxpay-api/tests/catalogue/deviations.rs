//! Responses that deviate from their documentation are read, and the corrections name the places.

use serde_json::{Value, json};
use wxpay_api::CorrectionKind;

use crate::bench::Benches;
use crate::case::{Read, cases};
use crate::findings::Findings;
use crate::shape::{Kind, Member, Shape, Step, edit};

/// A deviation from the documentation, and the expected result of reading it.
struct Deviation {
    what: &'static str,
    body: Value,
    /// The kind of the one correction at the member's key path; `None` for an absent member.
    kind: Option<CorrectionKind>,
    /// Whether the value is the same as without the deviation.
    is_same: bool,
}

#[tokio::test]
async fn every_response_is_read_whatever_its_deviations() {
    let mut benches = Benches::default();
    let mut findings = Findings::default();
    for case in cases("13900000002") {
        let Some(members) = case.expected.response else { continue };
        let bench = benches.bench(&case).await;
        let Ok(result) = case.call(&bench.client).await else {
            findings.add(case.expected, "had no response");
            continue;
        };
        let read = |body: &[u8]| case.read(body, None);
        findings
            .add_all(case.expected, check_deviations(&result.body, &Shape::parse(members), read));
    }
    findings.assert_none();
}

/// Reads the body with every deviation of every member, and names the wrong results.
pub(crate) fn check_deviations(
    body: &[u8],
    shape: &Shape,
    read: impl Fn(&[u8]) -> Result<Read, String>,
) -> Vec<String> {
    let regular = match read(body) {
        Ok(regular) => regular,
        Err(error) => return vec![error],
    };
    let body: Value = serde_json::from_slice(body).expect("a response is JSON");
    let mut found = Vec::new();
    for member in shape.members() {
        for deviation in deviations(&member, &body) {
            let what = deviation.what;
            let text = deviation.body.to_string();
            match read(text.as_bytes()) {
                Ok(deviating) => found.extend(check(&member, &deviation, &regular, &deviating)),
                Err(error) => found.push(format!("{}: {what}: not read: {error}", member.path)),
            }
        }
    }
    found
}

fn check(member: &Member, deviation: &Deviation, regular: &Read, deviating: &Read) -> Vec<String> {
    let (path, what) = (&member.path, deviation.what);
    let mut found = Vec::new();
    let expected: Vec<_> = deviation.kind.iter().map(|kind| (path.as_str(), *kind)).collect();
    let corrections = deviating.corrections.iter();
    let corrections: Vec<_> = corrections.map(|it| (it.path.as_str(), it.kind)).collect();
    if corrections != expected {
        found.push(format!("{path}: {what}: expected {expected:?}, corrected {corrections:?}"));
    }
    if (deviating.debug == regular.debug) != deviation.is_same {
        let change = if deviation.is_same { "became another value" } else { "made no difference" };
        found.push(format!("{path}: {what}: {change}: {}", deviating.debug));
    }
    found
}

fn deviations(member: &Member, body: &Value) -> Vec<Deviation> {
    let mut deviations = Vec::new();
    let mut add = |what, kind, is_same, change: &mut dyn FnMut(&mut Value)| {
        let mut body = body.clone();
        if edit(&mut body, &member.steps, change) {
            deviations.push(Deviation { what, body, kind, is_same });
        }
    };
    let value = value_at(member, body);
    add("null", Some(CorrectionKind::Absent), is_nothing(&value), &mut |value| {
        *value = Value::Null
    });
    if let Some((what, other)) = converted(&member.kind, &value) {
        add(what, Some(CorrectionKind::Converted), true, &mut |value| *value = other.clone());
    }
    if let Some((what, other)) = invalid(&member.kind) {
        add(what, Some(CorrectionKind::Absent), false, &mut |value| *value = other.clone());
    }
    deviations.extend(dropped(member, body, &value));
    deviations
}

fn value_at(member: &Member, body: &Value) -> Value {
    let mut found = Value::Null;
    edit(&mut body.clone(), &member.steps, &mut |value| found = value.clone());
    found
}

/// An empty list counts as an absent one.
fn is_nothing(value: &Value) -> bool {
    value.as_array().is_some_and(Vec::is_empty)
}

/// Returns the same value in another form.
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

/// A value of a wrong type that no conversion can read.
fn invalid(kind: &Kind) -> Option<(&'static str, Value)> {
    match kind {
        Kind::Json | Kind::List | Kind::JsonText => None,
        Kind::Object => Some(("a text as object", json!("text"))),
        Kind::Integer => Some(("a fraction as integer", json!("1.5"))),
        _ => Some(("an object as scalar", json!({ "key": "value" }))),
    }
}

/// The response without the member.
fn dropped(member: &Member, body: &Value, value: &Value) -> Option<Deviation> {
    let (last, parent) = member.steps.split_last()?;
    let mut body = body.clone();
    edit(&mut body, parent, &mut |parent| match (last, parent) {
        (Step::Key(name), Value::Object(members)) => drop(members.remove(name)),
        (Step::Index(index), Value::Array(list)) => drop(list.remove(*index)),
        _ => {}
    });
    Some(Deviation { what: "no member", body, kind: None, is_same: is_nothing(value) })
}
