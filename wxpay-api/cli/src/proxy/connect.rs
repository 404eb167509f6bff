//! The HTTP of the proxy's port: accepts `CONNECT` for WeChat Pay's hosts, and refuses all else with an explanation.
//!
//! Nothing here opens a connection to the network, so that no request can reach the real WeChat Pay.

use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use http::header::{CONNECTION, CONTENT_TYPE, HeaderValue};
use http::{Method, Request, Response, StatusCode};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::upgrade::{self, OnUpgrade};
use hyper_util::rt::{TokioIo, TokioTimer};
use wxpay_api::sandbox::OfficialHost;

use super::listener::{ClientStream, HTTPS, Server};

/// The most bytes of a request's head.
const LONGEST_HEAD: usize = 16 << 10;

/// The most header lines of a request.
const MOST_HEADERS: usize = 100;

/// A tunnel to a host that a client asked for.
type Tunnel = (OfficialHost, OnUpgrade);

/// Serves one connection to the proxy's port.
pub(super) async fn serve(stream: ClientStream, server: Arc<Server>) {
    let tunnel: Arc<Mutex<Option<Tunnel>>> = Arc::default();
    let service = service_fn(|mut request: Request<Incoming>| {
        let (server, tunnel) = (Arc::clone(&server), Arc::clone(&tunnel));
        async move {
            match destination(&request) {
                Ok(host) if request.method() == Method::CONNECT => {
                    let upgrade = (host, upgrade::on(&mut request));
                    *tunnel.lock().unwrap_or_else(PoisonError::into_inner) = Some(upgrade);
                    Ok(Response::default())
                }
                // Some clients, axios among them, leave TLS to their proxy.
                Ok(host) => {
                    let response = server.connections.respond(request, host, HTTPS).await?;
                    Ok(response.map(BodyExt::boxed_unsync))
                }
                Err(refusal) => Ok::<_, io::Error>(refusal.response()),
            }
        }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(server.limits.head)
        .max_headers(MOST_HEADERS)
        .max_header_size(LONGEST_HEAD)
        .title_case_headers(true)
        .serve_connection(TokioIo::new(stream), service)
        .with_upgrades();
    // A malformed request has its response.
    let _ = connection.await;
    let tunnel = tunnel.lock().unwrap_or_else(PoisonError::into_inner).take();
    let Some((host, upgrade)) = tunnel else {
        return;
    };
    if let Ok(stream) = upgrade.await {
        Box::pin(server.end_tls(TokioIo::new(stream), Some(host), HTTPS)).await;
    }
}

/// Finds out which host a client wants to reach.
fn destination(request: &Request<Incoming>) -> Result<OfficialHost, ProxyRefusal> {
    let uri = request.uri();
    let Some(authority) = uri.authority() else {
        return Err(ProxyRefusal::NoProxyRequest);
    };
    let host = OfficialHost::find(authority.host()).filter(|_| !authority.as_str().contains('@'));
    let host = host.ok_or(ProxyRefusal::OtherHost)?;
    let is_tunnel = request.method() == Method::CONNECT;
    if !is_tunnel && uri.scheme_str() != Some("https") {
        return Err(ProxyRefusal::NotEncrypted);
    }
    // A URL need not name the usual port.
    match authority.port() {
        None if !is_tunnel => Ok(host),
        Some(port) if port.as_u16() == HTTPS => Ok(host),
        _ => Err(ProxyRefusal::OtherPort),
    }
}

/// Why a request is refused.
#[derive(Clone, Copy, Debug)]
enum ProxyRefusal {
    NoProxyRequest,
    OtherHost,
    OtherPort,
    NotEncrypted,
}

impl ProxyRefusal {
    /// Explains the refusal. The text has nothing of the request, which may come from anybody.
    fn response(self) -> Response<UnsyncBoxBody<Bytes, io::Error>> {
        let hosts: Vec<_> = OfficialHost::all().map(OfficialHost::name).collect();
        let text = format!(
            "{}\n\nThis is the proxy of a wxpay sandbox. It takes `CONNECT host:443` for WeChat Pay's hosts ({}), \
             answers there itself, and opens no connection to the network.\n",
            self.reason(),
            hosts.join(", ")
        );
        let body = Full::from(text).map_err(|never| match never {}).boxed_unsync();
        let mut response = Response::new(body);
        *response.status_mut() = match self {
            Self::NoProxyRequest => StatusCode::BAD_REQUEST,
            _ => StatusCode::FORBIDDEN,
        };
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
        headers.insert(CONNECTION, HeaderValue::from_static("close"));
        response
    }

    fn reason(self) -> &'static str {
        match self {
            Self::NoProxyRequest => {
                "Refused: this request is not for a proxy. The pages of the sandbox are at its own address; set this \
                 one as HTTPS_PROXY."
            }
            Self::OtherHost => {
                "Refused: this host is not WeChat Pay's. List the other hosts that your program calls in NO_PROXY."
            }
            Self::OtherPort => "Refused: WeChat Pay's hosts have port 443 alone.",
            Self::NotEncrypted => {
                "Refused: WeChat Pay takes no plain http. Write https:// in the URL, so that the request is encrypted."
            }
        }
    }
}
