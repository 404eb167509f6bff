//! What the last `regen` left behind: if nothing changed since, the next one has nothing to do.

use std::collections::BTreeSet;
use std::env;
use std::error::Error;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;

use crate::workspace::{Workspace, files_below, replace};

/// Where the last run is noted. It is a cache: without it, `regen` computes everything.
const NOTE: &str = "target/regen-last-run";

/// What `regen` reads and writes.
const FOLDERS: [&str; 4] = ["docs/reference", "wxpay-api", "wxpay-codegen", "wxpay-spec"];

/// A hash of this program and of all that `regen` reads and writes, with the sentence that the run printed.
#[derive(Debug, Eq, PartialEq)]
pub(crate) struct LastRun {
    state: u64,
    pub(crate) summary: String,
}

impl LastRun {
    /// Returns the last run if everything is as it left it.
    pub(crate) fn still_valid(workspace: &Workspace) -> Option<Self> {
        let note = fs::read_to_string(workspace.path(NOTE)).ok()?;
        let (state, summary) = note.split_once('\n')?;
        let state = state.parse().ok()?;
        let unchanged = state == hash_of(workspace).ok()?;
        unchanged.then(|| Self { state, summary: summary.trim_end().to_owned() })
    }

    /// Notes a run that is done. Without the note, the next run computes everything again.
    pub(crate) fn note(workspace: &Workspace, summary: &str) {
        if let Ok(state) = hash_of(workspace) {
            let _ = replace(&workspace.path(NOTE), format!("{state}\n{summary}\n").as_bytes());
        }
    }
}

/// Hashes the names and the contents of all files. The program itself is one of them.
fn hash_of(workspace: &Workspace) -> Result<u64, Box<dyn Error>> {
    let mut files = BTreeSet::from([env::current_exe()?]);
    for folder in FOLDERS {
        files.extend(
            files_below(&workspace.path(folder))?.into_iter().filter(|path| is_source(path)),
        );
    }
    let mut hasher = DefaultHasher::new();
    for file in files {
        file.hash(&mut hasher);
        fs::read(&file)?.hash(&mut hasher);
    }
    Ok(hasher.finish())
}

/// Returns whether it is a file, and no build output of a nested package.
fn is_source(path: &Path) -> bool {
    path.is_file() && !path.iter().any(|part| part == "target")
}
