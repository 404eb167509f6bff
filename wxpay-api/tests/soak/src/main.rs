//! Long runs with faults and attackers, which print a table of promises and fail if one is broken (docs/security.md, "Soaks").
//!
//! ```sh
//! cargo run -p wxpay-soak -- notifications           # 20,000 notifications, two servers, Redis; some minutes
//! cargo run -p wxpay-soak -- faults                  # ten minutes of calls against the sandbox
//! cargo run -p wxpay-soak -- faults --seed 7         # the same choices again
//! ```
//!
//! Linux only: memory and descriptors are read from `/proc`.

mod faults;
mod notifications;
mod report;
mod usage;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use report::Failure;

/// Soaks wxpay-api.
#[derive(Parser)]
struct Arguments {
    #[command(subcommand)]
    soak: Soak,
}

#[derive(Subcommand)]
enum Soak {
    /// Notifications to two servers that share one Redis, with forgeries, a rotation, and kills.
    Notifications(notifications::Options),
    /// Calls against the sandbox, with faults, cancellations and an attacker in between.
    Faults(faults::Options),
    /// One of the servers. `notifications` starts it.
    #[command(hide = true)]
    Server {
        /// The folder of the soak.
        folder: PathBuf,
        /// 0 or 1.
        index: usize,
    },
}

fn main() -> Result<ExitCode, Failure> {
    let held = match Arguments::parse().soak {
        Soak::Notifications(options) => notifications::run(&options)?,
        Soak::Faults(options) => faults::run(&options)?,
        Soak::Server { folder, index } => {
            notifications::serve(&folder, index)?;
            true
        }
    };
    Ok(if held { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
