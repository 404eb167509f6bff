//! Development tasks: `cargo xtask regen`, `accept`, `check`, `import`, `export`, `diff`, `tidy`, `new`.

mod accept;
mod breaking;
mod check;
mod diff;
mod export;
mod import;
mod last_run;
mod listing;
mod manifest;
mod needs;
mod new;
mod output;
mod regen;
mod root_modules;
mod tidy;
mod workspace;

use std::error::Error;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use workspace::Workspace;
use wxpay_spec::model::Method;

use crate::output::complain;

/// Development tasks of the wxpay workspace.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    /// The workspace or the descriptor folder to work on; by default the workspace of this program.
    #[arg(long, global = true, value_name = "FOLDER")]
    root: Option<PathBuf>,
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Writes the generated code and tables.
    Regen {
        /// Writes nothing. Fails and names every file that is stale, missing or extra.
        #[arg(long)]
        check: bool,
    },
    /// Checks the descriptors. Prints what they describe and what they correct.
    Check(check::CheckArguments),
    /// Imports an OpenAPI document or a documentation page into the descriptors.
    Import(import::ImportArguments),
    /// Writes the descriptors in another language, to standard output or to a file.
    Export {
        /// The language.
        #[arg(value_enum)]
        language: export::Language,
        /// The file; standard output if absent.
        file: Option<PathBuf>,
    },
    /// Says what changed in the API, product by product, in sentences for a changelog.
    Diff {
        /// The state before: a descriptor folder or a git revision.
        old: String,
        /// The state after.
        new: String,
    },
    /// Rewrites every generated file, listing and snapshot; read the difference before you commit it.
    Accept,
    /// Rewrites every descriptor in the canonical layout, except for files with YAML comments.
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
        Task::Check(arguments) => check::run(&workspace, &arguments),
        Task::Import(arguments) => import::run(&workspace, &arguments),
        Task::Export { language, file } => export::run(&workspace, language, file.as_deref()),
        Task::Diff { old, new } => diff::run(&workspace, &old, &new),
        Task::Tidy => tidy::run(&workspace),
        Task::New { method, path } => new::run(&workspace, method, &path),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => fail(&*error),
    }
}

fn fail(error: &dyn Error) -> ExitCode {
    complain!("{error}");
    let mut cause = error.source();
    while let Some(error) = cause {
        complain!("  {error}");
        cause = error.source();
    }
    ExitCode::FAILURE
}
