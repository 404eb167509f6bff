use std::io;

use bytes::Bytes;

use super::DigestCheck;
use super::announced::{Announced, Comparison};
use super::unpack::Unpack;
use crate::client::ErrorKind;

/// From the bytes of a file as they come to its plain text, in constant memory: unpacked, and hashed
/// on the way.
pub(super) struct Pipeline {
    unpack: Unpack,
    comparison: Option<Comparison>,
}

impl Pipeline {
    pub(super) fn new(announced: Option<Announced>) -> Self {
        Self { unpack: Unpack::new(), comparison: announced.map(Comparison::new) }
    }

    /// Takes a chunk, after everything was pulled.
    pub(super) fn push(&mut self, chunk: Bytes) {
        if let Some(comparison) = &mut self.comparison {
            comparison.received(&chunk);
        }
        self.unpack.push(chunk);
    }

    /// The next piece of the plain text; none where more must be pushed.
    pub(super) fn pull(&mut self) -> Result<Option<Bytes>, ErrorKind> {
        let plain = self.unpack.pull().map_err(damaged)?;
        if let (Some(plain), Some(comparison)) = (&plain, &mut self.comparison) {
            comparison.plain(plain);
        }
        Ok(plain)
    }

    /// Says that the file is complete; the rest is to be pulled then.
    pub(super) fn end(&mut self) -> Result<(), ErrorKind> {
        self.unpack.end().map_err(damaged)
    }

    /// Compares the digest, after everything was pulled.
    pub(super) fn check(self) -> Result<DigestCheck, ErrorKind> {
        self.comparison.map_or(Ok(DigestCheck::Unchecked), Comparison::finish)
    }

    /// Checks a whole file.
    pub(super) fn check_file(mut self, file: &Bytes) -> Result<DigestCheck, ErrorKind> {
        self.push(file.clone());
        while self.pull()?.is_some() {}
        self.end()?;
        while self.pull()?.is_some() {}
        self.check()
    }
}

fn damaged(error: io::Error) -> ErrorKind {
    ErrorKind::Damaged(format!("gzip: {error}"))
}
