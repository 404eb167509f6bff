//! Notifications that the sandbox sends (docs/protocol/notifications.md §8).

pub(super) mod delivery;
pub(super) mod fault;
pub(super) mod schedule;
pub(super) mod webhook_client;

use std::fmt;

use http::{HeaderMap, HeaderValue, header};
use serde_json::{Value, json};

use super::book::{Book, NotificationSchema};
use super::check::RequestValues;
use super::decide::content::encrypt_secrets;
use super::decide::example::example;
use super::error::SandboxError;
use super::fault::SignatureFault;
use super::fit;
use super::keys::AccountState;
use super::lifecycle::world::Moment;
use super::request::route::Routes;
use super::respond::signature;
use crate::protocol::{CryptoError, Nonce};

/// A notification that [`Account::notification`](super::Account::notification) signs and encrypts.
///
/// ```
/// use serde_json::json;
/// use wxpay_api::sandbox::SandboxNotification;
///
/// let paid = SandboxNotification::example("pay/transaction").with(json!({ "out_trade_no": "1217752501" }));
/// let own = SandboxNotification::new("TRANSACTION.SUCCESS", json!({ "trade_state": "SUCCESS" }));
/// ```
///
/// `Debug` omits the resource, because its secrets are plain.
#[derive(Clone)]
#[must_use = "give it to `Sandbox::notification` or `Sandbox::notify`"]
pub struct SandboxNotification {
    source: Source,
    event_type: Option<String>,
    original_type: Option<String>,
    changes: Value,
    by_certificate: bool,
    unchecked: bool,
    fault: Option<SignatureFault>,
    /// The id; a new one if there is none.
    id: Option<String>,
    /// When it came to be; now if there is none.
    created: Option<Moment>,
}

#[derive(Clone)]
enum Source {
    /// The name of a notification in the descriptors.
    Example(String),
    /// The name of a notification in the descriptors, and its resource with plain secrets.
    Described(String, Value),
    Given(Value),
}

/// The body of a notification. All copies have the same body.
pub(super) struct EncryptedNotification {
    pub(super) id: String,
    pub(super) event_type: String,
    pub(super) body: String,
}

impl SandboxNotification {
    /// Creates an event with this resource, which the sandbox sends as it is.
    pub fn new(event_type: impl Into<String>, resource: Value) -> Self {
        Self { event_type: Some(event_type.into()), ..Self::from_source(Source::Given(resource)) }
    }

    /// Creates a notification of the descriptors by its name, such as `pay/transaction`.
    ///
    /// It has the first event and the example of the resource. The sandbox encrypts its secrets for the merchant.
    pub fn example(name: impl Into<String>) -> Self {
        Self::from_source(Source::Example(name.into()))
    }

    /// Creates a notification of the descriptors with this resource. The sandbox encrypts its secrets.
    pub(super) fn described(name: &str, event_type: &str, resource: Value) -> Self {
        let source = Source::Described(name.to_owned(), resource);
        Self { event_type: Some(event_type.to_owned()), ..Self::from_source(source) }
    }

    /// Sets the id.
    pub(super) fn id(self, id: String) -> Self {
        Self { id: Some(id), ..self }
    }

    /// Sets the business time at which it came to be.
    pub(super) fn created(self, created: Moment) -> Self {
        Self { created: Some(created), ..self }
    }

    /// Creates the notification to the `notify_url` of a `POST /v3/security/echo`. Decrypting it proves that the
    /// APIv3 key is right ([protocol §10.6]).
    ///
    /// WeChat Pay does not document its members; the sandbox sends `echo_message`.
    ///
    /// [protocol §10.6]: crate::docs::protocol::errors#106-hosts
    pub fn security_echo(echo_message: &str) -> Self {
        let resource = json!({ "echo_message": echo_message });
        Self::new("SECURITY_ECHO.SUCCESS", resource).original_type("security")
    }

    /// Changes members of the resource. Objects are merged; other values are replaced.
    ///
    /// The sandbox compares changes of an [`example`](SandboxNotification::example) with its descriptor.
    pub fn with(mut self, changes: Value) -> Self {
        merge(&mut self.changes, changes);
        self
    }

    /// Sets another event type.
    pub fn event_type(self, event_type: impl Into<String>) -> Self {
        Self { event_type: Some(event_type.into()), ..self }
    }

    /// Sets the `original_type` of the resource, such as `transaction`.
    pub fn original_type(self, original_type: impl Into<String>) -> Self {
        Self { original_type: Some(original_type.into()), ..self }
    }

    /// Signs with the platform certificate even if the merchant uses the public key. WeChat Pay does so while a
    /// merchant migrates ([protocol §3.4]).
    ///
    /// [protocol §3.4]: crate::docs::protocol::keys#34-the-public-key-and-wechatpay-serial
    pub fn by_certificate(self) -> Self {
        Self { by_certificate: true, ..self }
    }

    /// Sends the notification although its event or its changes do not fit the descriptor.
    pub fn unchecked(self) -> Self {
        Self { unchecked: true, ..self }
    }

    /// Signs with a fault. In a delivery, only the first copy has the fault: WeChat Pay repeats a refused probe
    /// with a right signature ([protocol §2.9]).
    ///
    /// [protocol §2.9]: crate::docs::protocol::verification#29-signature-probes
    pub fn fault(self, fault: SignatureFault) -> Self {
        Self { fault: Some(fault), ..self }
    }

    fn from_source(source: Source) -> Self {
        Self {
            source,
            event_type: None,
            original_type: None,
            changes: Value::Null,
            by_certificate: false,
            unchecked: false,
            fault: None,
            id: None,
            created: None,
        }
    }

    /// Makes the headers of one copy, with a new signature.
    pub(super) fn headers(
        &self,
        account: &AccountState,
        body: &[u8],
        fault: Option<&SignatureFault>,
    ) -> Result<HeaderMap, CryptoError> {
        signed_headers(account, self.by_certificate, body, fault)
    }

    /// Returns the fault of the first copy's signature.
    pub(super) fn first_fault(&self) -> Option<&SignatureFault> {
        self.fault.as_ref()
    }

    pub(super) fn is_by_certificate(&self) -> bool {
        self.by_certificate
    }

    /// Encrypts the notification. `now` is the business time.
    pub(super) fn encrypt(
        &self,
        account: &AccountState,
        routes: &Routes,
        now: Moment,
    ) -> Result<EncryptedNotification, SandboxError> {
        let described = match &self.source {
            Source::Example(name) | Source::Described(name, _) => Some(find(routes, name)?),
            Source::Given(_) => None,
        };
        if let Some((book, schema)) = described
            && !self.unchecked
        {
            self.check(book, schema)?;
        }
        let resource = self.resource(account, described)?.to_string();
        let schema = described.map(|(_, schema)| schema);
        let first_event = schema.and_then(|schema| schema.events.first());
        let event_type = self.event_type.as_ref().or(first_event).cloned().unwrap_or_default();
        let documented = schema.and_then(|schema| schema.original_type.as_ref());
        let original_type = self.original_type.as_ref().or(documented);
        let associated_data = original_type.map_or("", String::as_str);
        let scheme = account.merchant.scheme();
        let encrypted = account.keys().encrypt(scheme, associated_data, resource.as_bytes())?;
        let mut resource = json!({
            "algorithm": encrypted.algorithm,
            "ciphertext": encrypted.ciphertext,
            "associated_data": encrypted.associated_data,
            "nonce": encrypted.nonce,
        });
        if let Some(original_type) = original_type {
            merge(&mut resource, json!({ "original_type": original_type }));
        }
        let id = match &self.id {
            Some(id) => id.clone(),
            None => Nonce::random()?.as_str().to_owned(),
        };
        let body = json!({
            "id": id,
            "create_time": self.created.unwrap_or(now).rfc3339(),
            "resource_type": "encrypt-resource",
            "event_type": event_type,
            "summary": "sandbox",
            "resource": resource,
        });
        Ok(EncryptedNotification { id, event_type, body: body.to_string() })
    }

    /// Compares the event and the changes with the descriptor.
    fn check(&self, book: &Book, schema: &NotificationSchema) -> Result<(), SandboxError> {
        let mut problems = fit::value(book, &schema.schema, &self.changes);
        if let Some(event) = &self.event_type
            && !schema.events.contains(event)
        {
            let events = schema.events.join(", ");
            problems.push(format!("its events are {events}, not {event}"));
        }
        if problems.is_empty() {
            return Ok(());
        }
        Err(SandboxError::UnfitNotification { name: schema.name.clone(), problems })
    }

    /// Makes the resource. If a descriptor describes it, encrypts its secrets.
    fn resource(
        &self,
        account: &AccountState,
        described: Option<(&Book, &NotificationSchema)>,
    ) -> Result<Value, SandboxError> {
        let mut resource = match (&self.source, described) {
            (Source::Given(resource) | Source::Described(_, resource), _) => resource.clone(),
            (Source::Example(_), Some((book, described))) => {
                example(book, &described.schema, &RequestValues::default(), account.id())
            }
            (Source::Example(_), None) => Value::Null,
        };
        if let (Some((_, described)), Value::Object(members)) = (described, &mut resource) {
            members.retain(|name, _| !described.absent.contains(name));
        }
        merge(&mut resource, self.changes.clone());
        if let Some((book, described)) = described {
            let key = account.identity.private_key().public_key();
            encrypt_secrets(book, &described.schema, key, &mut resource)?;
        }
        Ok(resource)
    }
}

/// Makes the headers of one copy, with a new signature.
pub(super) fn signed_headers(
    account: &AccountState,
    by_certificate: bool,
    body: &[u8],
    fault: Option<&SignatureFault>,
) -> Result<HeaderMap, CryptoError> {
    let signer = match by_certificate {
        true => account.keys().keyring.by_certificate(),
        false => account.keys().keyring.notification_signer(),
    };
    let mut headers = signature::sign(account, signer, body, fault)?;
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    Ok(headers)
}

fn find<'a>(
    routes: &'a Routes,
    name: &str,
) -> Result<(&'a Book, &'a NotificationSchema), SandboxError> {
    let all = || {
        let books = routes.books().iter();
        books.flat_map(|book| book.notifications.iter().map(move |it| (book.as_ref(), it)))
    };
    all().find(|(_, described)| described.name == name).ok_or_else(|| {
        let known = all().map(|(_, described)| described.name.clone()).collect();
        SandboxError::UnknownNotification { name: name.to_owned(), known }
    })
}

/// Merges `changes` into `target`.
fn merge(target: &mut Value, changes: Value) {
    match (target, changes) {
        (_, Value::Null) => {}
        (Value::Object(target), Value::Object(changes)) => {
            for (name, change) in changes {
                merge(target.entry(name).or_insert(Value::Null), change);
            }
        }
        (target, change) => *target = change,
    }
}

impl fmt::Debug for SandboxNotification {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("SandboxNotification")
            .field("event_type", &self.event_type)
            .field("original_type", &self.original_type)
            .finish_non_exhaustive()
    }
}
