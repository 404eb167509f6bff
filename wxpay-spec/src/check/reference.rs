use std::collections::BTreeSet;

use crate::cursor::Cursor;
use crate::grammar::built_in_type;
use crate::model::{
    Body, CORE, Direction, Field, FieldType, Input, Operation, Response, Shape, Spec, TypeId,
};
use crate::sources::Sources;
use crate::suggestion::closest;

/// A place that names a type.
#[derive(Debug)]
pub(super) struct Reference<'a> {
    pub(super) at: Cursor<'a>,
    pub(super) target: TypeId,
    pub(super) owner: Owner,
    pub(super) place: Place,
    direction: Direction,
}

/// What a reference stands in.
#[derive(Clone, Debug)]
pub(super) enum Owner {
    /// A named type.
    Type(TypeId),
    /// An endpoint or a notification of a family.
    Entry(String),
}

/// What kind of place it is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Place {
    /// A whole body, which must be an object.
    Body,
    /// A member of a body, a list's element included.
    Member { in_list: bool },
    /// A member that travels as plain text, which must be an enum.
    Text,
}

impl Owner {
    fn family(&self) -> &str {
        match self {
            Self::Type(id) => &id.family,
            Self::Entry(family) => family,
        }
    }
}

/// Every reference of all files.
pub(super) fn collect<'a>(spec: &Spec, sources: &'a Sources<'_>) -> Vec<Reference<'a>> {
    let mut all = Vec::new();
    for (id, named) in &spec.types {
        let entry = sources.file(&named.source).and_then(|file| file.get(&id.name));
        if let (Shape::Object { direction, fields }, Some(entry)) = (&named.shape, entry) {
            let mut collector =
                Collector { all: &mut all, owner: Owner::Type(id.clone()), direction: *direction };
            collector.members(entry.get("fields"), fields, Place::Member { in_list: false });
        }
    }
    for endpoint in spec.endpoints.values() {
        let Some(file) = sources.file(&endpoint.source) else {
            continue;
        };
        for (method, operation) in &endpoint.operations {
            if let Some(at) = file.get(method.key()) {
                let owner = Owner::Entry(endpoint.family.clone());
                operation_references(&mut all, &owner, &at, operation);
            }
        }
    }
    for notification in spec.notifications.values() {
        let owner = Owner::Entry(notification.family.clone());
        let mut collector = Collector { all: &mut all, owner, direction: Direction::Response };
        let resource = sources.file(&notification.source).and_then(|file| file.get("resource"));
        collector.body(resource, &notification.resource);
    }
    all
}

fn operation_references<'a>(
    all: &mut Vec<Reference<'a>>,
    owner: &Owner,
    at: &Cursor<'a>,
    operation: &Operation,
) {
    let mut collector = Collector { all, owner: owner.clone(), direction: Direction::Request };
    collector.members(at.get("path"), &operation.path, Place::Text);
    collector.members(at.get("query"), &operation.query, Place::Text);
    collector.members(at.get("header"), &operation.header, Place::Text);
    match &operation.input {
        Input::None => {}
        Input::Json(body) => collector.body(at.get("request"), body),
        Input::Upload(upload) => {
            let parts = at.get("upload");
            let place = |key| parts.as_ref().and_then(|parts| parts.get(key));
            collector.members(place("meta"), &upload.meta, Place::Member { in_list: false });
            collector.members(place("parts"), &upload.parts, Place::Text);
        }
    }
    collector.direction = Direction::Response;
    if let Response::Json { body, .. } = &operation.response {
        collector.body(at.get("response"), body);
    }
}

struct Collector<'c, 'a> {
    all: &'c mut Vec<Reference<'a>>,
    owner: Owner,
    direction: Direction,
}

impl<'a> Collector<'_, 'a> {
    fn body(&mut self, at: Option<Cursor<'a>>, body: &Body) {
        match (at, body) {
            (Some(at), Body::Named(id)) => self.add(at, id, Place::Body),
            (at, Body::Fields(fields)) => {
                self.members(at, fields, Place::Member { in_list: false })
            }
            (None, Body::Named(_)) => {}
        }
    }

    fn members(&mut self, at: Option<Cursor<'a>>, fields: &[Field], place: Place) {
        let Some(at) = at else { return };
        for field in fields {
            if let Some(member) = at.member(&field.name) {
                self.field_type(&member, &field.ty, place);
            }
        }
    }

    fn field_type(&mut self, at: &Cursor<'a>, ty: &FieldType, place: Place) {
        match ty {
            FieldType::Primitive(_) | FieldType::Enum { .. } => {}
            FieldType::Named(id) => {
                if let Some(at) = at.get("type") {
                    self.add(at, id, place);
                }
            }
            FieldType::Object(fields) => self.members(at.get("fields"), fields, place),
            FieldType::List(element) => {
                let place =
                    if place == Place::Text { place } else { Place::Member { in_list: true } };
                if let Some(items) = at.get("items") {
                    self.field_type(&items, element, place);
                }
            }
            FieldType::JsonText(content) => {
                let in_list = place == (Place::Member { in_list: true });
                if let Some(inside) = at.get("content") {
                    self.field_type(&inside, content, Place::Member { in_list });
                }
            }
        }
    }

    fn add(&mut self, at: Cursor<'a>, target: &TypeId, place: Place) {
        let owner = self.owner.clone();
        self.all.push(Reference {
            at,
            target: target.clone(),
            owner,
            place,
            direction: self.direction,
        });
    }
}

/// Reports references to nothing or to what does not fit; the types that were probably meant.
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
            Some(Shape::Enum { .. }) if reference.place == Place::Body => {
                reference.error("is an enum", "expected an object type as a body");
            }
            Some(Shape::Object { direction, .. }) if *direction != reference.direction => {
                wrong_direction(reference, *direction, sources);
            }
            Some(_) => {}
        }
        if reference.owner.family() == CORE && reference.target.family != CORE {
            reference.error(
                "is not of the family `core`",
                "what belongs to no product is always compiled in and refers only to its like",
            );
        }
    }
    meant
}

impl Reference<'_> {
    pub(super) fn error(&self, what: &str, help: &str) {
        self.at.error(
            &format!("the type `{}` {what}", self.spelling(&self.target)),
            Some(help.to_owned()),
        );
    }

    /// How a descriptor of the owner's family spells a type.
    fn spelling(&self, id: &TypeId) -> String {
        if id.family == self.owner.family() {
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
            reference.error("is for requests", "expected a type with `direction: response`");
        }
        Direction::Response => {
            reference.error("is for responses", "expected a type with `direction: request`");
        }
    }
}

/// Whether the direction of a type could be read; otherwise it is not known.
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
        spec.types.keys().map(|id| (spelling(id), id)).collect();
    let wanted = spelling(&reference.target);
    let close = closest(&wanted, spellings.iter().map(|(text, _)| text.as_str()));
    let close = spellings.iter().find(|(text, _)| Some(text.as_str()) == close).map(|(_, id)| *id);
    let meant = elsewhere.or(close);
    let help = match (meant, built_in_type(&wanted)) {
        (Some(id), _) => format!("did you mean `{}`?", spelling(id)),
        (None, Some(help)) => help,
        (None, None) => format!("expected an entry in `{file}`"),
    };
    reference.error("does not exist", &help);
    meant.cloned()
}
