//! Writes the indexes of pages: by product, by URL and by name.

use std::collections::BTreeMap;

use wxpay_spec::model::Spec;

use super::page::{BY_NAME, BY_PRODUCT, BY_URL, mark, of_lifecycle};
use super::subject::Subject;
use super::table;
use crate::ir::Source;
use crate::lower;
use crate::markdown::{code, inline};

/// The indexes, by path. All are in the top folder, where a page's path is also the link to it.
pub(super) fn pages(spec: &Spec, subjects: &[Subject<'_>]) -> BTreeMap<String, String> {
    let page = |path: &str, text: String| (path.to_owned(), mark(&Source::Several) + &text);
    BTreeMap::from([
        page(BY_PRODUCT, by_product(spec, subjects)),
        page(BY_URL, by_url(subjects)),
        page(BY_NAME, by_name(subjects)),
    ])
}

fn by_product(spec: &Spec, subjects: &[Subject<'_>]) -> String {
    let mut families: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for subject in subjects {
        families.entry(subject.family).or_default().push(subject);
    }
    let operations = subjects.iter().filter(|subject| subject.is_operation()).count();
    let mut text = format!(
        "# Reference · 接口参考\n\nBy product · 按产品, and also [by URL · 按接口地址]({BY_URL}) and \
         [by name · 按接口名称]({BY_NAME}).\n\nOperations · 接口: {operations}. Notifications · 通知: \
         {}.\n",
        subjects.len() - operations,
    );
    for (family, members) in families {
        let title = spec.families.by_name.get(family).map(|listed| inline(&listed.title));
        let title = title.filter(|title| !title.is_empty()).unwrap_or_else(|| inline(family));
        text += &format!("\n## {title}\n\n{}\n", sentence(&lower::feature(spec, family)));
        let (operations, notifications): (Vec<_>, Vec<_>) =
            members.into_iter().partition(|subject| subject.is_operation());
        text += &section("Operation · 接口", "URL · 接口地址", &operations);
        text += &section("Notification · 通知", "Descriptor · 描述文件", &notifications);
        text += &lifecycles(spec, family);
    }
    text
}

fn sentence(words: &str) -> String {
    let mut letters = words.chars();
    let first = letters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(letters).chain(['.']).collect()
}

fn section(name: &str, wire: &str, subjects: &[&Subject<'_>]) -> String {
    if subjects.is_empty() {
        return String::new();
    }
    let rows = subjects.iter().map(|subject| table::row(&[&named(subject), &wired(subject)]));
    format!("\n{}{}", table::head(&[name, wire]), rows.collect::<String>())
}

/// The lifecycles of a family.
fn lifecycles(spec: &Spec, family: &str) -> String {
    let listed = spec.lifecycles.iter().filter(|(_, lifecycle)| lifecycle.family == family);
    let rows: String = listed
        .map(|(place, lifecycle)| {
            let named = format!("[{}]({})", inline(&lifecycle.title), of_lifecycle(place));
            table::row(&[&named, &code(place)])
        })
        .collect();
    if rows.is_empty() {
        return rows;
    }
    format!("\n{}{rows}", table::head(&["Lifecycle · 生命周期", "Descriptor · 描述文件"]))
}

fn by_url(subjects: &[Subject<'_>]) -> String {
    let operations = subjects.iter().filter(|subject| subject.is_operation());
    let rows: String = operations
        .map(|subject| {
            let link = format!("[{}]({})", wired(subject), subject.path);
            table::row(&[&link, &inline(subject.title)])
        })
        .collect();
    let head = table::head(&["URL · 接口地址", "Name · 接口名称"]);
    format!("# By URL · 按接口地址\n\n{head}{rows}")
}

/// Lists equal names once, with all their URLs.
fn by_name(subjects: &[Subject<'_>]) -> String {
    let mut names: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for subject in subjects {
        names.entry(subject.title).or_default().push(subject);
    }
    let rows: String = names
        .into_iter()
        .map(|(title, subjects)| {
            let links: Vec<_> = subjects
                .iter()
                .map(|subject| format!("[{}]({})", wired(subject), subject.path))
                .collect();
            table::row(&[&inline(title), &links.join("<br>")])
        })
        .collect();
    let head = table::head(&["Name · 接口名称", "URL · 接口地址"]);
    format!("# By name · 按接口名称\n\n{head}{rows}")
}

fn named(subject: &Subject<'_>) -> String {
    let deprecated = if subject.is_deprecated() { " (deprecated · 已废弃)" } else { "" };
    format!("[{}]({}){deprecated}", inline(subject.title), subject.path)
}

fn wired(subject: &Subject<'_>) -> String {
    table::code(&subject.wire())
}
