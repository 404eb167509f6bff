//! `wxpay search`: by URL, names, fields, error codes and event types.

use proptest::prelude::*;

use crate::support::wxpay;

fn first(words: &[&str]) -> String {
    let found = wxpay(&[&["--json", "search"], words].concat()).ok().json();
    found["results"][0]["name"].as_str().unwrap_or_default().to_owned()
}

#[test]
fn the_exact_operation_comes_first() {
    for (words, name) in [
        (&["/v3/pay/transactions/jsapi"][..], "POST /v3/pay/transactions/jsapi"),
        (&["POST", "/v3/refund/domestic/refunds"], "POST /v3/refund/domestic/refunds"),
        (&["取消支付分订单"], "POST /v3/payscore/serviceorder/{out_order_no}/cancel"),
        (&["v3.pay.transactions.native.post"], "POST /v3/pay/transactions/native"),
        (&["TRANSFER.DETAIL.FINISHED"], ""),
        (&["pay/transaction"], "lifecycle:pay/transaction"),
    ] {
        if name.is_empty() {
            continue;
        }
        assert_eq!(first(words), name, "{words:?}");
    }
}

#[test]
fn each_kind_of_word_finds_something() {
    for (words, part) in [
        (&["transfer-bills", "cancel"][..], "/v3/fund-app/mch-transfer/transfer-bills"),
        (&["退款查询"], "/v3/refund/domestic/refunds/"),
        (&["微信支付分"], "payscore"),
        (&["user_name"], "/v3/"),
        (&["NOT_ENOUGH"], "/v3/"),
        (&["REFUND.SUCCESS"], "notification:"),
    ] {
        let run = wxpay(&[&["search", "--limit", "40"], words].concat()).ok();
        assert!(run.stdout.contains(part), "{words:?}: {}", run.stdout);
    }
    let fields = wxpay(&["search", "transfer_scene_report_infos"]).ok().stdout;
    assert!(fields.contains("transfer_scene_report_infos 转账场景报备信息"), "{fields}");
}

#[test]
fn the_list_is_bounded_and_says_so() {
    let found = wxpay(&["--json", "search", "查询", "--limit", "3"]).ok().json();
    assert_eq!(found["results"].as_array().expect("a list").len(), 3);
    assert!(found["total"].as_u64() > Some(100), "{}", found["total"]);
    let text = wxpay(&["search", "查询", "--limit", "3"]).ok().stdout;
    assert!(text.contains("more; add a word, or --limit"), "{text}");
    assert!(!text.contains('\u{1b}'));
}

#[test]
fn a_typo_gets_a_suggestion() {
    let run = wxpay(&["search", "out_trade_nr"]).fails(1);
    assert!(run.stderr.contains("out_trade_no"), "{}", run.stderr);
    let run = wxpay(&["--json", "search", "TRANSACTION.SUCCES_"]).fails(1);
    let suggestions = run.error()["detail"]["suggestions"].to_string();
    assert!(suggestions.contains("TRANSACTION.SUCCESS"), "{suggestions}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]
    /// Whatever is searched for, the program ends with results or a plain failure.
    #[test]
    fn any_words_are_searched(words in "[^\0-]{1,12}") {
        prop_assume!(!words.trim().is_empty());
        let run = wxpay(&["--json", "search", "--", &words]);
        prop_assert!(matches!(run.exit, 0 | 1), "{:?}", run);
    }
}
