//! Tests the requests that generated code encodes, and the responses that it decodes.

use wxpay_api::{File, Json, Operation, Prepared, decode};

use crate::cases::{
    download, header, json, named, notifications, prepay, query, statuses, update, upload,
};

fn prepared(operation: &impl Operation) -> Prepared {
    operation.prepare(None).unwrap_or_else(|error| panic!("{error}"))
}

fn body(prepared: &Prepared) -> String {
    String::from_utf8(prepared.body.to_bytes().to_vec()).expect("the body is UTF-8")
}

#[test]
fn a_body_has_the_members_in_the_official_order() {
    use prepay::v3::pay::transactions::jsapi::post::{Request, operation, request};
    let request = Request::builder()
        .appid("wx1")
        .out_trade_no("1217752501")
        .notify_url("https://example.com/")
        .amount(|amount| amount.total(100).currency("CNY"))
        .limit_pay([request::LimitPay::NoBalance, "other".into()])
        .detail(|detail| {
            detail.goods_detail(|goods| {
                goods
                    .push(|one| one.merchant_goods_id("a").quantity(1).discount(0.5))
                    .push(|one| one.merchant_goods_id("b").quantity(2).gift(false))
            })
        })
        .shares([1, 2]);
    let sent = prepared(&operation(request));
    assert_eq!((sent.method, sent.target.as_str()), ("POST", "/v3/pay/transactions/jsapi"));
    assert_eq!(
        body(&sent),
        concat!(
            r#"{"appid":"wx1","out_trade_no":"1217752501","notify_url":"https://example.com/","#,
            r#""limit_pay":["no_balance","other"],"amount":{"total":100,"currency":"CNY"},"#,
            r#""detail":{"goods_detail":[{"merchant_goods_id":"a","quantity":1,"discount":0.5},"#,
            r#"{"merchant_goods_id":"b","quantity":2,"gift":false}]},"shares":[1,2]}"#,
        ),
    );
}

/// The error of a request that the client refuses to send.
fn refused(operation: &impl Operation) -> String {
    operation.prepare(None).expect_err("it is refused").to_string()
}

#[test]
fn an_update_clears_by_empty_values_and_refuses_the_others() {
    use update::v3::shop::stock::post::{Request, operation};
    let request = || Request::builder().name("");
    let none: [&str; 0] = [];
    let cleared = request().remark("").pictures(none).extra([]);
    assert_eq!(
        body(&prepared(&operation(cleared))),
        r#"{"remark":"","pictures":[],"extra":"[]","name":""}"#
    );
    let id = refused(&operation(request().stock_id("")));
    assert!(id.starts_with("stock_id: it must not be empty"), "{id}");
    let query = refused(&operation(request().brand("")));
    assert!(query.starts_with("brand: it must not be empty"), "{query}");

    let both = request().query_channel_id("1").channel_id("");
    let both = refused(&operation(both));
    assert!(both.contains("`query_channel_id` and `channel_id` are both set"), "{both}");
    let one = prepared(&operation(request().channel_id("")));
    assert_eq!(
        (one.target.as_str(), body(&one).as_str()),
        ("/v3/shop/stock", r#"{"channel_id":"","name":""}"#)
    );
}

#[test]
fn put_and_patch_are_updates_by_themselves() {
    use update::v3::shop::stock::{patch, put};
    let put = refused(&put::operation().with(|r| r.stock_id("")));
    assert!(put.starts_with("stock_id: it must not be empty"), "{put}");
    let patch = refused(&patch::operation().with(|r| r.data(Json::Null)));
    assert!(patch.starts_with("data: it must not be empty"), "{patch}");
}

#[test]
fn a_creation_clears_nothing() {
    use update::v3::shop::stocks::post::{Request, operation};
    let sent = prepared(&operation(Request::builder().name("a").remark("")));
    assert_eq!(body(&sent), r#"{"name":"a"}"#);
    let name = refused(&operation(Request::builder().name("")));
    assert!(name.starts_with("name: it must not be empty"), "{name}");
}

#[test]
fn required_open_json_is_not_null() {
    use json::v3::marketing::shopping_receipt::post::{Request, operation};
    let request = |payload: Json| {
        Request::builder().payload(payload).items(|items| items.push(|item| item.name("a")))
    };
    let null = refused(&operation(request(Json::Null)));
    assert!(null.starts_with("payload: it must not be empty"), "{null}");
    let own: Json = serde_json::json!({ "a": null, "b": [null] });
    let sent = body(&prepared(&operation(request(own))));
    assert!(sent.starts_with(r#"{"payload":{"a":null,"b":[null]},"#), "{sent}");
}

#[test]
fn a_query_carries_lists_enums_and_json_text() {
    use query::v3::smartguide::guides::get::{Request, operation};
    let request = Request::builder()
        .store_id(1)
        .state(["ACTIVE", "NEW"])
        .filter(|filter| filter.since("2026-01-01"))
        .idempotency_key("k");
    let sent = prepared(&operation(request));
    assert_eq!(
        sent.target,
        "/v3/smartguide/guides?store_id=1&state=ACTIVE&state=NEW&filter=%7B%22since%22%3A%222026-01-01%22%7D",
    );
    assert_eq!(sent.headers.get("Idempotency-Key").expect("the header"), "k");
    assert!(sent.body.is_empty());
}

#[test]
fn a_header_is_a_required_input_like_any_other() {
    use header::v3::mch_transfer::bills::post::{Request, operation};
    let sent = prepared(&operation(Request::builder().idempotency_key("k")));
    assert_eq!(sent.headers.get("Idempotency-Key").expect("the header"), "k");
    assert_eq!(body(&sent), "{}");
}

#[test]
fn an_upload_computes_its_meta() {
    use upload::v3::merchant::media::upload::post::{Request, operation};
    let request = Request::builder().file(File::new("a.png", "content"));
    let sent = prepared(&operation(request));
    let digest = "ed7002b439e9ac845f22357d822bac1444730fbdb6016d3ec9432297b9ec9f73";
    assert_eq!(sent.signed_body, format!(r#"{{"filename":"a.png","sha256":"{digest}"}}"#));
}

#[test]
fn json_text_is_json_inside_a_string() {
    use json::v3::marketing::shopping_receipt::post::{Request, Response, operation};
    let request = Request::builder()
        .payload(Json::Bool(true))
        .items(|items| items.push(|item| item.name("n")))
        .scene(|scene| scene.store("s"));
    assert_eq!(
        body(&prepared(&operation(request))),
        r#"{"payload":true,"items":"[{\"name\":\"n\"}]","scene":"{\"store\":\"s\"}"}"#,
    );

    let response = br#"{"partner":"{\"appid\":\"wx1\"}","list":"[\"a\"]","anything":"{\"b\":1}"}"#;
    let (response, corrections) = decode::<Response>(response, None).expect("an object");
    assert!(corrections.is_empty());
    assert_eq!(response.partner.expect("the partner").appid, "wx1");
    assert_eq!(response.list, ["a"]);
    assert_eq!(response.anything["b"], 1);
}

#[test]
fn the_url_is_exactly_the_descriptors() {
    use statuses::hk::v3::refunds::{get, post};
    let sent = prepared(&post::operation());
    assert_eq!((sent.method, sent.target.as_str()), ("POST", "/hk/v3/refunds/"));
    assert_eq!(sent.host, Some("apihk.mch.weixin.qq.com"));
    assert_eq!(prepared(&get::operation()).method, "GET");

    use download::v3::transfer::bills::_bill_no_::receipt::get::operation;
    assert_eq!(prepared(&operation("1/2")).target, "/v3/transfer/bills/1%2F2/receipt");
}

#[test]
fn a_named_request_takes_a_query_beside_it() {
    use named::v3::pay::transactions::close_all::post::{Request, operation};
    let request = Request::builder()
        .before("2026-01-01")
        .mchid("1900000109")
        .reason(|reason| reason.text("t").tags(|tags| tags.push(|tag| tag.name("x"))));
    let sent = prepared(&operation(request));
    assert_eq!(sent.target, "/v3/pay/transactions/close-all?before=2026-01-01");
    assert_eq!(
        body(&sent),
        r#"{"mchid":"1900000109","reason":{"text":"t","tags":[{"name":"x"}]}}"#,
    );
}

#[test]
fn responses_keep_unknown_values() {
    use prepay::v3::pay::transactions::jsapi::post::{Response, response};
    let response = br#"{"state":-1,"amount":{"rates":[0.5]},"steps":[{"at":"soon","done":true}]}"#;
    let (response, _) = decode::<Response>(response, None).expect("an object");
    assert_eq!(response.state, response::State::Minus1);
    assert_eq!(response.prepay_id, "");
    assert_eq!(response.amount.expect("the amount").total, None);
    assert_eq!(response.steps[0].done, Some(true));
    let (response, _) = decode::<Response>(br#"{"state":7}"#, None).expect("an object");
    assert_eq!(response.state.as_str(), "7");
}

#[test]
fn resources_know_their_events() {
    use notifications::notifications::security::alert::Resource;
    use notifications::v3::pay::types::PartnerTransaction;
    use wxpay_api::Resource as _;
    let mut carriers: Vec<_> =
        PartnerTransaction::SHAPES.iter().flat_map(|shape| shape.events.iter().copied()).collect();
    carriers.sort_unstable();
    carriers.dedup();
    assert_eq!(carriers, ["TRANSACTION.PARTNER", "TRANSACTION.SUCCESS"]);
    assert_eq!(Resource::SHAPES[0].events, ["SECURITY.ALERT"]);
}
