//! Accepts every kind of snapshot at once: generated files, listings, insta, the compiler's words, expected diagnostics and code.

use std::collections::BTreeSet;
use std::env;
use std::error::Error;
use std::fs;
use std::path::Path;
use std::process::Command;

use crate::output::say;
use crate::regen;
use crate::workspace::Workspace;

/// The crates whose tests compare with files.
const CRATES: [&str; 3] = ["wxpay-spec", "wxpay-codegen", "wxpay-api"];

/// What marks a test that does.
const MARKS: [&str; 3] = ["insta::", "\"INSTA_UPDATE\"", "\"ACCEPT\""];

/// The variables that make it write the file instead.
const VARIABLES: [(&str, &str); 2] = [("INSTA_UPDATE", "always"), ("ACCEPT", "1")];

/// Writes everything anew that can be told from the sources.
pub(crate) fn run(workspace: &Workspace) -> Result<(), Box<dyn Error>> {
    regen::write(workspace)?;
    let mut tests = BTreeSet::new();
    for name in CRATES {
        let folder = workspace.path(&format!("{name}/tests"));
        for entry in fs::read_dir(&folder).map_err(|e| format!("{}: {e}", folder.display()))? {
            let path = entry?.path();
            let is_test =
                path.join("main.rs").exists() || path.extension().is_some_and(|e| e == "rs");
            if is_test && compares(&path)? {
                tests.extend(path.file_stem().map(|name| name.to_string_lossy().into_owned()));
            }
        }
    }
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    // The features of the ordinary test command, so that nothing is built for this alone.
    command.current_dir(workspace.path("")).args(["test", "--quiet", "--workspace"]);
    command.args(["--all-features", "--no-fail-fast"]);
    command.args(tests.iter().flat_map(|test| ["--test", test.as_str()]));
    command.envs(VARIABLES);
    let status = command.status()?;
    say!("Read the difference before it is committed: git diff");
    match status.success() {
        true => Ok(()),
        false => Err("what still fails compares with no file: mend it by hand".into()),
    }
}

/// Whether a test, a file or a folder, compares with files.
fn compares(path: &Path) -> Result<bool, Box<dyn Error>> {
    if path.is_dir() {
        for entry in fs::read_dir(path)? {
            if compares(&entry?.path())? {
                return Ok(true);
            }
        }
        return Ok(false);
    }
    if path.extension().is_none_or(|extension| extension != "rs") {
        return Ok(false);
    }
    let text = fs::read_to_string(path)?;
    Ok(MARKS.iter().any(|mark| text.contains(mark)))
}
