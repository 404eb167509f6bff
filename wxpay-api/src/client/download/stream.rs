use std::fmt;
use std::time::Duration;

use bytes::Bytes;

use super::DigestCheck;
use super::announced::{Announced, Covers};
use super::digest::DigestAlgorithm;
use super::flow::Flow;
use crate::client::attempt::Opened;
use crate::client::error::Failure;
use crate::client::{Error, ErrorKind, Received};

/// A file while it arrives: its plain text in pieces, gzip undone, and never held whole.
///
/// Whether it is the announced one shows only at its end: until [`chunk`](DownloadStream::chunk) gave
/// `None`, nothing of it is proved.
pub struct DownloadStream {
    operation: String,
    attempts: u32,
    head: Received,
    /// None once it ended.
    flow: Option<Flow>,
    /// None before the end, and for good after a failure.
    check: Option<DigestCheck>,
}

impl DownloadStream {
    pub(super) fn new(
        opened: Opened,
        announced: Option<Announced>,
        patience: Duration,
        limit: Option<usize>,
    ) -> Self {
        let Opened { operation, attempts, head, digest, content } = opened;
        let signed = digest
            .map(|digest| Announced::new(DigestAlgorithm::Sha1, digest.as_str(), Covers::Received));
        let flow = Flow::new(content, signed.or(announced), patience, limit);
        Self { operation, attempts, head, flow: Some(flow), check: None }
    }

    /// The next piece of the plain text, never an empty one; `None` at the end, once the digest was
    /// compared. A piece has up to about 4 MiB. Dropping the future loses nothing.
    ///
    /// # Errors
    ///
    /// [`Error`] when the connection fails, the file is damaged or it is not the announced one; what
    /// came before is then worth nothing.
    pub async fn chunk(&mut self) -> Result<Option<Bytes>, Error> {
        match self.advance().await {
            Ok(chunk) => Ok(chunk),
            Err(kind) => {
                self.flow = None;
                Err(self.error(kind))
            }
        }
    }

    async fn advance(&mut self) -> Result<Option<Bytes>, ErrorKind> {
        let Some(flow) = &mut self.flow else {
            return self.check.as_ref().map(|_| None).ok_or(ErrorKind::Stopped);
        };
        if let Some(chunk) = flow.next().await? {
            return Ok(Some(chunk));
        }
        if let Some(flow) = self.flow.take() {
            self.check = Some(flow.check()?);
        }
        Ok(None)
    }

    /// Status and headers; the body is empty.
    #[must_use]
    pub fn received(&self) -> &Received {
        &self.head
    }

    /// What the digest proved, once the end was reached.
    #[must_use]
    pub fn digest_check(&self) -> Option<&DigestCheck> {
        self.check.as_ref()
    }

    pub(super) fn error(&self, kind: ErrorKind) -> Error {
        let failure = Failure::unknown(kind).received(self.head.clone());
        Error::new(self.operation.clone(), failure, self.attempts)
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
            .field("operation", &self.operation)
            .field("received", &self.head)
            .field("digest_check", &self.check)
            .finish_non_exhaustive()
    }
}
