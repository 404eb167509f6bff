//! Pages over existing descriptors: they add what is unknown, and change nothing that is known.

use std::fmt::Write;
use std::path::Path;
use std::sync::OnceLock;

use wxpay_spec::import::{Imported, Merged, changes, merge, read_page};
use wxpay_spec::model::{
    Body, Endpoint, Families, Field, FieldType, Input, Method, Operation, Primitive, Response,
    Spec, StringFormat,
};

use crate::support::{described, reread, spec, text};

/// A page of a POST with these members.
fn page(path: &str, config: &str, request: &str, response: &str) -> String {
    format!(
        "---\ntitle: 页名\n---\n[官方文档](https://pay.wechatpay.cn/doc/v3/merchant/1)\n\n```js twoslash
namespace WeChatPay.OpenAPI.{path}.PostHttpMethod {{
  export interface JsonDataRequest {{ {request} }}
  export interface RequestConfig {{ data?: JsonDataRequest, {config} }}
  export interface WellformedResponse {{ {response} }}
}}
```
"
    )
}

fn after(before: &Spec, page: &str) -> Merged {
    let imported = read_page(page, &before.families).unwrap_or_else(|error| panic!("{error}"));
    let merged = merge(before, &imported);
    reread(&merged.spec);
    merged
}

fn told(merged: &Merged) -> Vec<String> {
    merged.remarks.iter().map(ToString::to_string).collect()
}

const ORDER: &str = "path: /v3/shop/orders/{out_order_no}/pay
post:
  title: 支付
  docs:
    - https://pay.weixin.qq.com/wiki/doc/apiv3/1.shtml
    - https://pay.weixin.qq.com/doc/v3/merchant/1
  roles: [merchant]
  repeat: out_pay_no
  path:
    out_order_no: { type: string, title: 订单号, length: 1..32 }
  query:
    mchid: { type: string, title: 商户号 }
  request:
    out_pay_no: { type: string, title: 支付单号, length: 1..32 }
    amount: { type: integer, title: 金额, range: 1.. }
    rate?: { type: number, title: 费率 }
    name: { type: string, title: 姓名, secret: text }
    kind: { type: string, title: 种类, enum: { A: 甲, B: { title: 乙, rust: Second } } }
    at: { type: string, title: 时间, format: compact-time, example: \"20091225091010\" }
    until?: { type: string, format: date-time }
    state: { type: State, title: 状态 }
    detail?: { type: json-text, title: 详情, content: { type: object, fields: { a: { type: string } } } }
    open?: { type: json, title: 任意 }
    code: { type: string, title: 码, example: not a time }
    goods?: { type: list, length: 1..9, items: { type: object, fields: { id: { type: string, title: 编码 }, price?: { type: integer } } } }
    fixed: { type: string, title: 手写, corrects: the page is wrong }
  response: none
";
const STATES: &str = "State: { enum: { OPEN: 开, CLOSED: 关 } }\n";

fn order() -> Spec {
    spec(&[
        ("endpoints/v3/shop/orders/{out_order_no}/pay.yaml", ORDER),
        ("types/shop.yaml", STATES),
    ])
}

const ORDER_PAGE: &str = "V3.Shop.Orders._out_order_no_.Pay";

#[test]
fn a_page_that_says_less_changes_nothing() {
    let merged = after(
        &order(),
        &page(
            ORDER_PAGE,
            "out_order_no: string, params: { mchid: string }",
            "out_pay_no: string, amount: number, rate: number, name: string, kind: string, at: string, \
             until: string, state: string, detail: string, open: any, code: string, \
             goods: { id: string, price: number }[], fixed: number",
            "ok: string",
        ),
    );
    assert_eq!(changes(&order(), &merged.spec), []);
    assert_eq!(told(&merged).len(), 1, "{:?}", merged.remarks);
    assert!(told(&merged)[0].contains("another kind of response"), "{:?}", merged.remarks);
    assert_eq!(merged.absent, []);
}

#[test]
fn a_page_that_says_otherwise_is_remarked_and_changes_nothing() {
    let merged = after(
        &order(),
        &page(
            ORDER_PAGE,
            "out_order_no: number, params: { mchid: number }",
            "amount: string, name: 'A' | 'B', kind: number, at: string | Date, state: boolean, \
             code: Date, goods: string, mchid: string, outPayNo: string",
            "",
        ),
    );
    assert_eq!(changes(&order(), &merged.spec), []);
    insta::assert_snapshot!(told(&merged).join("\n"));
}

#[test]
fn a_page_adds_what_is_unknown() {
    let merged = after(
        &order(),
        &page(
            ORDER_PAGE,
            "out_order_no: string, params: { mchid: string, page: number }",
            "out_pay_no: string, /** 新 */ fresh: { a: string, b?: number }, kind: 'A' | 'C', \
             state: 'OPEN' | 'DONE' /* 完成 */, open: { x: string }, \
             goods: { id: string, name: string | Date }[]",
            "",
        ),
    );
    assert_eq!(told(&merged), [""; 0]);
    insta::assert_snapshot!(
        changes(&order(), &merged.spec)
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join("\n")
    );
}

#[test]
fn a_question_mark_loosens_with_a_remark_but_never_a_natural_key() {
    let merged = after(
        &order(),
        &page(
            ORDER_PAGE,
            "out_order_no?: string",
            "out_pay_no?: string, amount?: number, kind: string | null, fixed?: string",
            "",
        ),
    );
    let changed: Vec<String> =
        changes(&order(), &merged.spec).iter().map(ToString::to_string).collect();
    assert_eq!(changed.len(), 1, "{changed:?}");
    let lines: Vec<&str> = changed[0].lines().skip(1).collect();
    assert_eq!(
        lines,
        [
            "  ~ request.amount: presence required → optional",
            "  ~ request.kind: presence required → optional"
        ]
    );
    let remarks = told(&merged);
    assert_eq!(remarks.len(), 3, "{remarks:?}");
    assert!(remarks[0].ends_with("it stays required, as `repeat` names it"), "{remarks:?}");
    assert!(
        remarks[1].ends_with("request.amount: the page marks it as optional: no longer required")
    );
}

#[test]
fn a_natural_key_of_a_named_request_stays_required() {
    let file = "path: /v3/shop/orders\npost:\n  title: 下单\n  repeat: out_no\n  request: Order\n  response: none\n";
    let types = "Order: { direction: request, fields: { out_no: { type: string }, a: { type: string } } }\n";
    let before = spec(&[("endpoints/v3/shop/orders.yaml", file), ("types/shop.yaml", types)]);
    let merged =
        after(&before, &page("V3.Shop.Orders", "", "out_no?: string, a?: string, b: string", ""));
    let written = text(&merged.spec);
    for line in ["out_no: {", "a?: {", "b?: {"] {
        assert!(written.contains(&format!("    {line}")), "{written}");
    }
}

#[test]
fn a_page_finds_the_descriptor_of_a_url_that_it_spells_otherwise() {
    let page =
        page("V3.Shop.orders.$order_no$.Pay._empty_", "order_no: string", "out_pay_no: string", "");
    let merged = after(&order(), &page);
    assert_eq!(changes(&order(), &merged.spec), []);
    assert!(told(&merged)[0].contains("taken as `/v3/shop/orders/{out_order_no}/pay`"));
}

#[test]
fn an_upload_computes_its_digest_once() {
    let file = "path: /v3/shop/images
post:
  title: 上传
  upload:
    meta:
      file_name: { type: string, title: 文件名, computed: file-name }
      file_digest: { type: string, title: 摘要, computed: sha256 }
    file: picture
  response: { media_id: { type: string, title: 标识, format: media-id } }
";
    let before = spec(&[("endpoints/v3/shop/images.yaml", file)]);
    for form in [
        "meta: string, file: ReadStream",
        "meta: { sha256: string, filename: string }, file: Buffer",
    ] {
        let page = page("V3.Shop.Images", "", "", "media_id: string")
            .replace("JsonDataRequest {  }", &format!("BinaryDataRequest {{ {form} }}"))
            .replace("data?: JsonDataRequest", "data?: BinaryDataRequest");
        let merged = after(&before, &page);
        let changed = changes(&before, &merged.spec);
        let changed: Vec<String> =
            changed.iter().flat_map(|c| &c.lines).map(ToString::to_string).collect();
        assert_eq!(
            changed,
            ["~ operation: docs https://pay.wechatpay.cn/doc/v3/merchant/1"],
            "{form}"
        );
        assert!(told(&merged)[0].contains("calls the file"), "{:?}", merged.remarks);
    }
}

#[test]
fn a_body_that_is_new_to_an_operation_is_optional() {
    let file = "path: /v3/shop/orders\npost:\n  title: 下单\n  response: none\n";
    let before = spec(&[("endpoints/v3/shop/orders.yaml", file)]);
    let merged = after(&before, &page("V3.Shop.Orders", "params: { p: string }", "a: string", ""));
    let written = text(&merged.spec);
    assert!(
        written.contains("    a?: { type: string }") && written.contains("    p?: {"),
        "{written}"
    );
}

#[test]
fn a_renamed_member_is_not_required_twice() {
    let document =
        |members: &str| crate::support::answering(members).replace("[state]", "[id, fresh, last]");
    let before = described(
        "id: { type: string }\nold: { type: string, title: 名 }\nlast: { type: integer }",
    );
    let facts = document("id: { type: string }, fresh: { type: string }, last: { type: integer }");
    let merged = crate::support::after(&before, &facts);
    let expected = described(
        "id: { type: string }\nfresh: { type: string }\nold?: { type: string, title: 名 }\nlast: { type: integer }",
    );
    assert_eq!(merged.spec, expected, "{}", text(&merged.spec));
    assert!(told(&merged)[0].contains("a new `fresh`"), "{:?}", merged.remarks);
    let again = crate::support::after(&merged.spec, &facts);
    assert_eq!((told(&again), again.spec), (Vec::new(), merged.spec));
    // Members of another kind are not one.
    let facts = document("id: { type: string }, fresh: { type: boolean }, last: { type: integer }");
    assert!(text(&crate::support::after(&before, &facts).spec).contains("    old: {"));
}

#[test]
fn a_renamed_parameter_is_the_same_url() {
    let file = "path: /v3/shop/orders/{order_no}\nget:\n  title: 查单\n  path: { order_no: { type: string } }\n  response: none\n";
    let before = spec(&[("endpoints/v3/shop/orders/{order_no}.yaml", file)]);
    let facts = "openapi: 3.0.0
paths:
  /v3/shop/orders/{out_order_no}:
    get:
      summary: 查单
      parameters: [{ name: out_order_no, in: path, required: true, description: 单号, schema: { type: string } }]
      responses: { '204': {} }
";
    let merged = crate::support::after(&before, facts);
    assert_eq!(merged.spec.endpoints.len(), 1, "{}", text(&merged.spec));
    assert!(text(&merged.spec).contains("order_no: { type: string, title: 单号 }"));
}

/// The project's own descriptors.
fn own() -> &'static Spec {
    static OWN: OnceLock<Spec> = OnceLock::new();
    OWN.get_or_init(|| {
        wxpay_spec::load(Path::new(env!("CARGO_MANIFEST_DIR")))
            .unwrap_or_else(|error| panic!("{error}"))
    })
}

/// A type as the site's pages show it: everything required, with plain types.
fn shown(ty: &FieldType, spec: &Spec, depth: usize) -> String {
    match ty {
        FieldType::Primitive(Primitive::String(Some(StringFormat::DateTime))) => {
            "string | Date".to_owned()
        }
        FieldType::Primitive(Primitive::String(_) | Primitive::Secret(_))
        | FieldType::JsonText(_)
        | FieldType::Enum { integer: false, .. } => "string".to_owned(),
        FieldType::Primitive(Primitive::Integer | Primitive::Number)
        | FieldType::Enum { integer: true, .. } => "number".to_owned(),
        FieldType::Primitive(Primitive::Boolean) => "boolean".to_owned(),
        FieldType::Primitive(Primitive::Json) => "any".to_owned(),
        FieldType::List(element) => format!("({})[]", shown(element, spec, depth)),
        FieldType::Object(fields) => members(fields, spec, depth + 1),
        FieldType::Named(id) => match spec.types.get(id).map(|named| &named.shape) {
            Some(wxpay_spec::model::Shape::Object { fields, .. }) => {
                members(fields, spec, depth + 1)
            }
            Some(wxpay_spec::model::Shape::Enum { integer: true, .. }) => "number".to_owned(),
            _ => "string".to_owned(),
        },
    }
}

fn members(fields: &[Field], spec: &Spec, depth: usize) -> String {
    if depth > 6 {
        return "any".to_owned();
    }
    let mut text = "{ ".to_owned();
    for field in fields {
        let _infallible = write!(text, "'{}': {}, ", field.name, shown(&field.ty, spec, depth));
    }
    text + "}"
}

fn of_body(body: &Body, spec: &Spec) -> String {
    members(body.fields(&spec.types), spec, 0)
}

/// The page that the site would have for an operation.
fn page_of(endpoint: &Endpoint, method: Method, operation: &Operation, spec: &Spec) -> String {
    let chain: Vec<String> = endpoint
        .path
        .split('/')
        .skip(1)
        .map(|part| match part.strip_prefix('{').and_then(|part| part.strip_suffix('}')) {
            Some(name) => format!("_{name}_"),
            None if part.is_empty() => "_empty_".to_owned(),
            None => part.split('-').map(capital).collect(),
        })
        .collect();
    let plain = |fields: &[Field]| members(fields, spec, 0);
    let (request, data) = match &operation.input {
        Input::None => (String::new(), ""),
        Input::Json(body) => (
            format!("interface JsonDataRequest {}", of_body(body, spec)),
            "data?: JsonDataRequest,",
        ),
        Input::Upload(_) => (
            "interface BinaryDataRequest { meta: string, file: ReadStream }".to_owned(),
            "data?: BinaryDataRequest,",
        ),
    };
    let response = match &operation.response {
        Response::None { .. } => String::new(),
        Response::Json { body, .. } => {
            format!("interface WellformedResponse {}", of_body(body, spec))
        }
        Response::Download(_) => "type WellformedResponse = Buffer".to_owned(),
    };
    let path = plain(&operation.path);
    let path = path.trim_start_matches("{ ").trim_end_matches('}');
    let query = if operation.query.is_empty() {
        String::new()
    } else {
        format!("params: {},", plain(&operation.query))
    };
    format!(
        "---\ntitle: 页名\n---\n```js twoslash\nnamespace WeChatPay.OpenAPI.{}.{}HttpMethod {{\n{request}\n\
         interface RequestConfig {{ {data} {query} {path} }}\n{response}\n}}\n```\n",
        chain.join("."),
        capital(method.key()),
    )
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    let first = letters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}

/// A page of each operation, as the site shows it, teaches nothing that would be wrong.
#[test]
fn pages_of_the_own_operations_change_nothing() {
    let spec = own();
    let mut all = Imported::default();
    for endpoint in spec.endpoints.values() {
        for (method, operation) in &endpoint.operations {
            let page = page_of(endpoint, *method, operation, spec);
            let imported = read_page(&page, &Families::default())
                .unwrap_or_else(|error| panic!("{}: {error}\n{page}", endpoint.path));
            all.endpoints.extend(imported.endpoints);
        }
    }
    assert!(all.endpoints.len() > 1000, "{}", all.endpoints.len());
    let merged = merge(spec, &all);
    let changed = changes(spec, &merged.spec);
    assert_eq!(changed.iter().map(ToString::to_string).collect::<Vec<_>>(), [""; 0]);
    assert_eq!(merged.outdated, []);
}

/// An example says nothing about the members of a named type.
#[test]
fn a_named_type_gets_no_example_from_a_page() {
    let before = spec(&[
        (
            "endpoints/v3/shop/carts.yaml",
            "path: /v3/shop/carts
post:
  title: 购物车
  request: { a?: { type: string } }
  response: { goods?: { type: list, items: { type: shop/Good } } }
",
        ),
        ("types/shop.yaml", "Good:\n  direction: response\n  fields: { id: { type: string } }\n"),
    ]);
    // `after` reads the descriptors again, which refuses an example that does not fit.
    let merged =
        after(&before, &page("V3.Shop.Carts", "", "", "\n/** @example A */\ngoods: Date\n"));
    assert!(!text(&merged.spec).contains("example"), "{}", text(&merged.spec));
}
