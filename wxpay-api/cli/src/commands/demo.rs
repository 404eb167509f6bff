//! Plays the life of an order on a sandbox of its own.

use clap::Args;

use crate::output::{Failure, Output};

/// The arguments of the command.
#[derive(Args, Debug)]
pub(crate) struct DemoArguments {}

pub(crate) async fn run(_arguments: DemoArguments, _output: &mut Output) -> Result<(), Failure> {
    Err(Failure::new("this command is not built yet"))
}
