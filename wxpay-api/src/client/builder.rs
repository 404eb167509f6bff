use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use reqwest::Url;

use super::core::Core;
use super::header_value::header_value;
use super::keyring::{Keyring, Live};
use super::request::BODY_LIMIT;
use super::site::Site;
use super::{CertificateDownload, Client, Inner, Retries, Transport, TransportError};
use crate::protocol::{ApiV3Key, KeyError, Merchant, NoSealingKey, WechatPayKeys};

/// Collects what a [`Client`] needs. Wrong keys are reported by [`build`](ClientBuilder::build).
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

/// What a client does the same way in every call.
#[derive(Clone, Copy, Debug)]
pub(super) struct Settings {
    pub(super) deadline: Duration,
    pub(super) retries: Retries,
    pub(super) body_limit: usize,
    pub(super) trace_paths: bool,
}

/// Why a client could not be built.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// A key is not what it should be.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// There is no WeChat Pay key to verify answers with.
    #[error(
        "give the WeChat Pay public key (`wechatpay_public_key`) or a platform certificate (`platform_certificate`), or \
         have the certificates downloaded (`download_certificates`): {0}"
    )]
    NoWechatPayKey(#[from] NoSealingKey),
    /// Certificates are to be downloaded, and nothing opens them.
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
    /// TLS could not be set up.
    #[error("TLS could not be set up: {0}")]
    Transport(#[from] TransportError),
    /// The application's name cannot stand in a `User-Agent`.
    #[error("the user agent `{0}` is not ASCII text")]
    UserAgent(String),
    /// The base URL is not one that signed requests may go to.
    #[error("base URL `{url}`: {why}")]
    BaseUrl {
        /// What was given.
        url: String,
        /// What is wrong with it.
        why: &'static str,
    },
}

impl ClientBuilder {
    pub(super) fn new(merchant: Merchant) -> Self {
        let settings = Settings {
            deadline: Duration::from_secs(30),
            retries: Retries::new(),
            body_limit: BODY_LIMIT,
            trace_paths: false,
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

    /// The WeChat Pay public key: its id `PUB_KEY_ID_…` and the content of `pub_key.pem`.
    ///
    /// May stand beside certificates during a migration (PROTOCOL §3.4).
    pub fn wechatpay_public_key(mut self, id: impl Into<String>, pem: impl AsRef<[u8]>) -> Self {
        self.keys = self.keys.and_then(|keys| keys.with_public_key(id, pem));
        self
    }

    /// The WeChat Pay public key from a file.
    pub fn wechatpay_public_key_file(
        mut self,
        id: impl Into<String>,
        path: impl AsRef<Path>,
    ) -> Self {
        self.keys = self.keys.and_then(|keys| keys.with_public_key_file(id, path));
        self
    }

    /// A platform certificate in PEM text; several may be given.
    pub fn platform_certificate(mut self, pem: impl AsRef<[u8]>) -> Self {
        self.keys = self.keys.and_then(|keys| keys.with_certificate(pem));
        self
    }

    /// A platform certificate from a file.
    pub fn platform_certificate_file(mut self, path: impl AsRef<Path>) -> Self {
        self.keys = self.keys.and_then(|keys| keys.with_certificate_file(path));
        self
    }

    /// All keys at once, for example with certificates that were downloaded
    /// ([`platform_certificates::open`](crate::protocol::platform_certificates::open)). Those given
    /// before are forgotten.
    pub fn wechatpay_keys(mut self, keys: WechatPayKeys) -> Self {
        self.keys = Ok(keys);
        self
    }

    /// Downloads the platform certificates when they are first needed, and keeps them current
    /// (PROTOCOL §3.3): for merchants without a WeChat Pay public key, and for those who migrate from
    /// one to the other. Needs the APIv3 key.
    pub fn download_certificates(mut self, download: CertificateDownload) -> Self {
        self.download = Some(download);
        self
    }

    /// The APIv3 key: 32 characters, needed to open notifications and certificates.
    pub fn apiv3_key(mut self, key: impl AsRef<[u8]>) -> Self {
        self.apiv3_key = Some(ApiV3Key::new(key));
        self
    }

    /// Shares another client's connections.
    pub fn transport(mut self, transport: &Transport) -> Self {
        self.transport = Some(transport.clone());
        self
    }

    /// Sends everything to this URL instead of WeChat Pay's hosts: the sandbox, or a gateway of
    /// your own. Must be `https`, or `http` on this machine.
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = Some(base_url(&url.into()));
        self
    }

    /// Sends to this URL instead of WeChat Pay's backup host when no connection is made
    /// (PROTOCOL §10.6). With a `base_url` of your own there is no other backup.
    pub fn backup_url(mut self, url: impl Into<String>) -> Self {
        self.backup_url = Some(base_url(&url.into()));
        self
    }

    /// How long a call may take in all, repeats included; 30 seconds unless changed.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.settings.deadline = deadline;
        self
    }

    /// How often and how soon a request is sent again where it may be.
    pub fn retries(mut self, retries: Retries) -> Self {
        self.settings.retries = retries;
        self
    }

    /// The longest answer that is read, in bytes; 10 MiB unless changed. Downloads have a limit of
    /// their own, [`DownloadCall::limit`](super::DownloadCall::limit).
    pub fn body_limit(mut self, bytes: usize) -> Self {
        self.settings.body_limit = bytes;
        self
    }

    /// Names your application in the `User-Agent`, before this crate's name.
    pub fn user_agent(mut self, application: impl Into<String>) -> Self {
        self.application = Some(application.into());
        self
    }

    /// Whether traces name the path of each request with its values, such as order numbers; they name
    /// only the URL as documented unless asked for.
    pub fn trace_paths(mut self, allowed: bool) -> Self {
        self.settings.trace_paths = allowed;
        self
    }

    /// Builds the client.
    ///
    /// # Errors
    ///
    /// [`BuildError`] says which key is wrong and how, or that none was given.
    pub fn build(mut self) -> Result<Client, BuildError> {
        let site = self.site()?;
        let on_this_machine = site.base_url.as_ref().is_some_and(|url| url.scheme() == "http");
        let transport = match self.transport.take() {
            Some(transport) => transport,
            None if on_this_machine => Transport::direct()?,
            None => Transport::new()?,
        };
        let settings = self.settings;
        let live = self.live()?;
        let id = live.core.merchant().id().to_owned();
        let keyring = Keyring::new(live);
        Ok(Client(Arc::new(Inner { id, keyring, transport, site, settings })))
    }

    /// The keys.
    pub(super) fn live(self) -> Result<Live, BuildError> {
        let mut core = Core::new(self.merchant, self.keys?)?;
        if let Some(key) = self.apiv3_key.transpose()? {
            core = core.with_apiv3_key(key);
        }
        match self.download {
            Some(_) if core.apiv3_key().is_none() => return Err(BuildError::NoApiV3Key),
            Some(_) => {}
            None => {
                core.keys().sealing_key(SystemTime::now())?;
            }
        }
        Ok(Live::new(core, self.download))
    }

    fn site(&mut self) -> Result<Site, BuildError> {
        let mut site = Site::default();
        if let Some(application) = self.application.take() {
            let text = format!("{application} {}", Site::NAME);
            site.user_agent = header_value(&text).ok_or(BuildError::UserAgent(application))?;
        }
        site.base_url = self.base_url.take().transpose()?;
        site.backup_url = self.backup_url.take().transpose()?;
        Ok(site)
    }
}

fn base_url(text: &str) -> Result<Url, BuildError> {
    // A password must not stand in an error either.
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
    if url.scheme() != "https" && !(url.scheme() == "http" && loopback) {
        return Err(wrong("it must be https, or http on this machine"));
    }
    if url.path() != "/" || url.query().is_some() || url.fragment().is_some() {
        return Err(wrong("it must end after the host and port"));
    }
    Ok(url)
}
