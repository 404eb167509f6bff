//! A service provider that signs up merchants (特约商户进件): from a folder of forms and pictures to the first payment.
//!
//! ```sh
//! cargo run -p wxpay-examples --example applyments             # plays it on a sandbox, and checks every step
//! cargo run -p wxpay-examples --example applyments -- --help   # with your keys in WXPAY_…
//! ```
//!
//! Each application is a folder. Its name is the business code, and it has `application.json` and the pictures that the
//! form names. `run` takes every application one step further. Kill it at any time: the next run goes on, and no
//! application is submitted twice.
//!
//! | File | Subject |
//! |---|---|
//! | `application.rs` | the folder: the form with its secrets, the pictures |
//! | `submission.rs` | uploads, the submission, lost responses, the states until the end |
//! | `settlement.rs` | a change of the settlement account, which must not be sent twice |
//! | `payment.rs` | a payment of the new merchant |
//! | `schema.sql`, `store.rs`, `records.rs` | the program's memory |
//! | `commands.rs`, `report.rs`, `provider.rs` | the commands, their tables, what they share |
//! | `story.rs`, `harness.rs` | the story, what runs it: not part of the program |
//! | `tests` | what must not happen |

mod application;
mod commands;
mod harness;
mod payment;
mod provider;
mod records;
mod report;
mod settlement;
mod store;
mod story;
mod submission;
#[cfg(test)]
mod tests;

use std::error::Error;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use clap::Parser;
use tokio::sync::watch;
use wxpay_api::Config;

use crate::commands::{Command, execute};
use crate::provider::{Provider, Settings};
use crate::store::Store;

/// Signs up merchants. The keys are in the environment: WXPAY_MCHID and others, as the guide says.
#[derive(Debug, Parser)]
#[command(name = "applyments")]
struct Arguments {
    /// The folder with a folder for each application.
    #[arg(long, default_value = "applications")]
    folder: PathBuf,
    /// The file of the program's memory. Do not lose it.
    #[arg(long, default_value = "applyments.sqlite")]
    store: PathBuf,
    /// The service provider's appid, for payments.
    #[arg(long, default_value = "")]
    sp_appid: String,
    /// The URL for notifications of payments.
    #[arg(long, default_value = "")]
    notify_url: String,
    #[command(subcommand)]
    command: Command,
}

#[tokio::main]
async fn main() -> Result<ExitCode, Box<dyn Error>> {
    if std::env::args_os().len() == 1 {
        story::play().await?;
        return Ok(ExitCode::SUCCESS);
    }
    let arguments = Arguments::parse();
    tracing_subscriber::fmt()
        .with_max_level(tracing::Level::WARN)
        .with_writer(std::io::stderr)
        .init();
    let config = Config::from_env()?.ok_or("WXPAY_MCHID is not set, nor the other WXPAY_…")?;
    let settings = Settings {
        folder: arguments.folder,
        pause: Duration::from_millis(200),
        sp_appid: arguments.sp_appid,
        notify_url: arguments.notify_url,
    };
    let provider = Provider {
        wx: config.client()?,
        store: Store::open(&arguments.store)?,
        settings: Arc::new(settings),
    };
    let (stopper, mut stop) = watch::channel(false);
    tokio::spawn(async move {
        if tokio::signal::ctrl_c().await.is_ok() {
            eprintln!("ends after this step; a second Ctrl-C ends at once, which loses nothing");
            let _ = stopper.send(true);
        }
        if tokio::signal::ctrl_c().await.is_ok() {
            std::process::exit(130);
        }
    });
    match execute(&provider, arguments.command, &mut stop, &mut std::io::stdout()).await {
        Ok(true) => Ok(ExitCode::SUCCESS),
        Ok(false) => Ok(ExitCode::FAILURE),
        Err(failure) => {
            eprintln!("{}", failure.line());
            Ok(ExitCode::FAILURE)
        }
    }
}
