use super::charset::{is_accepted, not_accepted};
use super::key_path::KeyPath;
use super::{EncodeError, Json, OpenEnum, Timestamp};
use crate::protocol::{SealError, SealingKey, Secret, SecretBytes};

/// A value that a request carries. Implemented by generated types.
pub trait Encode {
    /// Writes the value.
    fn encode(&self, out: Encoder<'_>);

    /// Whether the value is to be left out altogether.
    fn is_absent(&self) -> bool {
        false
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
        if !value.is_absent() {
            value.encode(Encoder { json: &mut json, sealing: self, key, path });
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
        Encoder { json: self.json, sealing: self.sealing, key: self.key, path }
    }

    fn text(self, text: &str) {
        if is_accepted(text) {
            push_text(self.json, text);
        } else {
            self.sealing.fail(EncodeError::Character { path: self.path.to_text() });
        }
    }

    fn raw(self, text: &str) {
        self.json.extend_from_slice(text.as_bytes());
    }

    /// Writes a secret, which `seal` encrypts; PROTOCOL §5: the empty one is sent as it is.
    fn secret(self, empty: bool, seal: impl FnOnce(&SealingKey<'_>) -> Result<String, SealError>) {
        if empty {
            return self.text("");
        }
        let path = || self.path.to_text();
        let sealed = match self.key {
            Some(key) => seal(key).map_err(|source| EncodeError::Seal { path: path(), source }),
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
    /// Writes a member, unless it is absent.
    pub fn put(&mut self, name: &'static str, value: &dyn Encode) {
        if value.is_absent() {
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
        let content = out.sealing.write(out.path, self.0, out.key);
        out.text(&String::from_utf8_lossy(&content));
    }

    fn is_absent(&self) -> bool {
        self.0.is_absent()
    }
}

impl<T: Encode> Encode for Option<T> {
    fn encode(&self, out: Encoder<'_>) {
        match self {
            Some(value) => value.encode(out),
            None => out.raw("null"),
        }
    }

    fn is_absent(&self) -> bool {
        self.as_ref().is_none_or(Encode::is_absent)
    }
}

impl<T: Encode> Encode for Vec<T> {
    fn encode(&self, out: Encoder<'_>) {
        let mut out = out;
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
}

impl<T: OpenEnum> Encode for T {
    fn encode(&self, out: Encoder<'_>) {
        // An unknown value of a numeric enum may be any text, and only an integer stands unquoted.
        match self.wire().parse::<i64>() {
            Ok(integer) if T::INTEGER => integer.encode(out),
            _ => out.text(self.wire()),
        }
    }
}

impl Encode for &str {
    fn encode(&self, out: Encoder<'_>) {
        out.text(self);
    }
}

impl Encode for String {
    fn encode(&self, out: Encoder<'_>) {
        out.text(self);
    }
}

impl Encode for Timestamp {
    fn encode(&self, out: Encoder<'_>) {
        out.text(self.as_str());
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
}

impl Encode for Secret {
    fn encode(&self, out: Encoder<'_>) {
        if self.open().is_some_and(|text| !is_accepted(text)) {
            let path = out.path.to_text();
            return out.sealing.fail(EncodeError::Character { path });
        }
        out.secret(self.is_empty(), |key| self.seal_with(key));
    }
}

impl Encode for SecretBytes {
    fn encode(&self, out: Encoder<'_>) {
        out.secret(self.is_empty(), |key| self.seal_with(key));
    }
}
