use super::node::{Mapping, Node};
use super::scalar::Scalar;
use crate::model::EnumValue;

/// The known values; those that have Rust names stand one below the other.
pub(super) fn enumeration(integer: bool, values: &[EnumValue]) -> Mapping {
    let entries = values.iter().map(|value| {
        let key = if integer { Scalar::word(&value.wire) } else { Scalar::text(&value.wire) };
        (key, label(value))
    });
    let one_per_line = values.iter().any(|value| value.rust.is_some());
    Mapping { entries: entries.collect(), one_per_line }
}

fn label(value: &EnumValue) -> Node {
    match (&value.title, &value.rust) {
        (None, None) => Node::Nothing,
        (Some(title), None) => Scalar::text(title).into(),
        (title, Some(rust)) => {
            let mut label = Mapping::default();
            label.text("title", title.as_deref());
            label.text("rust", Some(rust));
            label.into()
        }
    }
}
