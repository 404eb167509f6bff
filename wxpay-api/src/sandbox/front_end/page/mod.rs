//! The pages of the sandbox for people: the pay page, and the frame that a shop's page opens over itself.
//!
//! All text is escaped when it is written ([`html`]). A page has no inline script or style, and posts nothing but the
//! click of a button.

mod html;
mod origin;
mod pay;
mod texts;

use http::request::Parts;
use http::{HeaderName, header};
use serde_json::Value;

use self::html::Html;
use self::texts::Texts;
use super::check::{Hints, Verified, verify};
use super::credentials::h5_key;
use super::open::{UserAction, act, resource};
use crate::client::percent_encode;
use crate::sandbox::control::call::{ControlCall, ControlError, ControlResponse, ControlResult};
use crate::sandbox::control::{BASE, lifecycle_failed, unknown_value};
use crate::sandbox::request::query_pairs;

const FRAME_OPTIONS: HeaderName = HeaderName::from_static("x-frame-options");
const RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

/// Shows the order of a `code_url` or an `h5_url`, with what the user can do.
pub(in crate::sandbox) fn show(call: &ControlCall) -> ControlResult {
    let texts = Texts::choose(call.query_value("lang"), &call.accept_language);
    let hints = Hints::default();
    let verified = match verify(&call.shared, given(call)?, &hints) {
        Ok(verified) => verified,
        Err(error) => return Ok(page(texts, &pay::refused(texts, &error), &call.target)),
    };
    let found = resource(&call.shared, &verified).map_err(lifecycle_failed)?;
    let done = call.query_value("done");
    let body = pay::order(texts, &verified, found.as_ref(), done, &order_query(call));
    Ok(page(texts, &body, &call.target))
}

/// Does what the user clicked. The button's form has no body: its URL says everything.
pub(in crate::sandbox) fn act_on(call: &ControlCall) -> ControlResult {
    let (name, action) = match call.query_value("do").unwrap_or_default() {
        "pay" => ("pay", UserAction::Pay),
        "fail" => ("fail", UserAction::Fail),
        "cancel" => ("cancel", UserAction::Cancel),
        other => return Err(unknown_value("do", other, &["pay", "fail", "cancel"])),
    };
    let given = given(call)?;
    let verified: Verified = verify(&call.shared, given, &Hints::default())
        .map_err(|error| ControlError::conflict(error.to_string()))?;
    act(&call.shared, &verified, action).map_err(lifecycle_failed)?;
    Ok(ControlResponse::see_other(&format!("{BASE}/pay?{}&done={name}", order_query(call))))
}

/// Returns what the URL of the page names: a `code_url`, or an `h5_url` that is the page's own URL.
fn given(call: &ControlCall) -> Result<Value, ControlError> {
    if let Some(code_url) = call.query_value("code_url") {
        return Ok(Value::from(code_url));
    }
    if h5_key(&call.target).is_empty() {
        let message = "add `?code_url=` and the code_url of an order, or open an h5_url";
        return Err(ControlError::invalid(message));
    }
    Ok(Value::from(format!("http://{}{}", call.authority, call.target)))
}

/// Returns the query that names the order, without what the page adds.
fn order_query(call: &ControlCall) -> String {
    const ADDED: [&str; 2] = ["do", "done"];
    let query = call.target.split_once('?').map_or("", |(_, query)| query);
    let pairs = query
        .split('&')
        .filter(|pair| !ADDED.contains(&pair.split('=').next().unwrap_or_default()));
    pairs.collect::<Vec<_>>().join("&")
}

/// The frame that a shop's page opens: it verifies parameters, and lets the user pay.
pub(in crate::sandbox) fn bridge(call: &ControlCall) -> ControlResult {
    let texts = Texts::choose(call.query_value("lang"), &call.accept_language);
    let origin = call.query_value("origin").unwrap_or_default();
    let origin = origin::shop(origin, &call.shared.control)?;
    let body = pay::frame(texts);
    let page = document(texts, &body, Some("bridge-frame.js"));
    let policy = policy(&origin);
    let response = ControlResponse::new("text/html; charset=utf-8", page.into_text());
    Ok(guarded(response).header(header::CONTENT_SECURITY_POLICY, &policy))
}

pub(in crate::sandbox) fn bridge_script(_: &ControlCall) -> ControlResult {
    let response =
        ControlResponse::new("text/javascript; charset=utf-8", include_str!("bridge.js"));
    // Pages of any origin load it. It holds nothing that they may not know.
    Ok(response.header(RESOURCE_POLICY, "cross-origin"))
}

pub(in crate::sandbox) fn frame_script(_: &ControlCall) -> ControlResult {
    Ok(ControlResponse::new("text/javascript; charset=utf-8", include_str!("bridge-frame.js")))
}

pub(in crate::sandbox) fn style(_: &ControlCall) -> ControlResult {
    Ok(ControlResponse::new("text/css; charset=utf-8", include_str!("page.css")))
}

/// Shows an error to a person.
pub(in crate::sandbox) fn error(error: &ControlError, head: &Parts) -> ControlResponse {
    let language = head.headers.get(header::ACCEPT_LANGUAGE).and_then(|it| it.to_str().ok());
    let target = head.uri.path_and_query().map_or("", |target| target.as_str());
    let pairs = query_pairs(target).unwrap_or_default();
    let wanted = pairs.iter().find(|(name, _)| name == "lang").map(|(_, lang)| lang.as_str());
    let texts = Texts::choose(wanted, language.unwrap_or_default());
    let body = match error.code {
        "TOKEN_REQUIRED" => pay::token(texts, head.uri.path(), target, &pairs),
        _ => pay::failure(texts, &error.message),
    };
    page(texts, &body, target).status(error.status)
}

/// Makes a page that no other page may frame.
fn page(texts: &Texts, body: &Html, target: &str) -> ControlResponse {
    let mut whole = Html::new();
    whole.raw("<main>").append(body).raw("</main><footer>");
    for (language, name) in [("zh", "中文"), ("en", "English")] {
        let href = with_language(target, language);
        whole.raw("<a href=\"").text(&href).raw("\">").text(name).raw("</a> ");
    }
    whole.raw("<p>").text(texts.sandbox).raw("</p></footer>");
    let page = document(texts, &whole, None);
    let response = ControlResponse::new("text/html; charset=utf-8", page.into_text());
    guarded(response)
        .header(header::CONTENT_SECURITY_POLICY, &policy("'none'"))
        .header(FRAME_OPTIONS, "DENY")
}

fn document(texts: &Texts, body: &Html, script: Option<&str>) -> Html {
    let mut page = Html::new();
    page.raw("<!doctype html><html lang=\"")
        .text(texts.language)
        .raw("\"><head><meta charset=\"utf-8\">");
    page.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>");
    page.text(texts.title).raw("</title><link rel=\"stylesheet\" href=\"").text(BASE);
    page.raw("/page.css\">");
    if let Some(script) = script {
        page.raw("<script defer src=\"").text(BASE).raw("/").text(script).raw("\"></script>");
    }
    page.raw("</head><body class=\"pay\">").append(body).raw("</body></html>");
    page
}

fn policy(ancestors: &str) -> String {
    format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; form-action 'self'; base-uri \
         'none'; frame-ancestors {ancestors}"
    )
}

/// The `Referer` of a page may have a credential. Forms need an `Origin`, which `no-referrer` would empty.
fn guarded(response: ControlResponse) -> ControlResponse {
    response.header(header::REFERRER_POLICY, "same-origin")
}

/// Returns the URL of a page in another language.
fn with_language(target: &str, language: &str) -> String {
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let others = query.split('&').filter(|pair| {
        let name = pair.split('=').next().unwrap_or_default();
        !name.is_empty() && !["lang", "token", "do"].contains(&name)
    });
    let language = percent_encode(language).to_string();
    let lang = format!("lang={language}");
    let pairs: Vec<_> = others.chain([lang.as_str()]).collect();
    format!("{path}?{}", pairs.join("&"))
}
