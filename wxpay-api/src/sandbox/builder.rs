//! The settings with which a sandbox starts.

use std::io;
use std::sync::Arc;

use tokio::net::TcpListener;
use tokio::runtime::Handle;

use super::account::Account;
use super::book::Book;
use super::error::SandboxError;
use super::handle::Sandbox;
use super::keys::keyring::KeyMode;
use super::keys::{AccountKind, AccountState, KeySet};
use super::request::route::Routes;
use super::server;
use super::state::{Settings, Shared};

/// The merchant number in the descriptors' examples, so that requests and responses agree.
const MCHID: &str = "1230000109";

/// Settings of a [`Sandbox`]. Each has a default.
#[derive(Clone, Debug)]
#[must_use = "call `start`"]
pub struct SandboxBuilder {
    mchid: Option<String>,
    fresh_keys: bool,
    mode: KeyMode,
    books: Vec<Vec<u8>>,
    undescribed: Vec<(String, String)>,
    settings: Settings,
}

impl Default for SandboxBuilder {
    fn default() -> Self {
        Self {
            mchid: None,
            fresh_keys: false,
            mode: KeyMode::Migrating,
            books: Vec::new(),
            undescribed: Vec::new(),
            settings: Settings::default(),
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
    /// [note](super::ReceivedRequest::notes) in the journal. It always refuses what official pages say WeChat Pay refuses,
    /// such as an `out_trade_no` of more than 32 characters.
    pub fn refuse_lengths(mut self) -> Self {
        self.settings.lengths.refuse = true;
        self
    }

    /// Counts the documented length of a text in bytes of UTF-8 instead of characters.
    pub fn count_bytes(mut self) -> Self {
        self.settings.lengths.bytes = true;
        self
    }

    /// Lets the descriptors alone decide what is accepted and sent, for tests of descriptors.
    ///
    /// The sandbox no longer refuses what only official pages say WeChat Pay refuses, and responds to every page of a
    /// list with the whole example.
    pub fn examples_only(mut self) -> Self {
        self.settings.examples_only = true;
        self
    }

    /// Sets how many requests the journal holds, at most. The default is 10,000.
    ///
    /// The oldest requests leave the journal when it is full.
    pub fn journal_limit(mut self, requests: usize) -> Self {
        self.settings.journal.requests = requests;
        self
    }

    /// Sets how many bytes of requests the journal holds, at most. The default is 256 MiB.
    ///
    /// The latest request stays in the journal whatever its size.
    pub fn journal_bytes(mut self, bytes: usize) -> Self {
        self.settings.journal.bytes = bytes;
        self
    }

    /// Adds a book of private operations, which `wxpay-codegen` makes from your descriptors.
    ///
    /// It may be compressed with gzip. Its operations are preferred to those of this crate.
    pub fn book(mut self, book: impl Into<Vec<u8>>) -> Self {
        self.books.push(book.into());
        self
    }

    /// Starts the sandbox.
    ///
    /// # Errors
    /// [`SandboxError`] outside a Tokio runtime, if a book or the merchant number is invalid, and if no port is
    /// free.
    pub async fn start(self) -> Result<Sandbox, SandboxError> {
        let runtime = Handle::try_current().map_err(|_| SandboxError::NoRuntime)?;
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let url = format!("http://{}", listener.local_addr()?);
        // Generating keys and reading books would block the asynchronous threads.
        let prepared = runtime.spawn_blocking(move || self.prepare(url)).await;
        let shared = Arc::new(prepared.map_err(io::Error::other)??);
        let server = runtime.spawn(server::serve(listener, Arc::clone(&shared))).abort_handle();
        let first = Account { state: Arc::clone(&shared.first), shared };
        Ok(Sandbox::new(first, server)?)
    }

    fn prepare(self, url: String) -> Result<Shared, SandboxError> {
        let mut books = Vec::new();
        for book in &self.books {
            books.push(Arc::new(Book::read(book)?));
        }
        books.extend(Book::embedded()?);
        let kind = AccountKind::Merchant;
        let keys = if self.fresh_keys { KeySet::generate(kind)? } else { KeySet::shared(kind)? };
        let mchid = self.mchid.as_deref().unwrap_or(MCHID);
        let first = AccountState::issue(kind, mchid, self.mode, keys)?;
        let routes = Routes::new(books, self.undescribed);
        Shared::new(url, routes, first, self.settings)
    }
}
