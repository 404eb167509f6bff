//! Fields with their types and notes, and the named types that several descriptors share.

use std::collections::BTreeMap;
use std::fmt;

use serde_json::{Map, Value};

use super::correction::{Corrects, FieldFact};

/// One member of a request, a response, a query, an upload's meta or a notification.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// The name on the wire.
    pub name: String,
    /// Whether the key ended in `?`.
    pub optional: bool,
    /// The value's type.
    pub ty: FieldType,
    /// The official short label.
    pub title: Option<String>,
    /// A remark for the reader of the generated documentation.
    pub note: Option<Note>,
    /// Whether newer official material no longer has it. Such a field is optional.
    pub superseded: bool,
    /// An example value in plain text, also for secrets.
    pub example: Option<Example>,
    /// The least and the most characters of a string, or elements of a list.
    pub length: Option<(u64, Option<u64>)>,
    /// The least and the greatest value of an integer or a number, as written.
    pub range: Option<(Option<Number>, Option<Number>)>,
    /// A regular expression that the text must match, for the documentation and the sandbox.
    pub pattern: Option<String>,
    /// The meaning of an empty text or list.
    pub empty: Empty,
    /// The Rust name of another member of the request that carries the same value. Only one of the
    /// two may be set.
    pub not_with: Option<String>,
    /// The value that the client computes.
    pub computed: Option<Computed>,
    /// A hand-chosen Rust name.
    pub rust: Option<String>,
    /// Why this field departs from the imported facts on purpose.
    pub corrects: Option<Corrects<FieldFact>>,
}

/// A remark for the reader of the generated documentation.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Note {
    /// One text for every reader.
    Text(String),
    /// The same remark in two languages.
    Bilingual {
        /// In Chinese.
        zh: String,
        /// In English.
        en: String,
    },
}

impl Note {
    /// Returns the texts in the order of the documentation: Chinese, then English.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        let (first, second) = match self {
            Self::Text(text) => (text, None),
            Self::Bilingual { zh, en } => (zh, Some(en)),
        };
        std::iter::once(first).chain(second).map(String::as_str)
    }
}

impl From<String> for Note {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

/// The type of a [`Field`], of a list's element or of a JSON text's content.
#[derive(Clone, Debug, PartialEq)]
pub enum FieldType {
    /// Text, an integer, a number, a boolean, a secret, or JSON without a known shape.
    Primitive(Primitive),
    /// A string or an integer with known values. WeChat Pay may send others.
    Enum {
        /// Whether values are integers on the wire; else they are strings.
        integer: bool,
        /// The known values in the descriptor's order.
        values: Vec<EnumValue>,
    },
    /// A named type of `types/`.
    Named(TypeId),
    /// An object that is written out.
    Object(Vec<Field>),
    /// A list; its element is never a list.
    List(Box<FieldType>),
    /// A string whose content is JSON of the inner type.
    JsonText(Box<FieldType>),
}

impl Field {
    /// Whether an import keeps a fact, because the descriptor corrects it.
    #[must_use]
    pub fn keeps(&self, fact: FieldFact) -> bool {
        self.corrects.as_ref().is_some_and(|corrects| corrects.keeps(&fact))
    }
}

impl FieldType {
    /// The type inside all lists and JSON texts around it.
    #[must_use]
    pub fn innermost(&self) -> &Self {
        match self {
            Self::List(inner) | Self::JsonText(inner) => inner.innermost(),
            ty => ty,
        }
    }

    /// The members of an object that is written out.
    #[must_use]
    pub fn fields(&self) -> Option<&[Field]> {
        match self {
            Self::Object(fields) => Some(fields),
            _ => None,
        }
    }

    /// The known values of an enum that is written out.
    #[must_use]
    pub fn values(&self) -> Option<&[EnumValue]> {
        match self {
            Self::Enum { values, .. } => Some(values),
            _ => None,
        }
    }
}

/// A type without members.
#[derive(Clone, Debug, PartialEq)]
pub enum Primitive {
    /// Text, with the format its descriptor names.
    String(Option<StringFormat>),
    /// A whole number, for example an amount in fen.
    Integer,
    /// A number that may have a fraction.
    Number,
    /// `true` or `false`.
    Boolean,
    /// JSON without a known shape.
    Json,
    /// A sensitive field, which is ciphertext in Base64 on the wire.
    Secret(Secret),
}

/// The content of a sensitive field when decrypted.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Secret {
    /// UTF-8 text.
    Text,
    /// Bytes, for example the key of an encrypted bill.
    Bytes,
}

/// The kind of text in a string.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum StringFormat {
    /// `date-time`: documented as RFC 3339, which WeChat Pay does not always keep to.
    DateTime,
    /// Any other format, in the descriptor's spelling: `date`, `uri`, `media-id`, `compact-time`, ….
    Other(String),
}

/// The meaning of an empty text or list in a request.
#[derive(Clone, Copy, Debug, Default, Eq, Ord, PartialEq, PartialOrd)]
pub enum Empty {
    /// No value: it is not sent.
    #[default]
    Absent,
    /// `clears`: an update sends it, to clear the stored value. Other operations do not send it.
    Clears,
    /// `allowed`: it is a value and is always sent.
    Allowed,
}

impl Empty {
    /// Returns the word that the descriptor writes; `None` for the default.
    #[must_use]
    pub const fn word(self) -> Option<&'static str> {
        match self {
            Self::Absent => None,
            Self::Clears => Some("clears"),
            Self::Allowed => Some("allowed"),
        }
    }
}

/// A known value of an open enum.
#[derive(Clone, Debug, PartialEq)]
pub struct EnumValue {
    /// The value's text on the wire, decimal digits for integers.
    pub wire: String,
    /// The official label.
    pub title: Option<String>,
    /// Whether newer official material no longer has it.
    pub superseded: bool,
    /// A hand-chosen Rust name.
    pub rust: Option<String>,
}

/// A value that the client computes for an upload's meta.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Computed {
    /// `sha256`: SHA-256 of the file in lower-case hex.
    Sha256,
    /// `sm3`: SM3 of the file in lower-case hex.
    Sm3,
    /// `file-name`: the name of the file.
    FileName,
    /// `constant`: always this text.
    Constant(String),
}

/// A number exactly as the descriptor writes it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Number(pub String);

/// An example value as JSON. Texts keep the descriptor's exact digits.
#[derive(Clone, Debug, PartialEq)]
pub struct Example(pub Value);

/// The identity of a named type: its family and its name. `pay/Transaction` in a descriptor.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct TypeId {
    /// The family, which is the name of the file below `types/`.
    pub family: String,
    /// The name in `UpperCamelCase`, which is the Rust name too.
    pub name: String,
}

impl TypeId {
    /// Reads `pay/Transaction`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (family, name) = text.split_once('/')?;
        Some(Self { family: family.to_owned(), name: name.to_owned() })
    }
}

impl fmt::Display for TypeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.family, self.name)
    }
}

/// A type that several descriptors share.
#[derive(Clone, Debug, PartialEq)]
pub struct NamedType {
    /// The path of the file below the descriptor folder, with `/`.
    pub source: String,
    /// The title, in Chinese.
    pub title: Option<String>,
    /// A remark for the reader.
    pub note: Option<Note>,
    /// Why the values or labels of an enum depart from the imported facts on purpose.
    pub corrects: Option<String>,
    /// An object with its members, or an enum with its values.
    pub shape: Shape,
}

/// The shape of a [`NamedType`].
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    /// An object that is either sent or received, never both.
    Object {
        /// Whether it is sent or received.
        direction: Direction,
        /// Its members.
        fields: Vec<Field>,
    },
    /// An open enum, usable in both directions.
    Enum {
        /// Whether values are integers on the wire.
        integer: bool,
        /// The known values.
        values: Vec<EnumValue>,
    },
}

/// Whether an object is sent or received.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Direction {
    /// From the merchant to WeChat Pay.
    Request,
    /// From WeChat Pay to the merchant: responses and notifications.
    Response,
}

/// Sorts the keys of JSON, so that its text does not depend on how `serde_json` was built.
pub(crate) fn sorted_json(value: Value) -> Value {
    match value {
        Value::Array(items) => Value::Array(items.into_iter().map(sorted_json).collect()),
        Value::Object(members) => {
            let members: BTreeMap<String, Value> = members.into_iter().collect();
            let members = members.into_iter().map(|(key, value)| (key, sorted_json(value)));
            Value::Object(Map::from_iter(members))
        }
        scalar => scalar,
    }
}
