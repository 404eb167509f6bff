//! Finds the query that tells what became of a request.

use serde_json::Value;

use super::members::CheckedMembers;
use crate::catalogue::model::{Deed, Schema};
use crate::catalogue::{Catalogue, Operation, Place};

/// Returns the command that queries what a request may have made or changed, if the descriptors tell one.
pub(super) fn of(catalogue: &'static Catalogue, members: &CheckedMembers) -> Option<String> {
    let operation = members.operation;
    let by_lifecycle = candidates_of_lifecycles(catalogue, &operation.name());
    let by_url = || {
        let entries = catalogue.index.operations.iter();
        let path = operation.facts.path.trim_end_matches('/');
        let below =
            entries.filter(move |entry| entry.method == "GET" && entry.path.starts_with(path));
        below
            .filter_map(|entry| catalogue.operation(&entry.method, &entry.path, &entry.family).ok())
    };
    let found = best(operation, members, by_lifecycle.into_iter());
    found.or_else(|| best(operation, members, by_url()))
}

/// The operations that only read, of the lifecycles that an operation takes part in.
fn candidates_of_lifecycles(catalogue: &'static Catalogue, name: &str) -> Vec<Operation> {
    let entries = catalogue.index.lifecycles.iter();
    let entries = entries.filter(|entry| entry.operations.iter().any(|one| one == name));
    let lifecycles = entries.filter_map(|entry| catalogue.lifecycle(&entry.name).ok());
    let rules = lifecycles.flat_map(|lifecycle| &lifecycle.operations);
    let reads = rules.filter(|rule| rule.does == Deed::Reads).flat_map(|rule| &rule.on);
    let found = reads.filter_map(|name| {
        let (method, path) = name.split_once(' ')?;
        let mut entries = catalogue.index.operations.iter();
        let entry = entries.find(|entry| entry.method == method && entry.path == path)?;
        catalogue.operation(method, path, &entry.family).ok()
    });
    found.collect()
}

/// Chooses the query with the most similar URL among those whose required members are known.
fn best(
    operation: Operation,
    members: &CheckedMembers,
    candidates: impl Iterator<Item = Operation>,
) -> Option<String> {
    let known = candidates.filter_map(|query| {
        let words = words(query, members)?;
        let similar = common(&operation.facts.path, &query.facts.path);
        Some((similar, words))
    });
    known.max_by_key(|(similar, _)| *similar).map(|(_, words)| words)
}

/// The number of first segments that two paths share.
fn common(one: &str, other: &str) -> usize {
    one.split('/').zip(other.split('/')).take_while(|(one, other)| one == other).count()
}

/// Writes the command of a query with the members of a request. `None` if a required one is unknown.
fn words(query: Operation, members: &CheckedMembers) -> Option<String> {
    let mut words = vec![format!("wxpay call '{}'", query.name())];
    for (place, field) in query.members() {
        let is_own_id = matches!(field.name.as_str(), "mchid" | "sp_mchid");
        if !field.required || (is_own_id && place != Place::Path) {
            continue;
        }
        if matches!(query.part.resolve(&field.schema), Schema::Secret { .. }) {
            return None;
        }
        match members.members.get(&field.name)? {
            Value::String(text) if is_plain(text) => words.push(format!("{}={text}", field.name)),
            Value::Number(number) => words.push(format!("{}={number}", field.name)),
            _ => return None,
        }
    }
    // A query that needs nothing of this request says nothing about it.
    (words.len() > 1).then(|| words.join(" "))
}

/// Whether a number needs no quotes in a shell.
fn is_plain(text: &str) -> bool {
    !text.is_empty()
        && text.chars().all(|letter| letter.is_ascii_alphanumeric() || "_-.".contains(letter))
}
