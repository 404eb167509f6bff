//! The outer JSON of a notification.

use thiserror::Error;

use crate::protocol::EncryptedResource;
use crate::protocol::lossy_json::{self, Document, JsonKind};

/// A notification as received, with its resource still encrypted ([protocol §8.2]).
///
/// Absent texts are empty, and unknown members are ignored. Broken characters become U+FFFD.
///
/// [protocol §8.2]: crate::docs::protocol::notifications#82-the-envelope
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Envelope {
    /// The notification's id. Each repeated delivery has the same id.
    pub id: String,
    /// The time of creation as sent. It is not always RFC 3339.
    pub create_time: String,
    /// The event, such as `TRANSACTION.SUCCESS`.
    pub event_type: String,
    /// The constant `encrypt-resource`.
    pub resource_type: String,
    /// A summary for people.
    pub summary: String,
    /// The kind of resource, such as `transaction`.
    pub original_type: String,
    /// The encrypted resource.
    pub resource: EncryptedResource,
    /// The key paths of members whose text or number was broken. It is nearly always empty.
    pub repaired: Vec<String>,
}

impl Envelope {
    /// Reads the body of a notification without verifying it. [`decrypt`](super::decrypt) verifies.
    ///
    /// # Errors
    /// [`EnvelopeError`] when the body is not JSON or has no encrypted resource.
    pub fn parse(body: &[u8]) -> Result<Self, EnvelopeError> {
        let mut repaired = String::new();
        let document = lossy_json::read(body, &mut repaired)
            .map_err(|error| EnvelopeError::Json { line: error.line(), column: error.column() })?;
        let text = |path: &[&str]| text(&document, path);
        let resource = document.root().member("resource");
        let resource = resource.ok_or(EnvelopeError::Member { name: "resource" })?;
        Ok(Self {
            id: text(&["id"]),
            create_time: text(&["create_time"]),
            event_type: text(&["event_type"]),
            resource_type: text(&["resource_type"]),
            summary: text(&["summary"]),
            original_type: text(&["resource", "original_type"]),
            resource: EncryptedResource::read(|name| resource.member(name)?.text())
                .map_err(|name| EnvelopeError::ResourceMember { name })?,
            repaired: document.repairs.iter().map(|repair| repair.path.clone()).collect(),
        })
    }
}

/// Why the body of a notification cannot be read.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[non_exhaustive]
pub enum EnvelopeError {
    /// The body is not JSON.
    #[error("the body is not JSON (line {line}, column {column}); is it the raw body?")]
    Json {
        /// The line where reading stopped.
        line: usize,
        /// The column where reading stopped.
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

/// Returns a scalar member as text.
fn text(document: &Document<'_>, path: &[&str]) -> String {
    let member = path.iter().try_fold(document.root(), |value, name| value.member(name));
    let Some(member) = member else {
        return String::new();
    };
    match member.kind() {
        JsonKind::Text(text) => text.to_owned(),
        JsonKind::Bool(boolean) => boolean.to_string(),
        JsonKind::Number(number) => member.digits(number),
        _ => String::new(),
    }
}
