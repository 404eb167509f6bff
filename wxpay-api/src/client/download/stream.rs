use std::fmt;

use bytes::Bytes;

use super::DigestCheck;
use super::flow::Flow;
use super::open::OpenFile;
use super::rest::Rest;
use crate::client::error::Failure;
use crate::client::route::Route;
use crate::client::{Error, ErrorKind, RawResponse};

/// A file while it arrives: its plain text in pieces, gzip undone, and never held whole.
///
/// Whether it is the announced one shows only at its end: until [`chunk`](DownloadStream::chunk) gave
/// `None`, nothing of it is proved.
pub struct DownloadStream {
    route: Route,
    attempts: u32,
    head: RawResponse,
    /// None between two files and at the end.
    flow: Option<Flow>,
    rest: Option<Box<Rest>>,
    checks: Vec<DigestCheck>,
    /// Whether a piece was given.
    pub(super) begun: bool,
    pub(super) failed: bool,
}

impl DownloadStream {
    pub(super) fn new(file: OpenFile) -> Self {
        let OpenFile { route, attempts, head, flow } = file;
        Self {
            route,
            attempts,
            head,
            flow: Some(flow),
            rest: None,
            checks: Vec::new(),
            begun: false,
            failed: false,
        }
    }

    /// One file after the other, the first of them at once.
    pub(super) fn of_several(first: OpenFile, rest: Rest) -> Self {
        Self { rest: Some(Box::new(rest)), ..Self::new(first) }
    }

    /// The next piece of the plain text, never an empty one; `None` at the end, once the digest was
    /// compared. A piece has up to about 4 MiB. Dropping the future loses nothing.
    ///
    /// # Errors
    ///
    /// [`Error`] when the connection fails, the file is damaged or it is not the announced one; what
    /// came before is then worth nothing.
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
                    operation = self.route.operation(),
                    ?check,
                    "an encrypted bill has another digest"
                );
            }
            self.checks.push(check);
        }
        Ok(())
    }

    /// Whether there was another file to begin.
    async fn begin_file(&mut self) -> Result<bool, Error> {
        let Some(rest) = &mut self.rest else {
            return Ok(false);
        };
        let Some(file) = rest.next().await? else {
            return Ok(false);
        };
        let OpenFile { route, attempts, head, flow } = file;
        (self.route, self.attempts, self.head) = (route, attempts, head);
        self.flow = Some(flow);
        Ok(true)
    }

    /// Status and headers; the body is empty. Of several files, those of the latest.
    #[must_use]
    pub fn received(&self) -> &RawResponse {
        &self.head
    }

    /// What the digest proved, for each file that came to its end. There are several only of an
    /// encrypted bill.
    #[must_use]
    pub fn digest_checks(&self) -> &[DigestCheck] {
        &self.checks
    }

    pub(super) fn error(&self, kind: ErrorKind) -> Error {
        let failure = Failure::unknown(kind).received(self.head.clone());
        Error::new(&self.route, failure, self.attempts)
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
            .field("operation", &self.route.operation())
            .field("received", &self.head)
            .field("digest_checks", &self.checks)
            .finish_non_exhaustive()
    }
}
