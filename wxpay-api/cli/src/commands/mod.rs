//! The commands, one a file or a folder.

#[cfg(feature = "full")]
mod bill;
#[cfg(feature = "full")]
mod call;
#[cfg(feature = "full")]
mod certificates;
#[cfg(feature = "full")]
mod completions;
mod demo;
#[cfg(feature = "full")]
mod event;
#[cfg(feature = "full")]
mod invoke;
#[cfg(feature = "full")]
mod notification;
#[cfg(feature = "full")]
mod sandbox;
#[cfg(feature = "full")]
mod search;
#[cfg(feature = "full")]
mod self_test;
#[cfg(feature = "full")]
mod show;
#[cfg(feature = "full")]
mod state;

use clap::Subcommand;

use crate::output::{Failure, Output};

/// The commands. What each does is told where its arguments are.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Demo(demo::DemoArguments),
    #[cfg(feature = "full")]
    #[command(flatten)]
    Full(Box<FullCommand>),
}

/// The commands that `demo` alone is built without.
#[cfg(feature = "full")]
#[derive(Debug, Subcommand)]
pub(crate) enum FullCommand {
    /// Runs a WeChat Pay on this machine.
    Sandbox(Box<sandbox::SandboxArguments>),
    /// Calls any operation by its URL or name.
    Call(call::CallArguments),
    /// Finds operations by URL, name or field.
    Search(search::SearchArguments),
    /// Shows an operation: fields, example, errors, states.
    Show(show::ShowArguments),
    SelfTest(self_test::SelfTestArguments),
    Certificates(certificates::CertificatesArguments),
    Notification(notification::NotificationArguments),
    Bill(bill::BillArguments),
    Invoke(invoke::InvokeArguments),
    Pay(event::PayArguments),
    Event(event::EventArguments),
    State(state::StateArguments),
    Completions(completions::CompletionsArguments),
}

impl Command {
    pub(crate) async fn run(self, output: &mut Output) -> Result<(), Failure> {
        match self {
            Self::Demo(arguments) => demo::run(arguments, output).await,
            #[cfg(feature = "full")]
            Self::Full(command) => command.run(output).await,
        }
    }
}

#[cfg(feature = "full")]
impl FullCommand {
    async fn run(self, output: &mut Output) -> Result<(), Failure> {
        match self {
            Self::Sandbox(arguments) => sandbox::run(*arguments, output).await,
            Self::Call(arguments) => call::run(arguments, output).await,
            Self::Search(arguments) => search::run(arguments, output).await,
            Self::Show(arguments) => show::run(arguments, output).await,
            Self::SelfTest(arguments) => self_test::run(arguments, output).await,
            Self::Certificates(arguments) => certificates::run(arguments, output).await,
            Self::Notification(arguments) => notification::run(arguments, output).await,
            Self::Bill(arguments) => bill::run(arguments, output).await,
            Self::Invoke(arguments) => invoke::run(arguments, output).await,
            Self::Pay(arguments) => event::pay(arguments, output).await,
            Self::Event(arguments) => event::run(arguments, output).await,
            Self::State(arguments) => state::run(arguments, output).await,
            Self::Completions(arguments) => completions::run(arguments, output).await,
        }
    }
}
