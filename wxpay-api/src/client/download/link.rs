use std::fmt;

use reqwest::Url;

use super::digest::DigestAlgorithm;
use super::proof::Proof;
use super::{Download, DownloadCall};
use crate::client::route::Route;
use crate::client::site::{self, Site};
use crate::client::{
    Client, Endpoint, InputError, Integrity, Operation, PathValues, Prepared, RequestWriter,
};
use crate::protocol::SealingKey;
use crate::protocol::excerpt::excerpt;

/// A link to a file that WeChat Pay gave, with the digest that came with it, if one did.
///
/// Made of a URL, or of an answer that carries one: `wx.download_url(&answer)`.
#[derive(Clone)]
pub struct FileLink {
    url: String,
    hash_type: String,
    hash_value: String,
}

/// The operation behind a link, whose path and query are sent exactly as WeChat Pay gave them.
#[derive(Clone)]
pub struct LinkedFile {
    place: Result<Place, InputError>,
    path: PathValues,
}

/// A host to be found by, and what goes on the wire.
#[derive(Clone)]
struct Place {
    host: Option<&'static str>,
    target: String,
}

impl FileLink {
    /// A link without a digest.
    pub fn new(url: impl Into<String>) -> Self {
        Self { url: url.into(), hash_type: String::new(), hash_value: String::new() }
    }

    /// With a digest in hexadecimal, and its algorithm as answers name it, such as `SHA1`.
    #[must_use]
    pub fn hash(mut self, hash_type: impl Into<String>, hash_value: impl Into<String>) -> Self {
        self.hash_type = hash_type.into();
        self.hash_value = hash_value.into();
        self
    }

    /// Images are the only files that no digest is announced for.
    fn proof(&self) -> Proof {
        match DigestAlgorithm::find(&self.hash_type) {
            _ if self.hash_value.is_empty() && is_image(&self.url) => Proof::Unchecked,
            _ if self.hash_value.is_empty() => Proof::Missing,
            Some(algorithm) => Proof::digest(algorithm, &self.hash_value),
            None => Proof::UnknownAlgorithm(excerpt(&self.hash_type)),
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

impl Client {
    /// Downloads a file by a link that WeChat Pay gave: a `download_url`, or a complaint's `media_url`.
    ///
    /// Path and query are sent and signed exactly as given, which links need that hold escapes
    /// ([protocol §1.2]); only spaces around them are cut off. A link that leads to no known host of
    /// WeChat Pay is refused, because the request would be signed for a stranger ([protocol §7.1]).
    ///
    /// An answer that carries a link also carries the digest: give the answer itself. Links live for
    /// 30 seconds to 5 minutes, so ask for them right before.
    ///
    /// ```
    /// # #[cfg(feature = "bill")]
    /// # async fn bill(wx: wxpay_api::Client) -> wxpay_api::Result<()> {
    /// let bill = wx.v3().bill().tradebill().get(|r| r.bill_date("2025-03-01")).await?;
    /// wx.download_url(&bill).stream().await?.save_to("bill.csv").await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// [protocol §1.2]: crate::docs::protocol::signing#12-the-canonical-url
    /// [protocol §7.1]: crate::docs::protocol::downloads#71-bills
    pub fn download_url(&self, link: impl Into<FileLink>) -> DownloadCall<LinkedFile> {
        let link = link.into();
        let operation = LinkedFile::new(&link.url, self);
        let (route, proof) = (operation.route(), link.proof());
        DownloadCall::along(self.clone(), route, operation, proof)
    }
}

impl LinkedFile {
    pub(super) fn new(url: &str, client: &Client) -> Self {
        Self { place: Place::find(url, client.site()), path: PathValues::default() }
    }

    /// The route under the path that the link leads to, if it leads anywhere.
    pub(super) fn route(&self) -> Route {
        let route = Route::download(Self::ENDPOINT);
        match &self.place {
            Ok(place) => Route { path: place.template(), ..route },
            Err(_) => route,
        }
    }
}

impl Place {
    fn find(link: &str, site: &Site) -> Result<Self, InputError> {
        let link = link.trim();
        let wrong =
            |why: &str| InputError::Link { link: excerpt(shown(link)), why: why.to_owned() };
        let url = Url::parse(link).map_err(|_| wrong("it is no absolute URL"))?;
        let own = [&site.base_url, &site.backup_url].into_iter().flatten();
        let own: Vec<_> = own.filter(|own| own.origin() == url.origin()).collect();
        let host = match site::HOSTS.into_iter().find(|host| is_at(&url, host)) {
            Some(host) => (!Site::is_default_host(host)).then_some(host),
            None if !own.is_empty() => None,
            None => {
                let hosts = site::HOSTS.join(", ");
                return Err(wrong(&format!(
                    "it leads by https to none of WeChat Pay's hosts: {hosts}"
                )));
            }
        };
        if !url.username().is_empty() || url.password().is_some() {
            return Err(wrong("it holds a password"));
        }
        let (_, rest) = link.split_once("://").unwrap_or_default();
        let target = rest.find('/').and_then(|slash| rest.get(slash..)).unwrap_or_default();
        if target != site::target(&url) {
            return Err(wrong("URL parsers read it differently, or it has no path"));
        }
        // A gateway's own path is no part of the target that is signed.
        let behind = own.iter().filter_map(|own| target.strip_prefix(site::prefix(own)));
        let behind = behind.filter(|rest| rest.starts_with('/')).min_by_key(|rest| rest.len());
        let target = behind.unwrap_or(target);
        Ok(Self { host, target: target.to_owned() })
    }

    /// The path for errors and traces: words tell what the file is, anything else may be an id.
    fn template(&self) -> String {
        let path = self.target.split('?').next().unwrap_or_default();
        let named = |segment| if is_word(segment) { segment } else { "{…}" };
        path.split('/').map(named).collect::<Vec<_>>().join("/")
    }
}

/// What may be shown: the query holds a token, and what is before an `@` may be a password.
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

/// Whether a segment of a path is one that the documentation writes, such as `billdownload`.
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

    fn prepare(&self, _: Option<&SealingKey<'_>>) -> Result<Prepared, InputError> {
        let Place { host, target } = self.place.clone()?;
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
