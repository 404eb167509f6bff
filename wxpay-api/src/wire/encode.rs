use super::charset::{is_accepted, not_accepted};
use super::key_path::KeyPath;
use super::{EncodeError, Json, OpenEnum, Timestamp};
use crate::protocol::{SealError, SealingKey, Secret, SecretBytes};

/// A value that a request carries. Implemented by generated types.
pub trait Encode {
    /// Writes the value.
    fn encode(&self, out: Encoder<'_>);

    /// How much of a value there is. WeChat Pay refuses or misreads `""` and `[]`, so that an empty
    /// value counts as no value.
    fn presence(&self) -> Presence {
        Presence::Given
    }
}

/// How much of a value there is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Presence {
    /// There is a value; an empty object is one.
    Given,
    /// A required text, time, list or secret is empty: an error, unless the descriptor allows it.
    Empty,
    /// An optional one is empty: it is left out, unless the descriptor allows it.
    OptionalEmpty,
    /// There is nothing: it is left out.
    Absent,
}

impl Presence {
    /// What a text, a time, a list or a secret is by itself.
    const fn of(is_empty: bool) -> Self {
        if is_empty { Self::Empty } else { Self::Given }
    }

    pub(crate) const fn is_left_out(self) -> bool {
        matches!(self, Self::OptionalEmpty | Self::Absent)
    }
}

/// An object that is built field by field.
pub trait Build: Sized {
    /// The first stage: the next required field, or the object itself where none is required.
    type Start;

    /// Starts building.
    fn start() -> Self::Start;
}

/// Writes a request as JSON. Secrets are encrypted with `key`; without one they are an error.
///
/// # Errors
///
/// [`EncodeError`] names the member.
pub fn encode(value: &dyn Encode, key: Option<&SealingKey<'_>>) -> Result<Vec<u8>, EncodeError> {
    let mut sealing = Sealing::default();
    let json = sealing.body(value, key);
    sealing.finish()?;
    Ok(json)
}

/// Whether a request's secrets were sealed, and the first error.
#[derive(Debug, Default)]
pub(crate) struct Sealing {
    sealed: bool,
    error: Option<EncodeError>,
}

impl Sealing {
    /// Writes a body; nothing where it is absent.
    pub(crate) fn body(&mut self, value: &dyn Encode, key: Option<&SealingKey<'_>>) -> Vec<u8> {
        self.write(KeyPath::root(), value, key)
    }

    /// Writes one member on its own; nothing where it is absent.
    pub(crate) fn member(
        &mut self,
        name: &'static str,
        value: &dyn Encode,
        key: Option<&SealingKey<'_>>,
    ) -> Vec<u8> {
        self.write(KeyPath::root().key(name), value, key)
    }

    fn write(
        &mut self,
        path: KeyPath<'_>,
        value: &dyn Encode,
        key: Option<&SealingKey<'_>>,
    ) -> Vec<u8> {
        let mut json = Vec::new();
        if !value.presence().is_left_out() {
            value.encode(Encoder {
                json: &mut json,
                sealing: self,
                key,
                path,
                may_be_empty: false,
            });
        }
        json
    }

    /// Whether anything was sealed, or the first error.
    pub(crate) fn finish(self) -> Result<bool, EncodeError> {
        self.error.map_or(Ok(self.sealed), Err)
    }

    fn fail(&mut self, error: EncodeError) {
        self.error.get_or_insert(error);
    }
}

/// The place where a value is to be written.
pub struct Encoder<'a> {
    json: &'a mut Vec<u8>,
    sealing: &'a mut Sealing,
    key: Option<&'a SealingKey<'a>>,
    path: KeyPath<'a>,
    /// Whether the value itself may be empty, not what is inside it.
    may_be_empty: bool,
}

impl std::fmt::Debug for Encoder<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Encoder").field("path", &self.path.to_text()).finish_non_exhaustive()
    }
}

impl<'a> Encoder<'a> {
    /// Starts an object; it ends where the returned value is dropped.
    #[must_use]
    pub fn object(self) -> Object<'a> {
        self.json.push(b'{');
        Object { at: self, empty: true }
    }

    /// A place inside, for as long as `self` is borrowed.
    fn at<'b>(&'b mut self, path: KeyPath<'b>) -> Encoder<'b> {
        Encoder { json: self.json, sealing: self.sealing, key: self.key, path, may_be_empty: false }
    }

    fn text(mut self, text: &str) {
        if self.refuses_empty(text.is_empty()) {
            return;
        }
        if is_accepted(text) {
            push_text(self.json, text);
        } else {
            self.sealing.fail(EncodeError::Character { path: self.path.to_text() });
        }
    }

    /// Reports an empty value where it would be sent and must not be.
    fn refuses_empty(&mut self, is_empty: bool) -> bool {
        let refused = is_empty && !self.may_be_empty;
        if refused {
            self.sealing.fail(EncodeError::Empty { path: self.path.to_text() });
        }
        refused
    }

    fn raw(self, text: &str) {
        self.json.extend_from_slice(text.as_bytes());
    }

    /// Writes a secret, which `seal` encrypts; PROTOCOL §5: an empty one is never encrypted.
    fn secret(self, empty: bool, seal: impl FnOnce(&SealingKey<'_>) -> Result<String, SealError>) {
        if empty {
            return self.text("");
        }
        let path = || self.path.to_text();
        let sealed = match self.key {
            Some(key) => seal(key).map_err(|why| EncodeError::Seal { path: path(), why }),
            None => Err(EncodeError::NoKey { path: path() }),
        };
        match sealed {
            Ok(ciphertext) => {
                self.sealing.sealed = true;
                self.text(&ciphertext);
            }
            Err(error) => self.sealing.fail(error),
        }
    }
}

/// An object being written.
#[derive(Debug)]
pub struct Object<'a> {
    at: Encoder<'a>,
    empty: bool,
}

impl Object<'_> {
    /// Writes a member, unless it is absent, or optional and empty.
    pub fn put(&mut self, name: &'static str, value: &dyn Encode) {
        if value.presence().is_left_out() {
            return;
        }
        if !self.empty {
            self.at.json.push(b',');
        }
        self.empty = false;
        push_text(self.at.json, name);
        self.at.json.push(b':');
        let object = self.at.path;
        value.encode(self.at.at(object.key(name)));
    }
}

impl Drop for Object<'_> {
    fn drop(&mut self) {
        self.at.json.push(b'}');
    }
}

fn push_text(json: &mut Vec<u8>, text: &str) {
    // Writing a string to a `Vec` has no way to fail.
    let _ = serde_json::to_writer(json, text);
}

/// A value that travels as JSON inside a string.
#[derive(Clone, Copy)]
pub struct JsonText<'a>(pub &'a dyn Encode);

impl std::fmt::Debug for JsonText<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("JsonText").finish_non_exhaustive()
    }
}

impl Encode for JsonText<'_> {
    fn encode(&self, out: Encoder<'_>) {
        let mut content = Vec::new();
        let (key, path, may_be_empty) = (out.key, out.path, out.may_be_empty);
        let sealing = &mut *out.sealing;
        self.0.encode(Encoder { json: &mut content, sealing, key, path, may_be_empty });
        // Nothing was written where the content was refused, which has been reported.
        if !content.is_empty() {
            out.text(&String::from_utf8_lossy(&content));
        }
    }

    fn presence(&self) -> Presence {
        self.0.presence()
    }
}

/// A value that the descriptor allows to be empty: `""` and `[]` are sent.
#[derive(Clone, Copy)]
pub struct MayBeEmpty<'a>(pub &'a dyn Encode);

impl std::fmt::Debug for MayBeEmpty<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("MayBeEmpty").finish_non_exhaustive()
    }
}

impl Encode for MayBeEmpty<'_> {
    fn encode(&self, out: Encoder<'_>) {
        self.0.encode(Encoder { may_be_empty: true, ..out });
    }

    fn presence(&self) -> Presence {
        match self.0.presence() {
            Presence::Absent => Presence::Absent,
            _ => Presence::Given,
        }
    }
}

impl<T: Encode> Encode for Option<T> {
    fn encode(&self, out: Encoder<'_>) {
        match self {
            Some(value) => value.encode(out),
            None => out.raw("null"),
        }
    }

    fn presence(&self) -> Presence {
        match self.as_ref().map(Encode::presence) {
            None => Presence::Absent,
            Some(Presence::Empty) => Presence::OptionalEmpty,
            Some(presence) => presence,
        }
    }
}

impl<T: Encode> Encode for Vec<T> {
    fn encode(&self, mut out: Encoder<'_>) {
        if out.refuses_empty(self.is_empty()) {
            return;
        }
        let list = out.path;
        out.json.push(b'[');
        for (index, element) in self.iter().enumerate() {
            if index > 0 {
                out.json.push(b',');
            }
            element.encode(out.at(list.index(index)));
        }
        out.json.push(b']');
    }

    fn presence(&self) -> Presence {
        Presence::of(self.is_empty())
    }
}

impl<T: OpenEnum> Encode for T {
    fn encode(&self, out: Encoder<'_>) {
        // An unknown value of a numeric enum may be any text, and only an integer stands unquoted.
        match self.wire().parse::<i64>() {
            Ok(integer) if T::INTEGER => integer.encode(out),
            _ => out.text(self.wire()),
        }
    }

    fn presence(&self) -> Presence {
        Presence::of(self.wire().is_empty())
    }
}

impl Encode for &str {
    fn encode(&self, out: Encoder<'_>) {
        out.text(self);
    }

    fn presence(&self) -> Presence {
        Presence::of(self.is_empty())
    }
}

impl Encode for String {
    fn encode(&self, out: Encoder<'_>) {
        out.text(self);
    }

    fn presence(&self) -> Presence {
        Presence::of(self.is_empty())
    }
}

impl Encode for Timestamp {
    fn encode(&self, out: Encoder<'_>) {
        out.text(self.as_str());
    }

    fn presence(&self) -> Presence {
        Presence::of(self.as_str().is_empty())
    }
}

impl Encode for i64 {
    fn encode(&self, out: Encoder<'_>) {
        out.raw(&self.to_string());
    }
}

impl Encode for f64 {
    fn encode(&self, out: Encoder<'_>) {
        match serde_json::Number::from_f64(*self) {
            Some(number) => out.raw(&number.to_string()),
            None => out.sealing.fail(EncodeError::NotFinite { path: out.path.to_text() }),
        }
    }
}

impl Encode for bool {
    fn encode(&self, out: Encoder<'_>) {
        out.raw(if *self { "true" } else { "false" });
    }
}

impl Encode for Json {
    fn encode(&self, out: Encoder<'_>) {
        match not_accepted(self, out.path) {
            None => out.raw(&self.to_string()),
            Some(path) => out.sealing.fail(EncodeError::Character { path }),
        }
    }

    /// Open JSON is the caller's own: only an optional `null` says that there is nothing.
    fn presence(&self) -> Presence {
        Presence::of(self.is_null())
    }
}

impl Encode for Secret {
    fn encode(&self, out: Encoder<'_>) {
        if self.open().is_some_and(|text| !is_accepted(text)) {
            let path = out.path.to_text();
            return out.sealing.fail(EncodeError::Character { path });
        }
        out.secret(self.is_empty(), |key| self.seal_with(key));
    }

    fn presence(&self) -> Presence {
        Presence::of(self.is_empty())
    }
}

impl Encode for SecretBytes {
    fn encode(&self, out: Encoder<'_>) {
        out.secret(self.is_empty(), |key| self.seal_with(key));
    }

    fn presence(&self) -> Presence {
        Presence::of(self.is_empty())
    }
}
