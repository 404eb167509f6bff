//! Broken texts and numbers in verified responses are read lossily, and listed by key path.

use proptest::prelude::*;
use serde_json::{Value, json};
use wxpay_api::sandbox::{Fault, PlannedResponse};
use wxpay_api::v3::pay::types::{TradeState, Transaction};
use wxpay_api::{Correction, CorrectionKind, ErrorKind, Json, Outcome, Reply, codegen, decode};

use crate::{cancel, sandbox};

const QUERY: &str = "/v3/pay/transactions/out-trade-no/{out_trade_no}";

/// Reads a body with these bytes between two good members.
fn read(broken: &[u8]) -> (Transaction, Vec<Correction>) {
    let body = [b"{\"trade_state\":\"SUCCESS\",", broken, b",\"out_trade_no\":\"1\"}"].concat();
    let (transaction, corrections): (Transaction, _) = decode(&body, None)
        .unwrap_or_else(|error| panic!("{}: {error}", String::from_utf8_lossy(&body)));
    assert_eq!(transaction.trade_state, TradeState::Success, "{transaction:?}");
    assert_eq!(transaction.out_trade_no, "1", "{transaction:?}");
    (transaction, corrections)
}

fn repaired(corrections: &[Correction]) -> Vec<&str> {
    let repaired = corrections.iter().filter(|one| one.kind == CorrectionKind::Repaired);
    repaired.map(|one| one.path.as_str()).collect()
}

#[test]
fn a_cut_text_is_read_up_to_where_it_was_cut() {
    for (broken, expected) in [
        (&br#""attach":"a\ud83d""#[..], "a\u{fffd}"),
        (br#""attach":"\ude00\ud83d""#, "\u{fffd}\u{fffd}"),
        (br#""attach":"\ud83dabc""#, "\u{fffd}abc"),
        (br#""attach":"\ud83d\u0041""#, "\u{fffd}A"),
        (br#""attach":"\ud83d\n""#, "\u{fffd}\n"),
        (br#""attach":"a\u12""#, "a\u{fffd}"),
        (br#""attach":"a\u""#, "a\u{fffd}"),
        (br#""attach":"a\""#, "a\u{fffd}"),
        (b"\"attach\":\"a\xe4\xb8\"", "a\u{fffd}"),
        (b"\"attach\":\"a\xf0\x9f\x98\"", "a\u{fffd}"),
        (b"\"attach\":\"\xff\xfea\"", "\u{fffd}\u{fffd}a"),
        (b"\"attach\":\"a\nb\tc\x00\"", "a\nb\tc\0"),
        (br#""attach":"C:\path""#, "C:\\path"),
        (br#""attach":"\ud83d\ude00 whole, and half \ud83d""#, "😀 whole, and half \u{fffd}"),
        (br#""attach":"he said \"hi\" and \""#, "he said \"hi\" and \u{fffd}"),
    ] {
        let (transaction, corrections) = read(broken);
        let broken = String::from_utf8_lossy(broken);
        assert_eq!(transaction.attach, expected, "{broken}");
        assert_eq!(repaired(&corrections), ["attach"], "{broken}");
        assert_eq!(corrections.len(), 1, "{corrections:?}");
    }
}

#[test]
fn the_correction_says_which_member_was_broken_and_how() {
    let (_, corrections) = read(br#""promotion_detail":[{},{"name":"\ud83d"}]"#);
    let expected = corrections[0].to_string();
    assert_eq!(expected, "promotion_detail[1].name: expected a text, found broken text, repaired");
}

#[test]
fn unknown_members_and_keys_are_repaired_too() {
    let (_, corrections) = read(br#""new":{"list":[1,"\ud83d",{"\udc00":1e999}]}"#);
    assert_eq!(
        repaired(&corrections),
        ["new.list[1]", "new.list[2].\u{fffd}", "new.list[2].\u{fffd}"]
    );
}

#[test]
fn several_cut_texts_do_not_swallow_each_other() {
    let (transaction, corrections) = read(br#""attach":"a\","bank_type":"b\","x":["c\","d\"]"#);
    assert_eq!((&*transaction.attach, &*transaction.bank_type), ("a\u{fffd}", "b\u{fffd}"));
    assert_eq!(repaired(&corrections), ["attach", "bank_type", "x[0]", "x[1]"]);
}

#[test]
fn numbers_that_json_does_not_have_keep_their_digits_as_text() {
    for number in ["1e999", "-1e999", "NaN", "-Infinity", "007", "+1", ".5", "1."] {
        let (transaction, corrections) = read(format!("\"attach\":{number}").as_bytes());
        assert_eq!(transaction.attach, number);
        assert_eq!(repaired(&corrections), ["attach"]);
    }
    let (transaction, _) = read(br#""amount":{"total":1e999,"payer_total":007}"#);
    let amount = transaction.amount.unwrap();
    assert_eq!((amount.total, amount.payer_total), (None, Some(7)));
}

#[test]
fn a_byte_order_mark_is_left_out() {
    let (transaction, corrections): (Transaction, _) =
        decode(b"\xef\xbb\xbf{\"attach\":\"\xef\xbb\xbf\"}", None).unwrap();
    assert_eq!(transaction.attach, "\u{feff}", "inside a text it is a character");
    let expected = corrections.iter().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(expected, ["the body: expected JSON, found a byte order mark, repaired"]);
}

#[test]
fn values_nested_too_deeply_are_left_out_and_do_not_overflow() {
    for depth in [90, 127, 128, 1_000, 200_000] {
        for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
            let nested = format!("\"new\":{}1{}", open.repeat(depth), close.repeat(depth));
            let (_, corrections) = read(nested.as_bytes());
            let expected = if depth < 127 { vec![] } else { vec![CorrectionKind::Repaired] };
            let kinds: Vec<_> = corrections.iter().map(|one| one.kind).collect();
            assert_eq!(kinds, expected, "{depth}");
        }
    }
}

/// A response with a text that contains JSON.
struct Wrapping(Vec<String>);

impl codegen::FromMembers for Wrapping {
    fn from_members(members: codegen::Members<'_>) -> Self {
        Self(members.json_text("text"))
    }
}

#[test]
fn json_inside_a_text_is_repaired_with_its_path() {
    let inside = r#"["whole","a\ud83d",1217752501201407033233368018]"#;
    // A number at the same path outside must not be mistaken for the number inside.
    let body = json!({ "text": inside }).to_string().replacen('{', "{\"x\":[0,0,1.10],", 1);
    let (read, corrections): (Wrapping, _) = decode(body.as_bytes(), None).unwrap();
    assert_eq!(read.0, ["whole", "a\u{fffd}", "1217752501201407033233368018"]);
    let paths: Vec<_> = corrections.iter().map(|one| (&*one.path, one.kind)).collect();
    assert_eq!(
        paths,
        [("text[1]", CorrectionKind::Repaired), ("text[2]", CorrectionKind::Converted)]
    );
}

/// A type that looks at the JSON itself.
struct Raw(Json, Option<i64>);

impl codegen::Decode for Raw {
    fn decode(value: codegen::Incoming<'_>) -> Option<Self> {
        let json = value.json();
        assert_eq!(json, value.json());
        Some(Self(json.clone(), value.object()?.take("b")))
    }
}

#[test]
fn a_type_written_by_hand_may_take_the_json() {
    let (read, _): (Raw, _) = decode(br#"{"a":[1.5,"\u0061"],"b":2}"#, None).unwrap();
    assert_eq!((read.0, read.1), (json!({ "a": [1.5, "a"], "b": 2 }), Some(2)));
}

const LONG: &str = "1217752501201407033233368018";

#[test]
fn a_number_in_place_of_a_text_keeps_its_digits_wherever_it_is() {
    // Other numbers and equal names nearby must not be mistaken for them.
    let body = r#"{
        "new": {"attach": 1.10, "list": [1.5, [2.5, {"attach": 3.5}]]},
        "payer.openid": 4.5, "attach": 1217752501201407033233368018.10,
        "payer": {"new": 5.5, "openid": 1217752501201407033233368018.20},
        "promotion_detail": [
            {"coupon_id": "x", "new": 6.5},
            7.5,
            {"coupon_id": 1217752501201407033233368018.30,
                "goods_detail": [{"goods_id": 1.50}, {"goods_id": 1217752501201407033233368018.40}]}
        ],
        "amount": [{"payer_currency": 8.5, "currency": 1217752501201407033233368018.50}],
        "scene_info": {"device_id": 9.5}, "scene_info": {"device_id": 1217752501201407033233368018.60}
    }"#;
    let (read, _): (Transaction, _) = decode(body.as_bytes(), None).unwrap();
    let detail = &read.promotion_detail[1];
    let texts = [
        &read.attach,
        &read.payer.as_ref().unwrap().openid,
        &detail.coupon_id,
        &detail.goods_detail[1].goods_id,
        // A list of one object is read as that object.
        &read.amount.as_ref().unwrap().currency,
        // Of several members with one name, the last one counts.
        &read.scene_info.as_ref().unwrap().device_id,
    ];
    let expected = [10, 20, 30, 40, 50, 60].map(|end| format!("{LONG}.{end}"));
    assert_eq!(texts.map(String::as_str), expected.each_ref().map(String::as_str));
    assert_eq!(detail.goods_detail[0].goods_id, "1.50");
    // The same in a repaired document, where all positions have moved.
    let (repaired, _): (Transaction, _) =
        decode(body.replacen("4.5", "\"\\ud83d\"", 1).as_bytes(), None).unwrap();
    assert_eq!(format!("{repaired:?}"), format!("{read:?}"));
}

/// The most memory that this process ever had, in bytes, where the system tells it.
fn peak() -> Option<usize> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.trim().strip_suffix(" kB")?.trim().parse::<usize>().ok()? << 10)
}

/// A key path as text for each number would take 50 GB here.
#[test]
fn a_long_key_around_many_numbers_takes_no_memory_for_each() {
    let (key, numbers) = ("k".repeat(500_000), "1.5,".repeat(100_000));
    let nested = format!("{{\"{key}\":[{numbers}1.5]}}");
    let deep =
        format!("{}1.5{}", format!("{{\"{}\":", "k".repeat(5_000)).repeat(90), "}".repeat(90));
    let members: String = (0..100_000).map(|index| format!("\"{index}\":1.5,")).collect();
    for hostile in [
        nested,
        format!("{{\"{key}\":{{{members}\"end\":1.5}}}}"),
        format!("{{\"{key}\":[{}[1.5]]}}", "[1.5],".repeat(100_000)),
        deep,
    ] {
        let start = std::time::Instant::now();
        let body = format!("{{\"attach\":{LONG},\"new\":{hostile},\"bank_type\":{LONG}.50}}");
        let (read, _): (Transaction, _) = decode(body.as_bytes(), None).unwrap();
        assert_eq!((read.attach, read.bank_type), (LONG.to_owned(), format!("{LONG}.50")));
        assert!(start.elapsed().as_secs() < 20, "{:?}", start.elapsed());
    }
    assert!(peak().is_none_or(|peak| peak < 2 << 30), "{:?}", peak());
}

/// Only broken texts are repaired, not a broken structure.
#[test]
fn a_document_whose_structure_is_broken_stays_an_error() {
    for broken in [
        "",
        "{",
        "{\"a\":1",
        "{\"a\":1,}",
        "[1,]",
        "{'a':1}",
        "{\"a\" 1}",
        "{\"a\":1}}",
        "{a:1}",
        "<html>",
        "{\"a\":\"b",
        "{\"a\":tru}",
        "{\"a\":1}{\"a\":1}",
        "a=b",
        "{\"a\":1 // no\n}",
        "\u{feff}",
    ] {
        assert!(decode::<Json>(broken.as_bytes(), None).is_err(), "{broken}");
    }
    let (sandbox, expected) = (r#"{"attach":"\ud83d","#, "not JSON");
    assert!(decode::<Json>(sandbox.as_bytes(), None).unwrap_err().to_string().contains(expected));
}

async fn replied(body: &'static str) -> Reply<Transaction> {
    let (sandbox, wx) = sandbox().await;
    sandbox.respond("GET", QUERY, PlannedResponse::verbatim(body)).unwrap();
    let transactions = wx.v3().pay().transactions();
    transactions
        .out_trade_no()
        .out_trade_no("1")
        .get(|r| r.mchid("1230000109"))
        .reply()
        .await
        .unwrap()
}

#[tokio::test]
async fn half_an_emoji_does_not_make_a_verified_response_unreadable() {
    let reply = replied(r#"{"trade_state":"SUCCESS","out_trade_no":"1","attach":"a\ud83d"}"#).await;
    assert_eq!(
        (&reply.value.trade_state, &*reply.value.attach),
        (&TradeState::Success, "a\u{fffd}")
    );
    assert_eq!(repaired(reply.corrections()), ["attach"]);
    assert!(reply.body().ends_with(br#"a\ud83d"}"#), "the bytes are kept as they came");
}

#[tokio::test]
async fn an_untyped_call_reads_broken_text_too() {
    let (sandbox, wx) = sandbox().await;
    sandbox.respond("GET", QUERY, PlannedResponse::verbatim(r#"{"a":"\ud83d","b":1}"#)).unwrap();
    let target = "/v3/pay/transactions/out-trade-no/1?mchid=1230000109";
    let reply = wx.get(target).reply().await.unwrap();
    assert_eq!(reply.value, json!({ "a": "\u{fffd}", "b": 1 }));
    assert_eq!(repaired(reply.corrections()), ["a"]);
}

#[tokio::test]
async fn bytes_that_are_no_utf8_are_read_and_garbage_stays_unreadable() {
    let (sandbox, wx) = sandbox().await;
    sandbox.inject_fault(Fault::InvalidUtf8);
    let reply = cancel(&wx).reply().await.unwrap();
    assert_eq!(repaired(reply.corrections()), ["code"]);
    sandbox.inject_fault(Fault::Garbage { length: 1000 });
    let error = cancel(&wx).await.unwrap_err();
    assert_eq!(error.outcome(), Outcome::Accepted);
    assert!(matches!(error.kind(), ErrorKind::Unreadable(_)), "{error}");
}

/// A text as an encoder writes it, with parts taken out or put in as cutting, copying and re-encoding do.
fn mutilated() -> impl Strategy<Value = Vec<u8>> {
    let whole = any::<String>().prop_map(|text| {
        let json = Value::from(text).to_string();
        json.as_bytes()[1..json.len() - 1].to_vec()
    });
    let escapes = proptest::collection::vec(any::<u16>(), 0..4).prop_map(|units| {
        units.iter().flat_map(|unit| format!("\\u{unit:04x}").into_bytes()).collect()
    });
    let bytes = proptest::collection::vec(any::<u8>(), 0..8)
        .prop_map(|bytes| bytes.into_iter().filter(|byte| !b"\"\\".contains(byte)).collect());
    let part = prop_oneof![whole, escapes, bytes];
    // Cut at both ends, also between the two characters of an escape.
    (
        proptest::collection::vec(part, 1..4),
        any::<prop::sample::Index>(),
        any::<prop::sample::Index>(),
    )
        .prop_map(|(parts, one, other)| {
            let text: Vec<u8> = parts.concat();
            let (one, other) = (one.index(text.len() + 1), other.index(text.len() + 1));
            without_bare_quotes(&text[one.min(other)..one.max(other)])
        })
}

/// Leaves out quotation marks and a backslash at the end that a cut freed. No encoder writes them.
fn without_bare_quotes(text: &[u8]) -> Vec<u8> {
    let mut kept = Vec::new();
    let mut escaped = false;
    for &byte in text {
        if byte == b'"' && !escaped {
            continue;
        }
        escaped = byte == b'\\' && !escaped;
        kept.push(byte);
    }
    if escaped {
        kept.pop();
    }
    kept
}

proptest! {
    #[test]
    fn no_mutilated_text_makes_a_verified_object_unreadable(text in mutilated()) {
        let member = [b"\"attach\":\"", &*text, b"\""].concat();
        read(&member);
    }

    #[test]
    fn a_strict_document_beside_a_broken_text_is_read_as_it_is(
        texts in proptest::collection::vec(any::<String>(), 0..4), number: f64, integer: i64,
    ) {
        let document = json!({ "texts": texts, "number": number, "deep": [{ "integer": integer }] });
        let body = format!("[{document},\"\\ud83d\"]");
        let (read, _): (Json, _) = decode(body.as_bytes(), None).unwrap();
        let strict: Json = serde_json::from_str(&document.to_string()).unwrap();
        prop_assert_eq!(&read[0], &strict);
    }

    #[test]
    fn no_bytes_make_reading_panic(body: Vec<u8>) {
        let _ = decode::<Transaction>(&body, None);
    }
}
