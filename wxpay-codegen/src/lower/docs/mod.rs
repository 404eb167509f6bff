//! Writes the sentences of the generated documentation.

mod search;

use wxpay_spec::model::{
    CORE, Direction, Empty, EnumValue, Field, FieldType, Idempotency, Method, Note,
    NotificationResponse, Number, Operation, Primitive, Role, Spec, StringFormat,
};

pub(super) use search::{SearchWords, label};

use crate::ir::{Docs, Layout};
use crate::markdown::{code, inline, link, one_line, text};

/// Longer examples take more time to read than they explain.
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

/// A type: its title, or its name on the wire.
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

/// The response that a notification asks for.
pub(super) fn notification_response(title: &str, response: &NotificationResponse) -> Docs {
    let mut facts =
        vec!["WeChat Pay waits for it: send it with `Acknowledgement::respond`.".to_owned()];
    facts.extend(response.time_limit.map(|seconds| format!("It is due within {seconds} s.")));
    let signed = "It must be signed: see `Acknowledgement::with_authorization`.";
    facts.extend(response.signed.then(|| signed.to_owned()));
    Docs::new([format!("{}: the response.", inline(title)), facts.join(" ")])
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
    facts.push(retry(&operation.idempotency));
    if operation.pages.is_some() {
        facts.push("The list comes in pages: `.items()` or `.pages()` fetch all of it.".to_owned());
    }
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

/// The product of an operation or a notification, and its cargo feature.
pub(crate) fn product(spec: &Spec, family: &str, layout: Layout) -> String {
    let listed = spec.families.by_name.get(family);
    let title = listed.map(|family| inline(&family.title)).unwrap_or_default();
    if layout == Layout::Single {
        return title;
    }
    let feature = feature(spec, family);
    if title.is_empty() { feature } else { format!("{title} ({feature})") }
}

/// The cargo feature of a product.
pub(crate) fn feature(spec: &Spec, family: &str) -> String {
    let is_default = spec.families.by_name.get(family).is_some_and(|family| family.default);
    match (family, is_default) {
        (CORE, _) => "in every build".to_owned(),
        (family, true) => format!("cargo feature {}, on by default", code(family)),
        (family, false) => format!("cargo feature {}", code(family)),
    }
}

/// Links to the official pages, and their last change.
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

/// The reason for a deprecation. The compiler shows it as plain text, so that nothing is escaped.
pub(super) fn deprecation(reason: &str) -> String {
    one_line(reason)
}

fn titled(title: Option<&str>, wire: &str) -> String {
    match title.map(inline).filter(|title| !title.is_empty()) {
        Some(title) => title,
        None => code(wire),
    }
}

/// Whether a retry of an operation is safe.
pub(crate) fn retry(idempotency: &Idempotency) -> String {
    match idempotency {
        Idempotency::Safe => "A retry is safe, because the operation changes nothing.".to_owned(),
        Idempotency::Never => "A retry may execute the operation twice.".to_owned(),
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
            Direction::Request => "Secret: the client encrypts it.".to_owned(),
            Direction::Response => "Secret: the client decrypts it.".to_owned(),
        });
    }
    facts.extend(empty(field));
    facts.extend(other_place(field));
    facts.extend(facts_of_value(field));
    facts
}

/// What an empty value means, if a request may have one.
pub(crate) fn empty(field: &Field) -> Option<String> {
    let what = if matches!(field.ty, FieldType::List(_)) { "list" } else { "text" };
    match field.empty {
        Empty::Absent => None,
        Empty::Clears => Some(format!("An update sends an empty {what} to clear the member.")),
        Empty::Allowed => Some(format!("An empty {what} is a value: the client sends it.")),
    }
}

/// The note that another member has the same value.
pub(crate) fn other_place(field: &Field) -> Option<String> {
    let other = code(field.not_with.as_deref()?);
    Some(format!(
        "Set either this member or {other} of the body. The official pages show both and do not say which one \
         WeChat Pay reads."
    ))
}

/// The limits of a value and an example, one sentence each.
pub(super) fn facts_of_value(field: &Field) -> Vec<String> {
    let mut facts = limits(field, code);
    facts.extend(field.example.as_ref().and_then(|example| example_fact(&example.0)));
    facts
}

/// The format and the limits of a value, one sentence each. `code` formats a text as code.
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

/// Whether a value, or each element of a list, is encrypted.
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
