use std::time::Duration;

use super::error::Failure;
use super::{ErrorKind, Payload, TransportError};

/// The connections to WeChat Pay, shared by every client that is built with a clone of it.
///
/// Goes through the proxy that `HTTPS_PROXY` names, if any. Follows no redirects, decompresses nothing,
/// checks TLS certificates normally and drops idle connections before the server's 8 seconds (PROTOCOL §11).
#[derive(Clone, Debug)]
pub struct Transport(reqwest::Client);

impl Transport {
    /// A pool of connections.
    ///
    /// # Errors
    ///
    /// When TLS cannot be set up, for example because the system has no root certificates.
    pub fn new() -> Result<Self, TransportError> {
        Self::build(reqwest::Client::builder())
    }

    /// A pool of connections that no proxy of the environment stands between, for this machine.
    pub(super) fn direct() -> Result<Self, TransportError> {
        Self::build(reqwest::Client::builder().no_proxy())
    }

    fn build(builder: reqwest::ClientBuilder) -> Result<Self, TransportError> {
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
            .map_err(TransportError::new)
    }

    pub(super) async fn send(
        &self,
        request: http::Request<Payload>,
    ) -> Result<reqwest::Response, Failure> {
        let has_body = !request.body().is_empty();
        let request = request.map(|body| reqwest::Body::wrap(body.into_http_body()));
        let mut request = reqwest::Request::try_from(request).map_err(refused)?;
        if !has_body {
            *request.body_mut() = None;
        }
        self.0.execute(request).await.map_err(failed)
    }
}

/// The HTTP library does not take the request.
fn refused(error: reqwest::Error) -> Failure {
    Failure::not_sent(ErrorKind::Transport(TransportError::new(error)))
}

/// Without a connection nothing was sent; any later, nobody knows.
fn failed(error: reqwest::Error) -> Failure {
    if error.is_connect() {
        return Failure::not_sent(ErrorKind::Connect(TransportError::new(error)));
    }
    Failure::unknown(ErrorKind::Transport(TransportError::new(error)))
}
