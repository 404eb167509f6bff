//! Signs requests and checks responses without sending anything.

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;
use std::time::SystemTime;

use bytes::Bytes;

use crate::client::call::conclude::Verifier;
use crate::client::call::options::Options;
use crate::client::call::request::{EncodedRequest, Prepare};
use crate::client::error::failure::AttemptFailure;
use crate::client::operation::facts::OperationFacts;
use crate::client::transport::base_urls::BaseUrls;
use crate::client::{
    CertificateError, Download, Error, FromResponse, InputError, Operation, Payload, RawResponse,
    Reply, Sent,
};
use crate::protocol::{
    ApiV3Key, Authorization, CryptoError, DownloadFailure, KeyError, Merchant, Nonce, Scheme,
    WechatPayKeys,
};

/// Signs requests and checks responses, without sending anything: for any HTTP stack, with or
/// without an async runtime.
///
/// A [`Client`](crate::Client) does the same over reqwest. It also retries, and keeps the keys
/// current.
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
pub struct Core(Arc<CoreInner>);

#[derive(Clone)]
struct CoreInner {
    merchant: Merchant,
    keys: WechatPayKeys,
    apiv3_key: Option<ApiV3Key>,
}

impl Core {
    /// Makes a core from the merchant's key, which signs, and WeChat Pay's keys, which verify.
    ///
    /// # Errors
    ///
    /// [`KeyError`] when the merchant's own key or certificate is among WeChat Pay's.
    pub fn new(merchant: Merchant, keys: WechatPayKeys) -> Result<Self, KeyError> {
        keys.check_against(&merchant)?;
        Ok(Self(Arc::new(CoreInner { merchant, keys, apiv3_key: None })))
    }

    /// Adds the APIv3 key, which notifications and downloaded certificates need.
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

    /// The WeChat Pay keys that verify responses and notifications.
    #[must_use]
    pub fn keys(&self) -> &WechatPayKeys {
        &self.0.keys
    }

    /// The APIv3 key, if it was given.
    #[must_use]
    pub fn apiv3_key(&self) -> Option<&ApiV3Key> {
        self.0.apiv3_key.as_ref()
    }

    /// Encodes an operation and encrypts its secrets. [`Unsigned::sign`] does the rest.
    ///
    /// # Errors
    ///
    /// An [`Error`] whose outcome is [`NotSent`](crate::Outcome::NotSent): it names the member that
    /// cannot be sent, or says that no WeChat Pay key is valid now.
    pub fn prepare<O: Operation>(&self, operation: O) -> Result<Unsigned<O>, Error> {
        let endpoint = operation.endpoint();
        let facts = match endpoint.download {
            Some(_) => OperationFacts::download(endpoint),
            None => OperationFacts::call(endpoint),
        };
        let prepare: Prepare = Box::new(move |key| operation.prepare(key));
        self.encode(facts.clone(), prepare, &BaseUrls::default(), &Options::default())
            .map(|request| Unsigned::new(self.clone(), request))
            .map_err(|failure| Error::new(&facts, failure, 0))
    }

    /// Encodes an operation with the current keys.
    pub(crate) fn encode(
        &self,
        facts: OperationFacts,
        prepare: Prepare,
        base_urls: &BaseUrls,
        options: &Options,
    ) -> Result<EncodedRequest, AttemptFailure> {
        let key =
            self.keys().encryption_key(SystemTime::now()).map_err(AttemptFailure::not_sent)?;
        let prepared = prepare(Some(&key)).map_err(AttemptFailure::not_sent)?;
        let scheme = self.merchant().scheme();
        // WeChat Pay chooses the links of files, so they may be elsewhere.
        if !facts.trust.is_file() && !scheme.may_call(&prepared.target) {
            let id = self.merchant().id().to_owned();
            let is_brand = scheme == Scheme::Brand;
            return Err(AttemptFailure::not_sent(InputError::OtherSigner { id, is_brand }));
        }
        EncodedRequest::new(facts, prepared, base_urls, Some(key.id()), options)
            .map_err(AttemptFailure::not_sent)
    }

    /// Verifies responses with these keys.
    pub(crate) fn verifier(&self) -> Verifier<'_> {
        Verifier { merchant: self.merchant(), keys: self.keys() }
    }

    /// Whether both are the same core.
    pub(crate) fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    /// Returns the same core with other WeChat Pay keys.
    pub(crate) fn with_keys(&self, keys: WechatPayKeys) -> Result<Self, KeyError> {
        keys.check_against(&self.0.merchant)?;
        Ok(Self(Arc::new(CoreInner { keys, ..CoreInner::clone(&self.0) })))
    }

    /// Returns the same core, which names a failed download in errors about missing keys.
    pub(crate) fn after_failed_download(mut self, error: CertificateError) -> Self {
        let parts = Arc::make_mut(&mut self.0);
        parts.keys = parts.keys.clone().with_failed_download(DownloadFailure::new(error));
        self
    }

    /// Signs a request with the current time and a new nonce (docs/protocol/signing.md §1.4).
    pub(crate) fn authorize(
        &self,
        method: &str,
        target: &str,
        signed_body: &[u8],
    ) -> Result<Authorization, CryptoError> {
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        let nonce = Nonce::random()?;
        self.merchant().authorization(method, target, now.as_secs(), nonce, signed_body)
    }
}

/// Shows the merchant, never a key.
impl fmt::Debug for Core {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Core")
            .field("merchant", &self.merchant().id())
            .field("keys", &self.keys().ids())
            .finish_non_exhaustive()
    }
}

/// An encoded operation with encrypted secrets. It only lacks its signature.
///
/// Keep it for retries: send the same bytes again under a new signature ([protocol §10.3]).
///
/// [protocol §10.3]: crate::docs::protocol::errors#103-idempotency-and-retries
pub struct Unsigned<O> {
    core: Core,
    request: EncodedRequest,
    operation: PhantomData<fn() -> O>,
}

/// A request that any HTTP stack may send, and the check of its response.
///
/// Send it within five minutes ([protocol §1.4]) and follow no redirect. Keep the body's
/// `Content-Encoding` until its signature is checked.
///
/// [protocol §1.4]: crate::docs::protocol::signing#14-the-authorization-header
pub struct Signed<O> {
    core: Core,
    request: EncodedRequest,
    sent: Sent,
    http: http::Request<Payload>,
    operation: PhantomData<fn() -> O>,
}

impl<O: Operation> Unsigned<O> {
    pub(crate) fn new(core: Core, request: EncodedRequest) -> Self {
        Self { core, request, operation: PhantomData }
    }

    /// Whether a refusal counts only with WeChat Pay's signature, as
    /// [`ClientBuilder::signed_refusals`](crate::ClientBuilder::signed_refusals).
    #[must_use]
    pub fn signed_refusals(mut self, demanded: bool) -> Self {
        self.request.signed_refusals = demanded;
        self
    }

    /// Signs the request with the current time. Sign each attempt anew.
    ///
    /// # Errors
    ///
    /// An [`Error`] whose outcome is [`NotSent`](crate::Outcome::NotSent), when the cryptographic
    /// library fails.
    pub fn sign(&self) -> Result<Signed<O>, Error> {
        let Self { core, request, operation } = self;
        let fail = |failure| Error::new(&request.facts, failure, 0);
        let (method, target) = (request.facts.method, request.target.as_str());
        let authorization = core.authorize(method, target, &request.signed_body);
        let authorization = authorization.map_err(AttemptFailure::not_sent).map_err(fail)?;
        let http = request.to_http(&authorization).map_err(AttemptFailure::not_sent);
        let http = http.map_err(fail)?;
        let sent = request.to_sent(&request.url, authorization, 1);
        let (core, request) = (core.clone(), request.clone());
        Ok(Signed { core, request, sent, http, operation: *operation })
    }
}

impl<O: Operation> Signed<O> {
    /// The request. Its URL names WeChat Pay's host, which the signature does not cover: replace it
    /// to send the request elsewhere. Path, query, headers and body must stay as they are.
    #[must_use]
    pub fn request(&self) -> http::Request<Bytes> {
        self.http.clone().map(|body| body.to_bytes())
    }

    /// Returns the request as it is sent, for inspection.
    #[must_use]
    pub fn sent(&self) -> &Sent {
        &self.sent
    }

    /// Verifies the response, and reads it ([protocol §2]).
    ///
    /// # Errors
    ///
    /// [`Error::outcome`] says what is known of the operation.
    ///
    /// [protocol §2]: crate::docs::protocol::verification
    pub fn check(mut self, response: http::Response<Bytes>) -> Result<Reply<O::Response>, Error>
    where
        O::Response: FromResponse,
    {
        self.request.facts = self.request.facts.expecting::<O::Response>();
        let fail = |failure| Error::new(&self.request.facts, failure, 1);
        let response = self
            .core
            .verifier()
            .judge(&self.request, self.sent, RawResponse::from(response))
            .map_err(fail)?;
        response.typed()
    }

    /// Takes the response as a raw file, which WeChat Pay does not sign ([protocol §2.7]). Compare its
    /// digest with the announced one.
    ///
    /// # Errors
    ///
    /// [`Error`] for any status that is not 2xx.
    ///
    /// [protocol §2.7]: crate::docs::protocol::verification#27-unsigned-files
    pub fn check_download(self, response: http::Response<Bytes>) -> Result<Download, Error>
    where
        O: Operation<Response = Download>,
    {
        let fail = |failure| Error::new(&self.request.facts, failure, 1);
        let response = self
            .core
            .verifier()
            .judge(&self.request, self.sent, RawResponse::from(response))
            .map_err(fail)?;
        Ok(Download::new(response))
    }
}

impl<O: Operation> fmt::Debug for Unsigned<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Unsigned({})", self.request.facts.operation())
    }
}

impl<O: Operation> fmt::Debug for Signed<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Signed({})", self.request.facts.operation())
    }
}
