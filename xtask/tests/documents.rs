//! What the documents say of the code is there.

#![allow(clippy::unwrap_used, reason = "a failed expectation is a failed test")]

use std::fs;
use std::path::{Path, PathBuf};

/// What stands between single back-ticks.
fn code(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

fn wxpay_api() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../wxpay-api")
}

/// Whether a file of tests has a test function of this name.
fn has_test(file: &Path, function: &str) -> bool {
    let Ok(text) = fs::read_to_string(file) else { return false };
    let lines: Vec<_> = text.lines().map(str::trim).collect();
    let is_function = |line: &str| {
        let name = line.trim_start_matches("async ").strip_prefix("fn ");
        name.and_then(|rest| rest.split_once('(')).is_some_and(|(name, _)| name == function)
    };
    lines.iter().position(|line| is_function(line)).is_some_and(|at| {
        let attributes = lines.iter().take(at).rev().take_while(|line| line.starts_with('#'));
        let is_test = |line: &str| line == "#[test]" || line.starts_with("#[tokio::test");
        attributes.into_iter().any(|line| is_test(line))
    })
}

/// What is wrong with a row of the table: what it holds, modules, tests.
fn mistakes(row: &str) -> Vec<String> {
    let cells: Vec<_> = row.trim_matches('|').split(" | ").collect();
    let [_, modules, tests] = cells.as_slice() else { return vec!["not three cells".to_owned()] };
    let root = wxpay_api();
    let modules: Vec<_> = code(modules).collect();
    let tests: Vec<_> = code(tests).collect();
    let mut mistakes = Vec::new();
    if modules.is_empty() || tests.is_empty() {
        mistakes.push("no module or no test".to_owned());
    }
    for module in modules {
        if !root.join("src").join(module).exists() {
            mistakes.push(format!("no module {module}"));
        }
    }
    for test in tests {
        let found = test.split_once("::").is_some_and(|(file, function)| {
            ["tests", "src"].iter().any(|folder| has_test(&root.join(folder).join(file), function))
        });
        if !found {
            mistakes.push(format!("no test {test}"));
        }
    }
    mistakes
}

#[test]
fn the_protocols_table_names_modules_and_tests_that_exist() {
    let text = fs::read_to_string(wxpay_api().join("../docs/protocol.md")).unwrap();
    let is_row = |line: &&str| line.starts_with("| ") && !line.starts_with("| What ");
    let rows: Vec<_> = text.lines().filter(is_row).collect();
    assert!(rows.len() > 100, "{} rows", rows.len());
    let wrong: Vec<_> = rows
        .into_iter()
        .flat_map(|row| mistakes(row).into_iter().map(move |mistake| format!("{mistake}: {row}")))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_is_missing_is_noticed() {
    let module = "`protocol/message.rs`";
    let test = "`protocol/authorization.rs::the_message_ends_every_line`";
    assert!(mistakes(&format!("| Five lines | {module} | {test} |")).is_empty());
    for (modules, tests) in [
        ("", test),
        (module, ""),
        ("`protocol/messages.rs`", test),
        (module, "`protocol/authorization.rs::another`"),
        // A function, but no test.
        (module, "`protocol/authorization.rs::authorization`"),
        (module, "`protocol/another.rs::the_message_ends_every_line`"),
    ] {
        let row = format!("| Five lines | {modules} | {tests} |");
        assert_eq!(mistakes(&row).len(), 1, "{row}");
    }
}
