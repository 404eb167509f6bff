//! The cargo features in the manifest of the library.

use std::error::Error;

use toml_edit::{Array, DocumentMut, Item, Table, value};
use wxpay_codegen::Feature;

/// Writes the manifest with one cargo feature per product family.
///
/// The families are the members of `full`. Other features are hand-written and stay.
pub(crate) fn with_features(
    manifest: &str,
    families: &[Feature],
) -> Result<String, Box<dyn Error>> {
    let mut manifest: DocumentMut = manifest.parse()?;
    let features = manifest
        .get_mut("features")
        .and_then(Item::as_table_mut)
        .ok_or("wxpay-api/Cargo.toml has no [features]")?;
    for gone in members(features, "full") {
        features.remove(&gone);
    }
    let defaults = families.iter().filter(|family| family.default);
    features.insert("default", value(list(defaults.map(|family| family.name.as_str()))));
    comment(features, "default", "What a merchant with ordinary payments needs.");
    features.insert("full", value(list(families.iter().map(|family| family.name.as_str()))));
    comment(
        features,
        "full",
        "Every product. The families below are written by `cargo xtask regen`.",
    );
    blank_line_before(features, "full");
    for family in families {
        features.insert(&family.name, value(list(family.needs.iter().map(String::as_str))));
        comment(features, &family.name, &family.title);
    }
    Ok(manifest.to_string())
}

fn members(features: &Table, name: &str) -> Vec<String> {
    let names = features.get(name).and_then(Item::as_array);
    let names = names.into_iter().flatten().filter_map(|name| name.as_str());
    names.map(str::to_owned).collect()
}

fn list<'a>(names: impl Iterator<Item = &'a str>) -> Array {
    let mut names: Vec<_> = names.collect();
    names.sort_unstable();
    names.into_iter().collect()
}

fn comment(features: &mut Table, name: &str, text: &str) {
    if let Some(mut key) = features.key_mut(name) {
        // A title of several lines must not end the comment.
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let text = if text.is_empty() { text } else { format!("# {text}\n") };
        key.leaf_decor_mut().set_prefix(text);
    }
}

fn blank_line_before(features: &mut Table, name: &str) {
    if let Some(mut key) = features.key_mut(name) {
        let comment = key.leaf_decor().prefix().and_then(|text| text.as_str()).unwrap_or_default();
        let text = format!("\n{comment}");
        key.leaf_decor_mut().set_prefix(text);
    }
}
