//! The pages of a program that embeds the sandbox, behind the walls of the control surface.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use bytes::Bytes;
use http::request::Parts;
use http::{Request, Response};
use hyper::body::Incoming;

use super::call::{ControlError, ControlResponse, ControlResult};
use super::whole;
use crate::sandbox::control::BASE;
use crate::sandbox::state::Shared;

/// Where the pages of a program are, below the base.
const PAGES: &str = "/page";

/// The future of a page's response.
pub type PageFuture = Pin<Box<dyn Future<Output = Response<Bytes>> + Send>>;

/// Serves the pages of a program. It gets each request at `/_sandbox/page` and below that passed the walls.
#[derive(Clone)]
pub(in crate::sandbox) struct PageHandler(Arc<dyn Fn(Request<Bytes>) -> PageFuture + Send + Sync>);

impl PageHandler {
    pub(in crate::sandbox) fn new(
        respond: impl Fn(Request<Bytes>) -> PageFuture + Send + Sync + 'static,
    ) -> Self {
        Self(Arc::new(respond))
    }
}

impl fmt::Debug for PageHandler {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("PageHandler").finish_non_exhaustive()
    }
}

/// Returns whether a path is that of a page: the root leads to the first one.
pub(super) fn is_addressed(path: &str) -> bool {
    let below = path.strip_prefix(BASE).and_then(|rest| rest.strip_prefix(PAGES));
    path == "/" || below.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Lets the program respond.
pub(super) async fn respond(shared: &Shared, head: &Parts, body: Incoming) -> ControlResult {
    let Some(pages) = &shared.pages else {
        return Err(ControlError::not_found("this sandbox has no pages"));
    };
    if head.uri.path() == "/" {
        return Ok(ControlResponse::see_other(&format!("{BASE}{PAGES}")));
    }
    let body = whole(body).await?;
    let response = (pages.0)(Request::from_parts(head.clone(), body)).await;
    Ok(ControlResponse::from_http(response))
}
