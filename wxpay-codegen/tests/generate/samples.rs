//! The samples of shapes that are rare among the real descriptors.

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
