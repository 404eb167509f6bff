//! Shows a request without sending it.

use std::time::SystemTime;

use serde_json::{Map, Value, json};
use wxpay_api::{Client, Json, Operation, Prepared};

use super::dynamic::DynamicOperation;
use super::members::CheckedMembers;
use super::{CallArguments, Filled, secrets};
use crate::catalogue::Place;
use crate::folder::Environment;
use crate::output::{Failure, Output};
use crate::terminal::{NAME, styled};

/// The host of operations that name no other one.
const HOST: &str = "api.mch.weixin.qq.com";

/// Encodes a request as it would be sent, and shows it with its secrets hidden.
pub(super) fn run(
    arguments: &CallArguments,
    client: &Client,
    members: CheckedMembers,
    filled: &[Filled],
    output: &mut Output,
) -> Result<(), Failure> {
    let operation = members.operation;
    let body = body(&members);
    let file = members.file.as_ref().map(|file| {
        json!({ "name": file.name(), "sha256": file.sha256(), "bytes": file.content().len() })
    });
    let prepared = prepare(client, DynamicOperation::<Json>::new(members))?;
    let url = match arguments.target.live {
        true => format!("https://{}{}", prepared.host.unwrap_or(HOST), prepared.target),
        false => format!("{}{}", Environment::read(&arguments.target.dir)?.url, prepared.target),
    };
    let headers = prepared.headers.iter();
    let headers = headers.map(|(name, value)| (name.as_str(), value.to_str().unwrap_or_default()));
    let headers =
        headers.chain(prepared.encrypted_with.as_deref().map(|id| ("wechatpay-serial", id)));
    let headers: Map<String, Value> =
        headers.map(|(name, value)| (name.to_owned(), json!(value))).collect();
    let filled: Map<String, Value> =
        filled.iter().map(|(name, value)| ((*name).to_owned(), json!(value))).collect();
    output.value(&json!({
        "sent": false,
        "operation": operation.name(),
        "merchant": client.id(),
        "method": prepared.method,
        "url": url,
        "headers": headers,
        "body": body,
        "file": file,
        "filled_in": filled,
    }))?;
    output.line(styled(NAME, &format!("{} {url}", prepared.method)))?;
    for (name, value) in &headers {
        output.line(format!("{name}: {}", value.as_str().unwrap_or_default()))?;
    }
    if let Some(file) = &file {
        output.line(format!("file: {file}"))?;
    }
    if !body.is_null() {
        output.line(serde_json::to_string_pretty(&body)?)?;
    }
    output.line("(not sent)")?;
    Ok(())
}

/// Returns the body, or the meta and parts of an upload, with hidden secrets.
pub(super) fn body(members: &CheckedMembers) -> Value {
    let operation = members.operation;
    let is_in_body = |place: Place| matches!(place, Place::Body | Place::FormPart);
    let given = members.given().filter(|(place, ..)| is_in_body(*place));
    let shown = given.map(|(_, field, value)| {
        let mut value = value.clone();
        secrets::hide(operation.part, &field.schema, &mut value);
        (field.name.clone(), value)
    });
    let shown: Map<String, Value> = shown.collect();
    match shown.is_empty() {
        true => members.open_body.clone(),
        false => Value::Object(shown),
    }
}

/// Encodes an operation with the keys of a client.
fn prepare(client: &Client, operation: DynamicOperation<Json>) -> Result<Prepared, Failure> {
    let keys = client.keys();
    // A client that downloads its certificates may have none yet. Only secrets need one.
    let key = keys.encryption_key(SystemTime::now()).ok();
    operation
        .prepare(key.as_ref())
        .map_err(|error| Failure::new(format!("it cannot be sent: {error}")))
}
