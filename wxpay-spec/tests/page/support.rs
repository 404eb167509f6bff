//! Pages, and how tests show what was read.

use wxpay_spec::import::{Imported, Remark, read_page};
use wxpay_spec::model::Families;
use wxpay_spec::{SourceFile, read, write};

pub(crate) const CLOSE: &str = include_str!("fixtures/close.md");
pub(crate) const QUERY: &str = include_str!("fixtures/query.md");
pub(crate) const NESTED: &str = include_str!("fixtures/nested.md");
pub(crate) const UPLOAD: &str = include_str!("fixtures/upload.md");
pub(crate) const INEXPRESSIBLE: &str = include_str!("fixtures/inexpressible.md");

fn imported(page: &str) -> Imported {
    read_page(page, &Families::default()).unwrap_or_else(|error| panic!("{error}"))
}

pub(crate) fn remarks(page: &str) -> String {
    let remarks = imported(page).remarks;
    remarks.iter().map(Remark::to_string).collect::<Vec<_>>().join("\n")
}

/// The descriptors of a page, which must read back unchanged, and its remarks.
pub(crate) fn text(page: &str) -> String {
    let endpoints = imported(page).endpoints;
    let file = |endpoint| write::endpoint(endpoint);
    let files: Vec<SourceFile> = endpoints
        .iter()
        .map(|endpoint| SourceFile { path: endpoint.source.clone(), text: file(endpoint) })
        .collect();
    let spec = read(files.clone()).unwrap_or_else(|mistakes| panic!("{mistakes}"));
    assert_eq!(spec.endpoints.into_values().collect::<Vec<_>>(), endpoints);
    let files = files.iter().map(|file| format!("# {}\n{}", file.path, file.text));
    format!("{}\n{}", files.collect::<Vec<_>>().join("\n"), remarks(page))
}
