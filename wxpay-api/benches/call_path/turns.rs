//! Two ways by turns: a ratio is the median of many short turns, so that another load on the machine changes little.
//!
//! That is why neither criterion nor divan measures here: they finish one benchmark before the next begins.

use std::time::{Duration, Instant};

const TURNS: usize = 201;

/// The time of one step in nanoseconds, and its ratio to the other of the pair.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Measured {
    nanoseconds: f64,
    ratio: f64,
}

/// A row of the table.
#[derive(Debug)]
pub(crate) struct Row(String);

/// Lets both take turns of `count` repetitions.
pub(crate) fn compare(
    count: usize,
    mut ours: impl FnMut(),
    mut other: impl FnMut(),
) -> (Measured, Measured) {
    let (mut times, mut others, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..TURNS {
        let (one, two) = (timed(count, &mut ours), timed(count, &mut other));
        times.push(one);
        others.push(two);
        ratios.push(one / two);
    }
    let ours = Measured { nanoseconds: median(times), ratio: median(ratios) };
    (ours, Measured { nanoseconds: median(others), ratio: 1.0 })
}

fn timed(count: usize, step: &mut impl FnMut()) -> f64 {
    let begun = Instant::now();
    (0..count).for_each(|_| step());
    let count = u32::try_from(count).unwrap_or(u32::MAX);
    begun.elapsed().max(Duration::from_nanos(1)).as_secs_f64() * 1e9 / f64::from(count)
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

impl Row {
    pub(crate) fn new(
        name: &str,
        ours: Measured,
        beside: &str,
        other: Measured,
        bar: &str,
    ) -> Self {
        let micro = |one: Measured| one.nanoseconds / 1e3;
        let (ours_takes, takes, ratio) = (micro(ours), micro(other), ours.ratio);
        Self(format!(
            "| {name} | {ours_takes:.1} µs | {beside} | {takes:.1} µs | {ratio:.2} | {bar} |"
        ))
    }

    pub(crate) fn print(&self) {
        println!("{}", self.0);
    }
}
