//! Tests the samples of shapes that are rare in the real descriptors.

use wxpay_codegen::samples;

use crate::support::source;

const OPERATION: &str = r##"
path: /v3/shop/orders/{id}/{kind}
post:
  title: 订单
  repeat: id
  path:
    id: { type: integer, example: 7 }
    kind: { type: string, enum: { A: , B: } }
  query:
    ids: { type: list, items: { type: string }, example: [a, "b\"#"] }
    filter?: { type: json-text, content: { type: Node } }
  header:
    Idempotency-Key?: { type: string }
  request:
    name: { type: string, secret: text, length: 2..4 }
    key?: { type: string, secret: bytes }
    phones?: { type: list, items: { type: string, secret: text } }
    level?: { type: integer, enum: { 1: , 2: } }
    price?: { type: number }
    discount?: { type: integer, range: -5..-2 }
    code?: { type: string, length: 6 }
    long?: { type: string, length: 6.. }
    open?: { type: json, example: { b: [1, -1.5, null], a: true } }
    pair?: { type: list, length: 2, items: { type: object, fields: { value?: { type: boolean } } } }
    node?: { type: Node }
  status: 202
  response:
    name?: { type: string, secret: text, example: 张三 }
    level?: { type: integer, enum: { 1: , 2: } }
    tree?: { type: Tree }
    texts?: { type: json-text, content: { type: list, items: { type: string, format: date-time } } }
"##;

const TYPES: &str = r"
Node:
  direction: request
  fields:
    id: { type: string }
    children: { type: list, items: { type: Node } }
Tree:
  direction: response
  fields:
    key?: { type: string, secret: bytes, example: abc }
    children: { type: list, items: { type: Tree } }
";

const NOTIFICATION: &str = r"
title: 订单通知
family: shop
events: [SHOP.DONE]
resource: Tree
";

#[test]
fn rare_shapes() {
    let spec = wxpay_spec::read([
        source("endpoints/v3/shop/orders/{id}/{kind}.yaml", OPERATION.trim_start()),
        source("types/shop.yaml", TYPES.trim_start()),
        source("notifications/shop/order.yaml", NOTIFICATION.trim_start()),
    ]);
    let spec = spec.unwrap_or_else(|errors| panic!("{errors}"));
    let text = samples(&spec).unwrap_or_else(|errors| panic!("{errors}"));
    assert_eq!(samples(&spec).as_ref(), Ok(&text), "the same descriptors, the same bytes");
    insta::assert_snapshot!(text);
}

#[test]
fn function_names_are_valid_and_distinct() {
    let notification = "title: 领卡通知\nfamily: core\nevents: [DISCOUNT_CARD.GET_CARD]\n\
                        resource: { card_id: { type: string } }\n";
    let get = |path: &str| {
        let text = format!("path: {path}\nget: {{ title: 查询, response: none }}\n");
        source(&format!("endpoints{path}.yaml"), &text)
    };
    let sources = vec![
        source("families.yaml", "core: { title: 通用, paths: [/v3/certificates] }\n"),
        source("notifications/sample/DISCOUNT_CARD.GET_CARD.yaml", notification),
        get("/v3/pay/a/b_c"),
        get("/v3/pay/a_b/c"),
    ];
    let spec = wxpay_spec::read(sources).unwrap_or_else(|errors| panic!("{errors}"));
    let text = wxpay_codegen::samples(&spec).unwrap_or_else(|errors| panic!("{errors}"));
    assert!(text.contains("fn notification__sample__DISCOUNT_CARDx2eGET_CARD("), "{text}");
    assert_eq!(text.matches("fn v3__pay__a__b_c__get(").count(), 1, "{text}");
    assert_eq!(text.matches("fn v3__pay__a_b__c__get(").count(), 1, "{text}");
}
