//! One folder per case: descriptors, and the code for another crate that they become. That code is
//! compiled by the tests in `compiled`.

use std::fs;

use crate::support::{compare_with, folder, spec};

#[test]
fn every_case_is_as_expected() {
    for case in fs::read_dir(folder("")).expect("the folder of cases") {
        let case = case.expect("an entry").file_name().to_string_lossy().into_owned();
        compare_with(&format!("cases/{case}/expected.rs"), &spec(&case));
    }
}
