use std::io;

use bytes::Bytes;

use super::DigestCheck;
use super::announced::{Announced, Comparison};
use super::unpack::Unpack;
use crate::client::ErrorKind;
use crate::protocol::BillDecryption;

/// From the bytes of a file as they come to its plain text, in constant memory: decrypted, then
/// unpacked, and hashed on the way (docs/protocol/downloads.md §7.1, §7.4).
pub(super) struct Pipeline {
    decryption: Option<BillDecryption>,
    unpack: Unpack,
    comparisons: Vec<Comparison>,
}

impl Pipeline {
    /// The digests are compared one and all: a signed one, and one that the caller announced.
    pub(super) fn new(
        decryption: Option<BillDecryption>,
        announced: impl IntoIterator<Item = Announced>,
    ) -> Self {
        let comparisons = announced.into_iter().map(Comparison::new).collect();
        Self { decryption, unpack: Unpack::new(), comparisons }
    }

    /// Takes a chunk, after everything was pulled.
    pub(super) fn push(&mut self, chunk: Bytes) -> Result<(), ErrorKind> {
        for comparison in &mut self.comparisons {
            comparison.received(&chunk);
        }
        let chunk = match &mut self.decryption {
            Some(decryption) => decryption.push(&chunk)?.into(),
            None => chunk,
        };
        self.unpack.push(chunk);
        Ok(())
    }

    /// The next piece of the plain text; none where more must be pushed.
    pub(super) fn pull(&mut self) -> Result<Option<Bytes>, ErrorKind> {
        let plain = self.unpack.pull().map_err(damaged)?;
        if let Some(plain) = &plain {
            self.comparisons.iter_mut().for_each(|comparison| comparison.plain_text(plain));
        }
        Ok(plain)
    }

    /// Says that the file is complete, after everything was pulled; the rest is to be pulled then.
    pub(super) fn end(&mut self) -> Result<(), ErrorKind> {
        if let Some(decryption) = self.decryption.take() {
            decryption.finish()?;
        }
        self.unpack.end().map_err(damaged)
    }

    /// Compares the digests, after everything was pulled.
    pub(super) fn check(self) -> Result<DigestCheck, ErrorKind> {
        let unchecked = Ok(DigestCheck::Unchecked);
        self.comparisons
            .into_iter()
            .fold(unchecked, |check, comparison| check.and_then(|_| comparison.finish()))
    }

    /// Checks a whole file, whose plain text may be as long as `limit`. Others have their turn between the pieces.
    pub(super) async fn check_file(
        mut self,
        file: &Bytes,
        limit: usize,
    ) -> Result<DigestCheck, ErrorKind> {
        let mut length = 0;
        self.push(file.clone())?;
        self.drain(&mut length, limit).await?;
        self.end()?;
        self.drain(&mut length, limit).await?;
        self.check()
    }

    async fn drain(&mut self, length: &mut usize, limit: usize) -> Result<(), ErrorKind> {
        while let Some(plain) = self.pull()? {
            *length = length.saturating_add(plain.len());
            if *length > limit {
                return Err(ErrorKind::TooLarge { limit });
            }
            tokio::task::yield_now().await;
        }
        Ok(())
    }
}

fn damaged(error: io::Error) -> ErrorKind {
    ErrorKind::Damaged(error)
}
