//! Importing as a person does it, on a workspace of its own.

#![allow(clippy::unwrap_used, reason = "a failed expectation is a failed test")]

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

use tempfile::TempDir;

const SHOP: &str = include_str!("../../wxpay-spec/tests/import/fixtures/shop.yaml");

const QUERY_FILE: &str = "wxpay-spec/endpoints/v3/shop/orders/{out_order_no}.yaml";
const QUERY: &str = "path: /v3/shop/orders/{out_order_no}
get:
  title: 查单
  path:
    out_order_no: { type: string, rust: number }
  response:
    state: { type: integer, title: 状态, corrects: the page shows a number }
";

/// A workspace in a temporary folder, with one descriptor and the document beside it.
struct Root(TempDir);

impl Root {
    fn new(query: &str) -> Self {
        let root = Self(TempDir::new().unwrap());
        let file = root.path(QUERY_FILE);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, query).unwrap();
        fs::write(root.path("shop.yaml"), SHOP).unwrap();
        root
    }

    fn path(&self, relative: &str) -> PathBuf {
        self.0.path().join(relative)
    }

    fn read(&self, relative: &str) -> String {
        fs::read_to_string(self.path(relative)).unwrap()
    }

    fn run(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
        command.current_dir(self.0.path()).arg("--root").arg(self.0.path()).args(arguments);
        command.output().unwrap()
    }

    fn done(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        let said = String::from_utf8(output.stdout).unwrap();
        assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
        said
    }

    fn refused(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert!(!output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
        String::from_utf8(output.stderr).unwrap()
    }
}

#[test]
fn a_dry_run_tells_everything_and_writes_nothing() {
    let root = Root::new(QUERY);
    let said = root.done(&["import", "shop.yaml", "--dry-run"]);
    assert!(said.contains("POST /v3/shop/images (new)"), "{said}");
    assert!(said.contains("~ path.out_order_no: title 商户订单号"), "{said}");
    assert!(said.contains("SHOP.CLOSED: not described"), "{said}");
    assert_eq!(root.read(QUERY_FILE), QUERY);
    assert!(!root.path("wxpay-spec/endpoints/v3/shop/images.yaml").exists());
}

#[test]
fn an_import_keeps_what_is_hand_written_and_a_second_one_changes_nothing() {
    let root = Root::new(QUERY);
    root.done(&["import", "shop.yaml"]);
    let query = root.read(QUERY_FILE);
    assert!(query.contains("title: 商户订单号, rust: number }"), "{query}");
    assert!(query.contains("{ type: integer, title: 状态, corrects:"), "{query}");
    let said = root.done(&["import", "shop.yaml"]);
    assert!(
        said.starts_with("0 operations, notifications and types change\n0 files written"),
        "{said}"
    );
    assert_eq!(root.read(QUERY_FILE), query);
}

#[test]
fn an_outdated_correction_stops_the_import() {
    let agreeing = QUERY.replace(
        "integer, title: 状态",
        "string, title: 状态, enum: { OPEN: 进行中, CLOSED: 已关闭 }",
    );
    let root = Root::new(&agreeing);
    let said = root.refused(&["import", "shop.yaml"]);
    assert!(
        said.starts_with(
            "GET /v3/shop/orders/{out_order_no}: response.state: the import now agrees"
        ),
        "{said}"
    );
    assert!(said.ends_with("nothing was written\n"), "{said}");
    assert_eq!(root.read(QUERY_FILE), agreeing);
}

#[test]
fn proposed_types_are_made_once_they_are_accepted() {
    let root = Root::new(&QUERY.replace(", corrects: the page shows a number", ""));
    root.done(&["import", "shop.yaml", "--propose", "types.yaml"]);
    assert!(root.read("types.yaml").starts_with("shop/Order:\n"), "{}", root.read("types.yaml"));
    root.done(&["import", "shop.yaml", "--accept", "types.yaml"]);
    assert!(root.read(QUERY_FILE).contains("response: Order\n"), "{}", root.read(QUERY_FILE));
    assert!(root.read("wxpay-spec/types/shop.yaml").starts_with("Order:\n"));
}

#[test]
fn a_comparison_fails_while_something_is_missing() {
    let root = Root::new(QUERY);
    let said = root.refused(&["check", "--against", "shop.yaml"]);
    assert!(said.contains("missing: POST /v3/shop/images (new)"), "{said}");
    assert!(said.contains("missing: event SHOP.OPENED"), "{said}");
    root.done(&["import", "shop.yaml"]);
    let said = root.refused(&["check", "--against", "shop.yaml"]);
    assert!(said.starts_with("missing: event SHOP.CLOSED\n"), "{said}");
}

#[test]
fn a_document_that_is_none_is_refused_with_its_place() {
    let root = Root::new(QUERY);
    fs::write(root.path("broken.json"), "{\"openapi\": \"3.0.0\",\n  oops}").unwrap();
    let said = root.refused(&["import", "broken.json"]);
    assert!(said.starts_with("broken.json:2:3: not JSON"), "{said}");
    assert!(root.refused(&["import", "nowhere.json"]).starts_with("cannot read nowhere.json"));
}

#[test]
fn a_comment_that_goes_away_is_told_before_and_after() {
    let root = Root::new(&QUERY.replace("get:", "get: # by hand"));
    let told = "orders/{out_order_no}.yaml:2: a comment is lost, write it in a `note`: # by hand";
    let said = root.done(&["import", "shop.yaml", "--dry-run"]);
    assert!(said.contains(told), "{said}");
    let said = root.done(&["import", "shop.yaml"]);
    assert!(said.contains(told), "{said}");
}

/// A page of the community's site that queries the order.
const PAGE: &str = "---
title: 查单
description: 支付之前查询订单
---
```js twoslash
namespace WeChatPay.OpenAPI.V3.Shop.Orders._out_order_no_.GetHttpMethod {
  export interface RequestConfig { out_order_no: string, params: { note: string | number } }
  export interface WellformedResponse { state: string, more: string }
}
```
";

#[test]
fn a_page_is_imported_with_its_description_where_asked_for() {
    let root = Root::new(QUERY);
    fs::write(root.path("page.md"), PAGE).unwrap();
    let said = root.done(&["import", "page.md", "--dry-run"]);
    assert!(said.contains("  page.md:7:74: `string | number`: several types"), "{said}");
    assert!(said.contains("1 descriptions were left out: `--notes` makes them notes"), "{said}");
    root.done(&["import", "page.md", "--notes"]);
    let query = root.read(QUERY_FILE);
    assert!(query.contains("  note: 支付之前查询订单\n"), "{query}");
    assert!(query.contains("    more?: { type: string }"), "{query}");
    assert!(query.contains("corrects: the page shows a number"), "{query}");
    let said = root.done(&["import", "page.md", "--notes"]);
    assert!(said.starts_with("0 operations, notifications and types change\n0 files"), "{said}");
}

#[test]
fn a_page_that_does_not_fit_writes_nothing() {
    let root = Root::new(QUERY);
    let sibling =
        PAGE.replace("_out_order_no_", "out_order_no").replace("out_order_no: string,", "");
    let deep = format!("more: {}string{}", "{ a: ".repeat(20), " }".repeat(20));
    for (page, told) in [
        (sibling, "endpoints/v3/shop/orders/out_order_no.yaml:1:7: path: the segment"),
        (PAGE.replace("more: string", &deep), "page.md:8:"),
        (PAGE.replace("state: string", "state: `"), "page.md:8:"),
        ("a".repeat(10_000_000), "page.md: too large: a page may have 512 KiB"),
    ] {
        fs::write(root.path("page.md"), page).unwrap();
        let said = root.refused(&["import", "page.md"]);
        assert!(said.starts_with(told), "{said}");
        assert_eq!(root.read(QUERY_FILE), QUERY);
        assert!(!root.path("wxpay-spec/endpoints/v3/shop/orders/out_order_no.yaml").exists());
    }
    fs::write(root.path("page.md"), b"---\ntitle: \xff\n").unwrap();
    let said = root.refused(&["import", "page.md"]);
    assert!(said.starts_with("page.md:2:8: not UTF-8"), "{said}");
}

#[test]
fn what_the_document_lacks_is_listed_where_asked_for() {
    let root = Root::new(QUERY);
    let other = "path: /v3/shop/other\nget:\n  title: 别的\n  response: none\n";
    fs::write(root.path("wxpay-spec/endpoints/v3/shop/other.yaml"), other).unwrap();
    let said = root.done(&["import", "shop.yaml", "--dry-run"]);
    assert!(said.contains("\n1 things are not in the document: `--absent` lists them"), "{said}");
    assert!(!said.contains("GET /v3/shop/other"), "{said}");
    let said = root.done(&["import", "shop.yaml", "--dry-run", "--absent"]);
    assert!(
        said.contains("  GET /v3/shop/other: not in the document: it stays as it is"),
        "{said}"
    );
}
