use crate::protocol::{Merchant, Scheme};

/// The `signType` of a payment, which is not signed itself (docs/protocol/invocation.md §9.1).
pub(super) fn sign_type(merchant: &Merchant) -> &'static str {
    match merchant.scheme() {
        Scheme::Rsa | Scheme::Brand => "RSA",
        // The reference says “the SM name” without spelling it; this is the algorithm's name in the scheme,
        // as `RSA` is short for the other's.
        Scheme::Sm2 => "SM2-WITH-SM3",
    }
}
