//! Collects fields and the named types that they use.

use std::collections::BTreeMap;

use wxpay_spec::model::{
    self, Body, Computed, EnumValue, Field, FieldType, Note, Primitive, Secret, Shape, Spec,
    StringFormat, TypeId,
};

use super::format::{CatalogueEnumValue, CatalogueField, CatalogueNote, Schema};

/// Collects the fields of a family, and the named types that they use.
pub(super) struct SchemaWriter<'a> {
    spec: &'a Spec,
    /// `None` while a type is being collected, so that recursion over a recursive type ends.
    types: BTreeMap<&'a TypeId, Option<Schema<'a>>>,
}

impl<'a> SchemaWriter<'a> {
    pub(super) fn new(spec: &'a Spec) -> Self {
        Self { spec, types: BTreeMap::new() }
    }

    /// Returns the named types that were used.
    pub(super) fn finish(self) -> BTreeMap<String, Schema<'a>> {
        let types = self.types.into_iter();
        types.filter_map(|(id, schema)| Some((id.to_string(), schema?))).collect()
    }

    pub(super) fn body(&mut self, body: &'a Body) -> Schema<'a> {
        match body {
            Body::Fields(fields) if fields.is_empty() => Schema::Json,
            Body::Fields(fields) => Schema::Object { members: self.members(fields) },
            Body::Named(id) => self.named(id),
        }
    }

    pub(super) fn members(&mut self, fields: &'a [Field]) -> Vec<CatalogueField<'a>> {
        fields.iter().map(|field| self.member(field)).collect()
    }

    fn member(&mut self, field: &'a Field) -> CatalogueField<'a> {
        let range = field.range.as_ref().map(|(least, most)| {
            let text = |number: &'a Option<model::Number>| number.as_ref().map(|n| n.0.as_str());
            (text(least), text(most))
        });
        let (computed, constant) = match &field.computed {
            None => (None, None),
            Some(Computed::Sha256) => (Some("sha256"), None),
            Some(Computed::Sm3) => (Some("sm3"), None),
            Some(Computed::FileName) => (Some("file-name"), None),
            Some(Computed::Constant(text)) => (None, Some(text.as_str())),
        };
        CatalogueField {
            name: &field.name,
            required: !field.optional,
            schema: self.schema(&field.ty),
            title: field.title.as_deref(),
            note: note(field.note.as_ref()),
            example: field.example.as_ref().map(|example| &example.0),
            length: field.length,
            range,
            pattern: field.pattern.as_deref(),
            computed,
            constant,
            empty: field.empty.word(),
            not_with: field.not_with.as_deref(),
            rust: field.rust.as_deref(),
            superseded: field.superseded,
        }
    }

    fn schema(&mut self, ty: &'a FieldType) -> Schema<'a> {
        match ty {
            FieldType::Primitive(primitive) => primitive_schema(primitive),
            FieldType::Enum { integer, values } => enum_schema(*integer, values),
            FieldType::Named(id) => self.named(id),
            FieldType::Object(fields) => Schema::Object { members: self.members(fields) },
            FieldType::List(item) => Schema::List { items: Box::new(self.schema(item)) },
            FieldType::JsonText(content) => {
                Schema::JsonText { content: Box::new(self.schema(content)) }
            }
        }
    }

    fn named(&mut self, id: &'a TypeId) -> Schema<'a> {
        let spec = self.spec;
        if let Some(entry) = spec.types.get(id)
            && !self.types.contains_key(id)
        {
            self.types.insert(id, None);
            let schema = match &entry.shape {
                Shape::Object { fields, .. } => Schema::Object { members: self.members(fields) },
                Shape::Enum { integer, values } => enum_schema(*integer, values),
            };
            self.types.insert(id, Some(schema));
        }
        Schema::Named { name: id.to_string() }
    }
}

/// Returns a remark in both languages.
pub(super) fn note(note: Option<&Note>) -> Option<CatalogueNote<'_>> {
    note.map(|note| match note {
        Note::Text(text) => CatalogueNote { zh: text, en: text },
        Note::Bilingual { zh, en } => CatalogueNote { zh, en },
    })
}

fn enum_schema(integer: bool, values: &[EnumValue]) -> Schema<'_> {
    let values = values
        .iter()
        .map(|value| CatalogueEnumValue { value: &value.wire, title: value.title.as_deref() });
    Schema::Enum { integer, values: values.collect() }
}

fn primitive_schema(primitive: &Primitive) -> Schema<'_> {
    match primitive {
        Primitive::String(None) => Schema::String { format: None },
        Primitive::String(Some(StringFormat::DateTime)) => {
            Schema::String { format: Some("date-time") }
        }
        Primitive::String(Some(StringFormat::Other(format))) => {
            Schema::String { format: Some(format) }
        }
        Primitive::Integer => Schema::Integer,
        Primitive::Number => Schema::Number,
        Primitive::Boolean => Schema::Boolean,
        Primitive::Json => Schema::Json,
        Primitive::Secret(Secret::Text) => Schema::Secret { content: "text" },
        Primitive::Secret(Secret::Bytes) => Schema::Secret { content: "bytes" },
    }
}
