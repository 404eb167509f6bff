//! Verifies, decrypts or replays a notification.

use clap::Args;

use crate::output::{Failure, Output};

/// The arguments of the command.
#[derive(Args, Debug)]
pub(crate) struct NotificationArguments {}

pub(crate) async fn run(
    _arguments: NotificationArguments,
    _output: &mut Output,
) -> Result<(), Failure> {
    Err(Failure::new("this command is not built yet"))
}
