//! The facts of an operation that are known before it is sent.

use crate::client::{Endpoint, FromResponse, Idempotency, Integrity};
use crate::wire::TopMembers;

/// The facts of an operation that are known before it is sent.
#[derive(Clone, Debug)]
pub(crate) struct OperationFacts {
    pub(crate) method: &'static str,
    /// The documented path, for errors. An untyped call has the path that the caller gave.
    pub(crate) path: String,
    pub(crate) is_documented: bool,
    pub(crate) idempotency: Idempotency,
    pub(crate) trust: Trust,
    /// The error codes that the operation's page names.
    pub(crate) errors: &'static [&'static str],
    /// Whether 202 without a body is a success. Otherwise it means that a result is still to come.
    pub(crate) may_be_accepted_only: bool,
    /// The properties of a successful body, if its type is known.
    pub(crate) expected: Option<Expected>,
}

/// The properties that distinguish a result from an error in its place.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Expected {
    /// Whether there must be a body.
    pub(crate) has_body: bool,
    /// Which members at the top of a body belong to the result.
    pub(crate) members: fn(&[u8]) -> TopMembers,
}

/// The proof that a 2xx response comes from WeChat Pay.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Trust {
    /// A signature over the body (docs/protocol/verification.md §2).
    Signature,
    /// Nothing: a raw file (docs/protocol/verification.md §2.7).
    Raw,
    /// A signature over the file's digest (docs/protocol/verification.md §2.8).
    SignedDigest,
    /// A signature by one of the certificates in the body. The code that decrypts them checks it
    /// (docs/protocol/keys.md §3.3).
    Enclosed,
}

impl OperationFacts {
    /// The facts of a call. Its response is signed.
    pub(crate) fn call(endpoint: &Endpoint) -> Self {
        Self::new(endpoint, Trust::Signature)
    }

    /// The facts of a download. Its response is at most signed over a digest.
    pub(crate) fn download(endpoint: &Endpoint) -> Self {
        let trust = match endpoint.download {
            Some(Integrity::SignedDigest) => Trust::SignedDigest,
            _ => Trust::Raw,
        };
        Self::new(endpoint, trust)
    }

    /// Returns the same facts, with `T` as the type of a success.
    pub(crate) fn expecting<T: FromResponse>(self) -> Self {
        let expected = Expected { has_body: T::HAS_BODY, members: T::top_members };
        Self { expected: Some(expected), ..self }
    }

    /// The method and the path as documented.
    pub(crate) fn operation(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    /// Returns the path for traces. Of an undocumented path it is only the beginning, because the
    /// rest may be an order's number.
    pub(crate) fn template(&self) -> &str {
        let beginning = self.path.match_indices('/').nth(2).filter(|_| !self.is_documented);
        beginning.map_or(self.path.as_str(), |(end, _)| self.path.split_at(end).0)
    }

    fn new(endpoint: &Endpoint, trust: Trust) -> Self {
        Self {
            method: endpoint.method,
            path: endpoint.path.to_owned(),
            is_documented: true,
            idempotency: endpoint.idempotency,
            trust,
            errors: endpoint.errors,
            may_be_accepted_only: endpoint.statuses.contains(&202),
            expected: None,
        }
    }
}

impl Trust {
    /// Whether the signature must be by a key that is held.
    pub(crate) fn is_by_known_key(self) -> bool {
        matches!(self, Self::Signature | Self::SignedDigest)
    }

    /// Whether the response is a file, which may be large.
    pub(crate) fn is_file(self) -> bool {
        matches!(self, Self::Raw | Self::SignedDigest)
    }

    /// Returns the value of the `Accept` header (docs/protocol/signing.md §1.8).
    pub(crate) fn accept(self) -> &'static str {
        match self {
            Self::Signature | Self::Enclosed => "application/json",
            Self::Raw | Self::SignedDigest => "*/*",
        }
    }
}
