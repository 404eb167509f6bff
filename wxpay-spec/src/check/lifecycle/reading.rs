//! Checks members that are read: they can be there, and inputs and settings are read.

use std::collections::HashSet;

use super::collect::{Names, Read, Reader, entries};
use super::members::{Facts, Known};
use crate::cursor::Cursor;
use crate::model::lifecycle::Event;
use crate::suggestion::suggest;

/// The facts of the sandbox about a resource.
const FACTS: [&str; 4] = ["@state", "@before", "@created", "@entered"];

/// The scopes beside the links.
const SCOPES: [&str; 7] = ["own", "request", "input", "item", "whole", "caller", "setting"];

/// Checks that every member that a lifecycle reads can be there.
pub(super) fn check_reads(place: &str, facts: &Facts<'_>, names: &Names<'_>, known: &Known<'_>) {
    let inputs = Inputs::of(facts);
    for read in &names.reads {
        if read.path.starts_with('@') && !FACTS.contains(&read.path.as_str()) {
            read.at.error(
                &format!("the sandbox knows no `{}`", read.path),
                suggest(&read.path, FACTS),
            );
        } else {
            check_read(place, facts, read, known, &inputs);
        }
    }
    for (read, lifecycle) in &names.related_items {
        check_related_item(read, lifecycle, known);
    }
}

fn check_read(
    place: &str,
    facts: &Facts<'_>,
    read: &Read<'_>,
    known: &Known<'_>,
    inputs: &Inputs<'_>,
) {
    let path = read.path.as_str();
    let is_fact = path.starts_with('@');
    match read.scope {
        "own" if is_fact || known.has(place, path) => {}
        "own" => read.at.error(&format!("nothing sets `{path}`"), known.close_to(place, path)),
        "request" if is_requested(facts, read) => {}
        "request" => read.at.error(&format!("no request has `{path}`"), None),
        "input" => check_input(facts, read, inputs),
        "caller" if path == "mchid" => {}
        "caller" => read.at.error("the caller has only `mchid`", None),
        "setting" if facts.settings.contains(path) => {}
        "setting" => {
            let names = facts.settings.iter().copied();
            read.at.error(&format!("the setting `{path}` does not exist"), suggest(path, names));
        }
        "whole" if facts.is_part() => {}
        "whole" => read.at.error("the resource is not a part of another", None),
        "item" => read.at.error("`item` is an element, inside `each` or `where` only", None),
        link => check_link(facts, read, link, known),
    }
}

/// The inputs that events take.
struct Inputs<'s> {
    /// Event and input.
    of_events: HashSet<(&'s str, &'s str)>,
    /// Those of events that create. Links are found then, too.
    of_creating: HashSet<&'s str>,
}

impl<'s> Inputs<'s> {
    fn of(facts: &Facts<'s>) -> Self {
        let events = &facts.lifecycle.events;
        let inputs = events.iter().flat_map(|(event, described)| {
            described.takes.iter().map(|(input, _)| (event.as_str(), input.as_str()))
        });
        let creating = events.iter().filter(|(_, event)| event.creates.is_some());
        let creating = creating.flat_map(|(_, event)| input_names(event));
        Self { of_events: inputs.collect(), of_creating: creating.collect() }
    }
}

fn input_names(event: &Event) -> impl Iterator<Item = &str> + Clone {
    event.takes.iter().map(|(name, _)| name.as_str())
}

fn check_input(facts: &Facts<'_>, read: &Read<'_>, inputs: &Inputs<'_>) {
    let name = first_name(&read.path);
    let message = || format!("the event takes no `{name}`");
    match read.reader {
        Reader::Operation(_) => read.at.error("only an event has inputs", None),
        Reader::Event(event) if inputs.of_events.contains(&(event, name)) => {}
        Reader::Event(event) => {
            let names = facts.events.get(event).into_iter().flat_map(|event| input_names(event));
            read.at.error(&message(), suggest(name, names));
        }
        Reader::Other if inputs.of_creating.contains(name) => {}
        Reader::Other => {
            read.at.error(&message(), suggest(name, inputs.of_creating.iter().copied()));
        }
    }
}

fn check_link(facts: &Facts<'_>, read: &Read<'_>, link: &str, known: &Known<'_>) {
    let links = &facts.lifecycle.links;
    let Some(described) = links.get(link) else {
        let known = links.keys().map(String::as_str).chain(SCOPES);
        return read.at.error(&format!("the scope `{link}` does not exist"), suggest(link, known));
    };
    let path = read.path.as_str();
    let can_have = |place: &String| path.starts_with('@') || known.has(place, path);
    if !described.to.iter().any(can_have) {
        let help = described.to.iter().find_map(|place| known.close_to(place, path));
        read.at.error(&format!("nothing sets `{path}` of `{link}`"), help);
    }
}

/// Checks a member of the resources that `sum_of` and `count_of` are about.
fn check_related_item(read: &Read<'_>, lifecycle: &str, known: &Known<'_>) {
    let path = read.path.as_str();
    if path.starts_with('@') {
        let help = "name its `states` beside `in`, or a member with the same fact";
        read.at.error(&format!("`item` has members only, and no `{path}`"), Some(help.to_owned()));
    } else if !known.has(lifecycle, path) {
        let message = format!("nothing sets `{path}` of `{lifecycle}`");
        read.at.error(&message, known.close_to(lifecycle, path));
    }
}

/// Whether a request that the reader sees has the member.
fn is_requested(facts: &Facts<'_>, read: &Read<'_>) -> bool {
    let rule = match read.reader {
        Reader::Operation(name) => facts.rules.get(name),
        Reader::Event(_) | Reader::Other => None,
    };
    match rule {
        Some(rule) => rule.requests.has(&read.path),
        None => facts.is_created_with(&read.path),
    }
}

/// Checks that every input that a user gives an event, and every setting, is read.
pub(super) fn check_unread(facts: &Facts<'_>, names: &Names<'_>, file: &Cursor<'_>) {
    let inputs = names.reads.iter().filter(|read| read.scope == "input");
    let (mut by_event, mut by_link) = (HashSet::new(), HashSet::new());
    for read in inputs {
        match read.reader {
            Reader::Event(event) => drop(by_event.insert((event, first_name(&read.path)))),
            Reader::Other => drop(by_link.insert(first_name(&read.path))),
            Reader::Operation(_) => {}
        }
    }
    for (name, at) in entries(file, "events") {
        // An effect on several lifecycles gives all of them the same inputs.
        let Some(event) = facts.events.get(name).filter(|event| !event.internal) else { continue };
        for (input, entry) in entries(&at, "takes") {
            let by_link = event.creates.is_some() && by_link.contains(input);
            if !by_link && !by_event.contains(&(name, input)) {
                let help = Some("remove it".to_owned());
                entry.key_error(&format!("nothing reads the input `{input}`"), help);
            }
        }
    }
    let settings = names.reads.iter().filter(|read| read.scope == "setting");
    let settings: HashSet<&str> = settings.map(|read| read.path.as_str()).collect();
    for (name, entry) in entries(file, "settings").filter(|(name, _)| !settings.contains(name)) {
        let help = Some("remove it".to_owned());
        entry.key_error(&format!("nothing reads the setting `{name}`"), help);
    }
}

fn first_name(path: &str) -> &str {
    path.split('.').next().unwrap_or_default()
}
