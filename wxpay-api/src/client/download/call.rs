use std::fmt;
use std::future::{Future, IntoFuture};
use std::pin::Pin;

use super::Download;
use super::digest::DigestAlgorithm;
use super::open::Wanted;
use super::pipeline::Pipeline;
use super::proof::Proof;
use super::stream::DownloadStream;
use crate::client::error::Failure;
use crate::client::options::{Options, option_methods};
use crate::client::route::Route;
use crate::client::{Client, Error, Operation};

/// A download that is made once it is awaited, or streamed.
///
/// It is a call of its own kind because its answer is not signed. Where a signed answer announced a
/// digest together with the link, [`sha1`](DownloadCall::sha1) must be given it. Awaited, it gives the
/// file as it came, in memory; [`stream`](DownloadCall::stream) gives the plain text of a file of any
/// size while it arrives.
#[must_use = "a download does nothing until it is awaited"]
pub struct DownloadCall<O: Operation<Response = Download>> {
    client: Client,
    route: Route,
    operation: O,
    options: Options,
    limit: Option<usize>,
    proof: Proof,
}

/// The longest file that is read into memory, unless a call says otherwise.
const LIMIT: usize = 256 << 20;

impl<O: Operation<Response = Download>> DownloadCall<O> {
    pub(in crate::client) fn new(client: Client, operation: O) -> Self {
        let (route, proof) = (Route::download(O::ENDPOINT), Proof::of(O::ENDPOINT.download));
        Self::along(client, route, operation, proof)
    }

    pub(super) fn along(client: Client, route: Route, operation: O, proof: Proof) -> Self {
        Self { client, route, operation, options: Options::default(), limit: None, proof }
    }

    /// Sets optional inputs: `.with(|r| r.tartype("gzip"))`.
    pub fn with(mut self, change: impl FnOnce(O::Request) -> O::Request) -> Self {
        self.operation = self.operation.with(change);
        self
    }

    /// Refuses a file whose plain text has another SHA-1 than this, in hex: the `hash_value` that
    /// came with the download's link. A gzip file is uncompressed for the check ([protocol §7.1]).
    ///
    /// [protocol §7.1]: crate::docs::protocol::downloads#71-bills
    pub fn sha1(mut self, announced: impl AsRef<str>) -> Self {
        self.proof = Proof::digest(DigestAlgorithm::Sha1, announced.as_ref());
        self
    }

    /// Refuses a file whose plain text has another SHA-256 than this, in hex: the `hash_value` of
    /// electronic receipts.
    pub fn sha256(mut self, announced: impl AsRef<str>) -> Self {
        self.proof = Proof::digest(DigestAlgorithm::Sha256, announced.as_ref());
        self
    }

    /// Takes the file without comparing a digest; only TLS vouches for it then.
    pub fn unchecked(mut self) -> Self {
        self.proof = Proof::Unchecked;
        self
    }

    /// The longest file that is read, in bytes as they come, and of its plain text where that is hashed: 256 MiB
    /// unless changed. Of a stream, there is no limit unless this sets one, which then holds for both.
    pub fn limit(mut self, bytes: usize) -> Self {
        self.limit = Some(bytes);
        self
    }

    option_methods!();

    /// Starts the download and gives the file while it arrives, gzip undone, in constant memory.
    ///
    /// It is sent again, where that is allowed, until an answer begins; what fails later is not
    /// repeated. The deadline holds until then, and again for each wait for more.
    ///
    /// # Errors
    ///
    /// [`Error`], if the download does not begin.
    pub async fn stream(self) -> Result<DownloadStream, Error> {
        let Self { client, route, operation, options, limit, proof } = self;
        let wanted = Wanted { route, operation, proof, decryption: None };
        wanted.open(&client, options, limit).await.map(DownloadStream::new)
    }

    /// Starts the download of a bill and gives its rows while they arrive. The last is followed by an
    /// error if the bill is not the announced one or was cut short. A row that cannot be read is an
    /// error of that row, which [is not fatal](crate::bills::ReadError::is_fatal).
    ///
    /// # Errors
    ///
    /// As [`stream`](DownloadCall::stream).
    #[cfg(feature = "bills")]
    pub async fn rows<B: crate::bills::Bill>(
        self,
    ) -> Result<crate::bills::RowStream<B, DownloadStream>, Error> {
        self.stream().await.map(crate::bills::RowStream::new)
    }

    async fn run(self) -> Result<Download, Error> {
        let Self { client, route, operation, mut options, limit, proof } = self;
        let limit = limit.unwrap_or(LIMIT);
        options.limit = Some(limit);
        let (announced, prepare) = proof.prepare(operation);
        let exchange = client.send(route, prepare, options).await?;
        let Some(announced) = announced else {
            return Ok(Download::new(exchange));
        };
        let pipeline = Pipeline::new(None, Some(announced));
        match pipeline.check_file(&exchange.received.body, limit).await {
            Ok(_) => Ok(Download::checked(exchange.received)),
            Err(kind) => {
                let failure = Failure::unknown(kind).received(exchange.received);
                Err(Error::new(&exchange.route, failure, exchange.sent.attempts))
            }
        }
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
        write!(f, "DownloadCall({})", self.route.operation())
    }
}
