//! WeChat Pay's hosts, the authority under which a request came, and links that lead back to it.

use std::fmt;

use http::request::Parts;
use http::uri::Authority;
use http::{HeaderMap, StatusCode, Uri, header};
use serde_json::Value;

use crate::client::HOSTS;
use crate::protocol::excerpt::excerpt;
use crate::sandbox::refusal::Refusal;

/// One of WeChat Pay's hosts: those that clients sign requests for, which serve all links to bills, too.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct OfficialHost(&'static str);

impl OfficialHost {
    /// Returns all hosts, the usual one first.
    pub fn all() -> impl Iterator<Item = Self> {
        HOSTS.into_iter().map(Self)
    }

    /// Finds a host by its name, in any case.
    #[must_use]
    pub fn find(name: &str) -> Option<Self> {
        Self::all().find(|host| host.name().eq_ignore_ascii_case(name))
    }

    /// Returns the name, such as `api.mch.weixin.qq.com`.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.0
    }
}

impl fmt::Display for OfficialHost {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// Refuses a request on a connection to an official host that names another host, port or scheme.
///
/// The sandbox's own names are others, too.
pub(in crate::sandbox) fn misdirection(
    head: &Parts,
    host: OfficialHost,
    port: u16,
) -> Option<Refusal> {
    let names_host = |name: &str| {
        let authority = name.parse::<Authority>().ok().filter(|_| !name.contains('@'));
        authority.is_some_and(|authority| {
            let standard = authority.port().is_none() || authority.port_u16() == Some(443);
            OfficialHost::find(authority.host()) == Some(host)
                && (standard || authority.port_u16() == Some(port))
        })
    };
    let refuse = |named: &str| {
        let message = format!(
            "the connection was made to {host}, but the request names {named}; the sandbox answers there as WeChat \
             Pay alone, and its own pages are at its own address"
        );
        Some(Refusal::new(StatusCode::MISDIRECTED_REQUEST, "MISDIRECTED_REQUEST", message))
    };
    if head.uri.scheme_str().is_some_and(|scheme| scheme != "https") {
        return refuse("another scheme than https");
    }
    if let Some(authority) = head.uri.authority().filter(|it| !names_host(it.as_str())) {
        return refuse(&format!("`{}`", excerpt(authority.as_str())));
    }
    let mut named = head.headers.get_all(header::HOST).iter();
    match (named.next().map(|name| name.to_str().unwrap_or_default().trim()), named.next()) {
        (None, _) => refuse("no host"),
        (_, Some(_)) => refuse("two hosts"),
        (Some(name), None) if names_host(name) => None,
        (Some(name), None) => refuse(&format!("`{}`", excerpt(name))),
    }
}

/// Returns the origin of the official host that a request was for; `None` if it was for another host.
///
/// A proxy or an entry of the hosts file leads requests for official hosts to the sandbox. Links for their senders
/// must have that host, which such clients presuppose. Any other `Host` is only a claim of the sender.
pub(super) fn official(uri: &Uri, headers: &HeaderMap) -> Option<String> {
    let named = || headers.get(header::HOST)?.to_str().ok()?.trim().parse::<Authority>().ok();
    // An absolute target has precedence over the header (RFC 9112 §3.2.2).
    let authority = uri.authority().cloned().or_else(named)?;
    let host = HOSTS.into_iter().find(|host| host.eq_ignore_ascii_case(authority.host()))?;
    let scheme = uri.scheme_str().unwrap_or("https");
    let standard = if scheme == "https" { 443 } else { 80 };
    match authority.port_u16().filter(|port| *port != standard) {
        Some(port) => Some(format!("{scheme}://{host}:{port}")),
        None => Some(format!("{scheme}://{host}")),
    }
}

/// Replaces the official host of every link in a response.
///
/// The examples of the descriptors have links to the real service. A client would sign a request for them.
pub(in crate::sandbox) fn relink(value: &mut Value, origin: &str) {
    match value {
        Value::String(text) => {
            if let Some(path) = official_path(text) {
                *text = format!("{origin}{path}");
            }
        }
        Value::Array(list) => list.iter_mut().for_each(|item| relink(item, origin)),
        Value::Object(object) => object.values_mut().for_each(|item| relink(item, origin)),
        _ => {}
    }
}

/// Returns path and query of a link to an official host.
fn official_path(text: &str) -> Option<String> {
    let text = text.trim();
    if !text.starts_with("http") {
        return None;
    }
    let uri = text.parse::<Uri>().ok()?;
    HOSTS.into_iter().find(|host| uri.host() == Some(host))?;
    let path = uri.path_and_query()?.as_str();
    (path != "/").then(|| path.to_owned())
}
