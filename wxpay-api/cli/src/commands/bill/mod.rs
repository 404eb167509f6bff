//! Downloads, checks or converts a bill.

mod check;
mod columns;
mod csv;
mod download;
mod kinds;
mod rows;
mod sums;

use clap::{Args, Subcommand};

use crate::output::{Failure, Output};

/// Downloads, checks or converts a bill.
#[derive(Args, Debug)]
pub(crate) struct BillArguments {
    #[command(subcommand)]
    action: BillAction,
}

#[derive(Debug, Subcommand)]
enum BillAction {
    Download(download::DownloadArguments),
    Check(check::CheckArguments),
    Csv(csv::CsvArguments),
}

pub(crate) async fn run(arguments: BillArguments, output: &mut Output) -> Result<(), Failure> {
    match arguments.action {
        BillAction::Download(arguments) => Box::pin(download::run(arguments, output)).await,
        BillAction::Check(arguments) => check::run(&arguments, output),
        BillAction::Csv(arguments) => csv::run(&arguments, output),
    }
}
