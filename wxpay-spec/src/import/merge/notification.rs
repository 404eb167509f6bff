use std::collections::BTreeMap;

use super::fields::fields;
use super::operation::{add, body};
use super::session::Session;
use crate::model::{Body, Field, Notification};

/// Brings notifications in. One descriptor may stand for several webhooks, whose facts then count
/// together; a webhook that no descriptor names gets a descriptor of its own.
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
            one(notification, &known, session);
        }
    }
    let all: Vec<&Notification> =
        facts.iter().filter(|fact| !have.values().any(|known| is_of(known, fact))).collect();
    for fact in all {
        session.enter(fact.source.clone());
        session.remark("a new notification: give it a family, a place and a title");
        have.insert(place(fact), fact.clone());
    }
}

fn is_of(have: &Notification, fact: &Notification) -> bool {
    fact.webhooks.iter().any(|name| have.webhooks.contains(name))
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
    let lists: Vec<&[Field]> = facts.iter().filter_map(|fact| members(fact)).collect();
    match &mut have.resource {
        Body::Fields(have) => *have = fields(have, &lists, session),
        named @ Body::Named(_) => {
            for fact in facts {
                body(named, &fact.resource, session);
            }
        }
    }
}

fn members(notification: &Notification) -> Option<&[Field]> {
    match &notification.resource {
        Body::Fields(fields) => Some(fields),
        Body::Named(_) => None,
    }
}
