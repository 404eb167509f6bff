//! How the control surface is reached: its port, its names and its token.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use subtle::ConstantTimeEq;

use crate::protocol::{CryptoError, Nonce};

/// Where a sandbox listens, and who may use its control surface.
pub(in crate::sandbox) struct ControlSettings {
    /// The URL of the sandbox.
    pub(in crate::sandbox) url: String,
    /// The port of the listener.
    pub(super) port: u16,
    /// Other names of this machine that a `Host` header may have.
    pub(super) host_names: Vec<String>,
    /// Origins of shop pages, beside those on this machine and in private networks, that may open the pay frame.
    pub(super) shop_origins: Vec<String>,
    /// The token that callers must present; `None` if the sandbox listens on loopback alone.
    token: Option<String>,
}

impl ControlSettings {
    /// Makes the settings for a listener. A token is generated unless the listener is on loopback.
    pub(in crate::sandbox) fn new(
        listener: SocketAddr,
        host_names: Vec<String>,
        shop_origins: Vec<String>,
    ) -> Result<Self, CryptoError> {
        let token = match listener.ip().to_canonical().is_loopback() {
            true => None,
            false => Some(Nonce::random()?.as_str().to_owned()),
        };
        // No client can connect to “all addresses”, but to this one of them.
        let reachable = match listener.ip().is_unspecified() {
            true => SocketAddr::from((Ipv4Addr::LOCALHOST, listener.port())),
            false => listener,
        };
        let url = format!("http://{reachable}");
        Ok(Self { url, port: listener.port(), host_names, shop_origins, token })
    }

    pub(in crate::sandbox) fn token(&self) -> Option<&str> {
        self.token.as_deref()
    }

    /// Compares a presented token with the right one, in constant time.
    pub(super) fn accepts(&self, presented: &str) -> bool {
        let Some(token) = &self.token else {
            return true;
        };
        token.as_bytes().ct_eq(presented.as_bytes()).into()
    }

    /// Returns whether a test named the origin of a shop's page, such as `https://shop.test`.
    pub(in crate::sandbox) fn allows_shop(&self, origin: &str) -> bool {
        self.shop_origins.iter().any(|allowed| allowed.trim_end_matches('/') == origin)
    }

    /// Returns the name of the cookie with the token. Cookies of a host are shared by all its ports.
    pub(super) fn cookie_name(&self) -> String {
        format!("wxpay_sandbox_{}", self.port)
    }

    /// Returns whether an authority names this sandbox: the address and the port that the client connected to.
    ///
    /// No name is resolved: a name that resolves to this machine may belong to anybody.
    pub(super) fn is_own(&self, host: &str, port: Option<u16>, local: SocketAddr) -> bool {
        const HTTP: u16 = 80;
        if port.unwrap_or(HTTP) != local.port() {
            return false;
        }
        match address(host) {
            Some(address) => address.is_loopback() || address == local.ip().to_canonical(),
            None => {
                let is = |name: &str| name.eq_ignore_ascii_case(host);
                is("localhost") || self.host_names.iter().any(|name| is(name))
            }
        }
    }
}

impl fmt::Debug for ControlSettings {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("ControlSettings")
            .field("port", &self.port)
            .field("host_names", &self.host_names)
            .finish_non_exhaustive()
    }
}

/// Reads an IP address as a URL writes it: `127.0.0.1` or `[::1]`.
pub(in crate::sandbox) fn address(host: &str) -> Option<IpAddr> {
    let inner = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    match inner {
        Some(inner) => inner.parse::<Ipv6Addr>().ok().map(IpAddr::from),
        None => host.parse::<Ipv4Addr>().ok().map(IpAddr::from),
    }
    .map(|address| address.to_canonical())
}
