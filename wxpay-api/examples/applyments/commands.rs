//! The commands: what each does, and what it prints for people.

use std::collections::BTreeSet;
use std::io::Write;
use std::time::Duration;

use clap::Subcommand;
use tokio::sync::watch::Receiver;
use tokio::time::timeout;

use crate::application;
use crate::payment::{self, PaymentState};
use crate::provider::{Failure, Provider};
use crate::records::{self, State};
use crate::report;
use crate::settlement::{self, ChangeState};
use crate::submission::advance;

/// What the program does.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Submits what is new or corrected, and asks for the state of everything else.
    Run {
        /// Does it again after this many minutes, until every application is finished or void.
        #[arg(long)]
        every: Option<u64>,
    },
    /// Prints what is known, without asking WeChat Pay.
    Status,
    /// Changes a merchant's settlement account to that of the file NAME.json, or follows the change.
    Account {
        /// The business code of the merchant's application.
        business_code: String,
        /// The name of the file in its folder, without `.json`. A change has a name of its own, which is never used again.
        name: String,
    },
    /// Orders a payment for a merchant, and prints the content of its QR code.
    Order {
        /// The business code of the merchant's application.
        business_code: String,
        /// Your own number of the payment. Repeat an order whose outcome is unknown with the same one.
        out_trade_no: String,
        /// What the payer buys.
        description: String,
        /// The amount in fen.
        total: i64,
    },
    /// Asks WeChat Pay whether a payment was made.
    Paid {
        /// The number of the payment.
        out_trade_no: String,
    },
}

/// Executes a command. Returns whether everything went well.
///
/// `stop` ends a run after the step that it is at.
pub(crate) async fn execute(
    provider: &Provider,
    command: Command,
    stop: &mut Receiver<bool>,
    out: &mut (dyn Write + Send),
) -> Result<bool, Failure> {
    match command {
        Command::Run { every } => run(provider, every, stop, out).await,
        Command::Status => {
            status(provider, out).await?;
            Ok(true)
        }
        Command::Account { business_code, name } => {
            account(provider, &business_code, &name, out).await
        }
        Command::Order { business_code, out_trade_no, description, total } => {
            let code_url =
                payment::order(provider, &business_code, &out_trade_no, &description, total)
                    .await?;
            writeln!(out, "{code_url}")?;
            Ok(true)
        }
        Command::Paid { out_trade_no } => {
            let payment = payment::query(provider, &out_trade_no).await?;
            writeln!(out, "{} is {}", payment.out_trade_no, payment.state)?;
            Ok(payment.state == PaymentState::Paid)
        }
    }
}

async fn run(
    provider: &Provider,
    every: Option<u64>,
    stop: &mut Receiver<bool>,
    out: &mut (dyn Write + Send),
) -> Result<bool, Failure> {
    loop {
        let is_well = pass(provider, stop, out).await?;
        let is_done = status(provider, out).await?;
        let Some(minutes) = every.filter(|_| !is_done) else {
            return Ok(is_well);
        };
        let pause = Duration::from_secs(minutes.saturating_mul(60));
        // An error means that the sender is gone: nobody will ever stop the run.
        if *stop.borrow() || matches!(timeout(pause, stop.changed()).await, Ok(Ok(()))) {
            return Ok(is_well);
        }
    }
}

/// Takes every application one step further.
async fn pass(
    provider: &Provider,
    stop: &Receiver<bool>,
    out: &mut (dyn Write + Send),
) -> Result<bool, Failure> {
    // Applications whose folder is gone are followed as well.
    let records = provider.store.transaction(records::all).await?;
    let mut codes: BTreeSet<_> = records.into_iter().map(|record| record.business_code).collect();
    codes.extend(application::codes(&provider.settings.folder)?);
    let mut is_well = true;
    for code in codes {
        if *stop.borrow() {
            break;
        }
        if let Err(failure) = advance(provider, &code).await {
            is_well = false;
            writeln!(out, "! {code}: {}", failure.line())?;
            if failure.ends_the_run() {
                writeln!(out, "! the others wait for the next run")?;
                break;
            }
        }
    }
    Ok(is_well)
}

/// Prints all applications and rejections. Returns whether there is nothing left to do.
async fn status(provider: &Provider, out: &mut (dyn Write + Send)) -> Result<bool, Failure> {
    let (records, rejections) = provider
        .store
        .transaction(|db| {
            let records = records::all(db)?;
            let mut rejections = Vec::new();
            for record in &records {
                let found = records::rejections(db, &record.business_code)?;
                rejections.extend(found.into_iter().map(|it| (record.business_code.clone(), it)));
            }
            Ok((records, rejections))
        })
        .await?;
    report::applications(&records, out)?;
    report::rejections(&rejections, out)?;
    Ok(records.iter().all(|record| matches!(record.state, State::Finished | State::Canceled)))
}

async fn account(
    provider: &Provider,
    business_code: &str,
    name: &str,
    out: &mut (dyn Write + Send),
) -> Result<bool, Failure> {
    let change = settlement::change(provider, business_code, name).await?;
    let text = match change.state {
        ChangeState::Sending => {
            "unknown: WeChat Pay settles to another account, and may have the change or not. Look at the partner \
             platform; if it is not there, send it under another name"
        }
        ChangeState::Auditing => "being audited",
        ChangeState::Accepted => "accepted",
        ChangeState::Refused => "refused",
    };
    let reason = change.reason.map(|reason| format!(": {reason}")).unwrap_or_default();
    writeln!(out, "the change {name} of {business_code} is {text}{reason}")?;
    Ok(matches!(change.state, ChangeState::Auditing | ChangeState::Accepted))
}
