use super::digest::{Digest, DigestAlgorithm};
use crate::client::ErrorKind;
use crate::protocol::excerpt::excerpt;

/// A digest that was announced for a file, in hexadecimal.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Announced {
    pub(super) algorithm: DigestAlgorithm,
    pub(super) value: String,
    pub(super) covers: Covers,
}

/// What a digest is taken of.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Covers {
    /// The plain text, decrypted and uncompressed (PROTOCOL §7.1).
    PlainText,
    /// The file as it came (PROTOCOL §2.8).
    Received,
}

/// What comparing a file with its announced digest gave.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum DigestCheck {
    /// Nothing was announced, or nobody wanted it compared.
    Unchecked,
    /// The plain text has the digest.
    PlainText,
    /// The file as it came has the digest.
    Received,
}

/// Compares what flows by with what was announced.
pub(super) struct Comparison {
    announced: Announced,
    digest: Digest,
}

impl Announced {
    pub(super) fn new(algorithm: DigestAlgorithm, value: &str, covers: Covers) -> Self {
        Self { algorithm, value: value.trim().to_owned(), covers }
    }
}

impl Comparison {
    pub(super) fn new(announced: Announced) -> Self {
        let digest = Digest::new(announced.algorithm);
        Self { announced, digest }
    }

    pub(super) fn received(&mut self, bytes: &[u8]) {
        if self.announced.covers == Covers::Received {
            self.digest.update(bytes);
        }
    }

    pub(super) fn plain(&mut self, bytes: &[u8]) {
        if self.announced.covers == Covers::PlainText {
            self.digest.update(bytes);
        }
    }

    pub(super) fn finish(self) -> Result<DigestCheck, ErrorKind> {
        let found = self.digest.finish();
        if found.eq_ignore_ascii_case(&self.announced.value) {
            return Ok(match self.announced.covers {
                Covers::PlainText => DigestCheck::PlainText,
                Covers::Received => DigestCheck::Received,
            });
        }
        let algorithm = self.announced.algorithm.name();
        Err(ErrorKind::Digest { algorithm, announced: excerpt(&self.announced.value), found })
    }
}
