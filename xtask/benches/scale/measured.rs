//! The CPU and the memory of a task, run by a process whose only child it is.

use std::env;
use std::error::Error;
use std::process::{Command, Stdio};

/// The first argument of the process that runs one task.
pub(crate) const FLAG: &str = "--task";

/// What one run used.
pub(crate) struct Measured {
    /// User and system, in seconds.
    pub(crate) cpu: f64,
    /// The peak, in MiB.
    pub(crate) memory: f64,
}

impl Measured {
    /// Runs a task. The system knows the peak of all children together, so that each task has its own parent.
    pub(crate) fn of(task: &[&str]) -> Result<Self, Box<dyn Error>> {
        let output = Command::new(env::current_exe()?)
            .arg(FLAG)
            .args(task)
            .stderr(Stdio::inherit())
            .output()?;
        if !output.status.success() {
            return Err(format!("`cargo xtask {}` failed", task.join(" ")).into());
        }
        let printed = String::from_utf8(output.stdout)?;
        let (cpu, memory) = printed.trim().split_once(' ').ok_or("expected two numbers")?;
        Ok(Self { cpu: cpu.parse()?, memory: memory.parse()? })
    }
}

/// Runs a task and prints what it used.
pub(crate) fn child(task: &[String]) -> Result<(), Box<dyn Error>> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    let output = command.args(task).stdin(Stdio::null()).output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into());
    }
    let Measured { cpu, memory } = of_children()?;
    println!("{cpu} {memory}");
    Ok(())
}

#[cfg(unix)]
fn of_children() -> Result<Measured, Box<dyn Error>> {
    use nix::sys::resource::{UsageWho, getrusage};

    let usage = getrusage(UsageWho::RUSAGE_CHILDREN)?;
    let seconds = [usage.user_time(), usage.system_time()];
    let cpu = seconds.iter().map(|time| time.tv_sec() as f64 + time.tv_usec() as f64 / 1e6).sum();
    // Apple's systems count bytes, others KiB.
    let unit = if cfg!(target_vendor = "apple") { 1_048_576.0 } else { 1024.0 };
    Ok(Measured { cpu, memory: usage.max_rss() as f64 / unit })
}

#[cfg(not(unix))]
fn of_children() -> Result<Measured, Box<dyn Error>> {
    Err("what a process used is only known on Unix".into())
}
