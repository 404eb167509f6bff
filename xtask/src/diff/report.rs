//! The differences as Markdown, product by product.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::groups::{Product, Subject};
use super::sentence::{Phrase, Weight};

/// Writes the report.
pub(super) fn report(old: &str, new: &str, products: &BTreeMap<String, Product>) -> String {
    let mut text = format!("# The API from {old} to {new}\n");
    if products.is_empty() {
        text.push_str("\nNothing changed.\n");
    }
    for (name, product) in products {
        // Writing to a `String` has no way to fail.
        let _ = write!(text, "\n## {} (`{name}`)\n", product.title);
        for (weight, subjects) in &product.told {
            let _ = write!(text, "\n{}:\n\n", heading(*weight));
            for line in lines(subjects) {
                let _ = writeln!(text, "* {line}.");
            }
        }
        if let Some(line) = counts(product) {
            let _ = write!(text, "\n{line}\n");
        }
    }
    text
}

fn heading(weight: Weight) -> &'static str {
    match weight {
        Weight::Broken => "Broken",
        Weight::Added => "Added",
        Weight::Changed => "Changed",
    }
}

/// A line for each subject; subjects with the same differences share one.
fn lines(subjects: &BTreeMap<Subject, Vec<Phrase>>) -> Vec<String> {
    let mut lines = Vec::new();
    let mut shared: Vec<(Vec<&str>, String)> = Vec::new();
    for (subject, phrases) in subjects {
        let texts: Vec<String> = phrases.iter().map(Phrase::to_string).collect();
        let label = match subject {
            Subject::None => {
                lines.extend(texts);
                continue;
            }
            Subject::Entry(label) | Subject::Type(label) => label.as_str(),
        };
        let text = texts.join("; ");
        match shared.iter_mut().find(|(_, other)| *other == text) {
            Some((labels, _)) => labels.push(label),
            None => shared.push((vec![label], text)),
        }
    }
    lines.extend(shared.iter().map(|(labels, text)| format!("{}: {text}", labels.join(", "))));
    lines
}

/// How many facts of the documentation differ: `Documentation: 2 lengths, 1 title.`
fn counts(product: &Product) -> Option<String> {
    let count = |(fact, places): (&&str, &BTreeSet<(Subject, String)>)| {
        let count = places.len();
        format!("{count} {}", if count == 1 { singular(fact).to_owned() } else { plural(fact) })
    };
    let counts: Vec<String> = product.counts.iter().map(count).collect();
    (!counts.is_empty()).then(|| format!("Documentation: {}.", counts.join(", ")))
}

fn singular(fact: &str) -> &str {
    match fact {
        "docs" => "list of pages",
        "updated" => "date",
        "errors" => "list of error codes",
        "labels" => "list of labels",
        fact => fact,
    }
}

fn plural(fact: &str) -> String {
    match fact {
        "docs" => "lists of pages".to_owned(),
        "errors" => "lists of error codes".to_owned(),
        "labels" => "lists of labels".to_owned(),
        fact => format!("{}s", singular(fact)),
    }
}
