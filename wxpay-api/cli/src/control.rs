//! The client of a sandbox's control surface: JSON over HTTP below `/_sandbox`.

use std::fmt;
use std::path::PathBuf;

use clap::Args;
use http::Method;
use reqwest::Url;
use serde_json::Value;

use crate::folder::Environment;
use crate::output::Failure;

/// Which sandbox to control.
#[derive(Args, Clone, Debug)]
pub(crate) struct ControlArguments {
    /// The folder of the sandbox.
    #[arg(
        long,
        env = "WXPAY_SANDBOX_DIR",
        default_value = "sandbox",
        value_name = "FOLDER",
        global = true
    )]
    dir: PathBuf,
}

impl ControlArguments {
    pub(crate) fn control(&self) -> Result<Control, Failure> {
        Control::new(&Environment::read(&self.dir)?)
    }
}

/// Talks to the control surface of one sandbox.
#[derive(Clone)]
pub(crate) struct Control {
    client: reqwest::Client,
    url: String,
    token: Option<String>,
}

/// The token is a secret.
impl fmt::Debug for Control {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Control").field("url", &self.url).finish_non_exhaustive()
    }
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

    /// Gets what is at a path, with queries.
    pub(crate) async fn get(
        &self,
        segments: &[&str],
        queries: &[(&str, Option<&str>)],
    ) -> Result<Value, Failure> {
        self.send(Method::GET, &target(segments, queries)?, None).await
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

/// Encodes a path and its queries. Those without a value are left out.
pub(crate) fn target(
    segments: &[&str],
    queries: &[(&str, Option<&str>)],
) -> Result<String, Failure> {
    // Only the path and the query of this URL are used.
    let mut url = Url::parse("http://sandbox.invalid")?;
    if let Ok(mut path) = url.path_segments_mut() {
        path.clear().extend(segments);
    }
    for (name, value) in queries {
        if let Some(value) = value {
            url.query_pairs_mut().append_pair(name, value);
        }
    }
    let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
    Ok(format!("{}{query}", url.path()))
}
