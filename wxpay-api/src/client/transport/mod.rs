//! The connections to WeChat Pay and their settings: proxy, root certificates, connect timeout, pool.

pub(crate) mod base_urls;
pub(crate) mod body;
pub(crate) mod raw_response;

use std::fmt;
use std::time::Duration;

use reqwest::{Certificate, NoProxy, Proxy, Url};

use crate::client::call::sign::Signers;
use crate::client::error::failure::AttemptFailure;
use crate::client::transport::body::Handover;
use crate::client::{ErrorKind, TransportError};

/// The connections to WeChat Pay, shared by every client that is built with a clone of it.
///
/// It follows no redirects, undoes no compression, checks TLS certificates normally, and drops idle
/// connections before the server's 8 seconds ([protocol §11]). [`builder`](Transport::builder) has
/// settings: the proxy, further root certificates, the pool.
///
/// [protocol §11]: crate::docs::protocol::operations
#[derive(Clone, Debug)]
pub struct Transport {
    http: reqwest::Client,
    signers: Signers,
}

/// Collects the settings of a [`Transport`].
///
/// ```
/// # fn transport() -> Result<(), Box<dyn std::error::Error>> {
/// use std::time::Duration;
/// use wxpay_api::Transport;
///
/// let transport = Transport::builder()
///     .proxy("http://proxy.internal:3128")
///     .connect_timeout(Duration::from_secs(3))
///     .build()?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
#[must_use = "call `build`"]
pub struct TransportBuilder {
    proxy: ProxyChoice,
    roots: Vec<Vec<u8>>,
    connect_timeout: Duration,
    pool_idle_timeout: Duration,
    pool_max_idle_per_host: usize,
    http1_only: bool,
}

#[derive(Clone)]
enum ProxyChoice {
    /// `HTTPS_PROXY` and `NO_PROXY`, for `https` URLs.
    Environment,
    None,
    Url(String),
}

/// Why a [`Transport`] cannot be set up.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TransportBuildError {
    /// TLS cannot be set up, for example because the system has no root certificates.
    #[error(
        "TLS cannot be set up; does the system have root certificates (the package ca-certificates)?"
    )]
    Tls(#[source] TransportError),
    /// The proxy's URL is wrong. It may hold a password, so it is not shown.
    #[error("{setting} must be a URL such as http://proxy.example:3128: {why}")]
    Proxy {
        /// The setting: `proxy`, or an environment variable.
        setting: &'static str,
        /// What is wrong with it.
        why: &'static str,
    },
    /// The given root certificates cannot be read.
    #[error("the extra root certificates are no PEM certificates (-----BEGIN CERTIFICATE-----)")]
    RootCertificate,
}

/// The environment variables that name a proxy, the first one that is set counts.
const PROXY_VARIABLES: [&str; 4] = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];

impl Transport {
    /// A pool of connections with the settings of [`TransportBuilder::new`].
    ///
    /// # Errors
    ///
    /// [`TransportBuildError`]
    pub fn new() -> Result<Self, TransportBuildError> {
        Self::builder().build()
    }

    /// Starts a pool of connections with your own settings.
    pub fn builder() -> TransportBuilder {
        TransportBuilder::new()
    }

    pub(crate) async fn send(
        &self,
        request: reqwest::Request,
        handover: &Handover,
    ) -> Result<reqwest::Response, AttemptFailure> {
        self.http.execute(request).await.map_err(|error| failed(error, handover))
    }

    pub(crate) fn signers(&self) -> &Signers {
        &self.signers
    }
}

/// A request that no connection took was not sent. After that, the client cannot know.
fn failed(error: reqwest::Error, handover: &Handover) -> AttemptFailure {
    let error = TransportError::new(error);
    match handover.withdraw() {
        true => AttemptFailure::not_sent(ErrorKind::Connect(error)),
        false => AttemptFailure::unknown(ErrorKind::Transport(error)),
    }
}

impl TransportBuilder {
    /// The proxy of the environment, 10 s to connect, idle connections kept for 7 s.
    ///
    /// `HTTPS_PROXY` (or `https_proxy`, `ALL_PROXY`, `all_proxy`) names the proxy of `https` URLs, and
    /// `NO_PROXY` the hosts that are reached without it. Plain `http`, to the sandbox or a gateway, goes
    /// through none of these. The proxy settings of a desktop never count.
    pub fn new() -> Self {
        Self {
            proxy: ProxyChoice::Environment,
            roots: Vec::new(),
            connect_timeout: Duration::from_secs(10),
            pool_idle_timeout: Duration::from_secs(7),
            pool_max_idle_per_host: usize::MAX,
            http1_only: false,
        }
    }

    /// Uses this HTTP proxy for every request, also for plain `http` to a gateway. A proxy with a
    /// password is `http://user:password@host:port`. The environment is then ignored, `NO_PROXY`
    /// included.
    pub fn proxy(mut self, url: impl Into<String>) -> Self {
        self.proxy = ProxyChoice::Url(url.into());
        self
    }

    /// Uses no proxy, even if the environment names one.
    pub fn no_proxy(mut self) -> Self {
        self.proxy = ProxyChoice::None;
        self
    }

    /// Trusts these root certificates, too, for example of a gateway or a proxy that ends TLS: PEM text
    /// with one certificate or several.
    pub fn root_certificates(mut self, pem: impl AsRef<[u8]>) -> Self {
        self.roots.push(pem.as_ref().to_owned());
        self
    }

    /// Sets how long connecting may take: name resolution, the proxy, TCP and TLS. If an attempt's share of the deadline is shorter, that share is the limit.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// Sets how long an idle connection is kept. WeChat Pay's servers close theirs after 8 s, and a
    /// request on a connection that is being closed may be lost.
    pub fn pool_idle_timeout(mut self, timeout: Duration) -> Self {
        self.pool_idle_timeout = timeout;
        self
    }

    /// Sets how many idle connections are kept for each host; no limit unless set.
    pub fn pool_max_idle_per_host(mut self, connections: usize) -> Self {
        self.pool_max_idle_per_host = connections;
        self
    }

    /// Speaks HTTP/1.1 alone. Otherwise HTTP/2 is spoken as soon as any crate of the program switches on
    /// reqwest's feature for it.
    pub fn http1_only(mut self) -> Self {
        self.http1_only = true;
        self
    }

    /// Sets up the pool. No connection is made yet.
    ///
    /// # Errors
    ///
    /// [`TransportBuildError`] names the setting that is wrong.
    pub fn build(self) -> Result<Transport, TransportBuildError> {
        let mut builder = reqwest::Client::builder()
            // Another crate may switch these features of reqwest on for the whole program.
            .no_gzip()
            .no_brotli()
            .no_zstd()
            .no_deflate()
            // A retry must be signed anew, and only operations know whether it is harmless.
            .retry(reqwest::retry::never())
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(self.connect_timeout)
            .pool_idle_timeout(self.pool_idle_timeout)
            .pool_max_idle_per_host(self.pool_max_idle_per_host)
            // Without it, a feature of reqwest would add the settings of the desktop.
            .no_proxy();
        if let Some(proxy) = self.proxy.find()? {
            builder = builder.proxy(proxy);
        }
        if !self.roots.is_empty() {
            builder = builder.tls_certs_merge(certificates(&self.roots)?);
        }
        if self.http1_only {
            builder = builder.http1_only();
        }
        let http = builder.build();
        let http = http.map_err(|error| TransportBuildError::Tls(TransportError::new(error)))?;
        Ok(Transport { http, signers: Signers::new() })
    }
}

fn certificates(roots: &[Vec<u8>]) -> Result<Vec<Certificate>, TransportBuildError> {
    let mut all = Vec::new();
    for pem in roots {
        let certificates = Certificate::from_pem_bundle(pem)
            .ok()
            .filter(|certificates| !certificates.is_empty())
            .ok_or(TransportBuildError::RootCertificate)?;
        all.extend(certificates);
    }
    Ok(all)
}

impl ProxyChoice {
    fn find(&self) -> Result<Option<Proxy>, TransportBuildError> {
        match self {
            Self::None => Ok(None),
            Self::Url(url) => {
                let url = proxy_url("proxy", url)?;
                Proxy::all(url).map(Some).map_err(|_| unusable("proxy"))
            }
            Self::Environment => {
                let set = |name: &'static str| {
                    let value = std::env::var(name).ok().filter(|value| !value.trim().is_empty());
                    value.map(|value| (name, value))
                };
                let Some((name, value)) = PROXY_VARIABLES.into_iter().find_map(set) else {
                    return Ok(None);
                };
                let proxy = Proxy::https(proxy_url(name, &value)?).map_err(|_| unusable(name))?;
                Ok(Some(proxy.no_proxy(NoProxy::from_env())))
            }
        }
    }
}

fn proxy_url(setting: &'static str, text: &str) -> Result<Url, TransportBuildError> {
    let wrong = |why| TransportBuildError::Proxy { setting, why };
    let text = text.trim();
    let url = match text.contains("://") {
        true => Url::parse(text),
        // As curl reads it.
        false => Url::parse(&format!("http://{text}")),
    };
    let url = url.map_err(|_| wrong("it is not a URL"))?;
    match url.scheme() {
        "http" | "https" if url.host_str().is_some() => Ok(url),
        _ => Err(wrong("only HTTP proxies are supported")),
    }
}

fn unusable(setting: &'static str) -> TransportBuildError {
    TransportBuildError::Proxy { setting, why: "the HTTP library does not take it" }
}

impl Default for TransportBuilder {
    fn default() -> Self {
        Self::new()
    }
}

/// Does not show the proxy, whose URL may hold a password.
impl fmt::Debug for TransportBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let proxy = match self.proxy {
            ProxyChoice::Environment => "of the environment",
            ProxyChoice::None => "none",
            ProxyChoice::Url(_) => "[redacted]",
        };
        f.debug_struct("TransportBuilder")
            .field("proxy", &proxy)
            .field("root_certificates", &self.roots.len())
            .field("connect_timeout", &self.connect_timeout)
            .field("pool_idle_timeout", &self.pool_idle_timeout)
            .field("pool_max_idle_per_host", &self.pool_max_idle_per_host)
            .field("http1_only", &self.http1_only)
            .finish()
    }
}
