use aws_lc_rs::digest::{Algorithm, Context, SHA1_FOR_LEGACY_USE_ONLY, SHA256};

use crate::protocol::digest::hex;

/// What files are announced with: bills with SHA-1, electronic receipts with SHA-256.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum DigestAlgorithm {
    Sha1,
    Sha256,
}

/// A digest of what flows by.
pub(super) struct Digest(Context);

impl DigestAlgorithm {
    /// The algorithm that a `hash_type` names.
    pub(super) fn find(hash_type: &str) -> Option<Self> {
        match hash_type.trim().to_ascii_uppercase().as_str() {
            "SHA1" => Some(Self::Sha1),
            "SHA256" => Some(Self::Sha256),
            _ => None,
        }
    }

    pub(super) fn name(self) -> &'static str {
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
    pub(super) fn new(algorithm: DigestAlgorithm) -> Self {
        Self(Context::new(algorithm.implementation()))
    }

    pub(super) fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    pub(super) fn finish(self) -> String {
        hex(self.0.finish().as_ref())
    }
}
