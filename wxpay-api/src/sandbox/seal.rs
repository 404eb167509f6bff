//! Secrets of an answer, encrypted for the merchant (docs/protocol/encryption.md §5).

use serde_json::Value;

use super::book::{Book, Schema};
use crate::protocol::{EncryptError, PublicKey};

/// Replaces every plain secret in a value of `schema` by its ciphertext.
pub(super) fn seal(
    book: &Book,
    schema: &Schema,
    key: &PublicKey,
    value: &mut Value,
) -> Result<(), EncryptError> {
    match (book.resolve(schema), value) {
        (Schema::Secret { .. }, Value::String(text)) => *text = key.encrypt(text.as_bytes())?,
        (Schema::Object { members }, Value::Object(object)) => {
            for member in members {
                if let Some(value) = object.get_mut(&member.name) {
                    seal(book, &member.schema, key, value)?;
                }
            }
        }
        (Schema::List { items }, Value::Array(list)) => {
            for item in list {
                seal(book, items, key, item)?;
            }
        }
        (Schema::JsonText { content }, Value::String(text)) => {
            if let Ok(mut inside) = serde_json::from_str::<Value>(text) {
                seal(book, content, key, &mut inside)?;
                *text = inside.to_string();
            }
        }
        _ => {}
    }
    Ok(())
}
