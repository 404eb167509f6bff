//! The CPU and the memory of a task, run by a process whose only child it is.

use std::env;
use std::error::Error;
use std::process::{Command, Stdio};

/// The first argument of the process that runs one task.
pub(crate) const FLAG: &str = "--task";

/// What one run used.
pub(crate) struct Measured {
    /// In the program's own code, in seconds.
    pub(crate) user: f64,
    /// In the system, in seconds. What files cost depends on what was on the disk before.
    pub(crate) system: f64,
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
        let [user, system, memory] = printed.split_whitespace().collect::<Vec<_>>()[..] else {
            return Err("expected three numbers".into());
        };
        Ok(Self { user: user.parse()?, system: system.parse()?, memory: memory.parse()? })
    }
}

/// Runs a task and prints what it used.
pub(crate) fn child(task: &[String]) -> Result<(), Box<dyn Error>> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    let output = command.args(task).stdin(Stdio::null()).output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into());
    }
    let Measured { user, system, memory } = of_children()?;
    println!("{user} {system} {memory}");
    Ok(())
}

#[cfg(unix)]
fn of_children() -> Result<Measured, Box<dyn Error>> {
    use nix::sys::resource::{UsageWho, getrusage};

    let usage = getrusage(UsageWho::RUSAGE_CHILDREN)?;
    let [user, system] = [usage.user_time(), usage.system_time()]
        .map(|time| time.tv_sec() as f64 + time.tv_usec() as f64 / 1e6);
    // Apple's systems count bytes, others KiB.
    let unit = if cfg!(target_vendor = "apple") { 1_048_576.0 } else { 1024.0 };
    Ok(Measured { user, system, memory: usage.max_rss() as f64 / unit })
}

#[cfg(not(unix))]
fn of_children() -> Result<Measured, Box<dyn Error>> {
    Err("what a process used is only known on Unix".into())
}
