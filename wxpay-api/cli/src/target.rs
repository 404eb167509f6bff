//! Whom a command calls: the sandbox of a folder, or WeChat Pay with a merchant's own keys.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;
use wxpay_api::{Client, ClientBuilder, Config};

use crate::folder::Environment;
use crate::output::Failure;

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
    #[arg(long, env = "WXPAY_CONFIG", value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
}

impl TargetArguments {
    /// Returns the client of the sandbox, or of WeChat Pay with `--live`.
    pub(crate) fn client(&self) -> Result<Client, Failure> {
        build(self.builder(&self.client_config()?)?)
    }

    /// Returns the keys of the merchant.
    pub(crate) fn client_config(&self) -> Result<Config, Failure> {
        match self.live {
            true => self.live_config(),
            false => Ok(Environment::read(&self.dir)?.config(&self.dir)),
        }
    }

    /// Starts a builder of a client with these keys.
    pub(crate) fn builder(&self, config: &Config) -> Result<ClientBuilder, Failure> {
        let builder = config.client_builder()?;
        match self.live {
            true => Ok(builder),
            false => Ok(builder.base_url(&Environment::read(&self.dir)?.url)),
        }
    }

    fn live_config(&self) -> Result<Config, Failure> {
        let Some(file) = &self.config else {
            return Config::from_env()?.ok_or_else(|| {
                Failure::new(
                    "no merchant is configured: name a file with `--config`, or set `WXPAY_MCHID` and its siblings",
                )
            });
        };
        let unreadable = |error: Box<dyn Error + Send + Sync>| {
            Failure::caused(format!("{} cannot be read as a config", file.display()), error)
        };
        let text = fs::read_to_string(file).map_err(|error| unreadable(error.into()))?;
        let config: Config =
            serde_yaml::from_str(&text).map_err(|error| unreadable(error.into()))?;
        Ok(config.relative_to(file.parent().unwrap_or(Path::new(""))))
    }
}

/// Builds a client.
pub(crate) fn build(builder: ClientBuilder) -> Result<Client, Failure> {
    builder.build().map_err(|error| Failure::caused("no client can be made of these keys", error))
}
