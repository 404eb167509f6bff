use serde_yaml::{Mapping, Value};

use super::remarks::Remarks;
use crate::import::ImportError;

/// What the site's look is made of, which says nothing about an operation.
const LOOK: [&str; 10] = [
    "aside",
    "editLink",
    "head",
    "lang",
    "lastUpdated",
    "layout",
    "next",
    "outline",
    "prev",
    "sidebar",
];

/// The facts at the top of a page.
#[derive(Debug, Default)]
pub(super) struct FrontMatter {
    /// The official name, empty if the page gives none.
    pub(super) title: String,
}

impl FrontMatter {
    pub(super) fn read(text: &str, remarks: &Remarks) -> Result<Self, ImportError> {
        let mut front = Self::default();
        for (key, value) in parse(text)? {
            let key = shown(&key);
            let value = shown(&value);
            if key == "title" {
                front.title = value;
            } else if !LOOK.contains(&key.as_str()) {
                let what = format!("`{key}` has no place in a descriptor: left out: {value}");
                remarks.add(line_of(&key, text), what);
            }
        }
        Ok(front)
    }
}

fn parse(text: &str) -> Result<Mapping, ImportError> {
    if text.trim().is_empty() {
        return Ok(Mapping::new());
    }
    serde_yaml::from_str(text).map_err(|error| {
        let (line, column) = error.location().map_or((1, 1), |at| (at.line(), at.column()));
        let why = error.to_string();
        // The error names its place in the front matter, which is not the place in the page.
        let why = why.split(" at line ").next().unwrap_or_default();
        ImportError::at(line + 1, column, format!("the front matter is no YAML mapping: {why}"))
    })
}

/// The line of a key in the page, where the front matter begins on the second line.
fn line_of(key: &str, text: &str) -> usize {
    text.lines().position(|line| line.starts_with(key)).unwrap_or_default() + 2
}

fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => text.trim().to_owned(),
        other => serde_yaml::to_string(other).unwrap_or_default().trim().to_owned(),
    }
}
