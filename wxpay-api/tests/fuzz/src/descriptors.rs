//! Descriptors and what is imported into them.

use wxpay_spec::import::{Imported, merge, read_openapi, read_page};
use wxpay_spec::model::{Families, Spec};
use wxpay_spec::{SourceFile, read, write};

/// A descriptor for lifecycles and imports to refer to.
const ENDPOINT: &str = "path: /v3/pay/orders/{no}
post:
  title: a
  repeat: no
  path: { no: { type: string } }
  request: { total: { type: integer }, note?: { type: string } }
  response: { state: { type: string, enum: { A: a, B: b } }, total?: { type: integer } }
get:
  title: a
  path: { no: { type: string } }
  response: { state: { type: string, enum: { A: a, B: b } }, total?: { type: integer } }
";

fn file(path: &str, text: &str) -> SourceFile {
    SourceFile { path: path.to_owned(), text: text.to_owned() }
}

/// Loads a text as each kind of descriptor. What loads is written and loads again.
pub(crate) fn descriptors(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let places = [
        "families.yaml",
        "types/pay.yaml",
        "endpoints/v3/pay/{id}.yaml",
        "notifications/pay/x.yaml",
    ];
    for place in places {
        if let Ok(spec) = read([file(place, &text)]) {
            reread(&spec);
        }
    }
}

/// Loads a text as a lifecycle beside an endpoint.
pub(crate) fn lifecycles(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let endpoint = file("endpoints/v3/pay/orders/{no}.yaml", ENDPOINT);
    if let Ok(spec) = read([endpoint, file("lifecycles/pay/order.yaml", &text)]) {
        reread(&spec);
    }
}

/// Imports a text as an OpenAPI document.
pub(crate) fn openapi(data: &[u8]) {
    if let Ok(imported) = read_openapi(&String::from_utf8_lossy(data), &Families::default()) {
        check(&imported);
    }
}

/// Imports a text as a documentation page.
pub(crate) fn page(data: &[u8]) {
    if let Ok(imported) = read_page(&String::from_utf8_lossy(data), &Families::default()) {
        check(&imported);
    }
}

/// Merges what was imported and loads the result, as an import does before it writes. Mistakes are for the person who
/// imports.
fn check(imported: &Imported) {
    let _ = read(files(&merge(&Spec::default(), imported).spec));
}

fn reread(spec: &Spec) {
    if let Err(mistakes) = read(files(spec)) {
        panic!("what was written does not load: {mistakes}\n{:?}", files(spec));
    }
}

fn files(spec: &Spec) -> Vec<SourceFile> {
    let files = write::files(spec).into_iter();
    files.map(|(path, text)| SourceFile { path, text }).collect()
}
