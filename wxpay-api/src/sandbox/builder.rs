//! The settings with which a sandbox starts.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use bytes::Bytes;
use http::Request;
use reqwest::Certificate;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::runtime::Handle;
use tokio::sync::mpsc::UnboundedReceiver;

use super::account::Account;
use super::book::Book;
use super::check::values::LengthPolicy;
use super::control::pages::{PageFuture, PageHandler};
use super::control::settings::ControlSettings;
use super::error::SandboxError;
use super::handle::Sandbox;
use super::journal::JournalLimits;
use super::keys::keyring::KeyMode;
use super::keys::saved::SavedAccount;
use super::keys::{AccountKind, AccountState, KeySet};
use super::lifecycle::describe::Definitions;
use super::lifecycle::describe::function::Functions;
use super::lifecycle::remembered::{self, Lifecycles, MemorySettings, Rules};
use super::lifecycle::show::dispatch::{self, DispatchCommand};
use super::notifications::webhook_client::WebhookAccess;
use super::request::route::Routes;
use super::server;
use super::state::{Shared, StartSettings};
use super::storage::{SandboxStorage, StorageHandle};
use super::watch::{UnknownSender, Watchers};

/// The merchant number in the descriptors' examples, so that requests and responses agree.
const MCHID: &str = "1230000109";

/// Settings of a [`Sandbox`]. Each has a default.
#[derive(Clone, Debug)]
#[must_use = "call `start`"]
pub struct SandboxBuilder {
    mchid: Option<String>,
    fresh_keys: bool,
    mode: KeyMode,
    accounts: Vec<SavedAccount>,
    watchers: Watchers,
    books: Vec<Vec<u8>>,
    undescribed: Vec<(String, String)>,
    lengths: LengthPolicy,
    journal: JournalLimits,
    examples: bool,
    examples_only: bool,
    functions: Functions,
    memory: MemorySettings,
    storage: Option<StorageHandle>,
    webhook_hosts: Vec<String>,
    webhook_roots: Vec<Vec<u8>>,
    address: SocketAddr,
    host_names: Vec<String>,
    shop_origins: Vec<String>,
    pages: Option<PageHandler>,
}

impl Default for SandboxBuilder {
    fn default() -> Self {
        Self {
            mchid: None,
            fresh_keys: false,
            mode: KeyMode::Migrating,
            accounts: Vec::new(),
            watchers: Watchers::default(),
            books: Vec::new(),
            examples: false,
            examples_only: false,
            functions: Functions::default(),
            memory: MemorySettings::default(),
            storage: None,
            webhook_hosts: Vec::new(),
            webhook_roots: Vec::new(),
            address: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            host_names: Vec::new(),
            shop_origins: Vec::new(),
            pages: None,
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

    /// Starts with accounts that [`Account::save`] copied. The first one is that of the sandbox itself, and settings
    /// of its keys have no effect.
    pub fn accounts(self, accounts: impl IntoIterator<Item = SavedAccount>) -> Self {
        Self { accounts: accounts.into_iter().collect(), ..self }
    }

    /// Calls a function after an account was added, and after keys of an account changed, so that the program can
    /// [save](Account::save) it. Calls come one after another.
    ///
    /// The change returns after the function, which must not change keys itself.
    pub fn on_account_change(mut self, changed: impl Fn(&Account) + Send + Sync + 'static) -> Self {
        self.watchers.accounts = Some(Arc::new(changed));
        self
    }

    /// Calls a function for each request that names a merchant or a certificate that the sandbox does not know.
    ///
    /// The sandbox refuses the request with 401. The sender may have the keys of a real merchant.
    pub fn on_unknown_sender(
        mut self,
        refused: impl Fn(&UnknownSender) + Send + Sync + 'static,
    ) -> Self {
        self.watchers.senders = Some(Arc::new(refused));
        self
    }

    /// Fixes the numbers that the sandbox generates, such as `transaction_id`. Keys are random all the same.
    ///
    /// The numbers are the same if the requests come in the same order. Those with a date have that of the business
    /// clock.
    pub fn seed(mut self, seed: u64) -> Self {
        self.memory.seed = Some(seed);
        self
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
    /// [note](crate::sandbox::ReceivedRequest::notes) in the journal. It always refuses what official pages say WeChat Pay refuses,
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

    /// Sets how many bytes of requests the journal holds, at most, and how many bytes of notifications the sandbox
    /// keeps to send copies of them. The default is 256 MiB for each.
    ///
    /// The latest request stays in the journal whatever its size, and so does the latest notification.
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

    /// Responds with [examples](SandboxBuilder::examples), and lets the descriptors alone decide what is accepted.
    ///
    /// The rules of official pages do not apply, and each page of a list is the whole example.
    pub fn examples_only(self) -> Self {
        Self { examples: true, examples_only: true, ..self }
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

    /// Stores what the sandbox remembers, so that it survives a restart and a killed process.
    ///
    /// These are resources with their timers, the ledger, notifications, registered URLs, the credentials of front ends,
    /// switches, settings, the shift of the business clock, and how far generated numbers are. Everything that a request
    /// changes is stored before its response is sent. Timers that became due while no sandbox ran fire at start, each at
    /// its moment, and notifications that were not acknowledged go on by their schedule.
    ///
    /// Accounts and keys are not stored: give the next sandbox the same ones. Received requests, nonces, planned
    /// responses, faults and bills with their links are not stored either.
    ///
    /// If a write fails, the request fails with 500 `SYSTEM_ERROR` and changes nothing; the journal and the log have the
    /// reason. [`Sandbox::advance`] and [`Sandbox::reset`] change nothing then. Secrets are plain in the records.
    pub fn storage(self, storage: impl SandboxStorage + 'static) -> Self {
        Self { storage: Some(StorageHandle(Arc::new(storage))), ..self }
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

    /// Serves pages of a program at `/_sandbox/page` and below, to which `/` leads.
    ///
    /// The requests have passed the walls of the control surface: they came under the sandbox's own name, forms from its own pages,
    /// and with the token if one is wanted.
    pub fn pages(
        self,
        respond: impl Fn(Request<Bytes>) -> PageFuture + Send + Sync + 'static,
    ) -> Self {
        Self { pages: Some(PageHandler::new(respond)), ..self }
    }

    /// Starts the sandbox.
    ///
    /// # Errors
    /// [`SandboxError`] outside a Tokio runtime, if a book, the merchant number or a record of the storage is invalid,
    /// and if the port is not free.
    pub async fn start(self) -> Result<Sandbox, SandboxError> {
        let runtime = Handle::try_current().map_err(|_| SandboxError::NoRuntime)?;
        let listener = TcpListener::bind(self.address).await?;
        let address = listener.local_addr()?;
        // Generating keys and reading books would block the asynchronous threads.
        let prepared = runtime.spawn_blocking(move || self.prepare(address)).await;
        let (shared, commands) = prepared.map_err(io::Error::other)??;
        let shared = Arc::new(shared);
        let tasks = [
            runtime.spawn(server::serve(listener, Arc::clone(&shared))).abort_handle(),
            runtime.spawn(dispatch::serve(Arc::clone(&shared), commands)).abort_handle(),
            runtime.spawn(remembered::serve_timers(Arc::clone(&shared))).abort_handle(),
        ];
        let first = Account { state: Arc::clone(&shared.first), shared };
        Ok(Sandbox::new(first, tasks)?)
    }

    fn prepare(
        self,
        address: SocketAddr,
    ) -> Result<(Shared, UnboundedReceiver<DispatchCommand>), SandboxError> {
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
        let roots = self.webhook_roots.iter().map(|pem| Certificate::from_pem(pem));
        let roots: Result<_, _> = roots.collect();
        let roots = roots.map_err(SandboxError::WebhookRoot)?;
        let webhooks = Arc::new(WebhookAccess::new(self.webhook_hosts, roots));
        let routes = Arc::new(Routes::new(books, self.undescribed));
        let memory = MemorySettings { copy_bytes: self.journal.bytes, ..self.memory };
        let rules = Rules::new(definitions, self.functions, memory.seed, &routes, &webhooks);
        let storage = self.storage.map(|handle| handle.0);
        let (lifecycles, commands) = Lifecycles::new(rules, memory, storage)?;
        let kind = AccountKind::Merchant;
        let saved = self.accounts.iter().map(AccountState::restore);
        let mut others = saved.collect::<Result<Vec<_>, _>>()?;
        let first = if others.is_empty() {
            let keys =
                if self.fresh_keys { KeySet::generate(kind)? } else { KeySet::shared(kind)? };
            let mchid = self.mchid.as_deref().unwrap_or(MCHID);
            AccountState::issue(kind, mchid, self.mode, keys)?
        } else {
            others.remove(0)
        };
        let (lengths, journal) = (self.lengths, self.journal);
        let (examples_only, pages) = (self.examples_only, self.pages);
        let watchers = self.watchers;
        let settings = StartSettings { lengths, examples_only, journal, pages, watchers, others };
        let shared = Shared::new(control, routes, first, webhooks, lifecycles, settings)?;
        Ok((shared, commands))
    }
}
