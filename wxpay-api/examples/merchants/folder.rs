//! The folder of merchants: a sub-folder for each, named by its number, with `merchant.json` and the keys beside it.
//!
//! ```json
//! {
//!   "appid": "wxd678efh567hg6787",
//!   "wechatpay": {
//!     "mchid": "1900000109",
//!     "certificate_file": "apiclient_cert.pem",
//!     "private_key_file": "apiclient_key.pem",
//!     "wechatpay_public_key_id": "PUB_KEY_ID_0119000001092024",
//!     "wechatpay_public_key_file": "pub_key.pem",
//!     "apiv3_key_file": "apiv3_key"
//!   }
//! }
//! ```

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use aws_lc_rs::digest::{Context, SHA256};
use serde::Deserialize;
use tokio::task::JoinError;
use wxpay_api::{BuildError, Config, ConfigError};

const FILE: &str = "merchant.json";

/// Keys and certificates are far smaller. A larger file is not read.
const LARGEST_FILE: u64 = 1 << 20;

/// A merchant as its file configures it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct MerchantFile {
    /// The app in which the merchant's customers pay.
    pub(crate) appid: String,
    /// The keys, as the guide describes them.
    #[serde(rename = "wechatpay")]
    pub(crate) config: Config,
}

/// Why a configuration is not used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FolderError {
    #[error("{} cannot be read", file.display())]
    Read { file: PathBuf, source: io::Error },
    #[error("{} is larger than any key", file.display())]
    TooLarge { file: PathBuf },
    #[error("{} cannot be used: {problem}", file.display())]
    File { file: PathBuf, problem: String },
    #[error("the folder is called {folder}, and `mchid` is another one")]
    OtherMerchant { folder: String },
    #[error("{} has no merchant at all", folder.display())]
    Empty { folder: PathBuf },
    #[error("reading the folder did not end")]
    Stopped(#[from] JoinError),
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error(transparent)]
    Build(#[from] BuildError),
    #[error("WeChat Pay does not accept the keys: {0}")]
    SelfTest(String),
}

/// The merchants in the folder, each with a digest of all its files, or why it has none.
pub(crate) type Found = BTreeMap<String, Result<String, FolderError>>;

/// Lists the merchants in the folder. A digest changes with every byte of a merchant's files.
///
/// # Errors
/// [`FolderError`] if the folder itself cannot be read, or has no merchant.
pub(crate) fn merchants(folder: &Path) -> Result<Found, FolderError> {
    let mut found = BTreeMap::new();
    for path in entries(folder)? {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        // Mounted secrets have hidden folders, and editors leave files.
        if path.is_dir() && !name.starts_with('.') {
            found.insert(name.to_owned(), digest(&path));
        }
    }
    // More likely a mount that failed than the wish to serve nobody.
    if found.is_empty() {
        return Err(FolderError::Empty { folder: folder.to_owned() });
    }
    Ok(found)
}

/// Reads the configuration of a merchant.
pub(crate) fn read(folder: &Path, mchid: &str) -> Result<MerchantFile, FolderError> {
    let folder = folder.join(mchid);
    let file = folder.join(FILE);
    let text = fs::read(&file).map_err(|source| unreadable(&file, source))?;
    let mut read: MerchantFile = serde_json::from_slice(&text).map_err(|error| {
        // The errors of `Config` never show a value.
        FolderError::File { file: file.clone(), problem: error.to_string() }
    })?;
    // What somebody wrote in its place may be a key, so the error does not show it.
    if read.config.mchid.as_deref() != Some(mchid) {
        return Err(FolderError::OtherMerchant { folder: mchid.to_owned() });
    }
    read.config = read.config.relative_to(&folder);
    Ok(read)
}

fn digest(folder: &Path) -> Result<String, FolderError> {
    let mut digest = Context::new(&SHA256);
    for file in entries(folder)?.into_iter().filter(|path| path.is_file()) {
        let length = fs::metadata(&file).map_err(|source| unreadable(&file, source))?.len();
        if length > LARGEST_FILE {
            return Err(FolderError::TooLarge { file });
        }
        let content = fs::read(&file).map_err(|source| unreadable(&file, source))?;
        digest.update(file.as_os_str().as_encoded_bytes());
        digest.update(&content.len().to_be_bytes());
        digest.update(&content);
    }
    Ok(digest.finish().as_ref().iter().map(|byte| format!("{byte:02x}")).collect())
}

/// What a folder has, in a fixed order.
fn entries(folder: &Path) -> Result<Vec<PathBuf>, FolderError> {
    let entries = fs::read_dir(folder).and_then(|entries| {
        entries.map(|entry| entry.map(|entry| entry.path())).collect::<io::Result<Vec<_>>>()
    });
    let mut entries = entries.map_err(|source| unreadable(folder, source))?;
    entries.sort();
    Ok(entries)
}

fn unreadable(file: &Path, source: io::Error) -> FolderError {
    FolderError::Read { file: file.to_owned(), source }
}
