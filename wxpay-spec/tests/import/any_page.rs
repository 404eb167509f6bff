//! Whatever a page says, an import of it is right or an error, takes nothing away and tightens nothing.

use proptest::collection::vec;
use proptest::prelude::{Strategy, prop_oneof, proptest};
use proptest::sample::select;
use proptest::test_runner::Config;
use wxpay_spec::import::{changes, merge, read_page};
use wxpay_spec::model::visit::{Visit, walk_field, walk_spec};
use wxpay_spec::model::{Field, FieldPlace, FieldType, Primitive, Shape, Spec};
use wxpay_spec::{SourceFile, read, write};

use crate::support::spec;

const FILE: &str = "path: /v3/shop/orders/{id}
post:
  title: 下单
  repeat: a
  path: { id: { type: string, title: 单号 } }
  query: { q: { type: string, title: 问 }, r?: { type: integer } }
  request:
    a: { type: string, title: 甲, length: 1..32, example: x }
    b?: { type: string, secret: text }
    c: { type: string, enum: { A: 甲, B: 乙 }, example: A }
    d?: { type: string, format: date-time, example: 2018-06-08T10:34:56+08:00 }
    e: { type: object, title: 物, fields: { a: { type: integer, range: 1.. }, b?: { type: string } } }
    f?: { type: list, items: { type: object, fields: { a: { type: string }, type?: { type: Kind } } } }
    g: { type: json }
    h?: { type: number, corrects: not an integer }
    i?: { type: string, empty: clears }
  response: Order
get:
  title: 查单
  path: { id: { type: string } }
  response: { a: { type: string }, n?: { type: json-text } }
";
const TYPES: &str = "Order:
  direction: response
  fields: { a: { type: string }, b?: { type: Kind, example: A }, c?: { type: list, items: { type: Order } } }
Kind:
  enum: { A: 甲, B: { title: 乙, rust: Second } }
";

fn before() -> Spec {
    spec(&[("endpoints/v3/shop/orders/{id}.yaml", FILE), ("types/shop.yaml", TYPES)])
}

/// A type as a page may write it.
fn ty() -> impl Strategy<Value = String> {
    let leaf = select(
        &[
            "string",
            "number",
            "boolean",
            "Date",
            "any",
            "'A'",
            "'C'",
            "1",
            "null",
            "undefined",
            "T",
            "U",
            "Missing",
            "ReadStream",
            "`x`",
            "''",
            "'a\\u0000'",
            "never",
        ][..],
    )
    .prop_map(str::to_owned);
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 2..4).prop_map(|parts| format!("({})", parts.join(" | "))),
            vec(inner.clone(), 2..3).prop_map(|parts| format!("({})", parts.join(" & "))),
            inner.clone().prop_map(|inner| format!("{inner}[]")),
            inner.clone().prop_map(|inner| format!("Partial<{inner}>")),
            inner.clone().prop_map(|inner| format!("[{inner}]")),
            members(inner),
        ]
    })
}

fn members(ty: impl Strategy<Value = String>) -> impl Strategy<Value = String> {
    let names = select(
        &[
            "a",
            "b",
            "c",
            "d",
            "e",
            "f",
            "g",
            "h",
            "i",
            "q",
            "id",
            "n",
            "type",
            "self",
            "'a-b'",
            "a_b",
            "A",
            "'x?'",
            "__proto__",
            "constructor",
            "'用户'",
            "'1'",
            "[k: string]",
            "file",
            "meta",
        ][..],
    );
    let member =
        (names, select(&["", "?"][..]), ty, select(&["", " // 注", " /** @example A */"][..]));
    let member = member.prop_map(|(name, mark, ty, doc)| format!("{name}{mark}: {ty},{doc}\n"));
    vec(member, 0..6).prop_map(|members| format!("{{ {} }}", members.concat()))
}

fn page() -> impl Strategy<Value = String> {
    let method = select(&["Post", "Get", "Put"][..]);
    let chain = select(
        &[
            "Shop.Orders._id_",
            "Shop.Orders.$no$",
            "Shop.Orders",
            "Shop._empty_",
            "Shop.orders._id_._empty_",
        ][..],
    );
    let parts = (method, chain, members(ty()), members(ty()), members(ty()), ty(), ty());
    parts.prop_map(|(method, chain, config, request, response, t, u)| {
        format!(
            "---\ntitle: 页\ndescription: 用途\n---\n```js twoslash
namespace WeChatPay.OpenAPI.V3.{chain}.{method}HttpMethod {{
type T = {t}
type U = {u}
interface RequestConfig {{ params: {config}, headers: {config}, data: JsonDataRequest, id: T }}
interface JsonDataRequest {request}
interface WellformedResponse {response}
}}
wxpay.v3.shop.orders._id_.post({{ a: 'x', b: 1, c: 'C', e: {{ a: true }} }}, {{ id: 'y', params: {{ q: 2 }} }})
```
"
        )
    })
}

/// What must stay of each member, by its place.
#[derive(Default)]
struct Known(Vec<(String, Field)>);

impl<'s> Visit<'s> for Known {
    fn visit_field(&mut self, place: &FieldPlace, field: &'s Field) {
        self.0.push((format!("{} {}", place.entry, place.key_path()), field.clone()));
        walk_field(self, place, field);
    }
}

fn known(spec: &Spec) -> Vec<(String, Field)> {
    let mut known = Known::default();
    walk_spec(&mut known, spec);
    known.0
}

/// Whether a type has everything that the one before had.
fn keeps(before: &FieldType, after: &FieldType) -> bool {
    match (before, after) {
        (FieldType::Primitive(Primitive::Json), _) => true,
        // A plain text may turn out to be an enum or a time.
        (FieldType::Primitive(Primitive::String(None)), FieldType::Enum { integer, .. }) => {
            !integer
        }
        (FieldType::Primitive(Primitive::String(None)), after) => {
            matches!(after, FieldType::Primitive(Primitive::String(_)))
        }
        (FieldType::Primitive(Primitive::Integer), FieldType::Enum { integer, .. }) => *integer,
        (FieldType::Enum { integer, values }, FieldType::Enum { integer: other, values: all }) => {
            integer == other && values.iter().all(|value| all.contains(value))
        }
        (FieldType::Object(_), FieldType::Object(_)) => true,
        (FieldType::List(before), FieldType::List(after))
        | (FieldType::JsonText(before), FieldType::JsonText(after)) => keeps(before, after),
        (before, after) => before == after,
    }
}

fn assert_kept(before: &Spec, after: &Spec) {
    let after_fields = known(after);
    for (place, field) in known(before) {
        let found = after_fields.iter().find(|(other, _)| *other == place);
        let Some((_, now)) = found else { panic!("{place} is gone") };
        assert!(field.optional <= now.optional, "{place} is tightened");
        assert!(keeps(&field.ty, &now.ty), "{place}: {:?} → {:?}", field.ty, now.ty);
        assert_eq!((field.length, &field.range), (now.length, &now.range), "{place}");
        assert!(field.title.is_none() || field.title == now.title, "{place}");
        assert!(field.example.is_none() || field.example == now.example, "{place}");
    }
    // New members of what is known are optional.
    let places = known(before);
    for (place, field) in after_fields {
        let is_new = !places.iter().any(|(other, _)| *other == place);
        let (parent, _) = place.rsplit_once('.').unwrap_or((&place, ""));
        let is_inside_known = places.iter().any(|(other, _)| other.starts_with(parent));
        let is_in_new_operation = !before.endpoints.values().any(|endpoint| {
            endpoint
                .operations
                .keys()
                .any(|m| place.starts_with(&format!("{} {} ", m.wire(), endpoint.path)))
        }) && !place.starts_with("type ");
        if is_new && is_inside_known && !is_in_new_operation {
            assert!(field.optional || field.computed.is_some(), "{place} is new and required");
        }
    }
    for (id, named) in &before.types {
        if let Shape::Enum { values, .. } = &named.shape {
            let Shape::Enum { values: now, .. } = &after.types[id].shape else { panic!("{id}") };
            assert!(values.iter().all(|value| now.contains(value)), "{id}");
        }
    }
}

/// Writes descriptors and reads them back, as `cargo xtask check` does.
fn checked(spec: &Spec) -> Option<Spec> {
    let files = write::files(spec).into_iter().map(|(path, text)| SourceFile { path, text });
    read(files).ok()
}

proptest! {
    #![proptest_config(Config { cases: 300, failure_persistence: None, ..Config::default() })]

    #[test]
    fn an_import_is_right_or_an_error(page in page()) {
        for before in [Spec::default(), before()] {
            let Ok(imported) = read_page(&page, &before.families) else { continue };
            let merged = merge(&before, &imported);
            assert_kept(&before, &merged.spec);
            let Some(after) = checked(&merged.spec) else { continue };
            assert_eq!(changes(&after, &merged.spec), []);
            let again = merge(&after, &imported);
            assert_eq!(changes(&after, &again.spec), []);
        }
    }

    #[test]
    fn a_page_over_known_operations_always_passes_the_check(page in page()) {
        let before = before();
        let Ok(imported) = read_page(&page, &before.families) else { return Ok(()) };
        let is_known = |path: &str| path.trim_end_matches('/').starts_with("/v3/shop/orders/{");
        let is_new = |method: &wxpay_spec::model::Method| method.key() == "put";
        if imported.endpoints.iter().all(|e| is_known(&e.path) && !e.operations.keys().any(is_new)) {
            let merged = merge(&before, &imported);
            let files = write::files(&merged.spec).into_iter();
            let read = read(files.map(|(path, text)| SourceFile { path, text }));
            read.unwrap_or_else(|mistakes| panic!("{mistakes}\n{page}"));
        }
    }
}
