//! What all pages have: the head, the navigation, the clock, what was done, and errors.

use askama::Template;
use bytes::Bytes;
use http::Response;
use serde_json::Value;

use super::BASE;
use super::amount::time;
use super::control_data::Clock;
use super::language::PageLanguage;
use super::respond::{PageError, asset, html};
use super::visit::Visit;

/// What a visitor looks at.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Section {
    Requests,
    Resources,
    Notifications,
    Money,
    Faults,
    Accounts,
    Clock,
    Settings,
    Connect,
}

/// An entry of the navigation.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) url: String,
    pub(super) name: &'static str,
    pub(super) is_current: bool,
}

/// The frame around a page.
#[derive(Debug)]
pub(super) struct Layout {
    pub(super) language: PageLanguage,
    pub(super) title: String,
    pub(super) section: Section,
    /// The business time.
    pub(super) now: String,
    /// What the last form did.
    pub(super) done: Option<&'static str>,
    /// This page in each language: the language, and the URL.
    pub(super) languages: Vec<(PageLanguage, String)>,
}

impl Layout {
    pub(super) async fn new(visit: &Visit<'_>, section: Section, title: &str) -> Self {
        // A page without the clock is better than none.
        let clock: Clock = visit.get("/clock").await.unwrap_or_default();
        let here = visit.here();
        let separator = if here.contains('?') { '&' } else { '?' };
        let languages = PageLanguage::ALL.into_iter();
        let at = |it: PageLanguage| (it, format!("{here}{separator}lang={}", it.code()));
        Self {
            language: visit.language,
            title: title.to_owned(),
            section,
            now: time(&clock.now),
            done: visit.queried("done").and_then(|done| outcome(visit, done)),
            languages: languages.map(at).collect(),
        }
    }

    pub(super) fn say<'t>(&self, chinese: &'t str, english: &'t str) -> &'t str {
        self.language.say(chinese, english)
    }

    pub(super) fn navigation(&self) -> Vec<Entry> {
        let entries = [
            (Section::Requests, "/requests", "请求", "Requests"),
            (Section::Resources, "/resources", "订单与业务单", "Orders and more"),
            (Section::Notifications, "/notifications", "回调通知", "Notifications"),
            (Section::Money, "/money", "资金流水", "Money"),
            (Section::Faults, "/faults", "故障与预设应答", "Faults"),
            (Section::Accounts, "/accounts", "商户与密钥", "Keys"),
            (Section::Clock, "/clock", "时钟", "Clock"),
            (Section::Settings, "/settings", "设置", "Settings"),
            (Section::Connect, "/connect", "接入", "Connect"),
        ];
        let entry = |(section, path, chinese, english)| Entry {
            url: format!("{BASE}{path}"),
            name: self.language.say(chinese, english),
            is_current: section == self.section,
        };
        entries.map(entry).into()
    }
}

/// Returns the text of what a form did. Unknown ones are ignored: the URL may be from anywhere.
fn outcome(visit: &Visit<'_>, done: &str) -> Option<&'static str> {
    let (chinese, english) = match done {
        "event" => ("已触发。", "Done."),
        "created" => ("已创建。", "Created."),
        "sent" => ("已再次发送，结果见下方。", "Sent again. The result is below."),
        "fault" => {
            ("已注入，下一次匹配的请求会遇到它。", "Injected. The next request that fits meets it.")
        }
        "planned" => ("已预设。", "Planned."),
        "cleared" => ("已清除。", "Cleared."),
        "account" => ("已添加商户。", "The account was added."),
        "mode" => ("已切换。", "Switched."),
        "issued" => (
            "已签发新证书，尚未用于签名。",
            "The new certificate was issued. It does not sign yet.",
        ),
        "signer" => ("现在用此证书签名。", "This certificate signs now."),
        "withdrawn" => ("证书已撤下。", "The certificate was withdrawn."),
        "rotation" => (
            "已开始轮换：新证书已列出，稍后用于签名。",
            "The rotation began: the new certificate is listed, and signs soon.",
        ),
        "apiv3" => ("APIv3 密钥已重置。", "The APIv3 key was reset."),
        "advanced" => ("时钟已前进。", "The clock was advanced."),
        "saved" => ("已保存。", "Saved."),
        "reset" => {
            ("沙箱已清空，商户与密钥保留。", "Everything was forgotten but accounts and keys.")
        }
        _ => return None,
    };
    Some(match visit.language {
        PageLanguage::Chinese => chinese,
        PageLanguage::English => english,
    })
}

#[derive(Template)]
#[template(path = "page/failure.html")]
struct FailurePage {
    layout: Layout,
    message: String,
    detail: Option<String>,
    status: u16,
}

/// Shows an error, with the status that it has.
pub(super) async fn failure(visit: &Visit<'_>, error: &PageError) -> Response<Bytes> {
    let title = visit.say("无法完成", "This did not work");
    let layout = Layout::new(visit, Section::Requests, title).await;
    let detail = match &error.detail {
        Value::Null => None,
        detail => serde_json::to_string_pretty(detail).ok(),
    };
    let page = FailurePage {
        layout,
        message: error.message.clone(),
        detail,
        status: error.status.as_u16(),
    };
    let mut response = html(visit, &page)
        .unwrap_or_else(|_| asset("text/plain; charset=utf-8", "the page was not written\n"));
    *response.status_mut() = error.status;
    response
}
