//! Raw files: bills, receipts, images (docs/protocol/downloads.md §7).

pub(crate) mod call;
pub(crate) mod digest;
pub(crate) mod encrypted_bill;
pub(crate) mod link;
mod open_file;
mod pipeline;
mod save;
pub(crate) mod stream;

use std::fmt;

use bytes::Bytes;

use crate::client::RawResponse;
use crate::client::call::reply::CheckedResponse;

/// A raw file, which WeChat Pay does not sign ([protocol §2.7], [§7]).
///
/// [protocol §2.7]: crate::docs::protocol::verification#27-unsigned-files
/// [§7]: crate::docs::protocol::downloads
#[derive(Clone)]
pub struct Download {
    received: RawResponse,
    digest_checked: bool,
}

impl Download {
    /// A digest that the signature covers was compared already, with the signature itself.
    pub(crate) fn new(exchange: CheckedResponse) -> Self {
        let digest_checked = !exchange.verified_message.is_empty();
        Self { received: exchange.received, digest_checked }
    }

    pub(crate) fn checked(received: RawResponse) -> Self {
        Self { received, digest_checked: true }
    }

    /// The file as it came; gzip is not undone. [`stream`](crate::DownloadCall::stream) undoes it.
    #[must_use]
    pub fn content(&self) -> &Bytes {
        &self.received.body
    }

    /// Status, headers and body.
    #[must_use]
    pub fn received(&self) -> &RawResponse {
        &self.received
    }

    /// Whether a digest proved that the file is the announced one.
    #[must_use]
    pub fn is_digest_checked(&self) -> bool {
        self.digest_checked
    }
}

impl fmt::Debug for Download {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Download")
            .field("received", &self.received)
            .field("digest_checked", &self.digest_checked)
            .finish()
    }
}
