//! The walls: which requests the control surface accepts at all.
//!
//! A browser sends requests of any page to any address. These checks keep other origins' pages, names that resolve to
//! this machine, and WeChat Pay's host names away from the sandbox's state.

use std::net::SocketAddr;

use http::header::{AUTHORIZATION, CONTENT_TYPE, COOKIE, HOST, ORIGIN};
use http::request::Parts;
use http::uri::Authority;
use http::{HeaderMap, HeaderName, Method, StatusCode};

use super::call::ControlError;
use super::settings::ControlSettings;
use crate::client::HOSTS;
use crate::protocol::excerpt::excerpt;
use crate::sandbox::request::query_pairs;

/// The code of a URL that WeChat Pay does not have.
pub(super) const UNKNOWN_URL: &str = "RESOURCE_NOT_EXISTS";

const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Domains of WeChat Pay and WeChat. The control surface does not exist under them.
const WECHAT_DOMAINS: [&str; 4] = ["weixin.qq.com", "wechatpay.cn", "tenpay.com", "wechat.com"];

/// What a route offers, which decides who may ask for it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Access {
    /// JSON that shows or changes the sandbox: for programs, and for the sandbox's own pages.
    Control,
    /// A page that a person opens, also by a link on another site.
    Page,
    /// The page that a shop's page opens in a frame. Its cookie may be blocked there, so that its URL keeps the token.
    Frame,
    /// A script or style sheet that any page may load. It holds nothing secret.
    Asset,
}

/// Finds out under which name a request came. Refuses names that are not the sandbox's own.
pub(super) fn own_authority(
    settings: &ControlSettings,
    head: &Parts,
    local: SocketAddr,
) -> Result<String, ControlError> {
    let mut hosts = head.headers.get_all(HOST).iter();
    let named = hosts.next().and_then(|host| host.to_str().ok()).map(str::trim);
    if hosts.next().is_some() {
        return Err(foreign_host("two `Host` headers"));
    }
    // An absolute target has precedence over the header (RFC 9112 §3.2.2), so both must be right.
    for name in [head.uri.authority().map(Authority::as_str), named].into_iter().flatten() {
        check_host(settings, name, local)?;
    }
    named.map(str::to_ascii_lowercase).ok_or_else(|| foreign_host("no `Host` header"))
}

fn check_host(
    settings: &ControlSettings,
    name: &str,
    local: SocketAddr,
) -> Result<(), ControlError> {
    let authority = name.parse::<Authority>().ok().filter(|_| !name.contains('@'));
    let Some(authority) = authority else {
        return Err(foreign_host("a `Host` that is no host"));
    };
    let host = authority.host();
    if is_wechats(host) {
        return Err(unknown_to_wechat_pay());
    }
    match settings.is_own(host, authority.port_u16(), local) {
        true => Ok(()),
        false => Err(foreign_host(&format!("the host `{}`", excerpt(name)))),
    }
}

fn is_wechats(host: &str) -> bool {
    let host = host.trim_end_matches('.').to_ascii_lowercase();
    let below = |domain: &str| {
        host.strip_suffix(domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    };
    HOSTS.contains(&host.as_str()) || WECHAT_DOMAINS.into_iter().any(below)
}

/// Refuses requests that a page of another origin makes.
pub(super) fn check_origin(
    access: Access,
    head: &Parts,
    authority: &str,
) -> Result<(), ControlError> {
    let reads = head.method == Method::GET || head.method == Method::HEAD;
    // Loading a page or a script changes nothing, and other origins cannot read it.
    if reads && access != Access::Control {
        return Ok(());
    }
    let mut origins = head.headers.get_all(ORIGIN).iter();
    let origin = origins.next();
    if origins.next().is_some() {
        return Err(foreign_origin());
    }
    let same = |origin: &str| {
        let rest = origin.strip_prefix("http://").or_else(|| origin.strip_prefix("https://"));
        rest.is_some_and(|rest| rest.eq_ignore_ascii_case(authority))
    };
    match origin.map(|origin| origin.to_str()) {
        Some(Ok(origin)) if same(origin) => {}
        // A program sends no `Origin`. A browser always does, with a form.
        None if access == Access::Control => {}
        _ => return Err(foreign_origin()),
    }
    // `same-site` is another port of this machine: the shop's page.
    match text(&head.headers, &FETCH_SITE) {
        None | Some("same-origin" | "none") => Ok(()),
        Some(_) => Err(foreign_origin()),
    }
}

/// Refuses bodies that are not JSON. A foreign page can send other media types without asking first.
pub(super) fn check_media_type(head: &Parts, has_body: bool) -> Result<(), ControlError> {
    let mut types = head.headers.get_all(CONTENT_TYPE).iter();
    let first = types.next().and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = first.split(';').next().unwrap_or_default().trim();
    if !has_body || (essence.eq_ignore_ascii_case("application/json") && types.next().is_none()) {
        return Ok(());
    }
    Err(ControlError::new(
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
        "NOT_JSON",
        "a body must be JSON; send it with `Content-Type: application/json`",
    ))
}

/// How a caller proved that it knows the token.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum TokenProof {
    /// No token is wanted, or the header or the cookie has it.
    Standing,
    /// The query of a page has it. A cookie can replace it.
    Query,
}

/// Checks the token of a sandbox that listens on other than loopback.
pub(super) fn check_token(
    settings: &ControlSettings,
    access: Access,
    head: &Parts,
) -> Result<TokenProof, ControlError> {
    if settings.token().is_none() || access == Access::Asset {
        return Ok(TokenProof::Standing);
    }
    let bearer = text(&head.headers, &AUTHORIZATION).and_then(|value| {
        let (scheme, token) = value.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
    });
    let cookie = cookie(&head.headers, &settings.cookie_name());
    if [bearer, cookie].into_iter().flatten().any(|token| settings.accepts(token)) {
        return Ok(TokenProof::Standing);
    }
    let target = head.uri.path_and_query().map_or("", |target| target.as_str());
    let pairs = query_pairs(target).unwrap_or_default();
    let queried = pairs.iter().find(|(name, _)| name == "token").map(|(_, token)| token.as_str());
    match queried {
        Some(token)
            if matches!(access, Access::Page | Access::Frame)
                && head.method == Method::GET
                && settings.accepts(token) =>
        {
            Ok(TokenProof::Query)
        }
        _ => Err(ControlError::new(
            StatusCode::UNAUTHORIZED,
            "TOKEN_REQUIRED",
            "this sandbox listens on other than loopback: send `Authorization: Bearer` with the token that was \
             printed when it started; a page takes it once as `?token=`",
        )),
    }
}

fn cookie<'a>(headers: &'a HeaderMap, wanted: &str) -> Option<&'a str> {
    let lines = headers.get_all(COOKIE).iter().filter_map(|line| line.to_str().ok());
    let mut pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.split_once('='));
    pairs.find(|(name, _)| name.trim() == wanted).map(|(_, value)| value.trim())
}

fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name)?.to_str().ok().map(str::trim)
}

fn foreign_host(what: &str) -> ControlError {
    let message = format!(
        "the request came with {what}; the control surface answers under `localhost`, a loopback address or the \
         address that it listens on, with its port"
    );
    ControlError::new(StatusCode::FORBIDDEN, "FOREIGN_HOST", message)
}

fn foreign_origin() -> ControlError {
    ControlError::new(
        StatusCode::FORBIDDEN,
        "FOREIGN_ORIGIN",
        "a page of another origin may not use the control surface",
    )
}

/// WeChat Pay has no such URL.
fn unknown_to_wechat_pay() -> ControlError {
    ControlError::new(StatusCode::NOT_FOUND, UNKNOWN_URL, "no operation is at this URL")
}
