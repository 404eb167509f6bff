//! Notifications: their events, their resource, and the condition that tells them apart.

use super::{Body, Note};

/// One resource that notifications may carry.
#[derive(Clone, Debug, PartialEq)]
pub struct Notification {
    /// The path of the file below the descriptor folder, with `/`.
    pub source: String,
    /// The family whose feature includes it; [`super::CORE`] if none does.
    pub family: String,
    /// The official name.
    pub title: String,
    /// Official pages.
    pub docs: Vec<String>,
    /// A remark for the reader.
    pub note: Option<Note>,
    /// A hand-chosen Rust name.
    pub rust: Option<String>,
    /// The names of its webhooks in OpenAPI documents. An import finds the notification by them.
    pub webhooks: Vec<String>,
    /// The `event_type` values that carry it.
    pub events: Vec<String>,
    /// The envelope's `original_type`, where known.
    pub original_type: Option<String>,
    /// The condition that tells it apart from other resources of the same event.
    pub condition: Condition,
    /// The places of other notifications that no condition can tell from this one.
    pub ambiguous_with: Vec<String>,
    /// The resource.
    pub resource: Body,
    /// The response that WeChat Pay waits for, where the notification asks something.
    pub response: Option<NotificationResponse>,
}

/// The response to a notification that asks something.
#[derive(Clone, Debug, PartialEq)]
pub struct NotificationResponse {
    /// The JSON body, in the direction [`Request`](super::Direction::Request): the merchant sends it.
    pub body: Body,
    /// How many seconds WeChat Pay waits, where known.
    pub time_limit: Option<u16>,
    /// Whether the merchant must sign the response.
    pub signed: bool,
}

/// A condition on the keys at the top of a decrypted resource.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Condition {
    /// Keys that must be there.
    pub present: Vec<String>,
    /// Keys that must not be there.
    pub absent: Vec<String>,
}

impl Condition {
    /// Whether no resource can satisfy both conditions.
    #[must_use]
    pub fn excludes(&self, other: &Self) -> bool {
        let contradicts = |a: &Self, b: &Self| a.present.iter().any(|key| b.absent.contains(key));
        contradicts(self, other) || contradicts(other, self)
    }
}
