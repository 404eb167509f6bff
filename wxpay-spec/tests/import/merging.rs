//! Merging facts into existing descriptors.

use wxpay_spec::import::{changes, missing};
use wxpay_spec::model::Spec;

use crate::support::{SHOP, after, answering, described, imported, reread, spec, text};

const TYPES: &str = "Order:
  title: 订单
  direction: response
  fields:
    state: { type: OrderState, title: 状态 }
    note: { type: string, rust: remark, note: 写给读者 }
OrderState:
  enum:
    OPEN: { title: 开, rust: Started }
";
const QUERY: &str = "path: /v3/shop/orders/{out_order_no}
get:
  title: 旧名
  note: 手写
  path:
    out_order_no: { type: string }
  response: Order
";
const CREATE: &str = "path: /v3/shop/orders/
post:
  title: 下单
  repeat: out_order_no
  request:
    out_order_no: { type: string, rust: number }
    amount: { type: string, title: 金额, corrects: the page shows quotes }
  response: Order
";

fn hand_written() -> Spec {
    spec(&[
        ("types/shop.yaml", TYPES),
        ("endpoints/v3/shop/orders/{out_order_no}.yaml", QUERY),
        ("endpoints/v3/shop/orders.yaml", CREATE),
    ])
}

#[test]
fn facts_come_in_and_what_a_person_wrote_stays() {
    let merged = after(&hand_written(), SHOP);
    let only = |path: &str| merged.spec.endpoints.get(path).cloned();
    let mut shown = merged.spec.clone();
    shown.endpoints.retain(|path, _| path.contains("orders"));
    shown.notifications.clear();
    insta::assert_snapshot!(text(&shown));
    assert!(only("/v3/shop/images").is_some(), "what is new is added");
    assert_eq!(merged.outdated, []);
}

#[test]
fn importing_twice_changes_nothing() {
    for before in [Spec::default(), hand_written(), described("state: { type: string }")] {
        let once = reread(&after(&before, SHOP).spec);
        let twice = after(&once, SHOP);
        assert_eq!(changes(&once, &twice.spec), []);
    }
}

#[test]
fn every_change_is_told_field_by_field() {
    let before = hand_written();
    let told: Vec<String> =
        changes(&before, &after(&before, SHOP).spec).iter().map(ToString::to_string).collect();
    insta::assert_snapshot!(told.join("\n\n"));
}

#[test]
fn a_correction_keeps_its_field_and_not_its_members() {
    let before = described(
        "state:\n  type: object\n  title: 手写\n  corrects: the title was another\n  fields:\n    a: { type: string }",
    );
    let facts = answering(
        "state: { type: object, title: 别的, properties: { a: { type: integer }, b: { type: string } } }",
    );
    insta::assert_snapshot!(text(&after(&before, &facts).spec));
}

#[test]
fn silence_takes_nothing_away() {
    let text = "path: /v3/shop/orders
host: apihk.mch.weixin.qq.com
get:
  title: 查单
  docs: [https://pay.weixin.qq.com/doc/v3/merchant/1]
  deprecated: use another
  response:
    state: { type: string, title: 状态, enum: { OPEN: 进行中 }, example: OPEN }
";
    let before = spec(&[("endpoints/v3/shop/orders.yaml", text)]);
    let merged = after(&before, &answering("state: { type: string }"));
    assert_eq!((merged.spec, merged.remarks), (before, Vec::new()));
}

#[test]
fn what_the_import_lacks_stays_and_is_told_to_those_who_ask() {
    let before = described("state: { type: string }\nold: { type: string }");
    let merged = after(&before, &answering("state: { type: string }"));
    assert_eq!(merged.spec, before);
    assert_eq!(merged.remarks, []);
    let absent: Vec<String> = merged.absent.iter().map(ToString::to_string).collect();
    assert_eq!(absent.len(), 1);
    assert!(absent[0].starts_with("GET /v3/shop/orders: response.old: "), "{absent:?}");
}

#[test]
fn a_comparison_names_what_is_missing() {
    let found = missing(&hand_written(), &imported(SHOP));
    let places: Vec<String> = found.missing.iter().map(|change| change.place.clone()).collect();
    assert!(places.contains(&"POST /v3/shop/images".to_owned()), "{places:?}");
    assert!(places.contains(&"type shop/Order".to_owned()), "{places:?}");
    assert_eq!(found.events, ["SHOP.OPENED", "SHOP.CLOSED"]);

    let complete = after(&Spec::default(), SHOP).spec;
    let found = missing(&complete, &imported(SHOP));
    assert!(found.missing.is_empty(), "{:?}", found.missing);
    assert_eq!((found.differing, found.events), (0, vec!["SHOP.CLOSED".to_owned()]));
}

#[test]
fn a_type_that_others_use_too_only_gets_wider() {
    let types = "Order:
  direction: response
  fields:
    state?: { type: string }
    other: { type: string }
";
    let file =
        |name: &str| format!("path: /v3/shop/{name}\nget:\n  title: 查单\n  response: Order\n");
    let before = spec(&[
        ("types/shop.yaml", types),
        ("endpoints/v3/shop/orders.yaml", &file("orders")),
        ("endpoints/v3/shop/more.yaml", &file("more")),
    ]);
    let facts = answering("state: { type: string, title: 状态 }, new: { type: string }");
    let merged = after(&before, &facts);
    assert_eq!(merged.remarks, []);
    let absent: Vec<String> = merged.absent.iter().map(ToString::to_string).collect();
    assert_eq!(absent, ["GET /v3/shop/more: not in the document: it stays as it is"]);
    insta::assert_snapshot!(text(&merged.spec));
}

#[test]
fn another_kind_of_response_takes_nothing_away() {
    let before = described("state: { type: string, rust: phase }");
    let facts = "openapi: 3.0.0
paths: { /v3/shop/orders: { get: { summary: 查单, responses: { '204': {} } } } }";
    let merged = after(&before, facts);
    assert_eq!(merged.spec, before);
    assert!(merged.remarks[0].what.contains("another kind of response"), "{:?}", merged.remarks);
}

#[test]
fn a_notification_is_never_replaced_by_another() {
    let file = "family: core
title: 手写
events: [SHOP.OTHER]
resource:
  id: { type: string }
";
    let before = spec(&[("notifications/shop/opened.yaml", file)]);
    let merged = after(&before, SHOP);
    assert_eq!(merged.spec.notifications, before.notifications);
    let is_told = |what: &str| what.contains("`shop/opened` was left out");
    assert!(merged.remarks.iter().any(|remark| is_told(&remark.what)), "{:?}", merged.remarks);
}

#[test]
fn a_url_with_and_one_without_a_slash_at_its_end_share_a_file() {
    let before = described("state: { type: string }");
    let facts = answering("state: { type: string, title: 状态 }").replace("orders:", "orders/:");
    let merged = after(&before, &facts);
    assert_eq!(merged.spec, described("state: { type: string, title: 状态 }"));
    assert!(merged.remarks[0].what.starts_with("taken as `/v3/shop/orders`"));
}

#[test]
fn a_value_that_only_a_person_knows_is_remarked() {
    let before = described("state: { type: string, enum: { OPEN: 开, CLOSED: 关 } }");
    let facts = answering("state: { type: string, enum: [OPEN] }");
    let merged = after(&before, &facts);
    assert_eq!(merged.spec, before);
    assert!(merged.absent[0].what.contains("the value `CLOSED`"), "{:?}", merged.absent);
}

#[test]
fn another_label_is_no_missing_value() {
    let before = described("state: { type: string, enum: { OPEN: 开 } }");
    let against = |properties: &str| missing(&before, &imported(&answering(properties)));
    let found = against("state: { type: string, enum: [OPEN], x-enum-titles: { OPEN: 进行 } }");
    assert_eq!((found.missing.len(), found.differing), (0, 1));
    let found = against("state: { type: string, enum: [OPEN, DONE] }");
    assert_eq!(found.missing.len(), 1);
}

#[test]
fn a_source_without_titles_takes_none_away() {
    let untitled = SHOP.replace("summary: ", "operationId: ");
    assert_ne!(untitled, SHOP);
    let merged = after(&hand_written(), &untitled);
    let titles = ["/v3/shop/orders/{out_order_no}", "/v3/shop/orders/"].map(|path| {
        let endpoint = merged.spec.endpoints.get(path).unwrap();
        endpoint.operations.values().next().unwrap().title.clone()
    });
    assert_eq!(titles, ["旧名", "下单"]);
}

const CODEPAY: &str = "path: /v3/shop/pay
post:
  title: 付款
  query:
    id?: { type: string, rust: query_id, not_with: id }
  request:
    id?: { type: string }
    remark?: { type: string, empty: allowed }
  status: [200, 202]
  response: { state: { type: string } }
  errors:
    ORDER_CLOSED: { status: 400, when: closed }
";

fn paying(responses: &str) -> String {
    let text = "{ type: string, title: 备注 }";
    format!(
        "openapi: 3.0.0
paths:
  /v3/shop/pay:
    post:
      summary: 付款
      parameters: [{{ name: id, in: query, schema: {{ type: string }} }}]
      requestBody: {{ content: {{ application/json: {{ schema: {{ type: object, properties: {{ id: {text}, remark: {text} }} }} }} }} }}
      responses: {{ {responses} }}
"
    )
}

const STATE: &str = "{ content: { application/json: { schema: { type: object, properties: { state: { type: string } } } } } }";

#[test]
fn what_only_a_person_says_stays() {
    let before = spec(&[("endpoints/v3/shop/pay.yaml", CODEPAY)]);
    let merged = after(&before, &paying(&format!("'200': {STATE}")));
    let written = text(&merged.spec);
    for kept in ["status: [200, 202]", "ORDER_CLOSED: {", "empty: allowed", "not_with: id"] {
        assert!(written.contains(kept), "{kept} is gone: {written}");
    }
    assert!(written.contains("备注"), "the facts came in: {written}");
}

#[test]
fn several_successes_with_the_same_body_are_listed() {
    let document = paying(&format!("'202': {STATE}, '200': {STATE}, '204': {{}}"));
    let document = document.replace("name: id,", "name: number,");
    let merged = after(&Spec::default(), &document);
    assert!(text(&merged.spec).contains("status: [202, 200]"), "{}", text(&merged.spec));
    let remarks: Vec<String> =
        imported(&document).remarks.iter().map(ToString::to_string).collect();
    assert!(remarks.iter().any(|remark| remark.contains("204")), "{remarks:?}");
}

#[test]
fn a_status_that_nobody_wrote_comes_in() {
    let before = spec(&[("endpoints/v3/shop/pay.yaml", CODEPAY)]);
    let merged = after(&before, &paying(&format!("'201': {STATE}")));
    assert!(text(&merged.spec).contains("status: 201"), "{}", text(&merged.spec));
}

/// A document that sends these members, in this order, in the body, in an object of it, in a named
/// type's place and in the query.
fn sending(names: &[&str]) -> String {
    let members = names.iter().map(|name| format!("{name}: {{ type: string }}"));
    let (plain, required) = (members.collect::<Vec<_>>().join(", "), names.join(", "));
    let object = format!("{{ type: object, required: [{required}], properties: {{ {plain} }} }}");
    let query = names.iter().map(|name| {
        format!("        - {{ name: q_{name}, in: query, required: true, schema: {{ type: string }} }}\n")
    });
    format!(
        "openapi: 3.0.0
paths:
  /v3/shop/orders:
    post:
      summary: 下单
      parameters:
{}      requestBody:
        content:
          application/json:
            schema:
              type: object
              required: [{required}, named, inner]
              properties:
                named: {object}
                inner: {object}
                {}
      responses: {{ '204': {{ description: done }} }}
",
        query.collect::<String>(),
        names
            .iter()
            .map(|name| format!("{name}: {{ type: string }}\n                "))
            .collect::<String>(),
    )
}

#[test]
fn an_import_never_reorders_members() {
    use wxpay_spec::model::{Body, Field, FieldType, Input, Shape};
    let file = "path: /v3/shop/orders
post:
  title: 下单
  query: { q_c: { type: string }, q_a: { type: string }, q_b: { type: string } }
  request:
    c: { type: string }
    inner: { type: object, fields: { b: { type: string }, c: { type: string }, a: { type: string } } }
    b?: { type: string }
    a: { type: string }
    named: { type: Named }
  response: none
";
    let types = "Named:
  direction: request
  fields:
    a: { type: string }
    c: { type: string }
    b: { type: string }
";
    let before = spec(&[("endpoints/v3/shop/orders.yaml", file), ("types/shop.yaml", types)]);
    let names = |fields: &[Field]| {
        let known = fields.iter().map(|field| field.name.as_str()).filter(|name| *name != "new");
        known.filter(|name| *name != "q_new").collect::<Vec<_>>().join(" ")
    };
    let orders = [
        ["a", "b", "c", "new"],
        ["a", "c", "new", "b"],
        ["b", "new", "a", "c"],
        ["new", "b", "c", "a"],
        ["c", "a", "b", "new"],
        ["c", "b", "new", "a"],
    ];
    for order in orders {
        let merged = after(&before, &sending(&order)).spec;
        let operation = merged.endpoints["/v3/shop/orders"].operations.values().next().unwrap();
        let Input::Json(Body::Fields(request)) = &operation.input else { panic!("no body") };
        let inner = request.iter().find(|field| field.name == "inner").unwrap();
        let FieldType::Object(inner) = &inner.ty else { panic!("no object") };
        let Shape::Object { fields: named, .. } = &merged.types.values().next().unwrap().shape
        else {
            panic!("no type")
        };
        assert_eq!(names(&operation.query), "q_c q_a q_b", "{order:?}");
        assert_eq!(names(request), "c inner b a named", "{order:?}");
        assert_eq!(names(inner), "b c a", "{order:?}");
        assert_eq!(names(named), "a c b", "{order:?}");
        assert!(request.iter().any(|field| field.name == "new"), "{order:?}");
        assert!(request.iter().all(|field| !field.optional), "{order:?}");
    }
}
