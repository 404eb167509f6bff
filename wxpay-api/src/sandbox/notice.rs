//! Notifications that the sandbox sends (docs/protocol/notifications.md §8).

use std::fmt;
use std::time::SystemTime;

use http::{HeaderMap, HeaderValue, header};
use serde_json::{Value, json};

use super::SandboxError;
use super::account::Account;
use super::book::{Book, Resource};
use super::certificates::nonce;
use super::clock::rfc3339;
use super::echo::Echo;
use super::example::example;
use super::fault::SignatureFault;
use super::seal::seal;
use super::signature;
use crate::protocol::{CryptoError, Nonce, aead};

/// A notification to be signed and encrypted by [`Sandbox::notification`](super::Account::notification).
///
/// ```
/// use serde_json::json;
/// use wxpay_api::sandbox::SandboxNotification;
///
/// let paid = SandboxNotification::example("pay/transaction").with(json!({ "out_trade_no": "1217752501" }));
/// let own = SandboxNotification::new("TRANSACTION.SUCCESS", json!({ "trade_state": "SUCCESS" }));
/// ```
///
/// `Debug` leaves the resource out, whose secrets are plain.
#[derive(Clone)]
#[must_use = "give it to `Sandbox::notification` or `Sandbox::notify`"]
pub struct SandboxNotification {
    source: Source,
    event_type: Option<String>,
    original_type: Option<String>,
    changes: Value,
    by_certificate: bool,
    fault: Option<SignatureFault>,
}

#[derive(Clone)]
enum Source {
    /// A notification of the descriptors, by its name.
    Example(String),
    Given(Value),
}

/// A notification as it goes on the wire, every time the same.
pub(super) struct Envelope {
    pub(super) id: String,
    pub(super) event_type: String,
    pub(super) body: String,
}

impl SandboxNotification {
    /// An event with this resource, sent as it is.
    pub fn new(event_type: impl Into<String>, resource: Value) -> Self {
        Self { event_type: Some(event_type.into()), ..Self::from_source(Source::Given(resource)) }
    }

    /// A notification of the descriptors by its name, such as `pay/transaction`: its first event
    /// with the example of its resource. Secrets in it are encrypted for the merchant.
    pub fn example(name: impl Into<String>) -> Self {
        Self::from_source(Source::Example(name.into()))
    }

    /// What WeChat Pay sends to the `notify_url` of a `POST /v3/security/echo`, which says that the APIv3 key
    /// is right ([protocol §10.6]). Its members are not documented; here it has `echo_message`.
    ///
    /// [protocol §10.6]: crate::docs::protocol::errors#106-hosts
    pub fn security_echo(echo_message: &str) -> Self {
        let resource = json!({ "echo_message": echo_message });
        Self::new("SECURITY_ECHO.SUCCESS", resource).original_type("security")
    }

    /// Puts these members over those of the resource; objects are merged, all else is replaced.
    pub fn with(mut self, changes: Value) -> Self {
        merge(&mut self.changes, changes);
        self
    }

    /// Another event type.
    pub fn event_type(self, event_type: impl Into<String>) -> Self {
        Self { event_type: Some(event_type.into()), ..self }
    }

    /// The `original_type` of the resource, such as `transaction`.
    pub fn original_type(self, original_type: impl Into<String>) -> Self {
        Self { original_type: Some(original_type.into()), ..self }
    }

    /// Signed by the platform certificate even if the merchant uses the public key, as happens while
    /// a merchant migrates ([protocol §3.4]).
    ///
    /// [protocol §3.4]: crate::docs::protocol::keys#34-the-public-key-and-wechatpay-serial
    pub fn by_certificate(self) -> Self {
        Self { by_certificate: true, ..self }
    }

    /// With a wrong signature, which a delivery has in the first copy only: what fails for a probe is
    /// sent again rightly signed ([protocol §2.9]).
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
            fault: None,
        }
    }

    /// The headers of one copy, signed anew.
    pub(super) fn headers(
        &self,
        account: &Account,
        body: &[u8],
        fault: Option<&SignatureFault>,
    ) -> Result<HeaderMap, CryptoError> {
        let customer = &account.customer;
        let signer = match self.by_certificate {
            true => customer.keys().keyring.by_certificate(),
            false => customer.keys().keyring.signer(None),
        };
        let mut headers = signature::sign(customer, signer, body, fault)?;
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        Ok(headers)
    }

    /// How its signature is to be wrong.
    pub(super) fn first_fault(&self) -> Option<&SignatureFault> {
        self.fault.as_ref()
    }

    /// The notification with an id of its own, encrypted.
    pub(super) fn envelope(&self, account: &Account) -> Result<Envelope, SandboxError> {
        let described = match &self.source {
            Source::Example(name) => Some(find(account, name)?),
            Source::Given(_) => None,
        };
        let resource = self.resource(account, described)?;
        let described = described.map(|(_, described)| described);
        let first_event = described.and_then(|described| described.events.first());
        let event_type = self.event_type.as_ref().or(first_event).cloned().unwrap_or_default();
        let documented = described.and_then(|described| described.original_type.as_ref());
        let original_type = self.original_type.as_ref().or(documented);
        let associated_data = original_type.map_or("", String::as_str);
        let nonce = nonce().ok_or(CryptoError::Random)?;
        let plain = resource.to_string();
        let customer = &account.customer;
        let (scheme, key) = (customer.merchant.scheme(), &customer.keys().apiv3_key);
        let encrypted = aead::encrypt(scheme, key, &nonce, associated_data, plain.as_bytes())?;
        let mut resource = json!({
            "algorithm": encrypted.algorithm,
            "ciphertext": encrypted.ciphertext,
            "associated_data": encrypted.associated_data,
            "nonce": encrypted.nonce,
        });
        if let Some(original_type) = original_type {
            merge(&mut resource, json!({ "original_type": original_type }));
        }
        let id = Nonce::random()?.as_str().to_owned();
        let body = json!({
            "id": id,
            "create_time": rfc3339(SystemTime::now()),
            "resource_type": "encrypt-resource",
            "event_type": event_type,
            "summary": "sandbox",
            "resource": resource,
        });
        Ok(Envelope { id, event_type, body: body.to_string() })
    }

    /// The resource, its secrets sealed where it is described.
    fn resource(
        &self,
        account: &Account,
        described: Option<(&Book, &Resource)>,
    ) -> Result<Value, SandboxError> {
        let mchid = account.customer.id();
        let mut resource = match (&self.source, described) {
            (Source::Given(resource), _) => resource.clone(),
            (Source::Example(_), Some((book, described))) => {
                example(book, &described.schema, &Echo::default(), mchid)
            }
            (Source::Example(_), None) => Value::Null,
        };
        if let (Some((_, described)), Value::Object(members)) = (described, &mut resource) {
            members.retain(|name, _| !described.absent.contains(name));
        }
        merge(&mut resource, self.changes.clone());
        if let Some((book, described)) = described {
            let key = account.customer.identity.private_key().public_key();
            seal(book, &described.schema, key, &mut resource)?;
        }
        Ok(resource)
    }
}

fn find<'a>(account: &'a Account, name: &str) -> Result<(&'a Book, &'a Resource), SandboxError> {
    let all = || {
        let books = account.shared.routes.books().iter();
        books.flat_map(|book| book.notifications.iter().map(move |it| (book.as_ref(), it)))
    };
    all().find(|(_, described)| described.name == name).ok_or_else(|| {
        let known = all().map(|(_, described)| described.name.clone()).collect();
        SandboxError::UnknownNotification { name: name.to_owned(), known }
    })
}

/// Puts `changes` over `target`.
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
