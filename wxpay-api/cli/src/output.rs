//! What the program prints, and how it ends: readable text or JSON, and an exit code.

use std::error::Error;
use std::fmt::{self, Display};
use std::io::{self, Write};
use std::process::ExitCode;

use anstream::AutoStream;
use serde_json::{Value, json};

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
    NotConfirmed = 7,
}

/// Why a command failed.
#[derive(Debug)]
pub(crate) struct Failure {
    exit: Exit,
    message: String,
    source: Option<Box<dyn Error + Send + Sync>>,
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
            source: None,
            detail: Value::Null,
            broken_pipe: false,
        }
    }

    /// Keeps an error as the cause.
    pub(crate) fn caused(
        message: impl Into<String>,
        source: impl Into<Box<dyn Error + Send + Sync>>,
    ) -> Self {
        Self { source: Some(source.into()), ..Self::new(message) }
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

    /// Lists the causes, the nearest first.
    fn causes(&self) -> Vec<String> {
        let mut causes = Vec::new();
        let mut next = self.source.as_deref().map(|source| source as &dyn Error);
        while let Some(error) = next {
            causes.push(error.to_string());
            next = error.source();
        }
        causes
    }
}

impl<E: Error + Send + Sync + 'static> From<E> for Failure {
    fn from(error: E) -> Self {
        let failure = Self::new(error.to_string());
        let source = error.source().map(|source| source.to_string().into());
        let any: &dyn std::any::Any = &error;
        let kind = any.downcast_ref::<io::Error>().map(io::Error::kind);
        Self { source, broken_pipe: kind == Some(io::ErrorKind::BrokenPipe), ..failure }
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

    /// Writes bytes as they are, whatever the caller wants.
    pub(crate) fn bytes(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.stdout.write_all(bytes)
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
            true => writeln!(stderr, "{}", failure.json()),
            false => write!(stderr, "{failure}"),
        };
        ExitCode::from(failure.exit as u8)
    }
}

impl Failure {
    fn json(&self) -> Value {
        json!({
            "error": self.message,
            "causes": self.causes(),
            "exit_code": self.exit as u8,
            "detail": self.detail,
        })
    }
}

impl Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(formatter, "error: {}", self.message)?;
        for cause in self.causes() {
            writeln!(formatter, "  because: {cause}")?;
        }
        Ok(())
    }
}
