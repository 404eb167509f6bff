//! Posts a notification to a server: a stored one, or one that the sandbox signs now.

use std::time::SystemTime;

use clap::Args;
use http::Method;
use serde_json::{Value, json};

use super::check::time;
use super::input::InputArguments;
use super::server::{NotifiedServer, ServerResponse};
use super::{events, input};
use crate::assignments::{Assignment, SYNTAX, object};
use crate::control::Control;
use crate::folder::Environment;
use crate::output::{Failure, Output, style};
use crate::target::TargetArguments;
use crate::times::{rough, unix_seconds};

/// Posts a notification to your server.
///
/// A stored notification is posted unchanged. A server must refuse it once it is 300 s old, because an attacker could
/// post it, too. With `--event`, the sandbox makes and signs a new one, which a server accepts.
///
/// Only servers on this machine and in private networks are called. The program ends with 0 if the server acknowledged
/// the notification (200 or 204), with 1 if it did not, and with 7 if the host is not allowed.
#[derive(Args, Debug)]
#[command(after_help = format!("\
{SYNTAX}

Examples:
  wxpay notification replay captured.http --to http://localhost:3000/wechatpay/notify
  wxpay notification replay --to http://localhost:3000/wechatpay/notify \\
    --event TRANSACTION.SUCCESS --set out_trade_no=order-1 --set amount.total:=100
  wxpay notification replay --to http://localhost:3000/notify --event REFUND.SUCCESS --fault signature-probe"))]
pub(super) struct ReplayArguments {
    #[command(flatten)]
    input: InputArguments,
    /// The URL of your server.
    #[arg(long, value_name = "URL")]
    to: String,
    /// Lets the sandbox make a notification of this event, such as `TRANSACTION.SUCCESS`.
    #[arg(long, value_name = "EVENT", conflicts_with_all = ["file", "headers"])]
    event: Option<String>,
    /// Which resource the event carries, if there are several, such as `pay/partner_transaction`.
    #[arg(long, value_name = "NAME", requires = "event")]
    resource: Option<String>,
    /// A member of the resource.
    #[arg(long = "set", value_name = "NAME=VALUE", requires = "event")]
    values: Vec<Assignment>,
    /// Signs with a fault, such as `signature-probe` or `signature-other-key`.
    #[arg(long, value_name = "FAULT", requires = "event")]
    fault: Option<String>,
    /// Allows a host that is elsewhere. What the sandbox makes, it posts to nearby servers only.
    #[arg(long, value_name = "HOST", conflicts_with = "event")]
    allow_host: Vec<String>,
    #[command(flatten)]
    target: TargetArguments,
}

pub(super) async fn run(arguments: ReplayArguments, output: &mut Output) -> Result<(), Failure> {
    let (response, age) = match &arguments.event {
        Some(event) => (made_by_the_sandbox(&arguments, event).await?, None),
        None => stored(&arguments, output).await?,
    };
    let acknowledged = matches!(response.status, 200 | 204);
    let (style, word) = match acknowledged {
        true => (style::GOOD, "acknowledged"),
        false => (style::BAD, "refused"),
    };
    let ServerResponse { status, body } = &response;
    output.line(format_args!("{style}{word}{style:#}: {} responded {status}", arguments.to))?;
    if !body.is_empty() {
        output.line(format_args!("  {body}"))?;
    }
    let old = age.filter(|age| *age >= LIMIT);
    output.value(&json!({
        "status": status,
        "acknowledged": acknowledged,
        "body": body,
        "age_seconds": age,
    }))?;
    match (acknowledged, old) {
        (true, _) => Ok(()),
        (false, None) => Err(Failure::new("the server did not acknowledge the notification")),
        (false, Some(_)) => Err(Failure::new(
            "the server did not acknowledge the notification, as it should: it is too old. `--event` makes a new one",
        )),
    }
}

/// The age in seconds from which a server must refuse a notification.
const LIMIT: i64 = 300;

/// Posts a stored notification unchanged.
async fn stored(
    arguments: &ReplayArguments,
    output: &mut Output,
) -> Result<(ServerResponse, Option<i64>), Failure> {
    let server = NotifiedServer::find(&arguments.to, &arguments.allow_host).await?;
    let received: input::ReceivedNotification = arguments.input.read()?;
    let age = time(&received).map(|time| unix_seconds(SystemTime::now()) - unix_seconds(time));
    if let Some(age) = age.filter(|age| *age >= LIMIT) {
        let warning = style::WARNING;
        output.note(format_args!(
            "{warning}warning{warning:#}: the notification is {} old. A server must refuse it after 300 s, even if its \
             signature is right",
            rough(age)
        ));
    }
    Ok((server.post(received).await?, age))
}

/// Lets the sandbox make, sign and post a notification.
async fn made_by_the_sandbox(
    arguments: &ReplayArguments,
    event: &str,
) -> Result<ServerResponse, Failure> {
    if arguments.target.live {
        return Err(Failure::new("`--event` is for the sandbox: nobody else signs for WeChat Pay"));
    }
    NotifiedServer::find(&arguments.to, &[]).await?;
    let name = match &arguments.resource {
        Some(name) => name.as_str(),
        None => events::notification(event)?,
    };
    let environment = Environment::read(&arguments.target.dir)?;
    let body = json!({
        "url": arguments.to,
        "name": name,
        "event_type": event.to_ascii_uppercase(),
        "with": object(&arguments.values)?,
        "fault": arguments.fault,
    });
    let control = Control::new(&environment)?;
    let sent = control.send(Method::POST, "/notifications", Some(&body)).await?;
    let status = sent.get("status").and_then(Value::as_u64);
    let status = status.and_then(|status| u16::try_from(status).ok()).unwrap_or_default();
    let body = sent.get("body").and_then(Value::as_str).unwrap_or_default().to_owned();
    Ok(ServerResponse { status, body })
}
