//! The OpenAPI document, and every route in it.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use wxpay_api::sandbox::Sandbox;

use crate::support::{Raw, order, start};

async fn document(sandbox: &Sandbox) -> Value {
    let got = Raw::get("/_sandbox/openapi.json").send(sandbox).await;
    assert_eq!((got.status, got.header("content-type")), (200, "application/json"));
    got.json()
}

fn operations(document: &Value) -> Vec<(String, String, Value)> {
    let mut operations = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            operations.push((method.to_uppercase(), path.clone(), operation.clone()));
        }
    }
    operations
}

#[tokio::test]
async fn the_document_and_the_routes_are_the_same() {
    let sandbox = start().await;
    let document = document(&sandbox).await;
    assert_eq!(document["openapi"], "3.1.0");
    let described: BTreeSet<_> =
        operations(&document).into_iter().map(|(method, path, _)| (method, path)).collect();
    let index = Raw::get("/_sandbox").send(&sandbox).await.json();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let routes: BTreeSet<_> = index["routes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|route| (text(&route["method"]), text(&route["path"])))
        .collect();
    assert_eq!(routes, described);
    let ids: BTreeSet<_> =
        operations(&document).into_iter().map(|(_, _, it)| text(&it["operationId"])).collect();
    assert_eq!(ids.len(), described.len(), "operation ids are unique");
}

#[tokio::test]
async fn every_reference_and_parameter_is_declared() {
    let sandbox = start().await;
    let document = document(&sandbox).await;
    let mut stack = vec![&document];
    while let Some(value) = stack.pop() {
        match value {
            Value::Object(object) => {
                if let Some(Value::String(reference)) = object.get("$ref") {
                    let pointer = reference.strip_prefix('#').unwrap();
                    assert!(document.pointer(pointer).is_some(), "{reference}");
                }
                stack.extend(object.values());
            }
            Value::Array(list) => stack.extend(list),
            _ => {}
        }
    }
    for (_, path, operation) in operations(&document) {
        let declared: BTreeSet<_> = operation["parameters"]
            .as_array()
            .into_iter()
            .flatten()
            .filter(|parameter| parameter["in"] == "path")
            .map(|parameter| parameter["name"].as_str().unwrap().to_owned())
            .collect();
        let wanted: BTreeSet<_> = path
            .split('/')
            .filter_map(|segment| Some(segment.strip_prefix('{')?.strip_suffix('}')?.to_owned()))
            .collect();
        assert_eq!(declared, wanted, "{path}");
    }
}

/// Returns the schema of a response, with the components that it refers to.
fn schema(document: &Value, operation: &Value, status: u16) -> Option<Value> {
    let responses = &operation["responses"];
    let status = status.to_string();
    let response = responses.get(&status).unwrap_or(&responses["default"]);
    let schema = response["content"]["application/json"]["schema"].clone();
    let mut schema = schema.is_object().then_some(schema)?;
    schema["components"] = document["components"].clone();
    Some(schema)
}

/// Every operation with a call of it: a path, a body, and the status that it must have.
fn calls(serial: &str) -> Vec<(&'static str, &'static str, String, Value, u16)> {
    let keys = "/_sandbox/accounts/1230000109/keys";
    let own = |template: &str| template.replace("{account}", "1230000109");
    let call = |method, template: &'static str, path: String, body, status| {
        (method, template, path, body, status)
    };
    let plain = |method: &'static str, template: &'static str, body: Value, status: u16| {
        (method, template, own(template), body, status)
    };
    let none = Value::Null;
    vec![
        plain("GET", "/_sandbox", none.clone(), 200),
        plain("GET", "/_sandbox/openapi.json", none.clone(), 200),
        plain("GET", "/_sandbox/lifecycles", none.clone(), 200),
        plain("GET", "/_sandbox/resources", none.clone(), 200),
        plain("POST", "/_sandbox/resources", json!({ "lifecycle": "none/at-all" }), 404),
        call(
            "GET",
            "/_sandbox/resources/{id}",
            "/_sandbox/resources/@999".to_owned(),
            none.clone(),
            410,
        ),
        call(
            "POST",
            "/_sandbox/resources/{id}/events",
            "/_sandbox/resources/@999/events".to_owned(),
            json!({ "event": "pay" }),
            410,
        ),
        plain("GET", "/_sandbox/money", none.clone(), 200),
        plain("GET", "/_sandbox/switches", none.clone(), 200),
        plain(
            "PUT",
            "/_sandbox/switches",
            json!({ "lifecycle": "none/at-all", "name": "x", "choice": "y" }),
            404,
        ),
        plain("GET", "/_sandbox/settings", none.clone(), 200),
        plain(
            "PUT",
            "/_sandbox/settings",
            json!({ "lifecycle": "none/at-all", "name": "x", "value": 1 }),
            404,
        ),
        plain("GET", "/_sandbox/clock", none.clone(), 200),
        plain("POST", "/_sandbox/clock/advance", json!({ "by": "1s" }), 200),
        plain("GET", "/_sandbox/responses", none.clone(), 200),
        plain(
            "POST",
            "/_sandbox/responses",
            json!({ "method": "GET", "path": "/v3/certificates", "text": "x", "times": 2 }),
            204,
        ),
        plain("DELETE", "/_sandbox/responses", none.clone(), 204),
        plain("GET", "/_sandbox/faults", none.clone(), 200),
        plain("POST", "/_sandbox/faults", json!({ "fault": "delay", "pause": "5ms" }), 204),
        plain("DELETE", "/_sandbox/faults", none.clone(), 204),
        plain("GET", "/_sandbox/accounts", none.clone(), 200),
        plain("POST", "/_sandbox/accounts", json!({ "id": "1900000300" }), 201),
        plain("GET", "/_sandbox/accounts/{account}", none.clone(), 200),
        plain("GET", "/_sandbox/accounts/{account}/keys", none.clone(), 200),
        plain("PUT", "/_sandbox/accounts/{account}/keys/mode", json!({ "mode": "migrating" }), 200),
        plain(
            "PUT",
            "/_sandbox/accounts/{account}/keys/apiv3",
            json!({ "key": "0123456789abcdef0123456789abcdef" }),
            204,
        ),
        plain("POST", "/_sandbox/accounts/{account}/keys/rotation", json!({ "pause": "1h" }), 201),
        plain("POST", "/_sandbox/accounts/{account}/keys/certificates", json!({}), 201),
        plain("PUT", "/_sandbox/accounts/{account}/keys/signer", json!({ "serial": serial }), 200),
        call(
            "DELETE",
            "/_sandbox/accounts/{account}/keys/certificates/{serial}",
            format!("{keys}/certificates/{serial}"),
            none.clone(),
            204,
        ),
        plain("PUT", "/_sandbox/bill", json!({ "rows": 3, "files": 2 }), 204),
        plain("DELETE", "/_sandbox/bill/links", none.clone(), 204),
        plain("GET", "/_sandbox/notifications", none.clone(), 200),
        plain(
            "POST",
            "/_sandbox/notifications",
            json!({ "url": "http://127.0.0.1:1/", "name": "pay/transaction" }),
            502,
        ),
        call(
            "POST",
            "/_sandbox/notifications/{id}/copies",
            "/_sandbox/notifications/none/copies".to_owned(),
            json!({}),
            404,
        ),
        plain(
            "POST",
            "/_sandbox/notifications/faults",
            json!({ "fault": "lost", "event_type": "TRANSACTION.SUCCESS" }),
            204,
        ),
        plain("GET", "/_sandbox/notifications/faults", none.clone(), 200),
        plain("DELETE", "/_sandbox/notifications/faults", none.clone(), 204),
        plain("GET", "/_sandbox/notify-urls", none.clone(), 200),
        plain("PUT", "/_sandbox/notify-urls", json!({ "event": "COMPLAINT.", "url": null }), 204),
        plain("GET", "/_sandbox/requests", none.clone(), 200),
        call(
            "GET",
            "/_sandbox/requests/{number}",
            "/_sandbox/requests/1".to_owned(),
            none.clone(),
            200,
        ),
        plain("POST", "/_sandbox/front-end/verify", json!({ "parameters": {} }), 422),
        plain("POST", "/_sandbox/front-end/pay", json!({ "parameters": "x" }), 422),
        plain("GET", "/_sandbox/pay", none.clone(), 400),
        plain("POST", "/_sandbox/pay", none.clone(), 403),
        plain("GET", "/_sandbox/bridge", none.clone(), 403),
        plain("GET", "/_sandbox/bridge.js", none.clone(), 200),
        plain("GET", "/_sandbox/bridge-frame.js", none.clone(), 200),
        plain("GET", "/_sandbox/page.css", none.clone(), 200),
        plain("POST", "/_sandbox/reset", json!({}), 204),
    ]
}

#[tokio::test]
async fn every_operation_answers_as_documented() {
    let sandbox = start().await;
    order(&sandbox, "native", "order-1").await;
    let document = document(&sandbox).await;
    let issue = Raw::post("/_sandbox/accounts/1230000109/keys/certificates", &json!({}));
    let serial = issue.send(&sandbox).await.json()["serial"].as_str().unwrap().to_owned();
    let mut left: BTreeSet<_> =
        operations(&document).into_iter().map(|(method, path, _)| (method, path)).collect();
    for (method, template, path, body, status) in calls(&serial) {
        assert!(left.remove(&(method.to_owned(), template.to_owned())), "{method} {template}");
        let request = match &body {
            Value::Null => Raw::new(method, &path),
            body => Raw::json(method, &path, body),
        };
        let got = request.send(&sandbox).await;
        assert_eq!(got.status, status, "{method} {path}: {}", got.body);
        let operation = &document["paths"][template][method.to_lowercase()];
        if got.header("content-type") != "application/json" {
            continue;
        }
        let schema =
            schema(&document, operation, status).unwrap_or_else(|| panic!("{method} {path}"));
        let validator = jsonschema::validator_for(&schema).unwrap();
        let errors: Vec<_> = validator.iter_errors(&got.json()).map(|it| it.to_string()).collect();
        assert!(errors.is_empty(), "{method} {path}: {errors:?}\n{}", got.body);
    }
    assert!(left.is_empty(), "not called: {left:?}");
}

#[tokio::test]
async fn other_methods_are_refused_with_those_that_exist() {
    let sandbox = start().await;
    let got = Raw::new("PATCH", "/_sandbox/faults").send(&sandbox).await;
    assert_eq!((got.status, got.code().as_str()), (405, "METHOD_NOT_ALLOWED"));
    assert_eq!(got.json()["detail"]["allowed"], json!(["GET", "POST", "DELETE"]));
    for target in ["/_sandbox/", "/_sandbox/faults/", "/_sandbox//faults", "/_sandbox/%66aults/x"] {
        assert_eq!(Raw::get(target).send(&sandbox).await.status, 404, "{target}");
    }
}
