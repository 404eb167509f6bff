//! Calls a URL that no descriptor has. Its members have no types, and nothing is encrypted.

use serde_json::{Map, Value, json};
use wxpay_api::{Client, UntypedCall};

use super::arguments::{CallWords, GivenValue};
use super::confirm::Confirmation;
use super::failure::FailureContext;
use super::response::ShownResponse;
use super::typed::{self, SetError};
use super::{CallArguments, CallSettings, Retries, usage, with_settings};
use crate::catalogue::find::{split_method, without_host};
use crate::catalogue::model::{Part, Schema};
use crate::output::{Failure, Output};

pub(super) async fn run(
    arguments: &CallArguments,
    words: CallWords,
    data: Option<Map<String, Value>>,
    output: &mut Output,
) -> Result<(), Failure> {
    let (method, url) = split_method(&words.operation);
    let method = method.ok_or_else(|| usage("`--undescribed` needs the method before the URL"))?;
    let target = without_host(url);
    if !target.starts_with('/') || target.contains('{') {
        return Err(usage("`--undescribed` needs the whole URL, filled in: `/v3/…`"));
    }
    let body = body(&words, data)?;
    let client = arguments.target.client()?;
    let is_safe = method == "GET";
    if arguments.dry_run {
        let preview = json!({
            "sent": false, "merchant": client.id(), "method": method, "url": url, "body": body,
        });
        output.value(&preview)?;
        output.line(format!("{method} {url}"))?;
        output.line(serde_json::to_string_pretty(&body)?)?;
        output.line("(not sent)")?;
        return Ok(());
    }
    if arguments.target.live && !is_safe {
        let mut confirmation = Confirmation::new(&client, method, url.to_owned());
        confirmation.note_untyped("", &body);
        confirmation.ask(arguments.yes)?;
    }
    let settings = CallSettings::new(arguments, is_safe)?;
    let call = with_settings!(call(&client, method, target, body)?, &settings);
    let call = match host(url) {
        Some(host) if arguments.target.live => call.host(host),
        _ => call,
    };
    let context = FailureContext::undescribed();
    let reply = Box::pin(call.reply()).await.map_err(|error| context.failure(error))?;
    let corrections = reply.corrections().iter().map(ToString::to_string).collect();
    let (status, request_id) = (reply.http_status(), reply.request_id().map(str::to_owned));
    let body = reply.into_value();
    ShownResponse::new(status.as_u16(), request_id, body, corrections).write(&[], output)
}

fn call(client: &Client, method: &str, target: &str, body: Value) -> Result<UntypedCall, Failure> {
    let body = Some(body).filter(|body| !body.is_null());
    match method {
        "GET" if body.is_some() => Err(usage("a GET has no body: put its members into the URL")),
        "GET" => Ok(client.get(target)),
        "POST" => Ok(client.post(target, body)),
        "PUT" => Ok(client.put(target, body)),
        "PATCH" => Ok(client.patch(target, body)),
        _ => Ok(client.delete(target, body)),
    }
}

/// Returns the host of a URL.
fn host(url: &str) -> Option<&str> {
    url.strip_prefix("https://")?.split('/').next()
}

/// Collects the members of the body.
fn body(words: &CallWords, data: Option<Map<String, Value>>) -> Result<Value, Failure> {
    let mut body = data.map_or(Value::Null, Value::Object);
    let part = Part::default();
    for assignment in &words.assignments {
        if let GivenValue::File(_) = assignment.value {
            return Err(usage("without a descriptor there is no upload, and no text from a file"));
        }
        let set =
            typed::set(&part, &Schema::Json, &mut body, "", &assignment.steps, &assignment.value);
        set.map_err(|error| match error {
            SetError::Misfit(misfit) => usage(format!("{}: {}", misfit.path, misfit.problem)),
            SetError::Failure(failure) => failure,
        })?;
    }
    Ok(body)
}
