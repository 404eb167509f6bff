//! Documentation pages become descriptors, or say why not.
#![cfg(feature = "import")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::string_slice,
    reason = "a test may stop anywhere"
)]

mod hostile;
mod never_panics;
mod support;
mod types;

use support::{remarks, text};
use wxpay_spec::import::read_page;
use wxpay_spec::model::Families;

fn refused(page: &str) -> String {
    read_page(page, &Families::default()).unwrap_err().to_string()
}

#[test]
fn a_post_takes_its_body_its_path_and_the_samples_values() {
    insta::assert_snapshot!(text(support::CLOSE));
}

#[test]
fn a_get_takes_its_query_and_its_headers() {
    insta::assert_snapshot!(text(support::QUERY));
}

#[test]
fn objects_lists_and_enums_nest() {
    insta::assert_snapshot!(text(support::NESTED));
}

#[test]
fn a_page_may_hold_several_operations_with_files_and_empty_answers() {
    insta::assert_snapshot!(text(support::UPLOAD));
}

#[test]
fn what_cannot_be_expressed_is_remarked_and_the_rest_is_read() {
    insta::assert_snapshot!(text(support::INEXPRESSIBLE));
}

#[test]
fn a_page_that_can_be_expressed_leaves_no_remark() {
    for page in [support::CLOSE, support::QUERY, support::NESTED] {
        assert_eq!(remarks(page), "");
    }
}

#[test]
fn broken_typescript_is_refused_at_its_place() {
    insta::assert_snapshot!(refused(include_str!("fixtures/broken.md")));
}

#[test]
fn a_missing_brace_is_refused_at_the_end() {
    let page = support::CLOSE.replace("    order_id: string\n  }\n}", "    order_id: string\n  }");
    insta::assert_snapshot!(refused(&page));
}

#[test]
fn broken_front_matter_is_refused_at_its_place() {
    insta::assert_snapshot!(refused("---\ntitle: a\nroles: [\n---\n"));
}

#[test]
fn another_text_is_refused() {
    insta::assert_snapshot!(refused(include_str!("fixtures/no-page.md")));
    assert_eq!(refused(""), refused(include_str!("fixtures/no-page.md")));
}

#[test]
fn a_page_with_windows_line_ends_says_the_same() {
    let page = support::NESTED.replace('\n', "\r\n");
    assert_eq!(text(&page), text(support::NESTED));
}
