//! The sandbox accepts every sample, and the client reads its responses without a correction.

use serde_json::Value;
use wxpay_api::Integrity;

use crate::bench::{Bench, Benches};
use crate::case::{CallResult, Case, Read, cases};
use crate::findings::Findings;
use crate::shape::Shape;
use crate::wire;

const SECRET: &str = "13900000001";

#[tokio::test]
async fn every_call_is_accepted_and_its_response_is_as_described() {
    let mut benches = Benches::default();
    let mut findings = Findings::default();
    for case in cases(SECRET) {
        let bench = benches.bench(&case).await;
        match case.call(&bench.client).await {
            Ok(result) => {
                findings.compare(case.expected, "status", case.expected.status, result.status);
                findings.add_all(case.expected, check_request(&case, bench));
                findings.add_all(case.expected, check_response(&case, bench, &result));
            }
            Err(error) => {
                let detail = error.api().map(|api| api.detail.clone()).unwrap_or_default();
                findings.add(case.expected, format_args!("{error}\n{detail:#}"));
            }
        }
    }
    findings.assert_none();
}

/// The segments of an operation's URL without the names of parameters, which the wire does not
/// show.
fn shape(operation: &str) -> Vec<&str> {
    operation.split('/').map(|part| if part.starts_with('{') { "{}" } else { part }).collect()
}

/// Checks that the sandbox recognised the operation and decrypted each secret.
fn check_request(case: &Case, bench: &Bench) -> Vec<String> {
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
            found.push(format!("{path}: the sandbox decrypted {:?}", last.secret(path)));
        }
    }
    if last.secrets().count() != expected.len() {
        found.push(format!("the sandbox decrypted {last:?}, expected {expected:?}"));
    }
    found
}

fn check_response(case: &Case, bench: &Bench, result: &CallResult) -> Vec<String> {
    if let Some(members) = case.expected.response {
        let Some(read) = &result.read else { return vec!["no value was read".to_owned()] };
        return check_typed(case, bench, result, read, &Shape::parse(members));
    }
    let mut found = Vec::new();
    if result.is_download == result.body.is_empty() {
        found.push(format!("the body has {} bytes", result.body.len()));
    }
    let has_digest =
        matches!(case.expected.download, Some(Integrity::Sha1 | Integrity::SignedDigest));
    if result.is_digest_checked != has_digest {
        found.push(format!("a digest was checked: {}", result.is_digest_checked));
    }
    found
}

fn check_typed(
    case: &Case,
    bench: &Bench,
    result: &CallResult,
    read: &Read,
    shape: &Shape,
) -> Vec<String> {
    let body: Value = serde_json::from_slice(&result.body).expect("the response is JSON");
    let mut found = shape.differences(&body);
    found.extend(read.corrections.iter().map(ToString::to_string));
    found.extend(secret_differences(read, &expected_secrets(case, shape)));
    match case.read(&result.body, Some(&bench.client.merchant())) {
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

/// The sandbox returns the secret that was sent at the same place or under the same name.
fn expected_secrets(case: &Case, shape: &Shape) -> Vec<(String, String)> {
    let sent = wire::secrets(&case.expected, SECRET);
    let sent_value = |path: &str| {
        let name = path.rsplit('.').next().unwrap_or_default();
        let same = sent.iter().find(|(held, _)| held == path);
        same.or_else(|| sent.iter().find(|(held, _)| held == name)).map(|(_, plain)| plain.clone())
    };
    let secrets = shape.secrets().into_iter();
    secrets.map(|(path, example)| (path.clone(), sent_value(&path).unwrap_or(example))).collect()
}

/// The sandbox encrypts a bill's file with its own key of 32 bytes, which replaces the example.
fn is_file_key(path: &str, secret: &[u8]) -> bool {
    path.ends_with(".encrypt_key") && secret.len() == 32
}

/// Names every secret that is not decrypted or has another value.
pub(crate) fn secret_differences(read: &Read, expected: &[(String, String)]) -> Vec<String> {
    let mut found = Vec::new();
    for (path, plain) in expected {
        let secret = read.secrets.iter().find(|(held, _)| held == path);
        match secret.map(|(_, secret)| secret.as_deref()) {
            Some(Some(secret)) if secret == plain.as_bytes() || is_file_key(path, secret) => {}
            Some(Some(_)) => found.push(format!("{path}: holds another secret")),
            Some(None) => found.push(format!("{path}: is missing or not decrypted")),
            None => found.push(format!("{path}: is no secret of the type")),
        }
    }
    if read.secrets.len() != expected.len() {
        found.push(format!("the type has {} secrets, not {}", read.secrets.len(), expected.len()));
    }
    found
}
