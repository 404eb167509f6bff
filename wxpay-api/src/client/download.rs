use std::fmt;
use std::future::{Future, IntoFuture};
use std::pin::Pin;

use bytes::Bytes;
use flate2::read::MultiGzDecoder;

use super::error::Failure;
use super::options::{Options, option_methods};
use super::reply::Exchange;
use super::route::Route;
use super::send::Prepare;
use super::{Client, Error, ErrorKind, InputError, Integrity, Operation, Received};
use crate::protocol::digest::sha1_hex_of;
use crate::protocol::excerpt::excerpt;

/// A raw file, which WeChat Pay does not sign (PROTOCOL §2.7, §7).
#[derive(Clone)]
pub struct Download {
    received: Received,
    digest_checked: bool,
}

/// A download that is made once it is awaited.
///
/// It is a call of its own kind because its answer is not signed. Where a signed answer announced a
/// digest together with the link, [`sha1`](DownloadCall::sha1) must be given it.
#[must_use = "a download does nothing until it is awaited"]
pub struct DownloadCall<O: Operation<Response = Download>> {
    client: Client,
    operation: O,
    options: Options,
    proof: Proof,
}

/// What a caller said about the digest of a file.
enum Proof {
    Unsaid,
    Unchecked,
    Sha1(String),
}

/// The longest file that is read into memory, unless a call says otherwise.
const LIMIT: usize = 256 << 20;

impl Download {
    /// A digest that the signature covers was compared already, with the signature itself.
    pub(super) fn new(exchange: Exchange) -> Self {
        let digest_checked = !exchange.verified_message.is_empty();
        Self { received: exchange.received, digest_checked }
    }

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
        let mut options = Options::default();
        options.limit = Some(LIMIT);
        Self { client, operation, options, proof: Proof::Unsaid }
    }

    /// Sets optional inputs: `.with(|r| r.tartype("gzip"))`.
    pub fn with(mut self, change: impl FnOnce(O::Request) -> O::Request) -> Self {
        self.operation = self.operation.with(change);
        self
    }

    /// Refuses a file whose plain text has another SHA-1 than this, in hex: the `hash_value` that
    /// came with the download's link. A gzip file is uncompressed for the check (PROTOCOL §7.1).
    pub fn sha1(mut self, announced: impl Into<String>) -> Self {
        self.proof = Proof::Sha1(announced.into());
        self
    }

    /// Takes the file without comparing a digest; only TLS vouches for it then.
    pub fn unchecked(mut self) -> Self {
        self.proof = Proof::Unchecked;
        self
    }

    /// The longest file that is read, in bytes as they come; 256 MiB unless changed.
    pub fn limit(mut self, bytes: usize) -> Self {
        self.options.limit = Some(bytes);
        self
    }

    option_methods!();

    async fn run(self) -> Result<Download, Error> {
        let Self { client, operation, options, proof } = self;
        let announced = O::ENDPOINT.download == Some(Integrity::Sha1);
        let unproven = announced && matches!(proof, Proof::Unsaid);
        let prepare: Prepare = Box::new(move |key| match unproven {
            true => Err(InputError::NoDigest),
            false => operation.prepare(key),
        });
        let exchange = client.send(Route::download(O::ENDPOINT), prepare, options).await?;
        let Proof::Sha1(announced) = &proof else {
            return Ok(Download::new(exchange));
        };
        match check(announced, &exchange.received.body) {
            Ok(()) => Ok(Download { received: exchange.received, digest_checked: true }),
            Err(kind) => {
                let failure = Failure::unknown(kind).received(exchange.received);
                Err(Error::new(exchange.operation, failure, exchange.sent.attempts))
            }
        }
    }
}

/// Compares the SHA-1 of the plain text.
fn check(announced: &str, content: &[u8]) -> Result<(), ErrorKind> {
    let found = match content.starts_with(&[0x1f, 0x8b]) {
        true => sha1_hex_of(MultiGzDecoder::new(content)),
        false => sha1_hex_of(content),
    };
    let found = found.map_err(|error| ErrorKind::Damaged(error.to_string()))?;
    if found.eq_ignore_ascii_case(announced.trim()) {
        return Ok(());
    }
    Err(ErrorKind::Digest { algorithm: "SHA-1", announced: excerpt(announced), found })
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
