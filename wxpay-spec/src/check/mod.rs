//! What takes more than one place to decide: the file's name, other members, other files.

mod body;
mod enum_member;
mod example;
mod example_value;
mod family;
mod member_names;
mod natural_key;
mod notification_condition;
mod notification_exclusion;
mod notification_names;
mod only_sent;
mod path_parameters;
mod place;
mod recursion;
mod reference;
mod reserved_header;
mod segment_names;
mod unused;

use crate::cursor::Cursor;
use crate::model::{Endpoint, Spec};
use crate::sources::Sources;

/// Checks a spec and reads its examples, which takes all its types.
pub(crate) fn check(spec: &mut Spec, sources: &Sources<'_>) {
    family::check(spec, sources);
    place::check_unique(endpoints(spec, sources));
    for (file, endpoint) in endpoints(spec, sources) {
        place::check(&file, endpoint);
        path_parameters::check_unique(&file, endpoint);
        for (method, operation) in &endpoint.operations {
            let Some(at) = file.get(method.key()) else {
                continue;
            };
            path_parameters::check(&at, endpoint, operation);
            reserved_header::check(&at);
            member_names::check(&at, operation, &spec.types);
            natural_key::check(&at, operation, &spec.types);
            only_sent::check_pairs(&at, operation, &spec.types);
        }
    }
    only_sent::check(spec, sources);
    segment_names::check(spec, sources);
    notification_condition::check(spec, sources);
    notification_exclusion::check(spec, sources);
    notification_names::check(spec, sources);
    if !sources.is_unreadable("families.yaml") {
        let references = reference::collect(spec, sources);
        let missed = reference::check(&references, spec, sources);
        enum_member::check(&references, &spec.types);
        recursion::check(&references);
        unused::check(spec, &references, &missed, sources);
    }
    example::fill(spec, sources);
}

fn endpoints<'a>(
    spec: &'a Spec,
    sources: &'a Sources<'_>,
) -> impl Iterator<Item = (Cursor<'a>, &'a Endpoint)> {
    spec.endpoints.values().filter_map(|endpoint| Some((sources.file(&endpoint.source)?, endpoint)))
}
