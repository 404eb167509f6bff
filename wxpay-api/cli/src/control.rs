//! The client of a sandbox's control surface: JSON over HTTP below `/_sandbox`.

use http::Method;
use serde_json::Value;

use crate::folder::Environment;
use crate::output::Failure;

/// Talks to the control surface of one sandbox.
#[derive(Clone, Debug)]
pub(crate) struct Control {
    client: reqwest::Client,
    url: String,
    token: Option<String>,
}

impl Control {
    /// Reaches the sandbox that a folder describes, never through a proxy.
    pub(crate) fn new(environment: &Environment) -> Result<Self, Failure> {
        let client = reqwest::Client::builder()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .build()?;
        let Environment { url, control_token, .. } = environment;
        Ok(Self { client, url: url.clone(), token: control_token.clone() })
    }

    /// Sends a request below `/_sandbox`, and returns the JSON of the response; `null` if there is none.
    pub(crate) async fn send(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> Result<Value, Failure> {
        let url = format!("{}/_sandbox{path}", self.url);
        let mut request = self.client.request(method, &url);
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        if let Some(body) = body {
            request = request.header(http::header::CONTENT_TYPE, "application/json");
            request = request.body(body.to_string());
        }
        let unreachable = |error| {
            Failure::caused(format!("no sandbox answers at {}; is it running?", self.url), error)
        };
        let response = request.send().await.map_err(unreachable)?;
        let status = response.status();
        let body = response.bytes().await.map_err(unreachable)?;
        let value = match body.is_empty() {
            true => Value::Null,
            false => serde_json::from_slice(&body)?,
        };
        if status.is_success() {
            return Ok(value);
        }
        let message = value.get("message").and_then(Value::as_str).unwrap_or("it gave no reason");
        Err(Failure::new(format!("the sandbox refuses: {message}")).detail(value.clone()))
    }
}
