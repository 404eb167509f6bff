//! Reads parameters of path, query and header.

use super::document::DocumentNode;
use super::schema;
use super::schema::Outside;
use crate::grammar::RESERVED_HEADERS;
use crate::model::Field;

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
    for owner in [operation, endpoint] {
        let Some(list) = owner.get("parameters") else { continue };
        for node in list.items() {
            parameters.add(&node.called(operation.place().to_owned()));
        }
    }
    parameters.complete_path(operation, path);
    parameters
}

impl Parameters {
    fn add(&mut self, node: &DocumentNode<'_>) {
        let Some(name) = node.text("name") else {
            node.remark("a parameter without `name` was left out");
            return;
        };
        let (list, word) = match node.text("in").as_deref() {
            Some("path") => (&mut self.path, "path"),
            Some("query") => (&mut self.query, "query"),
            Some("header") if is_reserved(&name) => return,
            Some("header") => (&mut self.header, "header"),
            other => {
                let place = other.unwrap_or("nowhere");
                node.remark(format!("the parameter `{name}` in `{place}` was left out"));
                return;
            }
        };
        if list.iter().any(|field| field.name == name) {
            return;
        }
        let node = node.called(format!("{}{word}.{name}", node.place()));
        list.push(parameter(&name, &node, word == "path"));
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

fn parameter(name: &str, node: &DocumentNode<'_>, in_path: bool) -> Field {
    node.expect_only(&[
        "name",
        "in",
        "required",
        "description",
        "schema",
        "example",
        "style",
        "explode",
    ]);
    let Some(schema) = node.get("schema") else {
        node.remark("no `schema`: taken as a text");
        return schema::text_field(name);
    };
    let outside = Outside {
        optional: !in_path && !node.says("required"),
        title: node.text("description"),
        example: node.value().get("example"),
    };
    schema::field(name, &schema, outside)
}
