//! The events that the sandbox can notify of, and the names of their examples.

/// An event and the name of a notification in each line. If several carry an event, the usual one comes first.
const EVENTS: &str = include_str!("events.txt");

/// Returns the name of the notification that carries an event.
pub(super) fn notification(event: &str) -> Option<&'static str> {
    pairs().find(|(known, _)| known.eq_ignore_ascii_case(event)).map(|(_, name)| name)
}

/// Returns events that have a word of this one.
pub(super) fn similar(event: &str) -> Vec<&'static str> {
    let event = event.to_ascii_uppercase();
    let words: Vec<_> = event.split(['.', '_']).filter(|word| word.len() > 2).collect();
    let mut similar: Vec<_> = pairs().map(|(known, _)| known).collect();
    similar.retain(|known| words.iter().any(|word| known.contains(word)));
    similar.dedup();
    similar.truncate(8);
    similar
}

fn pairs() -> impl Iterator<Item = (&'static str, &'static str)> {
    EVENTS.lines().filter_map(|line| line.split_once(' '))
}
