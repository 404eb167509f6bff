//! The encryption of a bill (docs/protocol/downloads.md §7.4).

use bytes::Bytes;

use super::pieces::Pieces;
use crate::protocol::{BillDecryptionError, CryptoError, Nonce};
use crate::protocol::{StreamingGcm, bill_cipher};

/// A key and a nonce, both printable.
#[derive(Clone)]
pub(super) struct Seal {
    pub(super) key: String,
    pub(super) nonce: String,
}

impl Seal {
    pub(super) fn random(key: usize, nonce: usize) -> Result<Self, CryptoError> {
        Ok(Self { key: text(key)?, nonce: text(nonce)? })
    }

    /// Ciphertext and tag.
    pub(super) fn encrypt(&self, plain: Pieces) -> Result<Pieces, BillDecryptionError> {
        let cipher = || bill_cipher(self.key.as_bytes(), self.nonce.as_bytes());
        let (key_stream, tag) = (cipher()?, Some(cipher()?));
        Ok(Box::new(Sealed { plain, key_stream, tag }))
    }
}

fn text(length: usize) -> Result<String, CryptoError> {
    let mut text = String::new();
    while text.len() < length {
        text.push_str(Nonce::random()?.as_str());
    }
    text.truncate(length);
    Ok(text)
}

/// The key stream is the same in both directions; the tag is that of what decrypts the result.
struct Sealed {
    plain: Pieces,
    key_stream: Box<dyn StreamingGcm>,
    /// None when the file has ended.
    tag: Option<Box<dyn StreamingGcm>>,
}

impl Iterator for Sealed {
    type Item = Bytes;

    /// A file that is longer than the mode allows is cut.
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
