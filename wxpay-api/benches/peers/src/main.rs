//! Measures calls over loopback: ours beside wxpay-rs, wechatpay-axios-plugin and a bare loop of the same reqwest.
//!
//! `cargo run --release --manifest-path wxpay-api/benches/peers/Cargo.toml` prints the tables of `docs/benchmarks.md`.

mod bare;
mod child;
mod keys;
mod sdks;
mod server;
mod subject;

use std::env;
use std::error::Error;

use child::{Child, Used};
use keys::Keys;
use subject::BESIDE_OTHERS;

/// The calls of one turn. All take turns, so that another load on the machine meets all of them.
const CALLS: usize = 1000;
const ROUNDS: usize = 7;
const IN_FLIGHT: [usize; 2] = [1, 64];
const RUNTIMES: [&str; 2] = ["multi_thread, 2 workers", "current_thread"];
const USAGE: &str =
    "usage: peers [--calls CALLS_OF_A_TURN] [--rounds ROUNDS] | peers --memory CALLS";

pub(crate) type Failure = Box<dyn Error + Send + Sync>;

fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        // The processes that this program starts.
        ["server", folder] => server::serve(&Keys::of(folder)),
        ["subject", name, runtime, folder, url] => {
            subject::serve(name, runtime, &Keys::of(folder), url)
        }
        ["--memory", calls] => memory(calls.parse()?),
        settings => {
            let (mut calls, mut rounds) = (CALLS, ROUNDS);
            for pair in settings.chunks(2) {
                match pair {
                    ["--calls", number] => calls = number.parse()?,
                    ["--rounds", number] => rounds = number.parse()?,
                    _ => return Err(USAGE.into()),
                }
            }
            compare(calls, rounds)
        }
    }
}

/// Prints a table for each runtime.
fn compare(calls: usize, rounds: usize) -> Result<(), Failure> {
    let folder = tempfile::tempdir()?;
    let keys = Keys::generate(folder.path())?;
    let (_server, url) = Child::server(&keys)?;
    let modules = child::install_npm()?;
    for runtime in RUNTIMES {
        // Our own comes second, beside the bare loop that it is measured by.
        let mut subjects = Vec::new();
        for name in ["bare", "wxpay-api", BESIDE_OTHERS, "wxpay-rs"] {
            subjects.push((name, Child::subject(name, runtime, &keys, &url)?));
        }
        subjects.push(("wechatpay-axios-plugin", Child::axios(&modules, &keys, &url)?));
        println!("**{runtime}**, {rounds} turns of {calls} calls\n");
        println!("| | in flight | calls a second | CPU of one call | of the bare |");
        println!("|---|--:|--:|--:|--:|");
        for in_flight in IN_FLIGHT {
            let used = take_turns(&mut subjects, calls, rounds, in_flight)?;
            print_rows(&subjects, &used, in_flight);
        }
        println!();
    }
    println!(
        "The bars: at most 1.05 of the bare, and ahead of wxpay-rs and wechatpay-axios-plugin in both."
    );
    Ok(())
}

/// Lets each subject make its calls, round by round, and returns what each used.
fn take_turns(
    subjects: &mut [(&str, Child)],
    calls: usize,
    rounds: usize,
    in_flight: usize,
) -> Result<Vec<Used>, Failure> {
    let mut used = vec![Used::default(); subjects.len()];
    for round in 0..=rounds {
        for ((_, subject), used) in subjects.iter_mut().zip(&mut used) {
            // Connections that were idle for long are opened before the measurement, and Node compiles.
            subject.calls(if round == 0 { calls } else { in_flight * 2 }, in_flight)?;
            if round > 0 {
                *used += subject.calls(calls, in_flight)?;
            }
        }
    }
    Ok(used)
}

fn print_rows(subjects: &[(&str, Child)], used: &[Used], in_flight: usize) {
    let bare = used.first().map_or(f64::NAN, Used::cpu_of_one);
    for ((name, _), used) in subjects.iter().zip(used) {
        let cpu = used.cpu_of_one();
        println!(
            "| {name} | {in_flight} | {:.0} | {:.0} µs | {:.2} |",
            used.rate(),
            cpu * 1e6,
            cpu / bare
        );
    }
}

/// How many times the memory is read.
const SAMPLES: usize = 10;

/// Prints the resident memory of our client after every tenth of the calls, with 64 in flight.
fn memory(calls: usize) -> Result<(), Failure> {
    let folder = tempfile::tempdir()?;
    let keys = Keys::generate(folder.path())?;
    let (_server, url) = Child::server(&keys)?;
    let [_, most] = IN_FLIGHT;
    for runtime in RUNTIMES {
        println!("**{runtime}**\n\n| calls | resident memory |\n|--:|--:|");
        let mut ours = Child::subject("wxpay-api", runtime, &keys, &url)?;
        for sample in 1..=SAMPLES {
            let used = ours.calls(calls / SAMPLES, most)?;
            println!("| {} | {} KiB |", sample * calls / SAMPLES, used.resident);
        }
        println!();
    }
    Ok(())
}
