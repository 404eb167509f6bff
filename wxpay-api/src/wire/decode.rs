//! Reads generated types from the JSON of a body, with a correction wherever it deviates from its
//! documentation.

use std::cell::{Cell, RefCell};

use serde_json::Number;

use super::key_path::KeyPath;
use super::{Correction, CorrectionKind, DecodeError, Json, Member};
use crate::protocol::Merchant;
use crate::protocol::lossy_json::{self, Document, JsonElements, JsonKind, JsonRef, Repair};

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
    T::from_members(Members { object: document.root(), at: Incoming::root(&document, &context) })
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
    let (context, mut value) = (Context::new(merchant), None);
    read_root(json, &context, &mut |root| value = T::decode(root))?;
    let value = value.ok_or(DecodeError::NotAnObject)?;
    Ok((value, context.into_corrections()))
}

/// Reads a document and hands over its value. Not generic, so that a user's crate compiles no more than a call.
pub(crate) fn read_root(
    json: &[u8],
    context: &Context<'_>,
    read: &mut dyn FnMut(Incoming<'_>),
) -> Result<(), DecodeError> {
    if json.is_empty() {
        return Err(DecodeError::Empty);
    }
    let mut repaired = String::new();
    let document = lossy_json::read(json, &mut repaired)?;
    read(Incoming::root(&document, context));
    Ok(())
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

/// Reads a body only to see where its secrets are. `read` reads the type.
pub(crate) fn secret_paths(body: &[u8], mut read: fn(Incoming<'_>)) -> Vec<String> {
    let context = Context { secrets: Some(RefCell::default()), ..Context::new(None) };
    // What cannot be read has no secrets.
    let _ = read_root(body, &context, &mut read);
    context.secrets.map(RefCell::into_inner).unwrap_or_default()
}

/// Reads a body only to see which members at its top belong to the type. `read` reads the type.
pub(crate) fn top_members(body: &[u8], mut read: fn(Incoming<'_>)) -> TopMembers {
    let context = Context::new(None);
    // What cannot be read has no members.
    let _ = read_root(body, &context, &mut read);
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
    json: JsonRef<'a>,
    context: &'a Context<'a>,
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
        Self { json: document.root(), context, path: KeyPath::root() }
    }

    /// The value as an object; a list of exactly one object counts as that object.
    #[must_use]
    pub fn object(self) -> Option<Members<'a>> {
        match self.json.kind() {
            JsonKind::Object => Some(Members { object: self.json, at: self }),
            JsonKind::List => match self.single() {
                Some(object) => {
                    self.note("object", CorrectionKind::Converted);
                    Some(Members { object, at: self })
                }
                None => self.absent("object"),
            },
            _ => self.absent("object"),
        }
    }

    /// The only element of a list, if it is an object.
    fn single(self) -> Option<JsonRef<'a>> {
        let mut elements = self.json.elements();
        match (elements.next(), elements.next()) {
            (Some(element), None) => matches!(element.kind(), JsonKind::Object).then_some(element),
            _ => None,
        }
    }

    /// The value as JSON.
    #[must_use]
    pub fn json(self) -> &'a Json {
        self.json.json()
    }

    /// The value as a tree that owns its texts.
    pub(super) fn to_json(self) -> Json {
        self.json.to_json()
    }

    /// The value by its JSON type.
    pub(super) fn kind(self) -> JsonKind<'a> {
        self.json.kind()
    }

    /// Whether an object or a list has no content.
    pub(super) fn is_empty(self) -> bool {
        self.json.members().next().is_none() && self.json.elements().next().is_none()
    }

    /// Notes the top members of a body without a type. Any member that no error body has belongs to the result.
    pub(super) fn note_untyped(self) {
        if self.path.is_root() && matches!(self.kind(), JsonKind::Object) {
            let is_own = |(name, _)| !matches!(name, "code" | "message" | "detail");
            self.context.top.set(TopMembers { own: self.json.members().any(is_own), code: true });
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
        Incoming { json: document.root(), context: self.context, path: self.path }
    }

    /// The elements of a list, or `None`.
    pub(super) fn elements<'b>(&'b self) -> Option<Elements<'b>> {
        let is_list = matches!(self.kind(), JsonKind::List);
        is_list.then(|| Elements { list: self, index: 0, rest: self.json.elements() })
    }

    /// The digits of this value, a number, as they were written.
    pub(crate) fn digits(self, number: &Number) -> String {
        self.json.digits(number)
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

/// The elements of a list. Not generic, so that a user's crate compiles no more than calls.
pub(super) struct Elements<'a> {
    list: &'a Incoming<'a>,
    index: usize,
    rest: JsonElements<'a>,
}

impl<'a> Iterator for Elements<'a> {
    type Item = Incoming<'a>;

    fn next(&mut self) -> Option<Incoming<'a>> {
        let json = self.rest.next()?;
        let path = self.list.path.index(self.index);
        self.index += 1;
        Some(Incoming { json, path, context: self.list.context })
    }
}

/// The members of an object.
#[derive(Clone, Copy)]
pub struct Members<'a> {
    object: JsonRef<'a>,
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
        let mut repaired = String::new();
        match value.json.text() {
            Some("") => T::take(None),
            Some(text) => match lossy_json::read(text.as_bytes(), &mut repaired) {
                Ok(document) => T::take(Some(value.inside(&document))),
                Err(_) => T::take(value.absent("JSON in a string")),
            },
            None => {
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
        let json = self.object.member(name);
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

fn json_type(json: JsonRef<'_>) -> &'static str {
    match json.kind() {
        JsonKind::Null => "null",
        JsonKind::Bool(_) => "boolean",
        JsonKind::Number(_) => "number",
        JsonKind::Text(_) => "string",
        JsonKind::List => "list",
        JsonKind::Object => "object",
    }
}
