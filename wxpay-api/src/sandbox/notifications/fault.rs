//! Faults of notifications that go by themselves, until one meets them.

use std::collections::BTreeSet;
use std::fmt;
use std::time::Duration;

use crate::sandbox::error::SandboxError;
use crate::sandbox::fault::SignatureFault;
use crate::sandbox::request::route::Routes;

/// A fault of a notification that follows a change by itself; see
/// [`Sandbox::inject_notification_fault`](crate::sandbox::Sandbox::inject_notification_fault).
///
/// Only the first copy has the fault. WeChat Pay repeats a copy that was not acknowledged by its schedule, with a right
/// signature.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum NotificationFault {
    /// A wrong signature, or one of WeChat Pay's probes.
    Signature(SignatureFault),
    /// A right signature by the platform certificate, even if the merchant uses the public key ([protocol §3.4]).
    ///
    /// [protocol §3.4]: crate::docs::protocol::keys#34-the-public-key-and-wechatpay-serial
    ByCertificate,
    /// The copy is lost on the way: the merchant's server never sees it.
    Lost,
    /// The merchant's server gets the copy, and its response is lost. WeChat Pay sends the notification again.
    AcknowledgementLost,
    /// The copy arrives so much later. This time is never compressed.
    Delay(Duration),
}

impl From<SignatureFault> for NotificationFault {
    fn from(fault: SignatureFault) -> Self {
        Self::Signature(fault)
    }
}

/// The faults that no notification met yet, the oldest first. One without an event type is for any notification.
#[derive(Debug, Default)]
pub(in crate::sandbox) struct NotificationFaults(Vec<(Option<String>, NotificationFault)>);

impl NotificationFaults {
    pub(in crate::sandbox) fn add(&mut self, event_type: Option<String>, fault: NotificationFault) {
        self.0.push((event_type, fault));
    }

    /// Takes the oldest fault for a notification of an event type.
    pub(in crate::sandbox) fn take(&mut self, event_type: &str) -> Option<NotificationFault> {
        let is_meant = |wanted: &Option<String>| wanted.as_ref().is_none_or(|it| it == event_type);
        let index = self.0.iter().position(|(wanted, _)| is_meant(wanted))?;
        Some(self.0.remove(index).1)
    }

    pub(in crate::sandbox) fn list(&self) -> &[(Option<String>, NotificationFault)] {
        &self.0
    }

    pub(in crate::sandbox) fn clear(&mut self) {
        self.0.clear();
    }

    /// Names the faults, for the end of a test.
    pub(in crate::sandbox) fn unmet(&self) -> Vec<String> {
        let name = |(event_type, fault): &(Option<String>, NotificationFault)| match event_type {
            Some(event_type) => format!("the fault {fault:?} of a notification {event_type}"),
            None => format!("the fault {fault:?} of a notification"),
        };
        self.0.iter().map(name).collect()
    }
}

/// Checks that a descriptor has notifications of an event type, so that a typo does not select nothing.
pub(in crate::sandbox) fn check_event(
    routes: &Routes,
    event_type: &str,
) -> Result<(), SandboxError> {
    let notifications = routes.books().iter().flat_map(|book| &book.notifications);
    let known: BTreeSet<&str> =
        notifications.flat_map(|it| it.events.iter().map(String::as_str)).collect();
    if known.contains(event_type) {
        return Ok(());
    }
    let known = known.into_iter().map(str::to_owned).collect();
    Err(SandboxError::UnknownEventType { event_type: event_type.to_owned(), known })
}

/// Why a copy with a fault was not acknowledged, for the journal.
#[derive(Clone, Copy, Debug)]
pub(super) enum LostPart {
    Notification,
    Acknowledgement,
}

impl fmt::Display for LostPart {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let part = match self {
            Self::Notification => "copy",
            Self::Acknowledgement => "response",
        };
        write!(formatter, "the {part} was lost: a test injected this fault")
    }
}
