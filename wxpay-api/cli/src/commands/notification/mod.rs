//! Verifies, decrypts or replays a notification.

mod check;
mod decrypt;
mod events;
mod input;
mod replay;
mod secrets;
mod server;
mod verify;

use clap::{Args, Subcommand};

use crate::output::{Failure, Output};

/// Verifies, decrypts or replays a notification.
///
/// A notification is read from a file or from standard input, in one of three forms: a raw HTTP request as captured; JSON
/// with `headers` and `body`; or the body alone, with the headers as `--header`. The body must be the raw one, byte for
/// byte: JSON that was parsed and written again has another signature.
#[derive(Args, Debug)]
pub(crate) struct NotificationArguments {
    #[command(subcommand)]
    action: NotificationAction,
}

#[derive(Debug, Subcommand)]
enum NotificationAction {
    Verify(verify::VerifyArguments),
    Decrypt(decrypt::DecryptArguments),
    Replay(replay::ReplayArguments),
}

pub(crate) async fn run(
    arguments: NotificationArguments,
    output: &mut Output,
) -> Result<(), Failure> {
    match arguments.action {
        NotificationAction::Verify(arguments) => verify::run(arguments, output).await,
        NotificationAction::Decrypt(arguments) => decrypt::run(arguments, output).await,
        NotificationAction::Replay(arguments) => replay::run(arguments, output).await,
    }
}
