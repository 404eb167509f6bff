use crate::protocol::CryptoError;

/// Why there is nothing to hand to the front end.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum InvokeError {
    /// A value is missing, or would break the message that is signed.
    #[error(
        "{name} is empty or has control characters; it is needed as WeChat Pay gave it, and a response without it was no success"
    )]
    Value {
        /// The value's name on the wire.
        name: &'static str,
    },
    /// A value is something else than what WeChat Pay gave under this name.
    #[error("{name} {reason}")]
    Malformed {
        /// The value's name on the wire.
        name: &'static str,
        /// What is wrong with it, and what to pass.
        reason: &'static str,
    },
    /// A nonce that clients do not take ([protocol §1.9]).
    ///
    /// [protocol §1.9]: crate::docs::protocol::signing#19-nonces
    #[error("the nonce has {length} characters, but clients take 32 at the most")]
    NonceLength {
        /// The length it has.
        length: usize,
    },
    /// The `package` of a PayScore order has a signature of its own, and is not to be signed again.
    #[error(
        "the package is a query string that is signed already; pass it on as it is, with `payscore_confirm_package`"
    )]
    SignedPackage,
    /// It could not be signed.
    #[error(transparent)]
    Crypto(#[from] CryptoError),
}
