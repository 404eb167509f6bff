//! The members of a response with their kinds, and a comparison of JSON with them.

use serde_json::Value;

use crate::wire::join;

const JSON: &str = "$json";

/// The shape of a response: JSON with the name of a kind in place of each value.
pub(crate) struct Shape(Value);

/// A value of a response.
#[derive(Clone, Debug)]
pub(crate) struct Member {
    /// The key path as a correction writes it.
    pub(crate) path: String,
    pub(crate) kind: Kind,
    /// The steps that lead to the value.
    pub(crate) steps: Vec<Step>,
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Kind {
    Text,
    Time,
    Integer,
    Number,
    Boolean,
    Enum,
    IntegerEnum,
    Json,
    /// A secret, with the plain text of its example.
    Secret(String),
    Object,
    List,
    /// JSON in a string.
    JsonText,
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Step {
    Key(String),
    Index(usize),
    /// Enters the JSON in a string.
    Inside,
}

impl Shape {
    pub(crate) fn parse(shape: &str) -> Self {
        Self(serde_json::from_str(shape).expect("a shape is JSON"))
    }

    /// Returns every value below the top.
    pub(crate) fn members(&self) -> Vec<Member> {
        let mut found = Vec::new();
        parts(&self.0, "", &[], &mut found);
        found
    }

    /// Returns the secrets, with their examples.
    pub(crate) fn secrets(&self) -> Vec<(String, String)> {
        let secret = |member: Member| match member.kind {
            Kind::Secret(example) => Some((member.path, example)),
            _ => None,
        };
        self.members().into_iter().filter_map(secret).collect()
    }

    /// Names every key path where JSON has another shape.
    pub(crate) fn differences(&self, found: &Value) -> Vec<String> {
        differences("", &self.0, found)
    }
}

impl Kind {
    fn read(name: &str) -> Self {
        match name {
            "text" => Self::Text,
            "time" => Self::Time,
            "integer" => Self::Integer,
            "number" => Self::Number,
            "boolean" => Self::Boolean,
            "enum" => Self::Enum,
            "integer enum" => Self::IntegerEnum,
            "json" => Self::Json,
            other => match other.strip_prefix("secret ") {
                Some(example) => Self::Secret(example.to_owned()),
                None => panic!("no kind is called {other}"),
            },
        }
    }

    fn of(shape: &Value) -> Self {
        match shape {
            Value::String(name) => Self::read(name),
            Value::Array(_) => Self::List,
            Value::Object(members) if members.contains_key(JSON) => Self::JsonText,
            _ => Self::Object,
        }
    }

    fn fits(&self, value: &Value) -> bool {
        match self {
            Self::Text | Self::Time | Self::Enum | Self::Secret(_) | Self::JsonText => {
                value.as_str().is_some_and(|text| !text.is_empty())
            }
            Self::Integer | Self::IntegerEnum => value.is_i64(),
            Self::Number => value.is_number(),
            Self::Boolean => value.is_boolean(),
            Self::Json => true,
            Self::Object => value.is_object(),
            Self::List => value.is_array(),
        }
    }
}

fn parts(shape: &Value, path: &str, steps: &[Step], found: &mut Vec<Member>) {
    let step = |step: Step| [steps, &[step]].concat();
    match shape {
        Value::Object(members) => match members.get(JSON) {
            Some(content) => parts(content, path, &step(Step::Inside), found),
            None => {
                for (name, member) in members {
                    value(member, join(path, name), step(Step::Key(name.clone())), found);
                }
            }
        },
        Value::Array(items) => {
            for item in items {
                value(item, format!("{path}[0]"), step(Step::Index(0)), found);
            }
        }
        _ => {}
    }
}

fn value(shape: &Value, path: String, steps: Vec<Step>, found: &mut Vec<Member>) {
    found.push(Member { path: path.clone(), kind: Kind::of(shape), steps: steps.clone() });
    parts(shape, &path, &steps, found);
}

fn differences(path: &str, shape: &Value, found: &Value) -> Vec<String> {
    let kind = Kind::of(shape);
    if !kind.fits(found) {
        return vec![format!("{path}: {found} is no {kind:?}")];
    }
    match (shape, found) {
        (Value::Object(members), Value::String(text)) => match serde_json::from_str(text) {
            Ok(inside) => differences(path, &members[JSON], &inside),
            Err(error) => vec![format!("{path}: no JSON in the string: {error}")],
        },
        (Value::Object(members), Value::Object(found)) => {
            let names = members.keys().chain(found.keys().filter(|it| !members.contains_key(*it)));
            let member = |name: &String| {
                let path = join(path, name);
                match (members.get(name), found.get(name)) {
                    (Some(shape), Some(found)) => differences(&path, shape, found),
                    (Some(_), None) => vec![format!("{path}: is missing")],
                    (None, _) => vec![format!("{path}: is not in the descriptor")],
                }
            };
            names.flat_map(member).collect()
        }
        (Value::Array(shapes), Value::Array(found)) => {
            if found.is_empty() != shapes.is_empty() {
                return vec![format!("{path}: has {} elements", found.len())];
            }
            let items = found.iter().enumerate();
            items
                .flat_map(|(index, item)| {
                    differences(&format!("{path}[{index}]"), &shapes[0], item)
                })
                .collect()
        }
        _ => Vec::new(),
    }
}

/// Changes the value at a place. Returns `false` if there is none.
pub(crate) fn edit(value: &mut Value, steps: &[Step], change: &mut dyn FnMut(&mut Value)) -> bool {
    let Some((step, rest)) = steps.split_first() else {
        change(value);
        return true;
    };
    match step {
        Step::Key(name) => value.get_mut(name).is_some_and(|value| edit(value, rest, change)),
        Step::Index(index) => value.get_mut(index).is_some_and(|value| edit(value, rest, change)),
        Step::Inside => {
            let text = value.as_str().unwrap_or_default();
            let Ok(mut inside) = serde_json::from_str::<Value>(text) else { return false };
            let is_there = edit(&mut inside, rest, change);
            *value = inside.to_string().into();
            is_there
        }
    }
}
