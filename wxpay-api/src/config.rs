use std::fmt;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde::de::{Deserializer, Visitor};

use crate::client::{BuildError, CertificateDownload, Client, ClientBuilder};
use crate::protocol::{KeyError, Merchant, Secret, is_content};

/// Where a merchant's keys are, as a config file or the environment says it.
///
/// Any serde format reads it. In YAML:
///
/// ```yaml
/// mchid: "1900000109"
/// certificate_file: apiclient_cert.pem
/// private_key_file: apiclient_key.pem
/// wechatpay_public_key_id: PUB_KEY_ID_0119000001092024
/// wechatpay_public_key_file: pub_key.pem
/// platform_certificate_files: [wechatpay_1.pem]
/// download_certificates: false
/// apiv3_key: …
/// ```
///
/// A brand has `brand_id` in place of `mchid`, and needs the WeChat Pay public key (PROTOCOL §1.7).
///
/// In the environment the same names are upper-case after `WXPAY_`: `WXPAY_MCHID` or
/// `WXPAY_BRAND_ID`, `WXPAY_CERTIFICATE_FILE`, `WXPAY_PRIVATE_KEY_FILE`, `WXPAY_WECHATPAY_PUBLIC_KEY_ID`,
/// `WXPAY_WECHATPAY_PUBLIC_KEY_FILE`, `WXPAY_PLATFORM_CERTIFICATE_FILES` (separated like `PATH`),
/// `WXPAY_DOWNLOAD_CERTIFICATES` (`true`, `false`, `global` or `hong_kong`) and `WXPAY_APIV3_KEY`.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Config {
    /// The merchant number.
    pub mchid: Option<String>,
    /// The brand id, of a brand in place of the merchant number.
    pub brand_id: Option<String>,
    /// `apiclient_cert.pem`, as the merchant platform hands it out.
    pub certificate_file: PathBuf,
    /// `apiclient_key.pem`.
    pub private_key_file: PathBuf,
    /// The id of the WeChat Pay public key, `PUB_KEY_ID_…`.
    pub wechatpay_public_key_id: Option<String>,
    /// `pub_key.pem`.
    pub wechatpay_public_key_file: Option<PathBuf>,
    /// Platform certificates.
    #[serde(default)]
    pub platform_certificate_files: Vec<PathBuf>,
    /// Whether platform certificates are downloaded when they are first needed, and kept current: `true`,
    /// `false`, or for merchants overseas `global` or `hong_kong`.
    #[serde(default, deserialize_with = "certificate_download")]
    pub download_certificates: Option<CertificateDownload>,
    /// The APIv3 key; only notifications and certificates need it.
    #[serde(default, deserialize_with = "secret_text")]
    pub apiv3_key: Option<Secret>,
}

/// Why a [`Config`] makes no client.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// An environment variable is missing.
    #[error("the environment variable {0} is missing, or not UTF-8")]
    MissingVariable(&'static str),
    /// An environment variable names no download of certificates.
    #[error("the environment variable {0} must be `true`, `false`, `global` or `hong_kong`")]
    NotADownload(&'static str),
    /// It does not say whose keys these are, or says it twice.
    #[error("give either mchid, or brand_id for a brand")]
    Identity,
    /// One half of the public key is missing.
    #[error("give both wechatpay_public_key_id and wechatpay_public_key_file, or neither")]
    HalfPublicKey,
    /// A key is not what it should be.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The client cannot be built.
    #[error(transparent)]
    Build(#[from] BuildError),
}

impl Config {
    /// Reads the environment; `None` when neither `WXPAY_MCHID` nor `WXPAY_BRAND_ID` is set.
    ///
    /// # Errors
    ///
    /// [`ConfigError::MissingVariable`] names what else is needed, and [`ConfigError::NotADownload`] what is not
    /// understood.
    pub fn from_env() -> Result<Option<Self>, ConfigError> {
        let (mchid, brand_id) = (variable("WXPAY_MCHID"), variable("WXPAY_BRAND_ID"));
        if mchid.is_none() && brand_id.is_none() {
            return Ok(None);
        }
        let file = |name| variable(name).map(PathBuf::from);
        let needed = |name| file(name).ok_or(ConfigError::MissingVariable(name));
        let certificates = std::env::var_os("WXPAY_PLATFORM_CERTIFICATE_FILES").unwrap_or_default();
        Ok(Some(Self {
            mchid,
            brand_id,
            certificate_file: needed("WXPAY_CERTIFICATE_FILE")?,
            private_key_file: needed("WXPAY_PRIVATE_KEY_FILE")?,
            wechatpay_public_key_id: variable("WXPAY_WECHATPAY_PUBLIC_KEY_ID"),
            wechatpay_public_key_file: file("WXPAY_WECHATPAY_PUBLIC_KEY_FILE"),
            platform_certificate_files: std::env::split_paths(&certificates)
                .filter(|path| !path.as_os_str().is_empty())
                .collect(),
            download_certificates: download_variable("WXPAY_DOWNLOAD_CERTIFICATES")?,
            apiv3_key: variable("WXPAY_APIV3_KEY").map(Secret::from),
        }))
    }

    /// Takes relative paths to be relative to `folder`, for config files that stand beside keys.
    #[must_use]
    pub fn relative_to(mut self, folder: &Path) -> Self {
        let files = [&mut self.certificate_file, &mut self.private_key_file];
        let optional = self.wechatpay_public_key_file.iter_mut();
        let files = files.into_iter().chain(optional).chain(&mut self.platform_certificate_files);
        for file in files {
            *file = folder.join(&*file);
        }
        self
    }

    /// Starts a client with these keys.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] names the file or the member that is wrong.
    pub fn client_builder(&self) -> Result<ClientBuilder, ConfigError> {
        let (certificate, key) = (&self.certificate_file, &self.private_key_file);
        let merchant = match (&self.mchid, &self.brand_id) {
            (Some(mchid), None) => Merchant::from_files(mchid, certificate, key)?,
            (None, Some(brand_id)) => Merchant::brand_from_files(brand_id, certificate, key)?,
            _ => return Err(ConfigError::Identity),
        };
        let mut builder = Client::builder(merchant);
        match (&self.wechatpay_public_key_id, &self.wechatpay_public_key_file) {
            (Some(id), Some(file)) => builder = builder.wechatpay_public_key_file(id, file),
            (None, None) => {}
            _ => return Err(ConfigError::HalfPublicKey),
        }
        for file in &self.platform_certificate_files {
            builder = builder.platform_certificate_file(file);
        }
        if let Some(download) = self.download_certificates {
            builder = builder.download_certificates(download);
        }
        if let Some(key) = self.apiv3_key.as_ref().and_then(Secret::open) {
            builder = builder.apiv3_key(key);
        }
        Ok(builder)
    }

    /// A client with these keys.
    ///
    /// # Errors
    ///
    /// As [`client_builder`](Config::client_builder), and [`BuildError`].
    pub fn client(&self) -> Result<Client, ConfigError> {
        Ok(self.client_builder()?.build()?)
    }
}

/// Shows whether there is an APIv3 key, never the key.
impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let public_key_file = self.wechatpay_public_key_file.as_deref().map(ShownPath);
        let certificates = self.platform_certificate_files.iter().map(|path| ShownPath(path));
        f.debug_struct("Config")
            .field("mchid", &self.mchid)
            .field("brand_id", &self.brand_id)
            .field("certificate_file", &ShownPath(&self.certificate_file))
            .field("private_key_file", &ShownPath(&self.private_key_file))
            .field("wechatpay_public_key_id", &self.wechatpay_public_key_id)
            .field("wechatpay_public_key_file", &public_key_file)
            .field("platform_certificate_files", &certificates.collect::<Vec<_>>())
            .field("download_certificates", &self.download_certificates)
            .field("has_apiv3_key", &self.apiv3_key.is_some())
            .finish()
    }
}

/// A path, unless a key was given in its place by mistake.
struct ShownPath<'a>(&'a Path);

impl fmt::Debug for ShownPath<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if is_content(self.0) {
            return f.write_str("[redacted: the content of a file, not its path]");
        }
        self.0.fmt(f)
    }
}

fn variable(name: &'static str) -> Option<String> {
    std::env::var(name).ok().filter(|text| !text.is_empty())
}

fn download_variable(name: &'static str) -> Result<Option<CertificateDownload>, ConfigError> {
    let text = variable(name).unwrap_or_else(|| "false".to_owned());
    named_download(&text).ok_or(ConfigError::NotADownload(name))
}

/// The download of certificates that a text names, if it names one or none.
fn named_download(text: &str) -> Option<Option<CertificateDownload>> {
    match text {
        "false" => Some(None),
        "true" => Some(Some(CertificateDownload::new())),
        "global" => Some(Some(CertificateDownload::global())),
        "hong_kong" => Some(Some(CertificateDownload::hong_kong())),
        _ => None,
    }
}

fn certificate_download<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<CertificateDownload>, D::Error> {
    const EXPECTED: &str = "download_certificates must be true, false, global or hong_kong";

    #[derive(Deserialize)]
    #[serde(untagged, expecting = "download_certificates must be true, false, global or hong_kong")]
    enum Value {
        Whether(bool),
        Site(String),
    }

    let text = match Value::deserialize(deserializer)? {
        Value::Whether(whether) => whether.to_string(),
        Value::Site(site) => site,
    };
    named_download(&text).ok_or_else(|| serde::de::Error::custom(EXPECTED))
}

/// Reads text, and complains about anything else without repeating it, as serde's own message would.
fn secret_text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Secret>, D::Error> {
    struct Text;

    macro_rules! refused {
        ($($method:ident: $type:ty),*) => {$(
            fn $method<E: serde::de::Error>(self, _: $type) -> Result<Self::Value, E> {
                Err(E::custom("apiv3_key must be quoted text"))
            }
        )*};
    }

    impl<'de> Visitor<'de> for Text {
        type Value = Option<Secret>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("the APIv3 key as quoted text")
        }

        fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Self::Value, E> {
            Ok(Some(text.into()))
        }

        fn visit_some<D: Deserializer<'de>>(self, content: D) -> Result<Self::Value, D::Error> {
            content.deserialize_any(self)
        }

        fn visit_none<E: serde::de::Error>(self) -> Result<Self::Value, E> {
            Ok(None)
        }

        fn visit_unit<E: serde::de::Error>(self) -> Result<Self::Value, E> {
            Ok(None)
        }

        refused!(visit_bool: bool, visit_i64: i64, visit_u64: u64, visit_i128: i128, visit_u128: u128, visit_f64: f64);
    }

    deserializer.deserialize_any(Text)
}
