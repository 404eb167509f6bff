//! What stands in the cells of a table.

use serde_json::Value;
use wxpay_spec::model::Note;

use crate::{markdown, samples};

/// A text as code; a bar would end the cell.
pub(super) fn code(plain: &str) -> String {
    markdown::code(plain).replace('|', "\\|")
}

/// A text with its lines.
pub(super) fn text(plain: &str) -> String {
    markdown::text(plain).lines().collect::<Vec<_>>().join("<br>")
}

/// A remark in each of its languages.
pub(super) fn note(note: &Note) -> String {
    note.texts().map(text).collect::<Vec<_>>().join("<br>")
}

/// An example value; text without quotes.
pub(super) fn example(value: &Value) -> String {
    let shown = match value {
        Value::String(text) => text.clone(),
        other => samples::json_text(other),
    };
    if shown.trim().is_empty() { String::new() } else { code(&shown) }
}

/// A line of a table.
pub(super) fn row(cells: &[&str]) -> String {
    format!("| {} |\n", cells.join(" | "))
}

/// The lines above a table's rows.
pub(super) fn head(titles: &[&str]) -> String {
    format!("{}|{}\n", row(titles), "---|".repeat(titles.len()))
}
