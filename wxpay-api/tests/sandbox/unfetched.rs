//! Planned responses and faults that no request fetched.

use std::process::Command;

use serde_json::json;
use wxpay_api::sandbox::{Fault, PlannedResponse, SandboxError};

use crate::support::{Forgery, start};

const ORDER: &str = "/v3/orders/{order_id}";
const CHILD: &str = "SANDBOX_CHILD";

#[tokio::test]
async fn finish_lists_what_no_request_fetched() {
    let sandbox = start().await;
    let response = || PlannedResponse::json(json!({ "state": "DONE" }));
    sandbox.respond("GET", ORDER, response().times(3)).unwrap();
    sandbox.respond("GET", "/v3/orders/7", response()).unwrap();
    sandbox.inject_fault_at("POST", "/v3/orders", Fault::InvalidUtf8).unwrap();
    Forgery::get("/v3/orders/1").send(&sandbox).await;
    sandbox.inject_fault(Fault::TruncatedBody);
    let so_far = sandbox.unfetched();
    let error = sandbox.finish().unwrap_err();
    let text = error.to_string();
    let SandboxError::Unfetched { unfetched } = error else { panic!("{text}") };
    assert_eq!(
        unfetched,
        [
            "a response to GET /v3/orders/{order_id}, 2 times",
            "a response to GET /v3/orders/7",
            "the fault InvalidUtf8 at POST /v3/orders",
            "the fault TruncatedBody",
        ]
    );
    assert_eq!(unfetched, so_far);
    assert!(text.contains("look for the call that is missing"), "{text}");
}

#[tokio::test]
async fn finish_is_content_when_everything_was_fetched() {
    let sandbox = start().await;
    sandbox.respond("GET", ORDER, PlannedResponse::json(json!({})).times(2)).unwrap();
    for _ in 0..2 {
        Forgery::get("/v3/orders/1").send(&sandbox).await;
    }
    sandbox.finish().unwrap();
}

/// Runs the test below in its own process, where it does what `part` says. Returns what it writes to stderr.
fn stderr_of(part: &str) -> String {
    let program = std::env::current_exe().unwrap();
    let test = "unfetched::dropping_a_sandbox_warns_of_what_is_left";
    let command = &mut Command::new(program);
    let output = command.args(["--exact", "--nocapture", test]).env(CHILD, part).output().unwrap();
    String::from_utf8_lossy(&output.stderr).into_owned()
}

async fn leave_a_response() -> wxpay_api::sandbox::Sandbox {
    let sandbox = start().await;
    sandbox.respond("GET", ORDER, PlannedResponse::json(json!({}))).unwrap();
    sandbox
}

#[tokio::test]
async fn dropping_a_sandbox_warns_of_what_is_left() {
    match std::env::var(CHILD).as_deref() {
        Ok("drops") => return drop(leave_a_response().await),
        Ok("panics") => {
            let _sandbox = leave_a_response().await;
            panic!("the other problem");
        }
        _ => {}
    }
    let warning = stderr_of("drops");
    let expected = "warning: nothing fetched a response to GET /v3/orders/{order_id}";
    assert!(warning.contains(expected), "{warning}");
    let silent = stderr_of("panics");
    assert!(silent.contains("the other problem"), "{silent}");
    assert!(!silent.contains("nothing fetched"), "{silent}");
}
