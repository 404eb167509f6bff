//! Reads OpenAPI 3.x documents, as JSON or YAML.

mod body;
mod document;
mod endpoint;
mod extension;
mod kind;
mod node;
mod operation;
mod parameter;
mod schema;
mod union;
mod value;
mod webhook;

use super::{ImportError, Imported};
use crate::model::Families;
use document::Document;

/// Reads an OpenAPI document of version 3, JSON or YAML.
///
/// Local references (`$ref: '#/components/…'`) and `allOf` are written out, except in documents of
/// descriptors, whose named types stay (see `docs/exporting.md`). `oneOf` and `anyOf`
/// become a type that holds all of them. Error responses, `tags` and `operationId` are ignored.
/// The `description` of an operation or a webhook is in [`Imported::descriptions`]. Everything else
/// that a descriptor cannot say is a [`super::Remark`] with the JSON pointer of its place.
///
/// `docs/importing.md` lists the keys with `x-` that the reader understands.
///
/// # Errors
///
/// [`ImportError`] if the text is not JSON or YAML, not an OpenAPI document of version 3, or too
/// large, with all its references written out.
pub fn read_openapi(text: &str, families: &Families) -> Result<Imported, ImportError> {
    let document = Document::parse(text)?;
    let root = document.root();
    root.expect_only(&[
        "openapi",
        "info",
        "servers",
        "paths",
        "webhooks",
        "components",
        "tags",
        "externalDocs",
        "security",
        "x-event-types",
    ]);
    let listed = extension::families(&root);
    let families = with_listed(families, &listed);
    let mut endpoints = Vec::new();
    let mut notifications = Vec::new();
    for (path, node) in root.get("paths").iter().flat_map(node::DocumentNode::entries) {
        let path = extension::path(path, &node);
        endpoints.extend(endpoint::read(&path, &node, &root, &families));
        if document.budget.is_exceeded() {
            break;
        }
    }
    for (name, node) in root.get("webhooks").iter().flat_map(node::DocumentNode::entries) {
        if document.budget.is_exceeded() {
            break;
        }
        notifications.push(webhook::read(name, &node));
    }
    let events = root.texts("x-event-types");
    let types = extension::types(&root);
    drop(root);
    let (remarks, descriptions) = document.finish()?;
    Ok(Imported {
        endpoints,
        notifications,
        types,
        families: listed,
        events,
        is_whole: true,
        descriptions,
        remarks,
    })
}

/// The families of the descriptors, and those that only the document has.
fn with_listed(families: &Families, listed: &Families) -> Families {
    let mut all = listed.clone();
    all.by_name.extend(families.by_name.iter().map(|(name, one)| (name.clone(), one.clone())));
    all
}
