use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::client::Notification;
use crate::protocol::Envelope;

/// All but what keys are read by; `/` stands between the parts.
const PART: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_');

/// By what a notification is known again ([protocol §8.1]).
///
/// The id is the same each time a notification is sent again. An event may also be notified anew, under
/// another id; what it says then is the same: this number, this event, this state. All keys begin with the
/// merchant number or brand id, so that merchants can share a guard.
///
/// [protocol §8.1]: crate::docs::protocol::notifications#81-transport
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ReplayKeys {
    scope: [String; 3],
    keys: Vec<String>,
}

impl Notification {
    /// By what the notification is known again: its id, and what [`ReplayKeys::and_state`] adds.
    #[must_use]
    pub fn replay_keys(&self) -> ReplayKeys {
        ReplayKeys::new(self.merchant_id(), self.envelope())
    }
}

impl ReplayKeys {
    /// The id of a notification that the merchant received. An envelope without an id has no key, and is
    /// always new, because it must not be taken for another one.
    #[must_use]
    pub fn new(merchant_id: &str, envelope: &Envelope) -> Self {
        let scope = [merchant_id, &envelope.event_type, &envelope.original_type].map(str::to_owned);
        let keys = match envelope.id.as_str() {
            "" => Vec::new(),
            id => vec![key([merchant_id, "id", id])],
        };
        Self { scope, keys }
    }

    /// Adds the event by its business number and state, such as `out_trade_no` and `trade_state`.
    ///
    /// Only for states that a number enters once. What may happen again to the same number, such as a
    /// second message in a complaint or a service that is opened anew, is told apart by the id alone, or it
    /// would be taken for a copy of the first. An empty number adds nothing.
    #[must_use]
    pub fn and_state(mut self, number: &str, state: &str) -> Self {
        if !number.is_empty() {
            let [merchant_id, event_type, original_type] =
                self.scope.each_ref().map(String::as_str);
            self.keys.push(key([merchant_id, event_type, original_type, number, state]));
        }
        self
    }

    /// The keys, each a text of visible ASCII characters.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.keys.iter().map(String::as_str)
    }
}

fn key<const PARTS: usize>(parts: [&str; PARTS]) -> String {
    parts.map(|part| utf8_percent_encode(part, PART).to_string()).join("/")
}
