//! Shows a response: its body with secrets hidden or decrypted, and where it deviates from the descriptor.

use serde_json::{Map, Value, json};
use wxpay_api::Client;

use super::secrets;
use super::typed::{kind, kind_of};
use super::{Filled, say};
use crate::catalogue::model::{Part, Schema};
use crate::output::{Failure, Output};
use crate::terminal::{DIM, WARNING, styled};

/// What is shown of a response.
#[derive(Debug)]
pub(super) struct ShownResponse {
    status: u16,
    request_id: Option<String>,
    body: Value,
    corrections: Vec<String>,
}

impl ShownResponse {
    pub(super) fn new(
        status: u16,
        request_id: Option<String>,
        body: Value,
        corrections: Vec<String>,
    ) -> Self {
        Self { status, request_id, body, corrections }
    }

    /// Compares the body with its schema, and hides or decrypts its secrets.
    pub(super) fn described(
        mut self,
        part: &Part,
        schema: &Schema,
        client: &Client,
        show_secrets: bool,
    ) -> Self {
        deviations(part, schema, &self.body, "", &mut self.corrections);
        match show_secrets {
            true => secrets::decrypt(part, schema, &mut self.body, &client.merchant()),
            false => secrets::hide(part, schema, &mut self.body),
        }
        self
    }

    pub(super) fn write(self, filled: &[Filled], output: &mut Output) -> Result<(), Failure> {
        let Self { status, request_id, body, corrections } = self;
        let filled: Map<String, Value> =
            filled.iter().map(|(name, value)| ((*name).to_owned(), json!(value))).collect();
        output.value(&json!({
            "status": status,
            "request_id": request_id,
            "body": body,
            "corrections": corrections,
            "filled_in": filled,
        }))?;
        if output.is_json() {
            return Ok(());
        }
        let id = request_id.map(|id| format!(", request id {id}")).unwrap_or_default();
        say(styled(DIM, &format!("HTTP {status}{id}")));
        for correction in corrections {
            say(styled(WARNING, &format!("deviates: {correction}")));
        }
        if !body.is_null() {
            output.line(serde_json::to_string_pretty(&body)?)?;
        }
        Ok(())
    }
}

/// Lists where a body deviates from its schema. Members that no descriptor has are no deviation.
fn deviations(part: &Part, schema: &Schema, value: &Value, path: &str, found: &mut Vec<String>) {
    let schema = part.resolve(schema);
    match (schema, value) {
        (Schema::Object { members }, Value::Object(object)) => {
            for field in members {
                if let Some(value) = object.get(&field.name) {
                    let path = match path {
                        "" => field.name.clone(),
                        path => format!("{path}.{}", field.name),
                    };
                    deviations(part, &field.schema, value, &path, found);
                }
            }
        }
        (Schema::List { items }, Value::Array(list)) => {
            for (at, element) in list.iter().enumerate() {
                deviations(part, items, element, &format!("{path}[{at}]"), found);
            }
        }
        (Schema::JsonText { content }, Value::String(text)) => match serde_json::from_str(text) {
            Ok(inside) => deviations(part, content, &inside, path, found),
            Err(_) if text.is_empty() => {}
            Err(_) => found.push(format!("{path}: expected a text with JSON, found another text")),
        },
        (Schema::Json, _) => {}
        (
            Schema::String { .. } | Schema::Secret { .. } | Schema::Enum { integer: false, .. },
            Value::String(_),
        ) => {}
        (Schema::Integer | Schema::Enum { integer: true, .. }, Value::Number(number))
            if !number.is_f64() => {}
        (Schema::Number, Value::Number(_)) | (Schema::Boolean, Value::Bool(_)) => {}
        (schema, value) => {
            let path = if path.is_empty() { "the body" } else { path };
            let (expected, found_kind) = (kind(part, schema), kind_of(value));
            found.push(format!("{path}: expected {expected}, found {found_kind}"));
        }
    }
}
