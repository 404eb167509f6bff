//! Writes how an operation is called with `wxpay call`.

use serde_json::Value;

use crate::catalogue::Operation;
use crate::catalogue::example::ExampleRequest;

/// Returns the command with all required members, ready for a shell. `mchid` and `sp_mchid` are the caller's.
pub(super) fn of(operation: Operation) -> String {
    let ExampleRequest { path, query, header, body } = ExampleRequest::required(operation);
    let mut words = vec!["wxpay call".to_owned(), quoted(&operation.name())];
    for (name, value) in path.iter().chain(&query).chain(&header) {
        members(name, value, &mut words);
    }
    for (name, value) in body.iter().filter_map(Value::as_object).flatten() {
        if path.get(name) != Some(value) {
            members(name, value, &mut words);
        }
    }
    if let Some(upload) = &operation.facts.upload {
        words.push(quoted(&format!("{}=@FILE", upload.file)));
    }
    if operation.facts.response.download.is_some() {
        words.push("--output FILE".to_owned());
    }
    words.join(" ")
}

/// Writes a member, and each member of an object, as an argument.
fn members(path: &str, value: &Value, words: &mut Vec<String>) {
    match value {
        Value::Object(object) if !object.is_empty() => {
            for (name, value) in object {
                members(&format!("{path}.{name}"), value, words);
            }
        }
        Value::Array(list) if !list.is_empty() => {
            for (at, value) in list.iter().enumerate() {
                members(&format!("{path}[{at}]"), value, words);
            }
        }
        Value::String(_) if matches!(path, "mchid" | "sp_mchid") => {}
        Value::String(text) if text.starts_with('@') => {
            words.push(quoted(&format!("{path}=@{text}")));
        }
        Value::String(text) => words.push(quoted(&format!("{path}={text}"))),
        Value::Number(_) | Value::Bool(_) => words.push(quoted(&format!("{path}={value}"))),
        other => words.push(quoted(&format!("{path}:={other}"))),
    }
}

/// Quotes a word for a shell, if it needs that.
fn quoted(word: &str) -> String {
    let is_plain = |letter: char| letter.is_alphanumeric() || "_-./=:@,+%".contains(letter);
    match word.chars().all(is_plain) && !word.is_empty() {
        true => word.to_owned(),
        false => format!("'{}'", word.replace('\'', r"'\''")),
    }
}
