//! Collects everything that is wrong, so that one run reports it all.

use std::fmt::Display;

#[derive(Default)]
pub(crate) struct Findings(Vec<String>);

impl Findings {
    /// Records what is wrong with an operation or a notification.
    pub(crate) fn add(&mut self, subject: impl Display, what: impl Display) {
        self.0.push(format!("{subject}: {what}"));
    }

    pub(crate) fn add_all(
        &mut self,
        subject: impl Display,
        what: impl IntoIterator<Item = impl Display>,
    ) {
        what.into_iter().for_each(|what| self.add(&subject, what));
    }

    /// Records a difference.
    pub(crate) fn compare<T: PartialEq + std::fmt::Debug>(
        &mut self,
        subject: impl Display,
        what: impl Display,
        expected: T,
        found: T,
    ) {
        if expected != found {
            self.add(subject, format_args!("{what}: expected {expected:?}, found {found:?}"));
        }
    }

    /// Fails with everything that was found.
    #[track_caller]
    pub(crate) fn assert_none(self) {
        assert!(self.0.is_empty(), "{} findings\n{}", self.0.len(), self.0.join("\n"));
    }
}
