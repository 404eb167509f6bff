//! The program `wxpay`: a WeChat Pay sandbox for every language, and APIv3 calls from the command line.

#[cfg(feature = "full")]
mod assignments;
#[cfg(feature = "full")]
mod catalogue;
mod commands;
#[cfg(feature = "full")]
mod control;
#[cfg(feature = "full")]
mod folder;
mod language;
mod output;
#[cfg(feature = "full")]
mod page;
#[cfg(feature = "full")]
mod proxy;
#[cfg(feature = "full")]
mod store;
#[cfg(feature = "full")]
mod target;
#[cfg(feature = "full")]
mod terminal;
#[cfg(feature = "full")]
mod times;

use std::process::ExitCode;

use clap::Parser;

use commands::Command;
use output::Output;

/// WeChat Pay APIv3 from the command line, and a sandbox of it for every language.
#[derive(Debug, Parser)]
#[command(name = "wxpay", version, after_help = output::EXIT_CODES)]
struct Arguments {
    /// Writes JSON, for programs.
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    command: Command,
}

#[tokio::main]
async fn main() -> ExitCode {
    let Arguments { json, command } = Arguments::parse();
    let mut output = Output::new(json);
    let result = Box::pin(command.run(&mut output)).await;
    output.finish(result)
}
