//! The report of a soak: what was done, and which promises held.

use std::error::Error;
use std::fmt::Display;

/// The error of a soak that could not run.
pub(crate) type Failure = Box<dyn Error + Send + Sync>;

/// How many broken promises of one kind are shown whole.
const SHOWN: usize = 10;

/// Facts and promises, in the order of the table.
#[derive(Debug, Default)]
pub(crate) struct Report {
    rows: Vec<[String; 3]>,
    broken: Vec<String>,
}

impl Report {
    /// Adds what was done.
    pub(crate) fn fact(&mut self, name: &str, measured: impl Display) {
        self.rows.push([name.to_owned(), measured.to_string(), String::new()]);
    }

    /// Adds a promise, which held if nothing contradicts it.
    pub(crate) fn promise(
        &mut self,
        name: &str,
        measured: impl Display,
        contradictions: Vec<String>,
    ) {
        let held = if contradictions.is_empty() { "yes" } else { "**no**" };
        self.rows.push([name.to_owned(), measured.to_string(), held.to_owned()]);
        let count = contradictions.len();
        if count > 0 {
            self.broken.push(format!("BROKEN: {name} ({count} times)"));
            self.broken.extend(contradictions.into_iter().take(SHOWN));
        }
    }

    /// Adds a promise that is one condition.
    pub(crate) fn condition(&mut self, name: &str, measured: impl Display, held: bool) {
        let contradiction = format!("{name}: {measured}");
        let contradictions = if held { Vec::new() } else { vec![contradiction] };
        self.promise(name, measured, contradictions);
    }

    /// Prints the table, then each contradiction. Returns whether every promise held.
    pub(crate) fn print(&self) -> bool {
        println!("\n| | measured | held |\n|---|---|---|");
        for [name, measured, held] in &self.rows {
            println!("| {name} | {measured} | {held} |");
        }
        for line in &self.broken {
            println!("\n{line}");
        }
        self.broken.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::Report;

    #[test]
    fn one_contradiction_breaks_the_report() {
        let mut report = Report::default();
        report.fact("calls", 3);
        report.condition("memory is flat", "1 MiB", true);
        report.promise("no lie", 0, Vec::new());
        assert!(report.print());
        report.promise("no lie", 1, vec!["call 7: …".to_owned()]);
        assert!(!report.print());
    }

    #[test]
    fn a_condition_that_does_not_hold_breaks_the_report() {
        let mut report = Report::default();
        report.condition("memory is flat", "900 MiB", false);
        assert!(!report.print());
    }
}
