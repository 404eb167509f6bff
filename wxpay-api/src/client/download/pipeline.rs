use std::io;

use bytes::Bytes;

use super::DigestCheck;
use super::announced::{Announced, Comparison};
use super::unpack::Unpack;
use crate::client::ErrorKind;
use crate::protocol::BillDecryption;

/// From the bytes of a file as they come to its plain text, in constant memory: decrypted, then
/// unpacked, and hashed on the way (PROTOCOL §7.1, §7.4).
pub(super) struct Pipeline {
    decryption: Option<BillDecryption>,
    unpack: Unpack,
    comparison: Option<Comparison>,
}

impl Pipeline {
    pub(super) fn new(decryption: Option<BillDecryption>, announced: Option<Announced>) -> Self {
        Self { decryption, unpack: Unpack::new(), comparison: announced.map(Comparison::new) }
    }

    /// Takes a chunk, after everything was pulled.
    pub(super) fn push(&mut self, chunk: Bytes) -> Result<(), ErrorKind> {
        if let Some(comparison) = &mut self.comparison {
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
        if let (Some(plain), Some(comparison)) = (&plain, &mut self.comparison) {
            comparison.plain_text(plain);
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

    /// Compares the digest, after everything was pulled.
    pub(super) fn check(self) -> Result<DigestCheck, ErrorKind> {
        self.comparison.map_or(Ok(DigestCheck::Unchecked), Comparison::finish)
    }

    /// Checks a whole file.
    pub(super) fn check_file(mut self, file: &Bytes) -> Result<DigestCheck, ErrorKind> {
        self.push(file.clone())?;
        while self.pull()?.is_some() {}
        self.end()?;
        while self.pull()?.is_some() {}
        self.check()
    }
}

fn damaged(error: io::Error) -> ErrorKind {
    ErrorKind::Damaged(format!("gzip: {error}"))
}
