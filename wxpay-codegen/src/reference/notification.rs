//! Writes the page of a notification.

use wxpay_spec::model::{Condition, Direction, NotificationResponse};

use super::page::{self, Pages, fact, footer, mark, official, remark};
use super::subject::{NotificationPage, Subject};
use super::table::{self, Rows};
use crate::ir::{Layout, Source};
use crate::lower;
use crate::markdown::{code, inline};

pub(super) fn page(
    pages: &Pages<'_>,
    subject: &Subject<'_>,
    notification: &NotificationPage<'_>,
    sample: &str,
) -> String {
    let mut rows = Rows::new(*pages);
    let described = notification.described;
    let heading = "Resource · 解密后的通知参数";
    [
        mark(&Source::One(described.source.clone())),
        format!("# {}\n\nNotification {}\n\n", inline(&described.title), code(notification.place)),
        facts(pages, subject, notification),
        remark(described.note.as_ref()),
        table::body(&mut rows, heading, "", &described.resource, Direction::Response),
        response(&mut rows, described.response.as_ref()),
        rust(notification, sample),
        footer(&subject.path),
    ]
    .concat()
}

fn facts(pages: &Pages<'_>, subject: &Subject<'_>, notification: &NotificationPage<'_>) -> String {
    let described = notification.described;
    let original_type = described.original_type.as_deref().map(code).unwrap_or_default();
    [
        fact("Events · 通知类型", &codes(&described.events)),
        fact("Original type · 原始回调类型", &original_type),
        fact("Condition · 区分条件", &condition(&described.condition)),
        fact("Ambiguous with · 无法区分", &ambiguous(pages, subject, notification)),
        fact("Product · 产品", &lower::product(pages.spec, subject.family, Layout::Library)),
        official(&described.docs),
    ]
    .concat()
}

/// The response that the notification asks for.
fn response<'a>(rows: &mut Rows<'a>, response: Option<&'a NotificationResponse>) -> String {
    let Some(response) = response else { return String::new() };
    let limit = response
        .time_limit
        .map(|seconds| format!("WeChat Pay waits {seconds} s · 须在 {seconds} 秒内应答。"));
    let signed = response.signed.then(|| {
        "The response must be signed with the merchant's key · 应答须用商户私钥签名。".to_owned()
    });
    let mut intro = vec![
        "This notification asks for a JSON response · 此通知要求商户返回 JSON 应答。".to_owned(),
    ];
    intro.extend(limit);
    intro.extend(signed);
    let intro = format!("{}\n\n", intro.join(" "));
    table::body(rows, "Response · 商户应答参数", &intro, &response.body, Direction::Request)
}

/// The condition as text.
fn condition(condition: &Condition) -> String {
    let present = (!condition.present.is_empty())
        .then(|| format!("the resource has · 通知参数中有 {}", codes(&condition.present)));
    let absent = (!condition.absent.is_empty()).then(|| {
        format!("the resource does not have · 通知参数中没有 {}", codes(&condition.absent))
    });
    present.into_iter().chain(absent).collect::<Vec<_>>().join("; ")
}

fn ambiguous(
    pages: &Pages<'_>,
    subject: &Subject<'_>,
    notification: &NotificationPage<'_>,
) -> String {
    let links = notification.described.ambiguous_with.iter().map(|other| {
        let Some(described) = pages.spec.notifications.get(other) else {
            return code(other);
        };
        let link = page::link(&subject.path, &page::of_notification(other));
        format!("[{}]({link})", inline(&described.title))
    });
    links.collect::<Vec<_>>().join(", ")
}

fn codes(texts: &[String]) -> String {
    texts.iter().map(|text| code(text)).collect::<Vec<_>>().join(", ")
}

fn rust(notification: &NotificationPage<'_>, sample: &str) -> String {
    let variant = &notification.lowered.name;
    format!(
        "\n## Rust · 示例代码\n\n```rust\n{sample}```\n\n`wx` is a `Client`; `headers` and `body` come from the \
         HTTP request. If one address receives several kinds of notification, `event()` returns \
         `Event::{variant}`.\n"
    )
}
