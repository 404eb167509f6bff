//! The business clock: timers, states, bill days and times in bodies follow it.

use askama::Template;
use http::{Method, StatusCode};
use serde_json::json;

use super::BASE;
use super::layout::{Layout, Section};
use super::respond::{PageError, PageResult, html, see_other};
use super::visit::Visit;

/// Durations that lead past a usual limit: of a code_url, of an order, of a refund.
const PRESETS: [(&str, &str, &str); 6] = [
    ("5m", "5 分钟", "5 minutes"),
    ("30m", "30 分钟", "30 minutes"),
    ("2h", "2 小时", "2 hours"),
    ("1d", "1 天", "1 day"),
    ("7d", "7 天", "7 days"),
    ("30d", "30 天", "30 days"),
];

/// The most that the page advances at once: ten years.
const MOST_DAYS: u64 = 3653;

#[derive(Template)]
#[template(path = "page/clock.html")]
struct ClockPage {
    layout: Layout,
    presets: Vec<(&'static str, &'static str)>,
}

pub(super) async fn show(visit: &Visit<'_>) -> PageResult {
    let presets =
        PRESETS.map(|(value, chinese, english)| (value, visit.language.say(chinese, english)));
    let layout = Layout::new(visit, Section::Clock, visit.say("时钟", "Clock")).await;
    html(visit, &ClockPage { layout, presets: presets.into() })
}

/// Moves the clock forward.
pub(super) async fn advance(visit: &Visit<'_>) -> PageResult {
    let by = visit.required("by")?;
    if days(by) > MOST_DAYS {
        let message = visit.say("一次最多前进十年。", "Ten years at a time are the most.");
        return Err(PageError::new(StatusCode::BAD_REQUEST, message));
    }
    visit.change(Method::POST, "/clock/advance", &json!({ "by": by })).await?;
    see_other(&format!("{BASE}/clock"), "advanced")
}

/// Returns how many days a duration such as `7d` or `2h30m` has; 0 if it is no duration.
fn days(text: &str) -> u64 {
    let mut days = 0_u64;
    let mut number = 0_u64;
    for character in text.chars() {
        match (character.to_digit(10), character) {
            (Some(digit), _) => number = number.saturating_mul(10).saturating_add(digit.into()),
            (None, 'd') => days = days.saturating_add(std::mem::take(&mut number)),
            (None, 'h') => days = days.saturating_add(std::mem::take(&mut number) / 24),
            (None, 'm' | 's') => days = days.saturating_add(std::mem::take(&mut number) / 1440),
            _ => {}
        }
    }
    days
}
