//! Notifications, verified and decrypted, and the resources that they carry.

use std::fmt;
use std::time::SystemTime;

use http::HeaderMap;
use zeroize::Zeroizing;

use crate::client::core::Core;
use crate::notifications::{Event, event};
use crate::protocol::excerpt::excerpt;
use crate::protocol::lossy_json::{JsonKind, JsonRef};
use crate::protocol::{Envelope, Merchant, NotificationError, lossy_json, notification};
use crate::wire::{Context, Correction, Decode, DecodeError, Incoming};

/// A notification that was verified and decrypted ([protocol §8]).
///
/// WeChat Pay may send it twice: claim its [`replay_keys`](Notification::replay_keys) from a
/// [replay guard](crate::replay), and [compare](crate::compare) it with your own order before
/// acting.
///
/// [protocol §8]: crate::docs::protocol::notifications
#[derive(Clone)]
pub struct Notification {
    envelope: Envelope,
    plaintext: Zeroizing<Vec<u8>>,
    key_id: String,
    merchant: Merchant,
}

/// A type that notifications carry. Implemented by generated types.
pub trait Resource: Decode {
    /// Every kind of notification that carries it.
    const SHAPES: &'static [NotificationShape];
}

/// The properties that distinguish a resource from others of the same event ([protocol §8.5]).
///
/// [protocol §8.5]: crate::docs::protocol::events
#[derive(Clone, Copy, Debug)]
pub struct NotificationShape {
    /// The events that carry it.
    pub events: &'static [&'static str],
    /// The events that also carry resources with another `original_type`. Only for them it decides.
    pub shared: &'static [&'static str],
    /// The envelope's `original_type`, where known.
    pub original_type: Option<&'static str>,
    /// Keys that must be at the top of the resource.
    pub present: &'static [&'static str],
    /// Keys that must not be there.
    pub absent: &'static [&'static str],
}

/// Why a notification's resource could not be read as the wanted type.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ResourceError {
    /// The event carries something else.
    #[error("the event is {}, which does not carry the wanted type", excerpt(event))]
    OtherEvent {
        /// The event that came.
        event: String,
    },
    /// The event may carry the wanted type, but this notification's `original_type` or keys show
    /// another.
    #[error(
        "this {} carries another type than the wanted one; `event()` tells which",
        excerpt(event)
    )]
    OtherShape {
        /// The event that came.
        event: String,
    },
    /// The plain text is not JSON, or not an object.
    #[error("the resource of {} is {why}", excerpt(event))]
    Unreadable {
        /// The event.
        event: String,
        /// What the plain text is instead.
        why: DecodeError,
    },
}

impl Core {
    /// Verifies and decrypts a notification, as [`Client::notification`](crate::Client::notification) does.
    ///
    /// # Errors
    ///
    /// [`NotificationError`]: trust nothing in the body.
    pub fn notification(
        &self,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Result<Notification, NotificationError> {
        let key = self.apiv3_key().ok_or(NotificationError::NoApiV3Key)?;
        let now = SystemTime::now();
        let scheme = self.merchant().scheme();
        let decrypted = notification::decrypt(scheme, self.keys(), key, headers, body, now)?;
        Ok(Notification {
            envelope: decrypted.envelope,
            plaintext: decrypted.plaintext,
            key_id: decrypted.key_id,
            merchant: self.merchant().clone(),
        })
    }
}

impl Notification {
    /// The notification's id, the same each time it is sent.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.envelope.id
    }

    /// The merchant number, or the brand id, of the client that decrypted it.
    #[must_use]
    pub fn merchant_id(&self) -> &str {
        self.merchant.id()
    }

    /// The id of the WeChat Pay key that signed it: `PUB_KEY_ID_…`, or the serial number of a
    /// platform certificate. A migration to the public key is complete when no notification names a
    /// certificate any more ([protocol §3.4]).
    ///
    /// [protocol §3.4]: crate::docs::protocol::keys#34-the-public-key-and-wechatpay-serial
    #[must_use]
    pub fn key_id(&self) -> &str {
        &self.key_id
    }

    /// What happened, for example `TRANSACTION.SUCCESS`.
    #[must_use]
    pub fn event_type(&self) -> &str {
        &self.envelope.event_type
    }

    /// The envelope around the resource.
    #[must_use]
    pub fn envelope(&self) -> &Envelope {
        &self.envelope
    }

    /// The decrypted resource as it came; treat it as personal data.
    #[must_use]
    pub fn plaintext(&self) -> &[u8] {
        &self.plaintext
    }

    /// The resource as the type that the event carries, by the descriptors.
    #[must_use]
    pub fn event(&self) -> Event {
        event(self)
    }

    /// The resource as `T`.
    ///
    /// # Errors
    ///
    /// [`ResourceError`] when the notification carries another type, even under the same event, or
    /// the resource is not an object.
    pub fn resource<T: Resource>(&self) -> Result<T, ResourceError> {
        self.corrected_resource().map(|(resource, _)| resource)
    }

    /// The resource as `T`, and where it deviates from its documentation.
    ///
    /// # Errors
    ///
    /// As [`resource`](Notification::resource).
    pub fn corrected_resource<T: Resource>(&self) -> Result<(T, Vec<Correction>), ResourceError> {
        let (context, mut resource) = (Context::new(Some(&self.merchant)), None);
        self.read_resource(T::SHAPES, &context, &mut |root| resource = T::decode(root))?;
        match resource {
            Some(resource) => Ok((resource, context.into_corrections())),
            None => Err(self.unreadable(DecodeError::NotAnObject)),
        }
    }

    /// Hands over the resource if a shape fits. Not generic, so that a user's crate compiles no more than a call.
    fn read_resource(
        &self,
        shapes: &[NotificationShape],
        context: &Context<'_>,
        read: &mut dyn FnMut(Incoming<'_>),
    ) -> Result<(), ResourceError> {
        let of_event = |shape: &&NotificationShape| shape.events.contains(&self.event_type());
        let mut shapes = shapes.iter().filter(of_event).peekable();
        if shapes.peek().is_none() {
            return Err(ResourceError::OtherEvent { event: self.event_type().to_owned() });
        }
        let mut repaired = String::new();
        let document = lossy_json::read(&self.plaintext, &mut repaired)
            .map_err(|why| self.unreadable(DecodeError::NotJson(why)))?;
        let root = document.root();
        let is_object = matches!(root.kind(), JsonKind::Object);
        if is_object && !shapes.any(|shape| shape.fits(&self.envelope, root)) {
            return Err(ResourceError::OtherShape { event: self.event_type().to_owned() });
        }
        read(Incoming::root(&document, context));
        Ok(())
    }

    fn unreadable(&self, why: DecodeError) -> ResourceError {
        ResourceError::Unreadable { event: self.event_type().to_owned(), why }
    }
}

/// Shows the envelope, never the resource.
impl fmt::Debug for Notification {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Notification")
            .field("id", &self.id())
            .field("key_id", &self.key_id)
            .field("event_type", &self.event_type())
            .field("original_type", &self.envelope.original_type)
            .finish_non_exhaustive()
    }
}

/// A resource that an event may carry, as the descriptors tell it apart from others.
#[derive(Clone, Copy, Debug)]
#[doc(hidden)]
pub struct Candidate<Event: 'static> {
    /// The properties that distinguish it from others.
    pub shape: NotificationShape,
    /// Reads it.
    pub read: fn(Incoming<'_>) -> Option<Event>,
}

/// The resources that fit a notification, read.
#[doc(hidden)]
pub fn fitting<Event>(notification: &Notification, candidates: &[Candidate<Event>]) -> Vec<Event> {
    let mut repaired = String::new();
    let Ok(document) = lossy_json::read(&notification.plaintext, &mut repaired) else {
        return Vec::new();
    };
    let context = Context::new(Some(&notification.merchant));
    let value = Incoming::root(&document, &context);
    candidates
        .iter()
        .filter(|candidate| candidate.shape.fits(&notification.envelope, document.root()))
        .filter_map(|candidate| (candidate.read)(value))
        .collect()
}

impl NotificationShape {
    /// An envelope without `original_type` excludes no shape. Neither does another one, unless the
    /// resources of the event differ in it: pages give it in examples only, and WeChat Pay may send
    /// another.
    fn fits(&self, envelope: &Envelope, resource: JsonRef<'_>) -> bool {
        let has = |key: &&str| resource.member(key).is_some_and(|value| !value.is_null());
        let (event, theirs) = (envelope.event_type.as_str(), envelope.original_type.as_str());
        let same_type = theirs.is_empty()
            || self.original_type.is_none_or(|ours| ours == theirs)
            || !self.shared.contains(&event);
        self.events.contains(&event)
            && same_type
            && self.present.iter().all(has)
            && !self.absent.iter().any(has)
    }
}
