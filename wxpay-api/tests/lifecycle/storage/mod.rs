//! What a sandbox remembers survives a restart.

mod broken;
mod deliveries;
mod failures;
mod records;
mod survival;

use serde_json::Value;
use wxpay_api::sandbox::{Sandbox, SandboxBuilder, SandboxError};

use crate::support::{Fixture, builder, start_with};
use records::Records;

/// Starts a sandbox with a storage.
async fn start_on(records: &Records) -> Fixture {
    start_with(stored(records)).await
}

fn stored(records: &Records) -> SandboxBuilder {
    builder().storage(records.clone())
}

/// Returns why no sandbox starts with a storage.
async fn unstarted(records: &Records) -> SandboxError {
    match stored(records).start().await {
        Err(error) => error,
        Ok(_) => panic!("the sandbox started"),
    }
}

/// Asks the control surface.
async fn control(sandbox: &Sandbox, target: &str) -> (u16, Value) {
    let url = format!("{}/_sandbox{target}", sandbox.url());
    let response = tokio::task::spawn_blocking(move || {
        let agent: ureq::Agent =
            ureq::Agent::config_builder().http_status_as_error(false).build().into();
        let mut response = agent.get(&url).call().unwrap();
        (response.status().as_u16(), response.body_mut().read_to_string().unwrap())
    });
    let (status, body) = response.await.unwrap();
    (status, serde_json::from_str(&body).unwrap())
}
