use super::field::body;
use super::node::Mapping;
use crate::model::Notification;

pub(super) fn notification(notification: &Notification) -> Mapping {
    let mut file = Mapping::default();
    file.text("title", Some(&notification.title));
    file.text("family", Some(&notification.family));
    file.texts("docs", &notification.docs);
    file.text("note", notification.note.as_deref());
    file.text("rust", notification.rust.as_deref());
    file.texts("webhooks", &notification.webhooks);
    file.texts("events", &notification.events);
    file.text("original_type", notification.original_type.as_deref());
    let mut when = Mapping::default();
    when.texts("present", &notification.condition.present);
    when.texts("absent", &notification.condition.absent);
    file.mapping("when", when);
    file.texts("ambiguous_with", &notification.ambiguous_with);
    file.push("resource", body(&notification.resource, &notification.family));
    file
}
