//! Named functions in Rust, for what the words of lifecycles cannot say.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use serde_json::Value as Json;

type Function = Arc<dyn Fn(&[Json]) -> Json + Send + Sync>;

/// The functions that lifecycles may name. The last one of a name counts.
#[derive(Clone, Default)]
pub(in crate::sandbox) struct Functions(BTreeMap<String, Function>);

impl Functions {
    pub(in crate::sandbox) fn add(
        &mut self,
        name: String,
        function: impl Fn(&[Json]) -> Json + Send + Sync + 'static,
    ) {
        self.0.insert(name, Arc::new(function));
    }

    pub(in crate::sandbox) fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// Calls a function; `None` if it returns `null`, or if there is none of this name.
    pub(in crate::sandbox) fn call(&self, name: &str, values: &[Json]) -> Option<Json> {
        Some(self.0.get(name)?(values)).filter(|value| !value.is_null())
    }
}

impl fmt::Debug for Functions {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_set().entries(self.0.keys()).finish()
    }
}
