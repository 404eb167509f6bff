//! The outer JSON of a notification.

use serde_json::Value;
use thiserror::Error;

use super::EncryptedResource;

/// A notification as it arrives, its resource still encrypted (PROTOCOL §8.2).
///
/// Texts are empty when absent; unknown members are ignored.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Envelope {
    /// The notification's id, the same each time it is sent again.
    pub id: String,
    /// When it was made, as sent: not always RFC 3339.
    pub create_time: String,
    /// What happened, such as `TRANSACTION.SUCCESS`.
    pub event_type: String,
    /// `encrypt-resource`.
    pub resource_type: String,
    /// A line for people.
    pub summary: String,
    /// What kind of resource it is, such as `transaction`.
    pub original_type: String,
    /// The resource itself.
    pub resource: EncryptedResource,
}

impl Envelope {
    /// Reads the body of a notification. This verifies nothing; [`super::notification::open`] does.
    ///
    /// # Errors
    /// [`EnvelopeError`] when it is not JSON or has no encrypted resource.
    pub fn parse(body: &[u8]) -> Result<Self, EnvelopeError> {
        let envelope: Value = serde_json::from_slice(body)
            .map_err(|error| EnvelopeError::Json { line: error.line(), column: error.column() })?;
        let resource =
            envelope.get("resource").ok_or(EnvelopeError::Member { name: "resource" })?;
        Ok(Self {
            id: text(&envelope, "id"),
            create_time: text(&envelope, "create_time"),
            event_type: text(&envelope, "event_type"),
            resource_type: text(&envelope, "resource_type"),
            summary: text(&envelope, "summary"),
            original_type: text(resource, "original_type"),
            resource: EncryptedResource::from_json(resource)
                .map_err(|name| EnvelopeError::ResourceMember { name })?,
        })
    }
}

/// Why the body of a notification cannot be read.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[non_exhaustive]
pub enum EnvelopeError {
    /// It is not JSON.
    #[error("the body is not JSON (line {line}, column {column}); is it the raw body?")]
    Json {
        /// Where reading stopped.
        line: usize,
        /// Where reading stopped.
        column: usize,
    },
    /// A member is missing.
    #[error("the body has no `{name}`")]
    Member {
        /// The member's name.
        name: &'static str,
    },
    /// A member of the resource is missing or not text.
    #[error("the body's `resource` has no text `{name}`")]
    ResourceMember {
        /// The member's name.
        name: &'static str,
    },
}

/// A member as text, whatever scalar it is.
fn text(object: &Value, name: &str) -> String {
    match object.get(name) {
        Some(Value::String(text)) => text.clone(),
        Some(scalar @ (Value::Number(_) | Value::Bool(_))) => scalar.to_string(),
        _ => String::new(),
    }
}
