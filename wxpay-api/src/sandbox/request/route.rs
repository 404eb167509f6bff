//! Finds the operation of a request.

use std::sync::Arc;

use percent_encoding::percent_decode_str;

use super::SandboxRequest;
use crate::sandbox::book::{Book, BookOperation};

/// The operations of all books. If two books have the same URL, the first one counts.
#[derive(Clone, Debug)]
pub(in crate::sandbox) struct Routes(Vec<Arc<Book>>);

/// The operation of a request, and the values of its URL's parameters.
#[derive(Clone, Debug)]
pub(in crate::sandbox) struct MatchedRoute {
    book: Arc<Book>,
    index: usize,
    /// Names and decoded values, in the URL's order.
    pub(in crate::sandbox) path_values: Vec<(String, String)>,
}

/// Why no operation was found.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(in crate::sandbox) enum NoRoute {
    UnknownUrl,
    /// The URL exists, but with these methods.
    OtherMethods(Vec<String>),
}

impl Routes {
    pub(in crate::sandbox) fn new(books: Vec<Arc<Book>>) -> Self {
        Self(books)
    }

    pub(in crate::sandbox) fn books(&self) -> &[Arc<Book>] {
        &self.0
    }

    /// Finds the operation. A literal segment is preferred to a parameter.
    pub(in crate::sandbox) fn find(
        &self,
        method: &str,
        path: &str,
    ) -> Result<MatchedRoute, NoRoute> {
        let mut best: Option<(Vec<bool>, MatchedRoute)> = None;
        let mut other_methods = Vec::new();
        for book in &self.0 {
            for (index, operation) in book.operations.iter().enumerate() {
                let Some(fit) = fit(&operation.path, path) else {
                    continue;
                };
                if operation.method != method {
                    if !other_methods.contains(&operation.method) {
                        other_methods.push(operation.method.clone());
                    }
                } else if best.as_ref().is_none_or(|(literals, _)| fit.literals > *literals) {
                    let book = Arc::clone(book);
                    best =
                        Some((fit.literals, MatchedRoute { book, index, path_values: fit.values }));
                }
            }
        }
        match best {
            Some((_, route)) => Ok(route),
            None if other_methods.is_empty() => Err(NoRoute::UnknownUrl),
            None => Err(NoRoute::OtherMethods(other_methods)),
        }
    }
}

impl MatchedRoute {
    pub(in crate::sandbox) fn book(&self) -> &Book {
        &self.book
    }

    pub(in crate::sandbox) fn operation(&self) -> Option<&BookOperation> {
        self.book.operations.get(self.index)
    }
}

/// Returns whether a path matches a URL template.
fn fits(template: &str, path: &str) -> bool {
    template == path || fit(template, path).is_some()
}

struct Fit {
    /// For each segment, whether it is literal. The candidates' lists are compared in order.
    literals: Vec<bool>,
    values: Vec<(String, String)>,
}

/// Compares segment by segment, so that a trailing slash makes a difference.
fn fit(template: &str, path: &str) -> Option<Fit> {
    let mut fit = Fit { literals: Vec::new(), values: Vec::new() };
    let mut segments = path.split('/');
    for wanted in template.split('/') {
        let found = percent_decode_str(segments.next()?).decode_utf8().ok()?;
        match wanted.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
            Some(_) if found.is_empty() => return None,
            Some(name) => fit.values.push((name.to_owned(), found.into_owned())),
            None if found != wanted => return None,
            None => {}
        }
        fit.literals.push(!wanted.starts_with('{'));
    }
    segments.next().is_none().then_some(fit)
}

/// The requests that a test selects: an operation by its documented URL, or one call by its own.
#[derive(Clone, Debug)]
pub(in crate::sandbox) struct RequestPattern {
    method: String,
    template: String,
}

impl RequestPattern {
    pub(in crate::sandbox) fn new(method: &str, template: &str) -> Self {
        Self { method: method.to_ascii_uppercase(), template: template.to_owned() }
    }

    /// Returns the method and the path of the pattern.
    pub(in crate::sandbox) fn url(&self) -> (&str, &str) {
        (&self.method, &self.template)
    }

    /// Returns whether the pattern selects a request.
    pub(in crate::sandbox) fn matches(
        &self,
        request: &SandboxRequest,
        route: Option<&MatchedRoute>,
    ) -> bool {
        let operation =
            route.and_then(MatchedRoute::operation).map(|operation| operation.path.as_str());
        self.matches_url(request.method.as_str(), request.path(), operation)
    }

    /// Compares with an operation's template; without an operation, with the path itself.
    pub(in crate::sandbox) fn matches_url(
        &self,
        method: &str,
        path: &str,
        operation: Option<&str>,
    ) -> bool {
        let same_url = match operation {
            Some(operation) => same_url(operation, &self.template) || self.template == path,
            None => fits(&self.template, path),
        };
        self.method == method && same_url
    }
}

/// Returns whether two templates differ in the names of their parameters only.
fn same_url(one: &str, other: &str) -> bool {
    let same = |(one, other): (&str, &str)| {
        one == other || (one.starts_with('{') && other.starts_with('{'))
    };
    one.split('/').count() == other.split('/').count()
        && one.split('/').zip(other.split('/')).all(same)
}
