//! TsTypes of fields, and the named types.

use std::collections::BTreeMap;

use super::source::{Taken, TsSource, joined, key, literal};
use crate::model::{
    Body, Computed, EnumValue, Field, FieldType, NamedType, Note, Number, Primitive, Secret, Shape,
    Spec, StringFormat, TypeId,
};

/// The namespace of the named types.
const NAMESPACE: &str = "WeChatPay.Types";

/// The names of the named types in TypeScript.
#[derive(Debug)]
pub(super) struct TsTypes(BTreeMap<TypeId, String>);

impl TsTypes {
    pub(super) fn of(spec: &Spec) -> Self {
        let mut taken = Taken::default();
        let mut families: BTreeMap<&str, String> = BTreeMap::new();
        let mut names = BTreeMap::new();
        for id in spec.types.keys() {
            let family =
                families.entry(&id.family).or_insert_with(|| taken.take(joined(&id.family)));
            names.insert(id.clone(), format!("{NAMESPACE}.{family}.{}", id.name));
        }
        Self(names)
    }

    fn name(&self, id: &TypeId) -> String {
        self.0.get(id).map_or("unknown", String::as_str).to_owned()
    }
}

/// Writes the named types, each once, with a namespace for each family.
pub(super) fn named(source: &mut TsSource, spec: &Spec, types: &TsTypes) {
    let entries: Vec<(&TypeId, &NamedType)> = spec.types.iter().collect();
    for family in entries.chunk_by(|(one, _), (other, _)| one.family == other.family) {
        let Some((first, _)) = family.first() else { continue };
        let full = types.name(first);
        let namespace = full.rsplit_once('.').map_or("", |(namespace, _)| namespace);
        source.namespace(namespace, |source| {
            for (id, named) in family {
                one(source, &id.name, named, types);
            }
        });
    }
}

fn one(source: &mut TsSource, name: &str, named: &NamedType, types: &TsTypes) {
    let mut docs: Vec<String> = named.title.iter().cloned().collect();
    docs.extend(lines(named.note.as_ref()));
    match &named.shape {
        Shape::Object { fields, .. } => {
            source.docs(&docs);
            members(source, &format!("export interface {name}"), fields, types);
        }
        Shape::Enum { integer, values } => {
            docs.extend(labels(values));
            source.docs(&docs);
            source.line(&format!("export type {name} = {}", enumeration(*integer, values)));
        }
    }
}

/// Writes an interface for a body: its members, or another name of its type.
pub(super) fn body(source: &mut TsSource, name: &str, body: &Body, types: &TsTypes) {
    match body {
        Body::Named(id) => source.line(&format!("export type {name} = {}", types.name(id))),
        Body::Fields(fields) if fields.is_empty() => {
            source.line(&format!("export type {name} = Record<string, unknown>"));
        }
        Body::Fields(fields) => {
            members(source, &format!("export interface {name}"), fields, types);
        }
    }
}

/// Writes a block of members.
pub(super) fn members(source: &mut TsSource, open: &str, fields: &[Field], types: &TsTypes) {
    source.block(open, |source| {
        for field in fields {
            member(source, field, types);
        }
    });
}

/// Writes a member with its documentation.
pub(super) fn member(source: &mut TsSource, field: &Field, types: &TsTypes) {
    source.docs(&docs(field));
    let mark = if field.optional { "?" } else { "" };
    let open = format!("{}{mark}:", key(&field.name));
    let (inner, lists) = element(&field.ty, 0);
    let lists = "[]".repeat(lists);
    match inner {
        FieldType::Object(fields) => source.block_ending(&open, &format!("}}{lists}"), |source| {
            fields.iter().for_each(|field| member(source, field, types));
        }),
        inner => {
            let ty = match &field.computed {
                Some(Computed::Constant(text)) => literal(text),
                _ => plain(inner, types),
            };
            let ty = if !lists.is_empty() && ty.contains(' ') { format!("({ty})") } else { ty };
            source.line(&format!("{open} {ty}{lists}"));
        }
    }
}

/// The innermost element of lists, and how many lists are around it.
fn element(ty: &FieldType, lists: usize) -> (&FieldType, usize) {
    match ty {
        FieldType::List(inner) => element(inner, lists + 1),
        ty => (ty, lists),
    }
}

fn plain(ty: &FieldType, types: &TsTypes) -> String {
    match ty {
        FieldType::Primitive(primitive) => match primitive {
            Primitive::String(_) | Primitive::Secret(_) => "string".to_owned(),
            Primitive::Integer | Primitive::Number => "number".to_owned(),
            Primitive::Boolean => "boolean".to_owned(),
            Primitive::Json => "unknown".to_owned(),
        },
        FieldType::Enum { integer, values } => enumeration(*integer, values),
        FieldType::Named(id) => types.name(id),
        FieldType::JsonText(_) => "string".to_owned(),
        FieldType::Object(_) | FieldType::List(_) => "unknown".to_owned(),
    }
}

/// An open enum: the known values help to write, other values are allowed.
fn enumeration(integer: bool, values: &[EnumValue]) -> String {
    let mut types: Vec<String> = values
        .iter()
        .map(|value| if integer { value.wire.clone() } else { literal(&value.wire) })
        .collect();
    types.push(if integer { "(number & {})" } else { "(string & {})" }.to_owned());
    types.join(" | ")
}

fn docs(field: &Field) -> Vec<String> {
    let mut docs: Vec<String> = field.title.iter().cloned().collect();
    docs.extend(lines(field.note.as_ref()));
    docs.extend(kind(&field.ty).map(str::to_owned));
    let bound = |bound: &Option<Number>| bound.as_ref().map_or("", |Number(text)| text).to_owned();
    if let Some((least, most)) = field.length {
        let most = most.map(|most| most.to_string()).unwrap_or_default();
        docs.push(format!("长度 {least}..{most}"));
    }
    if let Some((least, most)) = &field.range {
        docs.push(format!("范围 {}..{}", bound(least), bound(most)));
    }
    docs.extend(field.ty.innermost().values().map(labels).unwrap_or_default());
    docs.extend(field.superseded.then(|| "@deprecated 新的官方文档已不再列出".to_owned()));
    if let Some(example) = &field.example {
        let text = example.0.as_str().map_or_else(|| example.0.to_string(), str::to_owned);
        docs.push(format!("@example {text}"));
    }
    docs
}

/// The lines of a note, one for each language.
pub(super) fn lines(note: Option<&Note>) -> Vec<String> {
    note.into_iter().flat_map(Note::texts).map(str::to_owned).collect()
}

fn kind(ty: &FieldType) -> Option<&str> {
    match ty {
        FieldType::Primitive(Primitive::Secret(Secret::Text)) => Some("敏感信息，需加密"),
        FieldType::Primitive(Primitive::Secret(Secret::Bytes)) => Some("敏感信息（字节），需加密"),
        FieldType::Primitive(Primitive::String(Some(StringFormat::DateTime))) => {
            Some("RFC 3339 时间")
        }
        FieldType::Primitive(Primitive::String(Some(StringFormat::Other(format)))) => Some(format),
        FieldType::JsonText(_) => Some("JSON 文本"),
        _ => None,
    }
}

fn labels(values: &[EnumValue]) -> Vec<String> {
    let label = |value: &EnumValue| {
        let superseded =
            if value.superseded { "（新的官方文档已不再列出）" } else { "" };
        let title = value.title.as_deref().unwrap_or_default();
        let colon = if title.is_empty() { "" } else { ": " };
        let says_nothing = title.is_empty() && superseded.is_empty();
        (!says_nothing).then(|| format!("- `{}`{superseded}{colon}{title}", value.wire))
    };
    values.iter().filter_map(label).collect()
}
