//! A file whose download began.

use std::time::Duration;

use bytes::Bytes;
use tokio::time::timeout;

use crate::client::call::attempt::StartedDownload;
use crate::client::call::options::Options;
use crate::client::call::retry::send_and_read;
use crate::client::download::Download;
use crate::client::download::digest::{
    Announced, Covers, DigestAlgorithm, DigestCheck, DigestPolicy,
};
use crate::client::download::pipeline::Pipeline;
use crate::client::operation::facts::OperationFacts;
use crate::client::{Client, Error, ErrorKind, Operation, RawResponse, TransportError};
use crate::protocol::BillDecryption;

/// A file that is being requested.
pub(crate) struct WantedFile<O> {
    pub(crate) facts: OperationFacts,
    pub(crate) operation: O,
    pub(crate) policy: DigestPolicy,
    pub(crate) decryption: Option<BillDecryption>,
}

/// A file that began to arrive.
pub(crate) struct OpenFile {
    pub(crate) facts: OperationFacts,
    pub(crate) attempts: u32,
    pub(crate) head: RawResponse,
    pub(crate) flow: Flow,
}

impl<O: Operation<Response = Download>> WantedFile<O> {
    /// Requests the file until it begins to arrive. The deadline holds until then, and again for
    /// each wait.
    pub(crate) async fn open(
        self,
        client: &Client,
        options: Options,
        limit: Option<usize>,
    ) -> Result<OpenFile, Error> {
        let patience = options.deadline.unwrap_or(client.settings().deadline);
        let (announced, prepare) = self.policy.prepare(self.operation);
        let StartedDownload { facts, attempts, head, digest, content } =
            send_and_read(client, self.facts, prepare, options).await?;
        let signed = digest
            .map(|digest| Announced::new(DigestAlgorithm::Sha1, digest.as_str(), Covers::Received));
        let pipeline = Pipeline::new(self.decryption, signed.into_iter().chain(announced));
        let flow = Flow::new(content, pipeline, patience, limit);
        Ok(OpenFile { facts, attempts, head, flow })
    }
}

/// One file that is arriving, from the connection to its plain text.
pub(crate) struct Flow {
    content: reqwest::Response,
    pipeline: Pipeline,
    patience: Duration,
    limit: Option<usize>,
    received: u64,
    given: u64,
    ended: bool,
}

impl Flow {
    /// `patience` is how long each wait for more may take, and `limit` how long the file may be.
    pub(crate) fn new(
        content: reqwest::Response,
        pipeline: Pipeline,
        patience: Duration,
        limit: Option<usize>,
    ) -> Self {
        Self { content, pipeline, patience, limit, received: 0, given: 0, ended: false }
    }

    /// Returns the next piece of the plain text; `None` at the end. Dropping the future loses
    /// nothing.
    pub(crate) async fn next(&mut self) -> Result<Option<Bytes>, ErrorKind> {
        loop {
            if let Some(plain) = self.pipeline.pull()? {
                self.given += plain.len() as u64;
                self.check_limit(self.given)?;
                return Ok(Some(plain));
            }
            if self.ended {
                return Ok(None);
            }
            match self.receive().await? {
                Some(chunk) => {
                    self.received += chunk.len() as u64;
                    self.check_limit(self.received)?;
                    self.pipeline.push(chunk)?;
                }
                None => {
                    self.pipeline.end()?;
                    self.ended = true;
                }
            }
        }
    }

    /// Compares the digest, at the end.
    pub(crate) fn check(self) -> Result<DigestCheck, ErrorKind> {
        self.pipeline.check()
    }

    async fn receive(&mut self) -> Result<Option<Bytes>, ErrorKind> {
        match timeout(self.patience, self.content.chunk()).await {
            Ok(chunk) => chunk.map_err(|error| ErrorKind::Transport(TransportError::new(error))),
            Err(_) => Err(ErrorKind::Deadline(self.patience)),
        }
    }

    fn check_limit(&self, bytes: u64) -> Result<(), ErrorKind> {
        match self.limit {
            Some(limit) if bytes > limit as u64 => Err(ErrorKind::TooLarge { limit }),
            _ => Ok(()),
        }
    }
}
