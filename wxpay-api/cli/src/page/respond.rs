//! The responses of the page: HTML that runs and loads nothing but the page's own files, redirects, and errors.

use askama::Template;
use bytes::Bytes;
use http::header::{self, HeaderName};
use http::{HeaderValue, Response, StatusCode};
use serde_json::Value;

use super::BASE;
use super::visit::{LANGUAGE_COOKIE, Visit, url};
use crate::output::Failure;

/// The response to a visit, or why there is none.
pub(super) type PageResult = Result<Response<Bytes>, PageError>;

/// What a page may do. No page may be framed, and nothing is loaded from elsewhere.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
                      form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// A year.
const REMEMBERED: u32 = 365 * 24 * 60 * 60;

/// Why a page cannot be shown, or a form was refused.
#[derive(Debug)]
pub(super) struct PageError {
    pub(super) status: StatusCode,
    pub(super) message: String,
    /// More, as the control surface says it.
    pub(super) detail: Value,
}

impl PageError {
    pub(super) fn new(status: StatusCode, message: impl Into<String>) -> Self {
        Self { status, message: message.into(), detail: Value::Null }
    }

    pub(super) fn not_found(visit: &Visit<'_>) -> Self {
        let message = visit.say("没有这个页面。", "There is no such page.");
        Self::new(StatusCode::NOT_FOUND, message)
    }
}

impl From<Failure> for PageError {
    fn from(failure: Failure) -> Self {
        let refusal = failure.details();
        let text = |name: &str| refusal.get(name).and_then(Value::as_str);
        let status = match text("code") {
            Some("NOT_FOUND") => StatusCode::NOT_FOUND,
            Some("GONE") => StatusCode::GONE,
            Some("CONFLICT") => StatusCode::CONFLICT,
            Some("NOT_DELIVERED") | None => StatusCode::BAD_GATEWAY,
            Some(_) => StatusCode::BAD_REQUEST,
        };
        let message = text("message").unwrap_or_else(|| failure.message()).to_owned();
        let detail = refusal.get("detail").cloned().unwrap_or_default();
        Self { status, message, detail }
    }
}

impl From<askama::Error> for PageError {
    fn from(error: askama::Error) -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, format!("the page was not written: {error}"))
    }
}

/// Writes a page, or a part of one.
pub(super) fn html(visit: &Visit<'_>, template: &impl Template) -> PageResult {
    let mut response = Response::new(Bytes::from(template.render()?));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    guard(&mut response);
    if visit.chooses_language {
        let cookie = format!(
            "{LANGUAGE_COOKIE}={}; Path={BASE}; Max-Age={REMEMBERED}; HttpOnly; SameSite=Strict",
            visit.language.code()
        );
        if let Ok(cookie) = HeaderValue::from_str(&cookie) {
            response.headers_mut().insert(header::SET_COOKIE, cookie);
        }
    }
    Ok(response)
}

/// Leads the browser to a page after a form, with what was done.
pub(super) fn see_other(path: &str, done: &str) -> PageResult {
    let separator = if path.contains('?') { '&' } else { '?' };
    redirect(&format!("{path}{separator}done={done}"))
}

/// Leads the browser to a page.
pub(super) fn redirect(path: &str) -> PageResult {
    let mut response = Response::new(Bytes::new());
    *response.status_mut() = StatusCode::SEE_OTHER;
    let location = HeaderValue::from_str(path).unwrap_or(HeaderValue::from_static(BASE));
    response.headers_mut().insert(header::LOCATION, location);
    guard(&mut response);
    Ok(response)
}

/// Returns the path of a page with one value of a query.
pub(super) fn page_url(path: &str, query: &[(&str, &str)]) -> String {
    url(&format!("{BASE}{path}"), query)
}

/// Serves a file of the page.
pub(super) fn asset(media_type: &'static str, content: &'static str) -> Response<Bytes> {
    let mut response = Response::new(Bytes::from_static(content.as_bytes()));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    guard(&mut response);
    response
}

/// Adds the headers that every response has.
fn guard(response: &mut Response<Bytes>) {
    let headers = [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        // A form needs its `Origin`, which `no-referrer` would empty.
        (header::REFERRER_POLICY, "same-origin"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    ];
    for (name, value) in headers {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
}
