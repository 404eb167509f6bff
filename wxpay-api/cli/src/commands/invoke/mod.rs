//! Signs what a front end passes to WeChat, and checks it at the sandbox.

mod check;
mod coupons;
mod payments;
mod payscore;
mod values;

use std::env;
use std::path::PathBuf;

use clap::{Args, Subcommand};
use serde_json::Value;
use wxpay_api::ApiV2Key;
use wxpay_api::invoke::Invoker;

use crate::output::{Failure, Output};
use crate::target::TargetArguments;
use values::{Made, Platform};

/// Signs what a front end passes to WeChat.
///
/// The values come from responses of WeChat Pay, such as the `prepay_id` of an order. The result is exactly the object, or
/// the address, that the front end passes on. With `--check`, the sandbox verifies it as WeChat does, and the program ends
/// with 6 if it is wrong.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  wxpay invoke jsapi --appid wxd678efh567hg6787 --prepay-id wx20… --check
  wxpay invoke app --appid wxd678efh567hg6787 --prepay-id wx20… --android --live
  WXPAY_APIV2_KEY=… wxpay invoke payscore-confirm --package XXXX --as jsapi
  wxpay invoke check parameters.json")]
pub(crate) struct InvokeArguments {
    #[command(subcommand)]
    kind: InvokeKind,
}

/// What `check` and the kinds share.
#[derive(Args, Debug)]
struct SharedArguments {
    /// Lets the sandbox verify the result.
    #[arg(long)]
    check: bool,
    #[command(flatten)]
    target: TargetArguments,
}

#[derive(Debug, Subcommand)]
enum InvokeKind {
    Jsapi(Kind<payments::PaymentArguments>),
    MiniProgram(Kind<payments::MiniProgramArguments>),
    App(Kind<payments::AppArguments>),
    H5(Kind<payments::H5Arguments>),
    MedicalInsurance(Kind<payments::MedicalInsuranceArguments>),
    PayscoreEnable(Kind<payscore::EnableArguments>),
    PayscorePlan(Kind<payscore::PlanArguments>),
    PayscoreConfirm(Kind<payscore::ConfirmArguments>),
    PayscoreDetail(Kind<payscore::DetailArguments>),
    CouponPlugin(Kind<coupons::PluginArguments>),
    CouponPage(Kind<coupons::PageArguments>),
    RedPacket(Kind<coupons::RedPacketArguments>),
    Transfer(Kind<payments::TransferArguments>),
    Check(check::CheckArguments),
}

/// A kind of values, with what all kinds share.
#[derive(Args, Debug)]
struct Kind<T: Args> {
    #[command(flatten)]
    values: T,
    #[command(flatten)]
    shared: SharedArguments,
}

pub(crate) async fn run(arguments: InvokeArguments, output: &mut Output) -> Result<(), Failure> {
    use InvokeKind as K;
    match arguments.kind {
        K::Jsapi(kind) => make(kind, output).await,
        K::MiniProgram(kind) => make(kind, output).await,
        K::App(kind) => make(kind, output).await,
        K::H5(kind) => make(kind, output).await,
        K::MedicalInsurance(kind) => make(kind, output).await,
        K::PayscoreEnable(kind) => make(kind, output).await,
        K::PayscorePlan(kind) => make(kind, output).await,
        K::PayscoreConfirm(kind) => make(kind, output).await,
        K::PayscoreDetail(kind) => make(kind, output).await,
        K::CouponPlugin(kind) => make(kind, output).await,
        K::CouponPage(kind) => make(kind, output).await,
        K::RedPacket(kind) => make(kind, output).await,
        K::Transfer(kind) => make(kind, output).await,
        K::Check(arguments) => check::run(&arguments, output).await,
    }
}

/// Makes the values, prints them, and lets the sandbox check them.
async fn make<T: Args + values::Values>(kind: Kind<T>, output: &mut Output) -> Result<(), Failure> {
    let Kind { values, shared } = kind;
    let wx = shared.target.client()?;
    let Made { kind, appid, value } = values.make(&wx.invoke(), &shared.target)?;
    show(output, &value)?;
    match shared.check {
        true => check::verify(&shared.target, &value, Some(kind), appid.as_deref(), output).await,
        false => Ok(()),
    }
}

/// Prints an object as JSON, and an address as a line.
fn show(output: &mut Output, value: &Value) -> Result<(), Failure> {
    match value.as_str() {
        Some(address) => output.line(address)?,
        None => output.line(format_args!("{value:#}"))?,
    }
    Ok(output.value(value)?)
}
