//! The errors of generating: why descriptors cannot become Rust.

use std::collections::BTreeSet;
use std::fmt;

/// All reasons why valid descriptors cannot become Rust.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Errors(BTreeSet<Error>);

/// One reason why descriptors cannot become Rust.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Error {
    /// The places in the descriptors, each a file and the keys that lead to the entry.
    pub places: Vec<String>,
    /// The problem, and how to solve it.
    pub message: String,
}

impl Errors {
    /// The errors, sorted by place.
    pub fn iter(&self) -> impl Iterator<Item = &Error> {
        self.0.iter()
    }

    pub(crate) fn add(&mut self, error: Error) {
        self.0.insert(error);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Error {
    pub(crate) fn new(place: impl ToString, message: impl Into<String>) -> Self {
        Self { places: vec![place.to_string()], message: message.into() }
    }

    /// An error of two places. Their order does not depend on which was found first.
    pub(crate) fn between(
        one: impl ToString,
        other: impl ToString,
        message: impl Into<String>,
    ) -> Self {
        let mut places = vec![one.to_string(), other.to_string()];
        places.sort();
        Self { places, message: message.into() }
    }
}

/// The error for tokens that are not Rust, which is a mistake of the generator.
pub(crate) fn unprintable(file: &str, error: &syn::Error) -> Error {
    Error::new(
        format!("generated {file}"),
        format!("the generator made invalid Rust, please report it: {error}"),
    )
}

impl std::error::Error for Errors {}

impl std::error::Error for Error {}

impl fmt::Display for Errors {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, error) in self.iter().enumerate() {
            let separator = if index == 0 { "" } else { "\n" };
            write!(out, "{separator}{error}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Error {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for place in &self.places {
            writeln!(out, "{place}")?;
        }
        write!(out, "  {}", self.message)
    }
}
