//! Unions: `oneOf`, `anyOf` and several words of `type`, and the type that holds all of them.

use std::collections::{HashMap, HashSet};

use super::kind::{JSON, TEXT, field_type};
use super::node::DocumentNode;
use crate::model::{EnumValue, Field, FieldType, Primitive, StringFormat};

const TIME: FieldType = FieldType::Primitive(Primitive::String(Some(StringFormat::DateTime)));

/// Reads the alternatives of a schema, without `null`.
///
/// Alternatives that only say which members come together are conditions, which descriptors do not
/// have.
pub(super) fn alternatives(schema: &DocumentNode<'_>, has_type: bool) -> Vec<FieldType> {
    let mut types = Vec::new();
    for key in ["oneOf", "anyOf"] {
        for one in schema.items(key) {
            if one.text("type").as_deref() == Some("null") {
                continue;
            }
            let is_condition = ["type", "properties", "enum", "const", "items", "oneOf", "anyOf"]
                .iter()
                .all(|key| one.raw(key).is_none());
            if is_condition && has_type {
                schema.remark(format!("`{key}` was left out: descriptors have no conditions"));
                continue;
            }
            types.push(field_type(&one.at_level(schema.level())));
        }
    }
    types
}

/// The kinds of values that the types of a union have.
#[derive(Debug, Default)]
struct UnionKinds {
    texts: Vec<EnumValue>,
    integers: Vec<EnumValue>,
    text: bool,
    integer: bool,
    number: bool,
    boolean: bool,
    time: bool,
    others: Vec<FieldType>,
}

/// Joins the types of a union into one, and remarks what is lost.
pub(super) fn joined(schema: &DocumentNode<'_>, types: Vec<FieldType>) -> FieldType {
    let mut kinds = UnionKinds::default();
    types.into_iter().for_each(|ty| kinds.add(ty));
    let (ty, lost) = kinds.joined();
    if let Some(lost) = lost {
        schema.remark(lost);
    }
    ty
}

/// Joins the type of a schema with the alternatives that it has too.
pub(super) fn beside(
    schema: &DocumentNode<'_>,
    own: FieldType,
    alternatives: Vec<FieldType>,
) -> FieldType {
    match (own, joined(schema, alternatives)) {
        (FieldType::Object(mut members), FieldType::Object(more)) => {
            let known: HashSet<String> = members.iter().map(|field| field.name.clone()).collect();
            members.extend(more.into_iter().filter(|field| !known.contains(&field.name)));
            FieldType::Object(members)
        }
        (JSON, other) | (other, JSON) => other,
        (own, other) => joined(schema, vec![own, other]),
    }
}

impl UnionKinds {
    fn add(&mut self, ty: FieldType) {
        match ty {
            FieldType::Enum { integer: false, values } => self.texts.extend(values),
            FieldType::Enum { integer: true, values } => self.integers.extend(values),
            FieldType::Primitive(Primitive::Integer) => self.integer = true,
            FieldType::Primitive(Primitive::Number) => self.number = true,
            FieldType::Primitive(Primitive::Boolean) => self.boolean = true,
            ty if ty == TEXT => self.text = true,
            ty if ty == TIME => self.time = true,
            other => self.others.push(other),
        }
    }

    /// The type that holds all kinds, and what to remark about it.
    fn joined(self) -> (FieldType, Option<&'static str>) {
        let has_text = self.text || !self.texts.is_empty();
        let has_integer = self.integer || !self.integers.is_empty();
        let has_number = has_integer || self.number;
        if !self.others.is_empty() {
            return several(self.others, has_text || has_number || self.boolean || self.time);
        }
        match (has_text, has_number, self.boolean, self.time) {
            (false, false, false, true) => (TIME, None),
            (true, false, false, true) => (TEXT, Some("a time or other texts: taken as a text")),
            (_, true, false, true) => (TIME, Some("a time or a number: taken as a time")),
            (true, false, false, false) if self.texts.is_empty() => (TEXT, None),
            (true, false, false, false) => (enumeration(false, self.texts), None),
            (false, true, false, false) if self.number => {
                (FieldType::Primitive(Primitive::Number), None)
            }
            (false, true, false, false) if self.integers.is_empty() => {
                (FieldType::Primitive(Primitive::Integer), None)
            }
            (false, true, false, false) => (enumeration(true, self.integers), None),
            (false, false, true, false) => (FieldType::Primitive(Primitive::Boolean), None),
            (true, true, false, false) => (TEXT, Some("a text or a number: taken as a text")),
            _ => (JSON, Some("several types: taken as JSON of any shape")),
        }
    }
}

/// Creates an enum; of the same value, the first one counts.
fn enumeration(integer: bool, mut values: Vec<EnumValue>) -> FieldType {
    let mut seen = HashSet::new();
    values.retain(|value| seen.insert(value.wire.clone()));
    FieldType::Enum { integer, values }
}

/// The type of objects, lists and texts with a format, perhaps beside plain values.
fn several(types: Vec<FieldType>, is_scalar: bool) -> (FieldType, Option<&'static str>) {
    let objects: Vec<&[Field]> = types.iter().filter_map(FieldType::fields).collect();
    if objects.len() == types.len() && !is_scalar {
        return match objects.as_slice() {
            [only] => (FieldType::Object(only.to_vec()), None),
            several => {
                let what = "one of several objects: taken as one object of all members";
                (FieldType::Object(of_all_members(several)), Some(what))
            }
        };
    }
    match types.as_slice() {
        [only] if !is_scalar => (only.clone(), None),
        [first, rest @ ..] if !is_scalar && rest.iter().all(|ty| ty == first) => {
            (first.clone(), None)
        }
        _ => (JSON, Some("several types: taken as JSON of any shape")),
    }
}

/// The members of all objects, which are required if all objects require them.
fn of_all_members(objects: &[&[Field]]) -> Vec<Field> {
    let mut requiring: HashMap<&str, usize> = HashMap::new();
    let mut seen = HashSet::new();
    let mut members = Vec::new();
    for field in objects.iter().flat_map(|fields| fields.iter()) {
        *requiring.entry(&field.name).or_default() += usize::from(!field.optional);
        if seen.insert(&field.name) {
            members.push(field.clone());
        }
    }
    for field in &mut members {
        field.optional |= requiring.get(field.name.as_str()) != Some(&objects.len());
    }
    members
}
