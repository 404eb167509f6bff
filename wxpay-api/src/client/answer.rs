use crate::protocol::Merchant;
use crate::wire::{Correction, Decode, decode};

/// What a verified 2xx answer becomes.
pub trait Answer: Sized {
    /// Reads a body, or says why it cannot be read.
    ///
    /// # Errors
    ///
    /// A sentence for people, without content of the body.
    fn answer(body: &[u8], merchant: &Merchant) -> Result<(Self, Vec<Correction>), String>;
}

/// The answer of an operation that answers with a status alone.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub struct NoContent;

impl Answer for NoContent {
    fn answer(_: &[u8], _: &Merchant) -> Result<(Self, Vec<Correction>), String> {
        Ok((Self, Vec::new()))
    }
}

impl<T: Decode> Answer for T {
    fn answer(body: &[u8], merchant: &Merchant) -> Result<(Self, Vec<Correction>), String> {
        if body.is_empty() {
            return Err("the body is empty, JSON was announced".to_owned());
        }
        decode(body, Some(merchant)).map_err(|error| format!("the body is {error}"))
    }
}
