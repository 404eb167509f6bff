//! The control surface: JSON over HTTP on the sandbox's own port, below `/_sandbox`.
//!
//! A call passes the walls, finds its route and is handled. `openapi.json` describes all routes; a test compares them.

mod accounts;
mod bills;
pub(super) mod call;
mod faults;
mod journal;
mod keys;
mod lifecycles;
mod notifications;
pub(super) mod pages;
mod plans;
mod resources;
mod routes;
pub(super) mod settings;
mod walls;

use std::net::SocketAddr;
use std::sync::Arc;

use bytes::Bytes;
use http::request::Parts;
use http::{Response, StatusCode, header};
use http_body_util::{BodyExt, Limited};
use hyper::body::Incoming;
use tokio::task::spawn_blocking;
use tokio::time::timeout;

pub(super) use call::unknown_value;
pub(super) use resources::{Secrets, failed as lifecycle_failed, view as resource_view};

use super::front_end::page;
use super::request::query_pairs;
use super::respond::body::OutgoingBody;
use super::server::BODY_TIME;
use super::state::Shared;
use call::{ControlCall, ControlError, ControlResponse, ControlResult};
use routes::{Action, Route};
use settings::ControlSettings;
use walls::{Access, TokenProof};

/// Where the control surface begins.
pub(super) const BASE: &str = "/_sandbox";

/// The most bytes of a body.
const LONGEST_BODY: usize = 16 << 20;

/// Returns whether a request is for the control surface.
pub(super) fn is_addressed(shared: &Shared, head: &Parts) -> bool {
    let path = head.uri.path();
    // The page of a program is at the root too, for people.
    (path == "/" && shared.pages.is_some())
        || path.strip_prefix(BASE).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Responds to a request for the control surface.
pub(super) async fn respond(
    shared: Arc<Shared>,
    local: SocketAddr,
    head: Parts,
    body: Incoming,
) -> Response<OutgoingBody> {
    let is_page = matches!(routes::access(head.uri.path()), Access::Page | Access::Frame);
    let result = handle(shared, local, &head, body).await;
    let response = result.unwrap_or_else(|error| match is_page {
        // WeChat Pay has no pages at all.
        true if error.code != walls::UNKNOWN_URL => page::error(&error, &head),
        _ => error.response(),
    });
    response.finish()
}

async fn handle(
    shared: Arc<Shared>,
    local: SocketAddr,
    head: &Parts,
    body: Incoming,
) -> ControlResult {
    let access = routes::access(head.uri.path());
    let authority = walls::own_authority(&shared.control, head, local)?;
    walls::check_origin(access, head, &authority)?;
    let proof = walls::check_token(&shared.control, access, head)?;
    let has_body = !hyper::body::Body::is_end_stream(&body);
    if !pages::is_addressed(head.uri.path()) {
        walls::check_media_type(head, has_body)?;
    }
    let target = head.uri.path_and_query().map_or("", |target| target.as_str()).to_owned();
    let not_utf8 = || ControlError::invalid("the query is not UTF-8");
    let mut query = query_pairs(&target).ok_or_else(not_utf8)?;
    if proof == TokenProof::Query && access == Access::Page {
        return Ok(with_cookie(&shared.control, &target));
    }
    if pages::is_addressed(head.uri.path()) {
        return pages::respond(&shared, head, body).await;
    }
    query.retain(|(name, _)| access == Access::Control || name != "token");
    let (route, path_values) = routes::find(head.method.as_str(), head.uri.path())?;
    let body = whole(body).await?;
    let language = head.headers.get(header::ACCEPT_LANGUAGE).and_then(|it| it.to_str().ok());
    let call = ControlCall {
        shared,
        target,
        authority,
        accept_language: language.unwrap_or_default().to_owned(),
        path_values,
        query,
        body,
    };
    run(route, call).await
}

async fn run(route: &'static Route, call: ControlCall) -> ControlResult {
    match route.action {
        Action::Waiting(action) => action(call).await,
        // Keys and signatures would block the asynchronous threads.
        Action::Blocking(action) => spawn_blocking(move || action(&call))
            .await
            .map_err(|_| ControlError::internal("the sandbox failed; this is a mistake in it"))?,
    }
}

/// Moves the token of a page from its URL into a cookie, so that no log, bookmark or link has it.
fn with_cookie(settings: &ControlSettings, target: &str) -> ControlResponse {
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let others: Vec<_> = query.split('&').filter(|pair| !pair.starts_with("token=")).collect();
    let location = match others.is_empty() {
        true => path.to_owned(),
        false => format!("{path}?{}", others.join("&")),
    };
    let (name, token) = (settings.cookie_name(), settings.token().unwrap_or_default());
    let cookie = format!("{name}={token}; Path={BASE}; HttpOnly; SameSite=Strict");
    ControlResponse::see_other(&location).header(header::SET_COOKIE, &cookie)
}

/// Reads a body.
async fn whole(body: Incoming) -> Result<Bytes, ControlError> {
    match timeout(BODY_TIME, Limited::new(body, LONGEST_BODY).collect()).await {
        Ok(Ok(body)) => Ok(body.to_bytes()),
        Ok(Err(_)) | Err(_) => Err(too_long()),
    }
}

fn too_long() -> ControlError {
    let message = format!("the body did not arrive whole, or has more than {LONGEST_BODY} bytes");
    ControlError::new(StatusCode::PAYLOAD_TOO_LARGE, "TOO_LONG", message)
}
