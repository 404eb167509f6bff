//! Lets events happen in a sandbox.

use clap::Args;

use crate::output::{Failure, Output};

/// The arguments of the command.
#[derive(Args, Debug)]
pub(crate) struct EventArguments {}

pub(crate) async fn run(_arguments: EventArguments, _output: &mut Output) -> Result<(), Failure> {
    Err(Failure::new("this command is not built yet"))
}

/// The arguments of `pay`.
#[derive(Args, Debug)]
pub(crate) struct PayArguments {}

pub(crate) async fn pay(_arguments: PayArguments, _output: &mut Output) -> Result<(), Failure> {
    Err(Failure::new("this command is not built yet"))
}
