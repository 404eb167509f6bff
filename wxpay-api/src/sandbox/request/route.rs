//! Finds the operation of a request.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use percent_encoding::percent_decode_str;

use super::SandboxRequest;
use crate::sandbox::bills::links::is_link;
use crate::sandbox::book::{Book, BookOperation};
use crate::sandbox::error::SandboxError;
use crate::sandbox::suggestion::closest_operations;

/// The operations of all books. If two books have the same URL, the first one counts.
#[derive(Clone, Debug)]
pub(in crate::sandbox) struct Routes {
    books: Vec<Arc<Book>>,
    /// The operations by the literal beginning of their paths, in the books' order.
    by_beginning: BTreeMap<String, Vec<Place>>,
    /// The operations that have a parameter at the beginning of their paths.
    by_parameter: Vec<Place>,
    /// Methods and paths of operations without a descriptor.
    undescribed: Vec<(String, String)>,
}

/// A book and one of its operations, by their indices.
type Place = (usize, usize);

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
    pub(in crate::sandbox) fn new(
        books: Vec<Arc<Book>>,
        undescribed: Vec<(String, String)>,
    ) -> Self {
        let mut by_beginning: BTreeMap<_, Vec<Place>> = BTreeMap::new();
        let mut by_parameter = Vec::new();
        for (book, operations) in books.iter().map(|book| &book.operations).enumerate() {
            for (index, operation) in operations.iter().enumerate() {
                match beginning(&operation.path) {
                    known if known.contains('{') => by_parameter.push((book, index)),
                    known => by_beginning.entry(known.to_owned()).or_default().push((book, index)),
                }
            }
        }
        Self { books, by_beginning, by_parameter, undescribed }
    }

    pub(in crate::sandbox) fn books(&self) -> &[Arc<Book>] {
        &self.books
    }

    /// Returns the requests that a test selects, and the route to their operation if a descriptor has it.
    ///
    /// Fails for a URL that nothing has, so that a typo does not select nothing.
    pub(in crate::sandbox) fn select(
        &self,
        method: &str,
        path: &str,
    ) -> Result<(RequestPattern, Option<MatchedRoute>), SandboxError> {
        let (method, template) = (method.to_ascii_uppercase(), path.to_owned());
        if let Ok(route) = self.find(&method, path) {
            let operation = route.operation().map(|operation| operation.path.clone());
            return Ok((RequestPattern { method, template, operation }, Some(route)));
        }
        let is_known = |(known, url): &(String, String)| *known == method && fits(url, path);
        if self.undescribed.iter().any(is_known) || (method == "GET" && is_link(path)) {
            return Ok((RequestPattern { method, template, operation: None }, None));
        }
        let operations = self.books.iter().flat_map(|book| &book.operations);
        let known = operations.map(|operation| (operation.method.as_str(), &*operation.path));
        let suggestions = closest_operations(&method, path, known);
        Err(SandboxError::UnknownOperation { method, path: template, suggestions })
    }

    /// Finds the operation. A literal segment is preferred to a parameter.
    pub(in crate::sandbox) fn find(
        &self,
        method: &str,
        path: &str,
    ) -> Result<MatchedRoute, NoRoute> {
        let mut best: Option<(Vec<bool>, MatchedRoute)> = None;
        let mut other_methods = Vec::new();
        for (book, index) in self.candidates(path) {
            let Some(operation) = book.operations.get(index) else { continue };
            let Some(fit) = fit(&operation.path, path) else { continue };
            if operation.method != method {
                if !other_methods.contains(&operation.method) {
                    other_methods.push(operation.method.clone());
                }
            } else if best.as_ref().is_none_or(|(literals, _)| fit.literals > *literals) {
                let book = Arc::clone(book);
                let values = fit.values.into_iter();
                let path_values = values.map(|(name, value)| (name.to_owned(), value)).collect();
                best = Some((fit.literals, MatchedRoute { book, index, path_values }));
            }
        }
        match best {
            Some((_, route)) => Ok(route),
            None if other_methods.is_empty() => Err(NoRoute::UnknownUrl),
            None => Err(NoRoute::OtherMethods(other_methods)),
        }
    }

    /// Returns the operations that a path may fit. The catalogue has a thousand, few of which begin like the path.
    fn candidates(&self, path: &str) -> impl Iterator<Item = (&Arc<Book>, usize)> {
        // Escapes are decoded segment by segment, so that such a path is compared with all.
        let is_escaped = beginning(path).contains('%');
        let all = is_escaped.then(|| self.by_beginning.values().flatten());
        let known = self.by_beginning.get(beginning(path)).into_iter().flatten();
        let places = known.chain(all.into_iter().flatten()).chain(&self.by_parameter);
        places.filter_map(|(book, index)| Some((self.books.get(*book)?, *index)))
    }
}

/// The first two segments of a path or of a URL template, such as `/v3/pay`.
fn beginning(path: &str) -> &str {
    path.match_indices('/').nth(2).map_or(path, |(end, _)| path.split_at(end).0)
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

/// How a path fits a URL template.
pub(in crate::sandbox) struct UrlFit<'t> {
    /// For each segment, whether it is literal. The candidates' lists are compared in order.
    literals: Vec<bool>,
    /// Names and decoded values of the parameters.
    pub(in crate::sandbox) values: Vec<(&'t str, String)>,
}

/// Compares segment by segment, so that a trailing slash makes a difference.
pub(in crate::sandbox) fn fit<'t>(template: &'t str, path: &str) -> Option<UrlFit<'t>> {
    // A request is compared with many templates: those that cannot fit cost no allocation.
    let mut pairs = template.split('/').zip(path.split('/'));
    if !pairs.all(|(wanted, found)| may_fit(wanted, found)) {
        return None;
    }
    let mut fit = UrlFit { literals: Vec::new(), values: Vec::new() };
    let mut segments = path.split('/');
    for wanted in template.split('/') {
        let found = percent_decode_str(segments.next()?).decode_utf8().ok()?;
        match wanted.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
            Some(_) if found.is_empty() => return None,
            Some(name) => fit.values.push((name, found.into_owned())),
            None if found != wanted => return None,
            None => {}
        }
        fit.literals.push(!wanted.starts_with('{'));
    }
    segments.next().is_none().then_some(fit)
}

/// Returns whether a segment may fit once it is decoded.
fn may_fit(wanted: &str, found: &str) -> bool {
    wanted == found || wanted.starts_with('{') || found.contains('%')
}

/// The requests that a test selects: an operation by its documented URL, or one call by its own.
#[derive(Clone, Debug)]
pub(in crate::sandbox) struct RequestPattern {
    method: String,
    template: String,
    /// The documented path of the operation; `None` without a descriptor.
    operation: Option<String>,
}

impl RequestPattern {
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

    /// Compares with a request's method, path and operation.
    pub(in crate::sandbox) fn matches_url(
        &self,
        method: &str,
        path: &str,
        operation: Option<&str>,
    ) -> bool {
        self.method == method
            && self.operation.as_deref() == operation
            && fits(&self.template, path)
    }

    /// Returns the name of the operation, such as `POST /v3/payscore/serviceorder/{out_order_no}/cancel`.
    pub(in crate::sandbox) fn operation(&self) -> Option<String> {
        self.operation.as_ref().map(|path| format!("{} {path}", self.method))
    }

    /// Returns whether the pattern selects every request of its operation.
    pub(in crate::sandbox) fn selects_whole_operation(&self) -> bool {
        let is_parameter = |segment: &str| segment.starts_with('{');
        self.operation.as_ref().is_some_and(|operation| {
            let mut pairs = operation.split('/').zip(self.template.split('/'));
            pairs.all(|(wanted, found)| !is_parameter(wanted) || is_parameter(found))
        })
    }
}

impl fmt::Display for RequestPattern {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {}", self.method, self.template)
    }
}
