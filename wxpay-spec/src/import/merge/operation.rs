//! Merges operations.

use std::collections::BTreeSet;

use super::correction;
use super::fields::fields;
use super::session::{FactSource, Session};
use crate::import::UNTITLED;
use crate::model::{
    Body, ErrorCode, Field, FieldType, Idempotency, Input, Operation, OperationFact, Response,
    Upload,
};
use crate::rust_name::field_name;

/// The media type of any bytes, which says nothing.
const ANY_MEDIA: &str = "application/octet-stream";

/// Merges the facts of one operation into its descriptor, without its retry rule and its note.
pub(super) fn merge(have: &mut Operation, facts: &Operation, session: &mut Session) {
    session.natural_keys = natural_key(have).into_iter().collect();
    if session.is_page() {
        of_page(have, facts);
    } else {
        if facts.corrects.is_none() {
            let differs = |fact: &OperationFact| !agrees_about(*fact, have, facts);
            correction::tell(have.corrects.as_ref(), differs, session);
        }
        about(have, facts);
    }
    have.note = have.note.take().or_else(|| facts.note.clone());
    let elsewhere = session.is_page().then(|| without_misplaced(have, facts, session));
    let facts = elsewhere.as_ref().unwrap_or(facts);
    members("path", &mut have.path, &facts.path, session);
    members("query", &mut have.query, &facts.query, session);
    members("header", &mut have.header, &facts.header, session);
    input(&mut have.input, &facts.input, session);
    errors(&mut have.errors, &facts.errors);
    session.below("response", |session| response(&mut have.response, &facts.response, session));
    session.natural_keys.clear();
}

/// The member by which WeChat Pay recognises a retry.
pub(super) fn natural_key(operation: &Operation) -> Option<String> {
    match &operation.idempotency {
        Idempotency::NaturalKey(key) => Some(key.clone()),
        Idempotency::Safe | Idempotency::Never => None,
    }
}

/// Adds what a page says about the whole operation, where nothing is known.
fn of_page(have: &mut Operation, facts: &Operation) {
    if have.title == UNTITLED && !have.keeps(OperationFact::Title) {
        have.title.clone_from(&facts.title);
    }
    if !have.keeps(OperationFact::Docs) {
        for page in &facts.docs {
            add_page(&mut have.docs, page);
        }
    }
    if !have.keeps(OperationFact::Deprecated) {
        have.deprecated = have.deprecated.take().or_else(|| facts.deprecated.clone());
    }
}

/// Adds an official page behind the others of its style. Both hosts have the same pages.
fn add_page(have: &mut Vec<String>, page: &str) {
    let place = |url: &str| url.splitn(4, '/').nth(3).map(str::to_owned);
    if have.iter().any(|known| place(known) == place(page)) {
        return;
    }
    let age = |url: &str| (!url.contains("/wiki/doc/"), url.contains("/doc/v3/"));
    let behind = have.iter().rposition(|known| age(known) <= age(page));
    have.insert(behind.map_or(0, |at| at + 1), page.to_owned());
}

/// Leaves out members that a page has at another place of the request than the descriptor.
fn without_misplaced(have: &Operation, facts: &Operation, session: &mut Session) -> Operation {
    let mut facts = facts.clone();
    let names = |fields: &[Field]| {
        let both = fields.iter().flat_map(|field| [field_name(field), field.name.clone()]);
        both.collect::<BTreeSet<_>>()
    };
    let body = match &have.input {
        Input::Json(Body::Fields(fields)) => ("request", names(fields)),
        Input::Upload(upload) => {
            let parts = names(&upload.parts).into_iter();
            ("upload", names(&upload.meta).into_iter().chain(parts).collect())
        }
        Input::Json(Body::Named(_)) | Input::None => ("request", BTreeSet::new()),
    };
    let known = [("query", names(&have.query)), ("header", names(&have.header)), body];
    let mut keep = |own: &str, fields: &mut Vec<Field>| {
        fields.retain(|field| {
            let name = field_name(field);
            let is_known = |(key, names): &&(&str, BTreeSet<String>)| {
                *key != own && (names.contains(&name) || names.contains(&field.name))
            };
            let other = known.iter().find(is_known);
            if let Some((key, _)) = other {
                session.below(&field.name, |session| {
                    session.remark(format!("the page has it in `{own}`: it stays in `{key}`"));
                });
            }
            other.is_none()
        });
    };
    keep("query", &mut facts.query);
    keep("header", &mut facts.header);
    match &mut facts.input {
        Input::Json(Body::Fields(fields)) => keep("request", fields),
        Input::Upload(upload) => {
            keep("upload", &mut upload.meta);
            keep("upload", &mut upload.parts);
        }
        Input::Json(Body::Named(_)) | Input::None => {}
    }
    facts
}

/// Merges the facts about the whole operation, except those that the descriptor corrects.
fn about(have: &mut Operation, facts: &Operation) {
    if facts.title != UNTITLED && !have.keeps(OperationFact::Title) {
        have.title.clone_from(&facts.title);
    }
    if !have.keeps(OperationFact::Docs) {
        add(&mut have.docs, &facts.docs);
    }
    if !have.keeps(OperationFact::Roles) {
        replace(&mut have.roles, &facts.roles);
    }
    if !have.keeps(OperationFact::Updated) {
        have.updated = facts.updated.clone().or(have.updated.take());
    }
    if !have.keeps(OperationFact::Deprecated) {
        have.deprecated = have.deprecated.take().or_else(|| facts.deprecated.clone());
    }
}

/// Whether the facts agree with the descriptor. A missing fact does not agree.
fn agrees_about(fact: OperationFact, have: &Operation, facts: &Operation) -> bool {
    match fact {
        OperationFact::Title => have.title == facts.title,
        OperationFact::Docs => facts.docs.iter().all(|page| have.docs.contains(page)),
        OperationFact::Roles => have.roles == facts.roles,
        OperationFact::Updated => have.updated == facts.updated,
        OperationFact::Deprecated => have.deprecated.is_some() == facts.deprecated.is_some(),
    }
}

/// Adds facts to a list. Entries that the facts lack stay.
pub(super) fn add(have: &mut Vec<String>, facts: &[String]) {
    if have.iter().all(|known| facts.contains(known)) {
        *have = facts.to_vec();
    }
    for fact in facts {
        if !have.contains(fact) {
            have.push(fact.clone());
        }
    }
}

fn replace<T: Clone>(have: &mut Vec<T>, facts: &[T]) {
    if !facts.is_empty() {
        *have = facts.to_vec();
    }
}

fn members(key: &str, have: &mut Vec<Field>, facts: &[Field], session: &mut Session) {
    *have = session.below(key, |session| fields(have, &[facts], session));
}

fn input(have: &mut Input, facts: &Input, session: &mut Session) {
    match (&mut *have, facts) {
        (Input::Json(have), Input::Json(facts)) => {
            session.below("request", |session| body(have, facts, session));
        }
        (Input::Upload(have), Input::Upload(facts)) => {
            session.below("upload", |session| upload(have, facts, session));
        }
        (_, Input::None) if session.is_page() => {}
        (Input::None, Input::Json(Body::Fields(facts))) if session.is_page() => {
            let new = session.below("request", |session| fields(&[], &[facts], session));
            *have = Input::Json(Body::Fields(new));
        }
        (Input::None, facts) if !session.is_page() => *have = facts.clone(),
        _ => session.remark("the import has another kind of request body: the one here stays"),
    }
}

fn upload(have: &mut Upload, facts: &Upload, session: &mut Session) {
    let computes = have.meta.iter().any(|own| own.computed.is_some());
    let is_known = |fact: &Field| {
        !computes || fact.computed.is_none() || have.meta.iter().any(|own| own.name == fact.name)
    };
    // The client computes the digest and the name once, whatever a page calls them.
    let meta: Vec<Field> = match session.is_page() {
        true => facts.meta.iter().filter(|fact| is_known(fact)).cloned().collect(),
        false => facts.meta.clone(),
    };
    members("meta", &mut have.meta, &meta, session);
    if session.source == FactSource::Document {
        have.file.clone_from(&facts.file);
    } else if have.file != facts.file {
        session.remark(format!("the page calls the file `{}`: `{}` stays", facts.file, have.file));
    }
    members("parts", &mut have.parts, &facts.parts, session);
}

/// Merges the response. A page gives no statuses, so it cannot contradict them.
fn response(have: &mut Response, facts: &Response, session: &mut Session) {
    let is_whole = session.source == FactSource::Document;
    match (&mut *have, facts) {
        (
            Response::Json { statuses, body: have },
            Response::Json { statuses: fact, body: facts },
        ) => {
            if is_whole {
                self::statuses(statuses, fact);
            }
            body(have, facts, session);
        }
        // The facts do not say what proves the integrity of a download.
        (Response::Download(have), Response::Download(facts)) => {
            if facts.media != [ANY_MEDIA] {
                have.media.clone_from(&facts.media);
            }
        }
        (Response::None { statuses }, Response::None { statuses: fact }) => {
            if is_whole {
                self::statuses(statuses, fact);
            }
        }
        // A page without a response may only not describe it.
        (_, Response::None { .. }) if session.is_page() => {}
        (Response::None { .. }, facts) if !session.is_page() => *have = facts.clone(),
        _ => session.remark("the import has another kind of response: the one here stays"),
    }
}

/// Merges the statuses. A document with fewer of them removes none.
fn statuses(have: &mut Vec<u16>, facts: &[u16]) {
    if !facts.iter().all(|fact| have.contains(fact)) {
        *have = facts.to_vec();
    }
}

/// Appends new error codes, and completes known ones. What a person wrote about a code stays.
fn errors(have: &mut Vec<ErrorCode>, facts: &[ErrorCode]) {
    for fact in facts {
        match have.iter_mut().find(|known| known.code == fact.code) {
            Some(known) => {
                known.status = known.status.or(fact.status);
                known.when = known.when.take().or_else(|| fact.when.clone());
                known.source = known.source.into_iter().chain(fact.source).min();
            }
            None => have.push(fact.clone()),
        }
    }
}

/// Merges the members of a body, or collects facts about the type that it names.
pub(super) fn body(have: &mut Body, facts: &Body, session: &mut Session) {
    match (&mut *have, facts) {
        // An object of unknown members says nothing about known ones.
        (_, Body::Fields(facts)) if facts.is_empty() => {}
        // The facts about a declared type are merged under its name.
        (Body::Named(id), Body::Named(fact)) if id == fact => {}
        (Body::Fields(have), facts) => {
            let facts = session.members(facts);
            *have = fields(have, &[&facts], session);
        }
        (Body::Named(id), facts) => {
            let facts = session.members(facts);
            session.collect(id, &[&FieldType::Object(facts)]);
        }
    }
}
