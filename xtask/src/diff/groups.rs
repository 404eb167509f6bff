//! Groups the differences by product and by what they are of: an operation, a notification or a type.

use std::collections::{BTreeMap, BTreeSet};

use wxpay_spec::import::{Change, Line, changes};
use wxpay_spec::model::{EntryName, Families, Method, NamedType, Spec, TypeId};

use super::expand::{Expanded, Key};
use super::sentence::{Difference, Phrase, Told, Weight, of_entry};

/// The differences of one product.
#[derive(Debug, Default)]
pub(super) struct Product {
    /// What the product is called.
    pub(super) title: String,
    /// The ends of sentences by their weight and by their subject.
    pub(super) told: BTreeMap<Weight, BTreeMap<Subject, Vec<Phrase>>>,
    /// How often each fact of the documentation differs.
    pub(super) counts: BTreeMap<&'static str, BTreeSet<(Subject, String)>>,
}

/// What a sentence is about, with its label.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(super) enum Subject {
    /// The sentence has its subject itself.
    None,
    /// An operation or a notification.
    Entry(String),
    /// A named type, for all places that use it.
    Type(String),
}

/// Compares two states; returns the differences by the names of the products.
pub(super) fn groups(before: &Spec, after: &Spec) -> BTreeMap<String, Product> {
    let (old, new) = (Expanded::of(before), Expanded::of(after));
    let mut groups = Groups {
        labels: labels(before).into_iter().chain(labels(after)).collect(),
        before,
        after,
        products: BTreeMap::new(),
    };
    for change in changes(&old.spec, &new.spec) {
        if change.is_new {
            groups.whole(&change.place, Weight::Added);
        } else {
            groups.change(&change, &old, &new);
        }
    }
    for change in changes(&new.spec, &old.spec).iter().filter(|change| change.is_new) {
        groups.whole(&change.place, Weight::Broken);
    }
    groups.types();
    groups.events();
    groups.products
}

struct Groups<'s> {
    /// The product and the label of each entry.
    labels: BTreeMap<String, (String, String)>,
    before: &'s Spec,
    after: &'s Spec,
    products: BTreeMap<String, Product>,
}

/// The product and the label of each operation and notification.
fn labels(spec: &Spec) -> BTreeMap<String, (String, String)> {
    let mut labels = BTreeMap::new();
    for endpoint in spec.endpoints.values() {
        for (method, operation) in &endpoint.operations {
            let place = EntryName::Operation(*method, endpoint.path.clone()).to_string();
            let label = format!("{} `{place}`", operation.title);
            labels.insert(place, (endpoint.family.clone(), label));
        }
    }
    for (place, notification) in &spec.notifications {
        let events: Vec<String> =
            notification.events.iter().map(|event| format!("`{event}`")).collect();
        let label = format!("{} ({})", notification.title, events.join(", "));
        let place = EntryName::Notification(place.clone()).to_string();
        labels.insert(place, (notification.family.clone(), label));
    }
    labels
}

impl Groups<'_> {
    fn product(&mut self, family: &str) -> &mut Product {
        let title = |families: &Families| Some(families.by_name.get(family)?.title.clone());
        let title = title(&self.after.families).or_else(|| title(&self.before.families));
        let product = self.products.entry(family.to_owned()).or_default();
        product.title = title.unwrap_or_else(|| family.to_owned());
        product
    }

    fn tell(&mut self, family: &str, subject: Subject, told: Told, key: &str) {
        let product = self.product(family);
        match told {
            Told::Sentence(weight, phrase) => {
                let subjects = product.told.entry(weight).or_default();
                let phrases = subjects.entry(subject).or_default();
                // Places of one type say the same.
                if !phrases.iter_mut().any(|known| known.takes_in(&phrase)) {
                    phrases.push(phrase);
                }
            }
            Told::Counted(fact) => {
                product.counts.entry(fact).or_default().insert((subject, key.to_owned()));
            }
        }
    }

    /// Adds a sentence that has its subject itself.
    fn note(&mut self, family: &str, weight: Weight, text: String) {
        self.tell(family, Subject::None, Told::Sentence(weight, Phrase::whole(text)), "");
    }

    /// An operation or a notification that is new or gone.
    fn whole(&mut self, place: &str, weight: Weight) {
        let Some((family, label)) = self.labels.get(place).cloned() else { return };
        let kind = if is_operation(place) { "operation" } else { "notification" };
        let what = if weight == Weight::Added { "New" } else { "Removed" };
        self.note(&family, weight, format!("{what} {kind}: {label}"));
    }

    fn change(&mut self, change: &Change, old: &Expanded, new: &Expanded) {
        let keys = |is_of: fn(&Line) -> Option<&String>| -> BTreeSet<&str> {
            change.lines.iter().filter_map(is_of).map(String::as_str).collect()
        };
        let added = keys(|line| match line {
            Line::Added { key, .. } => Some(key),
            _ => None,
        });
        let removed = keys(|line| match line {
            Line::Removed { key } => Some(key),
            _ => None,
        });
        let retyped = keys(|line| match line {
            Line::Changed { key, fact: "type", .. } => Some(key),
            _ => None,
        });
        for line in &change.lines {
            let told_above = |above: &str| match line {
                Line::Added { .. } => added.contains(above) || retyped.contains(above),
                Line::Removed { .. } => removed.contains(above) || retyped.contains(above),
                Line::Changed { .. } => false,
            };
            let key = key(line);
            if !above(key).any(told_above) {
                self.line(&change.place, key, line, old, new);
            }
        }
    }

    fn line(&mut self, place: &str, key: &str, line: &Line, old: &Expanded, new: &Expanded) {
        let Some((family, label)) = self.labels.get(place).cloned() else { return };
        if matches!(key, "operation" | "notification") {
            if let Line::Changed { fact, before, after, .. } = line {
                let fact = match (key, *fact) {
                    ("notification", "response") => "asked",
                    (_, fact) => fact,
                };
                for told in of_entry(fact, before, after) {
                    self.tell(&family, Subject::Entry(label.clone()), told, key);
                }
            }
            return;
        }
        let (section, inside) = key.split_once('.').unwrap_or((key, ""));
        // Callers send the response to a notification.
        let is_received = if is_operation(place) { "response" } else { "resource" };
        let is_sent = section != is_received;
        let at: Key = (place.to_owned(), key.to_owned());
        let origin = origin(line, &at, old, new);
        let difference = Difference {
            line,
            key: origin.as_ref().map_or(inside, |(_, key)| key),
            is_sent,
            before: old.fields.get(&at),
            after: new.fields.get(&at),
        };
        for told in difference.told() {
            match &origin {
                Some((id, key)) => {
                    let subject = Subject::Type(self.type_label(id));
                    self.tell(&id.family.clone(), subject, told, key);
                }
                None => {
                    let told = match told {
                        Told::Sentence(weight, phrase) => {
                            let lead = format!("{} {}", part(section), phrase.lead);
                            Told::Sentence(weight, Phrase { lead, ..phrase })
                        }
                        counted => counted,
                    };
                    self.tell(&family, Subject::Entry(label.clone()), told, key);
                }
            }
        }
    }

    fn type_label(&self, id: &TypeId) -> String {
        let named = self.after.types.get(id).or_else(|| self.before.types.get(id));
        type_label(id, named)
    }

    /// Named types are names in the generated code, too.
    fn types(&mut self) {
        for (id, named) in &self.before.types {
            if !self.after.types.contains_key(id) {
                let text = format!("Removed type: {}", type_label(id, Some(named)));
                self.note(&id.family, Weight::Broken, text);
            }
        }
    }

    /// Event types that one state does not know, and that have no resource.
    fn events(&mut self) {
        let (before, after) = (known_events(self.before), known_events(self.after));
        for (event, family) in after.iter().filter(|(event, _)| !before.contains_key(*event)) {
            let text = format!("New event type without a known resource: `{event}`");
            self.note(family, Weight::Added, text);
        }
        let typed = |event: &str| {
            self.after.notifications.values().any(|one| one.events.iter().any(|e| e == event))
        };
        let gone: Vec<_> = before
            .iter()
            .filter(|(event, _)| !after.contains_key(*event) && !typed(event))
            .collect();
        for (event, family) in gone {
            let text = format!("The event type `{event}` is no longer known");
            self.note(family, Weight::Changed, text);
        }
    }
}

fn known_events(spec: &Spec) -> BTreeMap<String, String> {
    let families = spec.families.by_name.iter();
    let events = families.flat_map(|(name, family)| {
        family.events.iter().map(move |event| (event.clone(), name.clone()))
    });
    events.collect()
}

fn type_label(id: &TypeId, named: Option<&NamedType>) -> String {
    let title = named.and_then(|named| named.title.as_deref());
    let title = title.map(|title| format!(" ({title})")).unwrap_or_default();
    format!("`{}`{title}", id.name)
}

fn is_operation(place: &str) -> bool {
    Method::ALL.iter().any(|method| place.starts_with(&format!("{} ", method.wire())))
}

fn key(line: &Line) -> &str {
    match line {
        Line::Added { key, .. } | Line::Removed { key } | Line::Changed { key, .. } => key,
    }
}

/// The keys around a key: those of `a.b[].c` are `a.b[]`, `a.b` and `a`.
fn above(key: &str) -> impl Iterator<Item = &str> {
    let ends = key.char_indices().filter(|(_, letter)| ".[{".contains(*letter));
    ends.filter_map(|(at, _)| key.get(..at))
}

/// The type that a field is described in; none if it is another one than before.
fn origin(line: &Line, at: &Key, old: &Expanded, new: &Expanded) -> Option<(TypeId, String)> {
    let (before, after) = (old.origins.get(at), new.origins.get(at));
    let origin = match line {
        Line::Added { .. } => after,
        Line::Removed { .. } => before,
        Line::Changed { .. } => after.filter(|after| Some(*after) == before),
    };
    origin.cloned()
}

fn part(section: &str) -> &'static str {
    match section {
        "path" => "the URL",
        "query" => "the query",
        "header" => "the request's headers",
        "meta" => "the upload's meta",
        "parts" => "the upload's form",
        "response" => "the response",
        "resource" => "the resource",
        _ => "the request",
    }
}
