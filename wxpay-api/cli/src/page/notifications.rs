//! The notifications that followed changes: their attempts, and why one was not sent.

use askama::Template;
use http::{Method, StatusCode};
use serde_json::json;

use super::BASE;
use super::amount::seconds;
use super::control_data::{Attempt, Notification, NotificationList};
use super::kinds::Kinds;
use super::language::PageLanguage;
use super::layout::{Layout, Section};
use super::members::excerpt;
use super::paging::{PAGE, Paging};
use super::respond::{PageError, PageResult, html, see_other};
use super::visit::{Visit, encoded, url};

/// A notification in a list.
#[derive(Debug)]
pub(super) struct NotificationRow {
    pub(super) url: String,
    pub(super) event_type: String,
    pub(super) number: String,
    pub(super) resource_url: String,
    pub(super) target: String,
    pub(super) attempts: usize,
    pub(super) outcome: Outcome,
    pub(super) outcome_name: &'static str,
    pub(super) reason: String,
}

/// What became of a notification.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Outcome {
    Acknowledged,
    Waiting,
    GivenUp,
    NotSent,
}

/// An attempt as a row.
#[derive(Debug)]
struct AttemptRow {
    after: String,
    status: String,
    refusal: Option<String>,
    is_copy: bool,
}

#[derive(Template)]
#[template(path = "page/notifications.html")]
struct NotificationsPage {
    layout: Layout,
    rows: Rows,
    live: String,
    paging: Paging,
    only_failed: bool,
}

#[derive(Template)]
#[template(path = "page/notification_rows.html")]
struct Rows {
    language: PageLanguage,
    rows: Vec<NotificationRow>,
}

impl Rows {
    fn say<'t>(&self, chinese: &'t str, english: &'t str) -> &'t str {
        self.language.say(chinese, english)
    }
}

#[derive(Template)]
#[template(path = "page/notification.html")]
struct NotificationPage {
    layout: Layout,
    row: NotificationRow,
    id: String,
    kind: String,
    attempts: Vec<AttemptRow>,
    again: String,
}

impl Outcome {
    fn of(notification: &Notification) -> Self {
        match notification {
            Notification { acknowledged: true, .. } => Self::Acknowledged,
            Notification { not_sent: Some(_), .. } => Self::NotSent,
            Notification { finished: true, .. } => Self::GivenUp,
            _ => Self::Waiting,
        }
    }

    fn name(self, language: PageLanguage) -> &'static str {
        let (chinese, english) = match self {
            Self::Acknowledged => ("已应答", "Acknowledged"),
            Self::Waiting => ("发送中", "Being sent"),
            Self::GivenUp => ("已放弃", "Given up"),
            Self::NotSent => ("未发送", "Not sent"),
        };
        if language == PageLanguage::Chinese { chinese } else { english }
    }

    /// Returns the class of its mark.
    pub(super) fn class(self) -> &'static str {
        match self {
            Self::Acknowledged => "good",
            Self::Waiting => "wait",
            Self::GivenUp | Self::NotSent => "bad",
        }
    }
}

impl NotificationRow {
    pub(super) fn new(language: PageLanguage, notification: &Notification) -> Self {
        let outcome = Outcome::of(notification);
        let last = notification.attempts.iter().rev().find_map(|it| it.refusal.as_deref());
        let reason = match outcome {
            Outcome::Acknowledged => None,
            Outcome::NotSent => notification.not_sent.as_deref(),
            Outcome::Waiting | Outcome::GivenUp => last,
        };
        Self {
            url: format!("{BASE}/notifications/{}", encoded(&notification.id)),
            event_type: notification.event_type.clone(),
            number: notification.number.clone(),
            resource_url: format!("{BASE}/resources/{}", notification.resource),
            target: excerpt(notification.url.as_deref().unwrap_or_default()),
            attempts: notification.attempts.len(),
            outcome,
            outcome_name: outcome.name(language),
            reason: excerpt(reason.unwrap_or_default()),
        }
    }
}

impl AttemptRow {
    fn new(language: PageLanguage, attempt: &Attempt) -> Self {
        let silent = language.say("无应答", "no response");
        Self {
            after: seconds(attempt.after),
            status: attempt.status.map_or_else(|| silent.to_owned(), |status| status.to_string()),
            refusal: attempt.refusal.as_deref().map(excerpt),
            is_copy: attempt.copy,
        }
    }
}

pub(super) async fn list(visit: &Visit<'_>) -> PageResult {
    let (rows, total) = read(visit).await?;
    let path = format!("{BASE}/notifications");
    let query: Vec<_> = visit.query.iter().filter(|(name, _)| name != "done").cloned().collect();
    let page = NotificationsPage {
        layout: Layout::new(visit, Section::Notifications, visit.say("回调通知", "Notifications"))
            .await,
        rows,
        live: url(&format!("{path}/rows"), query.clone()),
        paging: Paging::new(&path, &query, visit.number("skip", 0), total),
        only_failed: visit.queried("failed").is_some(),
    };
    html(visit, &page)
}

pub(super) async fn rows(visit: &Visit<'_>) -> PageResult {
    let (rows, _) = read(visit).await?;
    html(visit, &rows)
}

async fn read(visit: &Visit<'_>) -> Result<(Rows, usize), PageError> {
    let only_failed = visit.queried("failed").map(|_| ("acknowledged", "false".to_owned()));
    let window = [("skip", visit.number("skip", 0)), ("limit", PAGE)];
    let window = window.map(|(name, number)| (name, number.to_string()));
    let path = url("/notifications", only_failed.into_iter().chain(window).collect::<Vec<_>>());
    let NotificationList { notifications, total } = visit.get(&path).await?;
    let rows = notifications.iter().rev().map(|it| NotificationRow::new(visit.language, it));
    Ok((Rows { language: visit.language, rows: rows.collect() }, total))
}

pub(super) async fn show(visit: &Visit<'_>, id: &str) -> PageResult {
    let list: NotificationList = visit.get(&url("/notifications", [("id", id)])).await?;
    let found = list.notifications.first().ok_or_else(|| {
        let message = visit.say(
            "没有这条通知，或已被遗忘。",
            "There is no such notification, or it is forgotten.",
        );
        PageError::new(StatusCode::NOT_FOUND, message)
    })?;
    let row = NotificationRow::new(visit.language, found);
    let title = format!("{} {}", visit.say("通知", "Notification"), row.event_type);
    let page = NotificationPage {
        layout: Layout::new(visit, Section::Notifications, &title).await,
        id: found.id.clone(),
        kind: Kinds::read(visit).await?.name(&found.lifecycle),
        attempts: found.attempts.iter().map(|it| AttemptRow::new(visit.language, it)).collect(),
        again: format!("{}/copies", row.url),
        row,
    };
    html(visit, &page)
}

/// Sends one more copy.
pub(super) async fn send_again(visit: &Visit<'_>, id: &str) -> PageResult {
    let path = format!("/notifications/{}/copies", encoded(id));
    visit.change(Method::POST, &path, &json!({})).await?;
    see_other(&format!("{BASE}/notifications/{}", encoded(id)), "sent")
}
