//! A WeChat Pay on this machine, for tests without money.
//!
//! [`Sandbox::start`] listens on a free port of 127.0.0.1. It verifies the signature of every
//! request, checks each value against the operation's descriptor, decrypts what must be encrypted,
//! and answers with signed examples that give back the request's own values.
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use wxpay_api::sandbox::Sandbox;
//!
//! let sandbox = Sandbox::start().await?;
//! let wx = sandbox.client()?;
//! let certificates = wx.get("/v3/certificates").await?;
//! assert!(certificates["data"][0]["serial_no"].is_string());
//! assert_eq!(sandbox.received()[0].target, "/v3/certificates");
//! # Ok(())
//! # }
//! ```
//!
//! A test can ask for other answers ([`Sandbox::answer`]), for everything that goes wrong in practice
//! ([`Sandbox::misbehave`]), and for notifications ([`Sandbox::notify`]).

mod answer;
mod authorization;
mod bill;
mod book;
mod builder;
mod certificates;
mod check;
mod clock;
mod content;
mod course;
mod dead_port;
mod echo;
mod error;
mod example;
mod exchange;
mod file;
mod identity;
mod inspection;
mod journal;
mod misbehaviour;
mod multipart;
mod notice;
mod outgoing;
mod planned_answer;
mod query;
mod refusal;
mod replacement;
mod request;
mod response;
mod route;
mod seal;
mod server;
mod signature;
mod state;
mod target;

pub use book::BookError;
pub use builder::SandboxBuilder;
pub use error::SandboxError;
pub use journal::ReceivedRequest;
pub use misbehaviour::{Misbehaviour, SignatureFault};
pub use notice::{Acknowledgement, Notice};
pub use planned_answer::Answer;

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use http::HeaderMap;
use tokio::task::AbortHandle;

use dead_port::DeadPort;
use identity::{KeyMode, Keyring};
use state::Shared;
use target::Target;

use crate::client::{BuildError, Client, ClientBuilder};
use crate::protocol::Merchant;
use crate::protocol::issuing::Identity;

/// A WeChat Pay on this machine. It stops when it is dropped.
#[must_use = "the sandbox stops when it is dropped"]
pub struct Sandbox {
    shared: Arc<Shared>,
    server: AbortHandle,
    dead_port: DeadPort,
}

impl Sandbox {
    /// Starts a sandbox with keys that this process shares; the first takes a second to make them.
    ///
    /// # Errors
    /// [`SandboxError`] outside a Tokio runtime, and when no port is free.
    pub async fn start() -> Result<Self, SandboxError> {
        Self::builder().start().await
    }

    /// Starts a sandbox with a merchant, keys or operations of its own.
    pub fn builder() -> SandboxBuilder {
        SandboxBuilder::default()
    }

    /// Where it listens: `http://127.0.0.1:` and the port.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.shared.url
    }

    /// Where nobody listens, as if a host were down: every connection to it is refused while the sandbox
    /// lives. With the sandbox's own URL as the backup a client has to fail over.
    #[must_use]
    pub fn dead_url(&self) -> &str {
        &self.dead_port.url
    }

    /// A client of the sandbox's merchant.
    ///
    /// # Errors
    /// [`BuildError`] when TLS, which no call here uses, cannot be set up.
    pub fn client(&self) -> Result<Client, BuildError> {
        self.client_builder().build()
    }

    /// A client with everything but your own settings. It holds the WeChat Pay public key, or the
    /// platform certificate if the sandbox has no public key.
    pub fn client_builder(&self) -> ClientBuilder {
        let customer = &self.shared.customer;
        let client = Client::builder(customer.merchant.clone())
            .apiv3_key(&customer.apiv3_key_text)
            .base_url(self.url());
        if self.keyring(|keyring| keyring.mode() == KeyMode::CertificatesOnly) {
            return client.platform_certificate(self.platform_certificate_pem());
        }
        let (id, pem) = self.wechatpay_public_key();
        client.wechatpay_public_key(id, pem)
    }

    /// The merchant whose requests are accepted.
    #[must_use]
    pub fn merchant(&self) -> &Merchant {
        &self.shared.customer.merchant
    }

    /// The merchant's certificate and private key, like `apiclient_cert.pem` and `apiclient_key.pem`.
    ///
    /// # Errors
    /// [`SandboxError`] when the cryptographic library does not give the key away.
    pub fn merchant_pem(&self) -> Result<(String, String), SandboxError> {
        let identity = &self.shared.customer.identity;
        Ok((identity.certificate_pem().to_owned(), identity.private_key_pem()?))
    }

    /// The WeChat Pay public key: its id `PUB_KEY_ID_…` and its PEM text.
    #[must_use]
    pub fn wechatpay_public_key(&self) -> (String, String) {
        self.keyring(|keyring| {
            (keyring.public_key_id().to_owned(), keyring.public_key().public_key_pem())
        })
    }

    /// The newest platform certificate.
    #[must_use]
    pub fn platform_certificate_pem(&self) -> String {
        self.keyring(|keyring| {
            let newest = keyring.newest_certificate();
            newest.map(|identity| identity.certificate_pem().to_owned()).unwrap_or_default()
        })
    }

    /// The merchant's APIv3 key.
    #[must_use]
    pub fn apiv3_key(&self) -> &str {
        &self.shared.customer.apiv3_key_text
    }

    /// Issues a new platform certificate, which signs from now on wherever a certificate is asked for;
    /// `/v3/certificates` lists it beside the old ones (PROTOCOL §3.3).
    ///
    /// # Errors
    /// [`SandboxError`] when the cryptographic library makes no key.
    pub fn rotate_platform_certificate(&self) -> Result<(), SandboxError> {
        let identity = Identity::platform()?;
        self.shared.state().keyring.add_certificate(identity);
        Ok(())
    }

    /// Gives this answer to the next right request of an operation, in place of its example.
    ///
    /// `path` is the operation's URL as documented, `{…}` included, or the URL of one call. It may be
    /// one that this crate does not know; of such requests only the signature is checked. Answers
    /// for the same operation are given in the order in which they were asked for.
    pub fn answer(&self, method: &str, path: &str, answer: Answer) {
        self.shared.state().plan(Target::new(method, path), answer);
    }

    /// Spoils the answer to the next request, whatever it is. Several calls spoil as many answers.
    pub fn misbehave(&self, misbehaviour: impl Into<Misbehaviour>) {
        self.shared.state().misbehave(None, misbehaviour.into());
    }

    /// Spoils the answer to the next request of one operation. Several calls spoil as many answers.
    ///
    /// `path` is as for [`Sandbox::answer`].
    pub fn misbehave_at(&self, method: &str, path: &str, misbehaviour: impl Into<Misbehaviour>) {
        self.shared.state().misbehave(Some(Target::new(method, path)), misbehaviour.into());
    }

    /// The bill that links lead to from now on; until then it is a short sample.
    pub fn set_bill(&self, content: impl Into<Bytes>) {
        self.shared.state().bills.set(content.into());
    }

    /// Every request so far, in the order of arrival, refused ones included.
    #[must_use]
    pub fn received(&self) -> Vec<ReceivedRequest> {
        self.shared.state().received.clone()
    }

    /// How often an operation was carried out: what must not happen twice is counted here.
    ///
    /// `path` is as for [`Sandbox::answer`].
    #[must_use]
    pub fn executions(&self, method: &str, path: &str) -> usize {
        let target = Target::new(method, path);
        let state = self.shared.state();
        state.received.iter().filter(|request| request.executed && request.is_at(&target)).count()
    }

    /// Headers and body of a notification, for a handler that is called directly.
    ///
    /// # Errors
    /// [`SandboxError::UnknownNotification`] names those that there are.
    pub fn notification(&self, notice: Notice) -> Result<(HeaderMap, Bytes), SandboxError> {
        notice.request(&self.shared)
    }

    /// Posts a notification to a URL on this machine, and returns how it was received.
    ///
    /// # Errors
    /// [`SandboxError`] as [`Sandbox::notification`], for any other machine, and when nothing answers
    /// within five seconds.
    pub async fn notify(&self, url: &str, notice: Notice) -> Result<Acknowledgement, SandboxError> {
        let (headers, body) = self.notification(notice)?;
        notice::post(url, headers, body).await
    }

    fn keyring<T>(&self, read: impl FnOnce(&Keyring) -> T) -> T {
        read(&self.shared.state().keyring)
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl fmt::Debug for Sandbox {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Sandbox").field("url", &self.url()).finish_non_exhaustive()
    }
}
