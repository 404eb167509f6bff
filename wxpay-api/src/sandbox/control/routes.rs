//! The routes of the control surface.

use std::future::Future;
use std::pin::Pin;

use http::{StatusCode, header};
use serde_json::{Value, json};

use super::call::{ControlCall, ControlError, ControlResponse, ControlResult};
use super::walls::Access;
use super::{
    BASE, accounts, bills, faults, journal, keys, lifecycles, notifications, pages, plans,
    resources,
};
use crate::protocol::excerpt::excerpt;
use crate::sandbox::front_end::{api, page};
use crate::sandbox::request::route;
use crate::sandbox::suggestion::closest;

type FutureResult = Pin<Box<dyn Future<Output = ControlResult> + Send>>;

/// How a route responds.
#[derive(Clone, Copy)]
pub(super) enum Action {
    Blocking(fn(&ControlCall) -> ControlResult),
    Waiting(fn(ControlCall) -> FutureResult),
}

/// One method of one path.
pub(super) struct Route {
    method: &'static str,
    /// The path below `/_sandbox`, with `{…}` for parameters.
    path: &'static str,
    access: Access,
    pub(super) action: Action,
}

const fn control(
    method: &'static str,
    path: &'static str,
    action: fn(&ControlCall) -> ControlResult,
) -> Route {
    Route { method, path, access: Access::Control, action: Action::Blocking(action) }
}

const fn page(
    method: &'static str,
    path: &'static str,
    action: fn(&ControlCall) -> ControlResult,
) -> Route {
    Route { method, path, access: Access::Page, action: Action::Blocking(action) }
}

const fn asset(path: &'static str, action: fn(&ControlCall) -> ControlResult) -> Route {
    Route { method: "GET", path, access: Access::Asset, action: Action::Blocking(action) }
}

const ROUTES: &[Route] = &[
    control("GET", "", index),
    control("GET", "/openapi.json", openapi),
    control("GET", "/lifecycles", lifecycles::list),
    control("GET", "/resources", resources::list),
    control("POST", "/resources", resources::create),
    control("GET", "/resources/{id}", resources::show),
    control("POST", "/resources/{id}/events", resources::fire),
    control("GET", "/money", resources::money),
    control("GET", "/switches", lifecycles::switches),
    control("PUT", "/switches", lifecycles::set_switch),
    control("GET", "/settings", lifecycles::settings),
    control("PUT", "/settings", lifecycles::set_setting),
    control("GET", "/clock", lifecycles::clock),
    control("POST", "/clock/advance", lifecycles::advance),
    control("GET", "/responses", plans::list),
    control("POST", "/responses", plans::plan),
    control("DELETE", "/responses", plans::clear),
    control("GET", "/faults", faults::list),
    control("POST", "/faults", faults::inject),
    control("DELETE", "/faults", faults::clear),
    control("GET", "/accounts", accounts::list),
    control("POST", "/accounts", accounts::add),
    control("GET", "/accounts/{account}", accounts::show),
    control("GET", "/accounts/{account}/keys", keys::show),
    control("PUT", "/accounts/{account}/keys/mode", keys::set_mode),
    control("PUT", "/accounts/{account}/keys/apiv3", keys::reset_apiv3_key),
    control("POST", "/accounts/{account}/keys/rotation", keys::rotate),
    control("POST", "/accounts/{account}/keys/certificates", keys::issue),
    control("DELETE", "/accounts/{account}/keys/certificates/{serial}", keys::withdraw),
    control("PUT", "/accounts/{account}/keys/signer", keys::sign_by),
    control("PUT", "/bill", bills::set),
    control("DELETE", "/bill/links", bills::expire_links),
    control("GET", "/notifications", notifications::list),
    Route {
        method: "POST",
        path: "/notifications",
        access: Access::Control,
        action: Action::Waiting(notifications::send),
    },
    Route {
        method: "POST",
        path: "/notifications/{id}/copies",
        access: Access::Control,
        action: Action::Waiting(notifications::send_copy),
    },
    control("GET", "/notifications/faults", faults::list_of_notifications),
    control("POST", "/notifications/faults", faults::inject_into_notification),
    control("DELETE", "/notifications/faults", faults::clear_of_notifications),
    control("GET", "/notify-urls", notifications::urls),
    control("PUT", "/notify-urls", notifications::set_url),
    control("GET", "/requests", journal::list),
    control("GET", "/requests/{number}", journal::show),
    control("POST", "/reset", lifecycles::reset),
    control("POST", "/front-end/verify", api::verify),
    control("POST", "/front-end/pay", api::pay),
    page("GET", "/pay", page::show),
    page("POST", "/pay", page::act_on),
    Route {
        method: "GET",
        path: "/bridge",
        access: Access::Frame,
        action: Action::Blocking(page::bridge),
    },
    asset("/bridge.js", page::bridge_script),
    asset("/bridge-frame.js", page::frame_script),
    asset("/page.css", page::style),
];

/// Returns what a path offers. Unknown paths are as well guarded as the others.
pub(super) fn access(path: &str) -> Access {
    if pages::is_addressed(path) {
        return Access::Page;
    }
    let route = ROUTES.iter().find(|route| fit(route.path, path).is_some());
    route.map_or(Access::Control, |route| route.access)
}

/// The names and the values of a path's parameters.
type RouteValues = Vec<(&'static str, String)>;

/// Finds the route of a request, and the values of its path's parameters.
pub(super) fn find(
    method: &str,
    path: &str,
) -> Result<(&'static Route, RouteValues), ControlError> {
    let mut methods = Vec::new();
    for route in ROUTES {
        match fit(route.path, path) {
            Some(values) if route.method == method => return Ok((route, values)),
            Some(_) => methods.push(route.method),
            None => {}
        }
    }
    match methods.is_empty() {
        true => Err(unknown_path(path)),
        false => Err(other_methods(path, method, &methods)),
    }
}

fn unknown_path(path: &str) -> ControlError {
    let known: Vec<_> = ROUTES.iter().map(|route| format!("{BASE}{}", route.path)).collect();
    let hint = match closest(path, known.iter().map(String::as_str)) {
        Some(near) => format!("; did you mean `{near}`?"),
        None => format!("; `GET {BASE}` lists all"),
    };
    ControlError::not_found(format!("nothing is at {}{hint}", excerpt(path)))
}

fn other_methods(path: &str, method: &str, methods: &[&str]) -> ControlError {
    let message =
        format!("{} takes {}, not {}", excerpt(path), methods.join(", "), excerpt(method));
    let error = ControlError::new(StatusCode::METHOD_NOT_ALLOWED, "METHOD_NOT_ALLOWED", message);
    error.detail(json!({ "allowed": methods }))
}

/// Compares a path with that of a route below the base.
fn fit(template: &'static str, path: &str) -> Option<RouteValues> {
    route::fit(template, path.strip_prefix(BASE)?).map(|fit| fit.values)
}

/// Lists all routes.
fn index(_: &ControlCall) -> ControlResult {
    let routes = ROUTES.iter().map(|route| {
        let kind = match route.access {
            Access::Control => "control",
            Access::Page | Access::Frame => "page",
            Access::Asset => "asset",
        };
        json!({ "method": route.method, "path": format!("{BASE}{}", route.path), "kind": kind })
    });
    let routes: Vec<Value> = routes.collect();
    let openapi = format!("{BASE}/openapi.json");
    Ok(ControlResponse::json(&json!({ "openapi": openapi, "routes": routes })))
}

/// Returns the description of all routes.
fn openapi(_: &ControlCall) -> ControlResult {
    let document = include_str!("openapi.json");
    let response = ControlResponse::new("application/json", document);
    Ok(response.header(header::CONTENT_DISPOSITION, "inline"))
}
