//! Values on the command line: `name=text`, `name:=json`, with dots for members of members.

use std::str::FromStr;

use serde_json::{Map, Value};

use crate::output::Failure;

/// How values are written, for `--help`.
pub(crate) const SYNTAX: &str = "\
Values are texts: `name=value`. Numbers, lists and other JSON have a colon: `amount.total:=5`, `names:=[\"a\"]`.
Dots lead to members of members.";

/// A value, and the member that it is for.
#[derive(Clone, Debug)]
pub(crate) struct Assignment {
    path: Vec<String>,
    value: Value,
}

impl FromStr for Assignment {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (name, value) =
            text.split_once('=').ok_or("write `name=value`, or `name:=json` for numbers")?;
        let (name, value) = match name.strip_suffix(':') {
            None => (name, Value::from(value)),
            Some(name) => {
                let json = serde_json::from_str(value);
                (name, json.map_err(|error| format!("`{value}` is no JSON: {error}"))?)
            }
        };
        let path: Vec<String> = name.split('.').map(str::to_owned).collect();
        match path.iter().any(String::is_empty) {
            true => Err(format!("`{name}` is no name of a member")),
            false => Ok(Self { path, value }),
        }
    }
}

/// Makes an object of all values.
pub(crate) fn object(assignments: &[Assignment]) -> Result<Value, Failure> {
    let mut object = Map::new();
    for assignment in assignments {
        insert(&mut object, &assignment.path, &assignment.value)
            .ok_or_else(|| clash(&assignment.path))?;
    }
    Ok(Value::Object(object))
}

/// Puts a value at its place; `None` if something else is there.
fn insert(object: &mut Map<String, Value>, path: &[String], value: &Value) -> Option<()> {
    let (first, rest) = path.split_first()?;
    if rest.is_empty() {
        return object.insert(first.clone(), value.clone()).is_none().then_some(());
    }
    let inner = object.entry(first.clone()).or_insert_with(|| Value::Object(Map::new()));
    insert(inner.as_object_mut()?, rest, value)
}

fn clash(path: &[String]) -> Failure {
    Failure::new(format!("`{}` is given twice, or beside a member of it", path.join(".")))
}
