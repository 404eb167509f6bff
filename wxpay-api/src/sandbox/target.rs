//! Which requests a test means.

use super::request::Request;
use super::route::{self, Route};

/// An operation, by its URL as documented, or the URL of one call.
#[derive(Clone, Debug)]
pub(super) struct Target {
    method: String,
    template: String,
}

impl Target {
    pub(super) fn new(method: &str, template: &str) -> Self {
        Self { method: method.to_ascii_uppercase(), template: template.to_owned() }
    }

    pub(super) fn is_of(&self, request: &Request, route: Option<&Route>) -> bool {
        let operation = route.and_then(Route::operation).map(|operation| operation.path.as_str());
        self.is_at(request.method.as_str(), request.path(), operation)
    }

    /// An operation is meant by its template; a URL without an operation by any that fits.
    pub(super) fn is_at(&self, method: &str, path: &str, operation: Option<&str>) -> bool {
        let same_url = match operation {
            Some(operation) => same_url(operation, &self.template) || self.template == path,
            None => route::fits(&self.template, path),
        };
        self.method == method && same_url
    }
}

/// Whether two URLs as documented are the same but for the names of their parameters.
fn same_url(one: &str, other: &str) -> bool {
    let same = |(one, other): (&str, &str)| {
        one == other || (one.starts_with('{') && other.starts_with('{'))
    };
    one.split('/').count() == other.split('/').count()
        && one.split('/').zip(other.split('/')).all(same)
}
