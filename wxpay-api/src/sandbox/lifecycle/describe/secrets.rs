//! The members of a resource that requests, responses and notifications encrypt.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::Definition;
use super::model::{Act, Change};
use super::path::KeyPath;
use crate::sandbox::book::{Book, BookOperation, Schema};

/// Returns the key paths of the secrets of each lifecycle, in the order of the definitions.
pub(super) fn secrets(definitions: &[Definition], books: &[Arc<Book>]) -> Vec<Vec<KeyPath>> {
    let own: Vec<_> = definitions.iter().map(|definition| own(definition, books)).collect();
    let mut all = own.clone();
    let index = |name: &str| definitions.iter().position(|definition| definition.name == name);
    for (whole, definition) in definitions.iter().enumerate() {
        for (list, part) in &definition.lifecycle.parts {
            let Some(part) = index(&part.of) else { continue };
            let prefix = format!("{list}[].");
            let (of_whole, of_part) = (own.get(whole), own.get(part));
            let inner = of_whole.into_iter().flatten().filter_map(|it| it.strip_prefix(&prefix));
            let outer = of_part.into_iter().flatten().map(|path| format!("{prefix}{path}"));
            let (inner, outer): (Vec<_>, Vec<_>) =
                (inner.map(str::to_owned).collect(), outer.collect());
            all.get_mut(part).into_iter().for_each(|paths| paths.extend(inner.iter().cloned()));
            all.get_mut(whole).into_iter().for_each(|paths| paths.extend(outer.iter().cloned()));
        }
    }
    let paths = |paths: BTreeSet<String>| paths.into_iter().map(KeyPath::from).collect();
    all.into_iter().map(paths).collect()
}

/// Returns the secrets in the operations and notifications that a lifecycle names.
fn own(definition: &Definition, books: &[Arc<Book>]) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let lifecycle = &definition.lifecycle;
    for (_, rule) in &lifecycle.operations {
        for on in &rule.on {
            let Some((book, operation)) = operation(books, &on.method, &on.path) else { continue };
            let lists = matches!(rule.act, Act::Lists { .. });
            of_operation(book, operation, lists, &mut found);
        }
    }
    let rules = lifecycle.operations.iter().map(|(_, rule)| &rule.change);
    let changes = rules.chain(lifecycle.events.iter().map(|(_, event)| &event.change));
    for event in changes.filter_map(notified) {
        for book in books {
            for notification in book.notifications.iter().filter(|it| it.events.contains(event)) {
                book.secret_paths(&notification.schema, &mut found);
            }
        }
    }
    found
}

fn operation<'b>(
    books: &'b [Arc<Book>],
    method: &str,
    path: &str,
) -> Option<(&'b Book, &'b BookOperation)> {
    books.iter().find_map(|book| {
        let mut operations = book.operations.iter();
        let found = operations.find(|it| it.method == method && it.path == path)?;
        Some((book.as_ref(), found))
    })
}

fn of_operation(book: &Book, operation: &BookOperation, lists: bool, found: &mut BTreeSet<String>) {
    for schema in operation.body.iter().chain(&operation.response) {
        book.secret_paths(schema, found);
        if let (true, Schema::Object { members }) = (lists, book.resolve(schema)) {
            // The elements of the list are the resources.
            for member in members {
                if let Schema::List { items } = book.resolve(&member.schema) {
                    book.secret_paths(items, found);
                }
            }
        }
    }
    let meta = operation.upload.iter().flat_map(|upload| &upload.meta);
    meta.chain(&operation.query).for_each(|member| book.secret_paths_of(member, found));
}

fn notified(change: &Change) -> Option<&String> {
    change.notifies.as_ref().map(|notification| &notification.event)
}
