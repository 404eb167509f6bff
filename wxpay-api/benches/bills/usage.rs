//! What a process used, as Linux tells it in `/proc`.

use std::fmt;
use std::fs;

use crate::Failure;

/// The ticks in a second of `/proc`, which Linux never changes for programs.
const TICKS: f64 = 100.0;

/// The time, the CPU and the memory of one download.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Usage {
    /// In seconds.
    pub(crate) wall: f64,
    /// In seconds.
    pub(crate) cpu: f64,
    /// The peak above what the process had before, in KiB.
    pub(crate) memory: f64,
}

impl Usage {
    /// Reads what a process printed.
    pub(crate) fn read(text: &str) -> Result<Self, Failure> {
        let numbers: Vec<f64> =
            text.split_whitespace().map(str::parse).collect::<Result<_, _>>()?;
        match numbers[..] {
            [wall, cpu, memory] => Ok(Self { wall, cpu, memory }),
            _ => Err(format!("a download printed `{text}`").into()),
        }
    }
}

impl fmt::Display for Usage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.wall, self.cpu, self.memory)
    }
}

/// The CPU that all threads of this process used, in seconds.
pub(crate) fn cpu() -> Result<f64, Failure> {
    let stat = fs::read_to_string("/proc/self/stat")?;
    // The name of the program, in brackets, may have spaces.
    let (_, fields) = stat.rsplit_once(')').ok_or("no name in /proc/self/stat")?;
    let used = fields.split_whitespace().skip(11).take(2).map(str::parse::<f64>);
    let used: Vec<f64> = used.collect::<Result<_, _>>()?;
    Ok(used.iter().sum::<f64>() / TICKS)
}

/// The peak of resident memory, in KiB.
pub(crate) fn peak_memory() -> Result<f64, Failure> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"));
    let number = line.and_then(|line| line.split_whitespace().nth(1));
    Ok(number.ok_or("no VmHWM in /proc/self/status")?.parse()?)
}
