//! `check`: checks the descriptors and compares them with a document.

use std::collections::BTreeMap;
use std::error::Error;
use std::path::Path;

use wxpay_spec::corrections;
use wxpay_spec::import::missing;
use wxpay_spec::model::Spec;

use crate::workspace::Workspace;
use crate::{import, tidy};

/// Checks the descriptors. Prints what they describe, family by family, and what they correct.
pub(crate) fn run(workspace: &Workspace, against: Option<&Path>) -> Result<(), Box<dyn Error>> {
    let spec = wxpay_spec::load(&workspace.descriptors())?;
    // The generator decides about names, so it checks too.
    wxpay_codegen::library(&spec)?;
    list_corrections(&spec);
    for (family, operations) in operations_by_family(&spec) {
        println!("{operations:5}  {family}");
    }
    println!(
        "{} URLs, {} operations, {} named types, {} notifications: all correct",
        spec.endpoints.len(),
        spec.endpoints.values().map(|endpoint| endpoint.operations.len()).sum::<usize>(),
        spec.types.len(),
        spec.notifications.len(),
    );
    for place in tidy::untidy(workspace, &spec)?.keys() {
        println!("{place} is not in the canonical layout: run `cargo xtask tidy`");
    }
    against.map_or(Ok(()), |file| compare(&spec, file))
}

fn list_corrections(spec: &Spec) {
    let corrections = corrections(spec);
    println!("{} things depart from the imported facts on purpose:", corrections.len());
    corrections.iter().for_each(|correction| println!("  {correction}"));
}

/// Prints what a document has and the descriptors lack.
fn compare(spec: &Spec, file: &Path) -> Result<(), Box<dyn Error>> {
    let imported = import::read(file, &spec.families)?;
    let found = missing(spec, &imported);
    for change in &found.missing {
        eprintln!("missing: {change}");
    }
    for event in &found.events {
        eprintln!("missing: event {event}");
    }
    for remark in &found.outdated {
        eprintln!("outdated: {remark}");
    }
    let shown = file.display();
    if found.differing > 0 {
        println!(
            "{} facts differ: `cargo xtask import {shown} --dry-run` shows them",
            found.differing
        );
    }
    if found.missing.is_empty() && found.events.is_empty() && found.outdated.is_empty() {
        println!("nothing of {shown} is missing");
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
