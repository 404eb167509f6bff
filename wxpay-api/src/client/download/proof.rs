use super::Download;
use super::announced::{Announced, Covers};
use super::digest::DigestAlgorithm;
use crate::client::send::Prepare;
use crate::client::{InputError, Integrity, Operation};

/// What is known of the digest of a file.
pub(super) enum Proof {
    /// One was announced, but nobody said which.
    Missing,
    Unchecked,
    Digest(Announced),
    /// It is announced in a way that is not known.
    UnknownAlgorithm(String),
}

impl Proof {
    /// What has to be proved where only the endpoint says it.
    pub(super) fn of(integrity: Option<Integrity>) -> Self {
        match integrity {
            Some(Integrity::Sha1) => Self::Missing,
            _ => Self::Unchecked,
        }
    }

    pub(super) fn digest(algorithm: DigestAlgorithm, value: &str) -> Self {
        Self::Digest(Announced::new(algorithm, value, Covers::PlainText))
    }

    /// The digest to compare, and the request, which is refused where one is missing.
    pub(super) fn prepare<O: Operation<Response = Download>>(
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
