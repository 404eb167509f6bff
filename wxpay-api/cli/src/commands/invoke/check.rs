//! Lets the sandbox verify what a front end passes to WeChat.

use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use http::Method;
use serde_json::{Value, json};

use super::{Args, Failure, Output, TargetArguments};
use crate::control::Control;
use crate::folder::Environment;
use crate::output::{Exit, style};

/// Lets the sandbox verify what a front end passes to WeChat: an object or an address.
///
/// The program ends with 6 if a value is missing, expired or wrongly signed, and lists every problem.
#[derive(Args, Debug)]
pub(super) struct CheckArguments {
    /// The file with the JSON or the address; `-` is standard input.
    #[arg(value_name = "FILE", default_value = "-")]
    file: PathBuf,
    /// The kind, such as `jsapi` or `red-packet`. Without it, the members tell.
    #[arg(long)]
    kind: Option<String>,
    /// The appid of the mini program or app that invokes.
    #[arg(long)]
    appid: Option<String>,
    #[command(flatten)]
    target: TargetArguments,
}

pub(super) async fn run(arguments: &CheckArguments, output: &mut Output) -> Result<(), Failure> {
    let CheckArguments { file, kind, appid, target } = arguments;
    let text = text(file)
        .map_err(|error| Failure::caused(format!("{} cannot be read", file.display()), error))?;
    let value = serde_json::from_str(&text).unwrap_or_else(|_| Value::from(text.trim()));
    let verified = verified(target, &value, kind.as_deref(), appid.as_deref()).await?;
    tell(output, &verified)?;
    Ok(output.value(&verified)?)
}

fn text(file: &Path) -> io::Result<String> {
    match file == Path::new("-") {
        true => io::read_to_string(io::stdin().lock().take(1 << 20)),
        false => fs::read_to_string(file),
    }
}

/// Verifies values that were made just now.
pub(super) async fn verify(
    target: &TargetArguments,
    value: &Value,
    kind: Option<&str>,
    appid: Option<&str>,
    output: &mut Output,
) -> Result<(), Failure> {
    let verified = verified(target, value, kind, appid).await?;
    tell(output, &verified)
}

fn tell(output: &mut Output, verified: &Value) -> Result<(), Failure> {
    let text =
        |pointer: &str| verified.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
    let good = style::GOOD;
    let (kind, account) = (text("/kind"), text("/account"));
    Ok(output.line(format_args!("{good}accepted{good:#} as {kind} of the merchant {account}"))?)
}

async fn verified(
    target: &TargetArguments,
    value: &Value,
    kind: Option<&str>,
    appid: Option<&str>,
) -> Result<Value, Failure> {
    if target.live {
        return Err(Failure::new("only the sandbox verifies such values; leave out `--live`"));
    }
    let control = Control::new(&Environment::read(&target.dir)?)?;
    let body = json!({ "parameters": value, "kind": kind, "appid": appid });
    let refused = |failure: Failure| match failure.code() {
        Some("WRONG_PARAMETERS") => failure.exit(Exit::NotGenuine),
        _ => failure,
    };
    control.send(Method::POST, "/front-end/verify", Some(&body)).await.map_err(refused)
}
