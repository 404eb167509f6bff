//! How each type of value is written in a request.

use super::encode::{Encode, Encoder, Presence, is_accepted, not_accepted};
use super::{EncodeError, Json, OpenEnum, Timestamp};
use crate::protocol::{Secret, SecretBytes};

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
        // An unknown value of a numeric enum may be any text. JSON has only integers without
        // quotes.
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
            None => out.state.fail(EncodeError::NotFinite { path: out.path.to_text() }),
        }
    }
}

impl Encode for bool {
    fn encode(&self, out: Encoder<'_>) {
        out.raw(if *self { "true" } else { "false" });
    }
}

impl Encode for Json {
    /// A whole body and everything inside are the caller's. A required member must not be `null`.
    fn encode(&self, mut out: Encoder<'_>) {
        if !out.path.is_root() && out.refuses_empty(self.is_null()) {
            return;
        }
        match not_accepted(self, out.path) {
            None => out.raw(&self.to_string()),
            Some(path) => out.state.fail(EncodeError::Character { path }),
        }
    }

    /// Open JSON belongs to the caller. Only `null` counts as no value.
    fn presence(&self) -> Presence {
        Presence::of(self.is_null())
    }
}

impl Encode for Secret {
    fn encode(&self, out: Encoder<'_>) {
        if self.plaintext().is_some_and(|text| !is_accepted(text)) {
            let path = out.path.to_text();
            return out.state.fail(EncodeError::Character { path });
        }
        out.secret(self.is_empty(), |key| self.encrypt_with(key));
    }

    fn presence(&self) -> Presence {
        Presence::of(self.is_empty())
    }
}

impl Encode for SecretBytes {
    fn encode(&self, out: Encoder<'_>) {
        out.secret(self.is_empty(), |key| self.encrypt_with(key));
    }

    fn presence(&self) -> Presence {
        Presence::of(self.is_empty())
    }
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
        let state = &mut *out.state;
        self.0.encode(Encoder { json: &mut content, state, key, path, may_be_empty });
        // If the content was refused, nothing was written, and the error is already recorded.
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

/// A value whose stored form an update clears by sending an empty one. Elsewhere an empty value
/// counts as none.
#[derive(Clone, Copy)]
pub struct Clears<'a>(pub &'a dyn Encode);

impl std::fmt::Debug for Clears<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Clears").finish_non_exhaustive()
    }
}

impl Encode for Clears<'_> {
    fn encode(&self, out: Encoder<'_>) {
        let may_be_empty = out.state.is_update();
        self.0.encode(Encoder { may_be_empty, ..out });
    }

    fn presence(&self) -> Presence {
        match self.0.presence() {
            Presence::OptionalEmpty => Presence::Clearing,
            presence => presence,
        }
    }
}
