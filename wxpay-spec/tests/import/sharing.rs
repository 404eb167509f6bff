//! Proposing and making shared types.

use wxpay_spec::import::{Proposal, propose, read_proposals, share, write_proposals};
use wxpay_spec::model::Spec;

use crate::support::{SHOP, after, reread, spec, text};

fn proposals(text: &str) -> Vec<Proposal> {
    read_proposals(text).unwrap_or_else(|error| panic!("{error}"))
}

fn shop() -> Spec {
    after(&Spec::default(), SHOP).spec
}

#[test]
fn what_looks_alike_is_proposed_and_reads_back() {
    let proposed = propose(&shop());
    let written = write_proposals(&proposed);
    insta::assert_snapshot!(written);
    assert_eq!(proposals(&written), proposed);
}

#[test]
fn accepted_proposals_become_types_and_nothing_is_left_to_propose() {
    let before = shop();
    let (shared, remarks) = share(&before, &propose(&before));
    assert_eq!(remarks, []);
    let mut shown = reread(&shared);
    shown.endpoints.retain(|path, _| path == "/v3/shop/orders/{out_order_no}");
    shown.notifications.clear();
    insta::assert_snapshot!(text(&shown));
    assert_eq!(propose(&shared), []);
}

#[test]
fn a_type_has_the_members_of_all_places_and_requires_what_all_require() {
    let file = |name: &str, members: &str| {
        format!(
            "path: /v3/a/{name}\npost:\n  title: 试\n  request:\n    x:\n      type: object\n      fields:\n{members}  response: none\n"
        )
    };
    let one = file("one", "        a: { type: string }\n        b: { type: string, rust: bee }\n");
    let two = file("two", "        a: { type: string }\n        c: { type: integer }\n");
    let before = spec(&[("endpoints/v3/a/one.yaml", &one), ("endpoints/v3/a/two.yaml", &two)]);
    let accepted = proposals(
        "a/Thing: { title: 东西, places: [POST /v3/a/one request.x, POST /v3/a/two request.x] }",
    );
    let (shared, remarks) = share(&before, &accepted);
    assert_eq!(remarks, []);
    insta::assert_snapshot!(text(&reread(&shared)));
}

#[test]
fn what_cannot_be_shared_is_remarked_and_stays() {
    let before = shop();
    let accepted = proposals(
        "shop/Mixed:
  places:
    - GET /v3/shop/orders/{out_order_no} response
    - POST /v3/shop/orders/ request
    - POST /v3/shop/orders/ request.amount
    - POST /v3/shop/orders/ request.nothing
",
    );
    let (_, remarks) = share(&before, &accepted);
    let remarks: Vec<String> = remarks.iter().map(ToString::to_string).collect();
    insta::assert_snapshot!(remarks.join("\n"));
}

#[test]
fn proposals_that_are_none_are_refused() {
    let refused = |text: &str| read_proposals(text).unwrap_err().to_string();
    assert!(refused("Order: { places: [] }").contains("expected `family/TypeName`"));
    assert!(refused("a/B: { places: [somewhere] }").contains("is not a place"));
    assert!(refused("a/B: { place: [] }").contains("unknown field"));
}

#[test]
fn what_does_not_fit_together_is_remarked_when_it_becomes_one_type() {
    let file = |name: &str, members: &str| {
        format!("path: /v3/a/{name}\npost:\n  title: 试\n  request:\n{members}  response: none\n")
    };
    let one = file(
        "one",
        "    x: { type: integer, enum: { 1: 一 } }\n    y:\n      type: object\n      fields:\n        \
         a: { type: string }\n        b: { type: string, corrects: not a number }\n",
    );
    let two = file(
        "two",
        "    x: { type: string, enum: { '1': 一 } }\n    y:\n      type: object\n      fields:\n        \
         a: { type: integer }\n        b: { type: integer }\n",
    );
    let before = spec(&[("endpoints/v3/a/one.yaml", &one), ("endpoints/v3/a/two.yaml", &two)]);
    let accepted = proposals(
        "a/X: { places: [POST /v3/a/one request.x, POST /v3/a/two request.x] }
a/Y: { places: [POST /v3/a/one request.y, POST /v3/a/two request.y] }",
    );
    let (shared, remarks) = share(&before, &accepted);
    let remarks: Vec<String> = remarks.iter().map(ToString::to_string).collect();
    insta::assert_snapshot!(format!("{}\n{}", text(&reread(&shared)), remarks.join("\n")));
}
