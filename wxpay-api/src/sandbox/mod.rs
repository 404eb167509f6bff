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
//! A test can ask for other answers ([`Sandbox::respond`]), for everything that goes wrong in practice
//! ([`Sandbox::inject_fault`]), and for notifications ([`Account::notify`], [`Account::deliver`]).

mod account;
mod answer;
mod authorization;
mod bill;
mod book;
mod builder;
mod certificates;
mod check;
mod clock;
mod content;
mod courier;
mod course;
mod customer;
mod dead_port;
mod delivery;
mod echo;
mod error;
mod example;
mod exchange;
mod fault;
mod file;
mod inspection;
mod journal;
mod key_files;
mod key_set;
mod keyring;
mod multipart;
mod notice;
mod outgoing;
mod planned_answer;
mod query;
mod refusal;
mod replacement;
mod request;
mod response;
mod retention;
mod route;
mod schedule;
mod seal;
mod sealed_lines;
mod server;
mod signature;
mod state;
mod target;

pub use account::Account;
pub use bill::{BillDigest, BillFile};
pub use book::BookError;
pub use builder::SandboxBuilder;
pub use courier::WebhookResponse;
pub use delivery::{Attempt, Delivery, DeliveryLog};
pub use error::SandboxError;
pub use fault::{Fault, SignatureFault};
pub use journal::ReceivedRequest;
pub use keyring::KeyMode;
pub use notice::SandboxNotification;
pub use planned_answer::PlannedResponse;
pub use schedule::Schedule;

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use tokio::task::AbortHandle;

use customer::{Customer, Kind};
use dead_port::DeadPort;
use key_set::KeySet;
use target::Target;

/// A WeChat Pay on this machine. It stops when it is dropped.
///
/// It starts with one merchant, and what that merchant's [`Account`] can do, the sandbox can: build
/// clients, send notifications, change keys. Further merchants are added.
#[must_use = "the sandbox stops when it is dropped"]
pub struct Sandbox {
    first: Account,
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

    /// Opens the account of another merchant, with certificates, an APIv3 key and key ids of its own.
    /// The key pairs are shared with the other merchants, so that this takes milliseconds.
    ///
    /// # Errors
    /// [`SandboxError`] when the merchant number is wrong or has an account.
    pub fn add_merchant(&self, mchid: impl AsRef<str>) -> Result<Account, SandboxError> {
        self.add(Kind::Merchant, mchid.as_ref(), KeyMode::Both)
    }

    /// Opens the account of a brand, which calls what is under `/brand/` and has a WeChat Pay public key
    /// only ([protocol §1.7]).
    ///
    /// # Errors
    /// As [`Sandbox::add_merchant`].
    ///
    /// [protocol §1.7]: crate::docs::protocol::signing#17-the-brand-scheme
    pub fn add_brand(&self, brand_id: impl AsRef<str>) -> Result<Account, SandboxError> {
        self.add(Kind::Brand, brand_id.as_ref(), KeyMode::PublicKeyOnly)
    }

    /// Opens the account of a merchant with SM2 keys, to which everything is signed with SM2 and encrypted
    /// with SM2 and SM4 ([protocol §1.6]).
    ///
    /// # Errors
    /// As [`Sandbox::add_merchant`].
    ///
    /// [protocol §1.6]: crate::docs::protocol::signing#16-sm2-signatures
    #[cfg(feature = "sm")]
    pub fn add_sm_merchant(&self, mchid: impl AsRef<str>) -> Result<Account, SandboxError> {
        self.add(Kind::Sm2, mchid.as_ref(), KeyMode::Both)
    }

    /// The account of a merchant or a brand.
    #[must_use]
    pub fn account(&self, id: &str) -> Option<Account> {
        let customer = self.shared.state().customer(id)?;
        Some(Account { shared: Arc::clone(&self.shared), customer })
    }

    /// Gives this answer to the next right request of an operation, in place of its example.
    ///
    /// `path` is the operation's URL as documented, `{…}` included, or the URL of one call. It may be
    /// one that this crate does not know; of such requests only the signature is checked. Answers
    /// for the same operation are given in the order in which they were asked for.
    pub fn respond(&self, method: &str, path: &str, response: PlannedResponse) {
        self.shared.state().plan(Target::new(method, path), response);
    }

    /// Spoils the answer to the next request, whatever it is. Several calls spoil as many answers.
    pub fn inject_fault(&self, fault: impl Into<Fault>) {
        self.shared.state().inject_fault(None, fault.into());
    }

    /// Spoils the answer to the next request of one operation. Several calls spoil as many answers.
    ///
    /// `path` is as for [`Sandbox::respond`].
    pub fn inject_fault_at(&self, method: &str, path: &str, fault: impl Into<Fault>) {
        self.shared.state().inject_fault(Some(Target::new(method, path)), fault.into());
    }

    /// The bill that links given from now on lead to; until then it has one row. Links are good for five
    /// minutes, and only for whom they were given to ([protocol §7.1]).
    ///
    /// [protocol §7.1]: crate::docs::protocol::downloads#71-bills
    pub fn set_bill(&self, bill: impl Into<BillFile>) {
        self.shared.state().bills.set(bill.into());
    }

    /// Ends the life of all links to bills that were given so far: they are refused with
    /// `INVALID_REQUEST`.
    pub fn expire_bill_links(&self) {
        self.shared.state().bills.expire_links();
    }

    /// Every request so far, in the order of arrival, refused ones included.
    #[must_use]
    pub fn received(&self) -> Vec<ReceivedRequest> {
        self.shared.state().received.clone()
    }

    /// How often an operation was carried out: what must not happen twice is counted here.
    ///
    /// `path` is as for [`Sandbox::respond`].
    #[must_use]
    pub fn executions(&self, method: &str, path: &str) -> usize {
        let target = Target::new(method, path);
        let state = self.shared.state();
        state.received.iter().filter(|request| request.executed && request.is_at(&target)).count()
    }

    fn add(&self, kind: Kind, id: &str, mode: KeyMode) -> Result<Account, SandboxError> {
        let customer = Customer::issue(kind, id, mode, KeySet::shared(kind)?)?;
        Account::open(Arc::clone(&self.shared), customer)
    }
}

/// A sandbox is the account of its first merchant.
impl Deref for Sandbox {
    type Target = Account;

    fn deref(&self) -> &Account {
        &self.first
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
