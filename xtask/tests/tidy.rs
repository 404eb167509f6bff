//! The canonical layout of descriptors, through the command.

#![allow(clippy::unwrap_used, reason = "a failed expectation is a failed test")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;

const FILE: &str = "wxpay-spec/endpoints/v3/shop.yaml";
const UNTIDY: &str = "path: '/v3/shop'
get:
  title: \"店 # 一\"
  response:
    id: {type: string, example: 'a #b'}
";
const TIDY: &str = "path: /v3/shop
get:
  title: '店 # 一'
  response:
    id: { type: string, example: 'a #b' }
";

fn run(root: &Path, task: &str) -> (Output, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    let output = command.arg("--root").arg(root).arg(task).output().unwrap();
    let said = [output.stdout.clone(), output.stderr.clone()].concat();
    (output, String::from_utf8(said).unwrap())
}

fn root(text: &str) -> TempDir {
    let root = TempDir::new().unwrap();
    let file = root.path().join(FILE);
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(file, text).unwrap();
    root
}

#[test]
fn tidy_gives_the_layout_that_check_asks_for() {
    let root = root(UNTIDY);
    let (_, said) = run(root.path(), "check");
    assert!(said.contains("endpoints/v3/shop.yaml is not in the canonical layout"), "{said}");
    let (output, said) = run(root.path(), "tidy");
    assert!(output.status.success(), "{said}");
    assert_eq!(said, "1 files written\n");
    let text = fs::read_to_string(root.path().join(FILE)).unwrap();
    assert_eq!(text.replace('"', "'"), TIDY);
    assert_eq!(run(root.path(), "tidy").1, "0 files written\n");
    assert!(!run(root.path(), "check").1.contains("canonical"));
}

#[test]
fn comments_are_never_lost() {
    let commented = UNTIDY.replace("get:", "# above\nget: # beside");
    let root = root(&commented);
    let (output, said) = run(root.path(), "tidy");
    assert!(!output.status.success());
    assert!(
        said.contains("shop.yaml:2: the comment would be lost, write it in a `note`: # above\n"),
        "{said}"
    );
    assert!(
        said.contains("shop.yaml:3: the comment would be lost, write it in a `note`: # beside\n"),
        "{said}"
    );
    assert_eq!(said.matches("would be lost").count(), 2, "{said}");
    assert_eq!(fs::read_to_string(root.path().join(FILE)).unwrap(), commented);
}
