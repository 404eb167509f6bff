//! The request's own values, which an answer gives back under the same names.

use serde_json::{Map, Value};

/// What a request holds, plain.
#[derive(Debug, Default)]
pub(super) struct Echo {
    values: Map<String, Value>,
    secrets: Vec<(String, String)>,
}

impl Echo {
    /// `values` may hold ciphertexts; `secrets` says where, and what they hide.
    pub(super) fn new(values: Map<String, Value>, secrets: &[(String, Vec<u8>)]) -> Self {
        let plain = |(path, bytes): &(String, Vec<u8>)| {
            Some((path.clone(), String::from_utf8(bytes.clone()).ok()?))
        };
        Self { values, secrets: secrets.iter().filter_map(plain).collect() }
    }

    /// The value of that name at the request's top.
    pub(super) fn top(&self, name: &str) -> Option<&Value> {
        self.values.get(name).filter(|_| !self.is_secret(name))
    }

    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.top(name)?.as_str()
    }

    /// The plain text of a secret.
    pub(super) fn secret(&self, path: &str) -> Option<&str> {
        self.secrets.iter().find(|(held, _)| held == path).map(|(_, plain)| plain.as_str())
    }

    pub(super) fn is_secret(&self, path: &str) -> bool {
        self.secrets.iter().any(|(held, _)| held == path)
    }
}
