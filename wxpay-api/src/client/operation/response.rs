//! Types that a verified 2xx response is read as.

use crate::protocol::Merchant;
use crate::wire::{Correction, Decode, DecodeError, TopMembers, decode, secret_paths, top_members};

/// A value that a verified 2xx response is read as.
pub trait FromResponse: Sized {
    /// Whether a body is expected.
    #[doc(hidden)]
    const HAS_BODY: bool = true;

    /// Reads a body.
    ///
    /// # Errors
    ///
    /// [`DecodeError`], without content of the body.
    fn from_response(
        body: &[u8],
        merchant: &Merchant,
    ) -> Result<(Self, Vec<Correction>), DecodeError>;

    /// Which members at the top of a body belong to the type.
    #[doc(hidden)]
    fn top_members(body: &[u8]) -> TopMembers;

    /// The key paths of the secrets in a body.
    #[doc(hidden)]
    fn secret_paths(body: &[u8]) -> Vec<String>;
}

/// The response of an operation that returns a status alone.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub struct NoContent;

impl FromResponse for NoContent {
    const HAS_BODY: bool = false;

    fn from_response(_: &[u8], _: &Merchant) -> Result<(Self, Vec<Correction>), DecodeError> {
        Ok((Self, Vec::new()))
    }

    fn top_members(_: &[u8]) -> TopMembers {
        TopMembers::default()
    }

    fn secret_paths(_: &[u8]) -> Vec<String> {
        Vec::new()
    }
}

impl<T: Decode> FromResponse for T {
    fn from_response(
        body: &[u8],
        merchant: &Merchant,
    ) -> Result<(Self, Vec<Correction>), DecodeError> {
        decode(body, Some(merchant))
    }

    fn top_members(body: &[u8]) -> TopMembers {
        top_members(body, |root| drop(T::decode(root)))
    }

    fn secret_paths(body: &[u8]) -> Vec<String> {
        secret_paths(body, |root| drop(T::decode(root)))
    }
}
