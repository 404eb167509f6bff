//! `check`: checks the descriptors and compares them with a document.

use std::collections::BTreeMap;
use std::error::Error;
use std::path::{Path, PathBuf};

use wxpay_spec::corrections;
use wxpay_spec::import::missing;
use wxpay_spec::model::visit::{Visit, walk_field, walk_operation, walk_spec};
use wxpay_spec::model::{Field, FieldPlace, Operation, Spec};

use crate::output::{complain, say};
use crate::workspace::Workspace;
use crate::{import, new, tidy};

/// What to check, and what to list.
#[derive(clap::Args)]
pub(crate) struct CheckArguments {
    /// Also names what this OpenAPI document or documentation page has and the descriptors lack.
    #[arg(long, value_name = "FILE")]
    against: Option<PathBuf>,
    /// Lists everything that departs from the imported facts on purpose, with the reasons.
    #[arg(long)]
    corrections: bool,
}

/// Checks the descriptors. Prints what they describe, family by family; the last line is the verdict.
pub(crate) fn run(workspace: &Workspace, arguments: &CheckArguments) -> Result<(), Box<dyn Error>> {
    let spec = workspace.load()?;
    // The generator decides about names, so it checks too.
    wxpay_codegen::library(&spec)?;
    list_corrections(&spec, arguments.corrections);
    for (family, operations) in operations_by_family(&spec) {
        say!("{operations:5}  {family}");
    }
    for place in tidy::untidy(workspace, &spec)?.keys() {
        say!("{place} is not in the canonical layout: run `cargo xtask tidy`");
    }
    if let Some(file) = &arguments.against {
        compare(&spec, file)?;
    }
    let counts = format!(
        "{} URLs, {} operations, {} named types, {} notifications",
        spec.endpoints.len(),
        spec.endpoints.values().map(|endpoint| endpoint.operations.len()).sum::<usize>(),
        spec.types.len(),
        spec.notifications.len(),
    );
    let unfinished = unfinished(&spec);
    if unfinished.is_empty() {
        say!("{counts}: all correct");
        return Ok(());
    }
    unfinished.iter().for_each(|place| complain!("unfinished: {place}"));
    let places = unfinished.len();
    Err(format!("{counts}: {places} places are still as `cargo xtask new` wrote them").into())
}

/// The places that still have the placeholders of `cargo xtask new`.
fn unfinished(spec: &Spec) -> Vec<String> {
    let mut found = Unfinished::default();
    walk_spec(&mut found, spec);
    found.0
}

#[derive(Default)]
struct Unfinished(Vec<String>);

impl<'s> Visit<'s> for Unfinished {
    fn visit_operation(&mut self, place: &FieldPlace, operation: &'s Operation) {
        if operation.title == new::TITLE {
            self.0.push(format!("{place}: the title is `{}`", new::TITLE));
        }
        walk_operation(self, place, operation);
    }

    fn visit_field(&mut self, place: &FieldPlace, field: &'s Field) {
        if field.title.as_deref() == Some(new::FIELD_TITLE) {
            self.0.push(format!("{place}: the title is `{}`", new::FIELD_TITLE));
        }
        walk_field(self, place, field);
    }
}

fn list_corrections(spec: &Spec, in_full: bool) {
    let corrections = corrections(spec);
    let help = if in_full || corrections.is_empty() { "" } else { "; `--corrections` lists them" };
    say!("{} things depart from the imported facts on purpose{help}", corrections.len());
    if in_full {
        corrections.iter().for_each(|correction| say!("  {correction}"));
    }
}

/// Prints what a document has and the descriptors lack.
fn compare(spec: &Spec, file: &Path) -> Result<(), Box<dyn Error>> {
    let imported = import::read(file, &spec.families)?;
    let found = missing(spec, &imported);
    for change in &found.missing {
        complain!("missing: {change}");
    }
    for event in &found.events {
        complain!("missing: event {event}");
    }
    for remark in &found.outdated {
        complain!("outdated: {remark}");
    }
    let shown = file.display();
    if found.differing > 0 {
        say!("{} facts differ: `cargo xtask import {shown} --dry-run` shows them", found.differing);
    }
    if found.missing.is_empty() && found.events.is_empty() && found.outdated.is_empty() {
        say!("nothing of {shown} is missing");
        return Ok(());
    }
    Err(format!("the descriptors lack something of {shown}").into())
}

fn operations_by_family(spec: &Spec) -> BTreeMap<&str, usize> {
    let mut counts = BTreeMap::new();
    for endpoint in spec.endpoints.values() {
        *counts.entry(endpoint.family.as_str()).or_default() += endpoint.operations.len();
    }
    counts
}
