//! The events that the sandbox can notify of, and the names of their examples.

use crate::catalogue::Catalogue;
use crate::catalogue::model::NotificationEntry;
use crate::output::Failure;

/// The resources that are meant where several carry an event: those of a merchant without a partner.
const USUAL: [&str; 3] = ["pay/transaction", "refund/refund", "payscore/service_order"];

/// The most events in a hint.
const MOST_SIMILAR: usize = 8;

/// Returns the name of the notification that carries an event.
pub(super) fn notification(event: &str) -> Result<&'static str, Failure> {
    let known = &Catalogue::get()?.index.notifications;
    let is_it = |known: &String| known.eq_ignore_ascii_case(event);
    let carries = |entry: &&NotificationEntry| entry.events.iter().any(is_it);
    let mut carriers = known.iter().filter(carries).map(|entry| entry.name.as_str());
    let first = carriers.next().ok_or_else(|| unknown(event, known))?;
    let usual = |name: &&str| USUAL.contains(name);
    Ok(Some(first).into_iter().chain(carriers).find(usual).unwrap_or(first))
}

fn unknown(event: &str, known: &[NotificationEntry]) -> Failure {
    let similar = similar(event, known);
    let hint = match similar.is_empty() {
        true => "docs/reference lists all".to_owned(),
        false => format!("similar ones: {}", similar.join(", ")),
    };
    Failure::new(format!("`{event}` is no event that WeChat Pay notifies of; {hint}"))
}

/// Returns events that have a word of this one, those of the usual resources first.
fn similar<'a>(event: &str, known: &'a [NotificationEntry]) -> Vec<&'a str> {
    let event = event.to_ascii_uppercase();
    let words: Vec<_> = event.split(['.', '_']).filter(|word| word.len() > 2).collect();
    let is_usual = |entry: &&NotificationEntry| USUAL.contains(&entry.name.as_str());
    let (usual, others): (Vec<_>, Vec<_>) = known.iter().partition(is_usual);
    let mut similar: Vec<&str> = Vec::new();
    for event in usual.into_iter().chain(others).flat_map(|entry| &entry.events) {
        let is_new = !similar.contains(&event.as_str());
        if is_new && words.iter().any(|word| event.contains(word)) {
            similar.push(event);
        }
    }
    similar.truncate(MOST_SIMILAR);
    similar
}
