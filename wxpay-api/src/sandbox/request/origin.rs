//! The authority under which a request came, and links that lead back to it.

use http::uri::Authority;
use http::{HeaderMap, Uri, header};
use serde_json::Value;

use crate::client::HOSTS;

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
