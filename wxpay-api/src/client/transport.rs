use std::time::Duration;

/// The connections to WeChat Pay, shared by every client that is built with a clone of it.
///
/// Goes through the proxy that `HTTPS_PROXY` names, if any. Follows no redirects, decompresses nothing, checks TLS certificates normally and drops idle
/// connections before the server's 8 seconds (PROTOCOL §11).
#[derive(Clone, Debug)]
pub struct Transport(reqwest::Client);

impl Transport {
    /// A pool of connections.
    ///
    /// # Errors
    ///
    /// When TLS cannot be set up, for example because the system has no root certificates.
    pub fn new() -> Result<Self, super::TransportError> {
        Self::build(reqwest::Client::builder())
    }

    /// A pool of connections that no proxy of the environment stands between, for this machine.
    pub(super) fn direct() -> Result<Self, super::TransportError> {
        Self::build(reqwest::Client::builder().no_proxy())
    }

    fn build(builder: reqwest::ClientBuilder) -> Result<Self, super::TransportError> {
        builder
            // Another crate may switch these features of reqwest on for the whole program.
            .no_gzip()
            .no_brotli()
            .no_zstd()
            .no_deflate()
            // A repeat must be signed anew, and only operations know whether it is harmless.
            .retry(reqwest::retry::never())
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(Duration::from_secs(10))
            .pool_idle_timeout(Duration::from_secs(7))
            .build()
            .map(Self)
            .map_err(super::TransportError::new)
    }

    pub(super) fn http(&self) -> &reqwest::Client {
        &self.0
    }
}
