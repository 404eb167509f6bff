//! The sections of a page that hold tables of members.

use wxpay_spec::model::{Body, Direction, Field};

use super::cell;
use super::rows::Rows;

const COLUMNS: &[&str] = &[
    "Name · 参数",
    "Type · 类型",
    "Required · 必填",
    "Label · 字段名",
    "Example · 示例",
    "Remarks · 说明",
];

/// A section with a table of fields; none where there are no fields.
pub(super) fn fields<'a>(
    rows: &mut Rows<'a>,
    heading: &str,
    fields: &'a [Field],
    direction: Direction,
) -> String {
    if fields.is_empty() {
        return String::new();
    }
    section(heading, "", &rows.object(fields, "", direction))
}

/// A section with the table of a body; `intro` is a paragraph or nothing.
pub(super) fn body<'a>(
    rows: &mut Rows<'a>,
    heading: &str,
    intro: &str,
    body: &'a Body,
    direction: Direction,
) -> String {
    match body {
        Body::Fields(fields) => section(heading, intro, &rows.object(fields, "", direction)),
        Body::Named(id) => {
            let rust_type = rows.rust_type(id).map(|path| format!("Rust type: {path}"));
            let note = rows.note(id).map(cell::note);
            let paragraphs = rust_type.into_iter().chain(note);
            let intro = paragraphs.fold(intro.to_owned(), |intro, text| intro + &text + "\n\n");
            section(heading, &intro, &rows.named(id, "", direction))
        }
    }
}

fn section(heading: &str, intro: &str, rows: &str) -> String {
    format!("\n## {heading}\n\n{intro}{}{rows}", cell::head(COLUMNS))
}
