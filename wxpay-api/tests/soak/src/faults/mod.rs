//! The soak of client and sandbox: random faults, cancellations, and an attacker in between. No outcome may be a lie.

mod attack;
mod call;
mod judge;
mod lane;
mod message;
mod proxy;
mod round;
mod story;

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::runtime::{Builder, Handle};
use tokio::time::sleep;

use crate::report::{Failure, Report};
use crate::usage;
use lane::Place;
use round::{Tally, play};

/// How long connections and tasks may take to end after a round.
const SETTLING: Duration = Duration::from_secs(20);
/// How much more memory the last third may have than the first, in KiB and in per cent.
const GROWTH: u64 = 8 << 10;
const GROWTH_SHARE: u64 = 5;
/// The least rounds for a promise about memory.
const ROUNDS: usize = 9;

#[derive(clap::Args)]
pub(crate) struct Options {
    /// How long the soak runs.
    #[arg(long, default_value_t = 600)]
    seconds: u64,
    /// Ends after so many rounds, however long they take.
    #[arg(long)]
    rounds: Option<usize>,
    /// How many clients run at once, each with a sandbox. The attacker replaces contents for every other one.
    #[arg(long, default_value_t = 8)]
    lanes: usize,
    /// How many stories each of them lives in a round.
    #[arg(long, default_value_t = 12)]
    stories: usize,
    /// Repeats the choices of a run.
    #[arg(long)]
    seed: Option<u64>,
}

/// Runs the soak. Returns whether every promise held.
pub(crate) fn run(options: &Options) -> Result<bool, Failure> {
    usage::count_panics();
    let seed = options.seed.unwrap_or_else(|| fastrand::u64(..));
    println!("faults --seconds {} --seed {seed}", options.seconds);
    Builder::new_multi_thread().enable_all().build()?.block_on(soak(options, seed))
}

/// What was left over at the quiet moments, and how much memory there was.
#[derive(Default)]
struct Quiet {
    memory: Vec<u64>,
    leaks: Vec<String>,
}

async fn soak(options: &Options, seed: u64) -> Result<bool, Failure> {
    let begun = Instant::now();
    let nothing = left()?;
    let mut places = Vec::new();
    for lane in 0..options.lanes {
        places.push(Arc::new(Place::open(seed, lane % 2 == 0).await?));
    }
    // The sandbox and the runtime have what they need for good after the first round, which is not counted.
    let mut tally = play(&places, seed, 0, options.stories).await?;
    settled(left()?).await?;
    let between = left()?;
    let (mut quiet, mut rounds) = (Quiet::default(), 1);
    while options.rounds.map_or(begun.elapsed().as_secs() < options.seconds, |most| rounds < most) {
        tally.add(play(&places, seed, rounds, options.stories).await?);
        rounds += 1;
        quiet.leaks.extend(leak(between, &format!("after round {rounds}")).await?);
        quiet.memory.push(usage::resident(std::process::id())?);
    }
    drop(places);
    quiet.leaks.extend(leak(nothing, "at the end").await?);
    Ok(report(&tally, &quiet, rounds, begun.elapsed()))
}

/// The tasks and descriptors of this process.
fn left() -> Result<(usize, usize), Failure> {
    Ok((Handle::current().metrics().num_alive_tasks(), usage::descriptors()?))
}

/// Waits until no more tasks and descriptors are left than wanted, and tells if there are.
async fn leak(wanted: (usize, usize), when: &str) -> Result<Option<String>, Failure> {
    let found = settled(wanted).await?;
    let is_more = found.0 > wanted.0 || found.1 > wanted.1;
    Ok(is_more.then(|| format!("{when}: tasks and descriptors {found:?} instead of {wanted:?}")))
}

async fn settled(wanted: (usize, usize)) -> Result<(usize, usize), Failure> {
    let begun = Instant::now();
    loop {
        let found = left()?;
        if (found.0 <= wanted.0 && found.1 <= wanted.1) || begun.elapsed() > SETTLING {
            return Ok(found);
        }
        sleep(Duration::from_millis(20)).await;
    }
}

fn report(tally: &Tally, quiet: &Quiet, rounds: usize, took: Duration) -> bool {
    let mut report = Report::default();
    report.fact("time, rounds", format!("{} s, {rounds}", took.as_secs()));
    report.fact("calls", tally.calls);
    for (ended, count) in &tally.ended {
        report.fact(ended, count);
    }
    for (attack, count) in &tally.attacks {
        report.fact(attack, count);
    }
    report.fact("cancelled or unknown, and executed by the sandbox", tally.executed_unnoticed);
    report.fact(
        "fresh replays that the protocol does not show; of these, noticed by the number in the response",
        format!("{}; {}", tally.replays, tally.replays_noticed),
    );
    report.fact("stale replays, none of which may be believed", tally.stale_replays);
    report.fact("forged 401 SIGN_ERROR that were believed", tally.unsigned_sign_errors);
    report.promise(
        "no outcome is a lie, and nothing that must not run twice does",
        tally.calls,
        tally.lies.clone(),
    );
    report.promise(
        "a query decides each unknown and each cancelled call as the sandbox's book does",
        format!("{} numbers, {} of them unsure", tally.things, tally.unsure),
        tally.undecided.clone(),
    );
    report.promise("every injected fault met its exchange", "all", tally.unmet.clone());
    report.condition("no panic", usage::panics(), usage::panics() == 0);
    report.promise("no task and no descriptor is left after a round", rounds, quiet.leaks.clone());
    let third = quiet.memory.len() / 3;
    let (first, last) = (quiet.memory.get(..third), quiet.memory.get(quiet.memory.len() - third..));
    let (first, last) =
        (usage::median(first.unwrap_or_default()), usage::median(last.unwrap_or_default()));
    let measured =
        format!("{} MiB in the first third, {} MiB in the last", first >> 10, last >> 10);
    match rounds >= ROUNDS {
        true => {
            let most = first + first * GROWTH_SHARE / 100 + GROWTH;
            report.condition("memory is flat", measured, last <= most);
        }
        false => report.fact("memory, too short for a promise", measured),
    }
    report.print()
}
