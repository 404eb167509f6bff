//! Development tasks: `cargo xtask regen`, `accept`, `check`, `import`, `tidy`, `new`.

mod accept;
mod breaking;
mod check;
mod comments;
mod import;
mod listing;
mod manifest;
mod new;
mod output;
mod regen;
mod tidy;
mod workspace;

use std::error::Error;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use workspace::Workspace;
use wxpay_spec::model::Method;

/// Development tasks of the wxpay workspace.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    /// The workspace to work on; this one unless said otherwise.
    #[arg(long, global = true, value_name = "FOLDER")]
    root: Option<PathBuf>,
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Writes the code and the tables that the descriptors ask for.
    Regen {
        /// Writes nothing; fails and names every file that is stale, missing or extra.
        #[arg(long)]
        check: bool,
    },
    /// Checks the descriptors; prints what they describe and what they correct.
    Check {
        /// Also names what this OpenAPI document or documentation page has and the descriptors lack.
        #[arg(long, value_name = "FILE")]
        against: Option<PathBuf>,
    },
    /// Brings an OpenAPI document or a documentation page into the descriptors.
    Import(import::Arguments),
    /// Writes every generated file, listing and snapshot anew; read the difference before you commit it.
    Accept,
    /// Gives every descriptor the canonical layout; files with YAML comments are left alone.
    Tidy,
    /// Starts a descriptor: `cargo xtask new POST /v3/payscore/permissions`.
    New {
        /// The HTTP method.
        #[arg(value_parser = new::method)]
        method: Method,
        /// The path as the official page writes it, `{…}` for parameters.
        path: String,
    },
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let workspace = Workspace::at(arguments.root);
    let done = match arguments.task {
        Task::Regen { check: true } => regen::check(&workspace),
        Task::Regen { check: false } => regen::write(&workspace),
        Task::Accept => accept::run(&workspace),
        Task::Check { against } => check::run(&workspace, against.as_deref()),
        Task::Import(arguments) => import::run(&workspace, &arguments),
        Task::Tidy => tidy::run(&workspace),
        Task::New { method, path } => new::run(&workspace, method, &path),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => fail(&*error),
    }
}

fn fail(error: &dyn Error) -> ExitCode {
    eprintln!("{error}");
    ExitCode::FAILURE
}
