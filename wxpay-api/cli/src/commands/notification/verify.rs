//! Verifies a notification, and says which check failed.

use clap::Args;

use super::check::check;
use super::input::InputArguments;
use crate::output::{Failure, Output};
use crate::target::TargetArguments;

/// Verifies a notification, and says which check failed.
///
/// The checks are: headers, time, key, signature, body, decryption. The program ends with 6 if one of them failed.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  wxpay notification verify captured.http
  wxpay notification verify --any-age < captured.json
  wxpay notification verify body.json --live --config wxpay.yaml \\
    --header 'Wechatpay-Serial: …' --header 'Wechatpay-Timestamp: …' \\
    --header 'Wechatpay-Nonce: …' --header 'Wechatpay-Signature: …'")]
pub(super) struct VerifyArguments {
    #[command(flatten)]
    input: InputArguments,
    /// Accepts a notification of any age. A server must refuse one that is 300 s old.
    #[arg(long)]
    any_age: bool,
    #[command(flatten)]
    target: TargetArguments,
}

pub(super) async fn run(arguments: VerifyArguments, output: &mut Output) -> Result<(), Failure> {
    let received = arguments.input.read()?;
    let checked = check(&arguments.target.client()?, &received, arguments.any_age).await;
    checked.show(output)?;
    output.value(&checked.view())?;
    checked.demand()
}
