//! Merges notifications, which are found again by their webhooks.

use std::collections::BTreeMap;

use super::fields::fields;
use super::operation::{add, body};
use super::session::Session;
use crate::model::{Body, Field, Notification};

/// Merges notifications.
///
/// One descriptor may describe several webhooks, whose facts then count together. A webhook that no
/// descriptor names gets a new descriptor.
pub(super) fn merge(
    have: &mut BTreeMap<String, Notification>,
    facts: &[Notification],
    session: &mut Session,
) {
    for notification in have.values_mut() {
        let known: Vec<&Notification> =
            facts.iter().filter(|fact| is_of(notification, fact)).collect();
        if !known.is_empty() {
            session.enter(format!("{}: resource.", notification.source));
            let is_there = |name| known.iter().any(|fact| fact.webhooks.contains(name));
            session.is_partial = !notification.webhooks.iter().all(is_there);
            one(notification, &known, session);
            session.enter(format!("{}: response.", notification.source));
            responses(notification, &known, session);
            session.is_partial = false;
        }
    }
    let all: Vec<&Notification> =
        facts.iter().filter(|fact| !have.values().any(|known| is_of(known, fact))).collect();
    for fact in all {
        session.enter(fact.source.clone());
        let place = place(fact);
        if have.contains_key(&place) {
            let name = fact.webhooks.join(", ");
            session.remark(format!("the webhook `{name}` was left out: add it to a `webhooks`"));
            continue;
        }
        session.remark(format!(
            "a new notification: its place is its webhook's name, its family `{}`; \
             move it, and give it a family and a title",
            fact.family
        ));
        have.insert(place, fact.clone());
    }
}

fn is_of(have: &Notification, fact: &Notification) -> bool {
    is_same_place(have, fact) || fact.webhooks.iter().any(|name| have.webhooks.contains(name))
}

/// Whether a document of descriptors has the notification itself. Elsewhere each has a webhook's name.
pub(super) fn is_same_place(have: &Notification, fact: &Notification) -> bool {
    fact.webhooks.is_empty() && have.source == fact.source
}

fn place(notification: &Notification) -> String {
    let source = notification.source.as_str();
    let place = source.strip_prefix("notifications/").unwrap_or(source);
    place.strip_suffix(".yaml").unwrap_or(place).to_owned()
}

fn one(have: &mut Notification, facts: &[&Notification], session: &mut Session) {
    for fact in facts {
        add(&mut have.docs, &fact.docs);
        add(&mut have.events, &fact.events);
    }
    about(have, facts);
    match &mut have.resource {
        Body::Fields(have) => {
            let lists: Vec<Vec<Field>> =
                facts.iter().map(|fact| session.members(&fact.resource)).collect();
            let lists: Vec<&[Field]> = lists.iter().map(Vec::as_slice).collect();
            *have = fields(have, &lists, session);
        }
        named @ Body::Named(_) => {
            for fact in facts {
                body(named, &fact.resource, session);
            }
        }
    }
}

/// Merges the original type, the note and the response that it asks for.
///
/// What the descriptor has stays, except that newer facts replace the time limit.
fn about(have: &mut Notification, facts: &[&Notification]) {
    let mut types = facts.iter().map(|fact| &fact.original_type);
    if let Some(Some(first)) = types.next()
        && types.all(|other| other.as_ref() == Some(first))
    {
        have.original_type.get_or_insert_with(|| first.clone());
    }
    have.note = have.note.take().or_else(|| facts.iter().find_map(|fact| fact.note.clone()));
}

fn responses(have: &mut Notification, facts: &[&Notification], session: &mut Session) {
    for fact in facts.iter().filter_map(|fact| fact.response.as_ref()) {
        match &mut have.response {
            None => have.response = Some(fact.clone()),
            Some(have) => {
                body(&mut have.body, &fact.body, session);
                have.time_limit = fact.time_limit.or(have.time_limit);
                have.signed |= fact.signed;
            }
        }
    }
}
