//! URLs and methods that namespaces of the site stand for.

use crate::model::Method;

/// Where the namespaces of the site's pages begin.
const ROOT: &str = "WeChatPay.OpenAPI.";

/// The URL and the method that a namespace such as `WeChatPay.OpenAPI.V3.Pay._id_.PostHttpMethod`
/// stands for.
pub(super) fn of_namespace(name: &str) -> Option<(Method, String)> {
    let (chain, method) = name.strip_prefix(ROOT)?.rsplit_once('.')?;
    let method = method.strip_suffix("HttpMethod")?;
    Some((method_named(&method.to_lowercase())?, path(chain.split('.'))))
}

/// The method that a word such as `post` names.
pub(super) fn method_named(word: &str) -> Option<Method> {
    Method::ALL.into_iter().find(|method| method.key() == word)
}

/// The path of names such as `v3`, `combineTransactions`, `_out_trade_no_`.
pub(super) fn path<'n>(names: impl IntoIterator<Item = &'n str>) -> String {
    names.into_iter().map(|name| format!("/{}", segment(name))).collect()
}

fn segment(name: &str) -> String {
    for edge in ['_', '$'] {
        let inside = name.strip_prefix(edge).and_then(|rest| rest.strip_suffix(edge));
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
    path.split('/').any(|part| part == "v3")
}
