use std::collections::BTreeMap;

use super::{hand_chosen, operation};
use crate::cursor::Cursor;
use crate::model::{Endpoint, Families, Method};

/// A file below `endpoints/`.
pub(crate) fn endpoint(at: &Cursor<'_>, families: &Families) -> Endpoint {
    let path = at.text_of("path").unwrap_or_default();
    let family = families.of_path(&path);
    let operations = Method::ALL
        .into_iter()
        .filter_map(|method| {
            let entry = at.get(method.key())?;
            Some((method, operation::operation(&entry, method, &family)))
        })
        .collect();
    Endpoint {
        source: at.file().to_owned(),
        host: at.text_of("host"),
        names: at.get("names").map(|names| segment_names(&names)).unwrap_or_default(),
        path,
        family,
        operations,
    }
}

fn segment_names(at: &Cursor<'_>) -> BTreeMap<String, String> {
    at.entries().filter_map(|(wire, _)| Some((wire.to_owned(), hand_chosen(at, wire)?))).collect()
}
