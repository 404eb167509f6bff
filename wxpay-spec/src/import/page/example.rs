use serde_json::Value as Json;

use super::literal;
use super::piece::Piece;
use crate::import::example;
use crate::model::{Field, FieldType};

/// Gives a field an example, unless it does not fit.
pub(super) fn set(field: &mut Field, at: &Piece<'_>, given: &Json) {
    match example::fitting(given, field) {
        Some(example) => field.example = Some(example),
        None => at.remark(format!("the example {given} does not fit `{}`: left out", field.name)),
    }
}

/// The values of a sample's object, each as the example of its field.
pub(super) fn spread(object: &Piece<'_>, fields: &mut [Field]) {
    for pair in object.children() {
        if let Some((name, value)) = member(&pair) {
            of_member(&pair, &name, value, fields);
        }
    }
}

/// What a member of a sample's object says about its field: an example, and a label beside it.
pub(super) fn of_member(
    pair: &Piece<'_>,
    name: &str,
    value: Option<Piece<'_>>,
    fields: &mut [Field],
) {
    let Some(field) = fields.iter_mut().find(|field| field.name == name) else {
        pair.remark(format!("the sample gives `{name}`, which no type declares: left out"));
        return;
    };
    field.title = field.title.take().or_else(|| pair.doc().title);
    if let Some(value) = value {
        of_value(&value, field);
    }
}

/// The name and the value of a member of a sample's object; a name alone stands for a variable.
pub(super) fn member<'c>(pair: &Piece<'c>) -> Option<(String, Option<Piece<'c>>)> {
    match pair.kind() {
        "pair" => Some((literal::name(&pair.field("key")?)?, pair.field("value"))),
        _ => Some((literal::name(pair)?, None)),
    }
}

/// A variable or a computed value says nothing.
fn of_value(value: &Piece<'_>, field: &mut Field) {
    match (value.kind(), &mut field.ty) {
        ("object", FieldType::Object(members)) => spread(value, members),
        ("array", FieldType::List(element)) => match element.as_mut() {
            FieldType::Object(members) => {
                let objects = value.children().into_iter().filter(|item| item.kind() == "object");
                objects.take(1).for_each(|object| spread(&object, members));
            }
            _ => {
                let items: Vec<Json> =
                    value.children().iter().filter_map(literal::scalar).collect();
                if !items.is_empty() {
                    set(field, value, &Json::Array(items));
                }
            }
        },
        _ => literal::scalar(value).iter().for_each(|given| set(field, value, given)),
    }
}
