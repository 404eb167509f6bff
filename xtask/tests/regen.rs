//! The tasks as a person runs them, on a workspace of their own.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a failed expectation is a failed test"
)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

const MANIFEST: &str = r#"[package]
name = "wxpay-api"

[features]
# What a merchant with ordinary payments needs.
default = []
# Hand-written, and to be left alone.
sandbox = ["dep:hyper"]
full = ["gone"]
gone = []

[dependencies]
serde = "1"
"#;

const CANCEL: &str = r#"path: /v3/payscore/serviceorder/{out_order_no}/cancel
post:
  title: 取消支付分订单
  repeat: out_order_no
  path:
    out_order_no: { type: string, title: 商户服务订单号 }
  request:
    reason: { type: string, title: 取消原因, example: 用户投诉 }
  response:
    order_id: { type: string, title: 微信支付服务订单号, example: "15646546545165651651" }
"#;

const CANCEL_FILE: &str =
    "wxpay-spec/endpoints/v3/payscore/serviceorder/{out_order_no}/cancel.yaml";
const CANCEL_CODE: &str =
    "wxpay-api/src/generated/v3/payscore/serviceorder/_out_order_no_/cancel.rs";

const CANCEL_PAGE: &str = "docs/reference/v3/payscore/serviceorder/_out_order_no_/cancel.post.md";

/// A workspace in a temporary folder.
struct Root(TempDir);

impl Root {
    fn new() -> Self {
        let root = Self(TempDir::new().unwrap());
        root.write("wxpay-api/Cargo.toml", MANIFEST);
        root.write(CANCEL_FILE, CANCEL);
        root.write("wxpay-spec/families.yaml", "payscore: { title: 微信支付分, default: true }\n");
        root
    }

    fn path(&self, relative: &str) -> PathBuf {
        self.0.path().join(relative)
    }

    fn write(&self, relative: &str, text: &str) {
        let path = self.path(relative);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn read(&self, relative: &str) -> String {
        fs::read_to_string(self.path(relative)).unwrap()
    }

    fn run(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
        command.arg("--root").arg(self.0.path()).args(arguments).output().unwrap()
    }

    /// Every file but the descriptors, with its content.
    fn files(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        fn collect(folder: &Path, files: &mut BTreeMap<PathBuf, Vec<u8>>) {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                match path.is_dir() {
                    true => collect(&path, files),
                    false => drop(files.insert(path.clone(), fs::read(&path).unwrap())),
                }
            }
        }
        let mut files = BTreeMap::new();
        collect(self.0.path(), &mut files);
        files
    }
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn succeed(output: Output) -> String {
    assert!(output.status.success(), "{}{}", stdout(&output), stderr(&output));
    stdout(&output)
}

fn fail(output: Output) -> String {
    assert!(!output.status.success(), "{}", stdout(&output));
    stderr(&output)
}

#[test]
fn regen_writes_everything_once_and_then_nothing() {
    let root = Root::new();
    let first = succeed(root.run(&["regen"]));
    assert!(first.starts_with("1 operations, "), "{first}");
    assert!(first.contains(" 0 unchanged, 0 removed in "), "{first}");
    assert!(root.read(CANCEL_CODE).contains("pub struct Cancel"));
    let files = root.files();
    let second = succeed(root.run(&["regen"]));
    assert!(second.contains("nothing changed since the last run"), "{second}");
    assert_eq!(root.files(), files);
    succeed(root.run(&["regen", "--check"]));
    fs::remove_dir_all(root.path("target")).unwrap();
    let third = succeed(root.run(&["regen"]));
    assert!(third.contains(": 0 files written, "), "{third}");
    assert_eq!(root.files(), files);
}

#[test]
fn regen_sees_every_change_since_its_last_run() {
    let root = Root::new();
    succeed(root.run(&["regen"]));
    for file in [CANCEL_FILE, CANCEL_CODE, CANCEL_PAGE, "wxpay-api/Cargo.toml"] {
        let text = root.read(file);
        root.write(file, &format!("{text}\n"));
        let next = succeed(root.run(&["regen"]));
        assert!(next.contains(" files written, "), "{file}: {next}");
    }
    root.write("wxpay-api/src/generated/mine.rs", "// by hand\n");
    for _ in 0..2 {
        assert!(stderr(&root.run(&["regen"])).contains("not generated, left as it is"));
    }
}

#[test]
fn the_manifest_gets_the_families_and_keeps_the_rest() {
    let root = Root::new();
    succeed(root.run(&["regen"]));
    let manifest = root.read("wxpay-api/Cargo.toml");
    assert!(manifest.contains("default = [\"payscore\"]"), "{manifest}");
    assert!(manifest.contains("# 微信支付分\npayscore = []"), "{manifest}");
    assert!(manifest.contains("# Hand-written, and to be left alone.\nsandbox = [\"dep:hyper\"]"));
    assert!(!manifest.contains("gone"), "{manifest}");
}

#[test]
fn the_librarys_root_declares_the_generated_modules() {
    let root = Root::new();
    root.write("wxpay-api/src/lib.rs", "mod client;\n");
    let errors = fail(root.run(&["regen"]));
    assert!(errors.contains("wxpay-api/src/lib.rs lacks the line"), "{errors}");
    root.write(
        "wxpay-api/src/lib.rs",
        "// Generated modules. `cargo xtask regen` writes these lines.\n\
         #[path = \"generated/gone/mod.rs\"]\npub mod gone;\n\
         // The end of the generated modules.\n",
    );
    let errors = fail(root.run(&["regen", "--check"]));
    assert!(errors.contains("stale: wxpay-api/src/lib.rs"), "{errors}");
    succeed(root.run(&["regen"]));
    let lib = root.read("wxpay-api/src/lib.rs");
    assert!(lib.contains("#[path = \"generated/v3/mod.rs\"]\npub mod v3;"), "{lib}");
    assert!(!lib.contains("gone"), "{lib}");
    assert!(root.path("wxpay-api/src/generated/v3/mod.rs").exists());
    succeed(root.run(&["regen", "--check"]));
}

#[test]
fn check_names_every_stale_missing_and_extra_file_and_writes_nothing() {
    let root = Root::new();
    succeed(root.run(&["regen"]));
    let cancel = root.read(CANCEL_CODE);
    root.write(CANCEL_CODE, &cancel.replace("pub struct Cancel", "pub struct Changed"));
    fs::remove_file(root.path("wxpay-api/src/generated/v3/mod.rs")).unwrap();
    root.write("wxpay-api/src/generated/v3/old.rs", &cancel);
    root.write("wxpay-api/src/generated/v3/mine.rs", "// by hand\n");
    let before = root.files();
    let errors = fail(root.run(&["regen", "--check"]));
    for line in [
        &format!("stale: {CANCEL_CODE}"),
        "missing: wxpay-api/src/generated/v3/mod.rs",
        "extra: wxpay-api/src/generated/v3/old.rs",
        "not generated: wxpay-api/src/generated/v3/mine.rs",
        "run `cargo xtask regen` and commit the result",
    ] {
        assert!(errors.contains(line), "{line} is not in:\n{errors}");
    }
    assert_eq!(root.files(), before);
}

#[test]
fn the_program_gets_its_catalogue_where_there_is_one() {
    const CATALOGUE: &str = "wxpay-api/cli/src/catalogue/catalogue.jsonl.gz";
    let root = Root::new();
    succeed(root.run(&["regen"]));
    assert!(!root.path(CATALOGUE).exists());
    root.write("wxpay-api/cli/Cargo.toml", "[package]\n");
    let missing = fail(root.run(&["regen", "--check"]));
    assert!(missing.contains(&format!("missing: {CATALOGUE}")), "{missing}");
    succeed(root.run(&["regen"]));
    assert!(fs::read(root.path(CATALOGUE)).unwrap().starts_with(&[0x1f, 0x8b]));
    root.write(CANCEL_FILE, &CANCEL.replace("用户投诉", "不想要了"));
    let stale = fail(root.run(&["regen", "--check"]));
    assert!(stale.contains(&format!("stale: {CATALOGUE}")), "{stale}");
}

#[test]
fn only_what_the_generator_wrote_is_deleted() {
    let root = Root::new();
    succeed(root.run(&["regen"]));
    root.write("wxpay-api/src/generated/v3/old/deep.rs", &root.read(CANCEL_CODE));
    root.write("wxpay-api/src/generated/v3/mine.rs", "// by hand\n");
    let output = root.run(&["regen"]);
    assert!(stderr(&output).contains("not generated, left as it is"));
    assert!(succeed(output).contains(" 1 removed "));
    assert!(!root.path("wxpay-api/src/generated/v3/old").exists());
    assert!(root.path("wxpay-api/src/generated/v3/mine.rs").exists());
}

#[test]
fn pages_of_the_reference_come_and_go_with_their_operations() {
    let root = Root::new();
    succeed(root.run(&["regen"]));
    assert!(root.read(CANCEL_PAGE).contains("# 取消支付分订单"));
    assert!(root.read("docs/reference/by-url.md").contains("cancel.post.md"));
    assert!(root.read("wxpay-api/tests/reference/samples.rs").contains(".reason(\"用户投诉\")"));
    root.write("docs/reference/mine.md", "# By hand\n");
    root.write("docs/reference/v3/old/gone.get.md", &root.read(CANCEL_PAGE));
    let errors = fail(root.run(&["regen", "--check"]));
    assert!(errors.contains("extra: docs/reference/v3/old/gone.get.md"), "{errors}");
    assert!(errors.contains("not generated: docs/reference/mine.md"), "{errors}");
    assert!(succeed(root.run(&["regen"])).contains(" 1 removed "));
    assert!(!root.path("docs/reference/v3/old").exists());
    assert!(root.path("docs/reference/mine.md").exists());
}

#[test]
fn a_hand_written_file_in_the_way_stops_the_run_before_it_writes() {
    let root = Root::new();
    root.write(CANCEL_CODE, "// by hand\n");
    let before = root.files();
    let errors = fail(root.run(&["regen"]));
    assert!(errors.contains(&format!("{CANCEL_CODE} is in the way")), "{errors}");
    assert_eq!(root.files(), before);
}

#[test]
fn after_an_interruption_the_next_run_completes() {
    let root = Root::new();
    succeed(root.run(&["regen"]));
    let whole = root.files();
    // What a run leaves that is killed half-way: files that are not there yet, and one half written.
    fs::remove_file(root.path(CANCEL_CODE)).unwrap();
    root.write("wxpay-api/src/generated/v3/.regen-4Fx1", "// Generated by");
    root.write("wxpay-api/.regen-9kQ2", "[package]");
    fail(root.run(&["regen", "--check"]));
    succeed(root.run(&["regen"]));
    assert_eq!(root.files(), whole);
}

#[test]
fn mistakes_are_reported_all_at_once_and_nothing_is_written() {
    let root = Root::new();
    root.write(CANCEL_FILE, &CANCEL.replace("title: 取消原因", "titel: 取消原因"));
    root.write("wxpay-spec/endpoints/v3/payscore/other.yaml", "path: /v3/payscore/another\n");
    let before = root.files();
    for task in [&["regen"][..], &["regen", "--check"], &["check"]] {
        let errors = fail(root.run(task));
        assert!(errors.contains("cancel.yaml:8:"), "{errors}");
        assert!(errors.contains("titel"), "{errors}");
        assert!(errors.contains("other.yaml:1:"), "{errors}");
    }
    assert_eq!(root.files(), before);
}

#[test]
fn a_change_that_breaks_callers_is_announced() {
    let root = Root::new();
    let first = root.run(&["regen"]);
    assert!(!stderr(&first).contains("breaking"));
    root.write(CANCEL_FILE, &CANCEL.replace("reason:", "why:"));
    let changed = root.run(&["regen"]);
    assert!(stderr(&changed).contains("breaking, gone or changed: "), "{}", stderr(&changed));
    assert!(stderr(&changed).contains("reason"), "{}", stderr(&changed));
    root.write(
        CANCEL_FILE,
        &CANCEL.replace("  response:", "    note?: { type: string }\n  response:"),
    );
    succeed(root.run(&["regen"]));
    root.write(
        CANCEL_FILE,
        &CANCEL.replace(
            "  response:",
            "    note?: { type: string }\n    more?: { type: string }\n  response:",
        ),
    );
    let added = root.run(&["regen"]);
    assert!(!stderr(&added).contains("breaking"), "{}", stderr(&added));
}

#[test]
fn an_input_that_turns_optional_breaks_no_caller_who_builds() {
    let root = Root::new();
    succeed(root.run(&["regen"]));
    root.write(CANCEL_FILE, &CANCEL.replace("reason:", "reason?:"));
    let changed = stderr(&root.run(&["regen"]));
    assert!(changed.contains("write `closure: kept` into its descriptor"), "{changed}");

    let root = Root::new();
    succeed(root.run(&["regen"]));
    let kept = CANCEL
        .replace("reason:", "reason?:")
        .replace("  response:", "  closure: kept\n  response:");
    root.write(CANCEL_FILE, &kept);
    let changed = stderr(&root.run(&["regen"]));
    let told: Vec<&str> = changed.lines().filter(|line| line.contains("breaking")).collect();
    let [told] = told.as_slice() else { panic!("{changed}") };
    assert!(told.contains("not for building") && told.contains("reason: String"), "{told}");
    assert!(
        root.read(CANCEL_CODE).contains("impl ::core::ops::FnOnce(post::Request) -> post::Request")
    );
}

#[test]
fn a_new_descriptor_is_unfinished_and_has_no_mistake() {
    let root = Root::new();
    for (method, path) in [
        ("POST", "/v3/payscore/permissions"),
        ("get", "/v3/payscore/permissions/{authorization_code}"),
        ("DELETE", "/v3/payscore/permissions/{authorization_code}"),
        ("POST", "/v3/applyment4sub/applyment/"),
    ] {
        let said = succeed(root.run(&["new", method, path]));
        assert!(said.contains("wxpay-spec/endpoints/v3/"), "{said}");
        assert!(said.contains("cargo xtask check"), "{said}");
    }
    let said = fail(root.run(&["check"]));
    let verdict = said.lines().last().unwrap_or_default();
    assert!(verdict.starts_with("4 URLs, 5 operations"), "{said}");
    assert!(verdict.contains("still as `cargo xtask new` wrote them"), "{said}");
    assert!(said.contains("unfinished: POST /v3/payscore/permissions request.mchid"), "{said}");
    succeed(root.run(&["regen"]));
}

#[test]
fn a_check_ends_with_its_verdict() {
    let root = Root::new();
    let said = succeed(root.run(&["check"]));
    assert!(
        said.ends_with("1 URLs, 1 operations, 0 named types, 0 notifications: all correct\n"),
        "{said}"
    );
}

/// A folder with descriptors alone, without a workspace around them.
fn bare() -> Root {
    let root = Root(TempDir::new().unwrap());
    let below = CANCEL_FILE.strip_prefix("wxpay-spec/").unwrap();
    root.write(below, CANCEL);
    root
}

#[test]
fn tasks_work_on_a_descriptor_folder_alone() {
    let root = bare();
    assert!(succeed(root.run(&["check"])).ends_with("all correct\n"));
    succeed(root.run(&["tidy"]));
    let said = succeed(root.run(&["new", "GET", "/v3/payscore/state"]));
    assert!(said.starts_with("endpoints/v3/payscore/state.yaml: fill in"), "{said}");
    assert!(root.path("endpoints/v3/payscore/state.yaml").exists());
}

#[test]
fn regen_says_what_a_folder_lacks() {
    let said = fail(bare().run(&["regen"]));
    assert!(said.contains("wxpay-api/Cargo.toml") && said.contains("descriptors only"), "{said}");
    let empty = Root(TempDir::new().unwrap());
    for task in [&["regen"][..], &["check"], &["tidy"]] {
        let said = fail(empty.run(task));
        assert!(said.contains("has no descriptors: expected a folder `endpoints`"), "{said}");
    }
}

#[test]
fn regen_refuses_descriptors_without_which_the_library_does_not_compile() {
    let root = Root::new();
    root.write("wxpay-api/src/client/self_test/mod.rs", "");
    let before = root.files();
    let said = fail(root.run(&["regen"]));
    assert!(said.contains("POST /v3/security/echo"), "{said}");
    assert!(said.contains("GET /v3/payscore/merchant-bill"), "{said}");
    assert_eq!(root.files(), before);
}

#[test]
fn a_reader_that_stops_early_does_no_harm() {
    let root = Root::new();
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command.arg("--root").arg(root.0.path()).arg("check");
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    command.stdout(writer.try_clone().unwrap()).stderr(writer);
    assert!(command.status().unwrap().success());
}

#[test]
fn a_descriptor_is_never_overwritten_and_odd_paths_are_refused() {
    let root = Root::new();
    let path = "/v3/payscore/serviceorder/{out_order_no}/cancel";
    assert!(fail(root.run(&["new", "POST", path])).contains("already describes post"));
    assert_eq!(root.read(CANCEL_FILE), CANCEL);
    for path in ["v3/payscore", "/v3//x", "/v3/../x", "/v3/x?y=1", "/v3/{x", "/"] {
        let errors = fail(root.run(&["new", "GET", path]));
        assert!(errors.contains("is not a path"), "{path}: {errors}");
    }
}
