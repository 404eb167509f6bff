//! Loads a state of the descriptors: a folder, or a revision that git knows.

use std::error::Error;
use std::ffi::OsStr;
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;
use wxpay_spec::model::Spec;

use crate::workspace::Workspace;

/// The folder of the descriptors in a workspace.
const DESCRIPTORS: &str = "wxpay-spec";

/// Loads a descriptor folder, a workspace with one, or the descriptors of a git revision.
pub(super) fn load(workspace: &Workspace, name: &str) -> Result<Spec, Box<dyn Error>> {
    let folder = Path::new(name);
    if !folder.is_dir() {
        return of_revision(workspace, name);
    }
    let inside = folder.join(DESCRIPTORS);
    let folder = if inside.is_dir() { inside } else { folder.to_owned() };
    if !["endpoints", "notifications"].iter().any(|name| folder.join(name).is_dir()) {
        return Err(format!("{name} has no descriptors: expected a folder with `endpoints`").into());
    }
    read(&folder, name)
}

fn read(folder: &Path, name: &str) -> Result<Spec, Box<dyn Error>> {
    let named = |error| format!("{name} has descriptors that this version cannot read:\n{error}");
    Ok(wxpay_spec::load(folder).map_err(named)?)
}

/// Writes the descriptors of a revision to a temporary folder, and loads them.
///
/// An index beside the folder leaves the repository's own index alone.
fn of_revision(workspace: &Workspace, name: &str) -> Result<Spec, Box<dyn Error>> {
    let temporary = TempDir::new()?;
    let index = temporary.path().join("index");
    let folder = temporary.path().join("tree");
    let revision = format!("{name}:{DESCRIPTORS}");
    let parse = ["rev-parse", "--verify", "--quiet", "--end-of-options", &revision];
    let tree = git(workspace, &index, &parse).map_err(|error| {
        let reason = if error.is_empty() { String::new() } else { format!(" ({error})") };
        format!("{name} is neither a folder nor a git revision with a folder {DESCRIPTORS}{reason}")
    })?;
    git(workspace, &index, &["read-tree", tree.trim()])?;
    let prefix = format!("--prefix={}/", folder.display());
    git(workspace, &index, &["checkout-index", "--all", &prefix])?;
    read(&folder, name)
}

/// Runs git in the workspace; returns what it prints, or its complaint.
fn git(
    workspace: &Workspace,
    index: &Path,
    arguments: &[impl AsRef<OsStr>],
) -> Result<String, String> {
    let mut command = Command::new("git");
    command.arg("-C").arg(workspace.path("")).args(arguments).env("GIT_INDEX_FILE", index);
    let output = command.output().map_err(|error| format!("cannot run git: {error}"))?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
    match output.status.success() {
        true => Ok(text(&output.stdout)),
        false => Err(text(&output.stderr)),
    }
}
