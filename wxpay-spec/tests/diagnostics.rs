//! Every bad descriptor folder gives exactly its `expected.txt`, independent of the order of the files.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may stop anywhere"
)]

mod support;

use std::env;
use std::fs;
use std::path::Path;

use wxpay_spec::{LoadError, load, read};

#[test]
fn bad_descriptors_give_the_expected_diagnostics() {
    let mut wrong = Vec::new();
    for kind in ["syntax", "shape", "meaning"] {
        for case in support::cases(kind) {
            let found = diagnostics(&case);
            let expected = case.join("expected.txt");
            if env::var_os("ACCEPT").is_some() {
                fs::write(&expected, &found).unwrap();
            } else if fs::read_to_string(&expected).unwrap_or_default() != found {
                wrong.push(format!("{}:\n{found}", case.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "see tests/cases/README.md\n{}", wrong.join("\n"));
}

fn diagnostics(case: &Path) -> String {
    match load(case) {
        Err(LoadError::Diagnostics(diagnostics)) => format!("{diagnostics}\n"),
        other => panic!("{}: no diagnostics but {other:?}", case.display()),
    }
}

#[test]
fn good_descriptors_load() {
    for case in support::cases("good") {
        if let Err(error) = load(&case) {
            panic!("{}: {error}", case.display());
        }
    }
}

#[test]
fn an_unreadable_folder_is_no_diagnostic() {
    let missing = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/missing");
    let error = load(&missing).unwrap_err();
    assert!(matches!(error, LoadError::Io { path, .. } if path == missing));
}

#[test]
fn files_may_come_in_any_order() {
    for kind in ["good", "meaning", "shape", "syntax"] {
        for case in support::cases(kind) {
            let files = support::files(&case);
            let forwards = read(files.clone());
            let backwards = read(files.clone().into_iter().rev());
            assert_eq!(forwards, backwards, "{}", case.display());
            let (odd, even): (Vec<_>, Vec<_>) =
                files.into_iter().enumerate().partition(|(index, _)| index % 2 == 1);
            let mixed = read(odd.into_iter().chain(even).map(|(_, file)| file));
            assert_eq!(forwards, mixed, "{}", case.display());
        }
    }
}
