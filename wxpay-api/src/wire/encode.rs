//! Writes a request as JSON. Decides which values are left out and which are refused.

use super::Json;
use super::key_path::KeyPath;
use crate::protocol::excerpt::excerpt_of;
use crate::protocol::{EncryptError, EncryptionKey};

/// A value that a request carries. Implemented by generated types.
pub trait Encode {
    /// Writes the value.
    fn encode(&self, out: Encoder<'_>);

    /// Whether there is a value. WeChat Pay refuses or misreads `""` and `[]`, so an empty value
    /// counts as no value.
    fn presence(&self) -> Presence {
        Presence::Given
    }
}

/// Whether a value is there, empty or absent, and what that means.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Presence {
    /// There is a value. An empty object is a value.
    Given,
    /// An empty value that must not be sent: a required text, time, list or secret, an element of a
    /// list, or an optional value of an update. Without it, an update would keep the stored value.
    Empty,
    /// An empty optional value: it is left out, but an update refuses it.
    OptionalEmpty,
    /// An empty optional value that clears the stored one: an update sends it, others leave it out.
    Clearing,
    /// No value: it is left out.
    Absent,
}

impl Presence {
    /// The presence of a text, a time, a list or a secret, whose context is not known yet.
    pub(super) const fn of(is_empty: bool) -> Self {
        if is_empty { Self::Empty } else { Self::Given }
    }
}

/// Writes a request as JSON. Secrets are encrypted with `key`; without one they are an error.
///
/// # Errors
///
/// [`EncodeError`] names the member.
pub fn encode(value: &dyn Encode, key: Option<&EncryptionKey<'_>>) -> Result<Vec<u8>, EncodeError> {
    let mut state = EncodeState::default();
    let json = state.body(value, key);
    state.finish()?;
    Ok(json)
}

/// The state of encoding one request: whether its secrets were encrypted, and the first error.
#[derive(Debug, Default)]
pub(crate) struct EncodeState {
    is_update: bool,
    encrypted: bool,
    error: Option<EncodeError>,
}

impl EncodeState {
    /// Starts a request that changes something stored, or any other.
    pub(crate) fn new(is_update: bool) -> Self {
        Self { is_update, ..Self::default() }
    }

    /// Whether the request changes something stored.
    pub(super) const fn is_update(&self) -> bool {
        self.is_update
    }

    /// Writes a body, unless it is absent.
    pub(crate) fn body(&mut self, value: &dyn Encode, key: Option<&EncryptionKey<'_>>) -> Vec<u8> {
        self.write(KeyPath::root(), value, key)
    }

    /// Writes one member without the object around it, unless it is absent.
    pub(crate) fn member(
        &mut self,
        name: &'static str,
        value: &dyn Encode,
        key: Option<&EncryptionKey<'_>>,
    ) -> Vec<u8> {
        self.write(KeyPath::root().key(name), value, key)
    }

    fn write(
        &mut self,
        path: KeyPath<'_>,
        value: &dyn Encode,
        key: Option<&EncryptionKey<'_>>,
    ) -> Vec<u8> {
        let mut json = Vec::new();
        if self.admits(value, path) {
            value.encode(Encoder { json: &mut json, state: self, key, path, may_be_empty: false });
        }
        json
    }

    /// Whether a value is sent, even if empty. The encoder refuses a required empty value later.
    pub(crate) fn is_sent(&self, value: &dyn Encode) -> bool {
        match value.presence() {
            Presence::Given | Presence::Empty => true,
            Presence::Clearing => self.is_update,
            Presence::OptionalEmpty | Presence::Absent => false,
        }
    }

    /// Whether to write a member. An update keeps the stored value of every member it leaves out.
    /// So it must not leave out an empty value silently: the caller may mean to clear the value.
    fn admits(&mut self, value: &dyn Encode, path: KeyPath<'_>) -> bool {
        if self.is_update && value.presence() == Presence::OptionalEmpty {
            self.fail(EncodeError::Empty { path: path.to_text(), is_optional: true });
        }
        self.is_sent(value)
    }

    /// Returns whether anything was encrypted, or the first error.
    pub(crate) fn finish(self) -> Result<bool, EncodeError> {
        self.error.map_or(Ok(self.encrypted), Err)
    }

    pub(super) fn fail(&mut self, error: EncodeError) {
        self.error.get_or_insert(error);
    }
}

/// The place of the next value.
pub struct Encoder<'a> {
    pub(super) json: &'a mut Vec<u8>,
    pub(super) state: &'a mut EncodeState,
    pub(super) key: Option<&'a EncryptionKey<'a>>,
    pub(super) path: KeyPath<'a>,
    /// Whether the value itself may be empty. Values inside it may not.
    pub(super) may_be_empty: bool,
}

impl std::fmt::Debug for Encoder<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Encoder").field("path", &self.path.to_text()).finish_non_exhaustive()
    }
}

impl<'a> Encoder<'a> {
    /// Starts an object. It ends when the returned value is dropped.
    #[must_use]
    pub fn object(self) -> Object<'a> {
        self.json.push(b'{');
        Object { at: self, empty: true }
    }

    /// Returns a place inside this one, which borrows `self`.
    pub(super) fn at<'b>(&'b mut self, path: KeyPath<'b>) -> Encoder<'b> {
        Encoder { json: self.json, state: self.state, key: self.key, path, may_be_empty: false }
    }

    pub(super) fn text(mut self, text: &str) {
        if self.refuses_empty(text.is_empty()) {
            return;
        }
        if is_accepted(text) {
            push_text(self.json, text);
        } else {
            self.state.fail(EncodeError::Character { path: self.path.to_text() });
        }
    }

    /// Reports an empty value that must not be sent.
    pub(super) fn refuses_empty(&mut self, is_empty: bool) -> bool {
        let refused = is_empty && !self.may_be_empty;
        if refused {
            self.state.fail(EncodeError::Empty { path: self.path.to_text(), is_optional: false });
        }
        refused
    }

    pub(super) fn raw(self, text: &str) {
        self.json.extend_from_slice(text.as_bytes());
    }

    /// Writes a secret, which `seal` encrypts. An empty one is never encrypted
    /// (docs/protocol/encryption.md §5).
    pub(super) fn secret(
        self,
        empty: bool,
        seal: impl FnOnce(&EncryptionKey<'_>) -> Result<String, EncryptError>,
    ) {
        if empty {
            return self.text("");
        }
        let path = || self.path.to_text();
        let encrypted = match self.key {
            Some(key) => seal(key).map_err(|why| EncodeError::Encrypt { path: path(), why }),
            None => Err(EncodeError::NoKey { path: path() }),
        };
        match encrypted {
            Ok(ciphertext) => {
                self.state.encrypted = true;
                self.text(&ciphertext);
            }
            Err(error) => self.state.fail(error),
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
    /// Writes a member. Leaves out an absent one, and an optional empty one, which an update
    /// refuses.
    pub fn put(&mut self, name: &'static str, value: &dyn Encode) {
        let object = self.at.path;
        if !self.at.state.admits(value, object.key(name)) {
            return;
        }
        if !self.empty {
            self.at.json.push(b',');
        }
        self.empty = false;
        push_text(self.at.json, name);
        self.at.json.push(b':');
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

/// Whether WeChat Pay accepts every character of a text. Exactly the characters of four bytes have
/// a byte of 0xF0 or more.
pub(crate) fn is_accepted(text: &str) -> bool {
    text.bytes().all(|byte| byte < 0xf0)
}

/// Finds the first text or key that WeChat Pay does not accept, and returns its path.
pub(super) fn not_accepted(json: &Json, path: KeyPath<'_>) -> Option<String> {
    match json {
        Json::String(text) => (!is_accepted(text)).then(|| path.to_text()),
        Json::Array(list) => {
            list.iter().enumerate().find_map(|(at, item)| not_accepted(item, path.index(at)))
        }
        Json::Object(members) => members.iter().find_map(|(name, member)| {
            let path = path.key(name);
            if is_accepted(name) { not_accepted(member, path) } else { Some(path.to_text()) }
        }),
        _ => None,
    }
}

const LONGEST_PATH: usize = 200;

/// Why a request could not be written.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum EncodeError {
    /// A sensitive field could not be encrypted.
    #[error("{}: {why}", place(path))]
    Encrypt {
        /// The key path, for example `receivers[0].name`.
        path: String,
        /// Why.
        why: EncryptError,
    },
    /// No key to encrypt a sensitive field with was given.
    #[error("{}: a WeChat Pay key is needed to encrypt it", place(path))]
    NoKey {
        /// The key path.
        path: String,
    },
    /// A required text, time, list or secret without content, an empty element of a list, or an
    /// empty optional value of an update. Left out, it would not change the stored value.
    #[error("{}: it must not be empty, {}", place(path), instead(path, *is_optional))]
    Empty {
        /// The key path, for example `receivers[0].name`.
        path: String,
        /// Whether the member can be left out.
        is_optional: bool,
    },
    /// A number that JSON cannot write.
    #[error("{}: the number is not finite", place(path))]
    NotFinite {
        /// The key path.
        path: String,
    },
    /// A text with a character that WeChat Pay does not accept ([base conventions]).
    ///
    /// [base conventions]: crate::docs::protocol#base-conventions
    #[error(
        "{}: it has a character of four bytes in UTF-8, such as an emoji, and WeChat Pay accepts at most three",
        place(path)
    )]
    Character {
        /// The key path.
        path: String,
    },
}

/// A key path for an error. In open JSON, its keys come from the caller.
fn place(path: &str) -> String {
    if path.is_empty() { "the body".to_owned() } else { excerpt_of(path, LONGEST_PATH) }
}

/// Explains why a value must not be empty, and what to do instead.
fn instead(path: &str, is_optional: bool) -> &'static str {
    if is_optional {
        "since nothing says that WeChat Pay clears it by an empty value; give it a value, or leave it out, and what is \
         stored stays as it is"
    } else if path.ends_with(']') {
        "because WeChat Pay accepts no empty value here; give it a value, or leave the element out"
    } else {
        "because WeChat Pay accepts no empty value here; give it a value"
    }
}
