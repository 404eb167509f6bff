//! Keys that are slow to make, and therefore shared.

use std::sync::OnceLock;

use super::customer::Kind;
use crate::protocol::PrivateKey;
use crate::protocol::issuing::{Identity, Issue, IssuingError};

/// The keys of one customer. Three RSA keys take about a second to make, so that one set serves a
/// whole process, under a certificate and an id of each customer's own.
#[derive(Clone, Debug)]
pub(super) struct KeySet {
    pub(super) merchant: PrivateKey,
    pub(super) public_key: Identity,
    pub(super) platform: PrivateKey,
}

impl KeySet {
    pub(super) fn generate(kind: Kind) -> Result<Self, IssuingError> {
        let new = || platform(kind)?.build();
        Ok(Self {
            merchant: new()?.private_key().clone(),
            public_key: new()?,
            platform: new()?.private_key().clone(),
        })
    }

    pub(super) fn shared(kind: Kind) -> Result<Self, IssuingError> {
        static RSA: OnceLock<Result<KeySet, IssuingError>> = OnceLock::new();
        #[cfg(feature = "sm")]
        static SM2: OnceLock<Result<KeySet, IssuingError>> = OnceLock::new();
        let shared = match kind {
            Kind::Merchant | Kind::Brand => &RSA,
            #[cfg(feature = "sm")]
            Kind::Sm2 => &SM2,
        };
        shared.get_or_init(|| Self::generate(kind)).clone()
    }
}

/// A platform certificate with a key of its own.
pub(super) fn platform(kind: Kind) -> Result<Issue, IssuingError> {
    match kind {
        Kind::Merchant | Kind::Brand => Ok(Issue::platform()),
        #[cfg(feature = "sm")]
        Kind::Sm2 => Issue::platform().sm2(),
    }
}
