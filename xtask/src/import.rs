//! `import`: reads a document and merges it into the descriptors.

use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use wxpay_spec::import::{
    ImportError, Imported, Merged, Proposal, Remark, changes, merge, propose, read_openapi,
    read_page, read_proposals, share, unknown_events, write_proposals,
};
use wxpay_spec::model::{Families, Spec};
use wxpay_spec::{Diagnostics, SourceFile, write};

use crate::tidy::comments;
use crate::workspace::{Workspace, replace};

/// What to import, and how far to go.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// An OpenAPI 3.x document (JSON or YAML), or a documentation page of the community's site (`.md`).
    file: PathBuf,
    /// Writes no descriptor; prints what would change, operation by operation and field by field.
    #[arg(long)]
    dry_run: bool,
    /// Writes proposals for shared types to this file, to be edited and accepted.
    #[arg(long, value_name = "FILE")]
    propose: Option<PathBuf>,
    /// Makes the shared types of this file, which `--propose` wrote and a person edited.
    #[arg(long, value_name = "FILE")]
    accept: Option<PathBuf>,
}

/// Imports a document into the descriptors.
pub(crate) fn run(workspace: &Workspace, arguments: &Arguments) -> Result<(), Box<dyn Error>> {
    let before = wxpay_spec::load(&workspace.descriptors())?;
    let imported = read(&arguments.file, &before.families)?;
    let Merged { spec, mut remarks, outdated } = merge(&before, &imported);
    refuse_outdated(&outdated)?;
    remarks.extend(imported.remarks.iter().cloned());
    let after = match &arguments.accept {
        Some(file) => {
            let (shared, unshared) = share(&spec, &accepted(file)?);
            remarks.extend(unshared);
            shared
        }
        None => spec,
    };
    report_changes(&before, &after, arguments.dry_run);
    let wanted = rewritten(&before, &after);
    let checked = check(&wanted, &after);
    remarks.extend(lost_comments(workspace, &wanted));
    if !arguments.dry_run {
        for (place, text) in &wanted {
            replace(&workspace.descriptors().join(place), text.as_bytes())?;
        }
        println!("{} files written", wanted.len());
    }
    report_proposals(&after, arguments.propose.as_deref())?;
    let what = "not described: add it to a notification, or to `events` of its family";
    let unknown = unknown_events(&after, &imported).into_iter();
    remarks.extend(unknown.map(|event| Remark { place: event, what: what.to_owned() }));
    report_remarks(&remarks);
    checked.map_err(Into::into)
}

/// Reads an OpenAPI document, or a page if the file ends in `.md`.
pub(crate) fn read(file: &Path, families: &Families) -> Result<Imported, Box<dyn Error>> {
    let shown = file.display();
    let text = fs::read_to_string(file).map_err(|error| format!("cannot read {shown}: {error}"))?;
    let imported = match file.extension().is_some_and(|extension| extension == "md") {
        true => read_page(&text, families),
        false => read_openapi(&text, families),
    };
    Ok(imported.map_err(|error| at(file, &error))?)
}

fn accepted(file: &Path) -> Result<Vec<Proposal>, Box<dyn Error>> {
    let shown = file.display();
    let text = fs::read_to_string(file).map_err(|error| format!("cannot read {shown}: {error}"))?;
    Ok(read_proposals(&text).map_err(|error| at(file, &error))?)
}

fn at(file: &Path, error: &ImportError) -> String {
    let joint = if error.at.is_some() { ":" } else { ": " };
    format!("{}{joint}{error}", file.display())
}

fn refuse_outdated(outdated: &[Remark]) -> Result<(), String> {
    if outdated.is_empty() {
        return Ok(());
    }
    let lines: Vec<String> = outdated.iter().map(Remark::to_string).collect();
    Err(format!("{}\nnothing was written", lines.join("\n")))
}

fn report_changes(before: &Spec, after: &Spec, in_full: bool) {
    let changes = changes(before, after);
    for change in &changes {
        match in_full {
            true => println!("{change}\n"),
            false => println!("{}: {} changes", change.place, change.lines.len()),
        }
    }
    println!("{} operations, notifications and types change", changes.len());
}

/// The files whose model changes. A descriptor with the same model keeps its text.
fn rewritten(before: &Spec, after: &Spec) -> BTreeMap<String, String> {
    let known = write::files(before);
    let wanted = write::files(after).into_iter();
    wanted.filter(|(place, text)| known.get(place) != Some(text)).collect()
}

/// Checks the files as `cargo xtask check` will do once they are written.
fn check(rewritten: &BTreeMap<String, String>, after: &Spec) -> Result<(), Diagnostics> {
    if rewritten.is_empty() {
        return Ok(());
    }
    let files = write::files(after).into_iter();
    wxpay_spec::read(files.map(|(path, text)| SourceFile { path, text })).map(drop)
}

/// Finds the comments that are lost, because the canonical layout has none.
fn lost_comments(workspace: &Workspace, rewritten: &BTreeMap<String, String>) -> Vec<Remark> {
    let mut lost = Vec::new();
    for place in rewritten.keys() {
        let text = fs::read_to_string(workspace.descriptors().join(place)).unwrap_or_default();
        lost.extend(comments(&text).into_iter().map(|(line, comment)| Remark {
            place: format!("{place}:{line}"),
            what: format!("a comment is lost, write it in a `note`: {comment}"),
        }));
    }
    lost
}

/// Writes proposals for shared types to a file, for a person to edit.
fn report_proposals(spec: &Spec, file: Option<&Path>) -> Result<(), Box<dyn Error>> {
    let Some(file) = file else {
        println!("`--propose FILE` writes proposals for shared types");
        return Ok(());
    };
    let proposals = propose(spec);
    let places: usize = proposals.iter().map(Proposal::places).sum();
    fs::write(file, write_proposals(&proposals))
        .map_err(|error| format!("cannot write {}: {error}", file.display()))?;
    println!("{} shared types for {places} places proposed in {}", proposals.len(), file.display());
    Ok(())
}

fn report_remarks(remarks: &[Remark]) {
    if !remarks.is_empty() {
        println!("\nto be looked at:");
        remarks.iter().for_each(|remark| println!("  {remark}"));
    }
}
