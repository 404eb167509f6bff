//! Pages of the repository that belong to this documentation.
//!
//! Only the documentation contains them. `links.md` comes before each page, because its link
//! targets must replace the page's own, which lead from file to file.

#[doc = include_str!("links.md")]
#[doc = include_str!("../../docs/protocol.md")]
pub mod protocol {
    #[doc = include_str!("links.md")]
    #[doc = include_str!("../../docs/protocol/signing.md")]
    pub mod signing {}

    #[doc = include_str!("links.md")]
    #[doc = include_str!("../../docs/protocol/verification.md")]
    pub mod verification {}

    #[doc = include_str!("links.md")]
    #[doc = include_str!("../../docs/protocol/keys.md")]
    pub mod keys {}

    #[doc = include_str!("links.md")]
    #[doc = include_str!("../../docs/protocol/encryption.md")]
    pub mod encryption {}

    #[doc = include_str!("links.md")]
    #[doc = include_str!("../../docs/protocol/uploads.md")]
    pub mod uploads {}

    #[doc = include_str!("links.md")]
    #[doc = include_str!("../../docs/protocol/downloads.md")]
    pub mod downloads {}

    #[doc = include_str!("links.md")]
    #[doc = include_str!("../../docs/protocol/notifications.md")]
    pub mod notifications {}

    #[doc = include_str!("links.md")]
    #[doc = include_str!("../../docs/protocol/events.md")]
    pub mod events {}

    #[doc = include_str!("links.md")]
    #[doc = include_str!("../../docs/protocol/invocation.md")]
    pub mod invocation {}

    #[doc = include_str!("links.md")]
    #[doc = include_str!("../../docs/protocol/errors.md")]
    pub mod errors {}

    #[doc = include_str!("links.md")]
    #[doc = include_str!("../../docs/protocol/operations.md")]
    pub mod operations {}
}
