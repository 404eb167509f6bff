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

use crate::output::say;
use crate::tidy::comments;
use crate::workspace::{Workspace, replace};

/// What to import, and how far to go.
#[derive(clap::Args)]
pub(crate) struct ImportArguments {
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
    /// Makes what the document says of an operation's purpose the operation's `note`, where it has none.
    #[arg(long)]
    notes: bool,
    /// Lists the operations, fields and values that the descriptors have and the document lacks.
    #[arg(long)]
    absent: bool,
}

/// Imports a document into the descriptors.
pub(crate) fn run(
    workspace: &Workspace,
    arguments: &ImportArguments,
) -> Result<(), Box<dyn Error>> {
    let before = workspace.load()?;
    let mut imported = read(&arguments.file, &before.families)?;
    let descriptions = imported.descriptions.len();
    if arguments.notes {
        imported.take_descriptions();
    }
    let Merged { spec, mut remarks, outdated, absent } = merge(&before, &imported);
    refuse_outdated(&outdated)?;
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
    // A person finishes a document's files, but a page that does not fit is of no use.
    let is_refused = checked.is_err() && !imported.is_whole;
    if is_refused {
        say!("nothing was written");
    } else if !arguments.dry_run {
        for (place, text) in &wanted {
            replace(&workspace.descriptors().join(place), text.as_bytes())?;
        }
        say!("{} files written", wanted.len());
    }
    report_proposals(&after, arguments.propose.as_deref())?;
    let what = "not described: add it to a notification, or to `events` of its family";
    let unknown = unknown_events(&after, &imported).into_iter();
    remarks.extend(unknown.map(|place| Remark { at: None, place, what: what.to_owned() }));
    report_remarks(&arguments.file, &imported.remarks, &remarks);
    report_absent(&absent, arguments.absent);
    if descriptions > 0 && !arguments.notes {
        say!("\n{descriptions} descriptions were left out: `--notes` makes them notes");
    }
    checked.map_err(Into::into)
}

/// Reads an OpenAPI document, or a page if the file ends in `.md`.
pub(crate) fn read(file: &Path, families: &Families) -> Result<Imported, Box<dyn Error>> {
    let text = text(file)?;
    let imported = match file.extension().is_some_and(|extension| extension == "md") {
        true => read_page(&text, families),
        false => read_openapi(&text, families),
    };
    Ok(imported.map_err(|error| at(file, &error))?)
}

/// The largest document that is read into memory, in bytes.
const LARGEST: u64 = 64 * 1024 * 1024;

/// Reads a file as UTF-8.
fn text(file: &Path) -> Result<String, String> {
    let shown = file.display();
    let failed = |error| format!("cannot read {shown}: {error}");
    let length = fs::metadata(file).map_err(failed)?.len();
    if length > LARGEST {
        return Err(format!("{shown}: too large: {length} bytes, at most {LARGEST} are read"));
    }
    String::from_utf8(fs::read(file).map_err(failed)?).map_err(|error| {
        let valid = error.as_bytes().get(..error.utf8_error().valid_up_to()).unwrap_or_default();
        let valid = String::from_utf8_lossy(valid);
        let line = valid.matches('\n').count() + 1;
        let column = valid.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        format!("{shown}:{line}:{column}: not UTF-8: save the file as UTF-8")
    })
}

fn accepted(file: &Path) -> Result<Vec<Proposal>, Box<dyn Error>> {
    Ok(read_proposals(&text(file)?).map_err(|error| at(file, &error))?)
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
            true => say!("{change}\n"),
            false => say!("{}: {} changes", change.place, change.lines.len()),
        }
    }
    say!("{} operations, notifications and types change", changes.len());
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
            at: None,
            place: format!("{place}:{line}"),
            what: format!("a comment is lost, write it in a `note`: {comment}"),
        }));
    }
    lost
}

/// Writes proposals for shared types to a file, for a person to edit.
fn report_proposals(spec: &Spec, file: Option<&Path>) -> Result<(), Box<dyn Error>> {
    let Some(file) = file else {
        say!("`--propose FILE` writes proposals for shared types");
        return Ok(());
    };
    let proposals = propose(spec);
    let places: usize = proposals.iter().map(Proposal::places).sum();
    fs::write(file, write_proposals(&proposals))
        .map_err(|error| format!("cannot write {}: {error}", file.display()))?;
    say!("{} shared types for {places} places proposed in {}", proposals.len(), file.display());
    Ok(())
}

/// Prints the remarks about the descriptors, and those about the document with their places in it.
fn report_remarks(file: &Path, of_document: &[Remark], remarks: &[Remark]) {
    if !remarks.is_empty() || !of_document.is_empty() {
        say!("\nto be looked at:");
    }
    remarks.iter().for_each(|remark| say!("  {remark}"));
    for remark in of_document {
        let place = remark.at.map(|_| format!("{}:", file.display())).unwrap_or_default();
        say!("  {place}{remark}");
    }
}

/// Prints what only the descriptors have, or how much it is.
fn report_absent(absent: &[Remark], in_full: bool) {
    if absent.is_empty() {
        return;
    }
    if in_full {
        say!("\nnot in the document:");
        absent.iter().for_each(|remark| say!("  {remark}"));
    } else {
        say!("\n{} things are not in the document: `--absent` lists them", absent.len());
    }
}
