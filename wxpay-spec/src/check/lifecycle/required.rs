//! Checks members that are set or shown: what is set is used, what a response requires is set.

use std::collections::{BTreeMap, HashSet};

use super::collect::{Names, Read};
use super::index::PathSet;
use super::members::{Facts, Known, response_fields};
use crate::cursor::Cursor;
use crate::model::lifecycle::{Act, Lifecycle};
use crate::model::{Operation, PageInput};

/// The members that the lifecycles of all files read.
#[derive(Default)]
pub(super) struct AllReads<'a> {
    /// By lifecycle, the members of its resources.
    by_place: BTreeMap<&'a str, PathSet<String>>,
    /// The members of wholes and of elements, which may be of any lifecycle.
    anywhere: PathSet<String>,
}

impl<'a> AllReads<'a> {
    pub(super) fn of<'n>(all: impl Iterator<Item = (&'a str, &'a Lifecycle, &'n Names<'a>)>) -> Self
    where
        'a: 'n,
    {
        let mut reads = Self::default();
        for (place, lifecycle, names) in all {
            names.reads.iter().for_each(|read| reads.add(place, lifecycle, read));
            for read in &names.items {
                reads.anywhere.insert(read.path.clone());
            }
            for (read, related) in &names.related_items {
                reads.add_to(related, &read.path);
            }
            for at in &names.related {
                let named = at.get("in").and_then(|at| at.text());
                let field = at.get("field").and_then(|at| at.text());
                if let (Some(related), Some(field)) = (named, field) {
                    reads.add_to(related, field);
                }
            }
        }
        reads
    }

    fn add(&mut self, place: &'a str, lifecycle: &'a Lifecycle, read: &Read<'a>) {
        match read.scope {
            "own" => self.add_to(place, &read.path),
            "whole" => self.anywhere.insert(read.path.clone()),
            link => {
                let places = lifecycle.links.get(link).into_iter().flat_map(|link| &link.to);
                places.for_each(|place| self.add_to(place, &read.path));
            }
        }
    }

    fn add_to(&mut self, place: &'a str, path: &str) {
        self.by_place.entry(place).or_default().insert(path.to_owned());
    }

    fn has(&self, place: &str, path: &str) -> bool {
        self.anywhere.relates(path)
            || self.by_place.get(place).is_some_and(|paths| paths.relates(path))
    }
}

/// Checks that every member that a lifecycle sets is shown, sent or read.
pub(super) fn check_sets(place: &str, facts: &Facts<'_>, names: &Names<'_>, reads: &AllReads<'_>) {
    for (at, path) in &names.sets {
        let is_used = facts.shows(path)
            || reads.has(place, path)
            || facts.keys.contains(path)
            || *path == "notify_url";
        if !is_used {
            let help = "remove it, or add it to a response";
            let message = format!("no response has `{path}`, and nothing reads it");
            at.key_error(&message, Some(help.to_owned()));
        }
    }
}

/// Checks that each required member of a response has a source.
pub(super) fn check_required(place: &str, facts: &Facts<'_>, file: &Cursor<'_>, known: &Known<'_>) {
    let operations = file.get("operations");
    for (name, rule) in &facts.lifecycle.operations {
        if matches!(rule.act, Act::Lists { .. }) {
            continue;
        }
        let Some(at) = operations.as_ref().and_then(|operations| operations.get(name)) else {
            continue;
        };
        let answers: PathSet<&str> = rule.answers.iter().map(|(path, _)| path.as_str()).collect();
        let left_out: HashSet<&str> = rule.leaves_out.iter().map(String::as_str).collect();
        let has_resource = rule.act != Act::Answers;
        let has_source = |name: &str| {
            let is_answered = answers.relates(name) || left_out.contains(name);
            is_answered || (has_resource && known.has(place, name))
        };
        for binding in &rule.on {
            let Some(operation) = known.operation(binding) else { continue };
            let fields = response_fields(operation, &known.spec.types).iter();
            let missing: Vec<String> = fields
                .filter(|field| !field.optional && !field.superseded)
                .filter(|field| !is_of_pages(operation, &field.name) && !has_source(&field.name))
                .map(|field| format!("`{}`", field.name))
                .collect();
            if !missing.is_empty() {
                let text = format!("{} {}", binding.method.wire(), binding.path);
                let message = format!("the response of `{text}` needs {}", missing.join(", "));
                let help = "set it, show it in a state, or add it to `answers`";
                at.key_error(&message, Some(help.to_owned()));
            }
        }
    }
}

/// Whether the sandbox fills in a member of a response in pages by itself.
fn is_of_pages(operation: &Operation, name: &str) -> bool {
    let Some(paging) = &operation.pages else { return false };
    let by = match &paging.by {
        PageInput::Offset(input) | PageInput::Number { input, .. } => input,
        PageInput::Token { next, .. } => next,
    };
    [Some(by), paging.limit.as_ref(), paging.total.as_ref()]
        .into_iter()
        .flatten()
        .any(|it| it == name)
}
