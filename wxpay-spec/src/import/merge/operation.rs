//! Merges operations.

use super::fields::fields;
use super::session::{AGREES, Session};
use crate::import::UNTITLED;
use crate::model::{Body, ErrorCode, Field, FieldType, Input, Operation, Response, Upload};

/// The media type of any bytes, which says nothing.
const ANY_MEDIA: &str = "application/octet-stream";

/// Merges the facts of one operation into its descriptor, without its retry rule and its note.
pub(super) fn merge(have: &mut Operation, facts: &Operation, session: &mut Session) {
    if have.corrects.is_none() {
        about(have, facts);
    } else if facts.corrects.is_none() && agrees(have, facts) {
        session.outdated(AGREES);
    }
    have.note = have.note.take().or_else(|| facts.note.clone());
    members("path", &mut have.path, &facts.path, session);
    members("query", &mut have.query, &facts.query, session);
    members("header", &mut have.header, &facts.header, session);
    input(&mut have.input, &facts.input, session);
    errors(&mut have.errors, &facts.errors);
    session.below("response", |session| response(&mut have.response, &facts.response, session));
}

/// Merges the facts about the whole operation.
fn about(have: &mut Operation, facts: &Operation) {
    if facts.title != UNTITLED {
        have.title.clone_from(&facts.title);
    }
    add(&mut have.docs, &facts.docs);
    replace(&mut have.roles, &facts.roles);
    have.updated = facts.updated.clone().or(have.updated.take());
    have.deprecated = have.deprecated.take().or_else(|| facts.deprecated.clone());
}

/// Whether the facts agree with the descriptor. A missing fact does not agree.
fn agrees(have: &Operation, facts: &Operation) -> bool {
    have.title == facts.title
        && facts.docs.iter().all(|page| have.docs.contains(page))
        && have.roles == facts.roles
        && have.updated == facts.updated
        && have.deprecated.is_some() == facts.deprecated.is_some()
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
        (Input::None, facts) => *have = facts.clone(),
        _ => session.remark("the import has another kind of request body: the one here stays"),
    }
}

fn upload(have: &mut Upload, facts: &Upload, session: &mut Session) {
    members("meta", &mut have.meta, &facts.meta, session);
    if session.is_whole {
        have.file.clone_from(&facts.file);
    } else if have.file != facts.file {
        session.remark(format!("the page calls the file `{}`: `{}` stays", facts.file, have.file));
    }
    members("parts", &mut have.parts, &facts.parts, session);
}

/// Merges the response. A page gives no statuses, so it cannot contradict them.
fn response(have: &mut Response, facts: &Response, session: &mut Session) {
    let is_whole = session.is_whole;
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
        (Response::None { .. }, facts) => *have = facts.clone(),
        _ => session.remark("the import has another kind of response: the one here stays"),
    }
}

/// Merges the statuses. A document with fewer of them removes none.
fn statuses(have: &mut Vec<u16>, facts: &[u16]) {
    if !facts.iter().all(|fact| have.contains(fact)) {
        *have = facts.to_vec();
    }
}

/// Appends new error codes.
fn errors(have: &mut Vec<ErrorCode>, facts: &[ErrorCode]) {
    for fact in facts {
        if !have.iter().any(|known| known.code == fact.code) {
            have.push(fact.clone());
        }
    }
}

/// Merges the members of a body, or collects facts about the type that it names.
pub(super) fn body(have: &mut Body, facts: &Body, session: &mut Session) {
    match (&mut *have, facts) {
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
