//! References to named types: every type that a descriptor names exists and fits its place.

use std::collections::{BTreeMap, BTreeSet};

use crate::cursor::Cursor;
use crate::grammar::built_in_type;
use crate::model::place::{CONTENT, ELEMENT};
use crate::model::visit::{Visit, walk_named_type, walk_notification, walk_operation};
use crate::model::{CORE, Direction, EntryName, FieldPlace, NamedType, Shape, Spec, TypeId};
use crate::sources::Sources;
use crate::suggestion::{COMPARED, closest};

/// A place that names a type, and its YAML.
#[derive(Debug)]
pub(super) struct Reference<'a> {
    at: Cursor<'a>,
    /// The type that it names.
    pub(super) target: TypeId,
    pub(super) place: FieldPlace,
    /// The family of the entry that holds it.
    family: String,
    direction: Direction,
}

/// Collects every reference of all files.
pub(super) fn collect<'a>(spec: &Spec, sources: &'a Sources<'_>) -> Vec<Reference<'a>> {
    let mut all = Vec::new();
    for (id, named) in &spec.types {
        let entry = sources.file(&named.source).and_then(|file| file.get(&id.name));
        if let (Shape::Object { direction, .. }, Some(entry)) = (&named.shape, entry) {
            let place = FieldPlace::new(EntryName::Type(id.clone()));
            let mut collector = Collector::new(&mut all, entry, &id.family, *direction);
            walk_named_type(&mut collector, &place, named);
        }
    }
    for endpoint in spec.endpoints.values() {
        let Some(file) = sources.file(&endpoint.source) else { continue };
        for (method, operation) in &endpoint.operations {
            if let Some(entry) = file.get(method.key()) {
                let place = FieldPlace::new(EntryName::Operation(*method, endpoint.path.clone()));
                let request = Direction::Request;
                let mut collector = Collector::new(&mut all, entry, &endpoint.family, request);
                walk_operation(&mut collector, &place, operation);
            }
        }
    }
    for (name, notification) in &spec.notifications {
        if let Some(entry) = sources.file(&notification.source) {
            let place = FieldPlace::new(EntryName::Notification(name.clone()));
            let response = Direction::Response;
            let mut collector = Collector::new(&mut all, entry, &notification.family, response);
            walk_notification(&mut collector, &place, notification);
        }
    }
    all
}

struct Collector<'c, 'a> {
    all: &'c mut Vec<Reference<'a>>,
    /// The YAML of the entry.
    entry: Cursor<'a>,
    family: &'c str,
    /// The direction of a named type; the places of other entries have their own.
    direction: Direction,
}

impl<'c, 'a> Collector<'c, 'a> {
    fn new(
        all: &'c mut Vec<Reference<'a>>,
        entry: Cursor<'a>,
        family: &'c str,
        direction: Direction,
    ) -> Self {
        Self { all, entry, family, direction }
    }
}

impl<'s> Visit<'s> for Collector<'_, '_> {
    fn visit_reference(&mut self, place: &FieldPlace, id: &'s TypeId) {
        let direction = place.direction().unwrap_or(self.direction);
        // A part that cannot be read as a field is already reported.
        self.all.extend(locate(&self.entry, place).map(|at| Reference {
            at,
            target: id.clone(),
            place: place.clone(),
            family: self.family.to_owned(),
            direction,
        }));
    }
}

/// The YAML value that names the type of a place.
fn locate<'a>(entry: &Cursor<'a>, place: &FieldPlace) -> Option<Cursor<'a>> {
    let mut keys = place.keys.iter().map(String::as_str);
    let members = match place.entry {
        EntryName::Type(_) => entry.get("fields")?,
        EntryName::Operation(..) | EntryName::Notification(_) => match keys.next()? {
            part @ ("meta" | "parts") => entry.get("upload")?.get(part)?,
            section => entry.get(section)?,
        },
    };
    let Some(first) = keys.next() else { return Some(members) };
    let mut at = members.member(first)?;
    for key in keys {
        at = match key {
            ELEMENT => at.get("items")?,
            CONTENT => at.get("content")?,
            name => at.get("fields")?.member(name)?,
        };
    }
    at.get("type")
}

/// Reports references to types that are missing or do not fit.
///
/// Returns the types that missing references probably mean.
pub(super) fn check(
    references: &[Reference<'_>],
    spec: &Spec,
    sources: &Sources<'_>,
) -> BTreeSet<TypeId> {
    let mut meant = BTreeSet::new();
    for reference in references {
        match spec.types.get(&reference.target).map(|named| &named.shape) {
            None if reference.at.is_wrong() => {}
            None => meant.extend(missing(reference, spec, sources)),
            Some(Shape::Enum { .. }) if reference.is_body() => {
                reference.error("is an enum", "expected an object type as a body");
            }
            Some(Shape::Object { direction, .. }) if *direction != reference.direction => {
                wrong_direction(reference, *direction, sources);
            }
            Some(_) => {}
        }
        if reference.family == CORE && reference.target.family != CORE {
            reference.error(
                "is not in the family `core`",
                "`core` is always compiled, so it may only use types of `core`",
            );
        }
    }
    meant
}

impl Reference<'_> {
    /// Whether the reference is the type of a whole request, response or resource.
    fn is_body(&self) -> bool {
        self.place.keys.len() == 1 && !matches!(self.place.entry, EntryName::Type(_))
    }

    /// Whether the value is sent as plain text: in a URL, a header or a part of a form.
    fn is_text(&self) -> bool {
        let section = self.place.keys.first().map(String::as_str);
        matches!(self.place.entry, EntryName::Operation(..))
            && matches!(section, Some("path" | "query" | "header" | "parts"))
            && !self.place.keys.iter().any(|key| key == CONTENT)
    }

    /// Whether a list is around it.
    pub(super) fn is_in_list(&self) -> bool {
        self.place.keys.iter().any(|key| key == ELEMENT)
    }

    pub(super) fn error(&self, what: &str, help: &str) {
        self.at.error(
            &format!("the type `{}` {what}", self.spelling(&self.target)),
            Some(help.to_owned()),
        );
    }

    /// The spelling of a type in a descriptor of the reference's family.
    fn spelling(&self, id: &TypeId) -> String {
        if id.family == self.family {
            id.name.clone()
        } else {
            format!("{}/{}", id.family, id.name)
        }
    }
}

fn wrong_direction(reference: &Reference<'_>, direction: Direction, sources: &Sources<'_>) {
    if !is_sound(&reference.target, sources) {
        return;
    }
    match direction {
        Direction::Request => {
            reference
                .error("has `direction: request`", "expected a type with `direction: response`");
        }
        Direction::Response => {
            reference
                .error("has `direction: response`", "expected a type with `direction: request`");
        }
    }
}

/// Whether the direction of a type has no mistake.
fn is_sound(id: &TypeId, sources: &Sources<'_>) -> bool {
    let file = sources.file(&format!("types/{}.yaml", id.family));
    let entry = file.and_then(|file| file.get(&id.name));
    entry.is_some_and(|entry| {
        let keys = ["direction", "fields"].map(|key| entry.get(key));
        !entry.is_wrong() && keys.iter().flatten().all(|key| !key.is_wrong())
    })
}

fn missing(reference: &Reference<'_>, spec: &Spec, sources: &Sources<'_>) -> Option<TypeId> {
    let file = format!("types/{}.yaml", reference.target.family);
    if sources.is_unreadable(&file) {
        return None;
    }
    let elsewhere = spec.types.keys().find(|id| id.name == reference.target.name);
    let spelling = |id: &TypeId| reference.spelling(id);
    let spellings: Vec<(String, &TypeId)> =
        spec.types.keys().take(COMPARED).map(|id| (spelling(id), id)).collect();
    let wanted = spelling(&reference.target);
    let close = closest(&wanted, spellings.iter().map(|(text, _)| text.as_str()));
    let close = spellings.iter().find(|(text, _)| Some(text.as_str()) == close).map(|(_, id)| *id);
    let meant = elsewhere.or(close);
    let help = match (meant, built_in_type(&wanted)) {
        (Some(id), _) => format!("did you mean `{}`?", spelling(id)),
        (None, Some(help)) => help,
        (None, None) => format!("add it to `{file}`"),
    };
    reference.error("does not exist", &help);
    meant.cloned()
}

/// Checks that plain texts name no object types.
pub(super) fn check_text_members(
    references: &[Reference<'_>],
    types: &BTreeMap<TypeId, NamedType>,
) {
    for reference in references.iter().filter(|reference| reference.is_text()) {
        let shape = types.get(&reference.target).map(|named| &named.shape);
        if let Some(Shape::Object { .. }) = shape {
            reference
                .error("is an object", "expected an enum type in a URL, a header or a text part");
        }
    }
}
