//! Helpers of the tests: descriptors of cases, generated files, comparisons with expected files.

use std::fs;
use std::path::PathBuf;

use wxpay_codegen::{Output, Target};
use wxpay_spec::SourceFile;
use wxpay_spec::model::Spec;

/// The folder of a case: descriptors, and `expected.rs`.
pub(crate) fn folder(case: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/generate/cases").join(case)
}

/// The descriptors of a case.
pub(crate) fn spec(case: &str) -> Spec {
    wxpay_spec::load(&folder(case)).unwrap_or_else(|error| panic!("{case}: {error}"))
}

/// The real descriptors, which are the library's.
pub(crate) fn real() -> Spec {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../wxpay-spec");
    wxpay_spec::load(&folder).unwrap_or_else(|error| panic!("{error}"))
}

/// Generates the library's output.
pub(crate) fn library(spec: &Spec) -> Output {
    wxpay_codegen::generate(spec, Target::Library).unwrap_or_else(|errors| panic!("{errors}"))
}

/// One file of the library.
pub(crate) fn file(output: &Output, path: &str) -> String {
    let bytes = output.files.get(path).unwrap_or_else(|| {
        panic!("{path} is none of {:?}", output.files.keys().collect::<Vec<_>>())
    });
    String::from_utf8(bytes.clone()).expect("files are UTF-8")
}

/// A descriptor in memory.
pub(crate) fn source(path: &str, text: &str) -> SourceFile {
    SourceFile { path: path.to_owned(), text: text.to_owned() }
}

/// Generates the code for another crate.
fn single_file(spec: &Spec) -> String {
    let output = wxpay_codegen::generate(spec, Target::Crate);
    let mut files = output.unwrap_or_else(|errors| panic!("{errors}")).files;
    String::from_utf8(files.remove("wxpay.rs").expect("it is always there")).expect("it is text")
}

/// Compares the code for another crate with an expected file. `cargo xtask accept` updates the
/// file.
pub(crate) fn compare_with(file: &str, spec: &Spec) {
    let generated = single_file(spec);
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/generate").join(file);
    if std::env::var_os("ACCEPT").is_some() {
        fs::write(&path, &generated).expect("the folder can be written to");
    }
    let expected = fs::read_to_string(&path).unwrap_or_default();
    assert!(generated == expected, "{file}: run `cargo xtask accept` and read the difference");
}
