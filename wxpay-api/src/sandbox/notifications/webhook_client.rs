//! The webhook client: posts notifications to a merchant's server on this machine.

use std::time::Duration;

use bytes::Bytes;
use http::HeaderMap;
use reqwest::redirect::Policy;
use reqwest::{Client, Url};

use crate::sandbox::error::SandboxError;

/// How long WeChat Pay waits for the response to a notification (docs/protocol/notifications.md §8.3).
pub(in crate::sandbox) const RESPONSE_TIMEOUT: Duration = Duration::from_secs(5);

/// The response of a merchant's server to a notification.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct WebhookResponse {
    /// The status. 200 and 204 acknowledge the notification.
    pub status: u16,
    /// The body.
    pub body: Bytes,
}

/// One connection to a merchant's server.
#[derive(Clone, Debug)]
pub(in crate::sandbox) struct WebhookClient {
    client: Client,
    url: Url,
}

impl WebhookClient {
    pub(in crate::sandbox) fn new(url: &str, timeout: Duration) -> Result<Self, SandboxError> {
        let target = Url::parse(url).ok().filter(is_on_this_machine);
        let url = target.ok_or_else(|| SandboxError::NotOnThisMachine { url: url.to_owned() })?;
        let client = Client::builder().redirect(Policy::none()).no_proxy().timeout(timeout);
        Ok(Self { client: client.build().map_err(SandboxError::Delivery)?, url })
    }

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

fn is_on_this_machine(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    url.scheme() == "http" && ["127.0.0.1", "localhost", "[::1]"].contains(&host)
}
