//! `wxpay show`: by each kind of name, in both languages, in a pipe.

use std::io::Read;
use std::process::Stdio;

use crate::support::{program, wxpay};

#[test]
fn an_operation_is_found_by_each_of_its_names() {
    let names: [&[&str]; 8] = [
        &["POST /v3/pay/transactions/jsapi"],
        &["post", "/v3/pay/transactions/jsapi"],
        &["/v3/pay/transactions/jsapi"],
        &["https://api.mch.weixin.qq.com/v3/pay/transactions/jsapi"],
        &["v3.pay.transactions.jsapi"],
        &["v3.pay.transactions.jsapi.post"],
        &["wx.v3().pay().transactions().jsapi()"],
        &["v3::pay::transactions::jsapi::post"],
    ];
    for name in names {
        let shown = wxpay(&[&["--json", "show"], name].concat()).ok().json();
        assert_eq!(shown["name"], "POST /v3/pay/transactions/jsapi", "{name:?}");
    }
    let by_parameter = wxpay(&["--json", "show", "v3.pay.transactions.out_trade_no.out_trade_no"]);
    let name = "GET /v3/pay/transactions/out-trade-no/{out_trade_no}";
    assert_eq!(by_parameter.ok().json()["name"], name);
    let filled = wxpay(&["--json", "show", "/v3/pay/transactions/out-trade-no/order-1?mchid=1"]);
    assert_eq!(filled.ok().json()["name"], name);
}

#[test]
fn a_unique_title_is_a_name() {
    let shown = wxpay(&["--json", "show", "用户授权后转账"]);
    let listed = wxpay(&["--json", "show", "取消支付分订单"]).fails(2).error();
    let candidates = listed["detail"]["candidates"].as_array().expect("a list");
    assert_eq!(candidates.len(), 3, "{candidates:?}");
    assert!(candidates.iter().all(|one| one["title"] == "取消支付分订单"), "{candidates:?}");
    assert_eq!(shown.ok().json()["name"], "POST /v3/fund-app/mch-transfer/transfer-bills/transfer");
}

#[test]
fn an_ambiguous_name_lists_its_candidates() {
    let run = wxpay(&["--json", "show", "/v3/payscore/serviceorder"]).fails(2);
    let candidates = &run.error()["detail"]["candidates"];
    let names: Vec<_> =
        candidates.as_array().expect("a list").iter().map(|one| &one["name"]).collect();
    assert_eq!(names, ["GET /v3/payscore/serviceorder", "POST /v3/payscore/serviceorder"]);
    let text = wxpay(&["show", "/v3/payscore/serviceorder"]).fails(2).stderr;
    assert!(text.contains("POST /v3/payscore/serviceorder  "), "{text}");
}

#[test]
fn a_typo_gets_suggestions() {
    for (typo, meant) in [
        ("POST /v3/pay/transactions/jsap", "POST /v3/pay/transactions/jsapi"),
        ("TRANSACTION.SUCESS", "notification:pay/transaction"),
        ("pay/transactio", "lifecycle:pay/transaction"),
    ] {
        let text = wxpay(&["show", typo]).fails(2).stderr;
        assert!(text.contains(meant), "{typo}: {text}");
    }
    let text = wxpay(&["show", "nothing-of-this-kind"]).fails(2).stderr;
    assert!(text.contains("wxpay search"), "{text}");
}

#[test]
fn an_operation_is_shown_with_everything() {
    let text = wxpay(&["show", "--language", "en", "POST /v3/refund/domestic/refunds"]).ok().stdout;
    for part in [
        "a retry is safe by out_refund_no",
        "https://pay.weixin.qq.com/",
        "Request",
        "amount  object, required",
        "  refund  integer, required",
        "string, optional, length ..32",
        "Example request",
        "Example response",
        "Error codes",
        "NOT_ENOUGH  403",
        "Lifecycle refund/refund",
        "REFUND.SUCCESS",
        "GET /v3/refund/domestic/refunds/{out_refund_no}",
        "wxpay call 'POST /v3/refund/domestic/refunds'",
        "amount.refund=888",
        ".refunds()",
    ] {
        assert!(text.contains(part), "{part} is not in\n{text}");
    }
    let chinese =
        wxpay(&["show", "--language", "zh", "POST /v3/refund/domestic/refunds"]).ok().stdout;
    assert!(chinese.contains("out_refund_no 相同则幂等"), "{chinese}");
}

#[test]
fn secrets_and_computed_members_are_marked() {
    let transfer = "POST /v3/fund-app/mch-transfer/transfer-bills";
    let text = wxpay(&["show", "--language", "en", transfer]).ok().stdout;
    assert!(text.contains("user_name  string, secret, encrypted, optional"), "{text}");
    let upload = wxpay(&["show", "--language", "en", "POST /v3/merchant/media/upload"]).ok().stdout;
    assert!(upload.contains("sha256  string, computed: SHA-256 of the file"), "{upload}");
}

#[test]
fn the_language_is_that_of_the_environment() {
    let shown = |locale: &str| {
        let mut command = program(&["show", "POST /v3/pay/transactions/jsapi"]);
        let output = command.env("LANG", locale).output().expect("the program runs");
        String::from_utf8(output.stdout).expect("UTF-8")
    };
    assert!(shown("zh_CN.UTF-8").contains("请求参数"));
    assert!(shown("en_US.UTF-8").contains("Request"));
}

#[test]
fn an_event_shows_each_of_its_resources() {
    let shown = wxpay(&["--json", "show", "TRANSACTION.SUCCESS"]).ok().json();
    let resources = shown["resources"].as_array().expect("a list");
    assert!(resources.len() > 2, "{resources:?}");
    let names: Vec<_> = resources.iter().map(|one| &one["notification"]["name"]).collect();
    assert!(names.iter().any(|name| *name == "pay/transaction"), "{names:?}");
    let text = wxpay(&["show", "TRANSACTION.SUCCESS"]).ok().stdout;
    assert!(text.contains("transaction_id  string"), "{text}");
    assert!(text.contains("resource::<Transaction>()"), "{text}");
}

#[test]
fn a_lifecycle_shows_states_and_arrows() {
    let text = wxpay(&["show", "--language", "en", "pay/transaction"]).ok().stdout;
    for part in ["NOTPAY", "new → NOTPAY", "TRANSACTION.SUCCESS", "/close", "Timers"] {
        assert!(text.contains(part), "{part} is not in\n{text}");
    }
    let shown = wxpay(&["--json", "show", "pay/transaction"]).ok().json();
    assert_eq!(shown["kind"], "lifecycle");
    let notification = wxpay(&["--json", "show", "notification:pay/transaction"]).ok().json();
    assert_eq!(notification["kind"], "notification");
}

#[test]
fn a_pipe_has_no_colours_and_may_close_early() {
    let text = wxpay(&["show", "POST /v3/pay/transactions/jsapi"]).ok().stdout;
    assert!(!text.contains('\u{1b}'));
    let mut command = program(&["show", "TRANSACTION.SUCCESS"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("a run");
    let mut first = [0; 16];
    child.stdout.take().expect("a pipe").read_exact(&mut first).expect("the first bytes");
    // The pipe is closed now, before the program wrote everything.
    let output = child.wait_with_output().expect("the program ends");
    assert!(output.status.success(), "{output:?}");
    assert!(output.stderr.is_empty(), "{output:?}");
}
