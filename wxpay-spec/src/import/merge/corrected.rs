use super::session::{AGREES, Session};
use crate::model::{EnumValue, Field, FieldType, Primitive};

/// Leaves a field with `corrects` as it was, except that members of an object follow the facts; says
/// so if the facts have come to agree.
pub(super) fn keep(merged: Field, before: &Field, fresh: &Field, session: &mut Session) -> Field {
    if !session.is_partial && agrees(before, fresh) {
        session.outdated(AGREES);
    }
    match (&before.ty, merged.ty) {
        (FieldType::Object(_), members @ FieldType::Object(_)) => {
            Field { ty: members, ..before.clone() }
        }
        _ => before.clone(),
    }
}

/// Whether the facts alone would give the field as it stands, apart from what only people write.
fn agrees(have: &Field, fresh: &Field) -> bool {
    have.optional == fresh.optional
        && have.title == fresh.title
        && have.length == fresh.length
        && have.range == fresh.range
        && have.pattern == fresh.pattern
        && (fresh.example.is_none() || have.example == fresh.example)
        && same_type(&have.ty, &fresh.ty)
}

/// Members are fields of their own and do not count here.
fn same_type(have: &FieldType, fresh: &FieldType) -> bool {
    match (have, fresh) {
        (FieldType::Object(_), FieldType::Object(_))
        | (FieldType::Named(_), FieldType::Object(_) | FieldType::Enum { .. }) => true,
        (FieldType::List(have), FieldType::List(fresh))
        | (FieldType::JsonText(have), FieldType::JsonText(fresh)) => same_type(have, fresh),
        (
            FieldType::Enum { integer, values },
            FieldType::Enum { integer: fresh_integer, values: fresh },
        ) => integer == fresh_integer && same_values(values, fresh),
        (
            FieldType::Primitive(Primitive::Secret(_)),
            FieldType::Primitive(Primitive::Secret(_)),
        ) => true,
        (have, fresh) => have == fresh,
    }
}

/// Rust names are people's.
pub(super) fn same_values(have: &[EnumValue], fresh: &[EnumValue]) -> bool {
    have.iter().map(fact).eq(fresh.iter().map(fact))
}

fn fact(value: &EnumValue) -> (&str, Option<&str>) {
    (&value.wire, value.title.as_deref())
}
