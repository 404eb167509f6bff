//! The JSON Schema is up to date and agrees with the loader.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may stop anywhere"
)]

mod support;

use std::collections::BTreeSet;
use std::path::Path;

use jsonschema::Validator;
use serde_json::{Value, json};
use wxpay_spec::{SourceFile, json_schema, read};

/// The validators of each kind of file, by the folder, and of any descriptor.
struct Schema {
    kinds: Vec<(&'static str, Validator)>,
    any: Validator,
}

impl Schema {
    fn new() -> Self {
        let document: Value = serde_json::from_str(&json_schema()).unwrap();
        let kind = |name: &str| {
            let mut one = document.clone();
            one.as_object_mut().unwrap().remove("anyOf");
            one["$ref"] = json!(format!("#/$defs/{name}"));
            jsonschema::validator_for(&one).unwrap()
        };
        let kinds = vec![
            ("endpoints/", kind("endpoint-file")),
            ("types/", kind("types-file")),
            ("notifications/", kind("notification-file")),
            ("lifecycles/", kind("lifecycle-file")),
            ("families.yaml", kind("families-file")),
        ];
        Self { kinds, any: jsonschema::validator_for(&document).unwrap() }
    }

    /// Whether the schema accepts a file; `None` if the file has no JSON equivalent.
    fn accepts(&self, file: &SourceFile) -> Option<bool> {
        let text = file.text.trim_start_matches('\u{feff}');
        let value = serde_yaml::from_str::<Value>(text).ok()?;
        let mut kinds = self.kinds.iter();
        let (_, validator) = kinds.find(|(place, _)| file.path.starts_with(place)).unwrap();
        let accepted = validator.is_valid(&value);
        assert!(!accepted || self.any.is_valid(&value), "{}: refused as any", file.path);
        Some(accepted)
    }
}

#[test]
fn the_checked_in_schema_is_up_to_date() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("descriptor.schema.json");
    if std::env::var_os("ACCEPT").is_some() {
        std::fs::write(&path, json_schema()).unwrap();
    }
    let checked_in = std::fs::read_to_string(path).unwrap_or_default();
    assert!(checked_in == json_schema(), "stale: run `cargo xtask regen`");
}

#[test]
fn both_refuse_mistakes_in_the_structure() {
    let schema = Schema::new();
    for case in support::cases("shape") {
        let files = support::files(&case);
        let diagnostics = read(files.clone()).unwrap_err();
        let refused: BTreeSet<&str> =
            diagnostics.iter().map(|diagnostic| diagnostic.file.as_str()).collect();
        for file in &files {
            let by_loader = refused.contains(file.path.as_str());
            let place = format!("{}/{}", case.display(), file.path);
            assert_eq!(schema.accepts(file), Some(!by_loader), "{place}: {diagnostics}");
        }
    }
}

#[test]
fn the_schema_accepts_what_only_the_loader_can_refuse() {
    let schema = Schema::new();
    for case in support::cases("good").into_iter().chain(support::cases("meaning")) {
        for file in support::files(&case) {
            assert_ne!(schema.accepts(&file), Some(false), "{}/{}", case.display(), file.path);
        }
    }
}

/// Otherwise a key could be read wrongly without any case that shows it.
#[test]
fn the_good_lifecycles_use_every_key() {
    let document: Value = serde_json::from_str(&json_schema()).unwrap();
    let case = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/good/lifecycles");
    let files = support::files(&case).into_iter();
    let mut used = BTreeSet::new();
    for file in files.filter(|file| file.path.starts_with("lifecycles/")) {
        collect_keys(&serde_yaml::from_str(&file.text).unwrap(), &mut used);
    }
    for (name, definition) in document["$defs"].as_object().unwrap() {
        let keys = definition["properties"].as_object().into_iter().flat_map(|keys| keys.keys());
        for key in keys.filter(|_| name.starts_with("lifecycle-")) {
            assert!(used.contains(key), "`{key}` of {name}");
        }
    }
}

fn collect_keys(value: &Value, keys: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => members.iter().for_each(|(key, inside)| {
            keys.insert(key.clone());
            collect_keys(inside, keys);
        }),
        Value::Array(items) => items.iter().for_each(|item| collect_keys(item, keys)),
        _ => {}
    }
}
