//! Converts namespaces of the site to URLs and methods.

use crate::grammar::PATH;
use crate::model::Method;

/// The name of an empty last segment, between its marks: `_empty_`.
pub(super) const EMPTY: &str = "empty";

/// The beginning of the namespaces in the site's pages.
const ROOT: &str = "WeChatPay.OpenAPI.";

/// Reads the method and the URL of a namespace such as
/// `WeChatPay.OpenAPI.V3.Pay._id_.PostHttpMethod`.
pub(super) fn of_namespace(name: &str) -> Option<(Method, String)> {
    let (chain, method) = name.strip_prefix(ROOT)?.rsplit_once('.')?;
    let method = method.strip_suffix("HttpMethod")?;
    let path = path(chain.split('.'));
    is_url(&path).then_some((method_named(&method.to_lowercase())?, path))
}

/// Whether a descriptor may have a path, and its file a name.
fn is_url(path: &str) -> bool {
    PATH.accepts(path) && path.len() <= 500 && path.split('/').all(|part| part.len() <= 200)
}

/// Reads a method such as `post`.
pub(super) fn method_named(word: &str) -> Option<Method> {
    Method::ALL.into_iter().find(|method| method.key() == word)
}

/// Joins names such as `v3`, `combineTransactions` and `_out_trade_no_` to a path.
///
/// `_empty_` at the end is a `/` there.
pub(super) fn path<'n>(names: impl IntoIterator<Item = &'n str>) -> String {
    names.into_iter().map(|name| format!("/{}", segment(name))).collect()
}

fn segment(name: &str) -> String {
    for edge in ['_', '$'] {
        let inside = name.strip_prefix(edge).and_then(|rest| rest.strip_suffix(edge));
        if inside == Some(EMPTY) {
            return String::new();
        }
        if let Some(parameter) = inside.filter(|parameter| !parameter.is_empty()) {
            return format!("{{{parameter}}}");
        }
    }
    let mut segment = String::new();
    for letter in name.chars() {
        if letter.is_uppercase() && !segment.is_empty() {
            segment.push('-');
        }
        segment.extend(letter.to_lowercase());
    }
    segment
}

/// The names of a path's parameters.
pub(super) fn parameters(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
}

/// Whether a path belongs to APIv3.
pub(super) fn is_v3(path: &str) -> bool {
    path.split('/').any(|part| part == "v3") || path.starts_with("/brand/")
}
