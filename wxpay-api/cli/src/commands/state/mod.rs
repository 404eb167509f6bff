//! Looks at a sandbox, or changes it: resources, notifications, requests, faults, clock, switches.

mod change;
mod look;

use clap::{Args, Subcommand};

use crate::assignments::{Assignment, SYNTAX};
use crate::control::ControlArguments;
use crate::output::{Failure, Output};

/// Looks at a sandbox, or changes it.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  wxpay state resources --state NOTPAY
  wxpay state notifications
  wxpay state clock advance 2h30m
  wxpay state faults inject close-after-reading --at 'POST /v3/refund/domestic/refunds'
  wxpay state reset")]
pub(crate) struct StateArguments {
    #[command(subcommand)]
    part: StatePart,
    #[command(flatten)]
    sandbox: ControlArguments,
}

#[derive(Debug, Subcommand)]
enum StatePart {
    /// Lists resources, the newest first.
    Resources(look::ResourcesArguments),
    /// Lists the notifications that followed changes, with their attempts.
    Notifications,
    /// Lists the requests that came, or shows one.
    Requests(look::RequestsArguments),
    /// Lists the money that moved.
    Money,
    /// Shows the business clock, or moves it forward, which fires timers.
    Clock(ClockArguments),
    /// Lists the faults that hit no request yet, injects one, or forgets all.
    Faults(FaultsArguments),
    /// Lists what is unknown of WeChat Pay, or chooses.
    Switches(SwitchesArguments),
    /// Lists the limits that each merchant has configured, or changes one.
    Settings(SettingsArguments),
    /// Forgets everything but accounts and keys.
    Reset,
}

#[derive(Args, Debug)]
struct ClockArguments {
    #[command(subcommand)]
    action: Option<ClockAction>,
}

#[derive(Debug, Subcommand)]
enum ClockAction {
    /// Moves the clock forward.
    Advance {
        /// How far, such as `2h30m` or `7d`.
        by: String,
    },
}

#[derive(Args, Debug)]
struct FaultsArguments {
    #[command(subcommand)]
    action: Option<FaultsAction>,
}

#[derive(Debug, Subcommand)]
enum FaultsAction {
    /// Injects a fault into the next exchange.
    #[command(after_help = SYNTAX)]
    Inject {
        /// The fault, such as `html`, `delay`, `close-after-reading` or `signature-probe`.
        fault: String,
        /// Values of the fault, such as `pause=2s` or `status:=502`.
        #[arg(value_name = "NAME=VALUE")]
        values: Vec<Assignment>,
        /// Only the next exchange of this operation, such as `POST /v3/refund/domestic/refunds`.
        #[arg(long, value_name = "METHOD PATH")]
        at: Option<String>,
        /// Keeps the request from being executed.
        #[arg(long)]
        unexecuted: bool,
    },
    /// Forgets all faults.
    Clear,
}

#[derive(Args, Debug)]
struct SwitchesArguments {
    #[command(subcommand)]
    action: Option<SwitchesAction>,
}

#[derive(Debug, Subcommand)]
enum SwitchesAction {
    /// Chooses what WeChat Pay does where nobody knows it.
    Set {
        /// Such as `pay/transaction`.
        lifecycle: String,
        name: String,
        choice: String,
    },
}

#[derive(Args, Debug)]
struct SettingsArguments {
    #[command(subcommand)]
    action: Option<SettingsAction>,
}

#[derive(Debug, Subcommand)]
enum SettingsAction {
    /// Changes a limit.
    Set {
        /// Such as `profitsharing/order`.
        lifecycle: String,
        name: String,
        /// JSON, such as a number.
        value: String,
    },
}

pub(crate) async fn run(arguments: StateArguments, output: &mut Output) -> Result<(), Failure> {
    use StatePart as P;
    let control = arguments.sandbox.control()?;
    match arguments.part {
        P::Resources(arguments) => look::resources(&control, &arguments, output).await,
        P::Notifications => look::notifications(&control, output).await,
        P::Requests(arguments) => look::requests(&control, &arguments, output).await,
        P::Money => look::money(&control, output).await,
        P::Clock(ClockArguments { action: None }) => look::clock(&control, output).await,
        P::Clock(ClockArguments { action: Some(ClockAction::Advance { by }) }) => {
            change::advance(&control, &by, output).await
        }
        P::Faults(FaultsArguments { action: None }) => look::faults(&control, output).await,
        P::Faults(FaultsArguments { action: Some(action) }) => {
            change::faults(&control, action, output).await
        }
        P::Switches(SwitchesArguments { action: None }) => look::switches(&control, output).await,
        P::Switches(SwitchesArguments { action: Some(action) }) => {
            let SwitchesAction::Set { lifecycle, name, choice } = action;
            change::switch(&control, [&lifecycle, &name, &choice], output).await
        }
        P::Settings(SettingsArguments { action: None }) => look::settings(&control, output).await,
        P::Settings(SettingsArguments { action: Some(action) }) => {
            let SettingsAction::Set { lifecycle, name, value } = action;
            change::setting(&control, [&lifecycle, &name, &value], output).await
        }
        P::Reset => change::reset(&control, output).await,
    }
}
