//! Tests the library's tree: its files, features, books and public API.

use std::io::Read;

use insta::assert_snapshot;
use wxpay_codegen::{Output, Target};
use wxpay_spec::SourceFile;

use crate::support::{file, library, source, spec};

fn of_case(case: &str) -> Output {
    library(&spec(case))
}

fn of_sources(sources: Vec<SourceFile>) -> Output {
    library(&wxpay_spec::read(sources).unwrap_or_else(|errors| panic!("{errors}")))
}

#[test]
fn files_mirror_urls() {
    let paths: Vec<_> = of_case("named").files.into_keys().collect();
    assert_snapshot!(paths.join("\n"));
}

#[test]
fn the_cancel_endpoint_in_full() {
    let output = of_case("cancel");
    assert_snapshot!(file(&output, "v3/payscore/serviceorder/_out_order_no_/cancel.rs"));
}

/// Every kind of operation in the library. Each case has one snapshot with all its files.
#[test]
fn each_kind_of_operation() {
    for case in
        ["prepay", "query", "header", "upload", "download", "statuses", "siblings", "json", "named"]
    {
        let files = of_case(case).files;
        let code =
            files.into_iter().filter(|(path, _)| path.starts_with("v3/") && path.ends_with(".rs"));
        let text: String = code
            .map(|(path, text)| format!("=== {path}\n{}\n", String::from_utf8(text).expect("text")))
            .collect();
        assert_snapshot!(format!("kind_{case}"), text);
    }
}

#[test]
fn the_root_starts_at_the_client() {
    assert_snapshot!(file(&of_case("statuses"), "mod.rs"));
}

#[test]
fn a_family_is_gated_where_it_begins() {
    let output = of_case("named");
    assert_snapshot!(file(&output, "v3/mod.rs"));
    assert!(!file(&output, "v3/pay.rs").contains("#[cfg("));
    assert!(!file(&output, "v3/certificates.rs").contains("#[cfg("));
}

#[test]
fn a_place_of_several_families_needs_any_of_them() {
    let get = |path: &str| {
        let text = format!("path: {path}\nget: {{ title: 查询, response: none }}\n");
        source(&format!("endpoints{path}.yaml"), &text)
    };
    let families = "one: { title: 一, paths: [/v3/a] }\ntwo: { title: 二, paths: [/v3/a/b] }\n";
    let families = source("families.yaml", families);
    let output = of_sources(vec![families, get("/v3/a"), get("/v3/a/b")]);
    assert_snapshot!("several_families_root", file(&output, "mod.rs"));
    assert_snapshot!("several_families_node", file(&output, "v3/a.rs"));
    assert!(!file(&output, "v3/a/b.rs").contains("#[cfg("));
}

#[test]
fn a_place_without_operations_has_no_chain() {
    let output = of_case("notifications");
    assert_snapshot!(file(&output, "v3/pay.rs"));
}

#[test]
fn notifications_are_distinguished() {
    assert_snapshot!(file(&of_case("notifications"), "notifications/mod.rs"));
}

#[test]
fn features_need_the_families_of_their_types() {
    let features: Vec<_> = of_case("named")
        .features
        .into_iter()
        .map(|f| format!("{} ({}) default={} needs {:?}", f.name, f.title, f.default, f.needs))
        .collect();
    assert_eq!(
        features,
        [
            "pay (基础支付) default=true needs []",
            r#"payscore (微信支付分) default=false needs ["pay"]"#,
        ]
    );
}

#[test]
fn one_more_required_field_changes_a_line() {
    let with = |fields: &str| {
        let text = format!(
            "path: /v3/x\npost:\n  title: 建\n  request: {{ {fields} }}\n  response: none\n"
        );
        of_sources(vec![source("endpoints/v3/x.yaml", &text)]).public_api
    };
    let gone = |before: &str, after: &str| {
        let after: Vec<_> = after.lines().collect();
        before.lines().filter(|line| !after.contains(line)).collect::<Vec<_>>().join("\n")
    };
    let before = with("a: { type: string }, c?: { type: string }");
    let swapped = with("b: { type: string }, a: { type: string }, c?: { type: string }");
    let optional = with("a: { type: string }, b?: { type: string }, c?: { type: string }");
    assert_eq!(gone(&before, &swapped), "v3::x::post::Request::builder(): a");
    assert_eq!(gone(&before, &optional), "");
    assert_eq!(
        gone(&optional, &swapped),
        "v3::x::post::Request.b: String, optional\nv3::x::post::Request::builder(): a",
    );
}

#[test]
fn the_public_api_is_sorted_text() {
    assert_snapshot!(of_case("after").public_api);
}

#[test]
fn everything_is_counted() {
    let counts = of_case("after").counts;
    let text = format!("{counts:?}");
    assert_eq!(text, "Counts { operations: 4, nodes: 5, types: 10, fields: 12, events: 2 }");
}

#[test]
fn a_book_says_what_the_descriptors_say() {
    for case in ["upload", "prepay", "download", "named", "notifications", "query", "statuses"] {
        let output = of_case(case);
        let mut books = String::new();
        for (path, bytes) in &output.files {
            if path.ends_with(".gz") {
                let book = pretty(bytes);
                books.push_str(&format!("== {path}\n{book}\n"));
            }
        }
        assert_snapshot!(format!("book_{case}"), books);
    }
    assert_snapshot!("books", file(&of_case("named"), "sandbox.rs"));
}

fn pretty(book: &[u8]) -> String {
    assert_eq!(book.get(4..8), Some([0; 4].as_slice()), "the header has no time");
    let mut json = String::new();
    flate2::read::GzDecoder::new(book).read_to_string(&mut json).expect("a book is gzip");
    let json: serde_json::Value = serde_json::from_str(&json).expect("a book is JSON");
    let lines = json["operations"].as_array().into_iter().flatten();
    let lines = lines.chain(json["notifications"].as_array().into_iter().flatten());
    let lines = lines.map(ToString::to_string).chain([json["types"].to_string()]);
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn the_same_descriptors_give_the_same_bytes() {
    let mut sources = vec![
        source(
            "types/pay.yaml",
            "Order:\n  direction: response\n  fields: { id: { type: string } }\n",
        ),
        source(
            "notifications/pay/order.yaml",
            "title: 通知\nfamily: pay\nevents: [A]\nresource: Order\n",
        ),
    ];
    for name in ["a", "b", "c", "d", "e", "f", "g"] {
        let path = format!("/v3/pay/{name}");
        let text = format!("path: {path}\nget: {{ title: 查询, response: Order }}\n");
        sources.push(source(&format!("endpoints{path}.yaml"), &text));
    }
    let first = of_sources(sources.clone());
    sources.reverse();
    assert!(first == of_sources(sources), "another order of files gives the same");
}

#[test]
fn another_crate_gets_its_code_and_a_book() {
    let output = wxpay_codegen::generate(&spec("cancel"), Target::Crate).expect("no errors");
    let names: Vec<_> = output.files.keys().map(String::as_str).collect();
    assert_eq!(names, ["sandbox.json.gz", "wxpay.rs"]);
    assert!(output.features.is_empty());
}
