//! Finds operations by URL, name or field.

use clap::Args;

use crate::output::{Failure, Output};

/// The arguments of the command.
#[derive(Args, Debug)]
pub(crate) struct SearchArguments {}

pub(crate) async fn run(_arguments: SearchArguments, _output: &mut Output) -> Result<(), Failure> {
    Err(Failure::new("this command is not built yet"))
}
