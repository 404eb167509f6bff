//! The types that the tree defines: structs with their fields, and open enums.

use std::fmt;

use wxpay_spec::model::Empty;

use super::names::{Docs, Ident, Name, Stage, TypePath};

/// A type that the tree defines.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Definition {
    Request(RequestStruct),
    Response(ResponseStruct),
    Enum(OpenEnum),
}

/// A struct of a request: staged builder, setters, encoding.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct RequestStruct {
    pub(crate) path: TypePath,
    pub(crate) docs: Docs,
    pub(crate) fields: Vec<Field>,
    /// The members of its JSON. `None` if the struct never becomes JSON.
    pub(crate) members: Option<Vec<Member>>,
    pub(crate) companion: Option<Companion>,
    /// Whether a list may contain it. A list builds its elements one by one.
    pub(crate) listed: bool,
    /// Whether another struct may require it. That struct's builder starts with an empty one.
    pub(crate) held: bool,
}

/// A struct of a response. Decoding it never fails.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct ResponseStruct {
    pub(crate) path: TypePath,
    pub(crate) docs: Docs,
    pub(crate) fields: Vec<Field>,
    pub(crate) companion: Option<Companion>,
    /// The kinds of notification whose resource it is.
    pub(crate) shapes: Vec<NotificationShape>,
}

/// The module of a struct's builder stages and nested types.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Companion {
    pub(crate) name: Ident,
    pub(crate) docs: Docs,
    pub(crate) types: Vec<Definition>,
}

/// A member of a JSON object in a request.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Member {
    pub(crate) wire: String,
    pub(crate) value: Value,
}

/// The source of a member's value.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Value {
    Field(Ident),
    /// The field, as JSON inside a string.
    JsonText(Ident),
    /// A field or JSON text that every request sends, even if it is empty.
    MayBeEmpty(Box<Value>),
    /// A field or JSON text that an update sends even if it is empty.
    Clears(Box<Value>),
    FileSha256,
    FileSm3,
    FileName,
    Constant(String),
}

impl Definition {
    /// Notes the kinds of notification whose resource the type is.
    pub(crate) fn carried_by(self, shapes: Vec<NotificationShape>) -> Self {
        match self {
            Self::Response(received) => Self::Response(ResponseStruct { shapes, ..received }),
            other => other,
        }
    }

    /// Allows the type as an element of lists.
    pub(crate) fn allow_in_lists(&mut self) {
        if let Self::Request(sent) = self {
            sent.listed = true;
        }
    }

    /// Allows the type as a required field of another struct.
    pub(crate) fn allow_as_required(&mut self) {
        if let Self::Request(sent) = self {
            sent.held = true;
        }
    }
}

impl RequestStruct {
    /// The required fields, in the order of the builder's stages.
    pub(crate) fn required(&self) -> impl Iterator<Item = &Field> {
        self.fields.iter().filter(|field| !field.optional)
    }

    /// The first stage of the builder. `None` if nothing is required.
    pub(crate) fn start(&self) -> Option<Stage> {
        let companion = self.path.module.child(&self.companion.as_ref()?.name);
        let field = self.required().next()?.name.rust.clone();
        Some(Stage { companion, field })
    }
}

impl Value {
    /// The value that a member takes from a field.
    pub(crate) fn of(name: &Name, json_text: bool, empty: Empty) -> Self {
        let name = name.rust.clone();
        let value = if json_text { Self::JsonText(name) } else { Self::Field(name) };
        match empty {
            Empty::Absent => value,
            Empty::Clears => Self::Clears(Box::new(value)),
            Empty::Allowed => Self::MayBeEmpty(Box::new(value)),
        }
    }
}

/// A field of a generated struct.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Field {
    pub(crate) name: Name,
    pub(crate) docs: Docs,
    /// The first line of `docs`, for the setter.
    pub(crate) summary: Docs,
    pub(crate) ty: Ty,
    /// Whether it is optional in the descriptor.
    pub(crate) optional: bool,
    /// Whether the struct's field is an `Option`.
    pub(crate) wrapped: bool,
    /// Whether its value on the wire is JSON inside a string.
    pub(crate) json_text: bool,
    /// Whether another member has the same value. Samples with all inputs leave this one out.
    pub(crate) is_second: bool,
    pub(crate) sample: Sample,
    /// The text that readers see instead of a missing example.
    pub(crate) placeholder: Option<String>,
}

/// The Rust type of a value, without the `Option` around it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Ty {
    String,
    Integer,
    Number,
    Boolean,
    Timestamp,
    Secret,
    SecretBytes,
    Json,
    File,
    Enum(TypePath),
    Object {
        path: TypePath,
        /// The first stage of its builder. `None` in responses, and if nothing is required.
        start: Option<Stage>,
    },
    List(Box<Ty>),
}

impl Ty {
    /// Whether a response needs an `Option` for an absent value. `0` and `false` are values, while
    /// an empty text means an absent one.
    pub(crate) fn is_optional_in_responses(&self) -> bool {
        matches!(self, Self::Integer | Self::Number | Self::Boolean | Self::Object { .. })
    }
}

impl fmt::Display for Ty {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::String => out.write_str("String"),
            Self::Integer => out.write_str("i64"),
            Self::Number => out.write_str("f64"),
            Self::Boolean => out.write_str("bool"),
            Self::Timestamp => out.write_str("Timestamp"),
            Self::Secret => out.write_str("Secret"),
            Self::SecretBytes => out.write_str("SecretBytes"),
            Self::Json => out.write_str("Json"),
            Self::File => out.write_str("File"),
            Self::Enum(path) | Self::Object { path, .. } => path.fmt(out),
            Self::List(item) => write!(out, "Vec<{item}>"),
        }
    }
}

/// The value of a field in samples.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Sample {
    /// A JSON value. For a list it is an array, for a file the file's name.
    Plain(serde_json::Value),
    /// A secret. Tests replace it, readers see the example.
    Secret {
        /// The bounds of its length.
        length: Option<(u64, Option<u64>)>,
        /// An example in plain text.
        example: String,
    },
    /// An object made of its fields' samples, or a list of that many such objects.
    Parts(usize),
}

/// An enum that keeps unknown values.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct OpenEnum {
    pub(crate) path: TypePath,
    pub(crate) docs: Docs,
    /// Whether a value is an integer on the wire.
    pub(crate) integer: bool,
    pub(crate) variants: Vec<Variant>,
}

/// A known value.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Variant {
    pub(crate) name: Name,
    pub(crate) docs: Docs,
}

/// The facts that distinguish a resource from others of the same event.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct NotificationShape {
    pub(crate) events: Vec<String>,
    /// The events that resources with another `original_type` have too.
    pub(crate) shared: Vec<String>,
    pub(crate) original_type: Option<String>,
    pub(crate) present: Vec<String>,
    pub(crate) absent: Vec<String>,
}
