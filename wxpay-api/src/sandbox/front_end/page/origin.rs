//! The origins of shop pages that may open the pay frame.

use std::net::IpAddr;

use http::{StatusCode, Uri};

use crate::protocol::excerpt::excerpt;
use crate::sandbox::control::call::ControlError;
use crate::sandbox::control::settings::{ControlSettings, address};

/// Returns a shop page's origin in its normal form, if the page is on this machine or in a private network.
///
/// Another origin could lay the frame under its own page, and lead the user's clicks.
pub(super) fn shop(origin: &str, settings: &ControlSettings) -> Result<String, ControlError> {
    let normal =
        normal(origin).filter(|(normal, host)| is_near(host) || settings.allows_shop(normal));
    normal.map(|(normal, _)| normal).ok_or_else(|| {
        let message = format!(
            "a page of `{}` may not open the pay frame: only pages on this machine and in private networks, and \
             those that `SandboxBuilder::shop_origin` names",
            excerpt(origin)
        );
        ControlError::new(StatusCode::FORBIDDEN, "FOREIGN_ORIGIN", message)
    })
}

/// Returns the origin as browsers write it, and its host.
fn normal(origin: &str) -> Option<(String, String)> {
    let uri = origin.parse::<Uri>().ok()?;
    let scheme = uri.scheme_str().filter(|scheme| ["http", "https"].contains(scheme))?;
    let authority = uri.authority()?;
    let host = authority.host().to_ascii_lowercase();
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b".-[]:".contains(&byte);
    let is_origin = uri.path_and_query().is_none_or(|path| path.as_str() == "/")
        && !authority.as_str().contains('@')
        && host.bytes().all(is_plain);
    let normal = match authority.port_u16() {
        Some(port) => format!("{scheme}://{host}:{port}"),
        None => format!("{scheme}://{host}"),
    };
    (is_origin && !host.is_empty()).then_some((normal, host))
}

/// Returns whether a host is this machine or in a private network, without resolving names.
fn is_near(host: &str) -> bool {
    match address(host) {
        Some(IpAddr::V4(address)) => {
            address.is_loopback() || address.is_private() || address.is_link_local()
        }
        Some(IpAddr::V6(address)) => {
            address.is_loopback() || address.is_unique_local() || address.is_unicast_link_local()
        }
        None => host == "localhost" || host.ends_with(".localhost"),
    }
}
