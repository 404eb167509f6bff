//! Tests the reference: a page of each kind, the indexes, the links, the tables.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use insta::assert_snapshot;
use wxpay_codegen::{Reference, reference};
use wxpay_spec::model::Spec;

use crate::support::{folder, source, spec};

fn of(spec: &Spec) -> Reference {
    reference(spec).unwrap_or_else(|errors| panic!("{errors}"))
}

fn page(case: &str, path: &str) -> String {
    let pages = of(&spec(case)).pages;
    let page = pages.get(path);
    page.unwrap_or_else(|| panic!("{path} is none of {:?}", pages.keys())).clone()
}

/// The reference of each case, and of the real descriptors.
static ALL: LazyLock<Vec<Reference>> = LazyLock::new(|| {
    let library = Path::new(env!("CARGO_MANIFEST_DIR")).join("../wxpay-spec");
    let library = wxpay_spec::load(&library).unwrap_or_else(|error| panic!("{error}"));
    let cases = fs::read_dir(folder(""))
        .expect("the folder of cases")
        .map(|case| spec(&case.expect("an entry").file_name().to_string_lossy()));
    cases.chain([library]).map(|spec| of(&spec)).collect()
});

#[test]
fn a_page_of_each_kind() {
    let pages = [
        ("json", "cancel", "v3/payscore/serviceorder/_out_order_no_/cancel.post.md"),
        ("nested", "prepay", "v3/pay/transactions/jsapi.post.md"),
        ("named_types", "named", "v3/pay/transactions/id/_transaction_id_.get.md"),
        ("json_text", "json", "v3/marketing/shopping-receipt.post.md"),
        ("query", "query", "v3/smartguide/guides.get.md"),
        ("header", "header", "v3/mch-transfer/bills.post.md"),
        ("no_content", "statuses", "hk/v3/refunds_.post.md"),
        ("upload", "upload", "v3/mch-manage/submission-files/sub-mchid/_sub_mchid_/upload.post.md"),
        ("download", "download", "v3/billdownload/file.get.md"),
        ("prose", "prose", "v3/legacy.get.md"),
        ("notification", "notifications", "notifications/pay/transaction.md"),
        ("ambiguous_notification", "notifications", "notifications/security/alert.md"),
    ];
    for (kind, case, path) in pages {
        assert_snapshot!(format!("page_{kind}"), page(case, path));
    }
}

#[test]
fn the_indexes() {
    let spec = wxpay_spec::read([
        source("families.yaml", "core: { title: 通用, paths: [/v3/certificates] }\n"),
        source(
            "endpoints/v3/certificates.yaml",
            "path: /v3/certificates\nget: { title: 下载证书, response: none }\n",
        ),
        source(
            "endpoints/v3/pay/orders.yaml",
            "path: /v3/pay/orders\n\
             get: { title: 查询订单, response: none }\n\
             post: { title: 下单, deprecated: 请改用新接口, response: none }\n",
        ),
        source(
            "endpoints/v3/pay/orders/{id}.yaml",
            "path: /v3/pay/orders/{id}\n\
             get: { title: 查询订单, path: { id: { type: string } }, response: none }\n",
        ),
        source(
            "notifications/pay/paid.yaml",
            "title: 支付通知\nfamily: pay\nevents: [PAID]\nresource: { id: { type: string } }\n",
        ),
    ]);
    let pages = of(&spec.unwrap_or_else(|errors| panic!("{errors}"))).pages;
    for name in ["README", "by-url", "by-name"] {
        assert_snapshot!(format!("index_{name}"), &pages[&format!("{name}.md")]);
    }
}

#[test]
fn the_samples_of_a_case_with_everything() {
    assert_snapshot!("reference_samples", of(&spec("statuses")).samples);
}

#[test]
fn every_link_leads_to_a_page() {
    for Reference { pages, .. } in ALL.iter() {
        for (path, text) in pages {
            for link in links(text) {
                let target = resolved(path, link);
                assert!(pages.contains_key(&target), "{path}: {link} leads to {target}");
            }
        }
    }
}

/// The targets of the links to other pages. Code contains no such links.
fn links(text: &str) -> Vec<&str> {
    let parts = text.split("](").skip(1);
    parts.filter_map(|rest| rest.split(')').next()).filter(|link| link.ends_with(".md")).collect()
}

fn resolved(from: &str, link: &str) -> String {
    let mut target = PathBuf::from(from);
    target.pop();
    for part in link.split('/') {
        match part {
            ".." => assert!(target.pop(), "{from}: {link} leaves the reference"),
            part => target.push(part),
        }
    }
    target.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
}

#[test]
fn the_indexes_link_every_page() {
    for Reference { pages, .. } in ALL.iter() {
        let listed = ["README.md", "by-name.md", "by-url.md"]
            .map(|index| (index, links(&pages[index]).into_iter().collect::<BTreeSet<_>>()));
        let listed = BTreeMap::from(listed);
        for path in pages.keys().filter(|path| !listed.contains_key(path.as_str())) {
            for (index, links) in &listed {
                let is_lifecycle = path.starts_with("lifecycles/");
                let is_left_out = match *index {
                    "README.md" => false,
                    "by-url.md" => is_lifecycle || path.starts_with("notifications/"),
                    _ => is_lifecycle,
                };
                assert_eq!(links.contains(path.as_str()), !is_left_out, "{path} in {index}");
            }
        }
    }
}

#[test]
fn pages_show_the_compiled_samples() {
    for Reference { pages, samples } in ALL.iter() {
        let mut shown = 0;
        for (path, text) in pages {
            let Some((_, rest)) = text.split_once("```rust\n") else { continue };
            let (block, _) = rest.split_once("```").expect("the block ends");
            let body: String = block.lines().map(|line| format!("        {line}\n")).collect();
            let function = format!(" -> Done {{\n{body}        Ok(())\n    }}\n");
            assert!(samples.contains(&function), "{path}: {block}");
            shown += 1;
        }
        let lifecycles = pages.keys().filter(|path| path.starts_with("lifecycles/")).count();
        let message = "every page but the indexes and the lifecycles has a sample";
        assert_eq!(shown + lifecycles + 3, pages.len(), "{message}");
        assert_eq!(samples.matches("-> Done {").count(), shown);
    }
}

#[test]
fn every_row_has_as_many_cells_as_its_table() {
    for Reference { pages, .. } in ALL.iter() {
        for (path, text) in pages {
            let mut columns = None;
            for line in text.lines() {
                let cells =
                    line.starts_with('|').then(|| line.replace("\\|", "").matches('|').count());
                if let (Some(columns), Some(cells)) = (columns, cells) {
                    assert_eq!(columns, cells, "{path}: {line}");
                }
                columns = cells;
            }
        }
    }
}

#[test]
fn pages_have_different_paths_on_every_file_system() {
    let get = |path: &str| {
        let file = path.trim_end_matches('/');
        let text = format!("path: {path}\nget: {{ title: 查询, response: none }}\n");
        source(&format!("endpoints{file}.yaml"), &text)
    };
    let spec = wxpay_spec::read([
        get("/v3/pay/policy-periods"),
        source(
            "endpoints/v3/pay/policy_periods.yaml",
            "path: /v3/pay/policy_periods\nnames: { policy_periods: other }\n\
             get: { title: 查询, response: none }\n",
        ),
        get("/v3/pay/orders/"),
        get("/v3/pay/orders_"),
        get("/v3/pay/a.get.md/b"),
        get("/v3/pay/a"),
        source(
            "endpoints/v3/pay/{id}.yaml",
            "path: /v3/pay/{id}\n\
             get: { title: 查询, path: { id: { type: string } }, response: none }\n",
        ),
    ]);
    let spec = spec.unwrap_or_else(|errors| panic!("{errors}"));
    let paths: Vec<_> = of(&spec).pages.into_keys().collect();
    let small: BTreeSet<_> = paths.iter().map(|path| path.to_lowercase()).collect();
    assert_eq!(small.len(), 7 + 3, "{paths:?}");
    let folders: BTreeSet<_> =
        paths.iter().filter_map(|path| path.rsplit_once('/')).map(|(folder, _)| folder).collect();
    assert!(paths.iter().all(|path| !folders.contains(path.as_str())), "{paths:?}");
}

#[test]
fn the_same_descriptors_make_the_same_reference() {
    let spec = spec("named");
    assert_eq!(of(&spec), of(&spec));
}
