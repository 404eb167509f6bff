use std::collections::BTreeMap;

use serde_json::{Map, Value};

/// The same JSON with sorted keys, so that its text does not depend on how `serde_json` was built.
pub(crate) fn sorted(value: Value) -> Value {
    match value {
        Value::Array(items) => Value::Array(items.into_iter().map(sorted).collect()),
        Value::Object(members) => {
            let members: BTreeMap<String, Value> = members.into_iter().collect();
            let members = members.into_iter().map(|(key, value)| (key, sorted(value)));
            Value::Object(Map::from_iter(members))
        }
        scalar => scalar,
    }
}
