//! Writes completions for a shell.

use clap::{Args, CommandFactory};
use clap_complete::{Shell, generate};

use crate::output::{Failure, Output};

/// Writes completions for a shell.
///
/// Load the text in your shell, or save it where the shell looks for completions.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  source <(wxpay completions bash)
  wxpay completions zsh > ~/.zfunc/_wxpay
  wxpay completions fish > ~/.config/fish/completions/wxpay.fish")]
pub(crate) struct CompletionsArguments {
    /// The shell.
    shell: Shell,
}

pub(crate) async fn run(
    arguments: CompletionsArguments,
    output: &mut Output,
) -> Result<(), Failure> {
    let mut script = Vec::new();
    let mut command = crate::Arguments::command();
    generate(arguments.shell, &mut command, "wxpay", &mut script);
    Ok(output.bytes(&script)?)
}
