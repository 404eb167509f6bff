//! Reads the extensions of our own documents (`docs/exporting.md`). Other documents have none of them.

use std::collections::BTreeMap;

use serde_yaml::Value;

use super::kind::shape;
use super::node::DocumentNode;
use crate::grammar::{FAMILY_NAME, RANGE, TYPE_REFERENCE};
use crate::model::{
    Computed, Condition, CorrectedFact, Corrects, Direction, Empty, EnumValue, Families, Family,
    Field, FieldType, Idempotency, Integrity, NamedType, Note, Notification, Number, Operation,
    PageInput, Paging, Primitive, Secret, Shape, TypeId,
};

/// The key that marks a document of descriptors.
pub(super) const MARK: &str = "x-descriptors";

/// The keys that only such a document has.
const KEYS: [&str; 26] = [
    MARK,
    "security",
    "x-ambiguous-with",
    "x-closure",
    "x-computed",
    "x-corrects",
    "x-deprecated",
    "x-description-en",
    "x-direction",
    "x-effect",
    "x-empty",
    "x-enum-rust",
    "x-family",
    "x-integrity",
    "x-names",
    "x-not-with",
    "x-pages",
    "x-path",
    "x-place",
    "x-range",
    "x-repeat",
    "x-rust",
    "x-secret",
    "x-type",
    "x-webhooks",
    "x-when",
];

/// Whether a key is read here.
pub(super) fn is_known(key: &str) -> bool {
    KEYS.contains(&key)
}

/// Reads the product families, which are tags with `x-family`.
pub(super) fn families(root: &DocumentNode<'_>) -> Families {
    let tags = if root.is_exported() { root.items("tags") } else { Vec::new() };
    Families { by_name: tags.iter().filter_map(family).collect() }
}

fn family(tag: &DocumentNode<'_>) -> Option<(String, Family)> {
    let facts = tag.get("x-family")?;
    let family = Family {
        title: tag.text("description").unwrap_or_default(),
        paths: facts.texts("paths"),
        events: facts.texts("events"),
        default: facts.says("default"),
    };
    Some((tag.text("name")?, family))
}

/// Reads the components that are named types.
pub(super) fn types(root: &DocumentNode<'_>) -> BTreeMap<TypeId, NamedType> {
    let components = root.get("components").filter(|_| root.is_exported());
    let Some(schemas) = components.and_then(|components| components.get("schemas")) else {
        return BTreeMap::new();
    };
    let named = |(_, node): (&str, DocumentNode<'_>)| {
        if node.document().budget.is_exceeded() {
            return None;
        }
        let id = type_id(&node)?;
        let node = node.called(format!("type {id}")).at_level(2);
        node.document().budget.enter();
        Some((id.clone(), named_type(&id, &node)))
    };
    schemas.entries().filter_map(named).collect()
}

fn named_type(id: &TypeId, node: &DocumentNode<'_>) -> NamedType {
    let shape = match shape(node) {
        FieldType::Enum { integer, values } => Shape::Enum { integer, values },
        FieldType::Object(fields) => Shape::Object { direction: direction(node), fields },
        _ => {
            node.remark("neither an object with members nor an enum: left empty");
            Shape::Object { direction: direction(node), fields: Vec::new() }
        }
    };
    NamedType {
        source: format!("types/{}.yaml", id.family),
        title: node.text("title"),
        note: note(node),
        corrects: node.text("x-corrects"),
        shape,
    }
}

/// Reads a note in one language or in two.
fn note(node: &DocumentNode<'_>) -> Option<Note> {
    match (node.text("description"), node.text("x-description-en")) {
        (Some(zh), Some(en)) => Some(Note::Bilingual { zh, en }),
        (zh, en) => zh.or(en).map(Note::Text),
    }
}

/// Reads one reason for all facts, or one for each corrected fact.
fn corrects<F: CorrectedFact>(node: &DocumentNode<'_>) -> Option<Corrects<F>> {
    if let Some(reason) = node.text("x-corrects") {
        return Some(Corrects::All(reason));
    }
    let given = node.get("x-corrects")?;
    let reason = |fact: &F| Some((*fact, given.text(fact.key())?));
    let facts: BTreeMap<F, String> = F::ALL.iter().filter_map(reason).collect();
    (!facts.is_empty()).then_some(Corrects::Facts(facts))
}

fn direction(node: &DocumentNode<'_>) -> Direction {
    match node.text("x-direction").as_deref() {
        Some("request") => Direction::Request,
        _ => Direction::Response,
    }
}

/// The type that a schema names: by a reference, or by one beside the facts of a member.
pub(super) fn named(schema: &DocumentNode<'_>) -> Option<TypeId> {
    let target = schema.referenced().filter(|target| target.is_exported())?;
    type_id(target)
}

/// Reads the name of a type, which is also the name of a file.
fn type_id(node: &DocumentNode<'_>) -> Option<TypeId> {
    let name = node.text("x-type")?;
    let id = TypeId::parse(&name).filter(|_| TYPE_REFERENCE.accepts(&name));
    if id.is_none() {
        node.remark(format!(
            "`{name}` is not a type's name such as `pay/Transaction`: written out"
        ));
    }
    id
}

/// Adds what only descriptors say about a member.
pub(super) fn field(schema: &DocumentNode<'_>, field: &mut Field) {
    if !schema.is_exported() {
        return;
    }
    field.note = note(schema);
    field.rust = schema.text("x-rust");
    field.corrects = corrects(schema);
    field.not_with = schema.text("x-not-with");
    field.empty = match schema.text("x-empty").as_deref() {
        Some("clears") => Empty::Clears,
        Some("allowed") => Empty::Allowed,
        _ => Empty::Absent,
    };
    field.computed = computed(schema);
    let range = schema.text("x-range").filter(|range| RANGE.accepts(range));
    if let Some((least, most)) = range.as_deref().and_then(|range| range.split_once("..")) {
        let bound = |text: &str| (!text.is_empty()).then(|| Number(text.to_owned()));
        field.range = Some((bound(least), bound(most)));
    }
    if let FieldType::Primitive(Primitive::Secret(secret)) = &mut field.ty
        && schema.text("x-secret").as_deref() == Some("bytes")
    {
        *secret = Secret::Bytes;
    }
}

fn computed(schema: &DocumentNode<'_>) -> Option<Computed> {
    match schema.text("x-computed").as_deref() {
        Some("sha256") => Some(Computed::Sha256),
        Some("sm3") => Some(Computed::Sm3),
        Some("file-name") => Some(Computed::FileName),
        _ => schema.text("const").map(Computed::Constant),
    }
}

/// Adds the hand-chosen names of an enum's values.
pub(super) fn names(schema: &DocumentNode<'_>, values: &mut [EnumValue]) {
    let Some(names) = schema.get("x-enum-rust").filter(|_| schema.is_exported()) else { return };
    for value in values {
        value.rust = names.text(&value.wire);
    }
}

/// Adds what only descriptors say about an operation.
pub(super) fn operation(node: &DocumentNode<'_>, operation: &mut Operation) {
    if !node.is_exported() {
        return;
    }
    operation.note = note(node);
    operation.corrects = corrects(node);
    operation.deprecated = node.text("x-deprecated").or(operation.deprecated.take());
    operation.idempotency = match node.text("x-repeat") {
        Some(word) if word == "safe" => Idempotency::Safe,
        Some(word) if word == "never" => Idempotency::Never,
        Some(member) => Idempotency::NaturalKey(member),
        None => operation.idempotency.clone(),
    };
    operation.updates = node.text("x-effect").as_deref() == Some("update");
    operation.keeps_closure = node.text("x-closure").as_deref() == Some("kept");
    operation.pages = node.get("x-pages").and_then(|pages| paging(&pages));
}

fn paging(node: &DocumentNode<'_>) -> Option<Paging> {
    let by = match (node.text("offset"), node.text("page"), node.text("token")) {
        (Some(input), ..) => PageInput::Offset(input),
        (None, Some(input), _) => {
            let first = node.raw("first").and_then(Value::as_i64).unwrap_or_default();
            PageInput::Number { input, first }
        }
        (None, None, input) => PageInput::Token { input: input?, next: node.text("next")? },
    };
    let (limit, total) = (node.text("limit"), node.text("total"));
    Some(Paging { items: node.text("items")?, by, limit, total })
}

/// Reads what proves a download to be whole.
pub(super) fn integrity(response: &DocumentNode<'_>) -> Integrity {
    match response.text("x-integrity").filter(|_| response.is_exported()).as_deref() {
        Some("sha1") => Integrity::Sha1,
        Some("signed-digest") => Integrity::SignedDigest,
        _ => Integrity::None,
    }
}

/// Reads a URL whose key among the paths has a fragment.
pub(super) fn path(key: &str, node: &DocumentNode<'_>) -> String {
    let path = node.text("x-path").filter(|_| node.is_exported());
    path.unwrap_or_else(|| key.to_owned())
}

/// Reads the hand-chosen names of a URL's segments.
pub(super) fn segments(node: &DocumentNode<'_>) -> BTreeMap<String, String> {
    let names = node.raw("x-names").and_then(Value::as_mapping);
    let name = |(wire, rust): (&Value, &Value)| {
        Some((wire.as_str()?.to_owned(), rust.as_str()?.to_owned()))
    };
    names.into_iter().flatten().filter_map(name).filter(|_| node.is_exported()).collect()
}

/// Adds what only descriptors say about a notification.
pub(super) fn notification(node: &DocumentNode<'_>, notification: &mut Notification) {
    if !node.is_exported() {
        return;
    }
    match node.text("x-place") {
        Some(place) if is_place(&place) => {
            notification.source = format!("notifications/{place}.yaml");
        }
        place => {
            let place = place.unwrap_or_default();
            node.remark(format!("`x-place: {place}` is no place below `notifications/`: left out"));
        }
    }
    let family = node.texts("tags").into_iter().next();
    if let Some(family) = family.filter(|family| FAMILY_NAME.accepts(family)) {
        notification.family = family;
    }
    notification.note = note(node);
    notification.rust = node.text("x-rust");
    notification.webhooks = node.texts("x-webhooks");
    notification.ambiguous_with = node.texts("x-ambiguous-with");
    if let Some(when) = node.get("x-when") {
        notification.condition =
            Condition { present: when.texts("present"), absent: when.texts("absent") };
    }
}

/// Whether a text is the path of a file below a folder, and leads nowhere else.
fn is_place(text: &str) -> bool {
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "_-.".contains(letter);
    text.split('/')
        .all(|part| !part.is_empty() && !part.starts_with('.') && part.chars().all(is_plain))
}
