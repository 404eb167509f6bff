//! The samples in `docs/descriptor.md` load, and its diagnostics, keys and formats are up to date.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may stop anywhere"
)]

use std::path::{Path, PathBuf};

use serde_json::Value;
use wxpay_spec::{SourceFile, json_schema, read};

fn path() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/descriptor.md")
}

fn guide() -> String {
    std::fs::read_to_string(path()).unwrap()
}

/// The language and the text of each fenced block.
fn blocks(guide: &str) -> Vec<(&str, &str)> {
    let inside = guide.split("\n```").skip(1).step_by(2);
    inside.map(|block| block.split_once('\n').unwrap()).collect()
}

/// Reads a block as a file, which a YAML comment on its first line names.
fn descriptor(text: &str) -> SourceFile {
    let path = text.lines().next().unwrap().strip_prefix("# ").unwrap();
    SourceFile { path: path.to_owned(), text: text.to_owned() }
}

#[test]
fn good_descriptors_load_together() {
    let guide = guide();
    let blocks = blocks(&guide);
    let good = blocks.iter().zip(blocks.iter().skip(1).map(|(next, _)| *next).chain([""]));
    let good: Vec<SourceFile> = good
        .filter(|((language, _), next)| *language == "yaml" && *next != "text")
        .map(|((_, text), _)| descriptor(text))
        .collect();
    assert!(good.len() >= 9);
    if let Err(diagnostics) = read(good) {
        panic!("{diagnostics}");
    }
}

#[test]
fn mistakes_are_reported_as_shown() {
    let text = guide();
    let blocks = blocks(&text);
    let mut shown = 0;
    for pair in blocks.windows(2) {
        if let [("yaml", bad), ("text", expected)] = pair {
            let found = read([descriptor(bad)]).unwrap_err().to_string();
            if std::env::var_os("ACCEPT").is_some() {
                std::fs::write(path(), text.replace(expected, &found)).unwrap();
            } else {
                assert_eq!(found, *expected);
            }
            shown += 1;
        }
    }
    assert_eq!(shown, 1);
}

#[test]
fn every_key_is_explained() {
    let guide = guide();
    let schema: Value = serde_json::from_str(&json_schema()).unwrap();
    for (name, definition) in schema["$defs"].as_object().unwrap() {
        for key in definition["properties"].as_object().into_iter().flat_map(|keys| keys.keys()) {
            assert!(guide.contains(&format!("`{key}`")), "`{key}` of {name}");
        }
    }
}

#[test]
fn every_format_is_explained() {
    let guide = guide();
    let schema: Value = serde_json::from_str(&json_schema()).unwrap();
    let formats = schema["$defs"]["field"]["properties"]["format"]["enum"].as_array().unwrap();
    for format in formats {
        let format = format.as_str().unwrap();
        assert!(guide.contains(&format!("\n| `{format}` |")), "`{format}`");
    }
}
