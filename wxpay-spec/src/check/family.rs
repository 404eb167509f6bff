use std::collections::BTreeMap;

use crate::model::{CORE, Spec};
use crate::sources::{FileKind, Sources};
use crate::suggestion::suggest;

/// Families' prefixes differ, and what names a family means one that there is.
pub(super) fn check(spec: &Spec, sources: &Sources<'_>) {
    prefixes(sources);
    if sources.is_unreadable("families.yaml") {
        return;
    }
    let known = known(spec, sources);
    for (kind, root) in sources.iter() {
        let FileKind::Notification { .. } = kind else {
            continue;
        };
        let Some(at) = root.get("family") else {
            continue;
        };
        let Some(family) = at.text() else { continue };
        if !known.contains(&family) {
            at.error(&format!("no family `{family}`"), suggest(family, known.iter().copied()));
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
                        &format!("`{prefix}` belongs to the family `{other}` already"),
                        None,
                    );
                }
                _ => {}
            }
        }
    }
}

/// The families that are listed, have an endpoint or have types.
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
