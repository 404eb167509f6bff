//! A process that makes calls when it is told to, and reports what they took.

use std::fs;
use std::io::{BufRead, Write};
use std::sync::Arc;
use std::time::Instant;

use nix::sys::resource::{UsageWho, getrusage};
use tokio::runtime::{Builder, Runtime};
use tokio::task::JoinSet;

use crate::Failure;
use crate::bare::Bare;
use crate::keys::Keys;
use crate::sdks::{Ours, WxpayRs};

/// The order that every call queries.
pub(crate) const ORDER: &str = "1217752501201407033233368018";

/// The worker threads of a multi-threaded runtime, one for each core of the machine that the bars were set on.
const WORKERS: usize = 2;

/// Our client in a program that has other tasks, such as a server.
pub(crate) const BESIDE_OTHERS: &str = "wxpay-api, beside other tasks";
const OTHERS: usize = 8;

/// A client that makes the call of the measurement.
pub(crate) trait Subject: Send + Sync + 'static {
    fn call(&self) -> impl Future<Output = Result<(), Failure>> + Send;
}

/// Serves the parent process: a line `COUNT IN_FLIGHT` asks for calls, and the line of the response is
/// `SECONDS CPU_SECONDS RESIDENT_KIB`.
pub(crate) fn serve(name: &str, runtime: &str, keys: &Keys, url: &str) -> Result<(), Failure> {
    let runtime = match runtime {
        "current_thread" => Builder::new_current_thread().enable_all().build()?,
        _ => Builder::new_multi_thread().worker_threads(WORKERS).enable_all().build()?,
    };
    match name {
        "bare" => obey(&runtime, Bare::new(keys, url)?),
        "wxpay-api" => obey(&runtime, Ours::new(keys, url)?),
        BESIDE_OTHERS => {
            for _ in 0..OTHERS {
                runtime.spawn(std::future::pending::<()>());
            }
            obey(&runtime, Ours::new(keys, url)?)
        }
        "wxpay-rs" => obey(&runtime, runtime.block_on(WxpayRs::new(keys, url))?),
        other => Err(format!("there is no subject {other}").into()),
    }
}

fn obey(runtime: &Runtime, subject: impl Subject) -> Result<(), Failure> {
    let subject = Arc::new(subject);
    for line in std::io::stdin().lock().lines() {
        let line = line?;
        let (count, in_flight) = line.split_once(' ').ok_or("COUNT IN_FLIGHT")?;
        let (count, in_flight) = (count.parse()?, in_flight.parse()?);
        let (begun, before) = (Instant::now(), cpu()?);
        runtime.block_on(call(&subject, count, in_flight))?;
        let (wall, cpu) = (begun.elapsed().as_secs_f64(), cpu()? - before);
        println!("{wall} {cpu} {}", resident()?);
        std::io::stdout().flush()?;
    }
    Ok(())
}

/// Makes so many calls, with so many in flight all the time.
async fn call<S: Subject>(subject: &Arc<S>, count: usize, in_flight: usize) -> Result<(), Failure> {
    let mut tasks = JoinSet::new();
    for task in 0..in_flight {
        let subject = Arc::clone(subject);
        tasks.spawn(async move {
            for _ in (task..count).step_by(in_flight) {
                subject.call().await?;
            }
            Ok::<_, Failure>(())
        });
    }
    while let Some(finished) = tasks.join_next().await {
        finished??;
    }
    Ok(())
}

/// Returns the CPU that all threads of this process used, in seconds.
fn cpu() -> Result<f64, Failure> {
    let used = getrusage(UsageWho::RUSAGE_SELF)?;
    let seconds =
        |time: nix::sys::time::TimeVal| time.tv_sec() as f64 + time.tv_usec() as f64 / 1e6;
    Ok(seconds(used.user_time()) + seconds(used.system_time()))
}

/// Returns the resident memory of this process in KiB.
fn resident() -> Result<u64, Failure> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let number = line.and_then(|line| line.split_whitespace().next()).ok_or("no VmRSS")?;
    Ok(number.parse()?)
}
