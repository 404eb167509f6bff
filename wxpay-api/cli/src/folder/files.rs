//! The files of a folder, as SDKs expect them. All are copies of what the folder keeps.

use std::fs;
use std::path::{Path, PathBuf};

use wxpay_api::protocol::Certificate;
use wxpay_api::sandbox::{KeyMode, SavedAccount};

use super::keep::{Kept, Reach};
use super::write::{make_folder, remove, write};
use super::{ENVIRONMENT, Environment, snippets};
use crate::output::Failure;

const CERTIFICATE: &str = "apiclient_cert.pem";
const PRIVATE_KEY: &str = "apiclient_key.pem";
const PUBLIC_KEY: &str = "pub_key.pem";
/// Platform certificates are called `wechatpay_` and their serial number, as WeChat Pay's own tools name them.
const PLATFORM: &str = "wechatpay_";
const ACCOUNTS: &str = "accounts";
pub(super) const SHELL: &str = "env.sh";

/// Checks that the key files of merchants are those that the folder keeps. Missing ones are written again.
pub(super) fn check(path: &Path, kept: &Kept) -> Result<(), Failure> {
    for account in &kept.accounts {
        let folder = path.join(folder_of(kept, account));
        for (name, content) in
            [(CERTIFICATE, &account.certificate), (PRIVATE_KEY, &account.private_key)]
        {
            let file = folder.join(name);
            match fs::read(&file) {
                Ok(held) if held != content.as_bytes() => {
                    return Err(Failure::new(format!(
                        "{} is not the one that the sandbox wrote; it does not replace keys: move the file away, or \
                         name another folder with `--dir`",
                        file.display()
                    )));
                }
                _ => {}
            }
        }
    }
    Ok(())
}

/// Writes all files that differ. Returns the environment if it is known how to reach the sandbox.
pub(super) fn write_all(
    path: &Path,
    kept: &Kept,
    reach: Option<&Reach>,
) -> Result<Option<Environment>, Failure> {
    let mut environment = None;
    let mut folders = Vec::new();
    for account in &kept.accounts {
        let relative = folder_of(kept, account);
        let folder = path.join(&relative);
        make_folder(&folder)?;
        let names = write_account(&folder, account)?;
        match reach {
            Some(reach) if account.id == kept.ids.mchid => {
                environment = Some(describe(kept, account, names, reach)?);
            }
            _ => folders.push(relative),
        }
    }
    let Some(mut environment) = environment else {
        return Ok(None);
    };
    environment.account_folders = folders;
    let text = serde_json::to_string_pretty(&environment)?;
    write(&path.join(ENVIRONMENT), &(text + "\n"))?;
    write(&path.join(SHELL), &snippets::shell(path, &environment))?;
    snippets::write_all(path, &environment)?;
    Ok(Some(environment))
}

/// The first account is in the folder itself.
fn folder_of(kept: &Kept, account: &SavedAccount) -> PathBuf {
    match account.id == kept.ids.mchid {
        true => PathBuf::new(),
        false => Path::new(ACCOUNTS).join(&account.id),
    }
}

/// Writes the files of an account. Returns the names of the platform certificates.
fn write_account(folder: &Path, account: &SavedAccount) -> Result<Vec<String>, Failure> {
    write(&folder.join(PRIVATE_KEY), &account.private_key)?;
    write(&folder.join(CERTIFICATE), &account.certificate)?;
    match account.mode {
        KeyMode::Certificates => remove(&folder.join(PUBLIC_KEY))?,
        _ => write(&folder.join(PUBLIC_KEY), &account.wechatpay_public_key()?)?,
    }
    let mut names = Vec::new();
    if account.mode != KeyMode::PublicKey {
        for held in &account.platform_certificates {
            let serial = Certificate::from_pem(&held.certificate)?.serial().to_string();
            let name = format!("{PLATFORM}{serial}.pem");
            write(&folder.join(&name), &held.certificate)?;
            names.push(name);
        }
    }
    remove_withdrawn(folder, &names)?;
    Ok(names)
}

/// Removes the platform certificates that `/v3/certificates` no longer lists.
fn remove_withdrawn(folder: &Path, listed: &[String]) -> Result<(), Failure> {
    for entry in fs::read_dir(folder)? {
        let name = entry?.file_name();
        let name = name.to_string_lossy().into_owned();
        let serial = name.strip_prefix(PLATFORM).and_then(|rest| rest.strip_suffix(".pem"));
        let ours = serial.is_some_and(|serial| serial.bytes().all(|byte| byte.is_ascii_hexdigit()));
        if ours && !listed.contains(&name) {
            remove(&folder.join(&name))?;
        }
    }
    Ok(())
}

fn describe(
    kept: &Kept,
    account: &SavedAccount,
    platform_certificates: Vec<String>,
    reach: &Reach,
) -> Result<Environment, Failure> {
    let ids = kept.ids.clone();
    let reach = reach.clone();
    let has_public_key = account.mode != KeyMode::Certificates;
    Ok(Environment {
        url: reach.url,
        proxy: reach.proxy,
        tls: reach.tls,
        ca_file: reach.ca_file,
        hosts: reach.hosts,
        mchid: ids.mchid,
        appid: ids.appid,
        openid: ids.openid,
        service_id: ids.service_id,
        sub_mchid: ids.sub_mchid,
        serial_no: Certificate::from_pem(&account.certificate)?.serial().to_string(),
        certificate_file: PathBuf::from(CERTIFICATE),
        private_key_file: PathBuf::from(PRIVATE_KEY),
        wechatpay_public_key_id: has_public_key.then(|| account.wechatpay_public_key_id.clone()),
        wechatpay_public_key_file: has_public_key.then(|| PathBuf::from(PUBLIC_KEY)),
        platform_certificate_files: platform_certificates.into_iter().map(PathBuf::from).collect(),
        apiv3_key: account.apiv3_key.clone(),
        apiv2_key: account.apiv2_key.clone(),
        control_token: reach.control_token,
        account_folders: Vec::new(),
    })
}
