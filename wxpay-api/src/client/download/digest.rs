//! The digest that was announced for a file, and its comparison.

use aws_lc_rs::digest::{Algorithm, Context, SHA1_FOR_LEGACY_USE_ONLY, SHA256};

use crate::client::call::request::Prepare;
use crate::client::download::Download;
use crate::client::{ErrorKind, InputError, Integrity, Operation};
use crate::protocol::digest::hex;
use crate::protocol::excerpt::excerpt;

/// The algorithms of announced digests: SHA-1 for bills, SHA-256 for electronic receipts.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum DigestAlgorithm {
    Sha1,
    Sha256,
}

/// A digest of bytes that arrive in pieces.
pub(crate) struct Digest(Context);

impl DigestAlgorithm {
    /// The algorithm that a `hash_type` names.
    pub(crate) fn find(hash_type: &str) -> Option<Self> {
        match hash_type.trim().to_ascii_uppercase().as_str() {
            "SHA1" => Some(Self::Sha1),
            "SHA256" => Some(Self::Sha256),
            _ => None,
        }
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Sha1 => "SHA-1",
            Self::Sha256 => "SHA-256",
        }
    }

    fn implementation(self) -> &'static Algorithm {
        match self {
            Self::Sha1 => &SHA1_FOR_LEGACY_USE_ONLY,
            Self::Sha256 => &SHA256,
        }
    }
}

impl Digest {
    pub(crate) fn new(algorithm: DigestAlgorithm) -> Self {
        Self(Context::new(algorithm.implementation()))
    }

    pub(crate) fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    pub(crate) fn finish(self) -> String {
        hex(self.0.finish().as_ref())
    }
}

/// A digest that was announced for a file, in hexadecimal.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Announced {
    pub(crate) algorithm: DigestAlgorithm,
    pub(crate) value: String,
    pub(crate) covers: Covers,
}

/// The bytes that a digest covers.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Covers {
    /// The plain text, decrypted and uncompressed (docs/protocol/downloads.md §7.1).
    PlainText,
    /// The file as it came (docs/protocol/verification.md §2.8).
    Received,
    /// Either of them; which one is not documented (docs/protocol/downloads.md §7.4).
    Unknown,
}

/// The result of comparing a file with its announced digest.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum DigestCheck {
    /// Nothing was announced, or the caller waived the comparison.
    Unchecked,
    /// The plain text has the digest.
    PlainText,
    /// The file as it came has the digest.
    Received,
    /// Neither has the digest. Only an encrypted bill may end so: its encryption proves the file,
    /// and WeChat Pay does not document what the digest covers ([protocol §7.4]).
    ///
    /// [protocol §7.4]: crate::docs::protocol::downloads#74-encrypted-bills
    Mismatch {
        /// The announced digest.
        announced: String,
        /// The digest of the plain text.
        plain_text: String,
        /// The digest of the file as it came.
        received: String,
    },
}

/// Compares arriving bytes with an announced digest.
pub(crate) struct Comparison {
    announced: Announced,
    plain_text: Digest,
    received: Digest,
}

impl Announced {
    pub(crate) fn new(algorithm: DigestAlgorithm, value: &str, covers: Covers) -> Self {
        Self { algorithm, value: value.trim().to_owned(), covers }
    }
}

impl Comparison {
    pub(crate) fn new(announced: Announced) -> Self {
        let digest = || Digest::new(announced.algorithm);
        let (plain_text, received) = (digest(), digest());
        Self { announced, plain_text, received }
    }

    pub(crate) fn received(&mut self, bytes: &[u8]) {
        if self.announced.covers != Covers::PlainText {
            self.received.update(bytes);
        }
    }

    pub(crate) fn plain_text(&mut self, bytes: &[u8]) {
        if self.announced.covers != Covers::Received {
            self.plain_text.update(bytes);
        }
    }

    pub(crate) fn finish(self) -> Result<DigestCheck, ErrorKind> {
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

/// Whether and how to compare a file's digest.
pub(crate) enum DigestPolicy {
    /// The endpoint announces a digest, but the caller gave none.
    Missing,
    Unchecked,
    Digest(Announced),
    /// The digest was announced with an unknown algorithm.
    UnknownAlgorithm(String),
}

impl DigestPolicy {
    /// Returns the policy of an endpoint, without a digest from the caller.
    pub(crate) fn of(integrity: Option<Integrity>) -> Self {
        match integrity {
            Some(Integrity::Sha1) => Self::Missing,
            _ => Self::Unchecked,
        }
    }

    pub(crate) fn digest(algorithm: DigestAlgorithm, value: &str) -> Self {
        Self::Digest(Announced::new(algorithm, value, Covers::PlainText))
    }

    /// Returns the digest to compare, and the encoded request. Refuses the request if a digest is
    /// missing.
    pub(crate) fn prepare<O: Operation<Response = Download>>(
        self,
        operation: O,
    ) -> (Option<Announced>, Prepare) {
        let refused = match self {
            Self::Unchecked => return (None, Box::new(move |key| operation.prepare(key))),
            Self::Digest(announced) => {
                return (Some(announced), Box::new(move |key| operation.prepare(key)));
            }
            Self::Missing => InputError::NoDigest,
            Self::UnknownAlgorithm(name) => InputError::UnknownDigest { name },
        };
        (None, Box::new(|_| Err(refused)))
    }
}
