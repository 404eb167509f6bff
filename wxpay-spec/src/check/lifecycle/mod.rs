//! Checks lifecycles: what they name exists, states are reachable, members fit the operations.

mod collect;
mod entries;
mod members;
mod paths;
mod reading;
mod states;

use crate::model::Spec;
use crate::sources::Sources;
use collect::Names;
use members::Known;

/// Checks all lifecycles.
pub(super) fn check(spec: &Spec, sources: &Sources<'_>) {
    let known = Known::of(spec);
    let mut files = Vec::new();
    for (place, lifecycle) in &spec.lifecycles {
        if let Some(file) = sources.file(&lifecycle.source) {
            files.push((place.as_str(), lifecycle, Names::of(&file), file));
        }
    }
    for (_, lifecycle, names, file) in &files {
        states::check(lifecycle, names, file);
    }
    // What an unreadable file describes may be what others name.
    if sources.any_unreadable() {
        return;
    }
    for (place, lifecycle, names, file) in &files {
        entries::check(&known, place, lifecycle, names, file);
        reading::check_reads(place, lifecycle, names, &known);
        reading::check_unread(lifecycle, names, file);
        paths::check(&known, place, lifecycle, names, file);
    }
    entries::check_creators(spec, sources);
    let reads: Vec<_> =
        files.iter().map(|(place, lifecycle, names, _)| (*place, *lifecycle, names)).collect();
    for (place, lifecycle, names, file) in &files {
        reading::check_sets(&known, place, lifecycle, names, &reads);
        reading::check_required(place, lifecycle, file, &known);
    }
}
