//! Shows an operation: fields, example, errors, states.

use clap::Args;

use crate::output::{Failure, Output};

/// The arguments of the command.
#[derive(Args, Debug)]
pub(crate) struct ShowArguments {}

pub(crate) async fn run(_arguments: ShowArguments, _output: &mut Output) -> Result<(), Failure> {
    Err(Failure::new("this command is not built yet"))
}
