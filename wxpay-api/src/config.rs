//! A merchant's configuration: the keys in a config file or in the environment, and the client made of them.

mod read;

use std::fmt;
use std::path::{Path, PathBuf};

use crate::client::{BuildError, CertificateDownload, Client, ClientBuilder};
use crate::protocol::key_text::{KeySource, is_content, is_secret};
use crate::protocol::{Identification, KeyError, Merchant, Owner, Secret};

/// A merchant's keys in a config file or in the environment, each as text or as the path of a file.
///
/// Any serde format can be read. In YAML:
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
/// Each member that names a file has a twin for its content: `certificate`, `private_key`, `wechatpay_public_key`, and
/// `platform_certificates`, a list or one text with several. The twin of `apiv3_key` is `apiv3_key_file`. Give one of
/// the two.
///
/// A text may be mangled as environment variables and databases do it: line ends written out as `\n` or replaced by
/// spaces, the whole file in Base64, the Base64 inside alone.
///
/// The serial number `serial_no` may replace the certificate. Then nothing checks that certificate and key belong
/// together.
///
/// A brand has `brand_id` in place of `mchid`, and needs the WeChat Pay public key ([protocol §1.7]).
///
/// Environment variables have the same names in upper case after `WXPAY_`: `WXPAY_MCHID` or `WXPAY_BRAND_ID`,
/// `WXPAY_PRIVATE_KEY` or `WXPAY_PRIVATE_KEY_FILE`, and so on.
///
/// * `WXPAY_PLATFORM_CERTIFICATES` takes one or more PEM blocks.
/// * `WXPAY_PLATFORM_CERTIFICATE_FILES` takes paths, separated as in `PATH`.
/// * `WXPAY_DOWNLOAD_CERTIFICATES` is `true`, `false`, `global` or `hong_kong`.
///
/// Empty members and variables count as absent.
///
/// [protocol §1.7]: crate::docs::protocol::signing#17-the-brand-scheme
#[derive(Clone, Default)]
#[non_exhaustive]
pub struct Config {
    /// The merchant number.
    pub mchid: Option<String>,
    /// The brand id. A brand has it in place of the merchant number.
    pub brand_id: Option<String>,
    /// The content of `apiclient_cert.pem`.
    pub certificate: Option<Secret>,
    /// The path of `apiclient_cert.pem` from the merchant platform.
    pub certificate_file: Option<PathBuf>,
    /// The serial number of the certificate in hexadecimal, in place of the certificate.
    pub serial_no: Option<String>,
    /// The content of `apiclient_key.pem`.
    pub private_key: Option<Secret>,
    /// The path of `apiclient_key.pem`.
    pub private_key_file: Option<PathBuf>,
    /// The id of the WeChat Pay public key, `PUB_KEY_ID_…`.
    pub wechatpay_public_key_id: Option<String>,
    /// The content of `pub_key.pem`.
    pub wechatpay_public_key: Option<Secret>,
    /// The path of `pub_key.pem`.
    pub wechatpay_public_key_file: Option<PathBuf>,
    /// The content of platform certificates. One text may have several.
    pub platform_certificates: Vec<Secret>,
    /// The paths of platform certificates. One file may have several.
    pub platform_certificate_files: Vec<PathBuf>,
    /// Whether the client downloads platform certificates when it first needs them, and keeps them current.
    ///
    /// The value is `true`, `false`, or for merchants overseas `global` or `hong_kong`.
    pub download_certificates: Option<CertificateDownload>,
    /// The APIv3 key. Only notifications and certificates need it.
    pub apiv3_key: Option<Secret>,
    /// The path of a file with the APIv3 key, such as a mounted secret.
    pub apiv3_key_file: Option<PathBuf>,
}

/// Why a [`Config`] cannot make a client.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// A key is missing.
    #[error("a key is missing: give {}", names.join(" or "))]
    Missing {
        /// The members or environment variables for the key.
        names: Vec<String>,
    },
    /// A key was given twice.
    #[error("{} are both given; give one of them", names.join(" and "))]
    Both {
        /// The members or environment variables for the key.
        names: [String; 2],
    },
    /// A member or an environment variable has a value of the wrong kind.
    #[error("{name} must be {expected}, and is {found}")]
    Kind {
        /// The member or the environment variable.
        name: String,
        /// The expected kind of value.
        expected: &'static str,
        /// The kind of value found, never the value itself.
        found: &'static str,
    },
    /// The configuration names neither a merchant nor a brand, or both.
    #[error("give either mchid, or brand_id for a brand")]
    Identity,
    /// One half of the public key is missing.
    #[error(
        "give wechatpay_public_key_id together with wechatpay_public_key or wechatpay_public_key_file, or none of them"
    )]
    HalfPublicKey,
    /// A key cannot be used.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The client cannot be built.
    #[error(transparent)]
    Build(#[from] BuildError),
}

/// Whether errors name members or environment variables.
#[derive(Clone, Copy)]
enum Naming {
    Members,
    Variables,
}

impl Config {
    /// Reads the environment. `None` when neither `WXPAY_MCHID` nor `WXPAY_BRAND_ID` is set.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] names the variables that are missing, contradict each other or have a value of the wrong kind.
    pub fn from_env() -> Result<Option<Self>, ConfigError> {
        read::variables(|name| std::env::var_os(name))
    }

    /// Makes relative paths relative to `folder`, for config files beside the keys.
    #[must_use]
    pub fn relative_to(mut self, folder: &Path) -> Self {
        let files = [
            &mut self.certificate_file,
            &mut self.private_key_file,
            &mut self.wechatpay_public_key_file,
            &mut self.apiv3_key_file,
        ];
        let files = files.into_iter().flatten().chain(&mut self.platform_certificate_files);
        // A key that was given as a path stays unchanged: with a folder before it, no check would recognise it.
        for file in files.filter(|file| !is_content(file)) {
            *file = folder.join(&*file);
        }
        self
    }

    /// Starts a builder of a client with these keys.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] names the file or the member that is wrong.
    pub fn client_builder(&self) -> Result<ClientBuilder, ConfigError> {
        self.check(Naming::Members)?;
        let mut builder = self.public_key(Client::builder(self.merchant()?))?;
        for text in self.platform_certificates.iter().filter_map(Secret::plaintext) {
            builder = builder.platform_certificate(text);
        }
        for file in &self.platform_certificate_files {
            builder = builder.platform_certificate_file(file);
        }
        if let Some(download) = self.download_certificates {
            builder = builder.download_certificates(download);
        }
        Ok(match source(&self.apiv3_key, &self.apiv3_key_file) {
            Some(KeySource::Text(text)) => builder.apiv3_key(text),
            Some(KeySource::File(file)) => builder.apiv3_key_file(file),
            None => builder,
        })
    }

    /// Builds a client with these keys.
    ///
    /// # Errors
    ///
    /// As [`client_builder`](Config::client_builder), and [`BuildError`].
    pub fn client(&self) -> Result<Client, ConfigError> {
        Ok(self.client_builder()?.build()?)
    }

    fn merchant(&self) -> Result<Merchant, ConfigError> {
        let owner = match (&self.mchid, &self.brand_id) {
            (Some(mchid), None) => Owner::merchant(mchid),
            (None, Some(brand_id)) => Owner::brand(brand_id),
            _ => return Err(ConfigError::Identity),
        };
        let certificate = source(&self.certificate, &self.certificate_file);
        let identification = match &self.serial_no {
            Some(serial) => Some(Identification::Serial(serial)),
            None => certificate.map(Identification::Certificate),
        };
        let identification =
            identification.ok_or_else(|| Naming::Members.missing(&CERTIFICATE_MEMBERS))?;
        let private_key = source(&self.private_key, &self.private_key_file)
            .ok_or_else(|| Naming::Members.missing(&PRIVATE_KEY_MEMBERS))?;
        Ok(Merchant::read(owner, identification, private_key)?)
    }

    fn public_key(&self, builder: ClientBuilder) -> Result<ClientBuilder, ConfigError> {
        let source = source(&self.wechatpay_public_key, &self.wechatpay_public_key_file);
        match (&self.wechatpay_public_key_id, source) {
            (Some(id), Some(KeySource::Text(pem))) => Ok(builder.wechatpay_public_key(id, pem)),
            (Some(id), Some(KeySource::File(file))) => {
                Ok(builder.wechatpay_public_key_file(id, file))
            }
            (None, None) => Ok(builder),
            _ => Err(ConfigError::HalfPublicKey),
        }
    }

    /// Checks that no key is given twice, and that the keys are given that every client needs.
    fn check(&self, naming: Naming) -> Result<(), ConfigError> {
        let given = [
            ("certificate", self.certificate.is_some()),
            ("certificate_file", self.certificate_file.is_some()),
            ("serial_no", self.serial_no.is_some()),
            ("private_key", self.private_key.is_some()),
            ("private_key_file", self.private_key_file.is_some()),
            ("wechatpay_public_key", self.wechatpay_public_key.is_some()),
            ("wechatpay_public_key_file", self.wechatpay_public_key_file.is_some()),
            ("platform_certificates", !self.platform_certificates.is_empty()),
            ("platform_certificate_files", !self.platform_certificate_files.is_empty()),
            ("apiv3_key", self.apiv3_key.is_some()),
            ("apiv3_key_file", self.apiv3_key_file.is_some()),
        ];
        let given: Vec<_> =
            given.iter().filter(|(_, given)| *given).map(|(name, _)| *name).collect();
        for group in ALTERNATIVES {
            let mut members = group.iter().filter(|&name| given.contains(name));
            if let (Some(one), Some(other)) = (members.next(), members.next()) {
                return Err(ConfigError::Both { names: [naming.name(one), naming.name(other)] });
            }
        }
        for group in [&CERTIFICATE_MEMBERS[..], &PRIVATE_KEY_MEMBERS] {
            if !group.iter().any(|name| given.contains(name)) {
                return Err(naming.missing(group));
            }
        }
        Ok(())
    }
}

const CERTIFICATE_MEMBERS: [&str; 3] = ["certificate", "certificate_file", "serial_no"];
const PRIVATE_KEY_MEMBERS: [&str; 2] = ["private_key", "private_key_file"];

/// Groups of members of which at most one is given.
const ALTERNATIVES: [&[&str]; 5] = [
    &CERTIFICATE_MEMBERS,
    &PRIVATE_KEY_MEMBERS,
    &["wechatpay_public_key", "wechatpay_public_key_file"],
    &["platform_certificates", "platform_certificate_files"],
    &["apiv3_key", "apiv3_key_file"],
];

fn source<'a>(text: &'a Option<Secret>, file: &'a Option<PathBuf>) -> Option<KeySource<'a>> {
    let text = text.as_ref().and_then(Secret::plaintext);
    text.map(|text| KeySource::Text(text.as_bytes())).or(file.as_deref().map(KeySource::File))
}

impl Naming {
    fn name(self, member: &str) -> String {
        match self {
            Self::Members => format!("`{member}`"),
            Self::Variables => format!("WXPAY_{}", member.to_uppercase()),
        }
    }

    fn missing(self, members: &[&str]) -> ConfigError {
        ConfigError::Missing { names: members.iter().map(|member| self.name(member)).collect() }
    }
}

/// Shows which keys are given, never a key.
impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = |path: &Option<PathBuf>| path.clone().map(ShownPath);
        let certificates = self.platform_certificate_files.iter().cloned().map(ShownPath);
        f.debug_struct("Config")
            .field("mchid", &self.mchid.as_deref().map(ShownText))
            .field("brand_id", &self.brand_id.as_deref().map(ShownText))
            .field("certificate", &self.certificate)
            .field("certificate_file", &shown(&self.certificate_file))
            .field("serial_no", &self.serial_no.as_deref().map(ShownText))
            .field("private_key", &self.private_key)
            .field("private_key_file", &shown(&self.private_key_file))
            .field(
                "wechatpay_public_key_id",
                &self.wechatpay_public_key_id.as_deref().map(ShownText),
            )
            .field("wechatpay_public_key", &self.wechatpay_public_key)
            .field("wechatpay_public_key_file", &shown(&self.wechatpay_public_key_file))
            .field("platform_certificates", &self.platform_certificates)
            .field("platform_certificate_files", &certificates.collect::<Vec<_>>())
            .field("download_certificates", &self.download_certificates)
            .field("has_apiv3_key", &self.apiv3_key.is_some())
            .field("apiv3_key_file", &shown(&self.apiv3_key_file))
            .finish()
    }
}

/// Shows a number or an id, but not a key that was given in its place by mistake.
struct ShownText<'a>(&'a str);

impl fmt::Debug for ShownText<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const LONGEST: usize = 64;
        if self.0.len() > LONGEST || is_secret(Path::new(self.0)) {
            return f.write_str("[redacted: neither a number nor an id]");
        }
        self.0.fmt(f)
    }
}

/// Shows a path, but not a key that was given in its place by mistake.
struct ShownPath(PathBuf);

impl fmt::Debug for ShownPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if is_content(&self.0) || is_secret(&self.0) {
            return f.write_str("[redacted: the content of a file, not its path]");
        }
        self.0.fmt(f)
    }
}
