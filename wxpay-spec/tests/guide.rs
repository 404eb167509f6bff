//! The samples in `docs/descriptor.md` and `docs/lifecycles.md` load, and what they list is up to date.
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
fn lifecycles_of_the_guide_fit_the_projects_own_operations() {
    let guide = lifecycles();
    let samples = blocks(&guide).into_iter().filter(|(language, _)| *language == "yaml");
    let samples: Vec<SourceFile> = samples.map(|(_, text)| descriptor(text)).collect();
    assert_eq!(samples.len(), 2);
    let mut files = samples;
    for folder in ["endpoints", "notifications", "types"] {
        collect(Path::new(env!("CARGO_MANIFEST_DIR")), Path::new(folder), &mut files);
    }
    let families = Path::new(env!("CARGO_MANIFEST_DIR")).join("families.yaml");
    let text = std::fs::read_to_string(families).unwrap();
    files.push(SourceFile { path: "families.yaml".to_owned(), text });
    if let Err(diagnostics) = read(files) {
        panic!("{diagnostics}");
    }
}

fn lifecycles() -> String {
    std::fs::read_to_string(path().with_file_name("lifecycles.md")).unwrap()
}

fn collect(root: &Path, folder: &Path, files: &mut Vec<SourceFile>) {
    for entry in std::fs::read_dir(root.join(folder)).unwrap() {
        let entry = entry.unwrap();
        let place = folder.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            collect(root, &place, files);
        } else {
            let text = std::fs::read_to_string(entry.path()).unwrap();
            files.push(SourceFile { path: place.to_str().unwrap().to_owned(), text });
        }
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
    let guide = guide() + &lifecycles();
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
