//! Corrected facts: they stay, and all other facts follow the import.

use crate::support::{after, answering, described, spec, text};

/// A document with the same operation, whose response requires these members.
fn requiring(required: &str, properties: &str) -> String {
    answering(properties).replace("required: [state]", &format!("required: [{required}]"))
}

#[test]
fn only_the_corrected_fact_stays_and_the_others_follow_the_import() {
    let field = |mark: &str, facts: &str| described(&format!("state{mark}: {{ {facts} }}"));
    let reason = "corrects: { title: cut in the middle }";
    let before = field("?", &format!("type: string, title: 手写, example: A, length: 4, {reason}"));
    let facts = "state: { type: integer, title: 手, example: 5, maximum: 9 }";
    let merged = after(&before, &requiring("state", facts));
    let expected =
        field("", &format!("type: integer, title: 手写, example: 5, range: ..9, {reason}"));
    assert_eq!(text(&merged.spec), text(&expected));
    assert_eq!((merged.remarks, merged.outdated), (Vec::new(), Vec::new()));
}

#[test]
fn every_fact_can_be_the_only_one_that_stays() {
    let ours = "type: string, title: 甲, example: A, length: 1..4, pattern: '^A'";
    let kept = [
        ("required", "type: string, title: 乙, example: B, length: 8, pattern: '^B'", true),
        ("type", "type: string, title: 乙, example: B, length: 8, pattern: '^B'", false),
        (
            "title",
            "type: string, format: uri, title: 甲, example: B, length: 8, pattern: '^B'",
            false,
        ),
        (
            "example",
            "type: string, format: uri, title: 乙, example: A, length: 8, pattern: '^B'",
            false,
        ),
        (
            "length",
            "type: string, format: uri, title: 乙, example: B, length: 1..4, pattern: '^B'",
            false,
        ),
        (
            "pattern",
            "type: string, format: uri, title: 乙, example: B, length: 8, pattern: '^A'",
            false,
        ),
    ];
    let facts =
        "state: { type: string, format: uri, title: 乙, example: B, maxLength: 8, pattern: '^B' }";
    for (fact, facts_after, optional) in kept {
        let format = if fact == "required" { ", format: uri" } else { "" };
        let corrects = format!("corrects: {{ {fact}: the page is wrong }}");
        let before = described(&format!("state?: {{ {ours}, {corrects} }}"));
        let merged = after(&before, &requiring("state", facts)).spec;
        let mark = if optional { "?" } else { "" };
        let expected = described(&format!("state{mark}: {{ {facts_after}{format}, {corrects} }}"));
        assert_eq!(text(&merged), text(&expected), "{fact}");
    }
}

#[test]
fn one_reason_for_all_facts_keeps_them_and_says_which_ones_differ() {
    let before = described("state?: { type: string, title: 手写, corrects: cut in the middle }");
    let merged = after(&before, &requiring("state", "state: { type: string, title: 手 }"));
    assert_eq!(merged.spec, before);
    let remark = merged.remarks[0].to_string();
    assert!(remark.contains("differs in `required`, `title`"), "{remark}");
}

#[test]
fn a_corrected_fact_that_the_import_agrees_with_is_outdated() {
    let before = described(
        "state: { type: string, title: 手写, example: A, corrects: { title: was cut, example: no value } }",
    );
    let merged = after(&before, &answering("state: { type: string, title: 手写, example: B }"));
    assert_eq!(merged.outdated.len(), 1);
    assert!(merged.outdated[0].what.contains("about `title`"), "{:?}", merged.outdated);
    let merged = after(&before, &answering("state: { type: string, title: 手写, example: A }"));
    assert!(merged.outdated[0].what.contains("remove `corrects`"), "{:?}", merged.outdated);
    let merged = after(&before, &answering("state: { type: string, title: 手, example: B }"));
    assert_eq!((merged.outdated, merged.spec), (Vec::new(), before));
}

#[test]
fn a_corrected_list_keeps_its_title_and_not_the_members_of_its_elements() {
    for corrects in ["the title was another", "{ title: the title was another }"] {
        let list = |members: &str| {
            described(&format!(
                "state:\n  type: list\n  title: 手写\n  corrects: {corrects}\n  items:\n    type: object\n    fields: {{ {members} }}"
            ))
        };
        let before = list("a: { type: string }");
        let facts = answering(
            "state: { type: array, title: 别的, items: { type: object, properties: { a: { type: integer }, b: { type: string } } } }",
        );
        let expected = list("a?: { type: integer }, b?: { type: string }");
        assert_eq!(text(&after(&before, &facts).spec), text(&expected), "{corrects}");
    }
}

#[test]
fn only_the_corrected_fact_of_an_operation_stays() {
    let file = |title: &str, roles: &str| {
        let text = format!(
            "path: /v3/shop/orders\nget:\n  title: {title}\n  roles: [{roles}]\n  corrects: {{ roles: merchants have a page too }}\n  response:\n    state: {{ type: string }}\n"
        );
        spec(&[("endpoints/v3/shop/orders.yaml", &text)])
    };
    let facts = answering("state: { type: string }")
        .replace("      summary: 查单", "      summary: 查单\n      x-roles: [服务商]");
    let merged = after(&file("旧名", "merchant, partner"), &facts);
    assert_eq!(text(&merged.spec), text(&file("查单", "merchant, partner")));
    assert_eq!(merged.outdated, []);
    let merged = after(&file("旧名", "partner"), &facts);
    assert_eq!(merged.outdated.len(), 1, "the roles agree");
}

#[test]
fn a_correction_that_the_import_agrees_with_is_outdated() {
    let before = described("state: { type: string, title: 状态, corrects: was an integer }");
    let agreeing = answering("state: { type: string, title: 状态 }");
    let merged = after(&before, &agreeing);
    assert_eq!(merged.outdated.len(), 1);
    assert!(merged.outdated[0].to_string().starts_with("GET /v3/shop/orders: response.state: "));
    let differing = answering("state: { type: integer, title: 状态 }");
    let merged = after(&before, &differing);
    assert_eq!((merged.outdated, merged.spec), (Vec::new(), before));
}

#[test]
fn a_corrected_operation_and_a_corrected_enum_keep_their_words() {
    let file = |title: &str| {
        format!(
            "path: /v3/shop/orders\nget:\n  title: {title}\n  corrects: another was meant\n  response:\n    state: {{ type: State }}\n"
        )
    };
    let types = |label: &str, more: &str| {
        format!("State:\n  corrects: cut in the middle\n  enum: {{ OPEN: {label}{more} }}\n")
    };
    let described = |title: &str, label: &str, more: &str| {
        let (file, types) = (file(title), types(label, more));
        spec(&[("endpoints/v3/shop/orders.yaml", &file), ("types/shop.yaml", &types)])
    };
    let facts = answering(
        "state: { type: string, enum: [OPEN, DONE], x-enum-titles: { OPEN: 进行, DONE: 完成 } }",
    );
    let merged = after(&described("手写", "进行中", ""), &facts);
    assert_eq!(merged.spec, described("手写", "进行中", ", DONE: 完成"));
    assert_eq!(merged.outdated, []);
    let agreed = after(&described("查单", "进行", ", DONE: 完成"), &facts);
    assert_eq!(agreed.outdated.len(), 2, "{:?}", agreed.outdated);
}

#[test]
fn silence_does_not_agree_with_a_correction() {
    let file = "path: /v3/shop/orders
get:
  title: 查单
  roles: [merchant]
  corrects: the page names another role
  response:
    state: { type: State }
";
    let types = "State:\n  corrects: CLOSED is missing\n  enum: { OPEN: 开, CLOSED: 关 }\n";
    let before = spec(&[("endpoints/v3/shop/orders.yaml", file), ("types/shop.yaml", types)]);
    let facts = answering("state: { type: string, enum: [OPEN], x-enum-titles: { OPEN: 开 } }");
    let merged = after(&before, &facts);
    assert_eq!((merged.outdated, merged.spec), (Vec::new(), before));
}
