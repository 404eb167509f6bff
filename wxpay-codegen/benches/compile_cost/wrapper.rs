//! Replaces rustc: runs rustc, and notes the resources that this one process used.

use std::error::Error;
use std::ffi::OsString;
use std::fs;
use std::path::PathBuf;
use std::process::{Command, ExitCode};

use serde::{Deserialize, Serialize};

/// The environment variable that makes this program a wrapper. It has the path of the file for the
/// usage.
pub(crate) const USAGE_FILE: &str = "COMPILE_COST_USAGE_FILE";

/// The resources that one rustc process used.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
pub(crate) struct Usage {
    /// User CPU time, in seconds.
    pub(crate) cpu: f64,
    /// Peak resident memory, in MiB.
    pub(crate) memory: f64,
}

/// One call of rustc by cargo.
pub(crate) struct Invocation {
    usage_file: PathBuf,
    rustc: OsString,
    arguments: Vec<OsString>,
}

/// The call of cargo, if cargo started this program as its wrapper.
pub(crate) fn invocation() -> Option<Invocation> {
    let usage_file = std::env::var_os(USAGE_FILE)?.into();
    let mut arguments = std::env::args_os().skip(1);
    Some(Invocation { usage_file, rustc: arguments.next()?, arguments: arguments.collect() })
}

impl Invocation {
    /// Runs rustc, the only child of this process.
    pub(crate) fn run(self) -> Result<ExitCode, Box<dyn Error>> {
        let status = Command::new(&self.rustc).args(&self.arguments).status()?;
        if !status.success() {
            return Ok(ExitCode::FAILURE);
        }
        // Cargo also asks rustc for its version and targets; only a crate has an edition.
        if self.arguments.iter().any(|argument| argument.to_string_lossy().starts_with("--edition"))
        {
            fs::write(&self.usage_file, serde_json::to_vec(&of_children()?)?)?;
        }
        Ok(ExitCode::SUCCESS)
    }
}

#[cfg(unix)]
fn of_children() -> Result<Usage, Box<dyn Error>> {
    use nix::sys::resource::{UsageWho, getrusage};

    // Apple's systems count the peak in bytes, the others in KiB.
    let unit = if cfg!(target_vendor = "apple") { 1.0 } else { 1024.0 };
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN)?;
    let time = usage.user_time();
    Ok(Usage {
        cpu: time.tv_sec() as f64 + time.tv_usec() as f64 / 1e6,
        memory: usage.max_rss() as f64 * unit / (1024.0 * 1024.0),
    })
}

#[cfg(not(unix))]
fn of_children() -> Result<Usage, Box<dyn Error>> {
    Err("what a process used is only known on Unix".into())
}
