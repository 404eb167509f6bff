//! Makes identifiers, which no other module does, and reports names that are equal.

mod reserved;
mod spelling;

use std::collections::BTreeMap;
use std::fmt;

use wxpay_spec::rust_name::{is_keyword, snake_case};

pub(super) use spelling::element;

use crate::error::{Error, Errors};
use crate::ir::Ident;
use spelling::{is_identifier, upper_camel};

/// The use of an identifier. It decides the spelling and the reserved names.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum NameKind {
    /// A field of a request, with its setter and its builder stage.
    RequestField,
    /// A field of an upload's request.
    UploadField,
    /// A field of a response.
    ResponseField,
    /// The first segment of a URL.
    RootSegment,
    /// Any other segment of a URL: a method of the chain, and a module for literals.
    Segment,
    /// An argument of an operation's constructor.
    Argument,
    /// A module for a notification, a product or a feature.
    Module,
    /// The companion module of a type.
    Companion,
    /// A type.
    Type,
    /// A variant of an open enum.
    Variant,
    /// A variant of the enum of notifications.
    Event,
}

/// Makes the identifier for a text on the wire. `None` if the text has no letter and no digit.
pub(super) fn from_wire(wire: &str, kind: NameKind) -> Option<Ident> {
    let text = if kind.is_camel() { upper_camel(wire)? } else { snake_case(wire)? };
    Some(escape(text, kind))
}

/// Escapes an identifier that a descriptor chooses. `None` if its spelling does not follow Rust's
/// conventions.
pub(super) fn by_hand(text: &str, kind: NameKind) -> Option<Ident> {
    let spelled = if kind.is_camel() {
        is_identifier(text) && !text.starts_with(|c: char| c.is_lowercase() || c == '_')
    } else {
        is_identifier(text) && !text.chars().any(char::is_uppercase)
    };
    spelled.then(|| escape(text.to_owned(), kind))
}

/// Names the companion module of a type. In a script without letter case both names would be equal,
/// so that the module gets a `_`.
pub(super) fn companion(name: &Ident) -> Ident {
    let text = snake_case(&name.text).unwrap_or_default();
    if text == name.text {
        return Ident { text: format!("{text}_"), raw: false };
    }
    escape(text, NameKind::Companion)
}

/// Names the module of a path parameter, such as `_out_order_no_`. Literal segments hardly have
/// such names.
pub(super) fn parameter_module(name: &Ident) -> Ident {
    Ident { text: format!("_{}_", name.text.trim_matches('_')), raw: false }
}

/// Makes an identifier from a name of the generator, which is no keyword.
pub(super) fn fixed(text: &'static str) -> Ident {
    Ident { text: text.to_owned(), raw: false }
}

fn escape(mut text: String, kind: NameKind) -> Ident {
    let taken = kind.reserved().iter().any(|list| list.contains(&text.as_str()));
    if taken || reserved::NEVER_RAW.contains(&text.as_str()) {
        text.push('_');
    }
    let raw = is_keyword(&text);
    Ident { text, raw }
}

impl NameKind {
    /// Whether the spelling is `UpperCamelCase`, not `snake_case`.
    pub(super) fn is_camel(self) -> bool {
        matches!(self, Self::Type | Self::Variant | Self::Event)
    }

    fn reserved(self) -> &'static [&'static [&'static str]] {
        use reserved as r;
        match self {
            Self::RequestField => &[r::REQUEST_MEMBERS],
            Self::UploadField => &[r::REQUEST_MEMBERS, r::UPLOAD_MEMBERS],
            Self::ResponseField => &[],
            Self::RootSegment => &[r::NODE_MEMBERS, r::PRIMITIVES, r::ROOT_MEMBERS],
            Self::Segment => &[r::NODE_MEMBERS, r::PRIMITIVES],
            Self::Argument => &[r::OPERATION_ARGUMENTS],
            Self::Module => &[r::PRIMITIVES, r::RESOURCE_MEMBERS],
            Self::Companion => &[r::PRIMITIVES],
            Self::Type => &[r::PRELUDE, r::BUILDER_PARTS],
            Self::Variant => &[r::PRELUDE, r::ENUM_VARIANTS],
            Self::Event => &[r::PRELUDE, r::EVENT_VARIANTS],
        }
    }
}

/// Makes the identifier for a wire name, or for the name that a descriptor chooses instead.
pub(super) fn name(
    wire: &str,
    rust: Option<&str>,
    kind: NameKind,
    place: impl ToString,
    errors: &mut Errors,
) -> Option<Ident> {
    let ident = match rust {
        Some(text) => by_hand(text, kind),
        None => from_wire(wire, kind),
    };
    if ident.is_none() {
        errors.add(Error::new(place, unusable(wire, rust, kind)));
    }
    ident
}

fn unusable(wire: &str, rust: Option<&str>, kind: NameKind) -> String {
    match rust {
        Some(text) if kind.is_camel() => {
            format!("`{text}` is not a Rust name in UpperCamelCase: correct it")
        }
        Some(text) => format!("`{text}` is not a Rust name in snake_case: correct it"),
        None => format!("`{wire}` has no letter or digit for a Rust name: choose a name by hand"),
    }
}

/// A place in the descriptors: a file, and the keys that lead to the entry.
///
/// It borrows its keys. Only an error, which is rare, makes a text of them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place<'a> {
    parent: Option<&'a Place<'a>>,
    text: &'a str,
}

impl<'a> Place<'a> {
    pub(super) fn file(source: &'a str) -> Self {
        Self { parent: None, text: source }
    }

    pub(super) fn key(&'a self, key: &'a str) -> Self {
        Self { parent: Some(self), text: key }
    }
}

impl fmt::Display for Place<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(parent) = self.parent {
            let separator = if parent.parent.is_some() { "." } else { ": " };
            write!(out, "{parent}{separator}")?;
        }
        out.write_str(self.text)
    }
}

/// The names of one namespace, each with the place that uses it.
#[derive(Debug, Default)]
pub(super) struct Scope {
    taken: BTreeMap<Ident, String>,
}

impl Scope {
    /// Reserves a name. If the name is taken, the error names both places.
    pub(super) fn claim(&mut self, name: &Ident, place: impl ToString, errors: &mut Errors) {
        let place = place.to_string();
        if let Some(first) = self.taken.get(name) {
            errors.add(Error::between(
                first,
                place,
                format!("both become `{name}` in Rust: give one of them another name"),
            ));
            return;
        }
        self.taken.insert(name.clone(), place);
    }
}
