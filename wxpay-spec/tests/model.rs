//! The loader reads good descriptors as the model that they describe.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may stop anywhere"
)]

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::{Value, json};
use wxpay_spec::model::lifecycle::{Act, Confidence, Target, Value as Made};
use wxpay_spec::model::{
    Body, Computed, Condition, Corrects, Direction, Download, Empty, EnumValue, ErrorCode,
    ErrorSource, Field, FieldType, Idempotency, Input, Integrity, Method, Note, Number, Operation,
    Primitive, Response, Role, Secret, Segment, Shape, Spec, StringFormat, TypeId,
};
use wxpay_spec::{SourceFile, load, read};

fn whole_language() -> Spec {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/good/whole-language");
    load(&dir).unwrap()
}

fn operation<'a>(spec: &'a Spec, path: &str, method: Method) -> &'a Operation {
    &spec.endpoints[path].operations[&method]
}

fn member<'a>(fields: &'a [Field], name: &str) -> &'a Field {
    fields.iter().find(|field| field.name == name).unwrap()
}

fn example(field: &Field) -> Option<&Value> {
    field.example.as_ref().map(|example| &example.0)
}

fn id(family: &str, name: &str) -> TypeId {
    TypeId { family: family.to_owned(), name: name.to_owned() }
}

const STRING: FieldType = FieldType::Primitive(Primitive::String(None));

#[test]
fn an_endpoint_and_its_operation() {
    let spec = whole_language();
    let endpoint = &spec.endpoints["/v3/payscore/serviceorder/{out_order_no}/cancel"];
    assert_eq!(endpoint.source, "endpoints/v3/payscore/serviceorder/{out_order_no}/cancel.yaml");
    assert_eq!(endpoint.family, "payscore");
    assert_eq!(endpoint.host, None);
    assert_eq!(endpoint.names, BTreeMap::from([("cancel".to_owned(), "cancel_order".to_owned())]));
    assert_eq!(endpoint.segments()[3], Segment::Parameter("out_order_no".to_owned()));

    let cancel = &endpoint.operations[&Method::Post];
    assert_eq!(cancel.title, "取消支付分订单");
    assert_eq!(cancel.docs.len(), 1);
    assert_eq!(cancel.roles, [Role::Merchant, Role::Partner, Role::Brand]);
    assert_eq!(cancel.updated.as_deref(), Some("2026-05-09"));
    assert_eq!(cancel.deprecated.as_deref(), Some("用新的接口"));
    assert_eq!(cancel.note, Some(Note::Text("已支付的订单不能取消".to_owned())));
    assert_eq!(cancel.idempotency, Idempotency::NaturalKey("out_order_no".to_owned()));
    assert_eq!(cancel.header[0].rust.as_deref(), Some("key"));
    assert_eq!(
        cancel.response,
        Response::Json { statuses: vec![200], body: Body::Named(id("payscore", "ServiceOrder")) }
    );
}

#[test]
fn members_in_the_order_of_the_file() {
    let spec = whole_language();
    let cancel = operation(&spec, "/v3/payscore/serviceorder/{out_order_no}/cancel", Method::Post);
    let Input::Json(Body::Fields(members)) = &cancel.input else { panic!("no members") };
    let names: Vec<&str> = members.iter().map(|field| field.name.as_str()).collect();
    assert_eq!(names, ["appid", "reason", "rate", "note", "urgent", "code"]);

    let appid = member(members, "appid");
    assert!(!appid.optional);
    assert_eq!((&appid.ty, appid.length), (&STRING, Some((1, Some(32)))));
    let reason = member(members, "reason");
    assert!(reason.optional);
    assert_eq!(reason.title.as_deref(), Some("取消原因"));
    assert_eq!(reason.corrects, Some(Corrects::All("页面写成必填".to_owned())));
    assert_eq!(example(reason), Some(&json!("用户投诉")));
    let rate = member(members, "rate");
    let bound = |text: &str| Some(Number(text.to_owned()));
    assert_eq!(rate.range, Some((bound("0"), bound("1"))));
    assert_eq!(example(rate), Some(&json!(0.6)));
    assert_eq!(example(member(members, "urgent")), Some(&json!(true)));
    let code = member(members, "code");
    let format = StringFormat::Other("numeric".to_owned());
    assert_eq!(code.ty, FieldType::Primitive(Primitive::String(Some(format))));
    assert_eq!(code.pattern.as_deref(), Some("^[0-9]+$"));
}

#[test]
fn errors_with_their_sources() {
    let spec = whole_language();
    let cancel = operation(&spec, "/v3/payscore/serviceorder/{out_order_no}/cancel", Method::Post);
    let error = |code: &str, status, when: Option<&str>, source| ErrorCode {
        code: code.to_owned(),
        status,
        when: when.map(str::to_owned),
        source,
    };
    let expected = [
        error("ORDER_CLOSED", None, Some("订单已关闭"), None),
        error("NO_AUTH", Some(403), Some("无权限"), Some(ErrorSource::Official)),
        error("INVALID_STATE", None, Some("状态不对"), Some(ErrorSource::ThirdParty)),
        error("SYSTEM_ERROR", None, None, Some(ErrorSource::Assumed)),
    ];
    assert_eq!(cancel.errors, expected);
}

#[test]
fn what_newer_pages_no_longer_have() {
    let spec = whole_language();
    let cancel = operation(&spec, "/v3/payscore/serviceorder/{out_order_no}/cancel", Method::Post);
    let Input::Json(Body::Fields(members)) = &cancel.input else { panic!("no members") };
    let note = member(members, "note");
    assert!(note.superseded && note.optional && !member(members, "reason").superseded);
    assert_eq!(
        note.note.iter().flat_map(Note::texts).collect::<Vec<_>>(),
        ["旧字段", "an old field: not read"]
    );
    let Shape::Enum { values, .. } = &spec.types[&id("payscore", "State")].shape else {
        panic!("no enum")
    };
    let superseded = values.iter().filter(|value| value.superseded);
    assert_eq!(
        superseded.map(|value| value.wire.as_str()).collect::<Vec<_>>(),
        ["EXPIRED", "LOST"]
    );
}

#[test]
fn a_notification_that_asks() {
    let spec = whole_language();
    let response = spec.notifications["payscore/asked"].response.as_ref().unwrap();
    assert!(response.signed);
    assert_eq!(response.time_limit, Some(3));
    let Body::Fields(members) = &response.body else { panic!("no members") };
    assert_eq!(member(members, "state").ty, FieldType::Named(id("payscore", "State")));
    assert_eq!(example(member(members, "state")), Some(&json!("DONE")));
    assert_eq!(spec.notifications["payscore/paid"].response, None);
}

#[test]
fn a_response_of_unknown_members() {
    let spec = whole_language();
    let state = operation(&spec, "/v3/payscore/state", Method::Get);
    let open = Response::Json { statuses: vec![200], body: Body::Fields(Vec::new()) };
    assert_eq!(state.response, open);
}

#[test]
fn a_query_of_every_kind() {
    let spec = whole_language();
    let certificates = operation(&spec, "/v3/certificates", Method::Get);
    assert_eq!(certificates.idempotency, Idempotency::Safe);
    assert_eq!(certificates.input, Input::None);
    let query = &certificates.query;
    assert_eq!(example(member(query, "algorithm_type")), Some(&json!("ALL")));
    assert_eq!(member(query, "flag").ty, FieldType::Named(id("core", "Flag")));
    assert_eq!(example(member(query, "flag")), Some(&json!(1)));
    let ids = member(query, "ids");
    assert_eq!(ids.ty, FieldType::List(Box::new(STRING)));
    assert_eq!(example(ids), Some(&json!(["007"])), "the element's, digits and all");
    let filter = member(query, "filter");
    assert!(
        matches!(&filter.ty, FieldType::JsonText(inside) if matches!(**inside, FieldType::Object(_)))
    );
    assert_eq!(example(filter), Some(&json!(r#"{"name":"张"}"#)));
    let phone = member(query, "phone");
    assert_eq!(phone.ty, FieldType::Primitive(Primitive::Secret(Secret::Text)));
    assert_eq!(example(phone), Some(&json!("13800000000")));
}

#[test]
fn objects_in_lists() {
    let spec = whole_language();
    let certificates = operation(&spec, "/v3/certificates", Method::Get);
    let Response::Json { body: Body::Fields(answer), .. } = &certificates.response else {
        panic!("no members")
    };
    let FieldType::List(element) = &answer[0].ty else { panic!("no list") };
    let FieldType::Object(members) = element.as_ref() else { panic!("no object") };
    let time = FieldType::Primitive(Primitive::String(Some(StringFormat::DateTime)));
    assert_eq!(member(members, "effective_time").ty, time);
    let open = member(members, "encrypt_certificate");
    assert_eq!(open.ty, FieldType::Primitive(Primitive::Json));
    let value = json!({"nonce": "61f9c719728a", "size": 12, "flags": [true, null]});
    assert_eq!(example(open), Some(&value));
}

#[test]
fn an_upload_a_deletion_and_downloads() {
    let spec = whole_language();
    let path = "/v3/payscore/upload/";
    let post = operation(&spec, path, Method::Post);
    let Input::Upload(upload) = &post.input else { panic!("no upload") };
    assert_eq!(upload.file, "media");
    let computed: Vec<_> = upload.meta.iter().map(|field| field.computed.clone()).collect();
    let constant = Computed::Constant("SHA256".to_owned());
    assert_eq!(computed, [Some(Computed::FileName), Some(Computed::Sha256), Some(constant), None]);
    assert_eq!(upload.parts[0].ty, FieldType::Named(id("payscore", "State")));
    assert_eq!(post.response, Response::None { statuses: vec![202, 204] });
    assert_eq!(post.response.status(), 202);
    assert_eq!(post.idempotency, Idempotency::Never);

    let delete = operation(&spec, path, Method::Delete);
    assert_eq!(delete.response, Response::None { statuses: vec![204] });
    let get = operation(&spec, path, Method::Get);
    let media = vec!["application/pdf".to_owned()];
    let integrity = Integrity::SignedDigest;
    assert_eq!(get.response, Response::Download(Download { media, integrity }));

    let bill = &spec.endpoints["/hk/v3/bill"];
    assert_eq!(
        (bill.family.as_str(), bill.host.as_deref()),
        ("hk", Some("apihk.mch.weixin.qq.com"))
    );
    let media = vec!["text/plain".to_owned()];
    let download = Download { media, integrity: Integrity::Sha1 };
    assert_eq!(bill.operations[&Method::Get].response, Response::Download(download));
}

#[test]
fn named_types() {
    let spec = whole_language();
    let order = &spec.types[&id("payscore", "ServiceOrder")];
    assert_eq!(order.source, "types/payscore.yaml");
    let Shape::Object { direction, fields } = &order.shape else { panic!("no object") };
    assert_eq!(*direction, Direction::Response);
    assert_eq!(example(&fields[0]), Some(&json!("15646546545165651651")), "every digit");
    let fund = json!({"name": "DEPOSIT", "amount": 10000});
    assert_eq!(example(member(fields, "risk_fund")), Some(&fund));
    assert_eq!(example(member(fields, "children")), Some(&json!([{"order_id": "1"}])));

    let Shape::Enum { integer, values } = &spec.types[&id("payscore", "State")].shape else {
        panic!("no enum")
    };
    assert!(!integer);
    let done = EnumValue {
        wire: "DONE".to_owned(),
        title: Some("已完成".to_owned()),
        superseded: false,
        rust: Some("Finished".to_owned()),
    };
    assert_eq!(values[1], done);
    assert_eq!(
        values[2],
        EnumValue { wire: "REVOKED".to_owned(), title: None, superseded: false, rust: None }
    );
}

#[test]
fn a_notification() {
    let spec = whole_language();
    let paid = &spec.notifications["payscore/paid"];
    assert_eq!(paid.source, "notifications/payscore/paid.yaml");
    assert_eq!(paid.family, "payscore");
    assert_eq!(paid.rust.as_deref(), Some("PayscorePaid"));
    assert_eq!(paid.events, ["PAYSCORE.USER_PAID"]);
    assert_eq!(paid.original_type.as_deref(), Some("payscore"));
    let condition = Condition {
        present: vec!["order_id".to_owned()],
        absent: vec!["combine_out_trade_no".to_owned(), "risk_fund".to_owned()],
    };
    assert_eq!(paid.condition, condition);
    assert_eq!(paid.resource, Body::Named(id("payscore", "ServiceOrder")));
    assert_eq!(spec.notifications["core/two"].ambiguous_with, ["core/one"]);
}

#[test]
fn families() {
    let families = whole_language().families;
    assert_eq!(families.by_name["payscore"].paths, ["/v3/payscore"]);
    assert!(families.by_name["payscore"].default && !families.by_name["hk"].default);
    assert_eq!(families.of_path("/v3/certificates"), "core");
    assert_eq!(families.of_path("/v3/refund/domestic"), "refund");
}

#[test]
fn places_are_counted_in_characters_whatever_ends_a_line() {
    let text = "\u{feff}path: /v3/x\r\npost:\r\n  title: 试\r\n  request: { 名称: { 标题: 甲, type: string } }\r\n  response: none\r\n";
    let file = SourceFile { path: "endpoints/v3/x.yaml".to_owned(), text: text.to_owned() };
    let diagnostics = read([file]).unwrap_err();
    let places: Vec<_> = diagnostics
        .iter()
        .map(|found| (found.line, found.column, found.key_path.as_str()))
        .collect();
    assert_eq!(places, [(4, 20, "post.request.名称.标题")]);
}

#[test]
fn error_codes_with_nothing_a_text_a_status_or_both() {
    let spec = whole_language();
    let post = operation(&spec, "/v3/payscore/upload/", Method::Post);
    let codes = post.errors.iter().map(|e| (e.code.as_str(), e.status, e.when.as_deref()));
    let expected = [
        ("INVALID REQUEST", None, None),
        ("ORDER_CLOSED", None, Some("已关闭")),
        ("USER_PAYING", Some(202), None),
        ("NO_AUTH", Some(403), Some("无权限")),
    ];
    assert_eq!(codes.collect::<Vec<_>>(), expected);
}

#[test]
fn empty_values_and_one_value_in_two_places() {
    let spec = whole_language();
    let patch = operation(&spec, "/v3/payscore/upload/", Method::Patch);
    assert_eq!(member(&patch.query, "channel_id").not_with.as_deref(), Some("channel_id"));
    let Input::Json(Body::Fields(request)) = &patch.input else { panic!("no body") };
    let allowed = request.iter().map(|field| (field.name.as_str(), field.empty));
    let expected = [
        ("channel_id", Empty::Absent),
        ("remark", Empty::Clears),
        ("items", Empty::Allowed),
        ("text", Empty::Allowed),
    ];
    assert_eq!(allowed.collect::<Vec<_>>(), expected);
    assert!(!patch.updates && patch.is_update(Method::Patch));
    let path = "/v3/payscore/serviceorder/{out_order_no}/cancel";
    assert!(operation(&spec, path, Method::Post).is_update(Method::Post));
    let upload = operation(&spec, "/v3/payscore/upload/", Method::Post);
    assert!(!upload.is_update(Method::Post));
}

#[test]
fn a_lifecycle_in_the_order_of_the_file() {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/good/lifecycles");
    let spec = load(&dir).unwrap();
    let order = &spec.lifecycles["shop/order"];
    assert_eq!(order.source, "lifecycles/shop/order.yaml");
    assert_eq!((order.family.as_str(), order.title.as_str()), ("shop", "订单"));
    assert_eq!(order.keys, ["out_trade_no", "transaction_id"]);
    let states: Vec<_> = order.states.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(states, ["NOTPAY", "SUCCESS", "REFUND", "CLOSED"]);
    let shown = [("trade_state_desc".to_owned(), json!("未支付"))];
    assert_eq!(order.state_named("NOTPAY").unwrap().shows, shown);
    let never = ("attach".to_owned(), Vec::new());
    assert_eq!(order.only_in[0], never);
    assert_eq!(order.settings[0].1.value, json!(100_000));
    assert_eq!(order.settings[1].1.value, json!(null), "no limit");
    assert_eq!(order.refusals["paid"].len(), 2, "a switch");
    assert_eq!(order.refusals["differs"][0].confidence, Some(Confidence::Real));

    let rule = |name: &str| &order.operations.iter().find(|(held, _)| held == name).unwrap().1;
    let prepay = rule("prepay");
    assert_eq!(
        (prepay.on[0].method, prepay.on[0].path.as_str()),
        (Method::Post, "/v3/shop/orders")
    );
    assert_eq!(prepay.on[0].sets, [("trade_type".to_owned(), json!("JSAPI"))]);
    let Act::Creates { to: Target::Case { then, otherwise, .. }, repeat, .. } = &prepay.act else {
        panic!("no case")
    };
    assert_eq!(**then, Target::State("NOTPAY".to_owned()));
    assert_eq!(**otherwise, Target::Refuse("amount".to_owned()));
    assert_eq!(repeat.ignores, ["notify_url", "amount.total"]);
    let Act::Finds { by, from, otherwise, .. } = &rule("change").act else { panic!("finds none") };
    let number = Made::Field("request.out_trade_no".to_owned());
    assert_eq!(*by, [("out_trade_no".to_owned(), number)]);
    assert!(matches!(&from[1].1, Target::Choice(choices) if choices.len() == 2));
    assert_eq!(otherwise.as_deref(), Some("paid"));
    assert_eq!(rule("change").status, [("NOTPAY".to_owned(), 200), ("SUCCESS".to_owned(), 202)]);
    assert_eq!(rule("limit").act, Act::Answers);
    assert!(matches!(&rule("list").act, Act::Lists { conditions } if conditions.len() == 1));

    let pay = order.event_named("pay").unwrap();
    let nothing = ("openid".to_owned(), Made::First(Vec::new()));
    assert_eq!(pay.takes[1], nothing);
    let letters = Made::Generated { prefix: "42".to_owned(), length: 9, digits: false };
    assert_eq!(pay.change.sets[0].1, letters);
    let account = pay.change.notifies.as_ref().unwrap().account.as_ref();
    assert_eq!(account, Some(&Made::Field("caller.mchid".to_owned())));
    assert_eq!(pay.each, [("sub_orders".to_owned(), "pay".to_owned())]);
    assert!(!pay.internal && order.event_named("refunded").unwrap().internal);
    assert_eq!((order.timers[0].after, order.timers[0].event.as_str()), (7 * 86_400, "expire"));
    let refund = &spec.lifecycles["shop/refund"];
    assert_eq!(refund.links["payment"].states, ["SUCCESS", "REFUND"]);
    let with = &refund.operations[0].1.change.effects[0].with;
    assert_eq!(*with, [("amount".to_owned(), Made::Field("request.amount.refund".to_owned()))]);
    let forget = &spec.lifecycles["shop/url"].operations[1].1.change.registers;
    assert_eq!(forget.as_ref().unwrap().to, None);
}
