//! The calls that start a download.

use std::fmt;
use std::future::{Future, IntoFuture};
use std::pin::Pin;

use crate::client::call::options::{Options, option_methods};
use crate::client::call::retry::send;
use crate::client::download::Download;
use crate::client::download::digest::{DigestAlgorithm, DigestPolicy};
use crate::client::download::encrypted_bill::{EncryptedBill, not_sent};
use crate::client::download::link::{FileLink, LinkedFile};
use crate::client::download::open_file::WantedFile;
use crate::client::download::pipeline::Pipeline;
use crate::client::download::stream::{DownloadStream, RemainingFiles};
use crate::client::error::failure::AttemptFailure;
use crate::client::operation::facts::OperationFacts;
use crate::client::{Client, Error, Operation};

/// A download that starts when it is awaited or streamed.
///
/// Its response is not signed. Where a signed response announced a digest together with the link,
/// pass it to [`sha1`](DownloadCall::sha1). `await` returns the file as received, in memory;
/// [`stream`](DownloadCall::stream) returns the plain text of a file of any size while it arrives.
#[must_use = "a download does nothing until it is awaited"]
pub struct DownloadCall<O: Operation<Response = Download>> {
    client: Client,
    facts: OperationFacts,
    operation: O,
    options: Options,
    limit: Option<usize>,
    policy: DigestPolicy,
}

/// The longest file that is read into memory, in bytes, unless a call sets another limit.
const LIMIT: usize = 256 << 20;

impl<O: Operation<Response = Download>> DownloadCall<O> {
    pub(crate) fn new(client: Client, operation: O) -> Self {
        let endpoint = operation.endpoint();
        let (facts, policy) =
            (OperationFacts::download(endpoint), DigestPolicy::of(endpoint.download));
        Self::along(client, facts, operation, policy)
    }

    fn along(client: Client, facts: OperationFacts, operation: O, policy: DigestPolicy) -> Self {
        Self { client, facts, operation, options: Options::default(), limit: None, policy }
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
        self.policy = DigestPolicy::digest(DigestAlgorithm::Sha1, announced.as_ref());
        self
    }

    /// Refuses a file whose plain text has another SHA-256 than this, in hex: the `hash_value` of
    /// electronic receipts.
    pub fn sha256(mut self, announced: impl AsRef<str>) -> Self {
        self.policy = DigestPolicy::digest(DigestAlgorithm::Sha256, announced.as_ref());
        self
    }

    /// Accepts the file without comparing a digest. Only TLS protects it then.
    pub fn unchecked(mut self) -> Self {
        self.policy = DigestPolicy::Unchecked;
        self
    }

    /// Limits the file, in bytes as received, and its plain text where that is hashed: 256 MiB
    /// unless changed. A stream has no limit unless this sets one, which then holds for both.
    pub fn limit(mut self, bytes: usize) -> Self {
        self.limit = Some(bytes);
        self
    }

    option_methods!();

    /// Starts the download and returns the file as a stream, uncompressed, in constant memory.
    ///
    /// The client retries, where that is allowed, until a response begins. It does not retry after
    /// that. The deadline holds until then, and again for each wait for more.
    ///
    /// # Errors
    ///
    /// [`Error`], if the download does not begin.
    pub async fn stream(self) -> Result<DownloadStream, Error> {
        let Self { client, facts, operation, options, limit, policy } = self;
        let wanted = WantedFile { facts, operation, policy, decryption: None };
        wanted.open(&client, options, limit).await.map(DownloadStream::new)
    }

    /// Starts the download of a bill and returns its rows while they arrive. An error follows the
    /// last row if the bill is not the announced one or was cut short. A row that cannot be read is
    /// an error of that row, which [is not fatal](crate::bills::ReadError::is_fatal).
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
        let Self { client, facts, operation, mut options, limit, policy } = self;
        let limit = limit.unwrap_or(LIMIT);
        options.limit = Some(limit);
        let (announced, prepare) = policy.prepare(operation);
        let response = send(&client, facts, prepare, options).await?;
        let Some(announced) = announced else {
            return Ok(Download::new(response));
        };
        let pipeline = Pipeline::new(None, Some(announced));
        match pipeline.check_file(&response.received.body, limit).await {
            Ok(_) => Ok(Download::checked(response.received)),
            Err(kind) => {
                let failure = AttemptFailure::unknown(kind).received(response.received);
                Err(Error::new(&response.facts, failure, response.sent.attempts))
            }
        }
    }
}

impl DownloadCall<LinkedFile> {
    pub(crate) fn of_link(client: Client, link: &FileLink) -> Self {
        let operation = LinkedFile::new(&link.url, client.base_urls());
        let (facts, policy) = (operation.facts(), link.policy());
        Self::along(client, facts, operation, policy)
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
        write!(f, "DownloadCall({})", self.facts.operation())
    }
}

/// The download of an encrypted bill. It starts when it is streamed.
#[must_use = "a download does nothing until it is streamed"]
pub struct EncryptedDownloadCall {
    client: Client,
    bill: EncryptedBill,
    options: Options,
    limit: Option<usize>,
}

impl EncryptedDownloadCall {
    pub(crate) fn new(client: Client, bill: EncryptedBill) -> Self {
        Self { client, bill, options: Options::default(), limit: None }
    }

    /// Limits each file, in bytes as received and in its plain text. Without this setting there is
    /// no limit.
    pub fn limit(mut self, bytes: usize) -> Self {
        self.limit = Some(bytes);
        self
    }

    option_methods!();

    /// Starts the download and returns the bill as a stream, decrypted and uncompressed, in
    /// constant memory. Several files follow each other by their `bill_sequence`.
    ///
    /// Nothing is proved before the end: the tag of the encryption is the last part of a file.
    /// [`digest_checks`](DownloadStream::digest_checks) says what the digest of each file proved. A
    /// different digest is no error.
    ///
    /// The client requests each file after the one before it ended. A bill above 16 GB has several
    /// files, and the links may expire meanwhile. WeChat Pay then returns an error: request the
    /// bill again.
    ///
    /// # Errors
    ///
    /// [`Error`], if a key is still encrypted, a file is missing from the list, or the first
    /// download does not begin.
    pub async fn stream(self) -> Result<DownloadStream, Error> {
        let Self { client, bill, options, limit } = self;
        let (first, files) = bill.in_order().map_err(|error| not_sent(error.into()))?;
        for file in &files {
            file.wanted(&client).map_err(not_sent)?;
        }
        let wanted = first.wanted(&client).map_err(not_sent)?;
        let first = wanted.open(&client, options.clone(), limit).await?;
        Ok(DownloadStream::of_several(first, RemainingFiles { client, files, options, limit }))
    }

    /// Starts the download of a bill and returns its rows while they arrive. An error follows the
    /// last row if the bill was changed or cut short. A row that cannot be read is an error of that
    /// row, which [is not fatal](crate::bills::ReadError::is_fatal).
    ///
    /// # Errors
    ///
    /// As [`stream`](EncryptedDownloadCall::stream).
    #[cfg(feature = "bills")]
    pub async fn rows<B: crate::bills::Bill>(
        self,
    ) -> Result<crate::bills::RowStream<B, DownloadStream>, Error> {
        self.stream().await.map(crate::bills::RowStream::new)
    }
}

impl fmt::Debug for EncryptedDownloadCall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EncryptedDownloadCall").field("bill", &self.bill).finish_non_exhaustive()
    }
}
