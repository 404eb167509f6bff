use super::node::Mapping;
use super::operation::operation;
use crate::model::Endpoint;

pub(super) fn endpoint(endpoint: &Endpoint) -> Mapping {
    let mut file = Mapping::default();
    file.text("path", Some(&endpoint.path));
    file.text("host", endpoint.host.as_deref());
    let mut names = Mapping::default();
    for (wire, rust) in &endpoint.names {
        names.text(wire, Some(rust));
    }
    file.mapping("names", names);
    for (method, described) in &endpoint.operations {
        file.push(method.key(), operation(*method, described, &endpoint.family));
    }
    file
}
