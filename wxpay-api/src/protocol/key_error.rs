//! What is wrong with a key, certificate or id that was configured.

use std::fmt;
use std::path::{Path, PathBuf};

use super::excerpt::excerpt_of;
use super::{KeyItem, KeyProblem};

/// A key, certificate or id that cannot be used: which one, from which file, and why.
///
/// Neither `Display` nor `Debug` shows any key material.
#[derive(Debug)]
pub struct KeyError {
    item: KeyItem,
    path: Option<PathBuf>,
    problem: KeyProblem,
}

impl KeyError {
    /// Which of the configured items is at fault.
    #[must_use]
    pub fn item(&self) -> KeyItem {
        self.item
    }

    /// The file it came from, if it came from one.
    #[must_use]
    pub fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    /// What is wrong with it.
    #[must_use]
    pub fn problem(&self) -> &KeyProblem {
        &self.problem
    }

    pub(crate) fn new(item: KeyItem, problem: KeyProblem) -> Self {
        Self { item, path: None, problem }
    }

    /// The same error about the item under the name that the configuration gives it.
    pub(crate) fn about(self, item: KeyItem) -> Self {
        Self { item, ..self }
    }

    pub(crate) fn in_file(self, path: &Path) -> Self {
        Self { path: Some(path.to_owned()), ..self }
    }
}

/// A path or a name inside a certificate may be anything, and must not flood a log.
const LONGEST: usize = 600;

impl fmt::Display for KeyError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", self.item)?;
        if let Some(path) = &self.path {
            write!(formatter, " in {}", excerpt_of(&path.to_string_lossy(), LONGEST))?;
        }
        write!(formatter, ": {}", excerpt_of(&self.problem.to_string(), LONGEST))?;
        match (&self.problem, self.item.members()) {
            (KeyProblem::IsAPath, Some((_, file))) => {
                write!(formatter, "; give a path as `{file}` (WXPAY_{})", file.to_uppercase())?;
            }
            (KeyProblem::NotAPath, Some((text, _))) => {
                write!(
                    formatter,
                    "; give the content as `{text}` (WXPAY_{})",
                    text.to_uppercase()
                )?;
            }
            _ => {}
        }
        match self.item.source_of_supply() {
            Some(source) if self.problem.is_another_thing() => {
                write!(formatter, "; needed is {source}")
            }
            _ => Ok(()),
        }
    }
}

impl std::error::Error for KeyError {}
