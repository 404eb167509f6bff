//! The handle of a sandbox: opens accounts, plans responses, injects faults, reads the journal.

use std::fmt;
use std::io;
use std::ops::Deref;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use serde_json::Value;
use tokio::task::AbortHandle;

use super::account::Account;
use super::bills::BillFile;
use super::builder::SandboxBuilder;
use super::error::SandboxError;
use super::fault::Fault;
use super::fit;
use super::journal::ReceivedRequest;
use super::keys::keyring::KeyMode;
use super::keys::{AccountKind, AccountState, KeySet};
use super::lifecycle::error::LifecycleError;
use super::lifecycle::resource::SandboxResource;
use super::lifecycle::show::journal::{NotificationAttempt, SentNotification};
use super::lifecycle::world::ResourceFilter;
use super::notifications::fault::NotificationFault;
use super::planned_response::PlannedResponse;
use super::server::{DeadPort, SandboxConnections};

/// A WeChat Pay on this machine. Dropping the handle stops it.
///
/// A sandbox starts with the [`Account`] of one merchant and has all its methods: it builds clients, sends
/// notifications and changes keys. Tests can add further merchants.
#[must_use = "the sandbox stops when it is dropped"]
pub struct Sandbox {
    first: Account,
    /// The server, the sender of notifications, and the timers.
    tasks: [AbortHandle; 3],
    dead_port: DeadPort,
}

impl Sandbox {
    /// Starts a sandbox with the keys that this process shares. The first start generates them, which takes a second.
    ///
    /// # Errors
    /// [`SandboxError`] outside a Tokio runtime, and if no port is free.
    pub async fn start() -> Result<Self, SandboxError> {
        Self::builder().start().await
    }

    pub(super) fn new(first: Account, tasks: [AbortHandle; 3]) -> io::Result<Self> {
        Ok(Self { first, tasks, dead_port: DeadPort::reserve()? })
    }

    /// Returns a builder, for a sandbox with another merchant, keys or private operations.
    pub fn builder() -> SandboxBuilder {
        SandboxBuilder::default()
    }

    /// Returns the URL of the sandbox: `http://127.0.0.1:` and the port, or the address of [`SandboxBuilder::bind`].
    #[must_use]
    pub fn url(&self) -> &str {
        &self.shared.url
    }

    /// Returns the token that the control surface, the keys and the pay page want; `None` if the sandbox listens on
    /// loopback alone. Print it at start.
    #[must_use]
    pub fn control_token(&self) -> Option<&str> {
        self.shared.control.token()
    }

    /// Returns what serves connections that a program accepted in the name of WeChat Pay's hosts, such as a proxy.
    pub async fn connections(&self) -> SandboxConnections {
        SandboxConnections::new(Arc::clone(&self.shared)).await
    }

    /// Returns a URL that refuses every connection, like a host that is down.
    ///
    /// A client that has the sandbox's own URL as its backup must fail over.
    #[must_use]
    pub fn dead_url(&self) -> &str {
        &self.dead_port.url
    }

    /// Adds the account of another merchant, with its own certificates, APIv3 key and key ids.
    ///
    /// All merchants share the same key pairs, so this takes milliseconds.
    ///
    /// # Errors
    /// [`SandboxError`] if the merchant number is invalid or has an account already.
    pub fn add_merchant(&self, mchid: impl AsRef<str>) -> Result<Account, SandboxError> {
        self.add(AccountKind::Merchant, mchid.as_ref(), KeyMode::Migrating)
    }

    /// Adds the account of a brand ([protocol §1.7]).
    ///
    /// A brand calls paths under `/brand/`, and has a WeChat Pay public key only.
    ///
    /// # Errors
    /// As [`Sandbox::add_merchant`].
    ///
    /// [protocol §1.7]: crate::docs::protocol::signing#17-the-brand-scheme
    pub fn add_brand(&self, brand_id: impl AsRef<str>) -> Result<Account, SandboxError> {
        self.add(AccountKind::Brand, brand_id.as_ref(), KeyMode::PublicKey)
    }

    /// Adds the account of a merchant with SM2 keys ([protocol §1.6]).
    ///
    /// The sandbox signs for it with SM2, and encrypts with SM2 and SM4.
    ///
    /// # Errors
    /// As [`Sandbox::add_merchant`].
    ///
    /// [protocol §1.6]: crate::docs::protocol::signing#16-sm2-signatures
    #[cfg(feature = "sm")]
    pub fn add_sm_merchant(&self, mchid: impl AsRef<str>) -> Result<Account, SandboxError> {
        self.add(AccountKind::Sm2, mchid.as_ref(), KeyMode::Migrating)
    }

    /// Returns the account of a merchant number or brand id.
    #[must_use]
    pub fn account(&self, id: &str) -> Option<Account> {
        let state = self.shared.state().account(id)?;
        Some(Account { shared: Arc::clone(&self.shared), state })
    }

    /// Plans the response to the next valid request of an operation. The request changes nothing that the sandbox
    /// remembers.
    ///
    /// `path` is the operation's documented URL with its `{…}`, or the URL of one call. Several planned responses of
    /// an operation are sent in the order of the calls.
    ///
    /// # Errors
    /// [`SandboxError::UnknownOperation`] if no descriptor has the URL; see [`SandboxBuilder::undescribed`].
    /// [`SandboxError::UnfitResponse`] if the response has members or types that the operation's descriptor does not
    /// have; see [`PlannedResponse::unchecked`]. [`SandboxError::InvalidStatus`] for a status that HTTP does not have.
    pub fn respond(
        &self,
        method: &str,
        path: &str,
        response: PlannedResponse,
    ) -> Result<(), SandboxError> {
        let (pattern, route) = self.shared.routes.select(method, path)?;
        fit::response(&pattern, route.as_ref(), &response)?;
        self.shared.state().plan(pattern, response);
        Ok(())
    }

    /// Injects a fault into the next exchange of any operation. Each of several faults hits one
    /// exchange.
    pub fn inject_fault(&self, fault: impl Into<Fault>) {
        self.shared.state().inject_fault(None, fault.into());
    }

    /// Injects a fault into the next exchange of one operation. Each of several faults hits one
    /// exchange.
    ///
    /// `path` is as for [`Sandbox::respond`].
    ///
    /// # Errors
    /// [`SandboxError::UnknownOperation`] if no descriptor has the URL; see [`SandboxBuilder::undescribed`].
    pub fn inject_fault_at(
        &self,
        method: &str,
        path: &str,
        fault: impl Into<Fault>,
    ) -> Result<(), SandboxError> {
        let (pattern, _) = self.shared.routes.select(method, path)?;
        self.shared.state().inject_fault(Some(pattern), fault.into());
        Ok(())
    }

    /// Injects a fault into the next notification that follows a change by itself. Each of several faults hits one.
    ///
    /// A notification that cannot be sent because it has no URL, or that of a far address, fetches no fault.
    pub fn inject_notification_fault(&self, fault: impl Into<NotificationFault>) {
        // Without an event type, this cannot fail.
        let _ = self.shared.world().inject_notification_fault(None, fault.into());
    }

    /// Injects a fault into the next notification of an event type, such as `TRANSACTION.SUCCESS`.
    ///
    /// # Errors
    /// [`SandboxError::UnknownEventType`] if no descriptor has notifications of the event type.
    pub fn inject_notification_fault_for(
        &self,
        event_type: &str,
        fault: impl Into<NotificationFault>,
    ) -> Result<(), SandboxError> {
        self.shared.world().inject_notification_fault(Some(event_type), fault.into())
    }

    /// Sends one more copy of the notification with an id, as [`SandboxResource::notify_again`] does with the newest.
    ///
    /// # Errors
    /// [`SandboxError::UnknownSentNotification`], and as [`SandboxResource::notify_again`].
    pub async fn notify_again(&self, id: &str) -> Result<NotificationAttempt, SandboxError> {
        self.shared.world().send_copy(id).await
    }

    /// Ends the test: checks that requests and notifications fetched every planned response and every fault.
    ///
    /// A sandbox that is dropped without `finish` warns on stderr if something is left.
    ///
    /// # Errors
    /// [`SandboxError::Unfetched`] lists what nothing fetched.
    pub fn finish(self) -> Result<(), SandboxError> {
        let unfetched = self.unfetched();
        // The error speaks for the warning.
        self.shared.state().forget_unfetched();
        self.shared.world().clear_notification_faults();
        if unfetched.is_empty() { Ok(()) } else { Err(SandboxError::Unfetched { unfetched }) }
    }

    /// Returns the planned responses and faults that no request and no notification has fetched so far.
    #[must_use]
    pub fn unfetched(&self) -> Vec<String> {
        let mut unfetched = self.shared.state().unfetched();
        unfetched.extend(self.shared.world().unmet_notification_faults());
        unfetched
    }

    /// Sets the bill behind the links that the sandbox issues from now on, whatever the request asks for.
    ///
    /// Without it, trade bills and fund-flow bills have what happened in the sandbox on a day of the business clock. As
    /// with WeChat Pay, they are there from 10:00 Beijing time of the next day: [`advance`](Sandbox::advance) by 34
    /// hours is always enough. Other kinds of bills, and those of [`SandboxBuilder::examples`], have one sample row.
    ///
    /// A link is valid for five minutes, and only for the account that got it ([protocol §7.1]).
    ///
    /// [protocol §7.1]: crate::docs::protocol::downloads#71-bills
    pub fn set_bill(&self, bill: impl Into<BillFile>) {
        self.shared.state().bills.set(bill.into());
    }

    /// Invalidates all links to bills that the sandbox issued. It refuses them with
    /// `INVALID_REQUEST`.
    pub fn expire_bill_links(&self) {
        self.shared.state().bills.expire_links();
    }

    /// Returns the journal: the requests so far, in order of arrival. Refused requests are included.
    ///
    /// It holds the latest 10,000 requests, unless [`SandboxBuilder::journal_limit`] says otherwise.
    #[must_use]
    pub fn received(&self) -> Vec<ReceivedRequest> {
        self.shared.state().journal.requests()
    }

    /// Returns how often the sandbox executed an operation. Use it to prove that a retry executed nothing twice.
    ///
    /// `path` is as for [`Sandbox::respond`]. Requests that left the journal count, too.
    ///
    /// # Errors
    /// [`SandboxError::UnknownOperation`] if no descriptor has the URL; see [`SandboxBuilder::undescribed`].
    /// [`SandboxError::JournalFull`] if `path` is the URL of one call, and requests of its operation left the journal.
    pub fn executions(&self, method: &str, path: &str) -> Result<usize, SandboxError> {
        let (pattern, _) = self.shared.routes.select(method, path)?;
        self.shared.state().journal.executions(&pattern)
    }

    /// Finds a resource by one of its numbers: a payment first, else a resource of any other kind.
    ///
    /// # Errors
    /// [`LifecycleError::UnknownResource`] lists the newest numbers.
    pub fn order(&self, number: &str) -> Result<SandboxResource, LifecycleError> {
        let id = self.shared.world().find(None, number)?;
        Ok(SandboxResource::new(&self.shared, id))
    }

    /// Finds a resource of a lifecycle, such as `refund/refund`, by one of its numbers.
    ///
    /// # Errors
    /// [`LifecycleError`] lists the known lifecycles, or the newest numbers.
    pub fn resource(
        &self,
        lifecycle: &str,
        number: &str,
    ) -> Result<SandboxResource, LifecycleError> {
        let id = self.shared.world().find(Some(lifecycle), number)?;
        Ok(SandboxResource::new(&self.shared, id))
    }

    /// Returns the resources of a lifecycle, the oldest first.
    ///
    /// # Errors
    /// [`LifecycleError::UnknownLifecycle`] lists the known ones.
    pub fn resources(&self, lifecycle: &str) -> Result<Vec<SandboxResource>, LifecycleError> {
        let lifecycle = Some(lifecycle.to_owned());
        let filter = ResourceFilter { lifecycle, ..ResourceFilter::default() };
        let (resources, _) = self.shared.world().resources(&filter)?;
        let ids = resources.into_iter().rev().map(|view| view.id);
        Ok(ids.map(|id| SandboxResource::new(&self.shared, id)).collect())
    }

    /// Creates a resource that a user or WeChat Pay begins, such as a complaint, with the inputs of its event.
    ///
    /// # Errors
    /// [`LifecycleError`] for an unknown lifecycle or input, and for one that only operations create.
    pub fn create(
        &self,
        lifecycle: &str,
        inputs: Value,
    ) -> Result<SandboxResource, LifecycleError> {
        let view = self.shared.world().create(lifecycle, None, &inputs, None)?;
        Ok(SandboxResource::new(&self.shared, view.id))
    }

    /// Chooses what WeChat Pay does where nobody knows it for certain, by the names in the descriptor.
    ///
    /// # Errors
    /// [`LifecycleError`] lists the known switches, or the choices.
    pub fn switch(&self, lifecycle: &str, name: &str, choice: &str) -> Result<(), LifecycleError> {
        self.shared.world().set_switch(lifecycle, name, choice).map(drop)
    }

    /// Changes a limit that each merchant has configured, by the name in the descriptor.
    ///
    /// # Errors
    /// [`LifecycleError`] lists the known settings.
    pub fn set(
        &self,
        lifecycle: &str,
        name: &str,
        value: impl Into<Value>,
    ) -> Result<(), LifecycleError> {
        self.shared.world().set_setting(lifecycle, name, value.into()).map(drop)
    }

    /// Returns the time of the business clock: of timers, and of times in bodies.
    #[must_use]
    pub fn now(&self) -> SystemTime {
        self.shared.world().now()
    }

    /// Moves the business clock forward, and fires the timers on the way. Signatures and certificates keep real time.
    pub fn advance(&self, by: Duration) {
        // Without the storage nothing changed, as the log says.
        let _ = self.shared.world().advance(by);
    }

    /// Returns the notifications that followed changes, the oldest first. Those that were not sent are included.
    #[must_use]
    pub fn sent_notifications(&self) -> Vec<SentNotification> {
        self.shared.world().notifications(None)
    }

    /// Waits until every notification is acknowledged, given up, or journaled as not sent.
    ///
    /// Without [`SandboxBuilder::notification_speed`], a notification that nobody acknowledges takes a day.
    pub async fn notifications_settled(&self) {
        self.shared.world().notifications_settled().await;
    }

    /// Forgets everything but the accounts and their keys: resources, notifications, planned responses, faults,
    /// received requests. Resets the clock and the switches. The storage has nothing of it any more either.
    pub fn reset(&self) {
        // Without the storage nothing changed, as the log says.
        let _ = self.shared.world().reset();
    }

    fn add(&self, kind: AccountKind, id: &str, mode: KeyMode) -> Result<Account, SandboxError> {
        let state = Arc::new(AccountState::issue(kind, id, mode, KeySet::shared(kind)?)?);
        self.shared.state().open(Arc::clone(&state))?;
        let account = Account { shared: Arc::clone(&self.shared), state };
        account.changed();
        Ok(account)
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
        self.tasks.iter().for_each(AbortHandle::abort);
        // Another sandbox may use the storage from now on.
        self.shared.lifecycles.close();
        let unfetched = self.unfetched();
        // A test that panics has another problem.
        if !unfetched.is_empty() && !std::thread::panicking() {
            eprintln!("warning: {}", SandboxError::Unfetched { unfetched });
        }
    }
}

impl fmt::Debug for Sandbox {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Sandbox").field("url", &self.url()).finish_non_exhaustive()
    }
}
