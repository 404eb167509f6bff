//! The webhook client: posts notifications to a merchant's server on this machine or in a private network.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http::HeaderMap;
use reqwest::redirect::Policy;
use reqwest::{Certificate, Client, Url};
use tokio::net::lookup_host;

use crate::sandbox::error::SandboxError;

/// How long WeChat Pay waits for the response to a notification (docs/protocol/notifications.md §8.3).
pub(in crate::sandbox) const RESPONSE_TIMEOUT: Duration = Duration::from_secs(5);
/// The most clients that are kept for further notifications.
const MOST_CLIENTS: usize = 16;

/// The response of a merchant's server to a notification.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct WebhookResponse {
    /// The status. 200 and 204 acknowledge the notification.
    pub status: u16,
    /// The body.
    pub body: Bytes,
}

/// The servers that the sandbox may call: those on loopback and private addresses, and hosts allowed by name.
#[derive(Debug, Default)]
pub(in crate::sandbox) struct WebhookAccess {
    /// In lower case.
    allowed: Vec<String>,
    roots: Vec<Certificate>,
    /// Clients for the servers that were called last. A client pins its host to the address that was checked.
    clients: Mutex<Vec<(ClientKey, Client)>>,
}

/// Host, address and timeout.
type ClientKey = (String, SocketAddr, Duration);

/// One connection to a merchant's server.
#[derive(Clone, Debug)]
pub(in crate::sandbox) struct WebhookClient {
    client: Client,
    url: Url,
}

impl WebhookAccess {
    pub(in crate::sandbox) fn new(allowed: Vec<String>, roots: Vec<Certificate>) -> Self {
        let allowed = allowed.into_iter().map(|host| host.to_ascii_lowercase()).collect();
        Self { allowed, roots, clients: Mutex::default() }
    }

    /// Checks a URL and the addresses of its host, and returns a client that calls only the address checked.
    pub(in crate::sandbox) async fn client(
        &self,
        url: &str,
        timeout: Duration,
    ) -> Result<WebhookClient, SandboxError> {
        let elsewhere = || SandboxError::NotOnThisMachine { url: url.to_owned() };
        let target = Target::read(url).ok_or_else(elsewhere)?;
        let address = self.address(&target).await.ok_or_else(elsewhere)?;
        let key = (target.host, address, timeout);
        let client = self.pinned(key).map_err(SandboxError::Delivery)?;
        Ok(WebhookClient { client, url: target.url })
    }

    /// Returns why the sandbox will not call a URL, if that is known without resolving its host.
    pub(in crate::sandbox) fn refusal(&self, url: &str) -> Option<SandboxError> {
        let elsewhere = || SandboxError::NotOnThisMachine { url: url.to_owned() };
        match Target::read(url) {
            None => Some(elsewhere()),
            Some(target) => {
                let is_far = target.address().is_some_and(|address| !is_near(address));
                (is_far && !self.allows(&target.host)).then(elsewhere)
            }
        }
    }

    fn allows(&self, host: &str) -> bool {
        self.allowed.iter().any(|allowed| allowed == host)
    }

    /// Resolves a host. Every address of a host that is not allowed by name must be loopback or private.
    async fn address(&self, target: &Target) -> Option<SocketAddr> {
        let addresses: Vec<_> = match target.address() {
            Some(address) => vec![SocketAddr::new(address, target.port)],
            None => lookup_host((target.host.as_str(), target.port)).await.ok()?.collect(),
        };
        if !self.allows(&target.host) && !addresses.iter().all(|address| is_near(address.ip())) {
            return None;
        }
        // Servers of tests usually listen on IPv4 alone.
        let ipv4 = addresses.iter().find(|address| address.is_ipv4());
        ipv4.or(addresses.first()).copied()
    }

    fn pinned(&self, key: ClientKey) -> Result<Client, reqwest::Error> {
        let lock = || self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, client)) = lock().iter().find(|(held, _)| *held == key) {
            return Ok(client.clone());
        }
        let (host, address, timeout) = &key;
        let mut client = Client::builder()
            .redirect(Policy::none())
            .no_proxy()
            .timeout(*timeout)
            .resolve_to_addrs(host, &[*address]);
        for root in &self.roots {
            client = client.add_root_certificate(root.clone());
        }
        let client = client.build()?;
        let mut clients = lock();
        if clients.len() >= MOST_CLIENTS {
            clients.remove(0);
        }
        clients.push((key, client.clone()));
        Ok(client)
    }
}

/// A URL of http or https, with its host in lower case.
struct Target {
    url: Url,
    host: String,
    port: u16,
}

impl Target {
    fn read(url: &str) -> Option<Self> {
        let url = Url::parse(url).ok().filter(|url| ["http", "https"].contains(&url.scheme()))?;
        let host = url.host_str()?.to_ascii_lowercase();
        let port = url.port_or_known_default()?;
        Some(Self { url, host, port })
    }

    /// Returns the address, if the host is written as one.
    fn address(&self) -> Option<IpAddr> {
        self.host.trim_start_matches('[').trim_end_matches(']').parse().ok()
    }
}

impl WebhookClient {
    pub(in crate::sandbox) async fn post(
        &self,
        headers: HeaderMap,
        body: Bytes,
    ) -> Result<WebhookResponse, reqwest::Error> {
        let request = self.client.post(self.url.clone()).headers(headers).body(body);
        let response = request.send().await?;
        Ok(WebhookResponse { status: response.status().as_u16(), body: response.bytes().await? })
    }
}

/// Returns whether an address is loopback or private. Link-local ones are not: clouds keep secrets there.
fn is_near(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => address.is_loopback() || address.is_private(),
        IpAddr::V6(address) => match address.to_ipv4_mapped() {
            Some(address) => is_near(address.into()),
            None => address.is_loopback() || is_unique_local(address),
        },
    }
}

/// Returns whether an address is in `fc00::/7`.
fn is_unique_local(address: Ipv6Addr) -> bool {
    address.segments().first().is_some_and(|first| first & 0xfe00 == 0xfc00)
}
