//! Exports as a person makes them, checked by the tools of others.
//!
//! `.ci/run tools` installs the tools. Without them the checks are skipped, but not where `CI=true`.

#![allow(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a failed expectation is a failed test"
)]

use std::collections::BTreeSet;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;

use tempfile::TempDir;

const LOCK: &str = include_str!("../../.ci/node/package-lock.json");
const LINT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/export/lint.mjs");
const RIGHT: &str = include_str!("export/right.ts");
const WRONG: &str = include_str!("export/wrong.ts");

fn xtask(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command.args(arguments);
    command
}

fn done(command: &mut Command) -> Output {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", text(&output));
    output
}

/// The exported text. Each language is written once for all tests.
fn exported(language: &str) -> &'static str {
    static OPENAPI: OnceLock<String> = OnceLock::new();
    static TYPESCRIPT: OnceLock<String> = OnceLock::new();
    let once = if language == "openapi" { &OPENAPI } else { &TYPESCRIPT };
    once.get_or_init(|| String::from_utf8(done(&mut xtask(&["export", language])).stdout).unwrap())
}

fn text(output: &Output) -> String {
    let streams = [&output.stdout, &output.stderr];
    streams.map(|stream| String::from_utf8_lossy(stream).into_owned()).concat()
}

/// The folder with the pinned tools; `None` if they are not installed, or in other versions.
fn tools(test: &str) -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap().join("tools/node");
    let lock = fs::read_to_string(folder.join("package-lock.json")).unwrap_or_default();
    if lock == LOCK {
        return Some(folder);
    }
    assert!(
        env::var_os("CI").is_none_or(|value| value != "true"),
        "`.ci/run tools` installs what this needs"
    );
    eprintln!("skipped: {test} needs the tools of `.ci/run tools`");
    None
}

#[test]
fn the_openapi_document_is_valid() {
    let Some(tools) = tools("the_openapi_document_is_valid") else { return };
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("openapi.json");
    let document = exported("openapi");
    fs::write(&file, document).unwrap();
    let lint = |file: &Path| Command::new("node").arg(LINT).args([&tools, file]).output().unwrap();
    let output = lint(&file);
    assert!(output.status.success(), "{}", text(&output));
    // The validator looks into what it is given.
    let broken = document.replacen("\"type\": \"integer\"", "\"type\": \"whole\"", 1);
    fs::write(&file, broken).unwrap();
    let output = lint(&file);
    assert!(text(&output).contains("`type` can be one of the following only"), "{}", text(&output));
}

/// Compiles a sample beside the declarations; returns what the compiler says.
fn compile(tools: &Path, sample: &str) -> Output {
    let folder = TempDir::new().unwrap();
    let path = |name: &str| folder.path().join(name);
    fs::write(path("wxpay.d.ts"), exported("typescript")).unwrap();
    fs::write(path("sample.ts"), sample).unwrap();
    let modules = tools.join("node_modules");
    let shown = modules.to_str().unwrap().replace('\\', "/");
    let config = format!(
        r#"{{ "files": ["sample.ts"], "compilerOptions": {{
            "strict": true, "noEmit": true, "target": "es2022", "module": "nodenext",
            "types": ["node"], "typeRoots": ["{shown}/@types"],
            "paths": {{ "axios": ["{shown}/axios"] }} }} }}"#
    );
    fs::write(path("tsconfig.json"), config).unwrap();
    let compiler = modules.join("typescript/bin/tsc");
    Command::new("node").arg(compiler).arg("-p").arg(folder.path()).output().unwrap()
}

#[test]
fn a_sample_with_a_dozen_calls_compiles() {
    let Some(tools) = tools("a_sample_with_a_dozen_calls_compiles") else { return };
    assert!(RIGHT.matches("await wxpay.").count() >= 12);
    let output = compile(&tools, RIGHT);
    assert!(output.status.success(), "{}", text(&output));
}

#[test]
fn each_wrong_call_is_a_mistake_where_it_stands() {
    let Some(tools) = tools("each_wrong_call_is_a_mistake_where_it_stands") else { return };
    let output = compile(&tools, WRONG);
    let told = text(&output);
    let mistakes: BTreeSet<usize> = told
        .lines()
        .filter_map(|line| line.split_once("sample.ts(")?.1.split(',').next()?.parse().ok())
        .collect();
    let lines = WRONG.lines().enumerate();
    // The mistake is in the line behind its comment, and lines count from 1.
    let wrong = lines.filter(|(_, line)| line.starts_with("// wrong")).map(|(at, _)| at + 2);
    assert_eq!(mistakes, wrong.collect(), "{told}");
}

#[test]
fn a_file_gets_what_standard_output_gets() {
    let folder = TempDir::new().unwrap();
    for language in ["openapi", "typescript"] {
        let file = folder.path().join(language);
        let output = done(xtask(&["export", language]).arg(&file));
        assert_eq!(text(&output), "");
        assert!(fs::read_to_string(file).unwrap() == exported(language), "{language}");
    }
}

#[test]
fn a_reader_that_has_seen_enough_is_no_error() {
    let mut child = xtask(&["export", "openapi"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{}", text(&output));
    assert_eq!(text(&output), "");
}

/// `cargo xtask import` of the exported document, over a copy of the same descriptors.
#[test]
fn importing_the_exported_document_writes_no_file() {
    let root = TempDir::new().unwrap();
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join("wxpay-spec");
    for name in ["endpoints", "types", "notifications"] {
        copy(&own.join(name), &root.path().join("wxpay-spec").join(name));
    }
    fs::copy(own.join("families.yaml"), root.path().join("wxpay-spec/families.yaml")).unwrap();
    let file = root.path().join("openapi.json");
    fs::write(&file, exported("openapi")).unwrap();
    let output = done(xtask(&["import"]).arg(&file).arg("--root").arg(root.path()));
    let told = text(&output);
    assert!(
        told.starts_with("0 operations, notifications and types change\n0 files written\n"),
        "{told}"
    );
    assert!(!told.contains("to be looked at"), "{told}");
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        match entry.file_type().unwrap().is_dir() {
            true => copy(&entry.path(), &target),
            false => drop(fs::copy(entry.path(), target).unwrap()),
        }
    }
}
