//! OpenAPI documents that an import reads back.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use wxpay_spec::export::openapi;
use wxpay_spec::import::{Imported, Merged, changes, merge, read_openapi};
use wxpay_spec::model::{Body, Families, FieldType, Method, Response, Shape, Spec, TypeId};
use wxpay_spec::{SourceFile, read, write};

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
        assert_eq!(lines(&merged.absent), [""; 0]);
        assert_unchanged(spec, &merged);
    }
}

#[test]
fn an_empty_tree_becomes_the_same_descriptors() {
    for spec in [tree(), &shop()] {
        // Lifecycles are not in the document.
        let spec = Spec { lifecycles: BTreeMap::new(), ..spec.clone() };
        let merged = merge(&Spec::default(), &imported(&spec, &Families::default()));
        assert_unchanged(&spec, &merged);
    }
}

#[test]
fn an_edited_document_changes_the_named_type_once() {
    let spec = shop();
    let text = openapi(&spec).replace("\"title\": \"子订单\"", "\"title\": \"拆分订单\"");
    let merged = merge(&spec, &read_openapi(&text, &spec.families).unwrap());
    let changes = lines(&changes(&spec, &merged.spec));
    assert_eq!(changes, ["type shop/Order\n  ~ parts: title 子订单 → 拆分订单"]);
}

#[test]
fn descriptors_that_write_a_type_out_get_its_members() {
    let file = SourceFile {
        path: "endpoints/v3/shop/orders/{order_id}.yaml".to_owned(),
        text: "path: /v3/shop/orders/{order_id}
get:
  title: 查单
  path: { order_id: { type: string } }
  response: { out_order_no?: { type: string } }
"
        .to_owned(),
    };
    let before = read([file]).unwrap();
    let merged = merge(&before, &imported(&shop(), &before.families));
    let files = write::files(&merged.spec).into_iter();
    let files = files.map(|(path, text)| SourceFile { path, text });
    let after = read(files).unwrap_or_else(|mistakes| panic!("{mistakes}"));
    let Response::Json { body: Body::Fields(fields), .. } =
        &after.endpoints["/v3/shop/orders/{order_id}"].operations[&Method::Get].response
    else {
        panic!("the response is no longer written out")
    };
    let names: Vec<&str> = fields.iter().map(|field| field.name.as_str()).collect();
    assert_eq!(names, ["out_order_no", "state", "parts"]);
    assert!(after.types.contains_key(&TypeId::parse("shop/Order").unwrap()));
}

/// Another document may have keys of the same names, which mean something else there.
#[test]
fn extensions_of_other_documents_are_not_read() {
    let text = openapi(&shop()).replace("  \"x-descriptors\": \"1\",\n", "");
    let other = read_openapi(&text, &Families::default()).unwrap();
    assert!(other.types.is_empty() && other.families.by_name.is_empty());
    let remarks = lines(&other.remarks).join("\n");
    assert!(remarks.contains("`x-repeat` was left out"), "{remarks}");
}

/// The names of types and of places are names of files.
#[test]
fn no_document_writes_outside_the_folder() {
    let hostile = openapi(&shop())
        .replace("\"x-place\": \"shop/order\"", "\"x-place\": \"../../order\"")
        .replace("\"x-type\": \"shop/Payer\"", "\"x-type\": \"../Payer\"")
        .replace("\"x-range\": \"0.10..\"", "\"x-range\": \"0..1\\nrust: other\"");
    let imported = read_openapi(&hostile, &Families::default()).unwrap();
    let remarks = lines(&imported.remarks).join("\n");
    for told in ["`x-place: ../../order` is no place", "`../Payer` is not a type's name"] {
        assert!(remarks.contains(told), "{remarks}");
    }
    let merged = merge(&Spec::default(), &imported);
    let files = write::files(&merged.spec);
    assert!(files.keys().all(|path| !path.contains("..")), "{:?}", files.keys());
    assert!(files.values().all(|text| !text.contains("\nrust: other")));
}

/// The keys beside a reference belong to the member, as OpenAPI 3.1 allows them.
#[test]
fn keys_beside_a_reference_are_facts_of_the_member() {
    let payer = "#/components/schemas/shop.Payer";
    let text = openapi(&shop()).replace(
        &format!("\"payer\": {{ \"$ref\": \"{payer}\" }}"),
        &format!("\"payer\": {{ \"$ref\": \"{payer}\", \"title\": \"付款人\" }}"),
    );
    let imported = read_openapi(&text, &Families::default()).unwrap();
    let answer = &imported.types[&TypeId::parse("shop/Answer").unwrap()];
    let Shape::Object { fields, .. } = &answer.shape else { panic!("no object") };
    assert_eq!(fields[1].title.as_deref(), Some("付款人"));
    assert_eq!(fields[1].ty, FieldType::Named(TypeId::parse("shop/Payer").unwrap()));
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
