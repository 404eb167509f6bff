//! The changelog in words, between folders and between git revisions.

#![allow(clippy::unwrap_used, reason = "a failed expectation is a failed test")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

/// The case folder: `old` and `new` hold descriptors, `expected.md` what is said about them.
const CASE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/diff");

fn diff(root: &Path, old: &str, new: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command.current_dir(root).arg("--root").arg(root).args(["diff", old, new]);
    command
}

fn done(command: &mut Command) -> String {
    let output = command.output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    said
}

fn refused(output: &Output) -> String {
    assert!(!output.status.success());
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn expected() -> String {
    fs::read_to_string(Path::new(CASE).join("expected.md")).unwrap()
}

#[test]
fn everything_that_can_change_is_told_in_words() {
    let told = done(&mut diff(Path::new(CASE), "old", "new"));
    if std::env::var_os("ACCEPT").is_some() {
        fs::write(Path::new(CASE).join("expected.md"), &told).unwrap();
    }
    assert_eq!(told, expected());
}

#[test]
fn the_same_descriptors_have_no_difference() {
    let told = done(&mut diff(Path::new(CASE), "new", "new"));
    assert_eq!(told, "# The API from new to new\n\nNothing changed.\n");
}

/// A repository with the old descriptors at the tag `v1` and the new ones at `HEAD`.
fn repository() -> TempDir {
    let root = TempDir::new().unwrap();
    git(root.path(), &["init", "--quiet"]);
    for (folder, tag) in [("old", "v1"), ("new", "v2")] {
        let descriptors = root.path().join("wxpay-spec");
        drop(fs::remove_dir_all(&descriptors));
        copy(&Path::new(CASE).join(folder), &descriptors);
        git(root.path(), &["add", "--all"]);
        let author = ["-c", "user.name=a", "-c", "user.email=a@shop.example"];
        git(root.path(), &[&author[..], &["commit", "--quiet", "--message", tag]].concat());
        git(root.path(), &["tag", tag]);
    }
    root
}

fn git(root: &Path, arguments: &[&str]) -> String {
    done(Command::new("git").arg("-C").arg(root).args(arguments))
}

fn copy(from: &Path, to: &PathBuf) {
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

#[test]
fn revisions_and_folders_compare_with_each_other() {
    let root = repository();
    let words = |told: String| told.split_once('\n').unwrap().1.to_owned();
    let wanted = words(expected());
    assert_eq!(words(done(&mut diff(root.path(), "v1", "HEAD"))), wanted);
    // A workspace with the descriptors in it.
    assert_eq!(words(done(&mut diff(root.path(), "v2~1", "."))), wanted);
    // Nothing is left behind, and git's own index is as before.
    assert_eq!(git(root.path(), &["status", "--porcelain"]), "");
}

#[test]
fn what_is_neither_a_folder_nor_a_revision_is_refused() {
    let root = repository();
    let said = refused(&diff(root.path(), "v0", "HEAD").output().unwrap());
    assert_eq!(said, "v0 is neither a folder nor a git revision with a folder wxpay-spec\n");
    let said = refused(&diff(root.path(), "--output=x", "HEAD").output().unwrap());
    assert!(said.contains("unexpected argument"), "{said}");
    fs::create_dir(root.path().join("empty")).unwrap();
    let said = refused(&diff(root.path(), "v1", "empty").output().unwrap());
    assert!(said.starts_with("empty has no descriptors"), "{said}");
    fs::write(root.path().join("wxpay-spec/endpoints/v3/shop/orders.yaml"), "path: 1\n").unwrap();
    let said = refused(&diff(root.path(), "v1", ".").output().unwrap());
    assert!(said.contains("this version cannot read:\nendpoints/v3/shop/orders.yaml:1"), "{said}");
}

#[test]
fn a_reader_that_has_seen_enough_is_no_error() {
    let mut command = diff(Path::new(CASE), "old", "new");
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success() && output.stderr.is_empty());
}
