//! Writes the parts that all pages have: path, first line, facts, links.
//!
//! A page's path depends only on its URL. Different URLs have different paths, also on file systems
//! that ignore case: only small letters, digits and inner marks keep their form, and codes replace
//! all else.

use std::fmt::Write as _;

use wxpay_spec::model::{Endpoint, Method, Note, Segment, Spec};

use crate::ir::{Api, Source};
use crate::markdown::{self, text};
use crate::print;

pub(super) const BY_PRODUCT: &str = "README.md";
pub(super) const BY_URL: &str = "by-url.md";
pub(super) const BY_NAME: &str = "by-name.md";

/// The sources of all pages.
#[derive(Clone, Copy)]
pub(super) struct Pages<'a> {
    pub(super) spec: &'a Spec,
    pub(super) api: &'a Api,
}

/// The path of an operation's page: `v3/payscore/serviceorder/_out_order_no_/cancel.post.md`.
pub(super) fn of_operation(endpoint: &Endpoint, method: Method) -> String {
    let segments = endpoint.segments();
    let words: Vec<_> = segments
        .iter()
        .map(|segment| match segment {
            Segment::Literal(text) => word(text),
            Segment::Parameter(name) => format!("_{}_", word(name)),
        })
        .collect();
    let slash = if endpoint.path.ends_with('/') { "_" } else { "" };
    format!("{}{slash}.{}.md", words.join("/"), method.key())
}

/// The path of a notification's page: `notifications/pay/transaction.md`.
pub(super) fn of_notification(place: &str) -> String {
    let words: Vec<_> = place.split('/').map(word).collect();
    format!("notifications/{}.md", words.join("/"))
}

/// The path of a lifecycle's page: `lifecycles/pay/transaction.md`.
pub(super) fn of_lifecycle(place: &str) -> String {
    let words: Vec<_> = place.split('/').map(word).collect();
    format!("lifecycles/{}.md", words.join("/"))
}

/// The relative link from a page to another one.
pub(super) fn link(from: &str, to: &str) -> String {
    let (from, to): (Vec<_>, Vec<_>) = (from.split('/').collect(), to.split('/').collect());
    let folders = from.len().saturating_sub(1);
    let common = from.iter().take(folders).zip(&to).take_while(|(one, other)| one == other).count();
    let up = std::iter::repeat_n("..", folders.saturating_sub(common));
    up.chain(to.into_iter().skip(common)).collect::<Vec<_>>().join("/")
}

/// The first line of a page. The generator recognises its files by it.
pub(super) fn mark(source: &Source) -> String {
    format!("<!-- {} -->\n\n", print::library_mark(source))
}

/// The end of a page, with links to the indexes.
pub(super) fn footer(path: &str) -> String {
    let link = |to| link(path, to);
    format!(
        "\n---\n\n[Products · 产品]({}) · [URLs · 接口地址]({}) · [Names · 接口名称]({})\n",
        link(BY_PRODUCT),
        link(BY_URL),
        link(BY_NAME),
    )
}

/// A paragraph for a note in each of its languages, line by line.
pub(super) fn remark(note: Option<&Note>) -> String {
    let texts = note.into_iter().flat_map(Note::texts).map(text);
    let paragraph =
        |lines: String| format!("\n{}\n", lines.lines().collect::<Vec<_>>().join("<br>\n"));
    texts.filter(|lines| !lines.is_empty()).map(paragraph).collect()
}

/// An item of the list of facts. An empty text gives no item.
pub(super) fn fact(name: &str, text: &str) -> String {
    if text.is_empty() { String::new() } else { format!("* {name}: {text}\n") }
}

/// Links to the official pages; several links form a list.
pub(super) fn official(pages: &[String]) -> String {
    match pages {
        [] => String::new(),
        [page] => fact("Official page · 官方文档", &markdown::link(page)),
        pages => {
            let items: String =
                pages.iter().map(|page| format!("  * {}\n", markdown::link(page))).collect();
            format!("* Official pages · 官方文档:\n{items}")
        }
    }
}

/// Spells a text in a path. Outer underscores become codes, because they mark parameters and
/// slashes.
fn word(text: &str) -> String {
    let inner = text.trim_matches('_');
    let left = text.len() - text.trim_start_matches('_').len();
    let mut out = String::with_capacity(text.len());
    for (index, byte) in text.bytes().enumerate() {
        let inside = index >= left && index < left + inner.len();
        match byte {
            b'a'..=b'z' | b'0'..=b'9' | b'-' => out.push(char::from(byte)),
            b'_' if inside => out.push('_'),
            // ExpressionWriter to a `String` has no way to fail.
            _ => drop(write!(out, "~{byte:02x}")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{link, word};

    #[test]
    fn words_differ_where_their_texts_differ() {
        let words = [
            ("out_order_no", "out_order_no"),
            ("policy-periods", "policy-periods"),
            ("_a_", "~5fa~5f"),
            ("a__b", "a__b"),
            ("__", "~5f~5f"),
            ("A.b", "~41~2eb"),
            ("~41", "~7e41"),
            ("账", "~e8~b4~a6"),
        ];
        for (text, expected) in words {
            assert_eq!(word(text), expected);
        }
    }

    #[test]
    fn links_are_relative() {
        let links = [
            ("README.md", "v3/a.get.md", "v3/a.get.md"),
            ("v3/a.get.md", "README.md", "../README.md"),
            ("v3/b/c.get.md", "v3/a.get.md", "../a.get.md"),
            ("v3/b/c.get.md", "v3/b/c/d.get.md", "c/d.get.md"),
            ("v3/b/c.get.md", "v3/b/d.get.md", "d.get.md"),
        ];
        for (from, to, expected) in links {
            assert_eq!(link(from, to), expected);
        }
    }
}
