//! The report of a self-test.

use std::fmt;

/// The result of a self-test: one line for each check.
#[derive(Clone, Debug)]
#[must_use = "print it, or ask `is_ok`"]
pub struct SelfTest {
    checks: Vec<Check>,
}

/// One thing that was tested.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Check {
    /// The name of the check, such as `signing`.
    pub name: &'static str,
    /// How it went.
    pub outcome: CheckOutcome,
    /// The explanation: what was found, or what is wrong and what to do.
    pub explanation: String,
}

/// How a check went.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum CheckOutcome {
    /// It works.
    Passed,
    /// It works, but soon will not; the explanation says what to do.
    Warned,
    /// It does not work; the explanation says what to do.
    Failed,
    /// It could not be tested; the explanation says why.
    Skipped,
}

impl SelfTest {
    /// Whether no check failed. A warning is no failure.
    #[must_use]
    pub fn is_ok(&self) -> bool {
        self.checks.iter().all(|check| check.outcome != CheckOutcome::Failed)
    }

    /// Every check, in the order of testing.
    #[must_use]
    pub fn checks(&self) -> &[Check] {
        &self.checks
    }

    /// The check of this name.
    #[must_use]
    pub fn check(&self, name: &str) -> Option<&Check> {
        self.checks.iter().find(|check| check.name == name)
    }
}

impl fmt::Display for SelfTest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.checks.iter().try_for_each(|check| writeln!(f, "{check}"))
    }
}

impl fmt::Display for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let outcome = match self.outcome {
            CheckOutcome::Passed => "ok     ",
            CheckOutcome::Warned => "WARNING",
            CheckOutcome::Failed => "FAILED ",
            CheckOutcome::Skipped => "skipped",
        };
        write!(f, "{outcome} {}: {}", self.name, self.explanation)
    }
}

/// Checks as they are made.
#[derive(Debug, Default)]
pub(crate) struct Checks(Vec<Check>);

impl Checks {
    pub(crate) fn passed(&mut self, name: &'static str, found: impl Into<String>) -> &mut Self {
        self.add(name, CheckOutcome::Passed, found.into())
    }

    pub(crate) fn warned(&mut self, name: &'static str, advice: impl Into<String>) -> &mut Self {
        self.add(name, CheckOutcome::Warned, advice.into())
    }

    pub(crate) fn failed(&mut self, name: &'static str, advice: impl Into<String>) -> &mut Self {
        self.add(name, CheckOutcome::Failed, advice.into())
    }

    pub(crate) fn skipped(&mut self, name: &'static str, why: impl Into<String>) -> &mut Self {
        self.add(name, CheckOutcome::Skipped, why.into())
    }

    pub(crate) fn report(&mut self) -> SelfTest {
        SelfTest { checks: std::mem::take(&mut self.0) }
    }

    fn add(&mut self, name: &'static str, outcome: CheckOutcome, explanation: String) -> &mut Self {
        self.0.push(Check { name, outcome, explanation });
        self
    }
}
