//! Every notification is recognised and read without a correction.

use serde_json::Value;
use wxpay_api::notifications::Event;
use wxpay_api::sandbox::SandboxNotification;

use crate::bench::{Bench, Signer};
use crate::case::{ResourceCase, resources, responses};
use crate::deviations::check_deviations;
use crate::findings::Findings;
use crate::responses::secret_differences;
use crate::shape::Shape;

#[tokio::test]
async fn every_notification_is_recognised_and_read() {
    let bench = Bench::new(&Signer::Anyone).await;
    let mut findings = Findings::default();
    for case in resources() {
        for event in case.expected.events {
            let subject = format!("{} as {event}", case.expected.name);
            match take(&bench, &case, event) {
                Ok(found) => findings.add_all(subject, found),
                Err(error) => findings.add(subject, error),
            }
        }
    }
    findings.assert_none();
}

#[test]
fn every_response_to_a_question_is_sent_as_its_descriptor_says() {
    let mut findings = Findings::default();
    let cases = responses();
    for case in &cases {
        match &case.sent {
            Ok(sent) => {
                let expected: Value = serde_json::from_str(case.body).expect("it is JSON");
                let body: Value = serde_json::from_slice(sent.body()).expect("it is JSON");
                findings.compare(case.name, "status", 200, sent.status().as_u16());
                findings.compare(case.name, "body", expected, body);
            }
            Err(error) => findings.add(case.name, error),
        }
    }
    findings.assert_none();
    #[cfg(feature = "papay")]
    assert!(cases.iter().any(|case| case.name == "papay/terminate_retention"));
}

/// Receives a notification, and checks its resource.
fn take(bench: &Bench, case: &ResourceCase, event: &str) -> Result<Vec<String>, String> {
    let text = |error: &dyn std::error::Error| error.to_string();
    let notification = SandboxNotification::example(case.expected.name).event_type(event);
    let (headers, body) = bench.sandbox.notification(notification).map_err(|error| text(&error))?;
    let received =
        bench.client.core().notification(&headers, &body).map_err(|error| text(&error))?;
    let mut found = Vec::new();
    if received.event_type() != event {
        found.push(format!("the event is {}", received.event_type()));
    }
    if !is_recognised(&received.event(), case) {
        found.push(format!("the event was taken for {:?}", received.event()));
    }
    let read = case.read_notification(&received)?;
    let shape = Shape::parse(case.expected.members);
    let resource: Value = serde_json::from_slice(received.plaintext()).expect("it is JSON");
    found.extend(shape.differences(&resource));
    found.extend(read.corrections.iter().map(ToString::to_string));
    found.extend(secret_differences(&read, &shape.secrets()));
    let again = case.read(received.plaintext(), Some(&bench.client.merchant()))?;
    if again.debug != read.debug {
        found.push(format!("read again, it is another value: {}", again.debug));
    }
    found.extend(check_deviations(received.plaintext(), &shape, |body| case.read(body, None)));
    Ok(found)
}

/// An ambiguous event lists every type that it may have.
fn is_recognised(event: &Event, case: &ResourceCase) -> bool {
    match event {
        Event::Ambiguous(candidates) => candidates.iter().any(case.expected.is_event),
        event => (case.expected.is_event)(event),
    }
}
