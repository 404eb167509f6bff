//! Downloads a bill into a file.

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;
use tempfile::NamedTempFile;
use wxpay_api::{DigestCheck, DownloadStream};

use super::kinds::{BillKind, BillRequest};
use crate::output::{Failure, Output, style};
use crate::target::TargetArguments;

/// Downloads a bill into a file.
///
/// The file is decompressed and decrypted on its way, in constant memory at any size, and compared with the digest that
/// WeChat Pay announced. It appears only when it is complete. If the digest differs, the program ends with 6 and writes
/// no file.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  wxpay bill download trade 2025-03-01
  wxpay bill download fund-flow 2025-03-01 --account-type OPERATION --gzip --live
  wxpay bill download sub-merchant-fund-flow 2025-03-01 --sub-mchid 1900000110 --out - | gzip > flow.csv.gz")]
pub(super) struct DownloadArguments {
    #[command(flatten)]
    request: BillRequest,
    /// The file to write; `-` is standard output, which gets the bill before its digest is known. Without it, the name
    /// has kind and day.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Replaces a file that exists.
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    target: TargetArguments,
}

pub(super) async fn run(arguments: DownloadArguments, output: &mut Output) -> Result<(), Failure> {
    let kind = name(arguments.request.kind);
    let DownloadArguments { request, out, force, target } = arguments;
    let file = out.unwrap_or_else(|| PathBuf::from(format!("{kind}-{}.csv", request.date)));
    let wx = target.client()?;
    if file == Path::new("-") {
        let mut stream = request.open(&wx).await?;
        copy(&mut stream, &mut output.raw(), &ProgressBar::hidden()).await?;
        return Ok(());
    }
    if !force && file.exists() {
        let message = format!("{} exists; `--force` replaces it", file.display());
        return Err(Failure::new(message));
    }
    let mut part = create(&file)?;
    let mut stream = request.open(&wx).await?;
    let bar = if output.is_json() { ProgressBar::hidden() } else { bar(&stream) };
    let length = copy(&mut stream, &mut part, &bar).await?;
    part.as_file().sync_all()?;
    part.persist(&file).map_err(|error| {
        Failure::caused(format!("{} cannot be written", file.display()), error.error)
    })?;
    let digest = digest(&stream);
    let good = style::GOOD;
    let file = file.display().to_string();
    output.line(format_args!("{good}saved{good:#} {file} ({length} bytes, {})", words(digest)))?;
    Ok(output.value(&json!({
        "kind": kind,
        "bill_date": request.date,
        "file": file,
        "bytes": length,
        "digest": digest,
    }))?)
}

fn name(kind: BillKind) -> String {
    let value = kind.to_possible_value();
    value.map_or_else(String::new, |value| value.get_name().to_owned())
}

/// Creates a file beside the target, which the owner alone can read.
fn create(file: &Path) -> Result<NamedTempFile, Failure> {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    NamedTempFile::new_in(folder)
        .map_err(|error| Failure::caused(format!("{} cannot be written", file.display()), error))
}

/// Writes a bill piece by piece, and moves the bar.
async fn copy(
    stream: &mut DownloadStream,
    writer: &mut impl Write,
    bar: &ProgressBar,
) -> Result<u64, Failure> {
    let mut length = 0;
    while let Some(chunk) = stream.chunk().await? {
        writer.write_all(&chunk)?;
        length += chunk.len() as u64;
        bar.set_position(length);
    }
    writer.flush()?;
    bar.finish_and_clear();
    Ok(length)
}

/// Makes the bar, which indicatif hides where no terminal is.
fn bar(stream: &DownloadStream) -> ProgressBar {
    let headers = &stream.received().headers;
    let number = |name| headers.get(name)?.to_str().ok()?.parse::<u64>().ok();
    let template = match number(http::header::CONTENT_LENGTH) {
        Some(_) => "{bar:30} {bytes} of {total_bytes}, {bytes_per_sec}, {eta} left",
        None => "{spinner} {bytes}, {bytes_per_sec}",
    };
    let bar = match number(http::header::CONTENT_LENGTH) {
        Some(length) => ProgressBar::new(length),
        None => ProgressBar::new_spinner(),
    };
    match ProgressStyle::with_template(template) {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}

/// Says what the digests of all files proved: the weakest of them.
fn digest(stream: &DownloadStream) -> &'static str {
    let checks = stream.digest_checks();
    let is_unchecked = |check: &DigestCheck| matches!(check, DigestCheck::Unchecked);
    let is_other = |check: &DigestCheck| matches!(check, DigestCheck::Mismatch { .. });
    match checks {
        checks if checks.iter().any(is_other) => "differs",
        checks if checks.is_empty() || checks.iter().any(is_unchecked) => "unchecked",
        _ => "verified",
    }
}

fn words(digest: &str) -> &'static str {
    match digest {
        "verified" => "the digest is the announced one",
        "differs" => "its encryption proves it, although the digest differs",
        _ => "without a digest",
    }
}
