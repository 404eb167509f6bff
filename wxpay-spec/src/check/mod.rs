//! Checks rules that need more than one place: the file's name, other members, other files.

mod example;
mod example_value;
mod family;
mod lifecycle;
mod notification;
mod paging;
mod reference;
mod request;
mod segment_names;
mod type_graph;
mod url;

use crate::cursor::Cursor;
use crate::model::{Endpoint, Spec};
use crate::sources::Sources;

/// Checks a spec and fills in its examples, which need all its types.
pub(crate) fn check(spec: &mut Spec, sources: &Sources<'_>) {
    family::check(spec, sources);
    url::check_unique_url(endpoints(spec, sources));
    for (file, endpoint) in endpoints(spec, sources) {
        url::check_place(&file, endpoint);
        url::check_unique_parameters(&file, endpoint);
        for (method, operation) in &endpoint.operations {
            let Some(at) = file.get(method.key()) else {
                continue;
            };
            url::check_parameters(&at, endpoint, operation);
            request::check_reserved_headers(&at);
            request::check_member_names(&at, operation, &spec.types);
            request::check_natural_key(&at, operation, &spec.types);
            request::check_exclusions(&at, operation, &spec.types);
            paging::check(&at, operation, &spec.types);
        }
    }
    request::check_only_sent(spec, sources);
    segment_names::check(spec, sources);
    notification::check_conditions(spec, sources);
    notification::check_exclusions(spec, sources);
    notification::check_names(spec, sources);
    lifecycle::check(spec, sources);
    if !sources.is_unreadable("families.yaml") {
        let references = reference::collect(spec, sources);
        let missed = reference::check(&references, spec, sources);
        reference::check_text_members(&references, &spec.types);
        type_graph::check_recursion(&references);
        type_graph::check_size(spec, &references);
        type_graph::check_unused(spec, &references, &missed, sources);
    }
    example::fill(spec, sources);
}

fn endpoints<'a>(
    spec: &'a Spec,
    sources: &'a Sources<'_>,
) -> impl Iterator<Item = (Cursor<'a>, &'a Endpoint)> {
    spec.endpoints.values().filter_map(|endpoint| Some((sources.file(&endpoint.source)?, endpoint)))
}
