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

use clap::{Parser, Subcommand};

use output::{Failure, Output};

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

/// The commands. What each does is told where its arguments are.
#[derive(Debug, Subcommand)]
enum Command {
    Demo(commands::demo::DemoArguments),
    /// Runs a WeChat Pay on this machine.
    #[cfg(feature = "full")]
    Sandbox(Box<commands::sandbox::SandboxArguments>),
    /// Calls any operation by its URL or name.
    #[cfg(feature = "full")]
    Call(commands::call::CallArguments),
    /// Finds operations by URL, name or field.
    #[cfg(feature = "full")]
    Search(commands::search::SearchArguments),
    /// Shows an operation: fields, example, errors, states.
    #[cfg(feature = "full")]
    Show(commands::show::ShowArguments),
    #[cfg(feature = "full")]
    SelfTest(commands::self_test::SelfTestArguments),
    #[cfg(feature = "full")]
    Certificates(commands::certificates::CertificatesArguments),
    #[cfg(feature = "full")]
    Notification(commands::notification::NotificationArguments),
    #[cfg(feature = "full")]
    Bill(commands::bill::BillArguments),
    #[cfg(feature = "full")]
    Invoke(commands::invoke::InvokeArguments),
    #[cfg(feature = "full")]
    Pay(commands::event::PayArguments),
    #[cfg(feature = "full")]
    Event(commands::event::EventArguments),
    #[cfg(feature = "full")]
    State(commands::state::StateArguments),
    #[cfg(feature = "full")]
    Completions(commands::completions::CompletionsArguments),
}

#[tokio::main]
async fn main() -> ExitCode {
    let Arguments { json, command } = Arguments::parse();
    let mut output = Output::new(json);
    let result = Box::pin(run(command, &mut output)).await;
    output.finish(result)
}

async fn run(command: Command, output: &mut Output) -> Result<(), Failure> {
    match command {
        Command::Demo(arguments) => commands::demo::run(arguments, output).await,
        #[cfg(feature = "full")]
        Command::Sandbox(arguments) => commands::sandbox::run(*arguments, output).await,
        #[cfg(feature = "full")]
        Command::Call(arguments) => commands::call::run(arguments, output).await,
        #[cfg(feature = "full")]
        Command::Search(arguments) => commands::search::run(arguments, output).await,
        #[cfg(feature = "full")]
        Command::Show(arguments) => commands::show::run(arguments, output).await,
        #[cfg(feature = "full")]
        Command::SelfTest(arguments) => commands::self_test::run(arguments, output).await,
        #[cfg(feature = "full")]
        Command::Certificates(arguments) => commands::certificates::run(arguments, output).await,
        #[cfg(feature = "full")]
        Command::Notification(arguments) => commands::notification::run(arguments, output).await,
        #[cfg(feature = "full")]
        Command::Bill(arguments) => commands::bill::run(arguments, output).await,
        #[cfg(feature = "full")]
        Command::Invoke(arguments) => commands::invoke::run(arguments, output).await,
        #[cfg(feature = "full")]
        Command::Pay(arguments) => commands::event::pay(arguments, output).await,
        #[cfg(feature = "full")]
        Command::Event(arguments) => commands::event::run(arguments, output).await,
        #[cfg(feature = "full")]
        Command::State(arguments) => commands::state::run(arguments, output).await,
        #[cfg(feature = "full")]
        Command::Completions(arguments) => commands::completions::run(arguments, output).await,
    }
}
