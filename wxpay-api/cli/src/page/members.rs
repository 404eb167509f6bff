//! The members of a JSON object as rows of a table.

use serde_json::Value;

use super::amount::{is_amount, yuan};

/// The most rows of a table.
const MOST_ROWS: usize = 200;
/// The most characters of a value.
const MOST_CHARACTERS: usize = 2000;

/// A member that is no object or list.
#[derive(Debug)]
pub(super) struct Member {
    /// The key path, such as `amount.total`.
    pub(super) path: String,
    pub(super) value: String,
    /// The amount in yuan, if it is one in fen.
    pub(super) yuan: Option<String>,
}

/// Lists the members in the order of the object, and says whether there are more.
pub(super) fn members(object: &Value) -> (Vec<Member>, bool) {
    let mut rows = Vec::new();
    add(&mut rows, String::new(), object);
    let has_more = rows.len() > MOST_ROWS;
    rows.truncate(MOST_ROWS);
    (rows, has_more)
}

fn add(rows: &mut Vec<Member>, path: String, value: &Value) {
    if rows.len() > MOST_ROWS {
        return;
    }
    match value {
        Value::Object(members) if !members.is_empty() => {
            for (name, value) in members {
                let inner = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                add(rows, inner, value);
            }
        }
        Value::Array(items) if !items.is_empty() => {
            for (index, value) in items.iter().enumerate() {
                add(rows, format!("{path}[{index}]"), value);
            }
        }
        value => {
            let yuan = value.as_i64().filter(|_| is_amount(&path)).map(yuan);
            rows.push(Member { path, value: shown(value), yuan });
        }
    }
}

/// Writes a value as people read it: a text without quotation marks.
pub(super) fn shown(value: &Value) -> String {
    let text = match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    excerpt(&text)
}

/// Shortens a text to what a page shows.
pub(super) fn excerpt(text: &str) -> String {
    match text.char_indices().nth(MOST_CHARACTERS) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
    }
}
