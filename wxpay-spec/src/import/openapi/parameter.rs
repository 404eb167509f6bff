//! Reads parameters of path, query and header.

use std::collections::HashSet;

use super::kind::TEXT;
use super::node::DocumentNode;
use super::schema::{self, Outside};
use crate::grammar::{HEADER_NAME, RESERVED_HEADERS, WIRE_NAME};
use crate::model::{Field, FieldType, Primitive};

/// The parameters of an operation by their place.
#[derive(Debug, Default)]
pub(super) struct Parameters {
    pub(super) path: Vec<Field>,
    pub(super) query: Vec<Field>,
    pub(super) header: Vec<Field>,
}

/// Reads the operation's parameters, then those of its URL.
pub(super) fn read(
    operation: &DocumentNode<'_>,
    endpoint: &DocumentNode<'_>,
    path: &str,
) -> Parameters {
    let mut parameters = Parameters::default();
    let mut seen = HashSet::new();
    for owner in [operation, endpoint] {
        for node in owner.items("parameters") {
            parameters.add(&node.at_place_of(operation), &mut seen);
        }
    }
    parameters.complete_path(operation, path);
    parameters
}

/// The place of a parameter.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
enum Place {
    Path,
    Query,
    Header,
}

impl Parameters {
    fn add(&mut self, node: &DocumentNode<'_>, seen: &mut HashSet<(Place, String)>) {
        let Some(name) = node.text("name") else {
            node.remark("a parameter without `name` was left out");
            return;
        };
        let (list, word, place) = match node.text("in").as_deref() {
            Some("path") => (&mut self.path, "path", Place::Path),
            Some("query") => (&mut self.query, "query", Place::Query),
            Some("header") if is_reserved(&name) => return,
            Some("header") => (&mut self.header, "header", Place::Header),
            other => {
                let place = other.unwrap_or("nowhere");
                node.remark(format!("the parameter `{name}` in `{place}` was left out"));
                return;
            }
        };
        let names = if place == Place::Header { &HEADER_NAME } else { &WIRE_NAME };
        if name.ends_with('?') || !names.accepts(&name) {
            node.remark(format!("`{name}` is not a name for a parameter: left out"));
        } else if seen.insert((place, name.clone())) && node.spend(name.len()) {
            list.push(parameter(&name, &node.under(word).under(&name), place));
        }
    }

    /// Sorts the path's parameters in the URL's order, and adds those that are not declared.
    fn complete_path(&mut self, operation: &DocumentNode<'_>, path: &str) {
        let names = path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
        let mut declared = std::mem::take(&mut self.path);
        for name in names {
            let at = declared.iter().position(|field| field.name == name);
            self.path.push(match at {
                Some(at) => declared.remove(at),
                None => {
                    operation
                        .remark(format!("the parameter `{name}` is not declared: taken as a text"));
                    schema::text_field(name)
                }
            });
        }
        for extra in declared {
            operation.remark(format!("the URL has no parameter `{}`: left out", extra.name));
        }
    }
}

fn is_reserved(name: &str) -> bool {
    RESERVED_HEADERS.contains(&name.to_lowercase().as_str())
}

fn parameter(name: &str, node: &DocumentNode<'_>, place: Place) -> Field {
    node.expect_only(&[
        "name",
        "in",
        "required",
        "description",
        "schema",
        "content",
        "example",
        "style",
        "explode",
        "x-required-disputed",
        "x-single-source",
        "x-superseded",
    ]);
    let is_sure = !node.says("x-required-disputed")
        && !node.says("x-single-source")
        && !node.says("x-superseded");
    let outside = Outside {
        optional: place != Place::Path && !(node.says("required") && is_sure),
        title: node.text("description"),
        example: node.raw("example"),
    };
    let is_superseded = node.says("x-superseded");
    let mut field = match (node.get("schema"), json_content(node)) {
        (Some(schema), _) => schema::field(name, &schema, outside),
        (None, Some(schema)) => {
            let content = super::kind::field_type(&schema);
            let content = match content {
                FieldType::JsonText(_) => FieldType::Primitive(Primitive::Json),
                content => content,
            };
            schema::typed(name, FieldType::JsonText(Box::new(content)), &schema, outside)
        }
        (None, None) => {
            node.remark("no `schema`: taken as a text");
            let Outside { optional, title, .. } = outside;
            Field { optional, title, ..schema::text_field(name) }
        }
    };
    field.superseded = field.optional && (field.superseded || is_superseded);
    match place {
        Place::Path | Place::Header => one_text(node, field),
        Place::Query => in_query(node, field),
    }
}

/// The schema of a parameter whose text is JSON.
fn json_content<'d>(node: &DocumentNode<'d>) -> Option<DocumentNode<'d>> {
    node.get("content")?.get("application/json")?.get("schema")
}

/// A member that is sent as one text. Other types become texts.
pub(super) fn one_text(node: &DocumentNode<'_>, field: Field) -> Field {
    let fits = matches!(
        field.ty,
        FieldType::Primitive(Primitive::String(_) | Primitive::Integer)
            | FieldType::Enum { .. }
            | FieldType::Named(_)
    );
    if fits { field } else { as_text(node, field) }
}

fn in_query(node: &DocumentNode<'_>, mut field: Field) -> Field {
    let is_plain = |ty: &FieldType| {
        !matches!(
            ty,
            FieldType::Object(_) | FieldType::List(_) | FieldType::Primitive(Primitive::Json)
        )
    };
    match &mut field.ty {
        FieldType::List(element) if !is_plain(element) || is_secret(element) => {
            node.remark("not a list of single values, which a query can have: taken as texts");
            **element = TEXT;
            field.example = None;
            field
        }
        FieldType::List(_) | FieldType::JsonText(_) => field,
        ty if is_plain(ty) => field,
        _ => as_text(node, field),
    }
}

fn is_secret(ty: &FieldType) -> bool {
    matches!(ty, FieldType::Primitive(Primitive::Secret(_)))
}

/// Only what a text can have stays.
fn as_text(node: &DocumentNode<'_>, field: Field) -> Field {
    node.remark("a type that cannot be sent as one text: taken as a text");
    Field { ty: TEXT, example: None, length: None, range: None, ..field }
}
