//! Unpacks a gzip file in pieces, with a limit of the plain text. Other files pass unchanged.

use std::io::Write;

use flate2::write::MultiGzDecoder;

use crate::bills::BillErrorKind;

/// The beginning of a gzip file.
const MAGIC: &[u8] = &[0x1f, 0x8b];

/// How many bytes are unpacked at once. Deflate makes at most 1032 bytes of one.
const PIECE: usize = 1 << 10;

/// How many bytes of plain text any gzip file may have.
const FREE: u64 = 64 << 20;

/// How many more bytes of plain text are allowed for each byte of the file. Bills shrink to a tenth or a fiftieth,
/// because the numbers in their rows are random to gzip.
const RATIO: u64 = 256;

/// The bytes that were pushed, and their plain text that is not read yet.
pub(in crate::bills) struct BillUnpacker {
    input: Vec<u8>,
    /// How many bytes of the input were read.
    used: usize,
    compression: BillCompression,
    packed: u64,
    unpacked: u64,
}

enum BillCompression {
    /// Too few bytes arrived to recognise the format.
    Unknown,
    Plain,
    /// The decoder, and how many bytes of its output were read.
    Gzip(Box<MultiGzDecoder<Vec<u8>>>, usize),
}

impl BillUnpacker {
    pub(in crate::bills) fn new() -> Self {
        Self {
            input: Vec::new(),
            used: 0,
            compression: BillCompression::Unknown,
            packed: 0,
            unpacked: 0,
        }
    }

    pub(in crate::bills) fn push(&mut self, bytes: &[u8]) {
        self.input.drain(..self.used.min(self.input.len()));
        self.used = 0;
        self.input.extend_from_slice(bytes);
        if matches!(self.compression, BillCompression::Unknown) && self.input.len() >= MAGIC.len() {
            self.compression = match self.input.starts_with(MAGIC) {
                true => BillCompression::Gzip(Box::new(MultiGzDecoder::new(Vec::new())), 0),
                false => BillCompression::Plain,
            };
        }
    }

    /// Returns the plain text that is not read yet.
    pub(in crate::bills) fn plain(&self) -> &[u8] {
        match &self.compression {
            BillCompression::Unknown => &[],
            BillCompression::Plain => self.rest(),
            BillCompression::Gzip(decoder, read) => {
                decoder.get_ref().get(*read..).unwrap_or_default()
            }
        }
    }

    /// Marks this many bytes of the plain text as read.
    pub(in crate::bills) fn read(&mut self, bytes: usize) {
        match &mut self.compression {
            BillCompression::Unknown => {}
            BillCompression::Plain => self.used += bytes,
            BillCompression::Gzip(_, read) => *read += bytes,
        }
    }

    /// Unpacks the next piece, after all plain text was read. Returns whether there was a piece.
    pub(in crate::bills) fn advance(&mut self) -> Result<bool, BillErrorKind> {
        let piece = self.input.get(self.used..).unwrap_or_default();
        let piece = piece.get(..PIECE).unwrap_or(piece);
        let BillCompression::Gzip(decoder, read) = &mut self.compression else {
            return Ok(false);
        };
        if piece.is_empty() {
            return Ok(false);
        }
        decoder.get_mut().clear();
        *read = 0;
        decoder.write_all(piece).map_err(|error| damaged(&error))?;
        self.used += piece.len();
        self.packed += u64::try_from(piece.len()).unwrap_or(u64::MAX);
        self.check_size()?;
        Ok(true)
    }

    /// Ends the file, after all of it was unpacked and read. More plain text may follow.
    pub(in crate::bills) fn end(&mut self) -> Result<(), BillErrorKind> {
        if let BillCompression::Gzip(decoder, read) = &mut self.compression {
            decoder.get_mut().clear();
            *read = 0;
            decoder.try_finish().map_err(|error| damaged(&error))?;
            self.check_size()?;
            (self.input, self.used) = (self.plain().to_vec(), 0);
        }
        // A file too short for gzip is plain text.
        self.compression = BillCompression::Plain;
        Ok(())
    }

    fn rest(&self) -> &[u8] {
        self.input.get(self.used..).unwrap_or_default()
    }

    fn check_size(&mut self) -> Result<(), BillErrorKind> {
        self.unpacked += u64::try_from(self.plain().len()).unwrap_or(u64::MAX);
        let limit = FREE.saturating_add(self.packed.saturating_mul(RATIO));
        match self.unpacked > limit {
            true => Err(BillErrorKind::Unpacked { limit }),
            false => Ok(()),
        }
    }
}

fn damaged(error: &std::io::Error) -> BillErrorKind {
    BillErrorKind::Gzip { reason: error.to_string() }
}
