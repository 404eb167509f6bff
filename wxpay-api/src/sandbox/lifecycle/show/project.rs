//! Projects objects through the schemas of descriptors: a response shows the members that its schema has.

use serde_json::{Map, Number, Value as Json};

use crate::sandbox::book::{Book, BookMember, BookPages, PageInput, Schema};

/// Keeps what a schema has of a value, and converts it to the schema's types. Secrets stay plain.
///
/// Returns `None` for a value that the schema cannot have.
pub(in crate::sandbox) fn project(book: &Book, schema: &Schema, value: &Json) -> Option<Json> {
    match (book.resolve(schema), value) {
        (_, Json::Null) => None,
        (Schema::Object { members }, Json::Object(object)) => {
            let kept = members.iter().filter_map(|member| {
                let value = project(book, &member.schema, object.get(&member.name)?)?;
                Some((member.name.clone(), value))
            });
            Some(Json::Object(kept.collect()))
        }
        (Schema::List { items }, Json::Array(list)) => {
            Some(list.iter().filter_map(|item| project(book, items, item)).collect())
        }
        (Schema::JsonText { content }, Json::String(text)) => {
            let Ok(inside) = serde_json::from_str::<Json>(text) else { return Some(value.clone()) };
            Some(project(book, content, &inside)?.to_string().into())
        }
        (Schema::JsonText { content }, value) => {
            Some(project(book, content, value)?.to_string().into())
        }
        (Schema::Json | Schema::Named { .. }, value) => Some(value.clone()),
        (Schema::Object { .. } | Schema::List { .. }, _) => None,
        (schema, value) => scalar(schema, value),
    }
}

fn scalar(schema: &Schema, value: &Json) -> Option<Json> {
    match schema {
        Schema::Integer | Schema::Enum { integer: true, .. } => match value {
            Json::Number(_) => Some(value.clone()),
            Json::String(text) => text.parse::<i64>().ok().map(Json::from),
            _ => None,
        },
        Schema::Number => match value {
            Json::Number(_) => Some(value.clone()),
            Json::String(text) => text.parse::<Number>().ok().map(Json::Number),
            _ => None,
        },
        Schema::Boolean => match value {
            Json::Bool(_) => Some(value.clone()),
            Json::String(text) => text.parse::<bool>().ok().map(Json::from),
            _ => None,
        },
        _ => match value {
            Json::String(_) => Some(value.clone()),
            Json::Number(number) => Some(number.to_string().into()),
            Json::Bool(flag) => Some(flag.to_string().into()),
            _ => None,
        },
    }
}

/// Makes the response of a list: its page, and the members beside the list.
///
/// Members that the request has too, such as `offset` and `limit`, have the request's value.
pub(in crate::sandbox) fn list(
    book: &Book,
    schema: &Schema,
    pages: Option<&BookPages>,
    request: &Json,
    beside: Json,
    items: Vec<Json>,
) -> Option<Json> {
    let Schema::Object { members } = book.resolve(schema) else {
        return project(book, schema, &Json::Array(items));
    };
    let mut object = request.as_object().cloned().unwrap_or_default();
    let total = items.len();
    let page = Page::of(pages, request, total);
    let list = pages.map(|pages| pages.items.as_str()).or_else(|| first_list(book, members));
    if let Some(list) = list {
        let shown = items.into_iter().skip(page.start).take(page.length);
        object.insert(list.to_owned(), shown.collect());
    }
    if let Some(pages) = pages {
        page.describe(pages, total, &mut object);
    }
    if let Json::Object(beside) = beside {
        object.extend(beside);
    }
    project(book, schema, &Json::Object(object))
}

/// Returns the member that is the list, where no pages name it: the first list of objects.
fn first_list<'b>(book: &'b Book, members: &'b [BookMember]) -> Option<&'b str> {
    let is_list = |member: &&BookMember| match book.resolve(&member.schema) {
        Schema::List { items } => matches!(book.resolve(items), Schema::Object { .. }),
        _ => false,
    };
    members.iter().find(is_list).map(|member| member.name.as_str())
}

/// The part of a list that a request asks for.
struct Page {
    start: usize,
    length: usize,
}

impl Page {
    fn of(pages: Option<&BookPages>, request: &Json, total: usize) -> Self {
        let Some(pages) = pages else { return Self { start: 0, length: total } };
        let number = |name: &str| match request.get(name)? {
            Json::Number(number) => number.as_i64(),
            Json::String(text) => text.parse().ok(),
            _ => None,
        };
        let limit = pages.limit.as_deref().and_then(number).and_then(|it| usize::try_from(it).ok());
        let length = limit.filter(|limit| *limit > 0).unwrap_or(USUAL_PAGE);
        let start = match &pages.by {
            PageInput::Offset { input } | PageInput::Token { input, .. } => number(input),
            PageInput::Number { input, first } => number(input).and_then(|page| {
                page.checked_sub(*first)?.checked_mul(i64::try_from(length).ok()?)
            }),
        };
        let start = start.and_then(|start| usize::try_from(start).ok()).unwrap_or_default();
        Self { start, length }
    }

    /// Sets the number of all elements, and the token of the next page.
    fn describe(&self, pages: &BookPages, total: usize, object: &mut Map<String, Json>) {
        if let Some(name) = &pages.total {
            object.insert(name.clone(), total.into());
        }
        let next = self.start.saturating_add(self.length);
        if let PageInput::Token { next: name, .. } = &pages.by {
            if next < total {
                object.insert(name.clone(), next.to_string().into());
            } else {
                object.remove(name);
            }
        }
    }
}

/// How many elements a page has if the request names no limit.
const USUAL_PAGE: usize = 20;
