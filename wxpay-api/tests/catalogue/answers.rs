//! What comes back: the sandbox takes every sample, and its answers are read without a correction.

use serde_json::Value;
use wxpay_api::Integrity;

use crate::case::{Case, Read, Taken, cases};
use crate::findings::Findings;
use crate::laboratory::{Bench, Laboratory};
use crate::shape::Shape;
use crate::wire;

const SECRET: &str = "13900000001";

#[tokio::test]
async fn every_call_is_taken_and_answered_as_its_descriptor_says() {
    let mut laboratory = Laboratory::default();
    let mut findings = Findings::default();
    for case in cases(SECRET) {
        let bench = laboratory.bench(&case).await;
        match case.call(&bench.client).await {
            Ok(taken) => {
                findings.compare(case.expected, "status", case.expected.status, taken.status);
                findings.add_all(case.expected, received(&case, bench));
                findings.add_all(case.expected, answered(&case, bench, &taken));
            }
            Err(error) => {
                let detail = error.api().map(|api| api.detail.clone()).unwrap_or_default();
                findings.add(case.expected, format_args!("{error}\n{detail:#}"));
            }
        }
    }
    findings.assert_none();
}

/// An operation as its URL looks on the wire: siblings that differ in a parameter's name look alike.
fn shape(operation: &str) -> Vec<&str> {
    operation.split('/').map(|part| if part.starts_with('{') { "{}" } else { part }).collect()
}

/// The sandbox saw the operation, and found each secret in its place.
fn received(case: &Case, bench: &Bench) -> Vec<String> {
    let journal = bench.sandbox.received();
    let last = journal.last().expect("the request is in the journal");
    let mut found = Vec::new();
    let operation = case.expected.to_string();
    if last.operation.as_deref().map(shape) != Some(shape(&operation)) {
        found.push(format!("the sandbox took it for {:?}", last.operation));
    }
    let expected = wire::secrets(&case.expected, SECRET);
    for (path, plain) in &expected {
        if last.secret(path) != Some(plain) {
            found.push(format!("{path}: the sandbox opened {:?}", last.secret(path)));
        }
    }
    if last.secrets().count() != expected.len() {
        found.push(format!("the sandbox opened {last:?}, expected {expected:?}"));
    }
    found
}

fn answered(case: &Case, bench: &Bench, taken: &Taken) -> Vec<String> {
    if let Some(answer) = case.expected.response {
        let Some(read) = &taken.read else { return vec!["no value was read".to_owned()] };
        return typed(case, bench, taken, read, &Shape::parse(answer));
    }
    let mut found = Vec::new();
    if taken.is_download == taken.body.is_empty() {
        found.push(format!("the body has {} bytes", taken.body.len()));
    }
    let has_digest =
        matches!(case.expected.download, Some(Integrity::Sha1 | Integrity::SignedDigest));
    if taken.is_digest_checked != has_digest {
        found.push(format!("a digest was checked: {}", taken.is_digest_checked));
    }
    found
}

fn typed(case: &Case, bench: &Bench, taken: &Taken, read: &Read, shape: &Shape) -> Vec<String> {
    let body: Value = serde_json::from_slice(&taken.body).expect("the answer is JSON");
    let mut found = shape.differences(&body);
    found.extend(read.corrections.iter().map(ToString::to_string));
    found.extend(opened(read, &expected_secrets(case, shape)));
    match case.read(&taken.body, Some(&bench.client.merchant())) {
        Err(error) => found.push(format!("not read again: {error}")),
        Ok(again) => {
            if again.debug != read.debug || again.secrets != read.secrets {
                found.push(format!("read again, it is another value: {}", again.debug));
            }
            found.extend(again.corrections.iter().map(ToString::to_string));
        }
    }
    found
}

/// The sandbox gives back what was sent at the same place or under the same name.
fn expected_secrets(case: &Case, shape: &Shape) -> Vec<(String, String)> {
    let sent = wire::secrets(&case.expected, SECRET);
    let echo = |path: &str| {
        let name = path.rsplit('.').next().unwrap_or_default();
        let same = sent.iter().find(|(held, _)| held == path);
        same.or_else(|| sent.iter().find(|(held, _)| held == name)).map(|(_, plain)| plain.clone())
    };
    let secrets = shape.secrets().into_iter();
    secrets.map(|(path, example)| (path.clone(), echo(&path).unwrap_or(example))).collect()
}

/// The sandbox encrypts a bill's file with a key of its own, of 32 bytes, and gives that in the example's place.
fn is_file_key(path: &str, secret: &[u8]) -> bool {
    path.ends_with(".encrypt_key") && secret.len() == 32
}

/// Names every secret that is not open, or holds something else.
pub(crate) fn opened(read: &Read, expected: &[(String, String)]) -> Vec<String> {
    let mut found = Vec::new();
    for (path, plain) in expected {
        let secret = read.secrets.iter().find(|(held, _)| held == path);
        match secret.map(|(_, secret)| secret.as_deref()) {
            Some(Some(secret)) if secret == plain.as_bytes() || is_file_key(path, secret) => {}
            Some(Some(_)) => found.push(format!("{path}: holds another secret")),
            Some(None) => found.push(format!("{path}: is missing or not open")),
            None => found.push(format!("{path}: is no secret of the type")),
        }
    }
    if read.secrets.len() != expected.len() {
        found.push(format!("the type has {} secrets, not {}", read.secrets.len(), expected.len()));
    }
    found
}
