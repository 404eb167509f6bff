use std::io::{self, Write};

use bytes::{Bytes, BytesMut};
use flate2::write::MultiGzDecoder;

/// What begins a gzip file.
const MAGIC: &[u8] = &[0x1f, 0x8b];

/// How much is unpacked at once. Deflate makes at most 1032 bytes of one, so that whatever is sent, no
/// more than about 4 MiB come out of it.
const PIECE: usize = 4 << 10;

/// Undoes gzip where there is any: a file, not a `Content-Encoding` (docs/protocol/downloads.md §7.1).
pub(super) struct Unpack {
    input: Bytes,
    format: Format,
}

enum Format {
    /// Too little came to say.
    Unknown,
    Plain,
    Gzip(Box<MultiGzDecoder<Vec<u8>>>),
}

impl Unpack {
    pub(super) fn new() -> Self {
        Self { input: Bytes::new(), format: Format::Unknown }
    }

    /// Takes more of the file, after everything was pulled.
    pub(super) fn push(&mut self, bytes: Bytes) {
        if self.input.is_empty() {
            self.input = bytes;
            return;
        }
        let mut joined = BytesMut::from(self.input.as_ref());
        joined.extend_from_slice(&bytes);
        self.input = joined.freeze();
    }

    /// The next piece of the plain text, never an empty one; none where more must be pushed.
    pub(super) fn pull(&mut self) -> io::Result<Option<Bytes>> {
        if matches!(self.format, Format::Unknown) && self.input.len() >= MAGIC.len() {
            self.format = match self.input.starts_with(MAGIC) {
                true => Format::Gzip(Box::new(MultiGzDecoder::new(Vec::new()))),
                false => Format::Plain,
            };
        }
        match &mut self.format {
            Format::Unknown => Ok(None),
            Format::Plain if self.input.is_empty() => Ok(None),
            Format::Plain => Ok(Some(std::mem::take(&mut self.input))),
            Format::Gzip(decoder) => {
                while !self.input.is_empty() {
                    let piece = self.input.split_to(PIECE.min(self.input.len()));
                    decoder.write_all(&piece)?;
                    if !decoder.get_ref().is_empty() {
                        return Ok(Some(std::mem::take(decoder.get_mut()).into()));
                    }
                }
                Ok(None)
            }
        }
    }

    /// Says that the file is complete, after everything was pulled; the rest is to be pulled then.
    pub(super) fn end(&mut self) -> io::Result<()> {
        if let Format::Gzip(decoder) = std::mem::replace(&mut self.format, Format::Plain) {
            self.input = decoder.finish()?.into();
        }
        Ok(())
    }
}
