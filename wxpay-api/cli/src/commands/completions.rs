//! Writes completions for a shell.

use clap::Args;

use crate::output::{Failure, Output};

/// The arguments of the command.
#[derive(Args, Debug)]
pub(crate) struct CompletionsArguments {}

pub(crate) async fn run(
    _arguments: CompletionsArguments,
    _output: &mut Output,
) -> Result<(), Failure> {
    Err(Failure::new("this command is not built yet"))
}
