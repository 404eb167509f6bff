//! The time by which days begin and end. A sandbox has a clock of its own, which moves faster.

use std::time::Duration;

use serde_json::Value;

use crate::shop::ShopError;

/// Where the shop reads the time.
#[derive(Clone)]
pub(crate) enum Clock {
    /// This machine's clock.
    System,
    /// The business clock of the sandbox at this URL. A person or a test moves it to the next day.
    Sandbox { http: reqwest::Client, url: String },
}

impl Clock {
    /// The clock of the sandbox at a URL.
    pub(crate) fn sandbox(url: &str) -> Result<Self, reqwest::Error> {
        let http = reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(5)).build()?;
        Ok(Self::Sandbox { http, url: format!("{url}/_sandbox/clock") })
    }

    /// The time as SQLite reads it: `now`, or with date and offset.
    pub(crate) async fn now(&self) -> Result<String, ShopError> {
        let Self::Sandbox { http, url } = self else {
            return Ok("now".to_owned());
        };
        let response = http.get(url).send().await?.error_for_status()?.bytes().await?;
        let clock: Value = serde_json::from_slice(&response).unwrap_or_default();
        let now = clock.get("now").and_then(Value::as_str);
        Ok(now.ok_or(ShopError::Missing("now"))?.to_owned())
    }

    /// How often a timer looks at the clock.
    pub(crate) fn tick(&self) -> Duration {
        match self {
            Self::System => Duration::from_secs(60),
            Self::Sandbox { .. } => Duration::from_secs(1),
        }
    }
}
