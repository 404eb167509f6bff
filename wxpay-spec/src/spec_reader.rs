use crate::diagnostic::Diagnostics;
use crate::grammar::{ENDPOINT, FAMILIES, NAMED_TYPES, NOTIFICATION, conform};
use crate::model::{Endpoint, Spec};
use crate::report::Report;
use crate::source::{FileKind, SourceFile};
use crate::sources::{Sources, Text};
use crate::{check, read as reader};

/// Reads and checks descriptors that are already in memory.
///
/// # Errors
///
/// Every mistake in every file.
pub fn read(files: impl IntoIterator<Item = SourceFile>) -> Result<Spec, Diagnostics> {
    read_texts(files.into_iter().map(|file| (file.path, Ok(file.text))))
}

pub(crate) fn read_texts(
    texts: impl IntoIterator<Item = (String, Text)>,
) -> Result<Spec, Diagnostics> {
    let report = Report::default();
    let sources = Sources::parse(texts, &report);
    check_structure(&sources);
    let mut spec = build(&sources);
    check::check(&mut spec, &sources);
    let by_path = |endpoint: Endpoint| (endpoint.path.clone(), endpoint);
    spec.endpoints = spec.endpoints.into_values().map(by_path).collect();
    report.finish(spec)
}

fn check_structure(sources: &Sources<'_>) {
    for (kind, root) in sources.iter() {
        let grammar = match kind {
            FileKind::Families => &FAMILIES,
            FileKind::Types { .. } => &NAMED_TYPES,
            FileKind::Endpoint => &ENDPOINT,
            FileKind::Notification { .. } => &NOTIFICATION,
        };
        conform(&root, grammar);
    }
}

/// The endpoints go by file here, because two files may claim one URL until that has been checked.
fn build(sources: &Sources<'_>) -> Spec {
    let mut spec = Spec::default();
    if let Some(root) = sources.file("families.yaml") {
        spec.families = reader::families(&root);
    }
    for (kind, root) in sources.iter() {
        match kind {
            FileKind::Families => {}
            FileKind::Types { family } => spec.types.extend(reader::named_types(&root, family)),
            FileKind::Endpoint => {
                let endpoint = reader::endpoint(&root, &spec.families);
                spec.endpoints.insert(endpoint.source.clone(), endpoint);
            }
            FileKind::Notification { place } => {
                spec.notifications.insert(place.clone(), reader::notification(&root));
            }
        }
    }
    spec
}
