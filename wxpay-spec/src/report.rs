use std::cell::RefCell;
use std::collections::BTreeSet;

use crate::diagnostic::{Diagnostic, Diagnostics};

/// Collects the mistakes of all files while they are read.
#[derive(Debug, Default)]
pub(crate) struct Report(RefCell<Found>);

#[derive(Debug, Default)]
struct Found {
    diagnostics: Vec<Diagnostic>,
    /// Where they are: file and key path.
    places: BTreeSet<(String, String)>,
}

impl Report {
    pub(crate) fn add(&self, diagnostic: Diagnostic) {
        let mut found = self.0.borrow_mut();
        found.places.insert((diagnostic.file.clone(), diagnostic.key_path.clone()));
        found.diagnostics.push(diagnostic);
    }

    /// Whether a mistake was found at this very key of a file.
    pub(crate) fn has_at(&self, file: &str, key: &str) -> bool {
        self.0.borrow().places.contains(&(file.to_owned(), key.to_owned()))
    }

    /// Whether a mistake was found at this key of a file or below it.
    pub(crate) fn has(&self, file: &str, key: &str) -> bool {
        let begins = |start: String| {
            let found = self.0.borrow();
            let mut later = found.places.range((file.to_owned(), start.clone())..);
            later.next().is_some_and(|(place, key)| place == file && key.starts_with(&start))
        };
        self.has_at(file, key) || begins(format!("{key}.")) || begins(format!("{key}["))
    }

    /// The value if no mistake was found, else the mistakes.
    pub(crate) fn finish<T>(self, value: T) -> Result<T, Diagnostics> {
        match Diagnostics::new(self.0.into_inner().diagnostics) {
            Some(diagnostics) => Err(diagnostics),
            None => Ok(value),
        }
    }
}
