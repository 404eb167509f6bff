//! Reads generated types from the JSON of a body, with a correction wherever it deviates from its
//! documentation.

use std::cell::{Cell, RefCell};

use serde_json::Number;

use super::key_path::KeyPath;
use super::{Correction, CorrectionKind, DecodeError, Json, Member};
use crate::protocol::Merchant;
use crate::protocol::lossy_json::{self, Document, Repair};

/// A value of a response or a notification. Implemented by generated types.
pub trait Decode: Sized {
    /// Reads the value, or notes a correction and returns `None` where it cannot be read.
    fn decode(value: Incoming<'_>) -> Option<Self>;
}

/// An object of a response or a notification. Implemented by generated types.
pub trait FromMembers: Sized {
    /// Reads the members. An absent or unreadable member stays empty.
    fn from_members(members: Members<'_>) -> Self;
}

impl<T: FromMembers> Decode for T {
    fn decode(value: Incoming<'_>) -> Option<Self> {
        value.object().map(T::from_members)
    }
}

/// The object without any member.
#[must_use]
pub fn empty<T: FromMembers>() -> T {
    let (document, context) = (Document::null(), Context::new(None));
    T::from_members(Members {
        object: &serde_json::Map::new(),
        at: Incoming::root(&document, &context),
    })
}

/// Makes the object without any member the default of a generated type.
#[macro_export]
#[doc(hidden)]
macro_rules! __empty_by_default {
    ($name:ident) => {
        impl ::core::default::Default for $name {
            #[inline]
            fn default() -> Self {
                $crate::codegen::empty()
            }
        }
    };
}

/// Reads a generated type from verified JSON, and returns where the JSON deviates from the
/// documentation.
///
/// Secrets stay encrypted without a `merchant` whose key decrypts them. Broken texts and numbers
/// are repaired, as [`CorrectionKind::Repaired`] says; they do not make the JSON unreadable.
///
/// # Errors
///
/// [`DecodeError`] when `json` is empty, not JSON, or not an object.
pub fn decode<T: Decode>(
    json: &[u8],
    merchant: Option<&Merchant>,
) -> Result<(T, Vec<Correction>), DecodeError> {
    if json.is_empty() {
        return Err(DecodeError::Empty);
    }
    let document = lossy_json::read(json)?;
    let context = Context::new(merchant);
    match T::decode(Incoming::root(&document, &context)) {
        Some(value) => Ok((value, context.into_corrections())),
        None => Err(DecodeError::NotAnObject),
    }
}

/// The state of reading one body: the key that decrypts secrets, and the corrections so far.
pub(crate) struct Context<'a> {
    merchant: Option<&'a Merchant>,
    corrections: RefCell<Vec<Correction>>,
    top: Cell<TopMembers>,
    /// The key paths of secrets, if the caller asks for them.
    secrets: Option<RefCell<Vec<String>>>,
}

/// The facts about a body's top members that show whether the body is an error.
#[derive(Clone, Copy, Debug, Default)]
pub struct TopMembers {
    /// Whether the body has a member of the type that no error body has.
    pub(crate) own: bool,
    /// Whether the type itself has a member `code`.
    pub(crate) code: bool,
}

/// Reads JSON as `T` only to see where its secrets are.
pub(crate) fn secret_paths<T: Decode>(document: &Document<'_>) -> Vec<String> {
    let context = Context { secrets: Some(RefCell::default()), ..Context::new(None) };
    let _ = T::decode(Incoming::root(document, &context));
    context.secrets.map(RefCell::into_inner).unwrap_or_default()
}

/// Reads JSON as `T` only to see which members at its top belong to the type.
pub(crate) fn top_members<T: Decode>(document: &Document<'_>) -> TopMembers {
    let context = Context::new(None);
    let _ = T::decode(Incoming::root(document, &context));
    context.top.get()
}

impl<'a> Context<'a> {
    pub(crate) fn new(merchant: Option<&'a Merchant>) -> Self {
        Self { merchant, corrections: RefCell::default(), top: Cell::default(), secrets: None }
    }

    pub(crate) fn into_corrections(self) -> Vec<Correction> {
        self.corrections.into_inner()
    }

    /// Notes the repairs of a document at `path`.
    fn note_repairs(&self, path: &str, repairs: &[Repair]) {
        let correction = |repair: &Repair| {
            let is_below = !path.is_empty() && !repair.path.is_empty();
            let separator = if is_below && !repair.path.starts_with('[') { "." } else { "" };
            Correction {
                path: format!("{path}{separator}{}", repair.path),
                expected: repair.expected,
                found: repair.found,
                kind: CorrectionKind::Repaired,
            }
        };
        self.corrections.borrow_mut().extend(repairs.iter().map(correction));
    }
}

/// A JSON value at its place in a body.
#[derive(Clone, Copy)]
pub struct Incoming<'a> {
    json: &'a Json,
    context: &'a Context<'a>,
    document: &'a Document<'a>,
    path: KeyPath<'a>,
}

impl std::fmt::Debug for Incoming<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Incoming").field("path", &self.path.to_text()).finish_non_exhaustive()
    }
}

impl<'a> Incoming<'a> {
    /// The value of a whole document, whose repairs are corrections.
    pub(crate) fn root(document: &'a Document<'a>, context: &'a Context<'a>) -> Self {
        context.note_repairs("", &document.repairs);
        Self { json: &document.json, context, document, path: KeyPath::root() }
    }

    /// The value as an object; a list of exactly one object counts as that object.
    #[must_use]
    pub fn object(self) -> Option<Members<'a>> {
        match self.json {
            Json::Object(object) => Some(Members { object, at: self }),
            Json::Array(list) => match list.as_slice() {
                [Json::Object(object)] => {
                    self.note("object", CorrectionKind::Converted);
                    Some(Members { object, at: self })
                }
                _ => self.absent("object"),
            },
            _ => self.absent("object"),
        }
    }

    /// The value as JSON.
    #[must_use]
    pub fn json(self) -> &'a Json {
        self.json
    }

    /// Notes the top members of a body without a type. Any member that no error body has belongs to the result.
    pub(super) fn note_untyped(self) {
        let Json::Object(object) = self.json else { return };
        if self.path.is_root() {
            let is_own = |name: &String| !matches!(name.as_str(), "code" | "message" | "detail");
            self.context.top.set(TopMembers { own: object.keys().any(is_own), code: true });
        }
    }

    /// Notes that the value is a secret.
    pub(crate) fn note_secret(self) {
        if let Some(secrets) = &self.context.secrets {
            secrets.borrow_mut().push(self.path.to_text());
        }
    }

    pub(crate) fn merchant(self) -> Option<&'a Merchant> {
        self.context.merchant
    }

    /// The JSON that this text contains.
    fn inside<'b>(&'b self, document: &'b Document<'b>) -> Incoming<'b> {
        self.context.note_repairs(&self.path.to_text(), &document.repairs);
        let path = self.path.inside();
        Incoming { json: &document.json, context: self.context, document, path }
    }

    pub(crate) fn element<'b>(&'b self, index: usize, json: &'b Json) -> Incoming<'b> {
        Incoming { json, path: self.path.index(index), ..*self }
    }

    /// The digits of this value, a number, as they were written.
    pub(crate) fn digits(self, number: &Number) -> String {
        self.document.digits(number, |numbers| self.path.find(numbers))
    }

    pub(crate) fn converted<T>(self, expected: &'static str, value: T) -> Option<T> {
        self.note(expected, CorrectionKind::Converted);
        Some(value)
    }

    pub(crate) fn absent<T>(self, expected: &'static str) -> Option<T> {
        self.note(expected, CorrectionKind::Absent);
        None
    }

    pub(crate) fn note(self, expected: &'static str, kind: CorrectionKind) {
        // A value that was not read may still hold a secret.
        if kind == CorrectionKind::Absent {
            self.note_secret();
        }
        self.note_found(expected, json_type(self.json), kind);
    }

    /// Notes that a decrypted text was broken.
    pub(crate) fn repaired(self) {
        self.note_found("a text", "broken text", CorrectionKind::Repaired);
    }

    fn note_found(self, expected: &'static str, found: &'static str, kind: CorrectionKind) {
        let correction = Correction { path: self.path.to_text(), expected, found, kind };
        self.context.corrections.borrow_mut().push(correction);
    }
}

/// The members of an object.
#[derive(Clone, Copy)]
pub struct Members<'a> {
    object: &'a serde_json::Map<String, Json>,
    at: Incoming<'a>,
}

impl std::fmt::Debug for Members<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Members").field("at", &self.at).finish_non_exhaustive()
    }
}

impl Members<'_> {
    /// Reads the member called `name`.
    #[must_use]
    pub fn take<T: Member>(&self, name: &'static str) -> T {
        T::take(self.member(name))
    }

    /// Reads the member called `name`, a string that contains JSON.
    #[must_use]
    pub fn json_text<T: Member>(&self, name: &'static str) -> T {
        let Some(value) = self.member(name) else {
            return T::take(None);
        };
        match value.json {
            Json::String(text) if text.is_empty() => T::take(None),
            Json::String(text) => match lossy_json::read(text.as_bytes()) {
                Ok(document) => T::take(Some(value.inside(&document))),
                Err(_) => T::take(value.absent("JSON in a string")),
            },
            _ => {
                value.note("JSON in a string", CorrectionKind::Converted);
                T::take(Some(value))
            }
        }
    }

    fn note_top(&self, name: &str, is_there: bool) {
        let mut top = self.at.context.top.get();
        match name {
            "code" => top.code = true,
            "message" | "detail" => {}
            _ => top.own |= is_there,
        }
        self.at.context.top.set(top);
    }

    /// The member, where it is there and not `null`.
    fn member(&self, name: &'static str) -> Option<Incoming<'_>> {
        let json = self.object.get(name);
        if self.at.path.is_root() {
            self.note_top(name, json.is_some());
        }
        let json = json?;
        let value = Incoming { json, path: self.at.path.key(name), ..self.at };
        if json.is_null() {
            return value.absent("a value");
        }
        Some(value)
    }
}

fn json_type(json: &Json) -> &'static str {
    match json {
        Json::Null => "null",
        Json::Bool(_) => "boolean",
        Json::Number(_) => "number",
        Json::String(_) => "string",
        Json::Array(_) => "list",
        Json::Object(_) => "object",
    }
}
