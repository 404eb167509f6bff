//! Lets events happen in a sandbox, or lists what can happen.

mod list;
mod resource;

use clap::Args;
use http::Method;
use serde_json::{Value, json};

use crate::assignments::{Assignment, SYNTAX, object};
use crate::control::{Control, ControlArguments, target};
use crate::output::{Failure, Output, style};
pub(super) use resource::{ResourceLine, without_object};

/// Lets an event happen in the sandbox, or lists what can happen.
///
/// Without a number it lists the newest resources with the events that are possible now, and what users can begin. With a
/// number it shows one resource. With an event it lets it happen, as users and WeChat Pay do; notifications follow by
/// themselves.
#[derive(Args, Debug)]
#[command(after_help = format!("\
{SYNTAX}

Examples:
  wxpay event
  wxpay event order-1
  wxpay event order-1 pay payer_total:=90
  wxpay event refund-1 succeed
  wxpay event --new merchant-service/complaint transaction_id=42000…
  wxpay event --lifecycles"))]
pub(crate) struct EventArguments {
    /// A number of a resource, such as an `out_trade_no`, or `@` and its id in the sandbox.
    #[arg(value_name = "NUMBER", conflicts_with_all = ["new", "lifecycles"])]
    number: Option<String>,
    /// The event.
    #[arg(value_name = "EVENT")]
    event: Option<String>,
    /// Inputs of the event.
    #[arg(value_name = "NAME=VALUE")]
    inputs: Vec<Assignment>,
    /// The lifecycle, if several resources have the number, such as `refund/refund`.
    #[arg(long, value_name = "LIFECYCLE")]
    lifecycle: Option<String>,
    /// Begins what a user or WeChat Pay begins. The arguments are inputs.
    #[arg(long, value_name = "LIFECYCLE", num_args = 1.., conflicts_with = "lifecycles")]
    new: Vec<String>,
    /// Lists all lifecycles with their states and events.
    #[arg(long)]
    lifecycles: bool,
    /// Shows the members of the resource, too.
    #[arg(long)]
    object: bool,
    #[command(flatten)]
    sandbox: ControlArguments,
}

/// Lets the user pay an order of the sandbox.
///
/// The order may be any payment that has a number: a JSAPI, Native, H5 or app order, or a combined one. The notification
/// goes to its `notify_url`.
#[derive(Args, Debug)]
#[command(after_help = format!("\
{SYNTAX}

Examples:
  wxpay pay order-1
  wxpay pay order-1 payer_total:=90 bank_type=CMB_DEBIT"))]
pub(crate) struct PayArguments {
    /// The number of the order, its `out_trade_no`.
    #[arg(value_name = "NUMBER")]
    number: String,
    /// Inputs, such as `payer_total` for an order with a coupon.
    #[arg(value_name = "NAME=VALUE")]
    inputs: Vec<Assignment>,
    /// The lifecycle, if several resources have the number.
    #[arg(long, value_name = "LIFECYCLE")]
    lifecycle: Option<String>,
    #[command(flatten)]
    sandbox: ControlArguments,
}

pub(crate) async fn run(arguments: EventArguments, output: &mut Output) -> Result<(), Failure> {
    let control = arguments.sandbox.control()?;
    if arguments.lifecycles {
        return list::lifecycles(&control, output).await;
    }
    let lifecycle = arguments.lifecycle.as_deref();
    let resource = match (&arguments.number, &arguments.event, arguments.new.split_first()) {
        (_, _, Some((lifecycle, inputs))) => create(&control, lifecycle, inputs).await?,
        (None, ..) => return list::overview(&control, output).await,
        (Some(number), None, _) => {
            control.get(&["resources", number], &[("lifecycle", lifecycle)]).await?
        }
        (Some(number), Some(event), _) => {
            let inputs = object(&arguments.inputs)?;
            fire(&control, number, event, lifecycle, &inputs).await?
        }
    };
    resource::show(output, &resource, arguments.object)
}

pub(crate) async fn pay(arguments: PayArguments, output: &mut Output) -> Result<(), Failure> {
    let control = arguments.sandbox.control()?;
    let inputs = object(&arguments.inputs)?;
    let lifecycle = arguments.lifecycle.as_deref();
    let resource = fire(&control, &arguments.number, "pay", lifecycle, &inputs).await?;
    let good = style::GOOD;
    output.line(format_args!("{good}paid{good:#}"))?;
    resource::show(output, &resource, false)
}

/// Lets an event happen, and returns the resource.
async fn fire(
    control: &Control,
    number: &str,
    event: &str,
    lifecycle: Option<&str>,
    inputs: &Value,
) -> Result<Value, Failure> {
    let path = target(&["resources", number, "events"], &[("lifecycle", lifecycle)])?;
    let body = json!({ "event": event, "inputs": inputs });
    control.send(Method::POST, &path, Some(&body)).await
}

/// Begins a resource.
async fn create(control: &Control, lifecycle: &str, inputs: &[String]) -> Result<Value, Failure> {
    let inputs = inputs.iter().map(|text| text.parse::<Assignment>().map_err(Failure::new));
    let inputs = object(&inputs.collect::<Result<Vec<_>, _>>()?)?;
    let body = json!({ "lifecycle": lifecycle, "inputs": inputs });
    control.send(Method::POST, "/resources", Some(&body)).await
}
