use std::time::Duration;

use bytes::Bytes;
use tokio::time::timeout;

use super::DigestCheck;
use super::pipeline::Pipeline;
use crate::client::{ErrorKind, TransportError};

/// One file on its way, from the connection to its plain text.
pub(super) struct Flow {
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
    pub(super) fn new(
        content: reqwest::Response,
        pipeline: Pipeline,
        patience: Duration,
        limit: Option<usize>,
    ) -> Self {
        Self { content, pipeline, patience, limit, received: 0, given: 0, ended: false }
    }

    /// The next piece of the plain text; none at the end. Dropping the future loses nothing.
    pub(super) async fn next(&mut self) -> Result<Option<Bytes>, ErrorKind> {
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
    pub(super) fn check(self) -> Result<DigestCheck, ErrorKind> {
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
