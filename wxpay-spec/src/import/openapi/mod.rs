//! Reads OpenAPI 3.x documents, as JSON or YAML.

mod document;
mod endpoint;
mod extension;
mod operation;
mod parameter;
mod schema;
mod webhook;

use super::{ImportError, Imported};
use crate::model::Families;
use document::{Document, DocumentNode};

/// Reads an OpenAPI document of version 3, JSON or YAML.
///
/// Local references (`$ref: '#/components/…'`) are written out, except in documents of
/// descriptors, whose named types stay (see `docs/exporting.md`). Error responses, `tags`,
/// `operationId` and the `description` of an operation are ignored. Everything else that a
/// descriptor cannot say is a [`super::Remark`].
///
/// The reader understands `x-roles`, `x-docs`, `x-updated`, `x-enum-titles`, `x-required-disputed`,
/// `x-single-source` and `x-event-types`.
///
/// # Errors
///
/// [`ImportError`] if the text is not JSON or YAML, or not an OpenAPI document of version 3.
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
    let endpoints = root
        .get("paths")
        .map(|paths| {
            let read = |(path, node): (&str, DocumentNode<'_>)| {
                endpoint::read(&extension::path(path, &node), &node, &root, &families)
            };
            paths.entries().filter_map(read).collect()
        })
        .unwrap_or_default();
    let notifications = root
        .get("webhooks")
        .map(|all| all.entries().map(|(name, node)| webhook::read(name, &node)).collect())
        .unwrap_or_default();
    let events = root.texts("x-event-types");
    let types = extension::types(&root);
    let remarks = document.into_remarks();
    Ok(Imported {
        endpoints,
        notifications,
        types,
        families: listed,
        events,
        is_whole: true,
        remarks,
    })
}

/// The families of the descriptors, and those that only the document has.
fn with_listed(families: &Families, listed: &Families) -> Families {
    let mut all = listed.clone();
    all.by_name.extend(families.by_name.iter().map(|(name, one)| (name.clone(), one.clone())));
    all
}
