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
    /// The plain text, decrypted and uncompressed (docs/protocol/downloads.md §7.1).
    PlainText,
    /// The file as it came (docs/protocol/verification.md §2.8).
    Received,
    /// Either of them; which one is not documented (docs/protocol/downloads.md §7.4).
    Unknown,
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
    /// Neither has it. Only the file of an encrypted bill may end so: its encryption proved it, and what
    /// its digest is taken of is not documented ([protocol §7.4]).
    ///
    /// [protocol §7.4]: crate::docs::protocol::downloads#74-encrypted-bills
    Mismatch {
        /// What was announced.
        announced: String,
        /// The digest of the plain text.
        plain_text: String,
        /// The digest of the file as it came.
        received: String,
    },
}

/// Compares what flows by with what was announced.
pub(super) struct Comparison {
    announced: Announced,
    plain_text: Digest,
    received: Digest,
}

impl Announced {
    pub(super) fn new(algorithm: DigestAlgorithm, value: &str, covers: Covers) -> Self {
        Self { algorithm, value: value.trim().to_owned(), covers }
    }
}

impl Comparison {
    pub(super) fn new(announced: Announced) -> Self {
        let digest = || Digest::new(announced.algorithm);
        let (plain_text, received) = (digest(), digest());
        Self { announced, plain_text, received }
    }

    pub(super) fn received(&mut self, bytes: &[u8]) {
        if self.announced.covers != Covers::PlainText {
            self.received.update(bytes);
        }
    }

    pub(super) fn plain_text(&mut self, bytes: &[u8]) {
        if self.announced.covers != Covers::Received {
            self.plain_text.update(bytes);
        }
    }

    pub(super) fn finish(self) -> Result<DigestCheck, ErrorKind> {
        let Announced { algorithm, value, covers } = self.announced;
        let (plain_text, received) = (self.plain_text.finish(), self.received.finish());
        if covers != Covers::Received && plain_text.eq_ignore_ascii_case(&value) {
            return Ok(DigestCheck::PlainText);
        }
        if covers != Covers::PlainText && received.eq_ignore_ascii_case(&value) {
            return Ok(DigestCheck::Received);
        }
        let announced = excerpt(&value);
        let found = match covers {
            Covers::Unknown => {
                return Ok(DigestCheck::Mismatch { announced, plain_text, received });
            }
            Covers::PlainText => plain_text,
            Covers::Received => received,
        };
        Err(ErrorKind::Digest { algorithm: algorithm.name(), announced, found })
    }
}
