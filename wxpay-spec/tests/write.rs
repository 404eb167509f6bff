//! Written descriptors read back unchanged, and have the standard layout.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may stop anywhere"
)]

mod support;

use std::collections::BTreeMap;
use std::path::Path;

use wxpay_spec::model::Spec;
use wxpay_spec::{SourceFile, load, read, write};

fn read_all(files: BTreeMap<String, String>) -> Spec {
    read(files.into_iter().map(|(path, text)| SourceFile { path, text }))
        .unwrap_or_else(|diagnostics| panic!("{diagnostics}"))
}

/// Lifecycles are written by hand only, so everything else goes round.
fn goes_round(spec: &Spec) {
    let mut spec = spec.clone();
    spec.lifecycles.clear();
    let files = write::files(&spec);
    let again = read_all(files.clone());
    assert_eq!(again, spec);
    assert_eq!(write::files(&again), files);
}

fn descriptors() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn the_descriptors_go_round() {
    goes_round(&load(descriptors()).unwrap());
}

#[test]
fn good_cases_go_round() {
    for case in support::cases("good") {
        goes_round(&read(support::files(&case)).unwrap());
    }
}

/// Otherwise an import would change files without new facts.
#[test]
fn every_file_is_as_the_writer_writes_it() {
    compare(&load(descriptors()).unwrap(), descriptors());
}

/// `tests/written` holds the whole language in its layout.
#[test]
fn the_whole_language_has_its_layout() {
    let case = descriptors().join("tests/cases/good/whole-language");
    compare(&read(support::files(&case)).unwrap(), &descriptors().join("tests/written"));
}

/// Compares a folder with its written files. `ACCEPT=1` rewrites the folder instead.
fn compare(spec: &Spec, dir: &Path) {
    for (place, written) in write::files(spec) {
        let path = dir.join(&place);
        if std::env::var_os("ACCEPT").is_some() {
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, written).unwrap();
        } else {
            let found = std::fs::read_to_string(path).unwrap_or_default();
            assert!(
                found == written,
                "{place} differs: `ACCEPT=1 cargo test -p wxpay-spec --test write` rewrites it"
            );
        }
    }
}
