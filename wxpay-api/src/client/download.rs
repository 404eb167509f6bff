use std::fmt;
use std::future::{Future, IntoFuture};
use std::io::Read;
use std::pin::Pin;

use bytes::Bytes;

use super::error::Failure;
use super::options::{Options, option_methods};
use super::{Client, Error, ErrorKind, Operation, Outcome, Received};
use crate::protocol::digest::sha1_hex;

/// A raw file, which WeChat Pay does not sign (PROTOCOL §2.7, §7).
#[derive(Clone)]
pub struct Download {
    received: Received,
    digest_checked: bool,
}

/// A download that is made once it is awaited.
///
/// It is a call of its own kind because its answer is not signed: compare its digest with the one
/// that a signed answer announced.
#[must_use = "a download does nothing until it is awaited"]
pub struct DownloadCall<O: Operation<Response = Download>> {
    client: Client,
    operation: O,
    options: Options,
    sha1: Option<String>,
}

impl Download {
    /// The file as it came; gzip is not undone.
    #[must_use]
    pub fn content(&self) -> &Bytes {
        &self.received.body
    }

    /// Status, headers and body.
    #[must_use]
    pub fn received(&self) -> &Received {
        &self.received
    }

    /// Whether a digest proved that the file is the announced one.
    #[must_use]
    pub fn is_digest_checked(&self) -> bool {
        self.digest_checked
    }
}

impl fmt::Debug for Download {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Download")
            .field("received", &self.received)
            .field("digest_checked", &self.digest_checked)
            .finish()
    }
}

impl<O: Operation<Response = Download>> DownloadCall<O> {
    pub(super) fn new(client: Client, operation: O) -> Self {
        Self { client, operation, options: Options::default(), sha1: None }
    }

    /// Sets optional inputs: `.with(|r| r.tartype("gzip"))`.
    pub fn with(mut self, change: impl FnOnce(O::Request) -> O::Request) -> Self {
        self.operation = self.operation.with(change);
        self
    }

    /// Refuses a file whose plain text has another SHA-1 than this, in hex: the `hash_value` that
    /// came with the download's link. A gzip file is uncompressed for the check (PROTOCOL §7.1).
    pub fn sha1(mut self, announced: impl Into<String>) -> Self {
        self.sha1 = Some(announced.into());
        self
    }

    option_methods!();

    async fn run(self) -> Result<Download, Error> {
        let Self { client, operation, options, sha1 } = self;
        let sending = client.send(O::ENDPOINT.into(), |key| operation.prepare(key), options);
        drop(operation);
        let exchange = sending.await?;
        // A signed digest was compared already; see `attempt`.
        let signed = !exchange.verified_message.is_empty();
        if let Some(announced) = &sha1 {
            let limit = client.0.settings.body_limit;
            if let Err(kind) = check(announced, &exchange.received.body, limit) {
                let outcome = Outcome::Accepted;
                let attempts = exchange.sent.attempts;
                let failure =
                    Failure { kind, outcome, received: Some(Box::new(exchange.received)) };
                return Err(Error::new(exchange.operation, failure, attempts));
            }
        }
        Ok(Download { received: exchange.received, digest_checked: signed || sha1.is_some() })
    }
}

/// Compares the SHA-1 of the plain text.
fn check(announced: &str, content: &[u8], limit: usize) -> Result<(), ErrorKind> {
    let found = match content.starts_with(&[0x1f, 0x8b]) {
        true => sha1_hex(&gunzip(content, limit)?),
        false => sha1_hex(content),
    };
    if found.eq_ignore_ascii_case(announced.trim()) {
        return Ok(());
    }
    Err(ErrorKind::Digest { algorithm: "SHA-1", announced: announced.to_owned(), found })
}

fn gunzip(content: &[u8], limit: usize) -> Result<Vec<u8>, ErrorKind> {
    let mut plain = Vec::new();
    let one_too_many = limit as u64 + 1;
    let mut reader = flate2::read::MultiGzDecoder::new(content).take(one_too_many);
    match reader.read_to_end(&mut plain) {
        Ok(_) if plain.len() > limit => Err(ErrorKind::TooLarge { limit }),
        Ok(_) => Ok(plain),
        Err(error) => Err(ErrorKind::Unreadable(format!("the gzip file is damaged: {error}"))),
    }
}

impl<O: Operation<Response = Download>> IntoFuture for DownloadCall<O> {
    type Output = Result<Download, Error>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.run())
    }
}

impl<O: Operation<Response = Download>> fmt::Debug for DownloadCall<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DownloadCall({})", O::ENDPOINT)
    }
}
