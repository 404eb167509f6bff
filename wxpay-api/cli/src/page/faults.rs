//! Faults: what the next exchange, or the next notification, meets.

use askama::Template;
use http::{Method, StatusCode};
use serde_json::{Map, Value, json};

use super::BASE;
use super::control_data::{Fault, FaultList, Planned, PlannedList};
use super::layout::{Layout, Section};
use super::respond::{PageError, PageResult, html, see_other};
use super::visit::Visit;

/// A fault that can be injected, with the members that it takes.
#[derive(Debug)]
pub(super) struct FaultKind {
    pub(super) name: &'static str,
    chinese: &'static str,
    english: &'static str,
    pub(super) members: &'static [&'static str],
}

/// A field of the form: a member, its usual value, and the faults that take it.
#[derive(Debug)]
pub(super) struct FaultField {
    pub(super) name: &'static str,
    pub(super) usual: &'static str,
    pub(super) label: &'static str,
    pub(super) of: String,
}

const fn kind(
    name: &'static str,
    chinese: &'static str,
    english: &'static str,
    members: &'static [&'static str],
) -> FaultKind {
    FaultKind { name, chinese, english, members }
}

const KINDS: [FaultKind; 20] = [
    kind(
        "signature-probe",
        "签名探测流量（WECHATPAY/SIGNTEST/）",
        "signature probe (WECHATPAY/SIGNTEST/)",
        &[],
    ),
    kind("signature-other-body", "签名对应另一个应答主体", "signature of another body", &[]),
    kind("signature-without", "缺少一个签名 HTTP 头", "a signature header is missing", &["header"]),
    kind("signature-unknown-serial", "未知的证书序列号", "unknown serial number", &[]),
    kind("signature-other-key", "用另一把密钥签名", "signed with another key", &[]),
    kind("signature-clock", "签名时间戳偏移", "timestamp off by seconds", &["seconds"]),
    kind("signature-nonce-length", "随机串长度", "nonce of another length", &["length"]),
    kind("signature-type", "另一种签名类型", "another signature type", &["scheme"]),
    kind("html", "返回 HTML 错误页", "an HTML error page", &["status", "signed"]),
    kind("garbage", "返回乱码", "garbage instead of HTTP", &["length"]),
    kind("invalid-utf8", "应答不是 UTF-8", "a body that is not UTF-8", &[]),
    kind("truncated-body", "应答主体被截断", "a truncated body", &[]),
    kind("drip", "应答一点一点到达", "a response that drips", &["length", "pause"]),
    kind("redirect", "重定向", "a redirect", &["location"]),
    kind("unavailable", "服务不可用", "service unavailable", &["status", "retry_after"]),
    kind("close-before-reading", "读取请求前关闭连接", "closed before the request is read", &[]),
    kind("close-after-reading", "读取请求后关闭连接", "closed after the request was read", &[]),
    kind("reset-before-reading", "读取请求前重置连接", "reset before the request is read", &[]),
    kind("reset-after-reading", "读取请求后重置连接", "reset after the request was read", &[]),
    kind("delay", "延迟应答", "a late response", &["pause"]),
];

/// The faults of notifications, beside those of signatures.
const NOTIFICATION_KINDS: [FaultKind; 4] = [
    kind("by-certificate", "改用平台证书签名", "signed by the platform certificate", &[]),
    kind("lost", "通知丢失", "the notification is lost", &[]),
    kind("acknowledgement-lost", "应答丢失", "the acknowledgement is lost", &[]),
    kind("delay", "延迟通知", "a late notification", &["pause"]),
];

/// The fields with their usual values and labels.
const FIELDS: [(&str, &str, &str, &str); 9] = [
    ("header", "Wechatpay-Nonce", "缺少的 HTTP 头", "Missing header"),
    ("seconds", "-600", "偏移（秒）", "Seconds off"),
    ("length", "64", "长度（字节）", "Length (bytes)"),
    ("scheme", "WECHATPAY2-UNKNOWN", "签名类型", "Signature type"),
    ("status", "502", "HTTP 状态码", "HTTP status"),
    ("signed", "", "已签名", "Signed"),
    ("location", "https://api.mch.weixin.qq.com/elsewhere", "重定向地址", "Location"),
    ("retry_after", "30", "Retry-After（秒）", "Retry-After (seconds)"),
    ("pause", "3s", "停顿时长", "Pause"),
];

#[derive(Template)]
#[template(path = "page/faults.html")]
struct FaultsPage {
    layout: Layout,
    faults: Vec<Fault>,
    kinds: Vec<(&'static str, &'static str)>,
    fields: Vec<FaultField>,
    planned: Vec<Planned>,
    /// Faults of notifications, if the sandbox has them.
    notification_faults: Option<Vec<Fault>>,
    notification_kinds: Vec<(&'static str, &'static str)>,
    notification_fields: Vec<FaultField>,
}

impl FaultKind {
    fn label(&self, visit: &Visit<'_>) -> (&'static str, &'static str) {
        (self.name, static_text(visit, self.chinese, self.english))
    }
}

fn static_text(visit: &Visit<'_>, chinese: &'static str, english: &'static str) -> &'static str {
    visit.language.say(chinese, english)
}

/// Returns the faults of notifications.
fn notification_kinds() -> impl Iterator<Item = &'static FaultKind> {
    let signatures = KINDS.iter().filter(|kind| kind.name.starts_with("signature-"));
    NOTIFICATION_KINDS.iter().chain(signatures)
}

/// Returns the fields that some of these faults take.
fn fields<'a>(
    visit: &Visit<'_>,
    kinds: impl Iterator<Item = &'a FaultKind> + Clone,
) -> Vec<FaultField> {
    let field = |(name, usual, chinese, english): (&'static str, &'static str, _, _)| {
        let takers = kinds.clone().filter(|kind| kind.members.contains(&name)).map(|it| it.name);
        let of = takers.collect::<Vec<_>>().join(" ");
        FaultField { name, usual, label: static_text(visit, chinese, english), of }
    };
    FIELDS.into_iter().map(field).filter(|field| !field.of.is_empty()).collect()
}

pub(super) async fn list(visit: &Visit<'_>) -> PageResult {
    let FaultList { faults } = visit.get("/faults").await?;
    let PlannedList { responses } = visit.get("/responses").await?;
    let of_notifications = match visit.get::<FaultList>("/notifications/faults").await {
        Ok(list) => Some(list.faults),
        Err(error) if error.status == StatusCode::NOT_FOUND => None,
        Err(error) => return Err(error),
    };
    let title = visit.say("故障与预设应答", "Faults and planned responses");
    let page = FaultsPage {
        layout: Layout::new(visit, Section::Faults, title).await,
        faults,
        kinds: KINDS.iter().map(|kind| kind.label(visit)).collect(),
        fields: fields(visit, KINDS.iter()),
        planned: responses,
        notification_faults: of_notifications,
        notification_kinds: notification_kinds().map(|kind| kind.label(visit)).collect(),
        notification_fields: fields(visit, notification_kinds().collect::<Vec<_>>().into_iter()),
    };
    html(visit, &page)
}

/// Injects a fault into the next exchange.
pub(super) async fn add(visit: &Visit<'_>) -> PageResult {
    let name = visit.required("fault")?;
    let kind = KINDS.iter().find(|kind| kind.name == name);
    let mut body = members(visit, kind.ok_or_else(|| unknown(visit))?)?;
    if visit.field("unexecuted").is_some() {
        body.insert("unexecuted".to_owned(), true.into());
    }
    for member in ["method", "path"] {
        if let Some(value) = visit.field(member).filter(|_| visit.field("path").is_some()) {
            body.insert(member.to_owned(), value.into());
        }
    }
    visit.change(Method::POST, "/faults", &Value::Object(body)).await?;
    see_other(&format!("{BASE}/faults"), "fault")
}

/// Injects a fault into the next notification.
pub(super) async fn add_to_notification(visit: &Visit<'_>) -> PageResult {
    let name = visit.required("fault")?;
    let kind = notification_kinds().find(|kind| kind.name == name);
    let mut body = members(visit, kind.ok_or_else(|| unknown(visit))?)?;
    if let Some(event_type) = visit.field("event_type") {
        body.insert("event_type".to_owned(), event_type.into());
    }
    visit.change(Method::POST, "/notifications/faults", &Value::Object(body)).await?;
    see_other(&format!("{BASE}/faults"), "fault")
}

pub(super) async fn clear(visit: &Visit<'_>) -> PageResult {
    visit.change(Method::DELETE, "/faults", &json!({})).await?;
    see_other(&format!("{BASE}/faults"), "cleared")
}

pub(super) async fn clear_of_notifications(visit: &Visit<'_>) -> PageResult {
    visit.change(Method::DELETE, "/notifications/faults", &json!({})).await?;
    see_other(&format!("{BASE}/faults"), "cleared")
}

/// Reads the members that a fault takes. Others are left out, so that a form may have all of them.
fn members(visit: &Visit<'_>, kind: &FaultKind) -> Result<Map<String, Value>, PageError> {
    let mut members = Map::from_iter([("fault".to_owned(), Value::from(kind.name))]);
    for name in kind.members {
        let Some(text) = visit.field(name) else { continue };
        let value = match *name {
            "header" | "scheme" | "location" | "pause" => Value::from(text),
            "signed" => Value::from(true),
            _ => whole_number(visit, name, text)?,
        };
        members.insert((*name).to_owned(), value);
    }
    Ok(members)
}

/// Reads a whole number of a form.
pub(super) fn whole_number(visit: &Visit<'_>, name: &str, text: &str) -> Result<Value, PageError> {
    text.parse::<i64>().map(Value::from).map_err(|_| {
        let problem = visit.say("应为整数", "must be a whole number");
        PageError::new(StatusCode::BAD_REQUEST, format!("{name}: {problem}"))
    })
}

fn unknown(visit: &Visit<'_>) -> PageError {
    let message = visit.say("没有这种故障。", "There is no such fault.");
    PageError::new(StatusCode::BAD_REQUEST, message)
}
