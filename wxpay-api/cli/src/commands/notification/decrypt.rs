//! Verifies a notification, and prints its resource.

use clap::Args;
use serde_json::{Value, json};

use super::check::check;
use super::input::InputArguments;
use super::secrets::Secrets;
use crate::output::{Exit, Failure, Output};
use crate::target::TargetArguments;

/// Prints the resource of a notification.
///
/// The signature is verified first, at any age. What is not genuine is not printed, and the program ends with 6.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  wxpay notification decrypt captured.http
  wxpay notification decrypt captured.http --secrets
  wxpay notification decrypt --json < captured.http")]
pub(super) struct DecryptArguments {
    #[command(flatten)]
    input: InputArguments,
    /// Shows names, phone numbers, tokens and other secrets, which are `[secret]` otherwise.
    #[arg(long)]
    secrets: bool,
    #[command(flatten)]
    target: TargetArguments,
}

pub(super) async fn run(arguments: DecryptArguments, output: &mut Output) -> Result<(), Failure> {
    let received = arguments.input.read()?;
    let wx = arguments.target.client()?;
    let checked = check(&wx, &received, true).await;
    checked.demand()?;
    let (Some(envelope), Some(plaintext)) = (&checked.envelope, &checked.plaintext) else {
        return Err(Failure::new(
            "no APIv3 key is given, so that nothing can be decrypted; give `apiv3_key`",
        ));
    };
    let mut resource: Value = serde_json::from_slice(plaintext).map_err(|error| {
        Failure::caused("the resource is genuine, but no JSON", error).exit(Exit::Unreadable)
    })?;
    let merchant = wx.merchant();
    Secrets { merchant: &merchant, shown: arguments.secrets }.treat(&mut resource);
    output.line(format_args!("{:#}", resource))?;
    Ok(output.value(&json!({
        "id": envelope.id,
        "event_type": envelope.event_type,
        "create_time": envelope.create_time,
        "summary": envelope.summary,
        "original_type": envelope.original_type,
        "resource": resource,
    }))?)
}
