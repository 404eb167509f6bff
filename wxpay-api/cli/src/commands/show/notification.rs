//! Shows a notification: its events and its resource.

use super::{fields, operation};
use crate::catalogue::example;
use crate::catalogue::model::{NotificationFacts, Part};
use crate::language::Language;
use crate::output::Failure;
use crate::terminal::{HEADING, NAME, Page, styled};

pub(super) fn write(
    page: &mut Page,
    language: Language,
    facts: &NotificationFacts,
    part: &Part,
) -> Result<(), Failure> {
    page.line(styled(HEADING, &facts.title));
    let name = styled(NAME, &facts.name);
    page.line(format!("{} {name}", language.pick("通知", "Notification")));
    page.line("");
    page.fact(language.pick("通知类型", "Events"), &facts.events.join(", "));
    for docs in &facts.docs {
        page.fact(language.pick("官方文档", "Docs"), docs);
    }
    let note = language.note(facts.note.as_ref());
    if !note.is_empty() {
        page.line("");
        page.text(0, note);
    }
    let heading = language.pick("解密后的通知参数", "Resource, decrypted");
    fields::body(page, language, part, heading, &facts.resource);
    if let Some(response) = &facts.response {
        let heading = language.pick("应答参数", "Response of the merchant");
        fields::body(page, language, part, heading, response);
    }
    if let Some(seconds) = facts.time_limit {
        page.line("");
        page.fact(language.pick("时限", "Time limit"), &format!("{seconds} s"));
    }
    page.heading(language.pick("示例", "Example"));
    operation::pretty(page, &example::of_schema(part, &facts.resource))?;
    page.heading("Rust");
    facts.sample.lines().for_each(|line| page.line(line));
    Ok(())
}
