//! The folder of a sandbox: `env.json`, which says how to reach it, and the files that it names.

use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

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
}
