//! The sentences of the generated documentation.

use wxpay_spec::model::{
    CORE, Direction, Empty, EnumValue, Field, FieldType, Idempotency, Method, Note, Number,
    Operation, Primitive, Role, Spec, StringFormat,
};

use crate::ir::{Docs, Layout};
use crate::markdown::{code, inline, link, one_line, text};

/// An example longer than this says less than it takes to read.
const LONGEST_EXAMPLE: usize = 200;

/// What a reader should know of a field or a value that is on its way out.
const SUPERSEDED: &str = "Superseded: newer official material no longer has it.";

/// The first line of a field's documentation.
pub(super) fn summary(field: &Field) -> String {
    titled(field.title.as_deref(), &field.name)
}

/// A field of a struct.
pub(super) fn field(field: &Field, rust: &str, direction: Direction) -> Docs {
    let note = note(field.note.as_ref());
    let mut facts = facts(field, direction);
    if field.name != rust {
        facts.push(format!("On the wire: {}.", code(&field.name)));
    }
    Docs::new([summary(field), note, facts.join(" ")])
}

/// A type: its title, or else what it is on the wire.
pub(super) fn ty(title: Option<&str>, wire: &str, note: Option<&Note>) -> Docs {
    Docs::new([titled(title, wire), self::note(note)])
}

/// A remark: a paragraph in each of its languages, Chinese first.
pub(super) fn note(note: Option<&Note>) -> String {
    let texts = note.into_iter().flat_map(Note::texts).map(text);
    texts.collect::<Vec<_>>().join("\n\n")
}

/// A known value of an enum.
pub(super) fn variant(value: &EnumValue) -> Docs {
    let wire = value.wire.as_str();
    let title = value.title.as_deref();
    let line = match title.filter(|title| !title.trim().is_empty() && *title != wire) {
        Some(title) => format!("{} ({})", inline(title), code(wire)),
        None => code(wire),
    };
    let superseded = if value.superseded { SUPERSEDED } else { "" };
    Docs::new([line, superseded.to_owned()])
}

/// The method of the chain that makes a call.
pub(super) fn method(
    product: &str,
    operation: &Operation,
    method: Method,
    path: &str,
    host: Option<&str>,
) -> Docs {
    let address = code(&format!("{} {path}", method.wire()));
    let mut facts = vec![match host {
        Some(host) => format!("Sends {address} to {}.", code(host)),
        None => format!("Sends {address}."),
    }];
    let roles: Vec<_> = Role::ALL
        .iter()
        .filter(|(role, ..)| operation.roles.contains(role))
        .map(|(_, _, name)| *name)
        .collect();
    if !roles.is_empty() {
        facts.push(format!("For {}.", roles.join(", ")));
    }
    facts.push(repeat(&operation.idempotency));
    if !product.is_empty() {
        facts.push(format!("Product: {product}."));
    }
    let note = note(operation.note.as_ref());
    Docs::new([
        inline(&operation.title),
        facts.join(" "),
        note,
        official(&operation.docs, operation.updated.as_deref()),
    ])
}

/// The product that an operation or a notification belongs to, and how it gets into the crate.
pub(crate) fn product(spec: &Spec, family: &str, layout: Layout) -> String {
    let listed = spec.families.by_name.get(family);
    let title = listed.map(|family| inline(&family.title)).unwrap_or_default();
    if layout == Layout::Single {
        return title;
    }
    let feature = feature(spec, family);
    if title.is_empty() { feature } else { format!("{title} ({feature})") }
}

/// How a product gets into the crate.
pub(crate) fn feature(spec: &Spec, family: &str) -> String {
    let is_default = spec.families.by_name.get(family).is_some_and(|family| family.default);
    match (family, is_default) {
        (CORE, _) => "in every build".to_owned(),
        (family, true) => format!("cargo feature {}, on by default", code(family)),
        (family, false) => format!("cargo feature {}", code(family)),
    }
}

/// The pages that describe something, and when they last changed.
pub(super) fn official(pages: &[String], updated: Option<&str>) -> String {
    let changed =
        updated.map(|date| format!(", last changed {}", inline(date))).unwrap_or_default();
    match pages {
        [] => String::new(),
        [page] => format!("Official page: {}{changed}", link(page)),
        pages => {
            let links: Vec<_> = pages.iter().map(|page| link(page)).collect();
            format!("Official pages: {}{changed}", links.join(", "))
        }
    }
}

/// One argument of an operation's constructor, as an item of a list.
pub(super) fn argument(name: &str, field: Option<&Field>) -> String {
    let Some(field) = field else {
        return format!("* {}", code(name));
    };
    let mut facts = vec![format!("* {}: {}.", code(name), summary(field))];
    facts.extend(facts_of_value(field));
    facts.join(" ")
}

/// The reason not to use something. The compiler shows it as it is, so that nothing is escaped.
pub(super) fn deprecation(reason: &str) -> String {
    one_line(reason)
}

/// A text for the documentation's search; some letters are not allowed in one.
pub(super) fn label(plain: &str) -> Option<String> {
    let label = one_line(plain).replace(['"', '\''], "");
    let label = label.trim();
    (!label.is_empty()).then(|| label.to_owned())
}

fn titled(title: Option<&str>, wire: &str) -> String {
    match title.map(inline).filter(|title| !title.is_empty()) {
        Some(title) => title,
        None => code(wire),
    }
}

/// Whether an operation may be sent again.
pub(crate) fn repeat(repeat: &Idempotency) -> String {
    match repeat {
        Idempotency::Safe => "It changes nothing and is safe to retry.".to_owned(),
        Idempotency::Never => "A retry may do it twice.".to_owned(),
        Idempotency::NaturalKey(key) => format!("A retry with the same {} is safe.", code(key)),
    }
}

fn facts(field: &Field, direction: Direction) -> Vec<String> {
    let mut facts = Vec::new();
    match (field.optional, direction) {
        (true, _) => facts.push("Optional.".to_owned()),
        (false, Direction::Request) => facts.push("Required.".to_owned()),
        (false, Direction::Response) => {}
    }
    if field.superseded {
        facts.push(SUPERSEDED.to_owned());
    }
    if is_secret(&field.ty) {
        facts.push(match direction {
            Direction::Request => "Secret: encrypted before it is sent.".to_owned(),
            Direction::Response => "Secret: decrypted on arrival.".to_owned(),
        });
    }
    facts.extend(empty(field));
    facts.extend(other_place(field));
    facts.extend(facts_of_value(field));
    facts
}

/// That an empty value is one.
pub(crate) fn empty(field: &Field) -> Option<String> {
    let what = if matches!(field.ty, FieldType::List(_)) { "list" } else { "text" };
    match field.empty {
        Empty::Absent => None,
        Empty::Clears => Some(format!("An update sends an empty {what}, to clear it.")),
        Empty::Allowed => Some(format!("An empty {what} is a value and is sent.")),
    }
}

/// That it is the same value as another member.
pub(crate) fn other_place(field: &Field) -> Option<String> {
    let other = code(field.not_with.as_deref()?);
    Some(format!(
        "Not beside {other} of the body: the pages have it in both places, and which one WeChat Pay reads is open; \
         each is sent only where it is set."
    ))
}

/// What is worth knowing of a value, one sentence each.
pub(super) fn facts_of_value(field: &Field) -> Vec<String> {
    let mut facts = limits(field, code);
    facts.extend(field.example.as_ref().and_then(|example| example_fact(&example.0)));
    facts
}

/// What a value is and may be, one sentence each; `code` writes a text as code.
pub(crate) fn limits(field: &Field, code: fn(&str) -> String) -> Vec<String> {
    let mut facts = Vec::new();
    if matches!(field.ty, FieldType::JsonText(_)) {
        facts.push("JSON inside a string on the wire.".to_owned());
    }
    if let Some(format) = format(&field.ty) {
        facts.push(format!("Format: {}.", code(format)));
    }
    facts.extend(field.length.map(|length| length_fact(length, &field.ty)));
    facts.extend(field.range.as_ref().and_then(range_fact));
    facts.extend(field.pattern.as_ref().map(|pattern| format!("Matches {}.", code(pattern))));
    facts
}

/// Whether a value, or each of a list, is encrypted.
pub(crate) fn is_secret(ty: &FieldType) -> bool {
    match ty {
        FieldType::Primitive(Primitive::Secret(_)) => true,
        FieldType::List(item) => is_secret(item),
        _ => false,
    }
}

fn format(ty: &FieldType) -> Option<&str> {
    match ty {
        FieldType::Primitive(Primitive::String(Some(StringFormat::Other(format)))) => Some(format),
        FieldType::List(item) => format(item),
        _ => None,
    }
}

fn length_fact((least, most): (u64, Option<u64>), ty: &FieldType) -> String {
    let what = if matches!(ty, FieldType::List(_)) { "elements" } else { "characters" };
    match (least, most) {
        (0, Some(most)) => format!("At most {most} {what}."),
        (least, Some(most)) if least == most => format!("Exactly {most} {what}."),
        (least, Some(most)) => format!("{least} to {most} {what}."),
        (least, None) => format!("At least {least} {what}."),
    }
}

fn range_fact(range: &(Option<Number>, Option<Number>)) -> Option<String> {
    match range {
        (Some(Number(least)), Some(Number(most))) => Some(format!("From {least} to {most}.")),
        (Some(Number(least)), None) => Some(format!("At least {least}.")),
        (None, Some(Number(most))) => Some(format!("At most {most}.")),
        (None, None) => None,
    }
}

fn example_fact(example: &serde_json::Value) -> Option<String> {
    let shown = match example {
        serde_json::Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let fits = !shown.trim().is_empty() && shown.chars().count() <= LONGEST_EXAMPLE;
    fits.then(|| format!("Example: {}.", code(&shown)))
}
