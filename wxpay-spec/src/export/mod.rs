//! Writes the descriptors in the languages of others: OpenAPI and TypeScript.

mod chain;
mod json;
mod openapi;
mod secret;
mod typescript;

pub use openapi::openapi;
pub use typescript::typescript;
