//! Runs a WeChat Pay on this machine.

use clap::Args;

use crate::output::{Failure, Output};

/// The arguments of the command.
#[derive(Args, Debug)]
pub(crate) struct SandboxArguments {}

pub(crate) async fn run(_arguments: SandboxArguments, _output: &mut Output) -> Result<(), Failure> {
    Err(Failure::new("this command is not built yet"))
}
