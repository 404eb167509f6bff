//! Switches and settings of lifecycles, notify URLs, bills, and the reset.

use askama::Template;
use http::{Method, StatusCode};
use serde_json::{Map, Value, json};

use super::BASE;
use super::control_data::{
    Account, AccountList, NotifyUrl, NotifyUrlList, SettingList, Switch, SwitchList,
};
use super::faults::whole_number;
use super::kinds::Kinds;
use super::layout::{Layout, Section};
use super::respond::{PageError, PageResult, html, see_other};
use super::visit::Visit;

/// What one lifecycle lets a visitor set.
#[derive(Debug)]
struct Group<T> {
    lifecycle: String,
    kind: String,
    rows: Vec<T>,
    /// Whether something differs from the default.
    is_changed: bool,
}

/// A setting as fields.
#[derive(Debug)]
struct SettingRow {
    name: String,
    title: String,
    usual: String,
    value: String,
}

#[derive(Template)]
#[template(path = "page/settings.html")]
struct SettingsPage {
    layout: Layout,
    switches: Vec<Group<Switch>>,
    settings: Vec<Group<SettingRow>>,
    notify_urls: Vec<NotifyUrl>,
    accounts: Vec<Account>,
}

pub(super) async fn show(visit: &Visit<'_>) -> PageResult {
    let SwitchList { switches } = visit.get("/switches").await?;
    let SettingList { settings } = visit.get("/settings").await?;
    let NotifyUrlList { notify_urls } = visit.get("/notify-urls").await?;
    let AccountList { accounts } = visit.get("/accounts").await?;
    let kinds = Kinds::read(visit).await?;
    let switches = switches.into_iter().map(|switch| {
        let is_changed = switch.choices.first() != Some(&switch.chosen);
        (switch.lifecycle.clone(), switch, is_changed)
    });
    let settings = settings.into_iter().map(|setting| {
        let row = SettingRow {
            title: visit.language.say(&setting.title, &setting.name.replace('_', " ")).to_owned(),
            name: setting.name,
            usual: setting.usual.to_string(),
            value: setting.value.to_string(),
        };
        (setting.lifecycle, row, setting.usual != setting.value)
    });
    let page = SettingsPage {
        layout: Layout::new(visit, Section::Settings, visit.say("设置", "Settings")).await,
        switches: grouped(&kinds, switches),
        settings: grouped(&kinds, settings),
        notify_urls,
        accounts,
    };
    html(visit, &page)
}

/// Puts the rows of each lifecycle together, in the order in which they come.
fn grouped<T>(kinds: &Kinds, rows: impl Iterator<Item = (String, T, bool)>) -> Vec<Group<T>> {
    let mut groups: Vec<Group<T>> = Vec::new();
    for (lifecycle, row, is_changed) in rows {
        match groups.iter_mut().find(|group| group.lifecycle == lifecycle) {
            Some(group) => {
                group.rows.push(row);
                group.is_changed |= is_changed;
            }
            None => {
                let kind = kinds.name(&lifecycle);
                groups.push(Group { lifecycle, kind, rows: vec![row], is_changed });
            }
        }
    }
    groups
}

fn saved(place: &str) -> PageResult {
    see_other(&format!("{BASE}/settings"), place)
}

pub(super) async fn set_switch(visit: &Visit<'_>) -> PageResult {
    let body = json!({
        "lifecycle": visit.required("lifecycle")?,
        "name": visit.required("name")?,
        "choice": visit.required("choice")?,
    });
    visit.change(Method::PUT, "/switches", &body).await?;
    saved("saved")
}

pub(super) async fn set_setting(visit: &Visit<'_>) -> PageResult {
    let text = visit.required("value")?;
    // A value has the type of the usual one, so anything that is no JSON is a text.
    let value: Value = serde_json::from_str(text).unwrap_or_else(|_| text.into());
    let (lifecycle, name) = (visit.required("lifecycle")?, visit.required("name")?);
    let body = json!({ "lifecycle": lifecycle, "name": name, "value": value });
    visit.change(Method::PUT, "/settings", &body).await?;
    saved("saved")
}

/// Registers the URL of an event type; without a URL, ends its registration.
pub(super) async fn set_notify_url(visit: &Visit<'_>) -> PageResult {
    let body = json!({
        "account": visit.field("account"),
        "event": visit.required("event")?,
        "url": visit.field("url"),
    });
    visit.change(Method::PUT, "/notify-urls", &body).await?;
    saved("saved")
}

pub(super) async fn set_bill(visit: &Visit<'_>) -> PageResult {
    let mut body = Map::new();
    match (visit.field("text"), visit.field("rows")) {
        (Some(text), _) => {
            // A form sends line feeds as CR LF.
            body.insert("text".to_owned(), text.replace("\r\n", "\n").into());
        }
        (None, Some(rows)) => {
            body.insert("rows".to_owned(), whole_number(visit, "rows", rows)?);
        }
        (None, None) => {
            let message = visit.say("请填写行数或内容。", "Fill in the rows or the text.");
            return Err(PageError::new(StatusCode::BAD_REQUEST, message));
        }
    }
    if let Some(digest) = visit.field("digest") {
        body.insert("digest".to_owned(), digest.into());
    }
    visit.change(Method::PUT, "/bill", &Value::Object(body)).await?;
    saved("saved")
}

pub(super) async fn expire_bill_links(visit: &Visit<'_>) -> PageResult {
    visit.change(Method::DELETE, "/bill/links", &json!({})).await?;
    saved("saved")
}

/// Forgets everything, if the visitor confirmed it.
pub(super) async fn reset(visit: &Visit<'_>) -> PageResult {
    if visit.field("confirmed").is_none() {
        let message = visit.say("请先勾选确认。", "Tick the box to confirm it first.");
        return Err(PageError::new(StatusCode::BAD_REQUEST, message));
    }
    visit.change(Method::POST, "/reset", &json!({})).await?;
    saved("reset")
}
