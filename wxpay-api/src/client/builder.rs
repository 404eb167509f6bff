//! Collects what a client needs, and checks it.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use reqwest::Url;

use crate::client::call::request::BODY_LIMIT;
use crate::client::core::Core;
use crate::client::keys::key_store::{KeyStore, LiveKeys};
use crate::client::operation::prepare::header_value;
use crate::client::transport::base_urls::BaseUrls;
use crate::client::{
    CertificateDownload, Client, ClientInner, Retries, Transport, TransportBuildError,
};
use crate::protocol::excerpt::excerpt;
use crate::protocol::{ApiV3Key, KeyError, Merchant, NoEncryptionKey, WechatPayKeys};

/// Collects what a [`Client`] needs. [`build`](ClientBuilder::build) reports invalid keys.
#[derive(Debug)]
#[must_use = "call `build`"]
pub struct ClientBuilder {
    merchant: Merchant,
    keys: Result<WechatPayKeys, KeyError>,
    apiv3_key: Option<Result<ApiV3Key, KeyError>>,
    download: Option<CertificateDownload>,
    transport: Option<Transport>,
    base_url: Option<Result<Url, BuildError>>,
    backup_url: Option<Result<Url, BuildError>>,
    application: Option<String>,
    settings: Settings,
}

/// The settings that apply to every call of a client.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Settings {
    pub(crate) deadline: Duration,
    pub(crate) attempt_timeout: Option<Duration>,
    pub(crate) signed_refusals: bool,
    pub(crate) retries: Retries,
    pub(crate) body_limit: usize,
    pub(crate) trace_paths: bool,
    pub(crate) trace_bodies: bool,
}

/// Why a client could not be built.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// A key is invalid.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// There is no WeChat Pay key to verify responses with.
    #[error(
        "give the WeChat Pay public key (`wechatpay_public_key`) or a platform certificate (`platform_certificate`), or \
         have the certificates downloaded (`download_certificates`): {0}"
    )]
    NoWechatPayKey(NoEncryptionKey),
    /// The client is to download certificates and has no key to decrypt them.
    #[error("downloading platform certificates needs the APIv3 key (`apiv3_key`)")]
    NoApiV3Key,
    /// A client was given the keys of another merchant.
    #[error("the client of merchant {held} was given the keys of merchant {given}")]
    OtherMerchant {
        /// Whose client it is.
        held: String,
        /// Whose keys were given.
        given: String,
    },
    /// The connections cannot be set up.
    #[error(transparent)]
    Transport(#[from] TransportBuildError),
    /// A `User-Agent` cannot carry the application's name.
    #[error("the user agent `{}` is not ASCII text", excerpt(.0))]
    UserAgent(String),
    /// Signed requests must not go to this base URL.
    #[error("base URL `{}`: {why}", excerpt(url))]
    BaseUrl {
        /// The given URL.
        url: String,
        /// The problem of the URL.
        why: &'static str,
    },
}

impl From<NoEncryptionKey> for BuildError {
    fn from(why: NoEncryptionKey) -> Self {
        Self::NoWechatPayKey(why)
    }
}

impl ClientBuilder {
    pub(crate) fn new(merchant: Merchant) -> Self {
        let settings = Settings {
            deadline: Duration::from_secs(30),
            attempt_timeout: None,
            signed_refusals: false,
            retries: Retries::new(),
            body_limit: BODY_LIMIT,
            trace_paths: false,
            trace_bodies: false,
        };
        Self {
            merchant,
            keys: Ok(WechatPayKeys::new()),
            apiv3_key: None,
            download: None,
            transport: None,
            base_url: None,
            backup_url: None,
            application: None,
            settings,
        }
    }

    /// Adds the WeChat Pay public key: its id `PUB_KEY_ID_…` and the content of `pub_key.pem`.
    ///
    /// During a migration, give certificates too ([protocol §3.4]).
    ///
    /// [protocol §3.4]: crate::docs::protocol::keys#34-the-public-key-and-wechatpay-serial
    pub fn wechatpay_public_key(mut self, id: impl Into<String>, pem: impl AsRef<[u8]>) -> Self {
        self.keys = self.keys.and_then(|keys| keys.with_public_key(id, pem));
        self
    }

    /// Adds the WeChat Pay public key from a file.
    pub fn wechatpay_public_key_file(
        mut self,
        id: impl Into<String>,
        path: impl AsRef<Path>,
    ) -> Self {
        self.keys = self.keys.and_then(|keys| keys.with_public_key_file(id, path));
        self
    }

    /// Adds platform certificates from PEM text, one or several.
    pub fn platform_certificate(mut self, pem: impl AsRef<[u8]>) -> Self {
        self.keys = self.keys.and_then(|keys| keys.with_certificate(pem));
        self
    }

    /// Adds a platform certificate from a file.
    pub fn platform_certificate_file(mut self, path: impl AsRef<Path>) -> Self {
        self.keys = self.keys.and_then(|keys| keys.with_certificate_file(path));
        self
    }

    /// Sets all keys at once, for example downloaded certificates
    /// ([`platform_certificates::decrypt`](crate::protocol::platform_certificates::decrypt)).
    /// Replaces the keys given before.
    pub fn wechatpay_keys(mut self, keys: WechatPayKeys) -> Self {
        self.keys = Ok(keys);
        self
    }

    /// Downloads the platform certificates at the first need, and keeps them current ([protocol
    /// §3.3]). Use it for merchants without a WeChat Pay public key, and during a migration. It
    /// needs the APIv3 key.
    ///
    /// [protocol §3.3]: crate::docs::protocol::keys#33-first-download-renewal-rotation
    pub fn download_certificates(mut self, download: CertificateDownload) -> Self {
        self.download = Some(download);
        self
    }

    /// Sets the APIv3 key: 32 characters. It decrypts notifications and certificates.
    pub fn apiv3_key(mut self, key: impl AsRef<[u8]>) -> Self {
        self.apiv3_key = Some(ApiV3Key::new(key));
        self
    }

    /// Reads the APIv3 key from a file, such as a mounted secret. Line ends after it are ignored.
    pub fn apiv3_key_file(mut self, path: impl AsRef<Path>) -> Self {
        self.apiv3_key = Some(ApiV3Key::from_file(path));
        self
    }

    /// Shares these connections with other clients. A [`TransportBuilder`](crate::TransportBuilder)
    /// sets the proxy and more.
    pub fn transport(mut self, transport: &Transport) -> Self {
        self.transport = Some(transport.clone());
        self
    }

    /// Sends everything to this URL instead of WeChat Pay's hosts: to the sandbox, or to your own
    /// gateway. It must be `https`, or `http` on this machine.
    ///
    /// A path in the URL precedes the path of each request and is not signed: the gateway has to
    /// remove it. Links to WeChat Pay's hosts and downloads of certificates also go to the gateway.
    /// The client does not use the backup host.
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = Some(base_url(&url.into(), false));
        self
    }

    /// As [`base_url`](Self::base_url), and accepts plain `http` to another machine.
    ///
    /// Signatures still prove both sides, but everyone on the way can read the orders, and nothing
    /// proves raw files such as bills. Prefer TLS, or a tunnel that ends on this machine.
    pub fn base_url_over_plain_http(mut self, url: impl Into<String>) -> Self {
        self.base_url = Some(base_url(&url.into(), true));
        self
    }

    /// Sends to this URL instead of WeChat Pay's backup host when no connection is made
    /// ([protocol §10.6]). With a `base_url` of your own there is no other backup.
    ///
    /// [protocol §10.6]: crate::docs::protocol::errors#106-hosts
    pub fn backup_url(mut self, url: impl Into<String>) -> Self {
        self.backup_url = Some(base_url(&url.into(), false));
        self
    }

    /// Limits a whole call, retries included; 30 seconds unless changed.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.settings.deadline = deadline;
        self
    }

    /// Limits one attempt, from connecting up to the whole response.
    ///
    /// Without this setting, an attempt that may be retried gets its share of the deadline: 10 of
    /// 30 seconds for the first of three. An attempt that must not be retried gets all the time.
    /// Connecting always gets its share, because a request that was not sent may always be retried.
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.settings.attempt_timeout = Some(timeout);
        self
    }

    /// Sets whether a refusal counts only with WeChat Pay's signature. A 401 counts in any case,
    /// because WeChat Pay cannot sign it.
    ///
    /// Without this setting, an unsigned response with a `Request-ID` and a documented code is a
    /// refusal too. A gateway that writes both would be believed. After any other unsigned error,
    /// the outcome is unknown.
    pub fn signed_refusals(mut self, demanded: bool) -> Self {
        self.settings.signed_refusals = demanded;
        self
    }

    /// Sets how often and how soon a request is retried, if a retry is allowed.
    pub fn retries(mut self, retries: Retries) -> Self {
        self.settings.retries = retries;
        self
    }

    /// Sets the longest response that the client reads, in bytes; 10 MiB unless changed. Downloads
    /// have their own limit, [`DownloadCall::limit`](crate::DownloadCall::limit).
    pub fn body_limit(mut self, bytes: usize) -> Self {
        self.settings.body_limit = bytes;
        self
    }

    /// Adds your application's name to the `User-Agent`, before this crate's name.
    pub fn user_agent(mut self, application: impl Into<String>) -> Self {
        self.application = Some(application.into());
        self
    }

    /// Sets whether traces have the path of each request with its values, such as order numbers.
    /// Otherwise they have only the documented path.
    pub fn trace_paths(mut self, allowed: bool) -> Self {
        self.settings.trace_paths = allowed;
        self
    }

    /// Sets whether requests and responses are traced as events of the level TRACE: method, target,
    /// headers and bodies. Use this in development only: the traces show orders, names of goods and
    /// openids.
    ///
    /// Traces have bodies whose type is known, with secrets, tokens, links, `package`, `prepay_id`
    /// and payment codes replaced. Of any other body they have the length and the media type. They
    /// never have the signature.
    #[cfg(feature = "trace-bodies")]
    pub fn trace_bodies(mut self, allowed: bool) -> Self {
        self.settings.trace_bodies = allowed;
        self
    }

    /// Builds the client.
    ///
    /// # Errors
    ///
    /// [`BuildError`] names the invalid key and why, or says that a key is missing.
    pub fn build(mut self) -> Result<Client, BuildError> {
        let base_urls = self.base_urls()?;
        let transport = match self.transport.take() {
            Some(transport) => transport,
            // The environment's proxy serves https. An invalid one must not keep anyone from the
            // sandbox.
            None if base_urls.is_plain() => Transport::builder().no_proxy().build()?,
            None => Transport::new()?,
        };
        let settings = self.settings;
        let live = self.live()?;
        let id = live.core.merchant().id().to_owned();
        let key_store = KeyStore::new(live);
        Ok(Client(Arc::new(ClientInner { id, key_store, transport, base_urls, settings })))
    }

    /// The keys.
    pub(crate) fn live(self) -> Result<LiveKeys, BuildError> {
        let mut core = Core::new(self.merchant, self.keys?)?;
        if let Some(key) = self.apiv3_key.transpose()? {
            core = core.with_apiv3_key(key);
        }
        match self.download {
            Some(_) if core.apiv3_key().is_none() => return Err(BuildError::NoApiV3Key),
            Some(_) => {}
            None => {
                core.keys().encryption_key(SystemTime::now())?;
            }
        }
        Ok(LiveKeys::new(core, self.download))
    }

    fn base_urls(&mut self) -> Result<BaseUrls, BuildError> {
        let mut base_urls = BaseUrls::default();
        if let Some(application) = self.application.take() {
            let text = format!("{application} {}", BaseUrls::NAME);
            base_urls.user_agent = header_value(&text).ok_or(BuildError::UserAgent(application))?;
        }
        base_urls.base_url = self.base_url.take().transpose()?;
        base_urls.backup_url = self.backup_url.take().transpose()?;
        Ok(base_urls)
    }
}

fn base_url(text: &str, may_be_plain: bool) -> Result<Url, BuildError> {
    // An error must not show a password either.
    let shown = text.rsplit('@').next().unwrap_or_default();
    let wrong = |why| BuildError::BaseUrl { url: shown.to_owned(), why };
    let url = Url::parse(text).map_err(|_| wrong("it is not a URL"))?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(wrong("it must not carry a user or a password"));
    }
    let loopback = match url.host_str() {
        None => return Err(wrong("it has no host")),
        Some(host) => host == "localhost" || host == "127.0.0.1" || host == "[::1]",
    };
    match url.scheme() {
        "https" => {}
        "http" if loopback || may_be_plain => {}
        "http" => {
            return Err(wrong(
                "it must be https, or http on this machine: give the gateway a certificate (`root_certificates` of the \
                 transport trusts one of your own), tunnel to it, or say `base_url_over_plain_http` where everyone on \
                 the way may read the orders",
            ));
        }
        _ => return Err(wrong("it must be https, or http on this machine")),
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(wrong("it must have no query and no fragment"));
    }
    if url.path().contains("//") {
        return Err(wrong("its path has two slashes in a row"));
    }
    Ok(url)
}
