//! Files that are produced piece by piece: plain, compressed, encrypted.

use std::io::{self, Write};

use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::protocol::{BillDecryptionError, CryptoError, Nonce, StreamingGcm, bill_cipher};

/// A file that is produced while it is sent.
pub(in crate::sandbox) type Pieces = Box<dyn Iterator<Item = Bytes> + Send>;

/// The usual length of a piece in bytes.
pub(in crate::sandbox) const PIECE: usize = 64 << 10;

/// Splits content into pieces.
pub(in crate::sandbox) fn of(content: Bytes) -> Pieces {
    let mut rest = content;
    Box::new(std::iter::from_fn(move || {
        let piece = rest.split_to(PIECE.min(rest.len()));
        (!piece.is_empty()).then_some(piece)
    }))
}

/// Compresses a whole file.
pub(in crate::sandbox) fn compress(content: &Bytes) -> Bytes {
    let compressed: Vec<_> = gzip(of(content.clone())).collect();
    compressed.concat().into()
}

/// Compresses pieces to a gzip file.
pub(in crate::sandbox) fn gzip(plain: Pieces) -> Pieces {
    Box::new(Gzip { plain, encoder: Some(GzEncoder::new(Vec::new(), Compression::fast())) })
}

struct Gzip {
    plain: Pieces,
    /// `None` after the end of the file.
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
        // Writing to memory cannot fail.
        self.piece().ok().filter(|piece| !piece.is_empty()).map(Bytes::from)
    }
}

/// The key and the nonce of an encrypted bill (docs/protocol/downloads.md §7.4). Both are printable.
#[derive(Clone)]
pub(in crate::sandbox) struct FileKey {
    pub(in crate::sandbox) key: String,
    pub(in crate::sandbox) nonce: String,
}

impl FileKey {
    /// Makes a random key and nonce of these lengths in bytes.
    pub(in crate::sandbox) fn random(key: usize, nonce: usize) -> Result<Self, CryptoError> {
        Ok(Self { key: random_text(key)?, nonce: random_text(nonce)? })
    }

    /// Encrypts a file; the tag follows the ciphertext.
    pub(in crate::sandbox) fn encrypt(&self, plain: Pieces) -> Result<Pieces, BillDecryptionError> {
        let cipher = || bill_cipher(self.key.as_bytes(), self.nonce.as_bytes());
        let (key_stream, tag) = (cipher()?, Some(cipher()?));
        Ok(Box::new(EncryptedPieces { plain, key_stream, tag }))
    }
}

fn random_text(length: usize) -> Result<String, CryptoError> {
    let mut text = String::new();
    while text.len() < length {
        text.push_str(Nonce::random()?.as_str());
    }
    text.truncate(length);
    Ok(text)
}

/// Encrypts with two decryptors: the key stream is the same in both directions, and the second one computes the tag.
struct EncryptedPieces {
    plain: Pieces,
    key_stream: Box<dyn StreamingGcm>,
    /// `None` after the end of the file.
    tag: Option<Box<dyn StreamingGcm>>,
}

impl Iterator for EncryptedPieces {
    type Item = Bytes;

    /// Ends early if the file is longer than the mode allows.
    fn next(&mut self) -> Option<Bytes> {
        let Some(piece) = self.plain.next() else {
            return self.tag.take().map(|tag| Bytes::copy_from_slice(&tag.tag()));
        };
        let mut ciphertext = piece.to_vec();
        self.key_stream.decrypt(&mut ciphertext).ok()?;
        self.tag.as_mut()?.decrypt(&mut ciphertext.clone()).ok()?;
        Some(ciphertext.into())
    }
}
