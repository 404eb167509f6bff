//! The keys by which a guard recognizes a notification.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::client::Notification;
use crate::protocol::Envelope;

/// Escapes everything but letters, digits and `-._`, because `/` separates the parts of a key.
const PART: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_');

/// The keys by which a guard recognizes a notification ([protocol §8.1]).
///
/// All copies of a notification have the same id. WeChat Pay may also notify an event anew under another id, with the
/// same number, event type and state. All keys begin with the merchant number or brand id, so that merchants can share
/// a guard.
///
/// [protocol §8.1]: crate::docs::protocol::notifications#81-transport
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ReplayKeys {
    scope: [String; 3],
    keys: Vec<String>,
}

impl Notification {
    /// Returns the key of the notification's id. [`ReplayKeys::and_state`] adds another.
    #[must_use]
    pub fn replay_keys(&self) -> ReplayKeys {
        ReplayKeys::new(self.merchant_id(), self.envelope())
    }
}

impl ReplayKeys {
    /// Makes the key of a notification's id.
    ///
    /// An envelope without an id has no key. A guard treats it as new, because it cannot be recognized.
    #[must_use]
    pub fn new(merchant_id: &str, envelope: &Envelope) -> Self {
        let scope = [merchant_id, &envelope.event_type, &envelope.original_type].map(str::to_owned);
        let keys = match envelope.id.as_str() {
            "" => Vec::new(),
            id => vec![key([merchant_id, "id", id])],
        };
        Self { scope, keys }
    }

    /// Adds the key of a business number and its state, such as `out_trade_no` and `trade_state`.
    ///
    /// Use it only for states that a number enters once. An event that can happen again to the same number would look
    /// like a copy of the first: a second message in a complaint, or a service that is opened again. An empty number
    /// adds nothing.
    #[must_use]
    pub fn and_state(mut self, number: &str, state: &str) -> Self {
        if !number.is_empty() {
            let [merchant_id, event_type, original_type] =
                self.scope.each_ref().map(String::as_str);
            self.keys.push(key([merchant_id, event_type, original_type, number, state]));
        }
        self
    }

    /// Returns the keys. They consist of visible ASCII characters.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.keys.iter().map(String::as_str)
    }
}

fn key<const PARTS: usize>(parts: [&str; PARTS]) -> String {
    parts.map(|part| utf8_percent_encode(part, PART).to_string()).join("/")
}
