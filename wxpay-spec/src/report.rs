use std::cell::RefCell;

use crate::diagnostic::{Diagnostic, Diagnostics};

/// Collects the mistakes of all files while they are read.
#[derive(Debug, Default)]
pub(crate) struct Report(RefCell<Vec<Diagnostic>>);

impl Report {
    pub(crate) fn add(&self, diagnostic: Diagnostic) {
        self.0.borrow_mut().push(diagnostic);
    }

    /// Whether a mistake was found at this key of a file or below it.
    pub(crate) fn has(&self, file: &str, key: &str) -> bool {
        self.0.borrow().iter().any(|found| {
            found.file == file
                && found
                    .key_path
                    .strip_prefix(key)
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
        })
    }

    /// The value if no mistake was found, else the mistakes.
    pub(crate) fn finish<T>(self, value: T) -> Result<T, Diagnostics> {
        match Diagnostics::new(self.0.into_inner()) {
            Some(diagnostics) => Err(diagnostics),
            None => Ok(value),
        }
    }
}
