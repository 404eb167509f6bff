//! Lists in example responses: their totals, and the end after the only page.

use serde_json::Value;

use crate::sandbox::book::{BookOperation, BookPages, PageInput};
use crate::sandbox::check::RequestValues;

/// Members that count the elements of a list beside them.
const TOTALS: [&str; 2] = ["total_count", "total_num"];

/// Turns the example of a list to the page that a request asks for.
///
/// All elements are on the first page. Their number is the total, so that a loop over the pages ends.
pub(super) fn turn(operation: &BookOperation, values: &RequestValues, response: &mut Value) {
    match &operation.pages {
        Some(pages) => turn_to(pages, values, response),
        None if operation.method == "GET" => count_only_list(response),
        None => {}
    }
}

/// Sets the total of a response with one list. A list that is not in pages has one, too.
fn count_only_list(response: &mut Value) {
    let Value::Object(members) = response else {
        return;
    };
    let mut lists = members.values().filter_map(Value::as_array);
    if let (Some(list), None) = (lists.next(), lists.next()) {
        let total = list.len();
        set_total(response, total, TOTALS);
    }
}

fn turn_to(pages: &BookPages, values: &RequestValues, response: &mut Value) {
    let Some(Value::Array(items)) = response.get_mut(&pages.items) else {
        return;
    };
    let total = items.len();
    if is_beyond(pages, values, total) {
        items.clear();
    }
    set_total(response, total, pages.total.as_deref().into_iter().chain(TOTALS));
    if let PageInput::Token { next, .. } = &pages.by
        && let Some(token) = response.get_mut(next)
    {
        *token = "".into();
    }
}

fn set_total<'a>(response: &mut Value, total: usize, names: impl IntoIterator<Item = &'a str>) {
    for name in names {
        if let Some(count) = response.get_mut(name).filter(|count| count.is_i64()) {
            *count = total.into();
        }
    }
}

/// Returns whether a request asks for a page after the first one.
fn is_beyond(pages: &BookPages, values: &RequestValues, total: usize) -> bool {
    let (PageInput::Offset { input }
    | PageInput::Number { input, .. }
    | PageInput::Token { input, .. }) = &pages.by;
    let Some(asked) = values.top(input) else {
        return false;
    };
    let number = asked.as_i64().or_else(|| asked.as_str()?.parse().ok());
    match (&pages.by, number) {
        (PageInput::Offset { .. }, Some(offset)) => {
            usize::try_from(offset).is_ok_and(|offset| offset > 0 && offset >= total)
        }
        (PageInput::Number { first, .. }, Some(number)) => number > *first,
        (PageInput::Token { .. }, _) => asked.as_str().is_some_and(|token| !token.is_empty()),
        (_, None) => false,
    }
}
