use std::collections::BTreeMap;

use crate::model::Spec;
use crate::sources::Sources;

/// Two notifications have not the same hand-chosen name.
pub(super) fn check(spec: &Spec, sources: &Sources<'_>) {
    let mut seen = BTreeMap::new();
    for (place, notification) in &spec.notifications {
        let Some(name) = &notification.rust else {
            continue;
        };
        let file = sources.file(&notification.source);
        if let (Some(other), Some(at)) =
            (seen.insert(name, place), file.and_then(|file| file.get("rust")))
        {
            at.error(&format!("`{name}` is the name of `{other}` already"), None);
        }
    }
}
