use super::hand_chosen;
use super::operation::body;
use crate::cursor::Cursor;
use crate::model::{Condition, Notification};

/// A file below `notifications/`.
pub(crate) fn notification(at: &Cursor<'_>) -> Notification {
    let family = at.text_of("family").unwrap_or_default();
    Notification {
        source: at.file().to_owned(),
        title: at.text_of("title").unwrap_or_default(),
        docs: at.texts_of("docs"),
        note: at.text_of("note"),
        rust: hand_chosen(at, "rust"),
        webhooks: at.texts_of("webhooks"),
        events: at.texts_of("events"),
        original_type: at.text_of("original_type"),
        condition: at.get("when").map(|when| condition(&when)).unwrap_or_default(),
        ambiguous_with: at.texts_of("ambiguous_with"),
        resource: body(at, "resource", &family),
        family,
    }
}

fn condition(at: &Cursor<'_>) -> Condition {
    Condition { present: at.texts_of("present"), absent: at.texts_of("absent") }
}
