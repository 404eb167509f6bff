//! Mistakes in descriptors, and the report that collects them.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fmt;

/// One mistake in a descriptor file.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Diagnostic {
    /// The file below the descriptor folder, with `/`.
    pub file: String,
    /// The line, counted from 1.
    pub line: usize,
    /// The column in characters, counted from 1.
    pub column: usize,
    /// The keys that lead to the mistake, for example `post.request.amount.type`; empty for the file.
    pub key_path: String,
    /// What is wrong.
    pub message: String,
    /// What was expected, or what the author probably meant.
    pub help: Option<String>,
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}: ", self.file, self.line, self.column)?;
        if !self.key_path.is_empty() {
            write!(f, "{}: ", self.key_path)?;
        }
        f.write_str(&self.message)?;
        match &self.help {
            Some(help) => write!(f, "\n    {help}"),
            None => Ok(()),
        }
    }
}

/// Every mistake of a descriptor folder, sorted by file, line and column; never empty.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Diagnostics(Vec<Diagnostic>);

impl Diagnostics {
    /// Sorts the mistakes. `None` without mistakes.
    pub(crate) fn new(mut found: Vec<Diagnostic>) -> Option<Self> {
        found.sort();
        found.dedup();
        if found.is_empty() { None } else { Some(Self(found)) }
    }

    /// Returns the mistakes in order.
    pub fn iter(&self) -> std::slice::Iter<'_, Diagnostic> {
        self.0.iter()
    }
}

impl<'a> IntoIterator for &'a Diagnostics {
    type Item = &'a Diagnostic;
    type IntoIter = std::slice::Iter<'a, Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl fmt::Display for Diagnostics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, diagnostic) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            diagnostic.fmt(f)?;
        }
        Ok(())
    }
}

impl std::error::Error for Diagnostics {}

/// Collects the mistakes of all files while the loader reads them.
#[derive(Debug, Default)]
pub(crate) struct Report(RefCell<Reported>);

#[derive(Debug, Default)]
struct Reported {
    diagnostics: Vec<Diagnostic>,
    /// The file and the key path of each mistake.
    places: BTreeSet<(String, String)>,
}

impl Report {
    pub(crate) fn add(&self, diagnostic: Diagnostic) {
        let mut found = self.0.borrow_mut();
        found.places.insert((diagnostic.file.clone(), diagnostic.key_path.clone()));
        found.diagnostics.push(diagnostic);
    }

    /// Whether a mistake was found at exactly this key of a file.
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

    /// Returns the value if no mistake was found, else the mistakes.
    pub(crate) fn finish<T>(self, value: T) -> Result<T, Diagnostics> {
        match Diagnostics::new(self.0.into_inner().diagnostics) {
            Some(diagnostics) => Err(diagnostics),
            None => Ok(value),
        }
    }
}
