//! Equal data has no difference, and a changed member is the only difference.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::paths;
use super::shapes::{Shape, shapes};

/// The change of a text.
#[derive(Clone, Debug)]
enum Change {
    Absent,
    Null,
    Empty,
    OtherCase,
    SpaceBefore,
    SpaceAfter,
    Other(String),
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        Just(Change::Absent),
        Just(Change::Null),
        Just(Change::Empty),
        Just(Change::OtherCase),
        Just(Change::SpaceBefore),
        Just(Change::SpaceAfter),
        any::<String>().prop_map(Change::Other),
    ]
}

fn ids() -> impl Strategy<Value = Vec<String>> {
    // It begins with a letter, so that a change of case makes another text.
    prop::collection::vec("[a-zA-Z][0-9a-zA-Z_|*-]{0,29}", 8)
}

fn pointer(path: &str) -> String {
    format!("/{}", path.replace(['.', '['], "/").replace(']', ""))
}

/// The JSON with another value, or none, at `path`.
fn replaced(json: &Value, path: &str, value: Option<Value>) -> Value {
    let mut json = json.clone();
    let pointer = pointer(path);
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    let parent = json.pointer_mut(parent).unwrap().as_object_mut().unwrap();
    match value {
        Some(value) => parent.insert(key.to_owned(), value),
        None => parent.remove(key),
    };
    json
}

fn changed(json: &Value, path: &str, change: &Change) -> Value {
    let old = json.pointer(&pointer(path)).unwrap().as_str().unwrap();
    let other_case = |c: char| match c.is_ascii_uppercase() {
        true => c.to_ascii_lowercase(),
        false => c.to_ascii_uppercase(),
    };
    let new = match change {
        Change::Absent => None,
        Change::Null => Some(Value::Null),
        Change::Empty => Some(json!("")),
        Change::OtherCase => Some(json!(old.chars().map(other_case).collect::<String>())),
        Change::SpaceBefore => Some(json!(format!(" {old}"))),
        Change::SpaceAfter => Some(json!(format!("{old} "))),
        Change::Other(text) => Some(json!(text)),
    };
    replaced(json, path, new)
}

fn assert_only(shape: &Shape, json: &Value, path: &str) -> Result<(), TestCaseError> {
    let result = (shape.check)(json);
    prop_assert_eq!(paths(result), vec![path.to_owned()], "{}: {}", shape.name, json);
    Ok(())
}

proptest! {
    #[test]
    fn equal_data_has_no_difference(ids in ids(), total: i64, refund: i64, other: i64) {
        for shape in shapes(&ids, total, refund) {
            let mut json = shape.json.clone();
            for path in shape.others {
                json = replaced(&json, path, Some(json!(other)));
            }
            let matched = (shape.check)(&json);
            prop_assert!(matched.is_ok_and(|matched| matched.is_success()), "{}", shape.name);
            for path in shape.currencies {
                let absent = replaced(&json, path, None);
                prop_assert!((shape.check)(&absent).is_ok(), "{}", shape.name);
            }
        }
    }

    #[test]
    fn any_single_changed_member_is_named_and_no_other(
        ids in ids(),
        total: i64,
        refund: i64,
        text in change(),
        amount: Option<i64>,
        currency in "[A-Za-z]{1,4}",
    ) {
        for shape in shapes(&ids, total, refund) {
            for path in shape.texts {
                let json = changed(&shape.json, path, &text);
                if json != shape.json {
                    assert_only(&shape, &json, path)?;
                }
            }
            for path in shape.amounts {
                let json = replaced(&shape.json, path, Some(json!(amount)));
                if json != shape.json {
                    assert_only(&shape, &json, path)?;
                }
                assert_only(&shape, &replaced(&shape.json, path, None), path)?;
            }
            for path in shape.currencies {
                let json = replaced(&shape.json, path, Some(json!(currency)));
                if json != shape.json {
                    assert_only(&shape, &json, path)?;
                }
            }
        }
    }

    #[test]
    fn any_set_of_changed_amounts_is_named_in_full(ids in ids(), total: i64, refund: i64) {
        for shape in shapes(&ids, total, refund) {
            let mut json = shape.json.clone();
            for path in shape.amounts {
                json = replaced(&json, path, None);
            }
            prop_assert_eq!(paths((shape.check)(&json)), shape.amounts, "{}", shape.name);
        }
    }
}
