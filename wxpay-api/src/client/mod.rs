//! The asynchronous client: signs, sends, verifies, reads.

mod answer;
mod api_error;
mod attempt;
#[cfg(feature = "trace-bodies")]
mod body_trace;
mod builder;
mod call;
mod certificate_download;
mod clients;
mod conclusion;
mod core;
mod deadline;
mod download;
mod endpoint;
mod error;
mod error_body;
mod header_value;
mod input_error;
mod keyring;
mod multipart;
mod node;
mod notification;
mod operation;
mod options;
mod path;
mod payload;
mod prepared;
mod received;
mod renewal;
mod repeat;
mod reply;
mod request;
mod retries;
mod route;
mod self_test;
mod send;
mod site;
mod transport;
mod typed;
mod unsigned;
mod untyped;
mod verdict;

pub use self::core::Core;
pub use answer::{FromResponse, NoContent};
pub use api_error::{
    Advice, ApiError, ErrorDetail, InternalCode, SignDifference, TargetChange, code as error_code,
};
pub use builder::{BuildError, ClientBuilder};
pub use call::Call;
pub use certificate_download::{CertificateDownload, CertificateError};
pub use clients::Clients;
pub use download::{
    DigestCheck, Download, DownloadCall, DownloadStream, EncryptedBill, EncryptedDownloadCall,
    EncryptedFile, FileLink, LinkedFile,
};
pub use endpoint::{Endpoint, Idempotency, Integrity};
pub use error::{Error, ErrorKind, Outcome, Result, TransportError};
pub use input_error::InputError;
pub use node::Node;
pub use notification::{
    Candidate, Notification, NotificationShape, Resource, ResourceError, fitting,
};
pub use operation::Operation;
pub use path::PathValues;
pub(crate) use path::percent_encode;
pub use payload::Payload;
pub use prepared::{Prepared, RequestWriter};
pub use received::RawResponse;
pub use reply::{Reply, Sent};
pub use retries::Retries;
pub use self_test::{Check, CheckOutcome, SelfTest};
pub use transport::{Transport, TransportBuildError, TransportBuilder};
pub use typed::{OperationKind, Typed};
pub use unsigned::{Signed, Unsigned};
pub use untyped::UntypedCall;

use std::fmt;
use std::sync::Arc;

use builder::Settings;
use keyring::Keyring;
use site::Site;

use crate::invoke::Invoker;
use crate::protocol::{Merchant, WechatPayKeys};

/// A client for one merchant: signs every request, verifies every answer.
///
/// Cheap to clone. Several merchants' clients share connections through one [`Transport`], and
/// [`Clients`] finds them by merchant number. A client is gone with its last clone: it has no
/// task, but for the seconds of a [`CertificateDownload`].
#[derive(Clone)]
pub struct Client(Arc<Inner>);

struct Inner {
    id: String,
    keyring: Keyring,
    transport: Transport,
    site: Site,
    settings: Settings,
}

impl Client {
    /// Starts a client for `merchant`.
    pub fn builder(merchant: Merchant) -> ClientBuilder {
        ClientBuilder::new(merchant)
    }

    /// The merchant number, or the brand id.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.0.id
    }

    /// The merchant whose requests this client signs now.
    #[must_use]
    pub fn merchant(&self) -> Merchant {
        self.keyring().core().merchant().clone()
    }

    /// The WeChat Pay keys that answers and notifications are verified with now.
    #[must_use]
    pub fn keys(&self) -> WechatPayKeys {
        self.keyring().core().keys().clone()
    }

    /// Its keys as they are now, for another HTTP stack.
    #[must_use]
    pub fn core(&self) -> Core {
        self.keyring().core()
    }

    /// Makes what the front end needs to pay, to confirm or to collect ([protocol §9]).
    ///
    /// [protocol §9]: crate::docs::protocol::invocation
    pub fn invoke(&self) -> Invoker {
        self.merchant().invoke()
    }

    /// Takes over the keys of `builder`, for all clones, without a restart: a renewed merchant
    /// certificate, a new APIv3 key, another WeChat Pay public key. Calls on their way end with the keys
    /// they began with; connections and settings stay.
    ///
    /// # Errors
    ///
    /// As [`ClientBuilder::build`], and [`BuildError::OtherMerchant`]; the keys stay as they were then.
    pub fn reload(&self, builder: ClientBuilder) -> Result<(), BuildError> {
        let live = builder.live()?;
        let id = live.core.merchant().id();
        if id != self.id() {
            let (held, given) = (self.id().to_owned(), id.to_owned());
            return Err(BuildError::OtherMerchant { held, given });
        }
        self.keyring().replace(live);
        Ok(())
    }

    /// Calls an operation that was made as a value.
    pub fn call<O: Operation>(&self, operation: O) -> Call<O>
    where
        O::Response: FromResponse,
    {
        Call::new(self.clone(), operation)
    }

    /// Downloads a raw file with an operation that was made as a value.
    pub fn download<O: Operation<Response = Download>>(&self, operation: O) -> DownloadCall<O> {
        DownloadCall::new(self.clone(), operation)
    }

    fn keyring(&self) -> &Keyring {
        &self.0.keyring
    }

    fn transport(&self) -> &Transport {
        &self.0.transport
    }

    fn site(&self) -> &Site {
        &self.0.site
    }

    fn settings(&self) -> &Settings {
        &self.0.settings
    }
}

/// Shows who, never a key.
impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("merchant", &self.id())
            .field("keys", &self.keyring().core().keys().ids())
            .finish_non_exhaustive()
    }
}
