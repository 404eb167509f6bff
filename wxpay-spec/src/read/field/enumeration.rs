use std::collections::HashMap;

use crate::cursor::Cursor;
use crate::model::{EnumValue, FieldType};
use crate::read::hand_chosen;

pub(super) fn enumeration(at: &Cursor<'_>, integer: bool) -> FieldType {
    FieldType::Enum { integer, values: values(at, integer) }
}

/// The known values below `enum`.
pub(in crate::read) fn values(at: &Cursor<'_>, integer: bool) -> Vec<EnumValue> {
    let mut names = HashMap::new();
    at.entries()
        .map(|(wire, label)| {
            if integer && !is_integer(wire) {
                let help = "expected decimal digits, because the type is `integer`";
                label.key_error(&format!("`{wire}` is not an integer"), Some(help.to_owned()));
            }
            let rust = hand_chosen(&label, "rust");
            if let Some(other) = rust.clone().and_then(|rust| names.insert(rust, wire)) {
                label.key_error(&format!("`{wire}` has the same Rust name as `{other}`"), None);
            }
            let title = label.text().map(str::to_owned).or_else(|| label.text_of("title"));
            EnumValue { wire: wire.to_owned(), title, rust }
        })
        .collect()
}

/// Whether the text is how JSON writes an integer of 64 bits.
fn is_integer(text: &str) -> bool {
    text.parse::<i64>().is_ok_and(|number| number.to_string() == text)
}
