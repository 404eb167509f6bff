//! Checks families: no prefix twice, and every named family exists.

use std::collections::BTreeMap;

use crate::model::{CORE, Spec};
use crate::sources::{FileKind, Sources};
use crate::suggestion::suggest;

/// Checks that no two families have the same prefix, and that notifications and lifecycles name existing families.
pub(super) fn check(spec: &Spec, sources: &Sources<'_>) {
    prefixes(sources);
    if sources.is_unreadable("families.yaml") {
        return;
    }
    let known = known(spec, sources);
    for (kind, root) in sources.iter() {
        if !matches!(kind, FileKind::Notification { .. } | FileKind::Lifecycle { .. }) {
            continue;
        }
        let Some(at) = root.get("family") else {
            continue;
        };
        let Some(family) = at.text() else { continue };
        if !known.contains(&family) {
            at.error(
                &format!("the family `{family}` does not exist"),
                suggest(family, known.iter().copied()),
            );
        }
    }
}

fn prefixes(sources: &Sources<'_>) {
    let mut seen = BTreeMap::new();
    let Some(root) = sources.file("families.yaml") else {
        return;
    };
    for (name, family) in root.entries() {
        let Some(paths) = family.get("paths") else {
            continue;
        };
        for path in paths.items() {
            let Some(prefix) = path.text() else { continue };
            match seen.insert(prefix, name) {
                Some(other) if other != name => {
                    path.error(
                        &format!("`{prefix}` already belongs to the family `{other}`"),
                        None,
                    );
                }
                _ => {}
            }
        }
    }
}

/// The families that are listed, or that have an endpoint or types.
fn known<'a>(spec: &'a Spec, sources: &'a Sources<'_>) -> Vec<&'a str> {
    let listed = spec.families.by_name.keys().map(String::as_str);
    let used = spec.endpoints.values().map(|endpoint| endpoint.family.as_str());
    let typed = sources.iter().filter_map(|(kind, _)| match kind {
        FileKind::Types { family } => Some(family.as_str()),
        _ => None,
    });
    let mut known: Vec<&str> = listed.chain(used).chain(typed).chain([CORE]).collect();
    known.sort_unstable();
    known.dedup();
    known
}
