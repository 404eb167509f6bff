//! Which operation a request is for.

use std::sync::Arc;

use percent_encoding::percent_decode_str;

use super::book::{Book, Operation};

/// All books that a sandbox answers by; the first that has a URL speaks for it.
#[derive(Clone, Debug)]
pub(super) struct Routes(Vec<Arc<Book>>);

/// The operation a request is for, and what stands in its URL's parameters.
#[derive(Clone, Debug)]
pub(super) struct Route {
    book: Arc<Book>,
    index: usize,
    /// Names and decoded values, in the URL's order.
    pub(super) path_values: Vec<(String, String)>,
}

/// Why there is no operation.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum NoRoute {
    UnknownUrl,
    /// The URL exists, with these methods.
    OtherMethods(Vec<String>),
}

impl Routes {
    pub(super) fn new(books: Vec<Arc<Book>>) -> Self {
        Self(books)
    }

    pub(super) fn books(&self) -> &[Arc<Book>] {
        &self.0
    }

    /// Finds the operation; a literal segment goes before a parameter.
    pub(super) fn find(&self, method: &str, path: &str) -> Result<Route, NoRoute> {
        let mut best: Option<(Vec<bool>, Route)> = None;
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
                    best = Some((fit.literals, Route { book, index, path_values: fit.values }));
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

impl Route {
    pub(super) fn book(&self) -> &Book {
        &self.book
    }

    pub(super) fn operation(&self) -> Option<&Operation> {
        self.book.operations.get(self.index)
    }
}

/// Whether a path is one that the template describes.
pub(super) fn fits(template: &str, path: &str) -> bool {
    template == path || fit(template, path).is_some()
}

struct Fit {
    /// For each segment, whether it is written in the template; compared in order, more is better.
    literals: Vec<bool>,
    values: Vec<(String, String)>,
}

/// Compares segment by segment, so that a slash at the end counts.
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
