use std::collections::BTreeMap;

use serde_json::Value;

use super::node::{Mapping, Node};
use super::scalar::Scalar;
use crate::model::FieldType;

/// An example as it is written for a field of any type: its JSON says enough.
pub(super) fn example(value: &Value) -> Node {
    match value {
        Value::String(text) => Scalar::text(text).into(),
        Value::Null | Value::Bool(_) | Value::Number(_) => Scalar::word(value.to_string()).into(),
        Value::Array(items) => Node::List(items.iter().map(example).collect()),
        Value::Object(members) => {
            // How `serde_json` was built must not show in the order.
            let members: BTreeMap<&String, &Value> = members.iter().collect();
            let mut mapping = Mapping::default();
            for (key, value) in members {
                mapping.push(key, example(value));
            }
            mapping.into()
        }
    }
}

/// The only element of a list's example, which stands at the element instead.
pub(super) fn of_element<'a>(ty: &FieldType, example: &'a Value) -> Option<&'a Value> {
    match (ty, example) {
        (FieldType::List(_), Value::Array(items)) => match items.as_slice() {
            [only] => Some(only).filter(|only| !only.is_null()),
            _ => None,
        },
        _ => None,
    }
}
