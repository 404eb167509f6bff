//! The routes of the page.

use bytes::Bytes;
use http::{Method, Request, Response, StatusCode};

use super::layout::failure;
use super::respond::{PageError, PageResult, asset};
use super::visit::Visit;
use super::{
    Connection, accounts, clock, connect, faults, money, notifications, planned, requests,
    resource, resources, settings,
};

/// Responds to a request below the base.
pub(super) async fn respond(
    connection: Option<&Connection>,
    request: Request<Bytes>,
) -> Response<Bytes> {
    let Some(connection) = connection else {
        let mut response = asset("text/plain; charset=utf-8", "the sandbox is starting; reload\n");
        *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
        return response;
    };
    let visit = Visit::new(connection, &request);
    match Box::pin(route(&visit)).await {
        Ok(response) => response,
        Err(error) => failure(&visit, &error).await,
    }
}

async fn route(visit: &Visit<'_>) -> PageResult {
    let segments: Vec<&str> = visit.segments.iter().map(String::as_str).collect();
    if visit.method == Method::POST {
        return Box::pin(post(visit, &segments)).await;
    }
    if visit.method != Method::GET && visit.method != Method::HEAD {
        let message =
            visit.say("此页面只接受 GET 和 POST。", "This page takes GET and POST alone.");
        return Err(PageError::new(StatusCode::METHOD_NOT_ALLOWED, message));
    }
    match segments.as_slice() {
        [] | ["requests"] => requests::list(visit).await,
        ["requests", "rows"] => requests::rows(visit).await,
        ["requests", number] => requests::show(visit, number).await,
        ["connect"] => connect::show(visit).await,
        ["resources"] => resources::list(visit).await,
        ["resources", "rows"] => resources::rows(visit).await,
        ["resources", id] => resource::show(visit, id).await,
        ["resources", id, "live"] => resource::live(visit, id).await,
        ["find"] => resources::find(visit).await,
        ["notifications"] => notifications::list(visit).await,
        ["notifications", "rows"] => notifications::rows(visit).await,
        ["notifications", id] => notifications::show(visit, id).await,
        ["money"] => money::list(visit).await,
        ["faults"] => faults::list(visit).await,
        ["accounts"] => accounts::list(visit).await,
        ["accounts", id] => accounts::show(visit, id).await,
        ["clock"] => clock::show(visit).await,
        ["settings"] => settings::show(visit).await,
        ["assets", name] => file(name).ok_or_else(|| PageError::not_found(visit)),
        _ => Err(PageError::not_found(visit)),
    }
}

async fn post(visit: &Visit<'_>, segments: &[&str]) -> PageResult {
    match segments {
        ["resources"] => resources::create(visit).await,
        ["resources", id, "events"] => resource::fire(visit, id).await,
        ["notifications", id, "copies"] => notifications::send_again(visit, id).await,
        ["faults"] => faults::add(visit).await,
        ["faults", "clear"] => faults::clear(visit).await,
        ["faults", "notifications"] => faults::add_to_notification(visit).await,
        ["faults", "notifications", "clear"] => faults::clear_of_notifications(visit).await,
        ["responses"] => planned::add(visit).await,
        ["responses", "clear"] => planned::clear(visit).await,
        ["accounts"] => accounts::add(visit).await,
        ["accounts", id, action] => accounts::act(visit, id, action).await,
        ["clock"] => clock::advance(visit).await,
        ["settings", "switch"] => settings::set_switch(visit).await,
        ["settings", "setting"] => settings::set_setting(visit).await,
        ["settings", "notify-url"] => settings::set_notify_url(visit).await,
        ["settings", "bill"] => settings::set_bill(visit).await,
        ["settings", "bill-links"] => settings::expire_bill_links(visit).await,
        ["settings", "reset"] => settings::reset(visit).await,
        _ => Err(PageError::not_found(visit)),
    }
}

/// Returns a file that is built into the program.
fn file(name: &str) -> Option<Response<Bytes>> {
    const CSS: &str = "text/css; charset=utf-8";
    const SCRIPT: &str = "text/javascript; charset=utf-8";
    Some(match name {
        "page.css" => asset(CSS, include_str!("../../assets/page.css")),
        "page.js" => asset(SCRIPT, include_str!("../../assets/page.js")),
        "icon.svg" => asset("image/svg+xml", include_str!("../../assets/icon.svg")),
        _ => return None,
    })
}
