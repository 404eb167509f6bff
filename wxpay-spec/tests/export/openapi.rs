//! OpenAPI documents that an import reads back.

use std::collections::BTreeSet;

use serde_json::Value;
use wxpay_spec::export::openapi;
use wxpay_spec::import::{Imported, Merged, changes, merge, read_openapi};
use wxpay_spec::model::{Families, Spec};
use wxpay_spec::write;

use crate::support::{shop, tree};

fn imported(spec: &Spec, families: &Families) -> Imported {
    read_openapi(&openapi(spec), families).unwrap_or_else(|error| panic!("{error}"))
}

fn lines(remarks: &[impl ToString]) -> Vec<String> {
    remarks.iter().map(ToString::to_string).collect()
}

fn assert_unchanged(before: &Spec, merged: &Merged) {
    let changes = lines(&changes(before, &merged.spec));
    assert!(changes.is_empty(), "{}", changes.join("\n"));
    let (was, is) = (write::files(before), write::files(&merged.spec));
    for (path, text) in &was {
        assert_eq!(is.get(path), Some(text), "{path}");
    }
    assert_eq!(is.len(), was.len());
    assert!(merged.spec == *before, "what the files do not show differs");
}

#[test]
fn importing_the_document_again_changes_nothing() {
    for spec in [tree(), &shop()] {
        let imported = imported(spec, &spec.families);
        assert_eq!(lines(&imported.remarks), [""; 0]);
        let merged = merge(spec, &imported);
        assert_eq!(lines(&merged.remarks), [""; 0]);
        assert_eq!(lines(&merged.outdated), [""; 0]);
        assert_unchanged(spec, &merged);
    }
}

#[test]
fn an_empty_tree_becomes_the_same_descriptors() {
    for spec in [tree(), &shop()] {
        let merged = merge(&Spec::default(), &imported(spec, &Families::default()));
        assert_unchanged(spec, &merged);
    }
}

#[test]
fn a_shop_with_every_key_of_the_language_is_written() {
    insta::assert_snapshot!(openapi(&shop()));
}

/// The keys of extensions in a document, where an example is no part of it.
fn extensions(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| extensions(item, found)),
        Value::Object(members) => {
            for (key, inside) in members.iter().filter(|(key, _)| *key != "example") {
                found.extend(key.starts_with("x-").then(|| key.clone()));
                extensions(inside, found);
            }
        }
        _ => {}
    }
}

#[test]
fn every_extension_is_documented_and_written() {
    let page = include_str!("../../../docs/exporting.md");
    let keys = page.split('`').skip(1).step_by(2).filter(|code| code.starts_with("x-"));
    let documented: BTreeSet<String> = keys.map(str::to_owned).collect();
    let mut written = BTreeSet::new();
    extensions(&serde_json::from_str(&openapi(&shop())).unwrap(), &mut written);
    assert_eq!(written, documented);
}

#[test]
fn the_document_has_everything_once() {
    let document: Value = serde_json::from_str(&openapi(tree())).unwrap();
    let operations = document["paths"].as_object().unwrap().values();
    let ids = operations.flat_map(|path| path.as_object().unwrap().values());
    let mut ids: Vec<&str> = ids.filter_map(|one| one["operationId"].as_str()).collect();
    let all = ids.len();
    ids.sort_unstable();
    ids.dedup();
    let described = tree().endpoints.values().map(|endpoint| endpoint.operations.len()).sum();
    assert_eq!((ids.len(), all), (described, described));
    let schemas = document["components"]["schemas"].as_object().unwrap();
    assert_eq!(schemas.len(), tree().types.len() + 1);
    assert_eq!(document["webhooks"].as_object().unwrap().len(), tree().notifications.len());
}
