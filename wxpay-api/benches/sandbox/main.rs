//! Measures what the sandbox costs, beside the bare signatures and verifications of the same exchanges.
//!
//! `cargo bench -p wxpay-api --features sandbox --bench sandbox` prints the tables of `docs/benchmarks.md`. With
//! `-- --memory 1000000`, it prints the memory of the sandbox over so many requests instead.

mod bare;
mod clock;
mod lifecycles;
mod memory;
mod wire;

use std::env;
use std::error::Error;
use std::time::Instant;

use tokio::runtime::{Builder, Runtime};
use wxpay_api::sandbox::Sandbox;

use bare::Pair;
use clock::{Used, cpu};
use wire::Prepared;

/// The cores of the bar, one thread for each.
const THREADS: usize = 2;
/// The requests of the throughput, over so many connections.
const REQUESTS: usize = 6000;
const CONNECTIONS: usize = 8;
/// Lifecycles and bare signatures take turns, so that another load on the machine meets both.
const ROUNDS: usize = 5;
const LIFECYCLES: usize = 120;

type Failure = Box<dyn Error + Send + Sync>;

fn main() -> Result<(), Failure> {
    let runtime = Builder::new_multi_thread().worker_threads(THREADS).enable_all().build()?;
    let mut arguments = env::args().skip(1).filter(|argument| argument != "--bench");
    match arguments.next().as_deref() {
        None => {}
        Some("--memory") => {
            let requests =
                arguments.next().ok_or("--memory needs a number of requests")?.parse()?;
            return runtime.block_on(memory::print(requests, CONNECTIONS as u64));
        }
        Some(other) => return Err(format!("{other} is unknown; there is --memory").into()),
    }
    throughput(&runtime)?;
    whole_lifecycles(&runtime)
}

/// Prepay calls that were signed before, as fast as they go.
fn throughput(runtime: &Runtime) -> Result<(), Failure> {
    let sandbox = runtime.block_on(Sandbox::start())?;
    let prepared = Prepared::sign(&sandbox, REQUESTS)?;
    let (begun, before) = (Instant::now(), cpu()?);
    runtime.block_on(prepared.send(CONNECTIONS))?;
    let served = Used::since(begun, before)?;
    let held = sandbox.resources("pay/transaction")?.len();
    if held != REQUESTS {
        return Err(format!("the sandbox holds {held} orders instead of {REQUESTS}").into());
    }
    // The sandbox verifies each request, and signs each response.
    let pair = Pair::of(sandbox.merchant())?;
    let (begun, before) = (Instant::now(), cpu()?);
    runtime.block_on(pair.repeat(REQUESTS, THREADS))?;
    let bare = Used::since(begun, before)?;
    println!("{REQUESTS} prepay calls, signed beforehand, {THREADS} threads for both sides\n");
    print_table(REQUESTS, ("prepay calls", &served), &bare);
    println!("\nThe bar is 1000 prepay calls a second.\n");
    Ok(())
}

/// Prepay, pay, notification, query, refund, query: with the client, the sandbox and the merchant's server.
fn whole_lifecycles(runtime: &Runtime) -> Result<(), Failure> {
    let shop = runtime.block_on(lifecycles::Shop::open())?;
    let pair = Pair::of(shop.sandbox.merchant())?;
    // Connections and keys are there before the first round.
    runtime.block_on(shop.live(0, THREADS * 2))?;
    let (mut whole, mut bare) = (Used::default(), Used::default());
    for round in 1..=ROUNDS {
        let (begun, before) = (Instant::now(), cpu()?);
        runtime.block_on(shop.live(round, LIFECYCLES))?;
        whole += Used::since(begun, before)?;
        let (begun, before) = (Instant::now(), cpu()?);
        runtime.block_on(pair.repeat(LIFECYCLES * lifecycles::SIGNATURES, THREADS))?;
        bare += Used::since(begun, before)?;
    }
    let count = ROUNDS * LIFECYCLES;
    println!("{count} whole lifecycles: prepay, pay, notification, query, refund, query\n");
    print_table(count, ("lifecycles", &whole), &bare);
    println!("\nThe bar is 1.30 times the CPU of the bare ones.");
    Ok(())
}

/// Prints what was measured beside the bare signatures. Two whole cores would do what the CPU of one allows.
fn print_table(count: usize, (label, used): (&str, &Used), bare: &Used) {
    println!(
        "| | a second, measured | a second, by CPU on two idle cores | CPU of one | of the bare |"
    );
    println!("|---|--:|--:|--:|--:|");
    for (label, used) in [(label, used), ("their bare signatures and verifications", bare)] {
        let one = used.cpu_of_one(count);
        println!(
            "| {label} | {:.0} | {:.0} | {one:.0} µs | {:.2} |",
            used.rate(count),
            2e6 / one,
            used.cpu / bare.cpu
        );
    }
}
