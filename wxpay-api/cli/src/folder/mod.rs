//! The folder of a sandbox: `env.json`, which says how to reach it, and the files that it names.

mod files;
mod ids;
mod keep;
mod snippets;
mod write;

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use wxpay_api::{Config, Secret};

use crate::output::Failure;

pub(crate) use ids::IdWishes;
pub(crate) use keep::{Folder, Reach};
pub(crate) use snippets::{CA_VARIABLES, quoted};

/// The file that names everything else.
pub(crate) const ENVIRONMENT: &str = "env.json";

/// How SDKs reach a sandbox, with the files and ids of its first merchant. Files are relative to the folder.
#[derive(Clone, Deserialize, Serialize)]
pub(crate) struct Environment {
    /// The URL of the sandbox.
    pub(crate) url: String,
    /// The URL of the proxy, for `HTTPS_PROXY`.
    pub(crate) proxy: Option<String>,
    /// The address that takes TLS for WeChat Pay's hosts at once.
    #[serde(default)]
    pub(crate) tls: Option<String>,
    /// The certificate of the authority that signs for WeChat Pay's hosts behind the proxy.
    pub(crate) ca_file: Option<PathBuf>,
    /// The hosts of WeChat Pay that the proxy serves.
    #[serde(default)]
    pub(crate) hosts: Vec<String>,
    pub(crate) mchid: String,
    pub(crate) appid: String,
    /// A user of the appid.
    #[serde(default)]
    pub(crate) openid: String,
    /// The service of PayScore.
    #[serde(default)]
    pub(crate) service_id: String,
    /// A merchant for which the first one acts as a partner.
    #[serde(default)]
    pub(crate) sub_mchid: String,
    /// The serial number of the merchant's certificate.
    pub(crate) serial_no: String,
    pub(crate) certificate_file: PathBuf,
    pub(crate) private_key_file: PathBuf,
    pub(crate) wechatpay_public_key_id: Option<String>,
    pub(crate) wechatpay_public_key_file: Option<PathBuf>,
    pub(crate) platform_certificate_files: Vec<PathBuf>,
    pub(crate) apiv3_key: String,
    #[serde(default)]
    pub(crate) apiv2_key: String,
    /// The token that the control surface wants; absent if the sandbox listens on loopback alone.
    pub(crate) control_token: Option<String>,
    /// The folders of the other accounts.
    #[serde(default)]
    pub(crate) account_folders: Vec<PathBuf>,
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

/// Shows no key and no token.
impl fmt::Debug for Environment {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Environment")
            .field("url", &self.url)
            .field("proxy", &self.proxy)
            .field("mchid", &self.mchid)
            .field("serial_no", &self.serial_no)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_no_secret() -> Result<(), serde_json::Error> {
        let environment: Environment = serde_json::from_value(serde_json::json!({
            "url": "http://127.0.0.1:8080", "proxy": null, "ca_file": null, "mchid": "1900000109",
            "appid": "wx", "serial_no": "5157", "certificate_file": "a", "private_key_file": "b",
            "wechatpay_public_key_id": null, "wechatpay_public_key_file": null,
            "platform_certificate_files": [], "apiv3_key": "secret-3", "apiv2_key": "secret-2",
            "control_token": "secret-token"
        }))?;
        let shown = format!("{environment:?}");
        assert!(shown.contains("1900000109") && !shown.contains("secret"), "{shown}");
        Ok(())
    }
}
