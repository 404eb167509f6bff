//! Writes the tables of members: one row per member, followed by the rows of its nested members.

use std::collections::BTreeSet;

use serde_json::Value;
use wxpay_spec::model::{
    Body, Computed, Direction, EnumValue, Field, FieldType, NamedType, Note, Primitive, Shape,
    StringFormat, TypeId,
};

use super::page::Pages;
use crate::ir::ModulePath;
use crate::markdown::inline;
use crate::{lower, markdown, samples};

const COLUMNS: &[&str] = &[
    "Name · 参数",
    "Type · 类型",
    "Required · 必填",
    "Label · 字段名",
    "Example · 示例",
    "Remarks · 说明",
];

/// The remark of a field or a value that newer material lacks.
const SUPERSEDED: &str =
    "superseded: newer official material no longer has it · 新的官方文档已不再列出";

/// A section with a table of fields. Without fields there is no section.
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

/// A section with the table of a body, after the paragraph `intro`.
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
            let note = rows.note(id).map(note);
            let paragraphs = rust_type.into_iter().chain(note);
            let intro = paragraphs.fold(intro.to_owned(), |intro, text| intro + &text + "\n\n");
            section(heading, &intro, &rows.named(id, "", direction))
        }
    }
}

fn section(heading: &str, intro: &str, rows: &str) -> String {
    format!("\n## {heading}\n\n{intro}{}{rows}", head(COLUMNS))
}

/// Writes the tables of one page.
pub(super) struct Rows<'a> {
    pages: Pages<'a>,
    /// The named types whose Rust names the page has shown.
    shown: BTreeSet<&'a TypeId>,
    /// The named types around the current place. A type inside itself has no further rows.
    inside: Vec<&'a TypeId>,
}

impl<'a> Rows<'a> {
    pub(super) fn new(pages: Pages<'a>) -> Self {
        Self { pages, shown: BTreeSet::new(), inside: Vec::new() }
    }

    /// The rows of an object's members, whose names begin with `prefix`.
    pub(super) fn object(
        &mut self,
        fields: &'a [Field],
        prefix: &str,
        direction: Direction,
    ) -> String {
        fields.iter().map(|field| self.field(field, prefix, direction)).collect()
    }

    /// The rows of a named object's members.
    pub(super) fn named(&mut self, id: &'a TypeId, prefix: &str, direction: Direction) -> String {
        self.inside.push(id);
        let rows = match self.get(id).map(|named| &named.shape) {
            Some(Shape::Object { fields, .. }) => self.object(fields, prefix, direction),
            Some(Shape::Enum { .. }) | None => String::new(),
        };
        self.inside.pop();
        rows
    }

    /// The Rust path of a named type. `None` after the first call for the type.
    pub(super) fn rust_type(&mut self, id: &'a TypeId) -> Option<String> {
        let path = self.pages.api.types.get(id).filter(|_| self.shown.insert(id))?;
        Some(format!("`wxpay_api::{path}`"))
    }

    /// The note of a named type.
    pub(super) fn note(&self, id: &TypeId) -> Option<&'a Note> {
        self.get(id)?.note.as_ref()
    }

    fn get(&self, id: &TypeId) -> Option<&'a NamedType> {
        self.pages.spec.types.get(id)
    }

    fn field(&mut self, field: &'a Field, prefix: &str, direction: Direction) -> String {
        let name = format!("{prefix}{}", field.name);
        let needed = match (&field.computed, field.optional) {
            (Some(_), _) => "by the client",
            (None, true) => "optional",
            (None, false) => "required",
        };
        let named = named_type(&field.ty).and_then(|id| self.get(id));
        let title = field.title.as_deref().or_else(|| named?.title.as_deref());
        let shown = field.example.as_ref().map(|value| example(&value.0));
        let row = row(&[
            &code(&name),
            &self.wire_type(&field.ty),
            needed,
            &title.map(inline).unwrap_or_default(),
            &shown.unwrap_or_default(),
            &self.remarks(field, named, direction).join("<br>"),
        ]);
        row + &self.parts(&field.ty, &name, direction)
    }

    /// The rows of the members inside a value.
    fn parts(&mut self, ty: &'a FieldType, name: &str, direction: Direction) -> String {
        match ty {
            FieldType::Object(fields) => self.object(fields, &format!("{name}."), direction),
            FieldType::Named(id) if !self.inside.contains(&id) => {
                self.named(id, &format!("{name}."), direction)
            }
            FieldType::List(item) => self.parts(item, &format!("{name}[]"), direction),
            FieldType::JsonText(content) => self.parts(content, name, direction),
            FieldType::Named(_) | FieldType::Primitive(_) | FieldType::Enum { .. } => String::new(),
        }
    }

    fn wire_type(&self, ty: &FieldType) -> String {
        match ty {
            FieldType::Primitive(primitive) => match primitive {
                Primitive::String(_) | Primitive::Secret(_) => "string".to_owned(),
                Primitive::Integer => "integer".to_owned(),
                Primitive::Number => "number".to_owned(),
                Primitive::Boolean => "boolean".to_owned(),
                Primitive::Json => "any JSON".to_owned(),
            },
            FieldType::Enum { integer, .. } => enum_type(*integer).to_owned(),
            FieldType::Object(_) => "object".to_owned(),
            FieldType::List(item) => format!("list of {}", self.wire_type(item)),
            FieldType::JsonText(content) => format!("JSON text: {}", self.wire_type(content)),
            FieldType::Named(id) => match self.get(id).map(|named| &named.shape) {
                Some(Shape::Enum { integer, .. }) => enum_type(*integer).to_owned(),
                Some(Shape::Object { .. }) | None => "object".to_owned(),
            },
        }
    }

    fn remarks(
        &mut self,
        field: &'a Field,
        named: Option<&'a NamedType>,
        direction: Direction,
    ) -> Vec<String> {
        let mut remarks = Vec::new();
        remarks.extend(field.computed.as_ref().map(computed));
        if lower::is_secret(&field.ty) {
            remarks.push(encrypted(direction).to_owned());
        }
        remarks.extend(lower::empty(field));
        remarks.extend(lower::other_place(field));
        if field.superseded {
            remarks.push(SUPERSEDED.to_owned());
        }
        remarks.extend(field.note.as_ref().map(note));
        remarks.extend(named.and_then(|named| named.note.as_ref()).map(note));
        remarks.extend(known_values(&field.ty, named));
        // The Rust type shows the format; the type on the wire is a string.
        let time = is_time(&field.ty).then(|| "Format: `date-time`.".to_owned());
        let limits = time.into_iter().chain(lower::limits(field, code));
        let limits = limits.collect::<Vec<_>>().join(" ");
        remarks.extend((!limits.is_empty()).then_some(limits));
        remarks.extend(named_type(&field.ty).and_then(|id| self.type_remark(id)));
        remarks
    }

    fn type_remark(&mut self, id: &'a TypeId) -> Option<String> {
        if self.inside.contains(&id) {
            return Some(format!("The same members as `{}`.", id.name));
        }
        self.rust_type(id).map(|path| format!("Rust type: {path}"))
    }
}

/// A module's path for a user of the library.
pub(super) fn module(path: &ModulePath) -> String {
    format!("`wxpay_api::{path}`")
}

/// The named type of a value, of a list's elements or of JSON text.
fn named_type(ty: &FieldType) -> Option<&TypeId> {
    match ty {
        FieldType::Named(id) => Some(id),
        FieldType::List(inner) | FieldType::JsonText(inner) => named_type(inner),
        FieldType::Primitive(_) | FieldType::Enum { .. } | FieldType::Object(_) => None,
    }
}

fn is_time(ty: &FieldType) -> bool {
    match ty {
        FieldType::Primitive(Primitive::String(format)) => *format == Some(StringFormat::DateTime),
        FieldType::List(item) => is_time(item),
        _ => false,
    }
}

fn enum_type(integer: bool) -> &'static str {
    if integer { "integer" } else { "string" }
}

fn encrypted(direction: Direction) -> &'static str {
    match direction {
        Direction::Request => {
            "**Encrypted** · 加密: pass the plain text; the client encrypts it · 请传入明文，由客户端加密。"
        }
        Direction::Response => "**Encrypted** · 加密: the client decrypts it · 由客户端解密。",
    }
}

fn computed(computed: &Computed) -> String {
    match computed {
        Computed::Sha256 => "The SHA-256 of the file · 文件的 SHA-256 摘要。".to_owned(),
        Computed::Sm3 => "The SM3 of the file · 文件的 SM3 摘要。".to_owned(),
        Computed::FileName => "The name of the file · 文件名。".to_owned(),
        Computed::Constant(text) => format!("Always · 固定为 {}", code(text)),
    }
}

/// The known values of an enum, one line each.
fn known_values(ty: &FieldType, named: Option<&NamedType>) -> Option<String> {
    let values = match (ty, named.map(|named| &named.shape)) {
        (FieldType::Enum { values, .. }, _) | (_, Some(Shape::Enum { values, .. })) => values,
        (FieldType::List(inner) | FieldType::JsonText(inner), None) => {
            return known_values(inner, None);
        }
        _ => return None,
    };
    Some(values.iter().map(known_value).collect::<Vec<_>>().join("<br>"))
}

fn known_value(value: &EnumValue) -> String {
    let title = value.title.as_deref().filter(|title| !title.trim().is_empty());
    let title = title.map(|title| format!(" {}", inline(title))).unwrap_or_default();
    let superseded = if value.superseded { format!(" ({SUPERSEDED})") } else { String::new() };
    format!("{}{title}{superseded}", code(&value.wire))
}

/// A text as code. A bar is escaped, because it would end the cell.
pub(super) fn code(plain: &str) -> String {
    markdown::code(plain).replace('|', "\\|")
}

/// A text of one or several lines.
pub(super) fn text(plain: &str) -> String {
    markdown::text(plain).lines().collect::<Vec<_>>().join("<br>")
}

/// A note in each of its languages.
pub(super) fn note(note: &Note) -> String {
    note.texts().map(text).collect::<Vec<_>>().join("<br>")
}

/// An example value. A text has no quotes.
pub(super) fn example(value: &Value) -> String {
    let shown = match value {
        Value::String(text) => text.clone(),
        other => samples::json_text(other),
    };
    if shown.trim().is_empty() { String::new() } else { code(&shown) }
}

/// A row of a table.
pub(super) fn row(cells: &[&str]) -> String {
    format!("| {} |\n", cells.join(" | "))
}

/// The head of a table.
pub(super) fn head(titles: &[&str]) -> String {
    format!("{}|{}\n", row(titles), "---|".repeat(titles.len()))
}
