//! What every page has: its path, its first line, its facts, its links.
//!
//! A page's path depends on nothing but its own URL. Different URLs have different paths, on file
//! systems that do not tell capitals from small letters too: whatever is not a small letter, a digit
//! or a mark inside of a word is written as its code.

use std::fmt::Write as _;

use wxpay_spec::model::{Endpoint, Method, Segment, Spec};

use crate::ir::{Api, Source};
use crate::markdown::{self, text};
use crate::print;

pub(super) const BY_PRODUCT: &str = "README.md";
pub(super) const BY_URL: &str = "by-url.md";
pub(super) const BY_NAME: &str = "by-name.md";

/// What every page may look up.
#[derive(Clone, Copy)]
pub(super) struct Pages<'a> {
    pub(super) spec: &'a Spec,
    pub(super) api: &'a Api,
}

/// The page of an operation: `v3/payscore/serviceorder/_out_order_no_/cancel.post.md`.
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

/// The page of a notification: `notifications/pay/transaction.md`.
pub(super) fn of_notification(place: &str) -> String {
    let words: Vec<_> = place.split('/').map(word).collect();
    format!("notifications/{}.md", words.join("/"))
}

/// The link from a page to another one.
pub(super) fn link(from: &str, to: &str) -> String {
    let (from, to): (Vec<_>, Vec<_>) = (from.split('/').collect(), to.split('/').collect());
    let folders = from.len().saturating_sub(1);
    let common = from.iter().take(folders).zip(&to).take_while(|(one, other)| one == other).count();
    let up = std::iter::repeat_n("..", folders.saturating_sub(common));
    up.chain(to.into_iter().skip(common)).collect::<Vec<_>>().join("/")
}

/// The first line of a page, by which the generator knows its own files.
pub(super) fn mark(source: &Source) -> String {
    format!("<!-- {} -->\n\n", print::library_mark(source))
}

/// Ends a page: the way back to the indexes.
pub(super) fn footer(path: &str) -> String {
    let link = |to| link(path, to);
    format!(
        "\n---\n\n[Products · 产品]({}) · [URLs · 接口地址]({}) · [Names · 接口名称]({})\n",
        link(BY_PRODUCT),
        link(BY_URL),
        link(BY_NAME),
    )
}

/// A paragraph for a note, line by line.
pub(super) fn remark(note: Option<&str>) -> String {
    let lines = text(note.unwrap_or_default());
    if lines.is_empty() {
        return lines;
    }
    format!("\n{}\n", lines.lines().collect::<Vec<_>>().join("<br>\n"))
}

/// An item of the list of facts; none without a text.
pub(super) fn fact(name: &str, text: &str) -> String {
    if text.is_empty() { String::new() } else { format!("* {name}: {text}\n") }
}

/// Links to official pages; several are a list of their own.
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

/// A text in a path. Underscores at its sides are codes, because they mark parameters and slashes.
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
