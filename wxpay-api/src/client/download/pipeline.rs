//! From received bytes to the plain text: decrypted, uncompressed, hashed.

use std::io;
use std::io::Write;

use bytes::{Bytes, BytesMut};
use flate2::write::MultiGzDecoder;

use crate::client::ErrorKind;
use crate::client::download::digest::{Announced, Comparison, DigestCheck};
use crate::protocol::BillDecryption;

/// Turns the received bytes of a file into its plain text, in constant memory: decrypts,
/// uncompresses and hashes them (docs/protocol/downloads.md §7.1, §7.4).
pub(crate) struct Pipeline {
    decryption: Option<BillDecryption>,
    unpack: Gunzip,
    comparisons: Vec<Comparison>,
}

impl Pipeline {
    /// Compares every announced digest: the signed one, and the caller's.
    pub(crate) fn new(
        decryption: Option<BillDecryption>,
        announced: impl IntoIterator<Item = Announced>,
    ) -> Self {
        let comparisons = announced.into_iter().map(Comparison::new).collect();
        Self { decryption, unpack: Gunzip::new(), comparisons }
    }

    /// Takes a received chunk. Pull everything before.
    pub(crate) fn push(&mut self, chunk: Bytes) -> Result<(), ErrorKind> {
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

    /// Returns the next piece of the plain text; `None` if more must be pushed.
    pub(crate) fn pull(&mut self) -> Result<Option<Bytes>, ErrorKind> {
        let plain = self.unpack.pull().map_err(damaged)?;
        if let Some(plain) = &plain {
            self.comparisons.iter_mut().for_each(|comparison| comparison.plain_text(plain));
        }
        Ok(plain)
    }

    /// Ends the file. Pull everything before, and the rest afterwards.
    pub(crate) fn end(&mut self) -> Result<(), ErrorKind> {
        if let Some(decryption) = self.decryption.take() {
            decryption.finish()?;
        }
        self.unpack.end().map_err(damaged)
    }

    /// Compares the digests, after everything was pulled.
    pub(crate) fn check(self) -> Result<DigestCheck, ErrorKind> {
        let unchecked = Ok(DigestCheck::Unchecked);
        self.comparisons
            .into_iter()
            .fold(unchecked, |check, comparison| check.and_then(|_| comparison.finish()))
    }

    /// Checks a whole file. `limit` also holds for its plain text. Yields to other tasks between
    /// the pieces.
    pub(crate) async fn check_file(
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

/// The first bytes of a gzip file.
const MAGIC: &[u8] = &[0x1f, 0x8b];

/// How many bytes are uncompressed at once. Deflate makes at most 1032 bytes of one, so the result
/// has at most about 4 MiB.
const PIECE: usize = 4 << 10;

/// So much plain text is returned at once if there is enough input, because every piece costs its writer a turn.
const ENOUGH: usize = 128 << 10;

/// Uncompresses the file if it is a gzip file. This is no `Content-Encoding`
/// (docs/protocol/downloads.md §7.1).
pub(crate) struct Gunzip {
    input: Bytes,
    format: FileCompression,
}

enum FileCompression {
    /// Too few bytes arrived to decide.
    Unknown,
    Plain,
    Gzip(Box<MultiGzDecoder<Vec<u8>>>),
}

impl Gunzip {
    pub(crate) fn new() -> Self {
        Self { input: Bytes::new(), format: FileCompression::Unknown }
    }

    /// Takes more of the file. Pull everything before.
    pub(crate) fn push(&mut self, bytes: Bytes) {
        if self.input.is_empty() {
            self.input = bytes;
            return;
        }
        let mut joined = BytesMut::from(self.input.as_ref());
        joined.extend_from_slice(&bytes);
        self.input = joined.freeze();
    }

    /// Returns the next piece of the plain text, never an empty one; `None` if more must be pushed.
    pub(crate) fn pull(&mut self) -> io::Result<Option<Bytes>> {
        if matches!(self.format, FileCompression::Unknown) && self.input.len() >= MAGIC.len() {
            self.format = match self.input.starts_with(MAGIC) {
                true => FileCompression::Gzip(Box::new(MultiGzDecoder::new(Vec::new()))),
                false => FileCompression::Plain,
            };
        }
        match &mut self.format {
            FileCompression::Unknown => Ok(None),
            FileCompression::Plain if self.input.is_empty() => Ok(None),
            FileCompression::Plain => Ok(Some(std::mem::take(&mut self.input))),
            FileCompression::Gzip(decoder) => {
                while !self.input.is_empty() {
                    let piece = self.input.split_to(PIECE.min(self.input.len()));
                    decoder.write_all(&piece)?;
                    if decoder.get_ref().len() >= ENOUGH {
                        break;
                    }
                }
                let plain = std::mem::take(decoder.get_mut());
                Ok((!plain.is_empty()).then(|| plain.into()))
            }
        }
    }

    /// Marks the file as complete. Pull everything before, and the rest afterwards.
    pub(crate) fn end(&mut self) -> io::Result<()> {
        if let FileCompression::Gzip(decoder) =
            std::mem::replace(&mut self.format, FileCompression::Plain)
        {
            self.input = decoder.finish()?.into();
        }
        Ok(())
    }
}
