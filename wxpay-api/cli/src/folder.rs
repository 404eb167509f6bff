//! The folder of a sandbox: `env.json`, which says how to reach it, and the files that it names.

use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use wxpay_api::{Config, Secret};

use crate::output::Failure;

/// The file that names everything else.
pub(crate) const ENVIRONMENT: &str = "env.json";

/// How SDKs reach a sandbox, with the files and ids of its first merchant. Files are relative to the folder.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Environment {
    /// The URL of the sandbox.
    pub(crate) url: String,
    /// The URL of the proxy, for `HTTPS_PROXY`.
    pub(crate) proxy: Option<String>,
    /// The certificate of the authority that signs for WeChat Pay's hosts behind the proxy.
    pub(crate) ca_file: Option<PathBuf>,
    pub(crate) mchid: String,
    pub(crate) appid: String,
    /// The serial number of the merchant's certificate.
    pub(crate) serial_no: String,
    pub(crate) certificate_file: PathBuf,
    pub(crate) private_key_file: PathBuf,
    pub(crate) wechatpay_public_key_id: Option<String>,
    pub(crate) wechatpay_public_key_file: Option<PathBuf>,
    pub(crate) platform_certificate_files: Vec<PathBuf>,
    pub(crate) apiv3_key: String,
    /// The token that the control surface wants; absent if the sandbox listens on loopback alone.
    pub(crate) control_token: Option<String>,
}

impl Environment {
    /// Reads the file of a folder.
    pub(crate) fn read(folder: &Path) -> Result<Self, Failure> {
        let file = folder.join(ENVIRONMENT);
        let text = fs::read(&file).map_err(|error| {
            let message = format!(
                "{} cannot be read; start a sandbox there with `wxpay sandbox --dir {}`",
                file.display(),
                folder.display()
            );
            Failure::caused(message, error)
        })?;
        serde_json::from_slice(&text).map_err(|error| {
            Failure::caused(
                format!("{} is not as `wxpay sandbox` writes it", file.display()),
                error,
            )
        })
    }
    /// Returns the configuration of the first merchant, with the files of a folder.
    pub(crate) fn config(&self, folder: &Path) -> Config {
        let file = |name: &PathBuf| folder.join(name);
        let mut config = Config::default();
        config.mchid = Some(self.mchid.clone());
        config.certificate_file = Some(file(&self.certificate_file));
        config.private_key_file = Some(file(&self.private_key_file));
        config.wechatpay_public_key_id.clone_from(&self.wechatpay_public_key_id);
        config.wechatpay_public_key_file = self.wechatpay_public_key_file.as_ref().map(file);
        config.platform_certificate_files =
            self.platform_certificate_files.iter().map(file).collect();
        config.apiv3_key = Some(Secret::from(self.apiv3_key.clone()));
        config
    }
}
