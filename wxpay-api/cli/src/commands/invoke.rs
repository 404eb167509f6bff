//! Signs what a front end passes to WeChat.

use clap::Args;

use crate::output::{Failure, Output};

/// The arguments of the command.
#[derive(Args, Debug)]
pub(crate) struct InvokeArguments {}

pub(crate) async fn run(_arguments: InvokeArguments, _output: &mut Output) -> Result<(), Failure> {
    Err(Failure::new("this command is not built yet"))
}
