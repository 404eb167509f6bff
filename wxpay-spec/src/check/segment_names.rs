//! Checks the Rust names of URL segments.

use std::collections::{BTreeMap, BTreeSet};

use crate::cursor::Cursor;
use crate::model::{Endpoint, Method, Segment, Spec};
use crate::rust_name::snake_case;
use crate::sources::Sources;
use crate::suggestion::suggest;

type SegmentPath = Vec<Segment>;

/// Checks that hand-chosen names match a segment, agree with each other, and differ from siblings.
pub(super) fn check(spec: &Spec, sources: &Sources<'_>) {
    let mut chosen: BTreeMap<SegmentPath, BTreeMap<&str, Vec<Cursor<'_>>>> = BTreeMap::new();
    for endpoint in spec.endpoints.values() {
        let names = sources.file(&endpoint.source).and_then(|file| file.get("names"));
        let Some(names) = names else { continue };
        for (wire, at) in names.entries() {
            let nodes = nodes(endpoint).filter(|node| wire_name(node) == wire);
            let Some(name) = at.text() else { continue };
            let nodes: Vec<SegmentPath> = nodes.collect();
            if nodes.is_empty() {
                unmatched(&at, wire, endpoint);
            }
            for node in nodes {
                chosen.entry(node).or_default().entry(name).or_default().push(at.clone());
            }
        }
    }
    for names in chosen.values() {
        disagreeing(names);
    }
    siblings(spec, sources, &chosen);
}

fn nodes(endpoint: &Endpoint) -> impl Iterator<Item = SegmentPath> + use<> {
    let segments = endpoint.segments();
    (1..=segments.len()).map(move |length| segments.iter().take(length).cloned().collect())
}

fn wire_name(node: &SegmentPath) -> &str {
    node.last().map(Segment::wire).unwrap_or_default()
}

fn unmatched(at: &Cursor<'_>, wire: &str, endpoint: &Endpoint) {
    let segments = endpoint.segments();
    let help = suggest(wire, segments.iter().map(Segment::wire));
    at.key_error(&format!("the URL has no segment `{wire}`"), help);
}

fn disagreeing(names: &BTreeMap<&str, Vec<Cursor<'_>>>) {
    for (name, places) in names {
        let Some(other) = names.keys().find(|other| *other != name) else {
            continue;
        };
        for at in places {
            let help = "name the segment in one file only";
            at.error(&format!("another file names this segment `{other}`"), Some(help.to_owned()));
        }
    }
}

/// Reports segments below one path that get the same Rust name.
fn siblings(
    spec: &Spec,
    sources: &Sources<'_>,
    chosen: &BTreeMap<SegmentPath, BTreeMap<&str, Vec<Cursor<'_>>>>,
) {
    let mut children: BTreeMap<(SegmentPath, String), BTreeSet<SegmentPath>> = BTreeMap::new();
    let mut first: BTreeMap<SegmentPath, &str> = BTreeMap::new();
    for endpoint in spec.endpoints.values() {
        for node in nodes(endpoint) {
            let hand_chosen = chosen.get(&node).and_then(|names| names.keys().next());
            let name = hand_chosen.map_or_else(|| rust_name(&node), |name| (*name).to_owned());
            let parent = node.iter().take(node.len().saturating_sub(1)).cloned().collect();
            first.entry(node.clone()).or_insert(&endpoint.source);
            children.entry((parent, name)).or_default().insert(node);
        }
    }
    for ((_, name), nodes) in children.iter().filter(|(_, nodes)| nodes.len() > 1) {
        for node in nodes {
            let file = first.get(node).and_then(|file| sources.file(file));
            let Some(at) = file.and_then(|file| file.get("path")) else {
                continue;
            };
            let others = nodes.iter().filter(|other| *other != node).map(text);
            let others: Vec<String> = others.collect();
            at.error(
                &format!(
                    "the segment `{}` gets the Rust name `{name}`, and so does its sibling `{}`",
                    text(node),
                    others.join("`, `")
                ),
                Some("give one of them another name under `names`".to_owned()),
            );
        }
    }
}

fn text(node: &SegmentPath) -> String {
    match node.last() {
        Some(Segment::Parameter(name)) => format!("{{{name}}}"),
        Some(Segment::Literal(text)) => text.clone(),
        None => String::new(),
    }
}

/// The Rust name of a segment. A literal with the name of a method gets a `_`, because it would
/// hide the method.
fn rust_name(node: &SegmentPath) -> String {
    let wire = wire_name(node);
    let is_literal = matches!(node.last(), Some(Segment::Literal(_)));
    if is_literal && Method::ALL.iter().any(|method| method.key() == wire) {
        return format!("{wire}_");
    }
    snake_case(wire).unwrap_or_else(|| wire.to_owned())
}
