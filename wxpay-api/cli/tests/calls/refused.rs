//! What `wxpay call` refuses before it sends anything: unknown members, wrong types, missing ones.

use proptest::prelude::*;
use serde_json::json;

use crate::support::{Folder, wxpay};

const NATIVE: &str = "POST /v3/pay/transactions/native";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn members_that_do_not_fit_are_named_with_what_is_meant() {
    let folder = Folder::start().await;
    let whole = [
        NATIVE,
        "appid=wx1",
        "description=QQ",
        "out_trade_no=1",
        "notify_url=https://shop.example/",
        "amount.total=1",
    ];
    for (wrong, problem) in [
        ("amount.total=1.00", "amount.total: it wants an integer"),
        ("amount.totel=1", "amount.totel: no such member; did you mean `total`?"),
        ("out_trade_number=1", "out_trade_number: no such member; did you mean `out_trade_no`?"),
        ("amount=1", "amount: it is an object: write `amount.NAME=…`"),
        ("detail.goods_detail=1", "detail.goods_detail: it is a list"),
        ("detail.goods_detail.quantity=1", "it is a list: write `detail.goods_detail[0].quantity`"),
        ("detail.goods_detail[2].quantity=1", "give its elements in order"),
        ("settle_info.profit_sharing=yes", "it wants `true` or `false`"),
        ("description.text=1", "description.text: it is a text, and has no members"),
        ("appid:=5", "appid: it wants a text, not an integer"),
        ("amount:={\"total\": \"1\"}", "amount.total: it wants an integer, not a text"),
    ] {
        let run = folder.call(&[&whole[..], &[wrong]].concat()).fails(2);
        assert!(run.stderr.contains(problem), "{wrong}: {}", run.stderr);
        assert!(run.stderr.contains("nothing was sent"), "{}", run.stderr);
    }
    assert!(folder.sandbox.received().is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_missing_member_is_named() {
    let folder = Folder::start().await;
    let run = folder.call_json(&[NATIVE, "amount.currency=CNY"]).fails(2);
    let members = run.error()["detail"]["members"].clone();
    let members: Vec<_> = members.as_array().expect("a list").iter().collect();
    let paths: Vec<_> = members.iter().map(|one| one["path"].as_str().unwrap()).collect();
    let required = ["appid", "description", "out_trade_no", "notify_url", "amount.total"];
    assert!(required.iter().all(|path| paths.contains(path)), "{paths:?}");
    assert_eq!(run.error()["exit_code"], 2);
    // The merchant is known.
    assert!(!paths.contains(&"mchid"), "{paths:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_secret_of_a_wrong_type_is_not_repeated() {
    let folder = Folder::start().await;
    let transfer = "POST /v3/fund-app/mch-transfer/transfer-bills";
    for wrong in
        ["user_name:=13800138000", "user_name:={\"a\": 13800138000}", "user_name.a=13800138000"]
    {
        let run = folder.call_json(&[transfer, wrong]).fails(2);
        assert!(!run.stderr.contains("13800138000"), "{}", run.stderr);
    }
    let data = json!({ "user_name": 13_800_138_000_i64 }).to_string();
    let run = folder.call_json(&[transfer, "--data", &data]).fails(2);
    assert!(!run.stderr.contains("13800138000"), "{}", run.stderr);
    let broken = folder.call_json(&[transfer, "user_name:={13800138000"]).fails(2);
    assert!(!broken.stderr.contains("13800138000"), "{}", broken.stderr);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_ambiguous_operation_is_not_called() {
    let folder = Folder::start().await;
    let run = folder.call_json(&["/v3/payscore/serviceorder", "service_id=1"]).fails(2);
    assert!(run.error()["detail"]["candidates"].is_array());
    let word = folder.call(&[NATIVE, "appid=1", "13800138000"]).fails(2);
    assert!(word.stderr.contains("word 2 after the operation has no `=`"), "{}", word.stderr);
    assert!(!word.stderr.contains("13800138000"), "{}", word.stderr);
    assert!(folder.sandbox.received().is_empty());
}

#[test]
fn without_a_sandbox_the_folder_is_named() {
    let run = wxpay(&["call", "--dir", "nowhere", "/v3/certificates"]).fails(1);
    assert!(run.stderr.contains("wxpay sandbox --dir nowhere"), "{}", run.stderr);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]
    /// Whatever a member is called, the program ends with a plain failure before it looks for a sandbox's answer.
    #[test]
    fn any_member_is_refused_or_taken(name in "[a-z.\\[\\]0-9:=@]{1,16}", value in "[^\0]{0,8}") {
        let word = format!("{name}={value}");
        let run = wxpay(&["--json", "call", "--dir", "nowhere", NATIVE, &word]);
        prop_assert!(matches!(run.exit, 1 | 2), "{:?}", run);
    }
}
