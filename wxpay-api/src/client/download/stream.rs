//! A file while it arrives.

use std::collections::VecDeque;
use std::fmt;

use bytes::Bytes;

use crate::client::call::options::Options;
use crate::client::download::digest::DigestCheck;
use crate::client::download::encrypted_bill::{EncryptedFile, not_sent};
use crate::client::download::open_file::{Flow, OpenFile};
use crate::client::error::failure::AttemptFailure;
use crate::client::operation::facts::OperationFacts;
use crate::client::{Client, Error, ErrorKind, RawResponse};

/// A file while it arrives: its plain text in pieces, uncompressed, never held as a whole.
///
/// Only the end proves that it is the announced file: until [`chunk`](DownloadStream::chunk)
/// returns `None`, nothing is proved.
pub struct DownloadStream {
    facts: OperationFacts,
    attempts: u32,
    head: RawResponse,
    /// `None` between two files and at the end.
    flow: Option<Flow>,
    rest: Option<Box<RemainingFiles>>,
    checks: Vec<DigestCheck>,
    /// Whether a piece was returned.
    pub(crate) begun: bool,
    pub(crate) failed: bool,
}

impl DownloadStream {
    pub(crate) fn new(file: OpenFile) -> Self {
        let OpenFile { facts, attempts, head, flow } = file;
        Self {
            facts,
            attempts,
            head,
            flow: Some(flow),
            rest: None,
            checks: Vec::new(),
            begun: false,
            failed: false,
        }
    }

    /// Makes a stream of several files, one after the other. The first one is already open.
    pub(crate) fn of_several(first: OpenFile, rest: RemainingFiles) -> Self {
        Self { rest: Some(Box::new(rest)), ..Self::new(first) }
    }

    /// Returns the next piece of the plain text, never an empty one; `None` at the end, after the
    /// digest was compared. A piece has at most about 4 MiB. Dropping the future loses nothing.
    ///
    /// # Errors
    ///
    /// [`Error`] when the connection fails, the file is damaged, or it is not the announced one.
    /// Discard the earlier pieces then.
    pub async fn chunk(&mut self) -> Result<Option<Bytes>, Error> {
        if self.failed {
            return Err(self.error(ErrorKind::Stopped));
        }
        let chunk = self.advance().await;
        self.failed = chunk.is_err();
        self.begun |= matches!(chunk, Ok(Some(_)));
        chunk
    }

    async fn advance(&mut self) -> Result<Option<Bytes>, Error> {
        loop {
            if let Some(flow) = &mut self.flow {
                match flow.next().await {
                    Ok(Some(chunk)) => return Ok(Some(chunk)),
                    Ok(None) => self.end_file()?,
                    Err(kind) => return Err(self.error(kind)),
                }
            } else if !self.begin_file().await? {
                return Ok(None);
            }
        }
    }

    fn end_file(&mut self) -> Result<(), Error> {
        if let Some(flow) = self.flow.take() {
            let check = flow.check().map_err(|kind| self.error(kind))?;
            if let DigestCheck::Mismatch { .. } = check {
                tracing::warn!(
                    operation = self.facts.operation(),
                    ?check,
                    "an encrypted bill has another digest"
                );
            }
            self.checks.push(check);
        }
        Ok(())
    }

    /// Begins the next file; `false` if there is none.
    async fn begin_file(&mut self) -> Result<bool, Error> {
        let Some(rest) = &mut self.rest else {
            return Ok(false);
        };
        let Some(file) = rest.next().await? else {
            return Ok(false);
        };
        let OpenFile { facts, attempts, head, flow } = file;
        (self.facts, self.attempts, self.head) = (facts, attempts, head);
        self.flow = Some(flow);
        Ok(true)
    }

    /// Status and headers; the body is empty. Of several files, those of the latest.
    #[must_use]
    pub fn received(&self) -> &RawResponse {
        &self.head
    }

    /// Returns what the digest proved, for each complete file. Only an encrypted bill has several.
    #[must_use]
    pub fn digest_checks(&self) -> &[DigestCheck] {
        &self.checks
    }

    pub(crate) fn error(&self, kind: ErrorKind) -> Error {
        let failure = AttemptFailure::unknown(kind).received(self.head.clone());
        Error::new(&self.facts, failure, self.attempts)
    }
}

#[cfg(feature = "bills")]
impl crate::bills::Chunks for DownloadStream {
    type Error = Error;

    async fn chunk(&mut self) -> Result<Option<Bytes>, Error> {
        Self::chunk(self).await
    }
}

impl fmt::Debug for DownloadStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DownloadStream")
            .field("operation", &self.facts.operation())
            .field("received", &self.head)
            .field("digest_checks", &self.checks)
            .finish_non_exhaustive()
    }
}

/// The files of a bill that are still to come.
pub(crate) struct RemainingFiles {
    pub(crate) client: Client,
    pub(crate) files: VecDeque<EncryptedFile>,
    pub(crate) options: Options,
    pub(crate) limit: Option<usize>,
}

impl RemainingFiles {
    /// Opens the next file, if there is one. Dropping the future loses none.
    pub(crate) async fn next(&mut self) -> Result<Option<OpenFile>, Error> {
        let Some(file) = self.files.front() else {
            return Ok(None);
        };
        let wanted = file.wanted(&self.client);
        let wanted = wanted.map_err(not_sent)?;
        let opened = wanted.open(&self.client, self.options.clone(), self.limit).await?;
        self.files.pop_front();
        Ok(Some(opened))
    }
}
