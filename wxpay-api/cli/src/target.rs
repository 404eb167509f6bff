//! Whom a command calls: the sandbox of a folder, or WeChat Pay with a merchant's own keys.

use std::path::PathBuf;

use clap::Args;

/// Whom to call. Without `--live` it is the sandbox.
#[derive(Args, Clone, Debug)]
pub(crate) struct TargetArguments {
    /// The folder of the sandbox.
    #[arg(long, env = "WXPAY_SANDBOX_DIR", default_value = "sandbox", value_name = "FOLDER")]
    pub(crate) dir: PathBuf,
    /// Calls WeChat Pay itself, with real money.
    #[arg(long)]
    pub(crate) live: bool,
    /// The config file of the merchant, for `--live`. Without it, environment variables are read.
    #[arg(long, env = "WXPAY_CONFIG", value_name = "FILE", requires = "live")]
    pub(crate) config: Option<PathBuf>,
}
