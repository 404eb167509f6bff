//! The handle of a sandbox: starts it, opens accounts, plans responses, injects faults, reads the journal.

use std::fmt;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::ops::Deref;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use reqwest::Certificate;
use serde_json::Value;
use tokio::net::{TcpListener, TcpSocket};
use tokio::runtime::Handle;
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::task::AbortHandle;

use super::account::Account;
use super::bills::BillFile;
use super::book::Book;
use super::check::lengths::LengthPolicy;
use super::control::settings::ControlSettings;
use super::error::SandboxError;
use super::fault::Fault;
use super::fit;
use super::journal::{JournalLimits, ReceivedRequest};
use super::keys::keyring::KeyMode;
use super::keys::{AccountKind, AccountState, KeySet};
use super::lifecycle::describe::Definitions;
use super::lifecycle::describe::function::Functions;
use super::lifecycle::error::LifecycleError;
use super::lifecycle::remembered::{Lifecycles, MemorySettings};
use super::lifecycle::resource::SandboxResource;
use super::lifecycle::show::dispatch::{self, Order};
use super::lifecycle::show::journal::SentNotification;
use super::lifecycle::timing;
use super::lifecycle::world::ResourceFilter;
use super::notifications::webhook_client::WebhookAccess;
use super::planned_response::PlannedResponse;
use super::request::route::Routes;
use super::server;
use super::state::Shared;

/// The merchant number in the descriptors' examples, so that requests and responses agree.
const MCHID: &str = "1230000109";

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

    /// Ends the test: checks that requests fetched every planned response and every fault.
    ///
    /// A sandbox that is dropped without `finish` warns on stderr if something is left.
    ///
    /// # Errors
    /// [`SandboxError::Unfetched`] lists what no request fetched.
    pub fn finish(self) -> Result<(), SandboxError> {
        let unfetched = self.shared.state().take_unfetched();
        if unfetched.is_empty() { Ok(()) } else { Err(SandboxError::Unfetched { unfetched }) }
    }

    /// Sets the bill behind the links that the sandbox issues from now on. The first bill has one
    /// row.
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
        self.shared.world().advance(by);
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
    /// received requests. Resets the clock and the switches.
    pub fn reset(&self) {
        self.shared.world().reset();
    }

    fn add(&self, kind: AccountKind, id: &str, mode: KeyMode) -> Result<Account, SandboxError> {
        let state = Arc::new(AccountState::issue(kind, id, mode, KeySet::shared(kind)?)?);
        self.shared.state().open(Arc::clone(&state))?;
        Ok(Account { shared: Arc::clone(&self.shared), state })
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
        let unfetched = self.shared.state().take_unfetched();
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

/// Settings of a [`Sandbox`]. Each has a default.
#[derive(Clone, Debug)]
#[must_use = "call `start`"]
pub struct SandboxBuilder {
    mchid: Option<String>,
    fresh_keys: bool,
    mode: KeyMode,
    books: Vec<Vec<u8>>,
    undescribed: Vec<(String, String)>,
    lengths: LengthPolicy,
    journal: JournalLimits,
    examples: bool,
    functions: Functions,
    memory: MemorySettings,
    webhook_hosts: Vec<String>,
    webhook_roots: Vec<Vec<u8>>,
    address: SocketAddr,
    host_names: Vec<String>,
    shop_origins: Vec<String>,
}

impl Default for SandboxBuilder {
    fn default() -> Self {
        Self {
            mchid: None,
            fresh_keys: false,
            mode: KeyMode::Migrating,
            books: Vec::new(),
            examples: false,
            functions: Functions::default(),
            memory: MemorySettings::default(),
            webhook_hosts: Vec::new(),
            webhook_roots: Vec::new(),
            address: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            host_names: Vec::new(),
            shop_origins: Vec::new(),
            undescribed: Vec::new(),
            lengths: LengthPolicy::default(),
            journal: JournalLimits::default(),
        }
    }
}

impl SandboxBuilder {
    /// Sets the merchant number of the first account. The default is 1230000109.
    pub fn mchid(self, mchid: impl Into<String>) -> Self {
        Self { mchid: Some(mchid.into()), ..self }
    }

    /// Generates new keys instead of sharing those of this process. That takes a second.
    pub fn fresh_keys(self) -> Self {
        Self { fresh_keys: true, ..self }
    }

    /// Gives the merchant a public key only, without platform certificates, like all new merchants.
    pub fn public_key_mode(self) -> Self {
        Self { mode: KeyMode::PublicKey, ..self }
    }

    /// Gives the merchant platform certificates only, like a merchant before the switch to the public key.
    ///
    /// Without this and [`public_key_mode`](SandboxBuilder::public_key_mode), the merchant is
    /// [migrating](KeyMode::Migrating).
    pub fn certificate_mode(self) -> Self {
        Self { mode: KeyMode::Certificates, ..self }
    }

    /// Adds an operation without a descriptor, for example `("POST", "/v3/grey/{id}")`.
    ///
    /// A test can plan its responses, inject faults and count executions. The sandbox checks only the signature of
    /// its requests. Without a planned response, it responds with 404.
    pub fn undescribed(mut self, method: impl AsRef<str>, path: impl Into<String>) -> Self {
        self.undescribed.push((method.as_ref().to_ascii_uppercase(), path.into()));
        self
    }

    /// Refuses texts and lists that are longer or shorter than documented.
    ///
    /// The documents' lengths are of mixed age. Without this, the sandbox accepts the request and writes a
    /// [note](ReceivedRequest::notes) in the journal. It always refuses what official pages say WeChat Pay refuses,
    /// such as an `out_trade_no` of more than 32 characters.
    pub fn refuse_lengths(mut self) -> Self {
        self.lengths.refuse = true;
        self
    }

    /// Counts the documented length of a text in bytes of UTF-8 instead of characters.
    pub fn count_bytes(mut self) -> Self {
        self.lengths.bytes = true;
        self
    }

    /// Sets how many requests the journal holds, at most. The default is 10,000.
    ///
    /// The oldest requests leave the journal when it is full.
    pub fn journal_limit(mut self, requests: usize) -> Self {
        self.journal.requests = requests;
        self
    }

    /// Sets how many bytes of requests the journal holds, at most. The default is 256 MiB.
    ///
    /// The latest request stays in the journal whatever its size.
    pub fn journal_bytes(mut self, bytes: usize) -> Self {
        self.journal.bytes = bytes;
        self
    }

    /// Adds a book of private operations, which `wxpay-codegen` makes from your descriptors.
    ///
    /// It may be compressed with gzip. Its operations are preferred to those of this crate.
    pub fn book(mut self, book: impl Into<Vec<u8>>) -> Self {
        self.books.push(book.into());
        self
    }

    /// Responds to every operation with the example of its descriptor, and remembers nothing.
    pub fn examples(self) -> Self {
        Self { examples: true, ..self }
    }

    /// Adds a function that lifecycles may name. A value that does not exist is `null`, for its arguments and its
    /// result.
    ///
    /// It is called while the sandbox decides a request, so it must not call the sandbox.
    pub fn function(
        mut self,
        name: impl Into<String>,
        function: impl Fn(&[Value]) -> Value + Send + Sync + 'static,
    ) -> Self {
        self.functions.add(name.into(), function);
        self
    }

    /// Sets the most resources that the sandbox remembers, and the most entries of its ledger and its journal of
    /// notifications. The oldest go first. The default is 100,000.
    pub fn resource_limit(mut self, limit: usize) -> Self {
        self.memory.resource_limit = limit;
        self
    }

    /// Repeats the notifications that the sandbox sends by itself this many times faster than officially. By the
    /// official schedule, a notification that nobody acknowledges is repeated for a day.
    pub fn notification_speed(mut self, factor: u32) -> Self {
        self.memory.notification_speed = factor.max(1);
        self
    }

    /// Allows notifications to a host by its name. Without this, the sandbox sends them only to loopback and private
    /// addresses.
    pub fn allow_webhook_host(mut self, host: impl Into<String>) -> Self {
        self.webhook_hosts.push(host.into());
        self
    }

    /// Trusts the certificates of this authority, in PEM, at https URLs of notifications.
    pub fn webhook_root(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.webhook_roots.push(pem.into());
        self
    }

    /// Listens on this address and port. The default is a free port of 127.0.0.1; port 0 is any free port.
    ///
    /// On other than loopback, other machines reach the sandbox. Then its control surface below `/_sandbox`, the keys and
    /// the pay page want the token that [`Sandbox::control_token`] returns: print it at start.
    pub fn bind(self, address: impl Into<SocketAddr>) -> Self {
        Self { address: address.into(), ..self }
    }

    /// Lets the control surface answer under this host name too, such as that of a container.
    ///
    /// Without it, the control surface answers under `localhost`, loopback addresses and the address that it listens on.
    /// A name that somebody else can lead to this machine lets his pages control the sandbox.
    pub fn host_name(mut self, name: impl Into<String>) -> Self {
        self.host_names.push(name.into());
        self
    }

    /// Lets the page of a shop with this origin, such as `https://shop.test`, open the pay frame of `bridge.js`.
    ///
    /// Pages on this machine and in private networks may do so anyway.
    pub fn shop_origin(mut self, origin: impl Into<String>) -> Self {
        self.shop_origins.push(origin.into());
        self
    }

    /// Starts the sandbox.
    ///
    /// # Errors
    /// [`SandboxError`] outside a Tokio runtime, if a book or the merchant number is invalid, and if the port is not
    /// free.
    pub async fn start(self) -> Result<Sandbox, SandboxError> {
        let runtime = Handle::try_current().map_err(|_| SandboxError::NoRuntime)?;
        let listener = TcpListener::bind(self.address).await?;
        let address = listener.local_addr()?;
        // Generating keys and reading books would block the asynchronous threads.
        let prepared = runtime.spawn_blocking(move || self.prepare(address)).await;
        let (shared, orders) = prepared.map_err(io::Error::other)??;
        let shared = Arc::new(shared);
        let dead_port = DeadPort::reserve()?;
        let tasks = [
            runtime.spawn(server::serve(listener, Arc::clone(&shared))).abort_handle(),
            runtime.spawn(dispatch::serve(Arc::clone(&shared), orders)).abort_handle(),
            runtime.spawn(timing::serve(Arc::clone(&shared))).abort_handle(),
        ];
        let first = Account { state: Arc::clone(&shared.first), shared };
        Ok(Sandbox { first, tasks, dead_port })
    }

    fn prepare(
        self,
        address: SocketAddr,
    ) -> Result<(Shared, UnboundedReceiver<Order>), SandboxError> {
        let control = ControlSettings::new(address, self.host_names, self.shop_origins)?;
        let mut books = Vec::new();
        for book in &self.books {
            books.push(Arc::new(Book::read(book)?));
        }
        books.extend(Book::embedded()?);
        let definitions = match self.examples {
            true => Definitions::default(),
            false => Definitions::new(&books, self.books.len(), &self.functions)?,
        };
        let (lifecycles, orders) = Lifecycles::new(definitions, self.functions, self.memory);
        let roots = self.webhook_roots.iter().map(|pem| Certificate::from_pem(pem));
        let roots: Result<_, _> = roots.collect();
        let webhooks =
            WebhookAccess::new(self.webhook_hosts, roots.map_err(SandboxError::WebhookRoot)?);
        let kind = AccountKind::Merchant;
        let keys = if self.fresh_keys { KeySet::generate(kind)? } else { KeySet::shared(kind)? };
        let mchid = self.mchid.as_deref().unwrap_or(MCHID);
        let first = AccountState::issue(kind, mchid, self.mode, keys)?;
        let routes = Routes::new(books, self.undescribed);
        let (lengths, journal) = (self.lengths, self.journal);
        let shared = Shared::new(control, routes, first, webhooks, lifecycles, lengths, journal)?;
        Ok((shared, orders))
    }
}

/// A port that refuses every connection. No other program can take it.
#[derive(Debug)]
struct DeadPort {
    url: String,
    _socket: TcpSocket,
}

impl DeadPort {
    fn reserve() -> io::Result<Self> {
        let socket = TcpSocket::new_v4()?;
        socket.bind(([127, 0, 0, 1], 0).into())?;
        let url = format!("http://{}", socket.local_addr()?);
        Ok(Self { url, _socket: socket })
    }
}
