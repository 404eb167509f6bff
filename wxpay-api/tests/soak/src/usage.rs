//! What a process uses: memory and descriptors, from `/proc`; and the panics of this one.

use std::fs;
use std::panic;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::report::Failure;

static PANICS: AtomicUsize = AtomicUsize::new(0);

/// Counts the panics of all threads from now on. They are still printed.
pub(crate) fn count_panics() {
    let print = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        PANICS.fetch_add(1, Ordering::Relaxed);
        print(info);
    }));
}

/// Returns the panics so far.
pub(crate) fn panics() -> usize {
    PANICS.load(Ordering::Relaxed)
}

/// Returns the resident memory of a process in KiB.
pub(crate) fn resident(pid: u32) -> Result<u64, Failure> {
    let status = fs::read_to_string(format!("/proc/{pid}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let amount = line.and_then(|line| line.split_whitespace().next());
    Ok(amount.ok_or("no VmRSS in /proc")?.parse()?)
}

/// Returns the number of open descriptors of this process, without the one that reads them.
pub(crate) fn descriptors() -> Result<usize, Failure> {
    Ok(fs::read_dir("/proc/self/fd")?.count().saturating_sub(1))
}

/// Returns the median, or 0 of nothing.
pub(crate) fn median(values: &[u64]) -> u64 {
    let mut sorted = values.to_vec();
    sorted.sort_unstable();
    sorted.get(sorted.len() / 2).copied().unwrap_or(0)
}
