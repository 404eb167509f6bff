//! The asynchronous client: signs, sends, verifies, reads.

#[cfg(feature = "trace-bodies")]
mod body_trace;
mod builder;
mod call;
mod clients;
mod core;
mod download;
mod error;
mod keys;
mod notification;
mod operation;
mod paging;
#[cfg(any(feature = "sandbox", feature = "trace-bodies"))]
pub(crate) mod redaction;
mod self_test;
mod transport;

pub use self::core::{Core, Signed, Unsigned};
pub use builder::{BuildError, ClientBuilder};
pub use call::reply::{Reply, Sent};
pub use call::retries::Retries;
pub use call::untyped::UntypedCall;
pub use call::{Call, Node};
pub use clients::Clients;
pub use download::Download;
pub use download::call::{DownloadCall, EncryptedDownloadCall};
pub use download::digest::DigestCheck;
pub use download::encrypted_bill::{EncryptedBill, EncryptedFile};
pub use download::link::{FileLink, LinkedFile};
pub use download::stream::DownloadStream;
pub use error::api_error::{Advice, ApiError, ErrorDetail};
pub use error::code as error_code;
pub use error::input_error::InputError;
pub use error::internal_code::InternalCode;
pub use error::kind::{ErrorKind, TransportError};
pub use error::sign_difference::{SignDifference, TargetChange};
pub use error::{Error, Outcome, Result};
pub use keys::certificate_download::{CertificateDownload, CertificateError};
pub use notification::{
    Candidate, Notification, NotificationShape, Resource, ResourceError, fitting,
};
pub use operation::Operation;
pub use operation::endpoint::{Endpoint, Idempotency, Integrity};
pub use operation::path::PathValues;
pub(crate) use operation::path::percent_encode;
pub use operation::payload::Payload;
pub(crate) use operation::prepare::header_value;
pub use operation::prepare::{Prepared, RequestWriter};
pub use operation::response::{FromResponse, NoContent};
pub use operation::typed::{OperationKind, Typed};
pub use paging::items::Items;
pub use paging::pages::Pages;
pub use paging::{IntegerInput, Page, PageError, PageInputs, PagePosition, Paged};
pub use self_test::{Check, CheckOutcome, SelfTest};
#[cfg(feature = "sandbox")]
pub(crate) use transport::base_urls::HOSTS;
pub use transport::raw_response::RawResponse;
pub use transport::{Transport, TransportBuildError, TransportBuilder};

use std::fmt;
use std::sync::Arc;

use http::HeaderMap;

use builder::Settings;
use keys::key_store::KeyStore;
use keys::renewal::{core_to_check, renew_old_in_background};
use transport::base_urls::BaseUrls;

use crate::invoke::Invoker;
use crate::protocol::{Merchant, NotificationError, WechatPayKeys};
use crate::wire::Json;

/// A client for one merchant: signs every request and verifies every response.
///
/// A clone is cheap and shares everything. Several merchants' clients share connections through one
/// [`Transport`], and [`Clients`] finds them by merchant number. The client ends with its last
/// clone. It runs no task, except for the seconds of a [`CertificateDownload`].
#[derive(Clone)]
pub struct Client(Arc<ClientInner>);

struct ClientInner {
    id: String,
    key_store: KeyStore,
    transport: Transport,
    base_urls: BaseUrls,
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
        self.key_store().core().merchant().clone()
    }

    /// The WeChat Pay keys that verify responses and notifications now.
    #[must_use]
    pub fn keys(&self) -> WechatPayKeys {
        self.key_store().core().keys().clone()
    }

    /// The current keys, for another HTTP stack.
    #[must_use]
    pub fn core(&self) -> Core {
        self.key_store().core()
    }

    /// Makes the objects that the front end needs to pay, to confirm or to collect ([protocol §9]).
    ///
    /// [protocol §9]: crate::docs::protocol::invocation
    pub fn invoke(&self) -> Invoker {
        self.merchant().invoke()
    }

    /// Replaces the keys of all clones by those of `builder`, without a restart: a renewed merchant
    /// certificate, a new APIv3 key, another WeChat Pay public key. Calls in flight keep their
    /// keys; connections and settings stay.
    ///
    /// # Errors
    ///
    /// As [`ClientBuilder::build`], and [`BuildError::OtherMerchant`]. After an error, the old keys
    /// stay.
    pub fn reload(&self, builder: ClientBuilder) -> Result<(), BuildError> {
        let live = builder.live()?;
        let id = live.core.merchant().id();
        if id != self.id() {
            let (held, given) = (self.id().to_owned(), id.to_owned());
            return Err(BuildError::OtherMerchant { held, given });
        }
        self.key_store().replace(live);
        Ok(())
    }

    /// Calls an operation that exists as a value.
    pub fn call<O: Operation>(&self, operation: O) -> Call<O>
    where
        O::Response: FromResponse,
    {
        Call::new(self.clone(), operation)
    }

    /// Downloads a raw file with an operation that exists as a value.
    pub fn download<O: Operation<Response = Download>>(&self, operation: O) -> DownloadCall<O> {
        DownloadCall::new(self.clone(), operation)
    }

    /// Downloads a file by a link of WeChat Pay: a `download_url`, or a complaint's `media_url`.
    ///
    /// The client sends and signs path and query exactly as given, because links may hold escapes
    /// ([protocol §1.2]). It only cuts spaces off the ends. It refuses a link to any other host
    /// than WeChat Pay's: the signature would go to a stranger ([protocol §7.1]).
    ///
    /// Pass the response itself where it has a link: the digest comes with it. Links live for
    /// 30 seconds to 5 minutes, so request them right before the download.
    ///
    /// ```
    /// # #[cfg(feature = "bill")]
    /// # async fn bill(wx: wxpay_api::Client) -> wxpay_api::Result<()> {
    /// let bill = wx.v3().bill().tradebill().get(|r| r.bill_date("2025-03-01")).await?;
    /// wx.download_url(&bill).stream().await?.save_to("bill.csv").await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// [protocol §1.2]: crate::docs::protocol::signing#12-the-canonical-url
    /// [protocol §7.1]: crate::docs::protocol::downloads#71-bills
    pub fn download_url(&self, link: impl Into<FileLink>) -> DownloadCall<LinkedFile> {
        DownloadCall::of_link(self.clone(), &link.into())
    }

    /// Downloads an encrypted bill ([protocol §7.4]): of a sub-merchant's account, or of PayScore.
    ///
    /// Request the list of its files right before: its links live for 30 seconds to 5 minutes.
    ///
    /// ```
    /// # #[cfg(feature = "bill")]
    /// # async fn bill(wx: wxpay_api::Client) -> wxpay_api::Result<()> {
    /// let bill = wx.v3().bill().sub_merchant_fundflowbill().get(|r| {
    ///     r.sub_mchid("1900000110")
    ///         .bill_date("2025-03-01")
    ///         .algorithm("AEAD_AES_256_GCM")
    ///         .account_type("BASIC")
    /// });
    /// let bill = bill.await?;
    /// wx.download_encrypted(&bill).stream().await?.save_to("bill.csv").await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// [protocol §7.4]: crate::docs::protocol::downloads#74-encrypted-bills
    pub fn download_encrypted(&self, bill: impl Into<EncryptedBill>) -> EncryptedDownloadCall {
        EncryptedDownloadCall::new(self.clone(), bill.into())
    }

    /// Sends `GET` to a path and query that are percent-encoded already: `/v3/…?mchid=…`.
    pub fn get(&self, target: impl Into<String>) -> UntypedCall {
        UntypedCall::new(self, "GET", target.into(), None)
    }

    /// Sends `DELETE` to a path and query, with JSON or `None`.
    pub fn delete(&self, target: impl Into<String>, body: impl Into<Option<Json>>) -> UntypedCall {
        UntypedCall::new(self, "DELETE", target.into(), body.into())
    }

    /// Sends `POST` with JSON or `None` to a path. Encrypt sensitive fields before, and name the key
    /// with [`UntypedCall::encrypted_with`].
    pub fn post(&self, target: impl Into<String>, body: impl Into<Option<Json>>) -> UntypedCall {
        UntypedCall::new(self, "POST", target.into(), body.into())
    }

    /// Sends `PUT` with JSON or `None` to a path.
    pub fn put(&self, target: impl Into<String>, body: impl Into<Option<Json>>) -> UntypedCall {
        UntypedCall::new(self, "PUT", target.into(), body.into())
    }

    /// Sends `PATCH` with JSON or `None` to a path.
    pub fn patch(&self, target: impl Into<String>, body: impl Into<Option<Json>>) -> UntypedCall {
        UntypedCall::new(self, "PATCH", target.into(), body.into())
    }

    /// Verifies and decrypts a notification from the headers and the raw body of the HTTP request.
    ///
    /// Respond with an [`Acknowledgement`](crate::Acknowledgement): of success, or one made from the
    /// error. After an error, WeChat Pay sends the notification again ([protocol §8.3]).
    ///
    /// The method waits only where the client downloads certificates and a new one has signed. It
    /// renews old certificates in the background.
    ///
    /// # Errors
    ///
    /// [`NotificationError`]: trust nothing in the body.
    ///
    /// [protocol §8.3]: crate::docs::protocol::notifications#83-acknowledgement
    pub async fn notification(
        &self,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Result<Notification, NotificationError> {
        renew_old_in_background(self);
        core_to_check(self, &self.core(), headers).await.notification(headers, body)
    }

    /// Proves signing, verification, encryption and decryption with the configured keys.
    ///
    /// The report says in plain words what is wrong. No money moves: the client calls
    /// `POST /v3/security/echo`, which returns what it received ([protocol §10.6]). It also downloads the
    /// list of platform certificates where the client uses them. The echo is not open to brands; for a
    /// brand, the report says so.
    ///
    /// Run it when a service starts, or by hand after a change of keys, and print the report.
    ///
    /// [protocol §10.6]: crate::docs::protocol::errors#106-hosts
    pub async fn self_test(&self) -> SelfTest {
        self_test::run(self).await
    }

    fn key_store(&self) -> &KeyStore {
        &self.0.key_store
    }

    fn transport(&self) -> &Transport {
        &self.0.transport
    }

    fn base_urls(&self) -> &BaseUrls {
        &self.0.base_urls
    }

    fn settings(&self) -> &Settings {
        &self.0.settings
    }
}

/// Shows the merchant, never a key.
impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("merchant", &self.id())
            .field("keys", &self.key_store().core().keys().ids())
            .finish_non_exhaustive()
    }
}
