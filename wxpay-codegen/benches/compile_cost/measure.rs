//! Builds the subjects, and measures the cost.

use std::env;
use std::error::Error;
use std::ffi::OsString;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use clap::ValueEnum;

use crate::wrapper::{USAGE_FILE, Usage};

/// The cost of a subject.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cost {
    /// `cargo check`.
    pub(crate) check: Usage,
    /// `cargo build`.
    pub(crate) build: Usage,
}

/// The tools and folders for building the subjects.
pub(crate) struct Bench {
    cargo: OsString,
    wrapper: PathBuf,
    workspace: PathBuf,
    folder: PathBuf,
}

impl Bench {
    /// Creates a bench below the target folder. It has its own dependencies, so that cargo can use
    /// the ordinary ones in the meantime.
    pub(crate) fn new(workspace: &Path) -> Result<Self, Box<dyn Error>> {
        Ok(Self {
            cargo: env::var_os("CARGO").unwrap_or_else(|| "cargo".into()),
            wrapper: env::current_exe()?,
            workspace: workspace.to_owned(),
            folder: Path::new(env!("CARGO_TARGET_TMPDIR")).join("compile-cost"),
        })
    }

    /// The folder of the naive crate.
    pub(crate) fn naive_folder(&self) -> PathBuf {
        self.folder.join("naive")
    }

    /// Checks and builds a subject. Only its dependencies are built before.
    pub(crate) fn cost(&self, subject: Subject, runs: u32) -> Result<Cost, Box<dyn Error>> {
        let check = self.best("check", subject, runs)?;
        let build = self.best("build", subject, runs)?;
        Ok(Cost { check, build })
    }

    fn best(&self, task: &str, subject: Subject, runs: u32) -> Result<Usage, Box<dyn Error>> {
        let mut best = self.usage(task, subject)?;
        for _ in 1..runs {
            let next = self.usage(task, subject)?;
            best = Usage { cpu: best.cpu.min(next.cpu), memory: best.memory.min(next.memory) };
        }
        Ok(best)
    }

    fn usage(&self, task: &str, subject: Subject) -> Result<Usage, Box<dyn Error>> {
        eprintln!("cargo {task}: {subject}");
        let usage_file = self.folder.join("usage.json");
        run(self.cargo("clean", subject).arg("--quiet"))?;
        run(self
            .cargo(task, subject)
            .args(["--quiet", "--jobs", "2"])
            .args(subject.features())
            .env("CARGO_INCREMENTAL", "0")
            .env("RUSTC_WORKSPACE_WRAPPER", &self.wrapper)
            .env(USAGE_FILE, &usage_file))?;
        Ok(serde_json::from_slice(&fs::read(usage_file)?)?)
    }

    fn cargo(&self, task: &str, subject: Subject) -> Command {
        let manifest = match subject {
            Subject::Naive => self.naive_folder().join("Cargo.toml"),
            _ => self.workspace.join("Cargo.toml"),
        };
        let mut command = Command::new(&self.cargo);
        command.arg(task).arg("--manifest-path").arg(manifest);
        command.arg("--target-dir").arg(self.folder.join("target"));
        command.args(["--package", subject.package()]);
        command
    }
}

fn run(command: &mut Command) -> Result<(), Box<dyn Error>> {
    let status = command.status()?;
    if status.success() { Ok(()) } else { Err(format!("{command:?} failed: {status}").into()) }
}

/// A crate to build, with its features.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(crate) enum Subject {
    /// The naive emission of every descriptor.
    Naive,
    /// `wxpay-api` with all features, the sandbox included.
    All,
    /// `wxpay-api` with its default features.
    Default,
    /// `wxpay-api` with `payscore` alone.
    Payscore,
    /// `wxpay-api` without any product: the runtime.
    Bare,
}

impl Subject {
    /// Every subject, in the order of the table.
    pub(crate) const ALL: [Self; 5] =
        [Self::Naive, Self::All, Self::Default, Self::Payscore, Self::Bare];

    /// The name of its package.
    pub(crate) fn package(self) -> &'static str {
        match self {
            Self::Naive => "naive",
            _ => "wxpay-api",
        }
    }

    /// Its features, as arguments of cargo.
    pub(crate) fn features(self) -> &'static [&'static str] {
        match self {
            Self::Naive | Self::Default => &[],
            Self::All => &["--all-features"],
            Self::Payscore => &["--no-default-features", "--features", "payscore"],
            Self::Bare => &["--no-default-features"],
        }
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Naive => "naive",
            Self::All => "all",
            Self::Default => "default",
            Self::Payscore => "payscore",
            Self::Bare => "bare",
        })
    }
}
