//! Says whether the keys work, and what to do if not.

use clap::Args;

use crate::output::{Failure, Output};

/// The arguments of the command.
#[derive(Args, Debug)]
pub(crate) struct SelfTestArguments {}

pub(crate) async fn run(
    _arguments: SelfTestArguments,
    _output: &mut Output,
) -> Result<(), Failure> {
    Err(Failure::new("this command is not built yet"))
}
