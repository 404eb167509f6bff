//! Downloads the platform certificates into files.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use clap::{Args, ValueEnum};
use serde_json::{Value, json};
use wxpay_api::protocol::{Certificate, EncryptedResource, platform_certificates};
use wxpay_api::{CertificateDownload, Client, Config};

use crate::output::{Exit, Failure, Output, style};
use crate::target::{TargetArguments, build};
use crate::times::{rfc3339, rough, unix_seconds};

/// Downloads the platform certificates, verifies them, and lists how long they are valid.
///
/// Each certificate becomes a file `wechatpay_SERIAL.pem`. The list is signed by WeChat Pay, and each certificate is
/// encrypted with the APIv3 key. A merchant with a WeChat Pay public key alone has no platform certificates: the program
/// then ends with 3.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  wxpay certificates
  wxpay certificates --live --config wxpay.yaml --out keys
  wxpay certificates --live --list --json")]
pub(crate) struct CertificatesArguments {
    /// The folder for the files.
    #[arg(long, default_value = ".", value_name = "FOLDER")]
    out: PathBuf,
    /// Lists the certificates, and writes no files.
    #[arg(long)]
    list: bool,
    /// Warns of certificates that expire within this many days.
    #[arg(long, default_value_t = 30, value_name = "DAYS")]
    warn_days: u32,
    /// Where the merchant is registered.
    #[arg(long, value_enum, default_value = "mainland", value_name = "REGION")]
    region: Region,
    #[command(flatten)]
    target: TargetArguments,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Region {
    Mainland,
    Global,
    HongKong,
}

impl Region {
    fn download(self) -> CertificateDownload {
        match self {
            Self::Mainland => CertificateDownload::new(),
            Self::Global => CertificateDownload::global(),
            Self::HongKong => CertificateDownload::hong_kong(),
        }
    }

    /// Returns another host than usual, and the path.
    fn place(self) -> (Option<&'static str>, &'static str) {
        match self {
            Self::Mainland => (None, "/v3/certificates"),
            Self::Global => (Some("apihk.mch.weixin.qq.com"), "/v3/global/certificates"),
            Self::HongKong => (None, "/hk/v3/certificates"),
        }
    }
}

/// A certificate that WeChat Pay sent, with its text.
struct Downloaded {
    certificate: Certificate,
    pem: Vec<u8>,
}

pub(crate) async fn run(
    arguments: CertificatesArguments,
    output: &mut Output,
) -> Result<(), Failure> {
    let wx = client(&arguments)?;
    let certificates = download(&wx, arguments.region).await?;
    let mut listed = Vec::new();
    for downloaded in &certificates {
        let file = match arguments.list {
            true => None,
            false => Some(save(&arguments.out, downloaded)?),
        };
        let view = view(downloaded, file.as_deref(), arguments.warn_days);
        show(output, &view)?;
        listed.push(view);
    }
    Ok(output.value(&json!({ "certificates": listed }))?)
}

/// Makes a client. Without any WeChat Pay key, the certificates that it downloads prove themselves.
fn client(arguments: &CertificatesArguments) -> Result<Client, Failure> {
    let config = arguments.target.client_config()?;
    let builder = arguments.target.builder(&config)?;
    match has_wechatpay_key(&config) {
        true => build(builder),
        false => build(builder.download_certificates(arguments.region.download())),
    }
}

fn has_wechatpay_key(config: &Config) -> bool {
    config.wechatpay_public_key_id.is_some()
        || !config.platform_certificates.is_empty()
        || !config.platform_certificate_files.is_empty()
        || config.download_certificates.is_some()
}

/// Downloads the list, whose signature the client verifies, and decrypts it.
async fn download(wx: &Client, region: Region) -> Result<Vec<Downloaded>, Failure> {
    let core = wx.core();
    let key = core.apiv3_key().ok_or_else(|| {
        Failure::new("the certificates are encrypted with the APIv3 key: give `apiv3_key`")
    })?;
    let (host, path) = region.place();
    let call = wx.get(path);
    let reply = match host {
        Some(host) => call.host(host).reply().await?,
        None => call.reply().await?,
    };
    let forged = |error: platform_certificates::PlatformCertificateError| {
        Failure::from(error).exit(Exit::NotGenuine)
    };
    let scheme = wx.merchant().scheme();
    let held = platform_certificates::decrypt(scheme, reply.body(), key).map_err(forged)?;
    let list = reply.value.get("data").and_then(Value::as_array);
    let mut found = Vec::new();
    for item in list.into_iter().flatten() {
        let Some(encrypted) = item.get("encrypt_certificate") else { continue };
        let Ok(encrypted) = EncryptedResource::from_json(encrypted) else { continue };
        // Certificates of the other family, RSA or SM2, are not for this merchant.
        let Ok(pem) = encrypted.decrypt(scheme, key) else { continue };
        let certificate = Certificate::from_pem(&*pem)?;
        if held.iter().any(|held| held.serial() == certificate.serial()) {
            found.push(Downloaded { certificate, pem: pem.to_vec() });
        }
    }
    Ok(found)
}

/// Writes a certificate into a file, whole or not at all.
fn save(folder: &Path, downloaded: &Downloaded) -> Result<PathBuf, Failure> {
    let file = folder.join(format!("wechatpay_{}.pem", downloaded.certificate.serial()));
    let write = || {
        fs::create_dir_all(folder)?;
        let mut part = tempfile::NamedTempFile::new_in(folder)?;
        part.write_all(&downloaded.pem)?;
        part.persist(&file).map_err(|error| error.error)
    };
    match write() {
        Ok(_) => Ok(file),
        Err(error) => Err(Failure::caused(format!("{} cannot be written", file.display()), error)),
    }
}

fn view(downloaded: &Downloaded, file: Option<&Path>, warn_days: u32) -> Value {
    const DAY: i64 = 24 * 60 * 60;
    let certificate = &downloaded.certificate;
    let now = SystemTime::now();
    let left = unix_seconds(certificate.not_after()) - unix_seconds(now);
    json!({
        "serial_no": certificate.serial().to_string(),
        "file": file.map(|file| file.display().to_string()),
        "not_before": rfc3339(certificate.not_before()),
        "not_after": rfc3339(certificate.not_after()),
        "seconds_left": left,
        "valid": certificate.is_valid_at(now),
        "expires_soon": left < i64::from(warn_days) * DAY,
    })
}

fn show(output: &mut Output, view: &Value) -> Result<(), Failure> {
    let text = |name: &str| view.get(name).and_then(Value::as_str).unwrap_or_default();
    let is = |name: &str| view.get(name).and_then(Value::as_bool).unwrap_or_default();
    let left = rough(view.get("seconds_left").and_then(Value::as_i64).unwrap_or_default());
    let (state, style) = match (is("valid"), is("expires_soon")) {
        (false, _) => ("not valid now".to_owned(), style::BAD),
        (true, true) => (format!("expires in {left}"), style::WARNING),
        (true, false) => (format!("valid for {left}"), style::GOOD),
    };
    let strong = style::STRONG;
    output
        .line(format_args!("{strong}{}{strong:#}  {style}{state}{style:#}", text("serial_no")))?;
    output.line(format_args!("  from {} to {}", text("not_before"), text("not_after")))?;
    if !text("file").is_empty() {
        output.line(format_args!("  {}", text("file")))?;
    }
    if is("expires_soon") {
        let warning = style::WARNING;
        output.note(format_args!(
            "{warning}warning{warning:#}: {} expires soon. WeChat Pay issues the next one before; download again, or let the \
             service do it (`download_certificates`)",
            text("serial_no")
        ));
    }
    Ok(())
}
