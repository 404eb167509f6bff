//! The CPU that this process used, and the time that passed.

use std::fs;
use std::ops::AddAssign;
use std::time::Instant;

use crate::Failure;

/// The ticks in a second of `/proc`, which Linux never changes for programs.
const TICKS: f64 = 100.0;

/// Seconds of one measurement.
#[derive(Debug, Default)]
pub(crate) struct Used {
    pub(crate) cpu: f64,
    pub(crate) wall: f64,
}

/// Returns the CPU that all threads of this process used, in seconds.
pub(crate) fn cpu() -> Result<f64, Failure> {
    let stat = fs::read_to_string("/proc/self/stat")?;
    // The name of the program, in brackets, may have spaces.
    let (_, fields) = stat.rsplit_once(')').ok_or("no name in /proc/self/stat")?;
    let used = fields.split_whitespace().skip(11).take(2).map(str::parse::<f64>);
    let used: Vec<f64> = used.collect::<Result<_, _>>()?;
    Ok(used.iter().sum::<f64>() / TICKS)
}

impl Used {
    pub(crate) fn since(begun: Instant, before: f64) -> Result<Self, Failure> {
        Ok(Self { cpu: cpu()? - before, wall: begun.elapsed().as_secs_f64() })
    }

    /// Returns how many happened in a second.
    pub(crate) fn rate(&self, count: usize) -> f64 {
        as_float(count) / self.wall
    }

    /// Returns the CPU of one, in microseconds.
    pub(crate) fn cpu_of_one(&self, count: usize) -> f64 {
        self.cpu * 1e6 / as_float(count)
    }
}

impl AddAssign for Used {
    fn add_assign(&mut self, other: Self) {
        self.cpu += other.cpu;
        self.wall += other.wall;
    }
}

fn as_float(count: usize) -> f64 {
    u32::try_from(count).map_or(f64::MAX, f64::from)
}
