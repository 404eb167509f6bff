//! Documents and descriptors for the tests of imports.

use std::fmt::Write;

use wxpay_spec::import::{Imported, Merged, merge, read_openapi};
use wxpay_spec::model::{Families, Spec};
use wxpay_spec::{SourceFile, read, write};

/// An OpenAPI document that uses a bit of everything.
pub(crate) const SHOP: &str = include_str!("fixtures/shop.yaml");

pub(crate) fn imported(text: &str) -> Imported {
    read_openapi(text, &Families::default()).unwrap_or_else(|error| panic!("{error}"))
}

/// Reads files without mistakes.
pub(crate) fn spec(files: &[(&str, &str)]) -> Spec {
    let files = files
        .iter()
        .map(|(path, text)| SourceFile { path: (*path).to_owned(), text: (*text).to_owned() });
    read(files).unwrap_or_else(|mistakes| panic!("{mistakes}"))
}

/// Merges a document into descriptors, and reads the result back from its files.
pub(crate) fn after(before: &Spec, text: &str) -> Merged {
    let merged = merge(before, &imported(text));
    reread(&merged.spec);
    merged
}

/// Writes descriptors and reads them back.
pub(crate) fn reread(spec: &Spec) -> Spec {
    let files = write::files(spec).into_iter().map(|(path, text)| SourceFile { path, text });
    read(files).unwrap_or_else(|mistakes| panic!("{mistakes}"))
}

/// Every file, one after the other.
pub(crate) fn text(spec: &Spec) -> String {
    let mut text = String::new();
    for (path, content) in write::files(spec) {
        let _infallible = writeln!(text, "# {path}\n{content}");
    }
    text
}

/// A document with one operation whose response has these properties, in YAML.
pub(crate) fn answering(properties: &str) -> String {
    format!(
        "openapi: 3.0.0
paths:
  /v3/shop/orders:
    get:
      summary: 查单
      responses:
        '200':
          content:
            application/json:
              schema:
                type: object
                required: [state]
                properties: {{ {properties} }}
"
    )
}

/// A descriptor of the same operation, with these members.
pub(crate) fn described(members: &str) -> Spec {
    let text = format!(
        "path: /v3/shop/orders\nget:\n  title: 查单\n  response:\n{}\n",
        members.lines().map(|line| format!("    {line}")).collect::<Vec<_>>().join("\n")
    );
    spec(&[("endpoints/v3/shop/orders.yaml", &text)])
}
