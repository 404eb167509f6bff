//! Reads the words of the command: the operation, and members as `NAME=VALUE`.

use std::fs;
use std::io::{self, Read};
use std::path::PathBuf;

use serde_json::{Map, Value};

use super::usage;
use crate::catalogue::find::is_method;
use crate::output::Failure;

/// The operation, and the members.
#[derive(Debug)]
pub(super) struct CallWords {
    pub(super) operation: String,
    pub(super) assignments: Vec<Assignment>,
}

/// A member with its value.
#[derive(Debug)]
pub(super) struct Assignment {
    /// The path as it was written, for messages.
    pub(super) text: String,
    pub(super) steps: Vec<Step>,
    pub(super) value: GivenValue,
}

/// A step of a member's path.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Step {
    Name(String),
    /// An element of a list.
    Index(usize),
    /// The element after the last one.
    Next,
}

/// A value as it was written.
#[derive(Debug)]
pub(super) enum GivenValue {
    Text(String),
    Json(Value),
    File(PathBuf),
}

impl CallWords {
    /// Reads the words. An operation is one word, or a method and a URL.
    pub(super) fn read(words: &[String], is_undescribed: bool) -> Result<Self, Failure> {
        let (operation, rest) = match words {
            [method, url, rest @ ..] if is_method(method) => (format!("{method} {url}"), rest),
            [operation, rest @ ..] => (operation.clone(), rest),
            [] => return Err(usage("name an operation")),
        };
        if is_undescribed && !operation.contains(char::is_whitespace) {
            return Err(usage("`--undescribed` needs the method before the URL: `POST /v3/…`"));
        }
        let assignments = rest.iter().zip(1..);
        let assignments = assignments.map(|(word, position)| Assignment::read(position, word));
        let assignments = assignments.collect::<Result<_, _>>()?;
        Ok(Self { operation, assignments })
    }
}

impl Assignment {
    fn read(position: usize, word: &str) -> Result<Self, Failure> {
        let Some((name, value)) = word.split_once('=') else {
            // The word is not repeated: it may be the value of a secret.
            return Err(usage(format!(
                "word {position} after the operation has no `=`: write members as `NAME=VALUE`"
            )));
        };
        let (name, value) = match (name.strip_suffix(':'), value.strip_prefix('@')) {
            (Some(name), _) => {
                // The error of the JSON shows none of its content.
                let json = serde_json::from_str(value)
                    .map_err(|error| Failure::caused(format!("`{name}:=` wants JSON"), error))
                    .map_err(|failure| failure.exit(crate::output::Exit::Usage))?;
                (name, GivenValue::Json(json))
            }
            (None, Some(literal)) if literal.starts_with('@') => {
                (name, GivenValue::Text(literal.to_owned()))
            }
            (None, Some(file)) => (name, GivenValue::File(PathBuf::from(file))),
            (None, None) => (name, GivenValue::Text(value.to_owned())),
        };
        let steps = steps(name).ok_or_else(|| {
            usage(format!("`{name}` is no member: write `amount.total` or `goods_detail[0].name`"))
        })?;
        Ok(Self { text: name.to_owned(), steps, value })
    }
}

impl GivenValue {
    /// Returns the text, or that of the file. An editor's line break at the end does not belong to it.
    pub(super) fn text(&self, name: &str) -> Result<String, Failure> {
        match self {
            Self::Text(text) => Ok(text.clone()),
            Self::Json(json) => Ok(json.to_string()),
            Self::File(file) => {
                let text = fs::read_to_string(file).map_err(|error| {
                    Failure::caused(
                        format!("{name}: {} cannot be read as text", file.display()),
                        error,
                    )
                });
                text.map(|text| text.trim_end_matches(['\r', '\n']).to_owned())
            }
        }
    }
}

/// Reads `goods_detail[0].name`.
fn steps(path: &str) -> Option<Vec<Step>> {
    let mut steps = Vec::new();
    for part in path.split('.') {
        let (name, mut rest) = match part.find('[') {
            Some(at) => part.split_at(at),
            None => (part, ""),
        };
        if name.is_empty() {
            return None;
        }
        steps.push(Step::Name(name.to_owned()));
        while !rest.is_empty() {
            let (index, after) = rest.strip_prefix('[')?.split_once(']')?;
            steps.push(match index {
                "" => Step::Next,
                index => Step::Index(index.parse().ok()?),
            });
            rest = after;
        }
    }
    Some(steps)
}

/// Reads the members of `--data`: JSON, `@FILE`, or `-` for standard input.
pub(super) fn data(given: &str) -> Result<Map<String, Value>, Failure> {
    let unreadable = |error: io::Error| Failure::caused("`--data` cannot be read", error);
    let text = match given.strip_prefix('@') {
        Some(file) => fs::read_to_string(file).map_err(unreadable)?,
        None if given == "-" => {
            let mut text = String::new();
            io::stdin().read_to_string(&mut text).map_err(unreadable)?;
            text
        }
        None => given.to_owned(),
    };
    match serde_json::from_str(&text) {
        Ok(Value::Object(members)) => Ok(members),
        Ok(_) => Err(usage("`--data` wants a JSON object")),
        Err(error) => {
            Err(Failure::caused("`--data` is not JSON", error).exit(crate::output::Exit::Usage))
        }
    }
}
