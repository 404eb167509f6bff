//! Calls with secrets that fail in every way that the sandbox knows.

use std::time::Duration;

use serde_json::json;
use wxpay_api::sandbox::{Fault, PlannedResponse, SignatureFault, SignedHeader};
use wxpay_api::{Client, Retries};

use super::{CANARY, shown, sighting, traces};
use crate::bench::{Bench, Benches, Signer};
use crate::case::{Case, cases};
use crate::findings::Findings;
use crate::wire;

#[tokio::test]
async fn no_secret_is_shown_when_a_call_fails() {
    traces::watch();
    let mut benches = Benches::default();
    let mut findings = Findings::default();
    for case in cases(CANARY).into_iter().filter(has_secrets) {
        let bench = benches.bench(&case).await;
        for fault in faults() {
            let what = format!("{fault:?}");
            bench.sandbox.inject_fault(fault);
            fail(&case, &bench.client, &what, &mut findings).await;
        }
        for (what, response) in refusals().into_iter().chain(unreadable(&case)) {
            bench.sandbox.respond(case.expected.method, case.expected.url, response).unwrap();
            fail(&case, &bench.client, what, &mut findings).await;
        }
    }
    findings.assert_none();
    let seen = traces::seen();
    assert!(seen.contains("attempt failed"), "{seen}");
    assert_eq!(sighting("a trace", &seen), None);
}

#[tokio::test]
async fn no_secret_is_shown_when_time_runs_out() {
    traces::watch();
    let mut benches = Benches::default();
    let mut findings = Findings::default();
    // One operation is enough, because waiting is the same for all.
    let case = cases(CANARY).into_iter().find(has_secrets).unwrap();
    let bench = benches.bench(&case).await;
    bench.sandbox.inject_fault(Fault::Delay(Duration::from_secs(2)));
    let hasty = bench
        .sandbox
        .client_builder()
        .retries(Retries::none())
        .trace_bodies(true)
        .deadline(Duration::from_millis(500));
    fail(&case, &hasty.build().unwrap(), "a deadline", &mut findings).await;
    findings.assert_none();
}

#[tokio::test]
async fn no_secret_is_shown_when_a_request_cannot_be_sent() {
    let bench = Bench::new(&Signer::Anyone).await;
    let mut findings = Findings::default();
    // More than RSA can encrypt at once (docs/protocol/encryption.md §5), unless the member must be shorter.
    let too_long = CANARY.repeat(20);
    let is_too_long = |case: &Case| {
        wire::secrets(&case.expected, &too_long).iter().any(|(_, plain)| *plain == too_long)
    };
    for case in cases(&too_long).into_iter().filter(is_too_long) {
        fail(&case, &bench.client, "a secret that is too long", &mut findings).await;
        let error = case.prepare(None).err();
        findings.add_all(case.expected, sighting("an input error", &format!("{error:?}")));
    }
    findings.assert_none();
}

fn has_secrets(case: &Case) -> bool {
    !wire::secrets(&case.expected, CANARY).is_empty()
}

async fn fail(case: &Case, client: &Client, what: &str, findings: &mut Findings) {
    match case.call(client).await {
        // A response without content cannot be unreadable.
        Ok(_) if case.expected.response.is_none() => {}
        Ok(_) => findings.add(case.expected, format_args!("{what}: did not fail")),
        Err(error) => findings.add_all(case.expected, sighting(what, &shown(&error))),
    }
}

fn faults() -> Vec<Fault> {
    vec![
        SignatureFault::Probe.into(),
        SignatureFault::OtherBody.into(),
        SignatureFault::Without(SignedHeader::Nonce).into(),
        SignatureFault::UnknownSerial.into(),
        SignatureFault::Clock(600).into(),
        Fault::Html { status: 502, signed: false },
        Fault::Html { status: 200, signed: true },
        Fault::Garbage { length: 100 },
        Fault::TruncatedBody,
        Fault::Redirect { location: format!("http://127.0.0.1/{CANARY}") },
        Fault::Unavailable { status: 429, retry_after: Some(1) },
        Fault::Unavailable { status: 500, retry_after: None },
        Fault::CloseBeforeReading,
        Fault::CloseAfterReading,
    ]
}

/// Errors that contain what was sent.
fn refusals() -> Vec<(&'static str, PlannedResponse)> {
    let refusal = json!({
        "code": "PARAM_ERROR",
        "message": "参数错误",
        "detail": { "field": "/name", "value": CANARY, "issue": CANARY },
        "request": { "name": CANARY },
    });
    vec![
        ("a refusal", PlannedResponse::json(refusal.clone()).status(400)),
        ("a failure", PlannedResponse::json(refusal).status(500)),
    ]
}

/// Malformed responses that contain what was sent, if the operation has a response.
fn unreadable(case: &Case) -> Vec<(&'static str, PlannedResponse)> {
    if case.expected.response.is_none() {
        return Vec::new();
    }
    vec![
        ("a text", PlannedResponse::verbatim(format!("not JSON: {CANARY}"))),
        ("a JSON text", PlannedResponse::verbatim(format!("\"{CANARY}\""))),
        ("a list", PlannedResponse::verbatim(format!("[\"{CANARY}\"]"))),
        (
            "a broken body",
            PlannedResponse::verbatim(format!("{{\"{CANARY}\":\"{CANARY}\",{CANARY}")),
        ),
    ]
}
