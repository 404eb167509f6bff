use std::fmt;
use std::sync::Arc;
use std::time::SystemTime;

use reqwest::Url;

use super::error::Failure;
use super::options::Options;
use super::request::Request;
use super::route::Route;
use super::send::Prepare;
use super::site::Site;
use super::{CertificateError, Error, Operation, Payload, Sent, Unsigned};
use crate::protocol::{
    ApiV3Key, CryptoError, DownloadFailure, KeyError, Merchant, Nonce, WechatPayKeys, message,
};

/// Signs requests and checks answers, without sending anything: for any HTTP stack, with or without
/// an async runtime.
///
/// A [`Client`](crate::Client) does the same over reqwest, with repeats, and keeps the keys current.
///
/// ```
/// # #[cfg(feature = "payscore")]
/// # fn call(merchant: wxpay_api::Merchant, keys: wxpay_api::WechatPayKeys,
/// #     send: impl Fn(http::Request<bytes::Bytes>) -> http::Response<bytes::Bytes>,
/// # ) -> Result<(), Box<dyn std::error::Error>> {
/// use wxpay_api::Core;
/// use wxpay_api::v3::payscore::serviceorder::_out_order_no_::cancel::post::{Request, operation};
///
/// let core = Core::new(merchant, keys)?;
/// let request = Request::builder().appid("wxd678efh567hg6787").service_id("500001").reason("用户投诉");
/// let unsigned = core.prepare(operation("2304203423948239423", request))?;
/// let signed = unsigned.sign()?; // anew for every attempt
/// let response = send(signed.request());
/// println!("{}", signed.check(response)?.value.order_id);
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Core(Arc<Parts>);

#[derive(Clone)]
struct Parts {
    merchant: Merchant,
    keys: WechatPayKeys,
    apiv3_key: Option<ApiV3Key>,
}

impl Core {
    /// `merchant` signs, and `keys` verify.
    ///
    /// # Errors
    ///
    /// [`KeyError`] when the merchant's own key or certificate is among WeChat Pay's.
    pub fn new(merchant: Merchant, keys: WechatPayKeys) -> Result<Self, KeyError> {
        keys.check_against(&merchant)?;
        Ok(Self(Arc::new(Parts { merchant, keys, apiv3_key: None })))
    }

    /// With the APIv3 key, which notifications and downloaded certificates need.
    #[must_use]
    pub fn with_apiv3_key(mut self, key: ApiV3Key) -> Self {
        Arc::make_mut(&mut self.0).apiv3_key = Some(key);
        self
    }

    /// The merchant whose requests are signed.
    #[must_use]
    pub fn merchant(&self) -> &Merchant {
        &self.0.merchant
    }

    /// The WeChat Pay keys that answers and notifications are verified with.
    #[must_use]
    pub fn keys(&self) -> &WechatPayKeys {
        &self.0.keys
    }

    /// The APIv3 key, if it was given.
    #[must_use]
    pub fn apiv3_key(&self) -> Option<&ApiV3Key> {
        self.0.apiv3_key.as_ref()
    }

    /// Puts an operation into bytes and encrypts its secrets; [`Unsigned::sign`] does the rest.
    ///
    /// # Errors
    ///
    /// An [`Error`] whose outcome is [`NotSent`](super::Outcome::NotSent): it names the member that
    /// cannot be sent, or says that no WeChat Pay key is valid now.
    pub fn prepare<O: Operation>(&self, operation: O) -> Result<Unsigned<O>, Error> {
        let route = match O::ENDPOINT.download {
            Some(_) => Route::download(O::ENDPOINT),
            None => Route::call(O::ENDPOINT),
        };
        let prepare: Prepare = Box::new(move |key| operation.prepare(key));
        self.request(route.clone(), prepare, &Site::default(), &Options::default())
            .map(|request| Unsigned::new(self.clone(), request))
            .map_err(|failure| Error::new(&route, failure, 0))
    }

    /// Puts an operation into bytes with the keys of this moment.
    pub(super) fn request(
        &self,
        route: Route,
        prepare: Prepare,
        site: &Site,
        options: &Options,
    ) -> Result<Request, Failure> {
        let key = self.keys().encryption_key(SystemTime::now()).map_err(Failure::not_sent)?;
        let prepared = prepare(Some(&key)).map_err(Failure::not_sent)?;
        Request::new(route, prepared, site, Some(key.id()), options).map_err(Failure::not_sent)
    }

    /// Whether this is the very same one.
    pub(super) fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    /// The same core with other WeChat Pay keys.
    pub(super) fn with_keys(&self, keys: WechatPayKeys) -> Result<Self, KeyError> {
        keys.check_against(&self.0.merchant)?;
        Ok(Self(Arc::new(Parts { keys, ..Parts::clone(&self.0) })))
    }

    /// The same core, which says of a key that it lacks why the download of certificates failed.
    pub(super) fn after_failed_download(mut self, error: CertificateError) -> Self {
        let parts = Arc::make_mut(&mut self.0);
        parts.keys = parts.keys.clone().with_failed_download(DownloadFailure::new(error));
        self
    }

    /// Signs a request for this moment, with a nonce of its own (docs/protocol/signing.md §1.4).
    pub(super) fn sign(
        &self,
        request: &Request,
        url: &Url,
        attempts: u32,
    ) -> Result<(Sent, http::Request<Payload>), Failure> {
        let sent = self.signed(request, url, attempts).map_err(Failure::not_sent)?;
        let http = request.to_http(url, &sent.authorization).map_err(Failure::not_sent)?;
        Ok((sent, http))
    }

    fn signed(&self, request: &Request, url: &Url, attempts: u32) -> Result<Sent, CryptoError> {
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        let (method, target) = (request.route.method, request.target.as_str());
        let body = &request.signed_body;
        let nonce = Nonce::random()?;
        let authorization =
            self.merchant().authorization(method, target, now.as_secs(), nonce, body)?;
        let (timestamp, nonce) = (authorization.timestamp(), authorization.nonce());
        let signed_message = message::request(method, target, timestamp, nonce, body);
        Ok(Sent {
            method,
            origin: url.origin().ascii_serialization(),
            target: request.target.clone(),
            body: request.body.clone(),
            authorization,
            signed_message,
            wechatpay_serial: request.wechatpay_serial.clone().unwrap_or_default(),
            attempts,
        })
    }
}

/// Shows who, never a key.
impl fmt::Debug for Core {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Core")
            .field("merchant", &self.merchant().id())
            .field("keys", &self.keys().ids())
            .finish_non_exhaustive()
    }
}
