//! The server that a notification is posted to: on this machine or in a private network, or allowed by name.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use http::header::{CONNECTION, CONTENT_LENGTH, HOST, TRANSFER_ENCODING};
use reqwest::Url;
use reqwest::redirect::Policy;
use tokio::net::lookup_host;

use super::input::ReceivedNotification;
use crate::output::{Exit, Failure};

/// How long WeChat Pay waits for the response.
const RESPONSE_TIMEOUT: Duration = Duration::from_secs(5);

/// A server whose address was checked.
#[derive(Debug)]
pub(super) struct NotifiedServer {
    client: reqwest::Client,
    url: Url,
}

/// How a server responded.
#[derive(Debug)]
pub(super) struct ServerResponse {
    pub(super) status: u16,
    pub(super) body: String,
}

impl NotifiedServer {
    /// Checks where a URL leads. Only a host in `allowed` may be elsewhere than nearby.
    pub(super) async fn find(url: &str, allowed: &[String]) -> Result<Self, Failure> {
        let parsed = Url::parse(url).ok().filter(|url| ["http", "https"].contains(&url.scheme()));
        let wrong = || Failure::new(format!("`{url}` is no http or https URL"));
        let parsed = parsed.ok_or_else(wrong)?;
        let host = parsed.host_str().ok_or_else(wrong)?.to_ascii_lowercase();
        let port = parsed.port_or_known_default().ok_or_else(wrong)?;
        let addresses = addresses(&host, port).await?;
        let is_allowed = allowed.iter().any(|allowed| allowed.eq_ignore_ascii_case(&host));
        if !is_allowed && !addresses.iter().all(|address| is_near(address.ip())) {
            let message = format!(
                "{host} is neither on this machine nor in a private network, and nothing was sent; `--allow-host {host}` \
                 allows it"
            );
            return Err(Failure::new(message).exit(Exit::NotConfirmed));
        }
        // The name is not resolved again: it may lead elsewhere then.
        let client = reqwest::Client::builder()
            .no_proxy()
            .redirect(Policy::none())
            .timeout(RESPONSE_TIMEOUT)
            .resolve_to_addrs(&host, &addresses)
            .build()?;
        Ok(Self { client, url: parsed })
    }

    /// Posts a notification unchanged.
    pub(super) async fn post(
        &self,
        notification: ReceivedNotification,
    ) -> Result<ServerResponse, Failure> {
        let ReceivedNotification { mut headers, body } = notification;
        // These belong to the connection that it came by.
        for name in [HOST, CONTENT_LENGTH, CONNECTION, TRANSFER_ENCODING] {
            headers.remove(name);
        }
        let failed = |error: reqwest::Error| {
            Failure::caused(format!("{} did not respond within 5 s", self.url), error.without_url())
        };
        let request = self.client.post(self.url.clone()).headers(headers).body(body);
        let response = request.send().await.map_err(failed)?;
        let status = response.status().as_u16();
        let body = response.bytes().await.map_err(failed)?;
        Ok(ServerResponse { status, body: excerpt(&String::from_utf8_lossy(&body)) })
    }
}

async fn addresses(host: &str, port: u16) -> Result<Vec<SocketAddr>, Failure> {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    if let Ok(address) = bare.parse::<IpAddr>() {
        return Ok(vec![SocketAddr::new(address, port)]);
    }
    let found = lookup_host((host, port)).await;
    let found: Vec<_> = found
        .map_err(|error| Failure::caused(format!("the host {host} is not known"), error))?
        .collect();
    match found.is_empty() {
        true => Err(Failure::new(format!("the host {host} has no address"))),
        false => Ok(found),
    }
}

/// Returns whether an address is loopback or private. Link-local ones are not: clouds keep secrets there.
fn is_near(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(address) => address.is_loopback() || address.is_private(),
        IpAddr::V6(address) => address.is_loopback() || address.is_unique_local(),
    }
}

/// Returns the beginning of a text.
fn excerpt(text: &str) -> String {
    const SHOWN: usize = 1000;
    let shown: String = text.chars().take(SHOWN).collect();
    if shown.len() < text.len() { format!("{shown}…") } else { shown }
}
