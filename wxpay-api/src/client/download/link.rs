//! Links to files, and the responses that have them.

use std::fmt;

use reqwest::Url;

use crate::client::download::Download;
use crate::client::download::digest::{DigestAlgorithm, DigestPolicy};
use crate::client::operation::facts::OperationFacts;
use crate::client::transport::base_urls::{self, BaseUrls, HOSTS};
use crate::client::{
    Endpoint, InputError, Integrity, Operation, PathValues, Prepared, RequestWriter,
};
use crate::protocol::EncryptionKey;
use crate::protocol::excerpt::excerpt;

/// A link to a file from WeChat Pay, with the digest that came with it, if there was one.
///
/// Make it of a URL, or of a response that has one: `wx.download_url(&response)`.
#[derive(Clone)]
pub struct FileLink {
    pub(crate) url: String,
    hash_type: String,
    hash_value: String,
}

/// The operation behind a link, whose path and query are sent exactly as WeChat Pay gave them.
#[derive(Clone)]
pub struct LinkedFile {
    place: Result<LinkTarget, InputError>,
    path: PathValues,
}

/// The host of a link, and the target that is sent.
#[derive(Clone)]
struct LinkTarget {
    host: Option<&'static str>,
    target: String,
}

impl FileLink {
    /// Makes a link without a digest.
    pub fn new(url: impl Into<String>) -> Self {
        Self { url: url.into(), hash_type: String::new(), hash_value: String::new() }
    }

    /// Sets the digest in hexadecimal, and its algorithm as responses name it, such as `SHA1`.
    #[must_use]
    pub fn hash(mut self, hash_type: impl Into<String>, hash_value: impl Into<String>) -> Self {
        self.hash_type = hash_type.into();
        self.hash_value = hash_value.into();
        self
    }

    /// Only images have no announced digest.
    pub(crate) fn policy(&self) -> DigestPolicy {
        match DigestAlgorithm::find(&self.hash_type) {
            _ if self.hash_value.is_empty() && is_image(&self.url) => DigestPolicy::Unchecked,
            _ if self.hash_value.is_empty() => DigestPolicy::Missing,
            Some(algorithm) => DigestPolicy::digest(algorithm, &self.hash_value),
            None => DigestPolicy::UnknownAlgorithm(excerpt(&self.hash_type)),
        }
    }
}

impl From<&str> for FileLink {
    fn from(url: &str) -> Self {
        Self::new(url)
    }
}

impl From<&String> for FileLink {
    fn from(url: &String) -> Self {
        Self::new(url)
    }
}

impl From<String> for FileLink {
    fn from(url: String) -> Self {
        Self::new(url)
    }
}

impl LinkedFile {
    pub(crate) fn new(url: &str, base_urls: &BaseUrls) -> Self {
        Self { place: LinkTarget::find(url, base_urls), path: PathValues::default() }
    }

    /// Returns the facts of the download, with the path of the link if the link is valid.
    pub(crate) fn facts(&self) -> OperationFacts {
        let facts = OperationFacts::download(Self::ENDPOINT);
        match &self.place {
            Ok(place) => OperationFacts { path: place.template(), ..facts },
            Err(_) => facts,
        }
    }
}

impl LinkTarget {
    fn find(link: &str, urls: &BaseUrls) -> Result<Self, InputError> {
        let link = link.trim();
        let wrong =
            |why: &str| InputError::Link { link: excerpt(shown(link)), why: why.to_owned() };
        let url = Url::parse(link).map_err(|_| wrong("it is not an absolute URL"))?;
        let own = [&urls.base_url, &urls.backup_url].into_iter().flatten();
        let own: Vec<_> = own.filter(|own| own.origin() == url.origin()).collect();
        let host = match HOSTS.into_iter().find(|host| is_at(&url, host)) {
            Some(host) => (!BaseUrls::is_default_host(host)).then_some(host),
            None if !own.is_empty() => None,
            None => {
                let hosts = HOSTS.join(", ");
                return Err(wrong(&format!(
                    "it is no https link to one of WeChat Pay's hosts: {hosts}"
                )));
            }
        };
        if !url.username().is_empty() || url.password().is_some() {
            return Err(wrong("it holds a password"));
        }
        let (_, rest) = link.split_once("://").unwrap_or_default();
        let target = rest.find('/').and_then(|slash| rest.get(slash..)).unwrap_or_default();
        if target != base_urls::target(&url) {
            return Err(wrong("URL parsers read it differently, or it has no path"));
        }
        // A gateway's own path is no part of the target that is signed.
        let behind = own.iter().filter_map(|own| target.strip_prefix(base_urls::prefix(own)));
        let behind = behind.filter(|rest| rest.starts_with('/')).min_by_key(|rest| rest.len());
        let target = behind.unwrap_or(target);
        Ok(Self { host, target: target.to_owned() })
    }

    /// Returns the path for errors and traces. Only documented segments are shown, because others
    /// may be ids.
    fn template(&self) -> String {
        let path = self.target.split('?').next().unwrap_or_default();
        let named = |segment| if is_word(segment) { segment } else { "{…}" };
        path.split('/').map(named).collect::<Vec<_>>().join("/")
    }
}

/// Returns the part that may be shown: the query has a token, and the part before an `@` may be a
/// password.
fn shown(link: &str) -> &str {
    let place = link.split(['?', '#']).next().unwrap_or_default();
    place.rsplit('@').next().unwrap_or_default()
}

/// Whether a link's path is that of an image, `…/images/{media_id}`. Its query says nothing.
fn is_image(link: &str) -> bool {
    let url = Url::parse(link.trim()).ok();
    let mut segments = url.as_ref().and_then(Url::path_segments).into_iter().flatten();
    segments.any(|segment| segment == "images") && segments.any(|media_id| !media_id.is_empty())
}

/// Whether the documentation has this segment of a path, such as `billdownload`.
fn is_word(segment: &str) -> bool {
    segment == "v3" || segment.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-')
}

fn is_at(url: &Url, host: &str) -> bool {
    url.scheme() == "https" && url.host_str() == Some(host) && url.port().is_none()
}

impl Operation for LinkedFile {
    type Request = ();
    type Response = Download;

    const ENDPOINT: &'static Endpoint = &Endpoint::get("{download_url}").download(Integrity::Sha1);

    fn path(&self) -> &PathValues {
        &self.path
    }

    fn with(self, _: impl FnOnce(())) -> Self {
        self
    }

    fn encode(&self, _: &mut RequestWriter<'_>) {}

    fn prepare(&self, _: Option<&EncryptionKey<'_>>) -> Result<Prepared, InputError> {
        let LinkTarget { host, target } = self.place.clone()?;
        Ok(Prepared::get(host, target))
    }
}

/// Shows no token.
impl fmt::Debug for FileLink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FileLink")
            .field("url", &shown(&self.url))
            .field("hash_type", &self.hash_type)
            .field("hash_value", &self.hash_value)
            .finish()
    }
}

/// Shows no token.
impl fmt::Debug for LinkedFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "LinkedFile")
    }
}

macro_rules! carries_link {
    ($($feature:literal $family:ident: $($response:ident),+;)*) => {
        $($(
            #[cfg(feature = $feature)]
            impl From<&crate::v3::$family::types::$response> for crate::FileLink {
                fn from(response: &crate::v3::$family::types::$response) -> Self {
                    let link = Self::new(&response.download_url);
                    link.hash(response.hash_type.as_str(), &response.hash_value)
                }
            }
        )+)*
    };
}

carries_link! {
    "bank-batch-transfer" bank_batch_transfer: DetailReceipt, SummaryReceipt;
    "bill" bill: BillDownload;
    "fund-app" fund_app: BudgetReceipt, ElectronicReceipt;
    "platsolution" platsolution: DetailReceipt, SummaryReceipt;
    "transfer" transfer: BillReceipt;
    "transfer-detail" transfer_detail: ElectronicReceipt;
}

macro_rules! lists_encrypted_files {
    ($($feature:literal $response:ty;)*) => {$(
        #[cfg(feature = $feature)]
        impl From<&$response> for crate::EncryptedBill {
            fn from(response: &$response) -> Self {
                let files = response.download_bill_list.iter().map(|file| {
                    crate::EncryptedFile::new(&file.download_url, file.encrypt_key.clone(), &file.nonce)
                        .sequence(file.bill_sequence.unwrap_or_default())
                        .hash(file.hash_type.as_str(), &file.hash_value)
                });
                Self::new(files).count(response.download_bill_count)
            }
        }
    )*};
}

lists_encrypted_files! {
    "bill" crate::v3::bill::types::EncryptedBillDownloads;
    "payscore" crate::v3::payscore::merchant_bill::get::Response;
}
