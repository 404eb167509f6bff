//! Secrets in responses and notifications.

use serde_json::{Value, json};
use wxpay_api::sandbox::{PlannedResponse, SandboxNotification};

use super::{CANARY, sighting, traces};
use crate::bench::{Bench, Benches, Signer};
use crate::case::{CallResult, Case, cases, resources};
use crate::findings::Findings;
use crate::responses::secret_differences;
use crate::shape::{Kind, Shape, edit};

#[tokio::test]
async fn no_secret_of_a_response_is_shown() {
    traces::watch();
    let mut benches = Benches::default();
    let mut findings = Findings::default();
    for case in cases("13900000003") {
        let shape = Shape::parse(case.expected.response.unwrap_or("{}"));
        let secrets: Vec<_> = plain_canaries(&shape);
        if secrets.is_empty() {
            continue;
        }
        let bench = benches.bench(&case).await;
        let result = respond_with_canaries(&case, bench, &shape).await;
        findings
            .add_all(case.expected, secret_differences(result.read.as_ref().unwrap(), &secrets));
        findings.add_all(case.expected, sighting("the reply", &result.shown));
    }
    findings.assert_none();
    assert_eq!(sighting("a trace", &traces::seen()), None);
}

#[tokio::test]
async fn no_secret_of_a_notification_is_shown() {
    let bench = Bench::new(&Signer::Anyone).await;
    let mut findings = Findings::default();
    for case in resources() {
        let shape = Shape::parse(case.expected.members);
        let notification = SandboxNotification::example(case.expected.name);
        let (headers, body) = bench.sandbox.notification(notification.clone()).unwrap();
        let example = bench.client.core().notification(&headers, &body).unwrap();
        let changes = with_canaries(example.plaintext(), &shape);
        let notification =
            notification.with(changes).with(json!({ "not_in_the_descriptor": CANARY })).unchecked();
        let (headers, body) = bench.sandbox.notification(notification).unwrap();
        let received = bench.client.core().notification(&headers, &body).unwrap();
        let read = case.read_notification(&received).unwrap();
        findings.add_all(case.expected.name, secret_differences(&read, &plain_canaries(&shape)));
        let shown = format!("{received:?} {received:#?} {:?} {}", received.event(), read.debug);
        findings.add_all(case.expected.name, sighting("the notification", &shown));
    }
    findings.assert_none();
}

async fn respond_with_canaries(case: &Case, bench: &Bench, shape: &Shape) -> CallResult {
    let example = case.call(&bench.client).await.unwrap();
    let response = PlannedResponse::json(with_canaries(&example.body, shape));
    bench.sandbox.respond(case.expected.method, case.expected.url, response).unwrap();
    case.call(&bench.client).await.unwrap()
}

fn with_canaries(body: &[u8], shape: &Shape) -> Value {
    let mut body = serde_json::from_slice(body).unwrap();
    for member in shape.members() {
        if matches!(member.kind, Kind::Secret(_)) {
            assert!(edit(&mut body, &member.steps, &mut |value| *value = CANARY.into()));
        }
    }
    body
}

fn plain_canaries(shape: &Shape) -> Vec<(String, String)> {
    let secrets = shape.secrets().into_iter();
    secrets.map(|(path, _)| (path, CANARY.to_owned())).collect()
}
