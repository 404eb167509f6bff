//! What a descriptor says about a member beyond its type: JSON inside a text, empty values that mean something.

use super::encode::{Encode, Encoder, Presence};

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

/// A value that an update clears by sending it empty; elsewhere an empty one counts as none.
#[derive(Clone, Copy)]
pub struct Clears<'a>(pub &'a dyn Encode);

impl std::fmt::Debug for Clears<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Clears").finish_non_exhaustive()
    }
}

impl Encode for Clears<'_> {
    fn encode(&self, out: Encoder<'_>) {
        let may_be_empty = out.sealing.is_update();
        self.0.encode(Encoder { may_be_empty, ..out });
    }

    fn presence(&self) -> Presence {
        match self.0.presence() {
            Presence::OptionalEmpty => Presence::Clearing,
            presence => presence,
        }
    }
}
