//! The table, and the bars.

use std::fmt::Write;

use crate::arguments::{Arguments, Goal};
use crate::download::Download;
use crate::usage::Usage;

/// The peak of memory above idle, in MB of a million bytes.
const MEMORY: f64 = 32.0;

/// The runs of both sides.
#[derive(Default)]
pub(crate) struct Pair {
    pub(crate) bare: Vec<Usage>,
    pub(crate) client: Vec<Usage>,
}

/// The lines of the table, and what misses its bar.
pub(crate) struct Table {
    text: String,
    missed: Vec<String>,
}

impl Goal {
    /// The least share of a plain download, by time.
    fn bar(self) -> f64 {
        match self {
            Self::Writing => 0.9,
            Self::Rows => 0.3,
        }
    }
}

impl Table {
    pub(crate) fn new(arguments: &Arguments) -> Self {
        let Arguments { megabytes, rounds } = arguments;
        let text = format!(
            "Bills of {megabytes} MiB of plain text, the best of {rounds} rounds by turns\n\n\
             | file | what becomes of it | reqwest alone | the client | of reqwest, by time | of reqwest, by CPU \
             | peak memory above idle |\n|---|---|--:|--:|--:|--:|--:|\n"
        );
        Self { text, missed: Vec::new() }
    }

    pub(crate) fn add(&mut self, download: &Download, length: u64, pair: &Pair) {
        let megabytes = length as f64 / 1e6;
        let (bare, client) = (best(&pair.bare), best(&pair.client));
        let (share, by_cpu) = (bare.wall / client.wall, bare.cpu / client.cpu);
        let memory = client.memory * 1024.0 / 1e6;
        let (file, goal) = (download.file.name(), download.goal);
        let becomes = match goal {
            Goal::Writing => "written, digest compared".to_owned(),
            Goal::Rows => format!("{} typed rows, digest compared", download.rows),
        };
        let _ = writeln!(
            self.text,
            "| {file} | {becomes} | {:.0} MB/s | {:.0} MB/s | {share:.2} | {by_cpu:.2} | {memory:.1} MB |",
            megabytes / bare.wall,
            megabytes / client.wall,
        );
        let mut miss = |what: String| self.missed.push(format!("{file}, {}: {what}", goal.name()));
        if share < goal.bar() {
            miss(format!("{share:.2} of a plain download, and the bar is {:.2}", goal.bar()));
        }
        if memory >= MEMORY {
            miss(format!("{memory:.1} MB above idle, and the bar is {MEMORY:.0} MB"));
        }
    }

    pub(crate) fn print(&self) {
        println!("{}", self.text);
        println!(
            "The bars: at least {:.2} of a plain download when written and {:.2} as rows, by time; less than {MEMORY:.0} MB \
             above idle.",
            Goal::Writing.bar(),
            Goal::Rows.bar(),
        );
        match self.missed.is_empty() {
            true => println!("All bars are met."),
            false => self.missed.iter().for_each(|missed| println!("Missed: {missed}.")),
        }
    }
}

/// The best time and CPU of all runs, and the worst memory.
fn best(runs: &[Usage]) -> Usage {
    let start = Usage { wall: f64::INFINITY, cpu: f64::INFINITY, memory: 0.0 };
    runs.iter().fold(start, |best, run| Usage {
        wall: best.wall.min(run.wall),
        cpu: best.cpu.min(run.cpu),
        memory: best.memory.max(run.memory),
    })
}
