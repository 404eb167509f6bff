//! How a sandbox is started.

use std::sync::Arc;

use tokio::net::TcpListener;
use tokio::runtime::Handle;

use super::book::Book;
use super::dead_port::DeadPort;
use super::identity::{self, KeyMode};
use super::route::Routes;
use super::state::Shared;
use super::{Sandbox, SandboxError, server};

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
        let shared = Arc::new(prepared.map_err(std::io::Error::other)??);
        let server = runtime.spawn(server::serve(listener, Arc::clone(&shared))).abort_handle();
        Ok(Sandbox { shared, server, dead_port: DeadPort::reserve()? })
    }

    fn prepare(self, url: String) -> Result<Shared, SandboxError> {
        let mut books = Vec::new();
        for book in &self.books {
            books.push(Arc::new(Book::read(book)?));
        }
        books.extend(Book::embedded()?);
        let (customer, keyring) =
            identity::issue(self.mchid.as_deref(), self.fresh_keys, self.mode)?;
        Ok(Shared::new(url, customer, keyring, Routes::new(books)))
    }
}
