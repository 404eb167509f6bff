//! Requests: each value is at its documented place, and secrets are encrypted.

use std::time::SystemTime;

use percent_encoding::percent_decode_str;
use serde_json::Value;
use wxpay_api::protocol::WechatPayKeys;
use wxpay_api::protocol::issuing::Identity;
use wxpay_api::{EncodeError, InputError, Prepared};

use crate::case::{Case, cases};
use crate::findings::Findings;
use crate::multipart;
use crate::wire::{self, Secrets};

const SECRET: &str = "13900000000";

#[test]
fn every_request_is_sent_as_its_descriptor_says() {
    let platform = Identity::platform().unwrap();
    let keys = WechatPayKeys::new().with_certificate(platform.certificate_pem()).unwrap();
    let key = keys.encryption_key(SystemTime::now()).unwrap();
    let decrypt =
        |text: &str| platform.private_key().decrypt(text).ok().map(|plain| plain.to_vec());
    let secrets = Secrets { decrypt: &decrypt, plain: SECRET };
    let mut findings = Findings::default();
    for case in cases(SECRET) {
        let prepared = case.prepare(Some(&key)).unwrap();
        let has_secrets = !wire::secrets(&case.expected, SECRET).is_empty();
        let encrypted_with = has_secrets.then(|| key.id().to_owned());
        let expected = &case.expected;
        findings.compare(expected, "method", expected.method, prepared.method);
        findings.compare(expected, "host", expected.host, prepared.host);
        findings.compare(
            expected,
            "encrypted with",
            encrypted_with,
            prepared.encrypted_with.clone(),
        );
        findings.add_all(expected, target(&case, &prepared, &secrets));
        findings.add_all(expected, headers(&case, &prepared, &secrets));
        findings.add_all(expected, body(&case, &prepared, &secrets));
    }
    findings.assert_none();
}

#[test]
fn every_operation_is_what_its_descriptor_says() {
    let mut findings = Findings::default();
    for Case { expected, endpoint, .. } in cases(SECRET) {
        findings.compare(expected, "method", expected.method, endpoint.method);
        findings.compare(expected, "path", expected.url, endpoint.path);
        findings.compare(expected, "host", expected.host, endpoint.host);
        findings.compare(expected, "status", expected.status, endpoint.statuses[0]);
        findings.compare(expected, "idempotency", expected.idempotency, endpoint.idempotency);
        findings.compare(expected, "download", expected.download, endpoint.download);
    }
    findings.assert_none();
}

#[test]
fn no_secret_is_sent_without_a_key() {
    let mut findings = Findings::default();
    for case in cases(SECRET) {
        let secrets = wire::secrets(&case.expected, SECRET);
        match case.prepare(None) {
            Ok(_) if secrets.is_empty() => {}
            Ok(_) => findings.add(case.expected, "was encoded without a key"),
            Err(InputError::Encode(EncodeError::NoKey { path: place }))
                if secrets.iter().any(|(path, _)| *path == place) => {}
            Err(error) => findings.add(case.expected, error),
        }
    }
    findings.assert_none();
}

fn target(case: &Case, prepared: &Prepared, secrets: &Secrets<'_>) -> Vec<String> {
    let (path, query) = prepared.target.split_once('?').unwrap_or((&prepared.target, ""));
    let mut values = case.expected.path.iter();
    let mut value = || (*values.next().expect("a value for each parameter")).to_owned();
    let wanted: Vec<_> = case.expected.url.split('/').collect();
    let wanted: Vec<_> = wanted
        .into_iter()
        .map(|segment| if segment.starts_with('{') { value() } else { segment.to_owned() })
        .collect();
    let found: Vec<_> = path.split('/').map(decoded).collect();
    if wanted != found {
        return vec![format!("path: expected {wanted:?}, sent {found:?}")];
    }
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    let pairs: Vec<_> = pairs
        .map(|pair| {
            let (name, value) = pair.split_once('=').expect("a value");
            (decoded(name), decoded(value))
        })
        .collect();
    secrets.pair_differences(case.expected.query, &pairs)
}

fn headers(case: &Case, prepared: &Prepared, secrets: &Secrets<'_>) -> Vec<String> {
    let headers = prepared.headers.iter();
    let headers: Vec<_> =
        headers.map(|(name, value)| (name.as_str(), value.to_str().unwrap())).collect();
    secrets.pair_differences(case.expected.headers, &headers)
}

fn body(case: &Case, prepared: &Prepared, secrets: &Secrets<'_>) -> Vec<String> {
    let content_type = prepared.content_type.as_deref();
    let Some(expected) = case.expected.body else {
        let nothing = prepared.body.is_empty() && content_type.is_none();
        return if nothing { Vec::new() } else { vec!["a body was sent".to_owned()] };
    };
    let mut differences = json(expected, &prepared.signed_body, secrets);
    match (case.expected.file, content_type) {
        (None, Some("application/json")) => {
            if prepared.body.to_bytes() != prepared.signed_body {
                differences.push("another body is sent than signed".to_owned());
            }
        }
        (Some(file), Some(multipart)) if multipart.starts_with("multipart/form-data; ") => {
            let parts = multipart::parts(multipart, &prepared.body.to_bytes());
            differences.extend(form(case, prepared, file, &parts, secrets));
        }
        (_, content_type) => differences.push(format!("the content type is {content_type:?}")),
    }
    differences
}

fn form(
    case: &Case,
    prepared: &Prepared,
    (part, name, content): (&str, &str, &str),
    parts: &[multipart::Part],
    secrets: &Secrets<'_>,
) -> Vec<String> {
    let [meta, texts @ .., file] = parts else { return vec![format!("only {parts:?}")] };
    let texts: Vec<_> = texts
        .iter()
        .map(|text| (text.name.clone(), String::from_utf8(text.content.clone()).unwrap()))
        .collect();
    let mut differences = secrets.pair_differences(case.expected.parts, &texts);
    if meta.name != "meta" || meta.content != prepared.signed_body {
        differences.push(format!("the first part is {}, or not what is signed", meta.name));
    }
    let found = (file.name.as_str(), file.file_name.as_deref(), file.content.as_slice());
    if found != (part, Some(name), content.as_bytes()) {
        differences.push(format!("the file is {file:?}"));
    }
    differences
}

fn json(expected: &str, found: &[u8], secrets: &Secrets<'_>) -> Vec<String> {
    let expected: Value = serde_json::from_str(expected).unwrap();
    match serde_json::from_slice(found) {
        Ok(found) => secrets.differences("", &expected, &found),
        Err(error) => vec![format!("the body is not JSON: {error}")],
    }
}

fn decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8().unwrap().into_owned()
}
