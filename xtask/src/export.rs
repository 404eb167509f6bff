//! `export`: writes the descriptors as an OpenAPI document or as TypeScript declarations.

use std::error::Error;
use std::io::{self, Write};
use std::path::Path;

use wxpay_spec::export::{openapi, typescript};

use crate::workspace::{Workspace, replace};

/// A language to write the descriptors in.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
pub(crate) enum Language {
    /// An OpenAPI 3.1 document, as JSON.
    Openapi,
    /// TypeScript declarations, whose chains are the URLs.
    Typescript,
}

/// Writes the descriptors to a file, or to standard output.
pub(crate) fn run(
    workspace: &Workspace,
    language: Language,
    file: Option<&Path>,
) -> Result<(), Box<dyn Error>> {
    let spec = wxpay_spec::load(&workspace.descriptors())?;
    let text = match language {
        Language::Openapi => openapi(&spec),
        Language::Typescript => typescript(&spec),
    };
    match file {
        Some(file) => replace(file, text.as_bytes())
            .map_err(|error| format!("cannot write {}: {error}", file.display()).into()),
        None => Ok(print(&text)?),
    }
}

/// Prints a text. A reader that has seen enough, such as `head`, is no error.
pub(crate) fn print(text: &str) -> io::Result<()> {
    let mut output = io::stdout().lock();
    match output.write_all(text.as_bytes()).and_then(|()| output.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        done => done,
    }
}
