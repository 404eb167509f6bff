//! Compares sent JSON with the expected JSON, secrets included.

use serde_json::Value;

use crate::visitor::{Expected, bounded};

const SECRET: &str = "$secret";
const JSON: &str = "$json";

/// How a secret is decrypted, and its expected plain text.
pub(crate) struct Secrets<'a> {
    pub(crate) decrypt: &'a dyn Fn(&str) -> Option<Vec<u8>>,
    pub(crate) plain: &'a str,
}

impl Secrets<'_> {
    /// Names every key path where the JSON differs.
    pub(crate) fn differences(&self, path: &str, expected: &Value, found: &Value) -> Vec<String> {
        match (expected, found) {
            (Value::String(marker), found) if marker.starts_with(SECRET) => {
                self.secret(path, marker, found)
            }
            (Value::Object(expected), Value::String(found)) if expected.contains_key(JSON) => {
                match serde_json::from_str(found) {
                    Ok(inside) => self.differences(path, &expected[JSON], &inside),
                    Err(error) => vec![format!("{path}: no JSON in the string: {error}")],
                }
            }
            (Value::Object(expected), Value::Object(found)) => {
                let names =
                    expected.keys().chain(found.keys().filter(|it| !expected.contains_key(*it)));
                let member = |name: &String| {
                    let path = join(path, name);
                    match (expected.get(name), found.get(name)) {
                        (Some(expected), Some(found)) => self.differences(&path, expected, found),
                        (Some(_), None) => vec![format!("{path}: not sent")],
                        (None, _) => vec![format!("{path}: not in the descriptor")],
                    }
                };
                names.flat_map(member).collect()
            }
            (Value::Array(expected), Value::Array(found)) if expected.len() == found.len() => {
                let items = expected.iter().zip(found).enumerate();
                items
                    .flat_map(|(index, (expected, found))| {
                        self.differences(&format!("{path}[{index}]"), expected, found)
                    })
                    .collect()
            }
            (expected, found) if is_same(expected, found) => Vec::new(),
            (expected, found) => vec![format!("{path}: expected {expected}, sent {found}")],
        }
    }

    /// Compares a text outside JSON, which may be JSON or a secret.
    pub(crate) fn text_differences(&self, path: &str, expected: &str, found: &str) -> Vec<String> {
        match (serde_json::from_str(expected), serde_json::from_str(found)) {
            (Ok(expected @ (Value::Object(_) | Value::Array(_))), Ok(found)) => {
                self.differences(path, &expected, &found)
            }
            _ => self.differences(path, &expected.into(), &found.into()),
        }
    }

    /// Compares names and texts, pair by pair.
    pub(crate) fn pair_differences<E: AsRef<str>, F: AsRef<str>>(
        &self,
        expected: &[(E, E)],
        found: &[(F, F)],
    ) -> Vec<String> {
        let names = |name: &str| name.to_ascii_lowercase();
        let wanted: Vec<_> = expected.iter().map(|(name, _)| names(name.as_ref())).collect();
        let there: Vec<_> = found.iter().map(|(name, _)| names(name.as_ref())).collect();
        if wanted != there {
            return vec![format!("expected the members {wanted:?}, sent {there:?}")];
        }
        let pairs = expected.iter().zip(found);
        pairs
            .flat_map(|((name, expected), (_, found))| {
                self.text_differences(name.as_ref(), expected.as_ref(), found.as_ref())
            })
            .collect()
    }

    fn secret(&self, path: &str, marker: &str, found: &Value) -> Vec<String> {
        let plain = found.as_str().and_then(self.decrypt);
        match plain {
            None => vec![format!("{path}: not encrypted, or not for the right key")],
            Some(plain) if plain == secret_text(marker, self.plain).as_bytes() => Vec::new(),
            Some(_) => vec![format!("{path}: another secret was encrypted")],
        }
    }
}

/// The secrets of an operation's request by key path.
pub(crate) fn secrets(expected: &Expected, secret: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for (name, text) in expected.query.iter().chain(expected.headers).chain(expected.parts) {
        let json = match serde_json::from_str(text) {
            Ok(json @ (Value::Object(_) | Value::Array(_))) => json,
            _ => Value::from(*text),
        };
        collect(name, &json, secret, &mut found);
    }
    let body: Value = serde_json::from_str(expected.body.unwrap_or("{}")).unwrap();
    collect("", &body, secret, &mut found);
    found
}

fn collect(path: &str, expected: &Value, secret: &str, found: &mut Vec<(String, String)>) {
    match expected {
        Value::String(marker) if marker.starts_with(SECRET) => {
            found.push((path.to_owned(), secret_text(marker, secret)));
        }
        Value::Object(members) => {
            for (name, member) in members {
                let path = if name == JSON { path.to_owned() } else { join(path, name) };
                collect(&path, member, secret, found);
            }
        }
        Value::Array(list) => {
            for (index, item) in list.iter().enumerate() {
                collect(&format!("{path}[{index}]"), item, secret, found);
            }
        }
        _ => {}
    }
}

/// The secret that a marker stands for.
fn secret_text(marker: &str, secret: &str) -> String {
    let bounds = marker.trim_start_matches(SECRET).trim();
    match bounds.split_once("..") {
        None => secret.to_owned(),
        Some((least, most)) => {
            bounded(secret, least.parse().unwrap(), most.parse().unwrap_or(u64::from(u32::MAX)))
        }
    }
}

/// Whether two values are equal on the wire. A whole number may have a decimal point.
fn is_same(expected: &Value, found: &Value) -> bool {
    match (expected, found) {
        (Value::Number(expected), Value::Number(found)) => expected.as_f64() == found.as_f64(),
        (expected, found) => expected == found,
    }
}

pub(crate) fn join(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}
