//! Downloads the platform certificates.

use clap::Args;

use crate::output::{Failure, Output};

/// The arguments of the command.
#[derive(Args, Debug)]
pub(crate) struct CertificatesArguments {}

pub(crate) async fn run(
    _arguments: CertificatesArguments,
    _output: &mut Output,
) -> Result<(), Failure> {
    Err(Failure::new("this command is not built yet"))
}
