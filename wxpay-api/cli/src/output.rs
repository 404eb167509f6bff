//! What the program prints, and how it ends: readable text or JSON, and an exit code.

use std::error::Error;
use std::fmt::{self, Display};
use std::io::{self, Write};
use std::process::ExitCode;

use anstream::AutoStream;
use serde_json::{Value, json};
use wxpay_api::{ErrorKind, Idempotency, Outcome};

/// The exit codes, as `--help` lists them.
pub(crate) const EXIT_CODES: &str = "\
Exit codes:
  0  done
  1  failed: the message says why
  2  the arguments are wrong
  3  refused by WeChat Pay; nothing was executed
  4  the outcome is unknown: the request may have been executed; query before you send it again
  5  accepted, but the response cannot be read
  6  a signature, a digest or a ciphertext is not genuine
  7  not confirmed; nothing was sent";

/// How words look on a terminal. `anstream` removes it where nobody sees colours.
pub(crate) mod style {
    use anstyle::{AnsiColor, Style};

    pub(crate) const GOOD: Style = AnsiColor::Green.on_default().bold();
    #[cfg(feature = "full")]
    pub(crate) const WARNING: Style = AnsiColor::Yellow.on_default().bold();
    pub(crate) const BAD: Style = AnsiColor::Red.on_default().bold();
    pub(crate) const STRONG: Style = Style::new().bold();
    pub(crate) const FAINT: Style = Style::new().dimmed();
}

/// How the program ends, apart from success. Scripts depend on the numbers.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[repr(u8)]
pub(crate) enum Exit {
    Failed = 1,
    #[cfg(feature = "full")]
    Usage = 2,
    Refused = 3,
    Unknown = 4,
    Unreadable = 5,
    NotGenuine = 6,
    #[cfg(feature = "full")]
    NotConfirmed = 7,
}

/// Why a command failed.
#[derive(Debug)]
pub(crate) struct Failure {
    exit: Exit,
    message: String,
    /// The nearest first.
    causes: Vec<String>,
    /// What programs want to know, such as an error code.
    detail: Value,
    /// Whether the reader of the output went away.
    broken_pipe: bool,
}

impl Failure {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self {
            exit: Exit::Failed,
            message: message.into(),
            causes: Vec::new(),
            detail: Value::Null,
            broken_pipe: false,
        }
    }

    /// Keeps an error and its causes.
    #[cfg(feature = "full")]
    pub(crate) fn caused(
        message: impl Into<String>,
        source: impl Into<Box<dyn Error + Send + Sync>>,
    ) -> Self {
        let source = source.into();
        let mut causes = vec![source.to_string()];
        causes.extend(causes_of(source.as_ref()));
        Self { causes, ..Self::new(message) }
    }

    pub(crate) fn exit(self, exit: Exit) -> Self {
        Self { exit, ..self }
    }

    pub(crate) fn detail(self, detail: Value) -> Self {
        Self { detail, ..self }
    }

    #[cfg(feature = "full")]
    pub(crate) fn message(&self) -> &str {
        &self.message
    }

    /// Returns what programs want to know; `null` if there is nothing.
    #[cfg(feature = "full")]
    pub(crate) fn details(&self) -> &Value {
        &self.detail
    }

    /// Returns the error code of a sandbox or of WeChat Pay.
    #[cfg(feature = "full")]
    pub(crate) fn code(&self) -> Option<&str> {
        self.detail.get("code")?.as_str()
    }

    fn of_call(error: &wxpay_api::Error) -> Self {
        let api = error.api();
        let detail = json!({
            "operation": error.operation(),
            "outcome": outcome_name(error.outcome()),
            "status": api.map(|api| api.status),
            "code": api.map(|api| &api.code),
            "message": api.map(|api| &api.message),
            "request_id": error.request_id(),
        });
        Self::new(error.to_string()).exit(exit_of_call(error)).detail(detail)
    }
}

/// Names an outcome for programs.
pub(crate) fn outcome_name(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::NotSent => "not-sent",
        Outcome::Refused => "refused",
        Outcome::Accepted => "accepted",
        _ => "unknown",
    }
}

/// Returns how a failed call ends the program.
pub(crate) fn exit_of_call(error: &wxpay_api::Error) -> Exit {
    let is_forged = matches!(
        error.kind(),
        ErrorKind::Verification(_) | ErrorKind::Digest { .. } | ErrorKind::Decryption(_)
    );
    match (error.outcome(), error.idempotency()) {
        (Outcome::Refused, _) => Exit::Refused,
        (Outcome::Accepted, _) => Exit::Unreadable,
        (Outcome::Unknown, Idempotency::Safe) if is_forged => Exit::NotGenuine,
        // Whatever came of it, nothing was changed.
        (Outcome::NotSent, _) | (_, Idempotency::Safe) => Exit::Failed,
        _ => Exit::Unknown,
    }
}

fn causes_of(error: &(dyn Error + 'static)) -> Vec<String> {
    let mut causes = Vec::new();
    let mut next = error.source();
    while let Some(cause) = next {
        causes.push(cause.to_string());
        next = cause.source();
    }
    causes
}

impl<E: Error + Send + Sync + 'static> From<E> for Failure {
    fn from(error: E) -> Self {
        let any: &dyn std::any::Any = &error;
        let failure = match any.downcast_ref::<wxpay_api::Error>() {
            Some(error) => Self::of_call(error),
            None => Self::new(error.to_string()),
        };
        let kind = any.downcast_ref::<io::Error>().map(io::Error::kind);
        let broken_pipe = kind == Some(io::ErrorKind::BrokenPipe);
        Self { causes: causes_of(&error), broken_pipe, ..failure }
    }
}

/// Where a command writes its result.
#[derive(Debug)]
pub(crate) struct Output {
    json: bool,
    stdout: AutoStream<io::Stdout>,
}

impl Output {
    pub(crate) fn new(json: bool) -> Self {
        Self { json, stdout: anstream::stdout() }
    }

    /// Returns whether the caller wants JSON.
    #[cfg(feature = "full")]
    pub(crate) fn is_json(&self) -> bool {
        self.json
    }

    /// Writes a line for people. Nothing is written if the caller wants JSON.
    pub(crate) fn line(&mut self, line: impl Display) -> io::Result<()> {
        if self.json {
            return Ok(());
        }
        writeln!(self.stdout, "{line}")
    }

    /// Writes a JSON value on a line. Nothing is written if the caller wants text.
    pub(crate) fn value(&mut self, value: &Value) -> io::Result<()> {
        if !self.json {
            return Ok(());
        }
        writeln!(self.stdout, "{value}")
    }

    /// Writes a note for people beside the result, such as a warning.
    #[cfg(feature = "full")]
    pub(crate) fn note(&mut self, note: impl Display) {
        if !self.json {
            // Without a place for notes, the result remains.
            let _ = writeln!(anstream::stderr(), "{note}");
        }
    }

    /// Writes bytes as they are, whatever the caller wants.
    #[cfg(feature = "full")]
    pub(crate) fn bytes(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.raw().write_all(bytes)
    }

    /// Returns the place for bytes, which are written as they are.
    #[cfg(feature = "full")]
    pub(crate) fn raw(&mut self) -> io::Stdout {
        io::stdout()
    }

    /// Reports a failure, and returns the exit code. A reader that went away is no failure.
    pub(crate) fn finish(mut self, result: Result<(), Failure>) -> ExitCode {
        let failure = match result.and_then(|()| Ok(self.stdout.flush()?)) {
            Ok(()) => return ExitCode::SUCCESS,
            Err(failure) if failure.broken_pipe => return ExitCode::SUCCESS,
            Err(failure) => failure,
        };
        let mut stderr = anstream::stderr();
        // Without a place for errors, the exit code remains.
        let _ = match self.json {
            true => writeln!(stderr, "{}", failure.report()),
            false => write!(stderr, "{failure}"),
        };
        ExitCode::from(failure.exit as u8)
    }
}

impl Failure {
    /// Returns the failure for programs.
    fn report(&self) -> Value {
        json!({
            "error": self.message,
            "causes": self.causes,
            "exit_code": self.exit as u8,
            "detail": self.detail,
        })
    }
}

impl Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bad = style::BAD;
        writeln!(formatter, "{bad}error{bad:#}: {}", self.message)?;
        self.causes.iter().try_for_each(|cause| writeln!(formatter, "  because: {cause}"))
    }
}
