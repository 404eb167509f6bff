//! How a sandbox is started.

use std::sync::Arc;

use tokio::net::TcpListener;
use tokio::runtime::Handle;

use super::account::Account;
use super::book::Book;
use super::customer::{Customer, Kind};
use super::dead_port::DeadPort;
use super::key_set::KeySet;
use super::keyring::KeyMode;
use super::route::Routes;
use super::state::Shared;
use super::{Sandbox, SandboxError, server};

/// The merchant number of the descriptors' examples, so that answers and requests agree.
const MCHID: &str = "1230000109";

/// Settings of a [`Sandbox`]; each may be left alone.
#[derive(Clone, Debug)]
#[must_use = "call `start`"]
pub struct SandboxBuilder {
    mchid: Option<String>,
    fresh_keys: bool,
    mode: KeyMode,
    books: Vec<Vec<u8>>,
}

impl Default for SandboxBuilder {
    fn default() -> Self {
        Self { mchid: None, fresh_keys: false, mode: KeyMode::Both, books: Vec::new() }
    }
}

impl SandboxBuilder {
    /// Another merchant number than 1230000109.
    pub fn mchid(self, mchid: impl Into<String>) -> Self {
        Self { mchid: Some(mchid.into()), ..self }
    }

    /// Keys of its own instead of those that this process shares. Takes a second.
    pub fn fresh_keys(self) -> Self {
        Self { fresh_keys: true, ..self }
    }

    /// WeChat Pay has no platform certificate for the merchant, as for all new merchants.
    pub fn public_key_mode(self) -> Self {
        Self { mode: KeyMode::PublicKeyOnly, ..self }
    }

    /// WeChat Pay has no public key for the merchant, as for merchants that did not migrate.
    pub fn certificate_mode(self) -> Self {
        Self { mode: KeyMode::CertificatesOnly, ..self }
    }

    /// Adds a book: what `wxpay-codegen` makes of descriptors of your own, compressed or not. Its
    /// operations go before the crate's own.
    pub fn book(mut self, book: impl Into<Vec<u8>>) -> Self {
        self.books.push(book.into());
        self
    }

    /// Starts it.
    ///
    /// # Errors
    /// [`SandboxError`] outside a Tokio runtime, when a book or the merchant number is wrong, and when
    /// no port is free.
    pub async fn start(self) -> Result<Sandbox, SandboxError> {
        let runtime = Handle::try_current().map_err(|_| SandboxError::NoRuntime)?;
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let url = format!("http://{}", listener.local_addr()?);
        // Making keys and reading books is work for a thread that may be busy.
        let prepared = runtime.spawn_blocking(move || self.prepare(url)).await;
        let first = prepared.map_err(std::io::Error::other)??;
        let server = server::serve(listener, first.clone());
        let server = runtime.spawn(server).abort_handle();
        Ok(Sandbox { first, server, dead_port: DeadPort::reserve()? })
    }

    fn prepare(self, url: String) -> Result<Account, SandboxError> {
        let mut books = Vec::new();
        for book in &self.books {
            books.push(Arc::new(Book::read(book)?));
        }
        books.extend(Book::embedded()?);
        let kind = Kind::Merchant;
        let keys = if self.fresh_keys { KeySet::generate(kind)? } else { KeySet::shared(kind)? };
        let mchid = self.mchid.as_deref().unwrap_or(MCHID);
        let customer = Customer::issue(kind, mchid, self.mode, keys)?;
        Account::open(Arc::new(Shared::new(url, Routes::new(books))), customer)
    }
}
