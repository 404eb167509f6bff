//! Tests the catalogue of the program `wxpay`: an index, and a part for each family.

use std::io::Read;

use flate2::bufread::GzDecoder;
use serde_json::{Value, json};

use crate::support::{source, spec};

fn catalogue(spec: &wxpay_spec::model::Spec) -> Vec<u8> {
    wxpay_codegen::library(spec).unwrap_or_else(|errors| panic!("{errors}")).catalogue
}

/// The JSON of each gzip member, with the member's length.
fn members(mut file: &[u8]) -> Vec<(Value, usize)> {
    let mut members = Vec::new();
    while !file.is_empty() {
        let before = file.len();
        let mut text = String::new();
        GzDecoder::new(&mut file).read_to_string(&mut text).unwrap();
        members.push((serde_json::from_str(&text).unwrap(), before - file.len()));
    }
    members
}

#[test]
fn the_index_finds_each_part() {
    let members = members(&catalogue(&spec("cancel")));
    let (index, _) = &members[0];
    let lengths: Vec<_> = members[1..].iter().map(|(_, length)| json!(length)).collect();
    let families = index["families"].as_array().unwrap();
    let announced: Vec<_> = families.iter().map(|family| family["length"].clone()).collect();
    assert_eq!(lengths, announced);
    let operation = &index["operations"][0];
    assert_eq!(operation["path"], "/v3/payscore/serviceorder/{out_order_no}/cancel");
    assert_eq!(operation["chain"], "v3.payscore.serviceorder._out_order_no_.cancel.post");
    let position =
        families.iter().position(|family| family["name"] == operation["family"]).unwrap();
    let part = &members[position + 1].0;
    assert_eq!(part["operations"][0]["title"], operation["title"]);
    assert_eq!(part["operations"][0]["repeat"], "out_order_no");
    let sample = part["operations"][0]["sample"].as_str().unwrap();
    assert!(sample.contains(".cancel()"), "{sample}");
}

#[test]
fn the_same_descriptors_give_the_same_bytes() {
    assert_eq!(catalogue(&spec("notifications")), catalogue(&spec("notifications")));
}

#[test]
fn titles_notes_and_errors_are_in_it() {
    let text = "path: /v3/pay/orders\npost:\n  title: 下单\n  note: { zh: 中文, en: English }\n  repeat: out_trade_no\n  request:\n    out_trade_no: { type: string, title: 订单号, length: 1..32 }\n    state?: { type: string, enum: { PAID: 已支付 } }\n    name?: { type: string, secret: text }\n  response: none\n  errors:\n    ORDER_PAID: { status: 400, when: 已支付, source: official }\n";
    let spec = wxpay_spec::read(vec![source("endpoints/v3/pay/orders.yaml", text)]);
    let members = members(&catalogue(&spec.unwrap_or_else(|errors| panic!("{errors}"))));
    let part = members.iter().find(|(part, _)| part["operations"][0]["body"].is_object());
    let operation = &part.unwrap().0["operations"][0];
    assert_eq!(operation["note"], json!({ "zh": "中文", "en": "English" }));
    assert_eq!(operation["response"], json!({ "statuses": [204] }));
    assert_eq!(
        operation["errors"],
        json!([{ "code": "ORDER_PAID", "status": 400, "when": "已支付", "source": "official" }])
    );
    assert_eq!(
        operation["body"]["members"],
        json!([
            { "name": "out_trade_no", "required": true, "schema": { "type": "string" }, "title": "订单号", "length": [1, 32] },
            {
                "name": "state",
                "required": false,
                "schema": { "type": "enum", "integer": false, "values": [{ "value": "PAID", "title": "已支付" }] },
            },
            { "name": "name", "required": false, "schema": { "type": "secret", "content": "text" } },
        ])
    );
}
