//! Checks members: what is read can be there, what is set is used, what a response requires is set.

use super::collect::{Names, Read, Reader, entries};
use super::members::{
    Known, are_related, creators, request_has, resource_has, response_fields, response_has,
};
use crate::cursor::Cursor;
use crate::model::lifecycle::{Act, Event, Lifecycle, OperationRule};
use crate::model::{Operation, PageInput, Spec};
use crate::suggestion::suggest;

/// The facts of the sandbox about a resource.
const FACTS: [&str; 4] = ["@state", "@before", "@created", "@entered"];

/// Checks that every member that a lifecycle reads can be there.
pub(super) fn check_reads(
    place: &str,
    lifecycle: &Lifecycle,
    names: &Names<'_>,
    known: &Known<'_>,
) {
    for read in &names.reads {
        if read.path.starts_with('@') && !FACTS.contains(&read.path.as_str()) {
            read.at.error(
                &format!("the sandbox knows no `{}`", read.path),
                suggest(&read.path, FACTS),
            );
        } else {
            check_read(place, lifecycle, read, known);
        }
    }
}

fn check_read(place: &str, lifecycle: &Lifecycle, read: &Read<'_>, known: &Known<'_>) {
    let path = read.path.as_str();
    let is_fact = path.starts_with('@');
    match read.scope {
        "own" if is_fact || known.has(place, path) => {}
        "own" => read.at.error(&format!("nothing sets `{path}`"), known.close_to(place, path)),
        "request" if request_of(place, lifecycle, read, known) => {}
        "request" => read.at.error(&format!("no request has `{path}`"), None),
        "input" => check_input(lifecycle, read),
        "caller" if path == "mchid" => {}
        "caller" => read.at.error("the caller has only `mchid`", None),
        "setting" if lifecycle.settings.iter().any(|(name, _)| name == path) => {}
        "setting" => {
            let names = lifecycle.settings.iter().map(|(name, _)| name.as_str());
            read.at.error(&format!("the setting `{path}` does not exist"), suggest(path, names));
        }
        "whole" if known.is_part(place) => {}
        "whole" => read.at.error("the resource is not a part of another", None),
        "item" => read.at.error("`item` is an element, inside `each` or `where` only", None),
        link => check_link(lifecycle, read, link, known),
    }
}

fn check_input(lifecycle: &Lifecycle, read: &Read<'_>) {
    let events: Vec<&Event> = match read.reader {
        Reader::Event(event) => lifecycle.event_named(event).into_iter().collect(),
        // Links are found when an event creates a resource, too.
        Reader::Other => creating_events(lifecycle).collect(),
        Reader::Operation(_) => return read.at.error("only an event has inputs", None),
    };
    let inputs = events.iter().flat_map(|event| &event.takes);
    let names: Vec<&str> = inputs.map(|(name, _)| name.as_str()).collect();
    let name = read.path.split('.').next().unwrap_or_default();
    if !names.contains(&name) {
        read.at.error(&format!("the event takes no `{name}`"), suggest(name, names));
    }
}

fn creating_events(lifecycle: &Lifecycle) -> impl Iterator<Item = &Event> {
    let events = lifecycle.events.iter().map(|(_, event)| event);
    events.filter(|event| event.creates.is_some())
}

fn check_link(lifecycle: &Lifecycle, read: &Read<'_>, link: &str, known: &Known<'_>) {
    let Some(described) = lifecycle.links.get(link) else {
        let scopes = ["own", "request", "input", "item", "whole", "caller", "setting"];
        let known: Vec<&str> = lifecycle.links.keys().map(String::as_str).chain(scopes).collect();
        return read.at.error(&format!("the scope `{link}` does not exist"), suggest(link, known));
    };
    let path = read.path.as_str();
    let can_have = |place: &String| path.starts_with('@') || known.has(place, path);
    if !described.to.iter().any(can_have) {
        let help = described.to.iter().find_map(|place| known.close_to(place, path));
        read.at.error(&format!("nothing sets `{path}` of `{link}`"), help);
    }
}

/// Whether a request that the reader sees has the member.
fn request_of(place: &str, lifecycle: &Lifecycle, read: &Read<'_>, known: &Known<'_>) -> bool {
    let path = read.path.as_str();
    let has = |binding| {
        known
            .operation(binding)
            .is_none_or(|operation| request_has(operation, path, &known.spec.types))
    };
    let rule = match read.reader {
        Reader::Operation(name) => lifecycle.operations.iter().find(|(held, _)| held == name),
        Reader::Event(_) | Reader::Other => None,
    };
    match rule {
        Some((_, rule)) => rule.on.iter().any(has),
        None => creators(lifecycle).any(has) || known.part_request_has(place, path),
    }
}

/// Checks that every input that a user gives an event, and every setting, is read.
pub(super) fn check_unread(lifecycle: &Lifecycle, names: &Names<'_>, file: &Cursor<'_>) {
    let first = |path: &str| path.split('.').next().unwrap_or_default().to_owned();
    for (name, at) in entries(file, "events") {
        let Some(event) = lifecycle.event_named(name) else { continue };
        // An effect on several lifecycles gives all of them the same inputs.
        if event.internal {
            continue;
        }
        let by_link = event.creates.is_some();
        for (input, entry) in entries(&at, "takes") {
            let reads = |read: &Read<'_>| {
                let is_reader = match read.reader {
                    Reader::Event(event) => event == name,
                    Reader::Operation(_) => false,
                    Reader::Other => by_link,
                };
                is_reader && read.scope == "input" && first(&read.path) == input
            };
            if !names.reads.iter().any(reads) {
                let help = Some("remove it".to_owned());
                entry.key_error(&format!("nothing reads the input `{input}`"), help);
            }
        }
    }
    for (name, entry) in entries(file, "settings") {
        let is_read = |read: &Read<'_>| read.scope == "setting" && read.path == name;
        if !names.reads.iter().any(is_read) {
            let help = Some("remove it".to_owned());
            entry.key_error(&format!("nothing reads the setting `{name}`"), help);
        }
    }
}

/// Checks that every member that a lifecycle sets is shown, sent or read.
pub(super) fn check_sets(
    known: &Known<'_>,
    place: &str,
    lifecycle: &Lifecycle,
    names: &Names<'_>,
    all: &[(&str, &Lifecycle, &Names<'_>)],
) {
    for (at, path) in &names.sets {
        let is_used = is_shown(known, lifecycle, path)
            || wholes(known.spec, place)
                .any(|(whole, list)| is_shown(known, whole, &format!("{list}.{path}")))
            || is_read(place, path, all)
            || lifecycle.keys.iter().any(|key| key == path)
            || *path == "notify_url";
        if !is_used {
            let help = "remove it, or add it to a response";
            let message = format!("no response has `{path}`, and nothing reads it");
            at.key_error(&message, Some(help.to_owned()));
        }
    }
}

fn wholes<'s>(spec: &'s Spec, place: &str) -> impl Iterator<Item = (&'s Lifecycle, &'s str)> {
    spec.lifecycles.values().flat_map(move |whole| {
        let lists = whole.parts.iter().filter(move |(_, part)| part.of == place);
        lists.map(move |(list, _)| (whole, list.as_str()))
    })
}

/// Whether a response or a notification of the lifecycle has a member.
fn is_shown(known: &Known<'_>, lifecycle: &Lifecycle, path: &str) -> bool {
    let rules = || lifecycle.operations.iter().map(|(_, rule)| rule);
    let in_response = |rule: &OperationRule, path: &str| {
        let found = rule.on.iter().filter_map(|binding| known.operation(binding));
        found.into_iter().any(|operation| response_has(operation, path, &known.spec.types))
    };
    let in_list = |rule: &OperationRule| {
        matches!(rule.act, Act::Lists { .. })
            && rule.on.iter().filter_map(|binding| known.operation(binding)).any(|operation| {
                let lists = response_fields(operation, &known.spec.types).iter();
                lists.into_iter().any(|list| {
                    response_has(operation, &format!("{}.{path}", list.name), &known.spec.types)
                })
            })
    };
    let changes = rules().map(|rule| &rule.change);
    let mut notices = changes
        .chain(lifecycle.events.iter().map(|(_, event)| &event.change))
        .filter_map(|change| change.notifies.as_ref());
    rules().any(|rule| in_response(rule, path) || in_list(rule))
        || notices.any(|notice| {
            let sent = known.spec.notifications.values();
            sent.filter(|entry| entry.events.contains(&notice.event))
                .any(|entry| resource_has(&entry.resource, path, &known.spec.types))
        })
}

/// Whether some lifecycle reads a member of a resource.
fn is_read(place: &str, path: &str, all: &[(&str, &Lifecycle, &Names<'_>)]) -> bool {
    all.iter().any(|(reader, lifecycle, names)| {
        let sees = |read: &Read<'_>| match read.scope {
            "own" => *reader == place,
            "whole" => true,
            link => {
                lifecycle.links.get(link).is_some_and(|link| link.to.iter().any(|to| to == place))
            }
        };
        let summed = |at: &Cursor<'_>| {
            at.text_of("in").as_deref() == Some(place)
                && at.text_of("field").is_some_and(|field| are_related(&field, path))
        };
        names.reads.iter().any(|read| sees(read) && are_related(&read.path, path))
            || names.related.iter().any(summed)
            || names.items.iter().any(|read| are_related(&read.path, path))
    })
}

/// Checks that each required member of a response has a source.
pub(super) fn check_required(
    place: &str,
    lifecycle: &Lifecycle,
    file: &Cursor<'_>,
    known: &Known<'_>,
) {
    for (name, rule) in &lifecycle.operations {
        if matches!(rule.act, Act::Lists { .. }) {
            continue;
        }
        let at = file.get("operations").and_then(|operations| operations.get(name));
        let Some(at) = at else { continue };
        for binding in &rule.on {
            let Some(operation) = known.operation(binding) else { continue };
            let fields = response_fields(operation, &known.spec.types).iter();
            let missing: Vec<String> = fields
                .filter(|field| !field.optional && !field.superseded)
                .filter(|field| !is_of_pages(operation, &field.name))
                .filter(|field| !has_source(rule, place, &field.name, known))
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

fn has_source(rule: &OperationRule, place: &str, name: &str, known: &Known<'_>) -> bool {
    let answered = rule.answers.iter().any(|(path, _)| are_related(path, name));
    answered || rule.leaves_out.iter().any(|path| path == name) || known.has(place, name)
}
