//! Code that must not compile, and the compiler's errors.
//!
//! The compiler is called with the library as cargo built it for these tests: a second build of it would take longer than
//! all of them. `INSTA_UPDATE=always` accepts the compiler's present output.

#![cfg(all(feature = "pay", feature = "payscore", feature = "refund"))]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a failed expectation is a failed test"
)]

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::LazyLock;

use serde_json::Value;

/// The library, which cargo has already built. Asks cargo for its place.
static LIBRARY: LazyLock<PathBuf> = LazyLock::new(|| {
    let output = Command::new(env!("CARGO"))
        .args(["test", "--workspace", "--all-features", "--test", "compile_fail", "--no-run"])
        .args(["--quiet", "--message-format", "json"])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let messages = String::from_utf8(output.stdout).unwrap();
    let library = messages
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .filter(|message| message["reason"] == "compiler-artifact")
        .filter(|message| message["target"]["name"] == "wxpay_api")
        .flat_map(|message| message["filenames"].as_array().cloned().unwrap_or_default())
        .filter_map(|file| file.as_str().map(PathBuf::from))
        .find(|file| file.extension().is_some_and(|extension| extension == "rlib"));
    library.unwrap()
});

/// The compiler's output for a file of `compile_fail`.
fn compile(file: &str) -> Output {
    let dependencies = LIBRARY.parent().unwrap().display();
    Command::new("rustc")
        .args(["--edition", "2024", "--crate-type", "bin", "--emit", "metadata"])
        .args(["--verbose", "--color", "never", "--diagnostic-width", "140", "--out-dir"])
        .arg(env!("CARGO_TARGET_TMPDIR"))
        .arg(format!("-Ldependency={dependencies}"))
        .arg(format!("--extern=wxpay_api={}", LIBRARY.display()))
        .arg(file)
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(".."))
        .output()
        .unwrap()
}

/// The errors without the summary that ends every failure.
fn errors(stderr: &[u8]) -> String {
    let text = String::from_utf8_lossy(stderr);
    let is_summary = |line: &&str| {
        line.starts_with("error: aborting due to") || line.starts_with("For more information")
    };
    let lines: Vec<_> = text.lines().filter(|line| !is_summary(line)).collect();
    format!("{}\n", lines.join("\n").trim_end())
}

#[track_caller]
fn fails_as_expected(name: &str) {
    let output = compile(&format!("tests/compile_fail/{name}.rs"));
    let errors = errors(&output.stderr);
    assert!(!output.status.success(), "{name} compiles");
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("compile_fail/{name}.stderr"));
    if env::var_os("INSTA_UPDATE").is_some_and(|value| value == "always") {
        fs::write(&file, &errors).unwrap();
    }
    let expected = fs::read_to_string(&file).unwrap();
    assert!(errors == expected, "{name}: expected\n\n{expected}\nfound\n\n{errors}");
}

#[test]
fn a_forgotten_required_field_is_named() {
    fails_as_expected("forgotten_amount");
    fails_as_expected("forgotten_reason");
    fails_as_expected("forgotten_service_id");
}

#[test]
fn the_result_of_a_comparison_must_be_used() {
    fails_as_expected("unused_match");
}

#[test]
fn what_is_right_compiles() {
    let output = compile("tests/compile_fail/right.rs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
