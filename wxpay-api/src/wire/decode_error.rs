//! Why a body cannot be read.

/// Why a body could not be read at all; what bends inside an object is no error.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DecodeError {
    /// It has no bytes.
    #[error("empty, JSON was announced")]
    Empty,
    /// It is not JSON.
    #[error("not JSON: {0}")]
    NotJson(serde_json::Error),
    /// It is JSON, but a list, a number or a text where an object was announced.
    #[error("JSON, but not an object")]
    NotAnObject,
}

impl From<serde_json::Error> for DecodeError {
    fn from(why: serde_json::Error) -> Self {
        Self::NotJson(why)
    }
}
