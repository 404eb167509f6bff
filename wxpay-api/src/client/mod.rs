//! The asynchronous client: signs, sends, verifies, reads.

mod answer;
mod api_error;
mod attempt;
mod builder;
mod call;
mod download;
mod endpoint;
mod error;
mod multipart;
mod node;
mod notification;
mod operation;
mod options;
mod path;
mod prepared;
mod received;
mod repeat;
mod reply;
mod send;
mod transport;
mod typed;
mod untyped;
mod verdict;

pub use answer::{Answer, NoContent};
pub use api_error::ApiError;
pub use builder::{BuildError, ClientBuilder};
pub use call::Call;
pub use download::{Download, DownloadCall};
pub use endpoint::{Endpoint, Integrity, Repeat};
pub use error::{Error, ErrorKind, Outcome, TransportError};
pub use node::Node;
pub use notification::{
    Candidate, Notification, NotificationShape, Resource, ResourceError, fitting,
};
pub use operation::Operation;
pub use path::PathValues;
pub use prepared::{InputError, Outgoing, Prepared};
pub use received::Received;
pub use reply::{Reply, Sent};
pub use transport::Transport;
pub use typed::{Kind, Typed};
pub use untyped::UntypedCall;

use std::fmt;
use std::sync::Arc;

use builder::Settings;

use crate::protocol::{ApiV3Key, Merchant, WechatPayKeys};

/// A client for one merchant: signs every request, verifies every answer.
///
/// Cheap to clone. Several merchants' clients share connections through one [`Transport`].
#[derive(Clone)]
pub struct Client(Arc<Inner>);

struct Inner {
    merchant: Merchant,
    keys: WechatPayKeys,
    apiv3_key: Option<ApiV3Key>,
    transport: Transport,
    settings: Settings,
}

impl Client {
    /// Starts a client for `merchant`.
    pub fn builder(merchant: Merchant) -> ClientBuilder {
        ClientBuilder::new(merchant)
    }

    /// The merchant whose requests this client signs.
    #[must_use]
    pub fn merchant(&self) -> &Merchant {
        &self.0.merchant
    }

    /// The WeChat Pay keys that answers and notifications are verified with.
    #[must_use]
    pub fn keys(&self) -> &WechatPayKeys {
        &self.0.keys
    }

    /// Calls an operation that was made as a value.
    pub fn call<O: Operation>(&self, operation: O) -> Call<O>
    where
        O::Response: Answer,
    {
        Call::new(self.clone(), operation)
    }

    /// Downloads a raw file with an operation that was made as a value.
    pub fn download<O: Operation<Response = Download>>(&self, operation: O) -> DownloadCall<O> {
        DownloadCall::new(self.clone(), operation)
    }
}

/// Shows who, never a key.
impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("merchant", &self.0.merchant.id())
            .field("keys", &self.0.keys.ids())
            .finish_non_exhaustive()
    }
}
