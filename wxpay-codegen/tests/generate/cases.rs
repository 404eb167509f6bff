//! Compares the code of each case with the expected code. A case is a folder with descriptors and
//! the expected code for another crate. The tests in `compiled` compile that code.

use std::fs;

use crate::support::{compare_with, folder, spec};

#[test]
fn every_case_is_as_expected() {
    for case in fs::read_dir(folder("")).expect("the folder of cases") {
        let case = case.expect("an entry").file_name().to_string_lossy().into_owned();
        compare_with(&format!("cases/{case}/expected.rs"), &spec(&case));
    }
}
