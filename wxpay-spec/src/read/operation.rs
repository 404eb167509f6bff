//! Reads operations and bodies.

use super::field::fields;
use super::{corrects, note, type_id};
use crate::cursor::Cursor;
use crate::model::{
    Body, Download, ErrorCode, ErrorSource, Field, Idempotency, Input, Integrity, Method,
    Operation, PageInput, Paging, Response, Role, Upload,
};

pub(super) fn operation(at: &Cursor<'_>, method: Method, family: &str) -> Operation {
    let members = |key| members(at, key, family);
    Operation {
        title: at.text_of("title").unwrap_or_default(),
        docs: at.texts_of("docs"),
        roles: roles(at),
        updated: at.text_of("updated"),
        deprecated: at.text_of("deprecated"),
        note: note(at),
        corrects: corrects(at),
        idempotency: idempotency(at, method),
        updates: at.get("effect").is_some(),
        path: members("path"),
        query: members("query"),
        header: members("header"),
        input: input(at, family),
        keeps_closure: at.text_of("closure").as_deref() == Some("kept"),
        response: response(at, family),
        pages: at.get("pages").as_ref().and_then(paging),
        errors: at.get("errors").map(|errors| error_codes(&errors)).unwrap_or_default(),
    }
}

fn paging(at: &Cursor<'_>) -> Option<Paging> {
    let number = || at.get("first").and_then(|first| number(&first)).map_or(0, i64::from);
    let by = if let Some(input) = at.text_of("token") {
        PageInput::Token { input, next: at.text_of("next")? }
    } else if let Some(input) = at.text_of("page") {
        PageInput::Number { input, first: number() }
    } else {
        PageInput::Offset(at.text_of("offset")?)
    };
    let (limit, total) = (at.text_of("limit"), at.text_of("total"));
    Some(Paging { items: at.text_of("items")?, by, limit, total })
}

fn error_codes(at: &Cursor<'_>) -> Vec<ErrorCode> {
    at.entries()
        .map(|(code, about)| ErrorCode {
            code: code.to_owned(),
            status: about.get("status").and_then(|status| number(&status)),
            when: about.text().map(str::to_owned).or_else(|| about.text_of("when")),
            source: about.text_of("source").and_then(|word| ErrorSource::parse(&word)),
        })
        .collect()
}

fn members(at: &Cursor<'_>, key: &str, family: &str) -> Vec<Field> {
    at.get(key).map(|members| fields(&members, family)).unwrap_or_default()
}

fn roles(at: &Cursor<'_>) -> Vec<Role> {
    let role =
        |word: &String| Role::ALL.iter().find(|(_, key, _)| key == word).map(|(role, ..)| *role);
    at.texts_of("roles").iter().filter_map(role).collect()
}

fn idempotency(at: &Cursor<'_>, method: Method) -> Idempotency {
    match at.text_of("repeat").as_deref() {
        None if method == Method::Get => Idempotency::Safe,
        Some("safe") => Idempotency::Safe,
        None | Some("never") => Idempotency::Never,
        Some(member) => Idempotency::NaturalKey(member.to_owned()),
    }
}

/// Reads the object at a key: its members, or the name of a type.
pub(super) fn body(at: &Cursor<'_>, key: &str, family: &str) -> Body {
    match at.text_of(key) {
        Some(name) => Body::Named(type_id(&name, family)),
        None => Body::Fields(members(at, key, family)),
    }
}

fn input(at: &Cursor<'_>, family: &str) -> Input {
    match (at.get("request"), at.get("upload")) {
        (Some(_), _) => Input::Json(body(at, "request", family)),
        (None, Some(upload)) => Input::Upload(Upload {
            meta: members(&upload, "meta", family),
            file: upload.text_of("file").unwrap_or_else(|| "file".to_owned()),
            parts: members(&upload, "parts", family),
        }),
        (None, None) => Input::None,
    }
}

fn response(at: &Cursor<'_>, family: &str) -> Response {
    if let Some(download) = at.get("download") {
        return Response::Download(self::download(&download));
    }
    let body = match at.text_of("response").as_deref() {
        Some("none") => None,
        Some("json") => Some(Body::Fields(Vec::new())),
        _ => Some(body(at, "response", family)),
    };
    let mut statuses = at.get("status").map(|status| numbers(&status)).unwrap_or_default();
    if statuses.is_empty() {
        statuses.push(if body.is_some() { 200 } else { 204 });
    }
    match body {
        None => Response::None { statuses },
        Some(body) => Response::Json { statuses, body },
    }
}

/// Reads one number or a list of numbers.
fn numbers(at: &Cursor<'_>) -> Vec<u16> {
    match number(at) {
        Some(number) => vec![number],
        None => at.items().filter_map(|item| number(&item)).collect(),
    }
}

pub(super) fn number(at: &Cursor<'_>) -> Option<u16> {
    at.json()?.as_u64()?.try_into().ok()
}

fn download(at: &Cursor<'_>) -> Download {
    let integrity = match at.text_of("integrity").as_deref() {
        Some("sha1") => Integrity::Sha1,
        Some("signed-digest") => Integrity::SignedDigest,
        _ => Integrity::None,
    };
    Download { media: at.texts_of("media"), integrity }
}
