//! The program `wxpay`: a WeChat Pay sandbox for every language, and APIv3 calls from the command line.

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
mod target;

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

#[derive(Debug, Subcommand)]
enum Command {
    /// Plays the life of an order on a sandbox of its own.
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
    /// Says whether the keys work, and what to do if not.
    #[cfg(feature = "full")]
    SelfTest(commands::self_test::SelfTestArguments),
    /// Downloads the platform certificates.
    #[cfg(feature = "full")]
    Certificates(commands::certificates::CertificatesArguments),
    /// Verifies, decrypts or replays a notification.
    #[cfg(feature = "full")]
    Notification(commands::notification::NotificationArguments),
    /// Downloads, checks or converts a bill.
    #[cfg(feature = "full")]
    Bill(commands::bill::BillArguments),
    /// Signs what a front end passes to WeChat.
    #[cfg(feature = "full")]
    Invoke(commands::invoke::InvokeArguments),
    /// Lets the user pay an order of the sandbox.
    #[cfg(feature = "full")]
    Pay(commands::event::PayArguments),
    /// Lets an event happen in the sandbox, or lists what can happen.
    #[cfg(feature = "full")]
    Event(commands::event::EventArguments),
    /// Writes completions for a shell.
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
        Command::Completions(arguments) => commands::completions::run(arguments, output).await,
    }
}
