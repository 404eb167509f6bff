//! Calls any operation by its URL or name.

mod arguments;
mod confirm;
mod dynamic;
mod failure;
mod members;
mod preview;
mod query_hint;
mod response;
mod secrets;
mod typed;
mod undescribed;

use std::io::{self, IsTerminal};
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use serde_json::{Value, json};
use wxpay_api::{
    Call, DigestCheck, Download, DownloadCall, FromResponse, Json, NoContent, Retries,
};

use crate::catalogue::Catalogue;
use crate::output::{Exit, Failure, Output};
use crate::target::TargetArguments;
use arguments::CallWords;
use confirm::Confirmation;
use dynamic::DynamicOperation;
use failure::FailureContext;
use members::RequestMembers;
use response::ShownResponse;

/// The arguments of the command.
#[derive(Args, Debug)]
#[command(after_help = "\
Members:
  amount.total=100           typed by the descriptor; a text of digits stays a text
  goods_detail[0].name=QQ    an element of a list; [] appends one
  detail:='{\"a\": 1}'         JSON
  file=@licence.png          a file to upload; of any other member, the text in the file
  attach=@@home              a text that begins with @")]
pub(crate) struct CallArguments {
    #[command(flatten)]
    target: TargetArguments,
    /// The operation, by its URL (filled in or with `{…}`), chain or title, and then members as `NAME=VALUE`.
    #[arg(required = true, value_name = "OPERATION [NAME=VALUE]…")]
    words: Vec<String>,
    /// Members as JSON: text, `@FILE`, or `-` for standard input. `NAME=VALUE` replaces one of them.
    #[arg(long, value_name = "JSON")]
    data: Option<String>,
    /// A header that is not part of the descriptor, such as `Accept-Language: en`.
    #[arg(long = "header", value_name = "NAME: VALUE")]
    headers: Vec<String>,
    /// Shows the request, and sends nothing.
    #[arg(long)]
    dry_run: bool,
    /// Does not ask before a call with `--live`.
    #[arg(long)]
    yes: bool,
    /// Where to write a downloaded file.
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// The digest that came with the link of a download, in hex.
    #[arg(long, value_name = "HEX")]
    sha1: Option<String>,
    /// The same, for receipts with a SHA-256.
    #[arg(long, value_name = "HEX", conflicts_with = "sha1")]
    sha256: Option<String>,
    /// Accepts a download without comparing a digest.
    #[arg(long, conflicts_with_all = ["sha1", "sha256"])]
    unchecked: bool,
    /// Encrypts each line of the uploaded file, as packages of banks want it.
    #[arg(long)]
    encrypt_lines: bool,
    /// Shows the secrets of the response.
    #[arg(long)]
    secrets: bool,
    /// The most seconds of the call, retries included.
    #[arg(long, value_name = "SECONDS")]
    deadline: Option<u64>,
    /// Calls a URL that no descriptor has, such as one of a private API.
    #[arg(long)]
    undescribed: bool,
}

/// A member that the configuration filled in.
type Filled = (&'static str, String);

/// The settings of every kind of call.
#[derive(Debug)]
struct CallSettings {
    headers: Vec<(String, String)>,
    deadline: Option<Duration>,
    /// Whether the operation changes nothing, so that the client may retry it.
    is_safe: bool,
}

/// Applies the settings to a call. What may be executed twice is sent once, whatever the error.
macro_rules! with_settings {
    ($call:expr, $settings:expr) => {{
        let (mut call, settings) = ($call, $settings);
        for (name, value) in &settings.headers {
            call = call.header(name, value);
        }
        if let Some(deadline) = settings.deadline {
            call = call.deadline(deadline);
        }
        if !settings.is_safe {
            call = call.retries(Retries::none()).allow_retries(false);
        }
        call
    }};
}
use with_settings;

pub(crate) async fn run(arguments: CallArguments, output: &mut Output) -> Result<(), Failure> {
    let words = CallWords::read(&arguments.words, arguments.undescribed)?;
    let data = arguments.data.as_deref().map(arguments::data).transpose()?;
    if arguments.undescribed {
        return undescribed::run(&arguments, words, data, output).await;
    }
    let catalogue = Catalogue::get()?;
    let found = catalogue.find_operation(&words.operation)?;
    let client = arguments.target.client()?;
    let operation = found.operation;
    let mut members = RequestMembers::new(operation);
    members.take_url(&found.values)?;
    members.take_data(data)?;
    members.take_assignments(&words.assignments)?;
    let filled = members.fill_merchant(&client);
    let mut members = members.checked().await?;
    if arguments.encrypt_lines {
        members.encrypt_lines(&client)?;
    }
    let sent_secrets = secrets::plain(&members);
    if !output.is_json() {
        for (name, value) in &filled {
            say(format_args!("{name}={value} (from the configuration)"));
        }
    }
    if arguments.dry_run {
        return preview::run(&arguments, &client, members, &filled, output);
    }
    if operation.facts.response.download.is_none() && arguments.output.is_some() {
        return Err(usage("`--output` is for downloads; this operation returns JSON"));
    }
    if arguments.target.live && !operation.is_safe() {
        Confirmation::of_members(&client, &members).ask(arguments.yes)?;
    }
    let settings = CallSettings::new(&arguments, operation.is_safe())?;
    let context = FailureContext::new(catalogue, &members, sent_secrets);
    match (&operation.facts.response.download, &operation.facts.response.body) {
        (Some(_), _) => {
            let operation = DynamicOperation::<Download>::new(members);
            let call = with_settings!(client.download(operation), &settings);
            download(&arguments, call, &context, output).await
        }
        (None, Some(body)) => {
            let call = client.call(DynamicOperation::<Json>::new(members));
            let shown = reply(call, &settings, &context, |value| value).await?;
            let shown = shown.described(operation.part, body, &client, arguments.secrets);
            shown.write(&filled, output)
        }
        (None, None) => {
            let call = client.call(DynamicOperation::<NoContent>::new(members));
            let shown = reply(call, &settings, &context, |_: NoContent| Value::Null).await?;
            shown.write(&filled, output)
        }
    }
}

/// Sends a call, and keeps what is shown of the response.
async fn reply<R: FromResponse + Send + 'static>(
    call: Call<DynamicOperation<R>>,
    settings: &CallSettings,
    context: &FailureContext,
    json: impl FnOnce(R) -> Json,
) -> Result<ShownResponse, Failure> {
    let call = with_settings!(call, settings);
    let reply = Box::pin(call.reply()).await.map_err(|error| context.failure(error))?;
    let corrections = reply.corrections().iter().map(ToString::to_string).collect();
    let (status, request_id) = (reply.http_status(), reply.request_id().map(str::to_owned));
    Ok(ShownResponse::new(status.as_u16(), request_id, json(reply.into_value()), corrections))
}

async fn download(
    arguments: &CallArguments,
    call: DownloadCall<DynamicOperation<Download>>,
    context: &FailureContext,
    output: &mut Output,
) -> Result<(), Failure> {
    if arguments.output.is_none() && io::stdout().is_terminal() {
        return Err(usage("a file is not written to a terminal; name one with `--output FILE`"));
    }
    let call = match (&arguments.sha1, &arguments.sha256) {
        (Some(digest), _) => call.sha1(digest),
        (None, Some(digest)) => call.sha256(digest),
        (None, None) if arguments.unchecked => call.unchecked(),
        (None, None) => call,
    };
    let Some(file) = &arguments.output else {
        // The whole file is compared with its digest before the first byte is written.
        let file = Box::pin(async { call.await }).await.map_err(|error| context.failure(error))?;
        return Ok(output.bytes(file.content())?);
    };
    let mut stream = Box::pin(call.stream()).await.map_err(|error| context.failure(error))?;
    let length = Box::pin(stream.save_to(file)).await.map_err(|error| context.failure(error))?;
    let is_proof =
        |check: &DigestCheck| matches!(check, DigestCheck::PlainText | DigestCheck::Received);
    let is_compared = stream.digest_checks().iter().any(is_proof);
    output.value(&json!({ "file": file, "bytes": length, "digest_compared": is_compared }))?;
    let digest =
        if is_compared { "its digest is the announced one" } else { "no digest was compared" };
    output.line(format!("{}: {length} bytes, {digest}", file.display()))?;
    Ok(())
}

impl CallSettings {
    fn new(arguments: &CallArguments, is_safe: bool) -> Result<Self, Failure> {
        let header = |text: &String| match text.split_once(':') {
            Some((name, value)) => Ok((name.trim().to_owned(), value.trim().to_owned())),
            None => Err(usage("a header is written as `--header 'Accept-Language: en'`")),
        };
        Ok(Self {
            headers: arguments.headers.iter().map(header).collect::<Result<_, _>>()?,
            deadline: arguments.deadline.map(Duration::from_secs),
            is_safe,
        })
    }
}

/// The failure for wrong arguments.
fn usage(message: impl Into<String>) -> Failure {
    Failure::new(message).exit(Exit::Usage)
}

/// Writes a remark for people, beside the result.
fn say(text: impl std::fmt::Display) {
    anstream::eprintln!("{text}");
}
