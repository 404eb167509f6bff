//! Checks lifecycles: what they name exists, states are reachable, members fit the operations.

mod collect;
mod entries;
mod index;
mod members;
mod paths;
mod reading;
mod required;
mod states;

use crate::model::Spec;
use crate::sources::Sources;
use collect::Names;
use members::Known;
use required::AllReads;

/// Checks all lifecycles.
pub(super) fn check(spec: &Spec, sources: &Sources<'_>) {
    let known = Known::of(spec);
    let mut files = Vec::new();
    for (place, lifecycle) in &spec.lifecycles {
        if let Some(file) = sources.file(&lifecycle.source) {
            files.push((place.as_str(), lifecycle, Names::of(&file), file));
        }
    }
    for (place, _, names, file) in &files {
        if let Some(facts) = known.facts(place) {
            states::check(facts, names, file);
        }
    }
    // What an unreadable file describes may be what others name.
    if sources.any_unreadable() {
        return;
    }
    for (place, _, names, file) in &files {
        let Some(facts) = known.facts(place) else { continue };
        entries::check(&known, place, facts, names, file);
        reading::check_reads(place, facts, names, &known);
        reading::check_unread(facts, names, file);
        paths::check(&known, place, facts, names, file);
    }
    entries::check_creators(spec, sources);
    let all = files.iter().map(|(place, lifecycle, names, _)| (*place, *lifecycle, names));
    let all_reads = AllReads::of(all);
    for (place, _, names, file) in &files {
        if let Some(facts) = known.facts(place) {
            required::check_sets(place, facts, names, &all_reads);
            required::check_required(place, facts, file, &known);
        }
    }
}
