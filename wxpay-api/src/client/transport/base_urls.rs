//! Where requests go: the hosts of WeChat Pay, or URLs that replace them.

use http::HeaderValue;
use reqwest::Url;

use crate::client::InputError;

/// The host of WeChat Pay, unless an operation has another (docs/protocol/errors.md §10.6).
const HOST: &str = "api.mch.weixin.qq.com";

/// The same service in another city.
const BACKUP_HOST: &str = "api2.mch.weixin.qq.com";

/// The hosts that a request is signed for.
pub(crate) const HOSTS: [&str; 6] = [
    "api.mch.weixin.qq.com",
    "api2.mch.weixin.qq.com",
    "api.wechatpay.cn",
    "api2.wechatpay.cn",
    "apihk.mch.weixin.qq.com",
    "apius.mch.weixin.qq.com",
];

/// Where requests go, and the `User-Agent` that they have.
#[derive(Clone, Debug)]
pub(crate) struct BaseUrls {
    /// Replaces every `https://host`, for the sandbox or a gateway. Its path precedes that of each
    /// request and is not signed.
    pub(crate) base_url: Option<Url>,
    /// Replaces the backup host.
    pub(crate) backup_url: Option<Url>,
    pub(crate) user_agent: HeaderValue,
}

impl Default for BaseUrls {
    fn default() -> Self {
        let user_agent = HeaderValue::from_static(Self::NAME);
        Self { base_url: None, backup_url: None, user_agent }
    }
}

impl BaseUrls {
    /// The name of this crate in the `User-Agent`.
    pub(crate) const NAME: &str = concat!("wxpay-api/", env!("CARGO_PKG_VERSION"), " (rust)");

    /// Whether `host` is the default host.
    pub(crate) fn is_default_host(host: &str) -> bool {
        host == HOST
    }

    /// The URL of `target`: `backup` asks for the second host, where there is one.
    ///
    /// # Errors
    ///
    /// [`InputError::Target`] unless every URL parser on the way leaves the target as it is.
    pub(crate) fn url(
        &self,
        host: Option<&str>,
        target: &str,
        backup: bool,
    ) -> Result<Url, InputError> {
        // A query may hold personal data, which errors must not show.
        let path = target.split('?').next().unwrap_or_default();
        let wrong = |why| InputError::Target { target: path.to_owned(), why };
        let base = self.base(host, backup).ok_or_else(|| wrong("its host is no host"))?;
        if !target.starts_with('/') || target.starts_with("//") {
            return Err(wrong("it must start with one slash"));
        }
        let behind = format!("{}{target}", prefix(&base));
        let url = base.join(&behind).map_err(|_| wrong("it is not a URL path"))?;
        if !is_same_origin(&url, &base) || url.fragment().is_some() {
            return Err(wrong("it must be a path and a query, nothing else"));
        }
        if self::target(&url) != behind {
            return Err(wrong("URL parsers read it differently; percent-encode its values"));
        }
        Ok(url)
    }

    /// Whether every request goes over plain http, the one to the backup too.
    pub(crate) fn is_plain(&self) -> bool {
        let is_plain = |url: &Url| url.scheme() == "http";
        self.base_url.as_ref().is_some_and(is_plain)
            && self.backup_url.as_ref().is_none_or(is_plain)
    }

    /// Whether a request for `host` can go elsewhere when no connection is made.
    pub(crate) fn has_backup(&self, host: Option<&str>) -> bool {
        match (&self.base_url, &self.backup_url) {
            (Some(_), backup) => backup.is_some(),
            // Other hosts have no backup.
            (None, _) => host.is_none(),
        }
    }

    fn base(&self, host: Option<&str>, backup: bool) -> Option<Url> {
        if let (true, Some(url)) = (backup, &self.backup_url) {
            return Some(url.clone());
        }
        if let Some(url) = &self.base_url {
            return Some(url.clone());
        }
        let host = match host {
            Some(host) => host,
            None if backup => BACKUP_HOST,
            None => HOST,
        };
        Url::parse(&format!("https://{host}")).ok()
    }
}

/// Compares origins of `http` and `https` without copies.
fn is_same_origin(one: &Url, other: &Url) -> bool {
    one.scheme() == other.scheme()
        && one.host() == other.host()
        && one.port_or_known_default() == other.port_or_known_default()
}

/// The path of a gateway without the slash at its end, which comes before the path of each request.
pub(crate) fn prefix(base: &Url) -> &str {
    base.path().trim_end_matches('/')
}

/// Returns path and query as the URL parser wrote them. They go on the wire like this
/// (docs/protocol/signing.md §1.2).
pub(crate) fn target(url: &Url) -> String {
    match url.query() {
        Some(query) => format!("{}?{query}", url.path()),
        None => url.path().to_owned(),
    }
}
