use std::collections::BTreeMap;

use crate::cursor::Cursor;
use crate::grammar::FAMILY_NAME;
use crate::model::Endpoint;

/// A URL's descriptor stands at the URL's own place.
pub(super) fn check(file: &Cursor<'_>, endpoint: &Endpoint) {
    let Some(at) = path(file) else { return };
    let place = format!("endpoints{}.yaml", endpoint.path.trim_end_matches('/'));
    if file.file() != place {
        let message = format!("`{}` does not belong in this file", endpoint.path);
        at.error(&message, Some(format!("expected in the file `{place}`")));
    }
    if !FAMILY_NAME.accepts(&endpoint.family) {
        let help = "list the beginning of the path under a family in `families.yaml`";
        at.error("the path belongs to no family", Some(help.to_owned()));
    }
}

/// A URL has one descriptor.
pub(super) fn check_unique<'a>(endpoints: impl Iterator<Item = (Cursor<'a>, &'a Endpoint)>) {
    let mut files = BTreeMap::new();
    for (file, endpoint) in endpoints {
        let Some(at) = path(&file) else { continue };
        if let Some(other) = files.insert(endpoint.path.as_str(), file.file()) {
            at.error(&format!("`{}` is described by `{other}` too", endpoint.path), None);
        }
    }
}

/// The key `path`, unless it has a mistake that has been reported.
fn path<'a>(file: &Cursor<'a>) -> Option<Cursor<'a>> {
    file.get("path").filter(|at| !at.has_mistake())
}
