use wxpay_spec::model::Empty;

use super::{Docs, Field, Ident, Name, NotificationShape, OpenEnum, Stage, TypePath};

/// A type that the tree defines.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Definition {
    Sent(Sent),
    Received(Received),
    Enum(OpenEnum),
}

/// A struct of a request: staged builder, setters, encoding.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Sent {
    pub(crate) path: TypePath,
    pub(crate) docs: Docs,
    pub(crate) fields: Vec<Field>,
    /// The members of its JSON; none when it never becomes JSON.
    pub(crate) members: Option<Vec<Member>>,
    pub(crate) companion: Option<Companion>,
    /// Whether lists may hold it, whose elements are built one by one.
    pub(crate) listed: bool,
    /// Whether others may require it, which start with a blank one.
    pub(crate) held: bool,
}

/// A struct of an answer: decoded, never refused.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Received {
    pub(crate) path: TypePath,
    pub(crate) docs: Docs,
    pub(crate) fields: Vec<Field>,
    pub(crate) companion: Option<Companion>,
    /// The kinds of notification that carry it.
    pub(crate) shapes: Vec<NotificationShape>,
}

/// The module beside a struct, with its builder's stages and nested types.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Companion {
    pub(crate) name: Ident,
    pub(crate) docs: Docs,
    pub(crate) types: Vec<Definition>,
}

/// A member of a JSON object that is sent.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Member {
    pub(crate) wire: String,
    pub(crate) value: Value,
}

/// Where a member's value comes from.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Value {
    Field(Ident),
    /// The field, as JSON inside a string.
    JsonText(Ident),
    /// A field or JSON text that is sent even if it is empty.
    MayBeEmpty(Box<Value>),
    /// A field or JSON text that an update sends even if it is empty.
    Clears(Box<Value>),
    FileSha256,
    FileSm3,
    FileName,
    Constant(String),
}

impl Definition {
    /// The type as the resource of notifications, if it is one.
    pub(crate) fn carried_by(self, shapes: Vec<NotificationShape>) -> Self {
        match self {
            Self::Received(received) => Self::Received(Received { shapes, ..received }),
            other => other,
        }
    }
}

impl Definition {
    /// Lets lists hold it.
    pub(crate) fn allow_in_lists(&mut self) {
        if let Self::Sent(sent) = self {
            sent.listed = true;
        }
    }

    /// Lets another struct require it.
    pub(crate) fn allow_as_required(&mut self) {
        if let Self::Sent(sent) = self {
            sent.held = true;
        }
    }
}

impl Sent {
    /// The required fields, in the order in which the builder asks for them.
    pub(crate) fn required(&self) -> impl Iterator<Item = &Field> {
        self.fields.iter().filter(|field| !field.optional)
    }

    /// The first stage of the builder; none when nothing is required.
    pub(crate) fn start(&self) -> Option<Stage> {
        let companion = self.path.module.child(&self.companion.as_ref()?.name);
        let field = self.required().next()?.name.rust.clone();
        Some(Stage { companion, field })
    }
}

impl Value {
    /// The value of a field, the way its member wants it.
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
