//! Reading OpenAPI documents.

use wxpay_spec::import::read_openapi;
use wxpay_spec::model::{Families, Spec};

use crate::support::{SHOP, after, imported, text};

#[test]
fn a_document_becomes_descriptors_that_load() {
    let mut merged = after(&Spec::default(), SHOP);
    // A person chooses the place and the family of a webhook.
    merged.spec.notifications.retain(|_, notification| !notification.webhooks.is_empty());
    insta::assert_snapshot!(text(&merged.spec));
}

#[test]
fn what_cannot_be_described_is_remarked() {
    let remarks: Vec<String> = imported(SHOP).remarks.iter().map(ToString::to_string).collect();
    insta::assert_snapshot!(remarks.join("\n"));
}

#[test]
fn json_and_yaml_say_the_same() {
    let value: serde_yaml::Value = serde_yaml::from_str(SHOP).unwrap();
    let json = serde_json::to_string(&value).unwrap();
    assert_eq!(imported(&json), imported(SHOP));
}

#[test]
fn a_document_of_another_kind_is_refused_with_its_place() {
    let refused = |text: &str| read_openapi(text, &Families::default()).unwrap_err().to_string();
    assert!(refused("swagger: '2.0'").contains("expected `openapi: 3."));
    assert!(refused("{\"openapi\": \"3.0.0\",\n  oops}").starts_with("2:3: not JSON"));
    assert!(refused("openapi: 3.0.0\n\tpaths: {}").starts_with("2:1: not YAML"));
}

#[test]
fn a_schema_that_contains_itself_comes_to_an_end() {
    let text = "openapi: 3.0.0
paths:
  /v3/a:
    post:
      summary: 试
      requestBody: { content: { application/json: { schema: { $ref: '#/x' } } } }
      responses: { '204': {} }
x: { type: object, properties: { name: { type: string }, child: { $ref: '#/x' } } }
y: { $ref: '#/y' }
";
    let imported = imported(text);
    let what = imported.remarks.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
    assert!(what.contains("nested too deep"), "{what}");
}

const ODD: &str = "openapi: 3.1.0
paths:
  x-paths: {}
  /v3/../up: { get: { summary: 上, responses: { 204: {} } } }
  /v3/tree/{id}:
    post:
      summary: 树
      x-docs: [https://pay.weixin.qq.com/1, https://pay.weixin.qq.com/1]
      requestBody:
        content:
          application/json; charset=utf-8:
            example: { name: 根 }
            schema: { $ref: '#/tree', title: 旁 }
      responses:
        200: { content: { application/json: { schema: { type: object, properties: { ok: { type: string } }, allOf: [] } } } }
tree:
  type: object
  properties:
    name: { type: string, deprecated: true }
    level: { type: integer, enum: [1], x-enum-titles: { 1: 一 } }
    share: { type: number, enum: [0.5], readOnly: false }
    left: { $ref: '#/tree' }
    right: { $ref: '#/tree' }
    both: { type: array, items: { $ref: '#/tree' } }
    bare: { type: array }
";

/// A schema with two references to itself would be huge if only the depth were limited.
#[test]
fn odd_documents_lose_nothing_silently() {
    let imported = imported(ODD);
    let remarks: Vec<String> = imported.remarks.iter().map(ToString::to_string).collect();
    let spec = after(&Spec::default(), ODD).spec;
    insta::assert_snapshot!(format!("{}\n{}", text(&spec), remarks.join("\n")));
}

#[test]
fn the_documents_own_server_is_the_host_where_nothing_else_is_named() {
    let text = "openapi: 3.0.0
servers: [{ url: https://apihk.mch.weixin.qq.com/v3 }]
paths:
  /v3/a: { get: { summary: 甲, responses: { '204': {} } } }
  /v3/b:
    servers: [{ url: https://api.mch.weixin.qq.com }]
    get: { summary: 乙, responses: { '204': {} } }
";
    let imported = imported(text);
    let hosts: Vec<_> =
        imported.endpoints.iter().map(|endpoint| endpoint.host.as_deref()).collect();
    assert_eq!(hosts, [Some("apihk.mch.weixin.qq.com"), None]);
    let remarks: Vec<String> = imported.remarks.iter().map(ToString::to_string).collect();
    assert!(remarks.join("\n").contains("the path of the server"), "{remarks:?}");
}
