//! Files as they are made, piece by piece.

use std::io::{self, Write};

use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;

/// A file that is made while it is read.
pub(in crate::sandbox) type Pieces = Box<dyn Iterator<Item = Bytes> + Send>;

/// About as long as a piece is.
pub(super) const PIECE: usize = 64 << 10;

pub(super) fn of(content: Bytes) -> Pieces {
    let mut rest = content;
    Box::new(std::iter::from_fn(move || {
        let piece = rest.split_to(PIECE.min(rest.len()));
        (!piece.is_empty()).then_some(piece)
    }))
}

/// The whole file, compressed.
pub(in crate::sandbox) fn compress(content: &Bytes) -> Bytes {
    let compressed: Vec<_> = gzip(of(content.clone())).collect();
    compressed.concat().into()
}

/// As a gzip file.
pub(super) fn gzip(plain: Pieces) -> Pieces {
    Box::new(Gzip { plain, encoder: Some(GzEncoder::new(Vec::new(), Compression::fast())) })
}

struct Gzip {
    plain: Pieces,
    /// None when the file has ended.
    encoder: Option<GzEncoder<Vec<u8>>>,
}

impl Gzip {
    fn piece(&mut self) -> io::Result<Vec<u8>> {
        while let Some(encoder) = &mut self.encoder {
            match self.plain.next() {
                Some(piece) => encoder.write_all(&piece)?,
                None => return self.encoder.take().map_or(Ok(Vec::new()), GzEncoder::finish),
            }
            if encoder.get_ref().len() >= PIECE {
                return Ok(std::mem::take(encoder.get_mut()));
            }
        }
        Ok(Vec::new())
    }
}

impl Iterator for Gzip {
    type Item = Bytes;

    fn next(&mut self) -> Option<Bytes> {
        // Writing to memory does not fail.
        self.piece().ok().filter(|piece| !piece.is_empty()).map(Bytes::from)
    }
}
