//! `pay`, `event` and `state`.

use serde_json::Value;

use crate::support::Shop;

const NOTIFY_URL: &str = "https://shop.example/notify";

#[tokio::test(flavor = "multi_thread")]
async fn a_user_pays() {
    let shop = Shop::open().await;
    shop.order("order-1", NOTIFY_URL).await;
    let ran = shop.run(&["pay", "order-1"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(ran.stdout.starts_with("paid\norder-1  SUCCESS"), "{}", ran.stdout);
    assert_eq!(shop.sandbox.order("order-1").unwrap().state().unwrap(), "SUCCESS");

    shop.order("order-2", NOTIFY_URL).await;
    let paid = shop.json(&["pay", "order-2", "payer_total:=90"]);
    assert_eq!(paid["state"], "SUCCESS");
    let object = shop.sandbox.order("order-2").unwrap().object().unwrap();
    assert_eq!(object["amount"]["payer_total"], 90);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_possible_lists_what_is() {
    let shop = Shop::open().await;
    shop.paid("order-1").await;
    let again = shop.run(&["pay", "order-1"]);
    assert_eq!(again.code, 1);
    assert!(again.stderr.contains("the sandbox refuses"), "{}", again.stderr);
    let report = shop.run(&["--json", "pay", "order-1"]).report();
    assert_eq!(report["detail"]["detail"]["state"], "SUCCESS");
    let unknown = shop.run(&["pay", "order-9"]);
    assert_eq!(unknown.code, 1);
    assert!(unknown.stderr.contains("order-1"), "{}", unknown.stderr);
    let input = shop.run(&["event", "order-1", "pay", "payer_total"]);
    assert_eq!(input.code, 2, "no `=`: {}", input.stderr);
    let twice = shop.run(&["event", "order-1", "pay", "a=1", "a.b=2"]);
    assert!(twice.stderr.contains("`a.b` is given twice"), "{}", twice.stderr);
}

#[tokio::test(flavor = "multi_thread")]
async fn events_are_listed_and_happen() {
    let shop = Shop::open().await;
    let empty = shop.run(&["event"]);
    assert!(empty.stdout.contains("no resources yet"), "{}", empty.stdout);
    assert!(empty.stdout.contains("merchant-service/complaint"), "{}", empty.stdout);
    shop.order("order-1", NOTIFY_URL).await;
    let one = shop.run(&["event", "order-1"]);
    assert!(one.stdout.contains("possible now:\n  pay"), "{}", one.stdout);
    assert!(one.stdout.contains("payer_total:=100"), "{}", one.stdout);
    assert!(!one.stdout.contains("openid\":"), "no members: {}", one.stdout);
    let with_object = shop.run(&["event", "order-1", "--object"]);
    assert!(with_object.stdout.contains("\"out_trade_no\": \"order-1\""), "{}", with_object.stdout);
    assert!(shop.json(&["event", "order-1"]).get("object").is_none());
    assert_eq!(shop.json(&["event", "order-1", "fail"])["state"], "NOTPAY");
    assert_eq!(shop.json(&["event", "order-1", "pay", "bank_type=CMB_DEBIT"])["state"], "SUCCESS");
    let overview = shop.json(&["event"]);
    assert_eq!(overview["total"], 1);
    let lifecycles = shop.json(&["event", "--lifecycles"]);
    assert!(lifecycles["lifecycles"].as_array().unwrap().len() > 20);
    assert!(shop.run(&["event", "--lifecycles"]).stdout.contains("pay/transaction"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_begins_a_complaint() {
    let shop = Shop::open().await;
    shop.paid("order-1").await;
    let made = shop.run(&["event", "--new", "merchant-service/complaint"]);
    let made = match made.code {
        0 => made,
        _ => {
            let paid = shop.sandbox.order("order-1").unwrap().object().unwrap();
            let id = format!("transaction_id={}", paid["transaction_id"].as_str().unwrap());
            shop.run(&["event", "--new", "merchant-service/complaint", &id])
        }
    };
    assert_eq!(made.code, 0, "{}", made.stderr);
    assert!(made.stdout.contains("PENDING"), "{}", made.stdout);
    let unknown = shop.run(&["event", "--new", "pay/transactions"]);
    assert_eq!(unknown.code, 1);
    assert!(unknown.stderr.contains("pay/transaction"), "{}", unknown.stderr);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_state_is_looked_at() {
    let shop = Shop::open().await;
    shop.paid("order-1").await;
    shop.order("order-2", NOTIFY_URL).await;
    shop.sandbox.notifications_settled().await;
    let open = shop.run(&["state", "resources", "--state", "NOTPAY"]);
    assert!(open.stdout.starts_with("order-2  NOTPAY"), "{}", open.stdout);
    assert_eq!(open.stdout.lines().count(), 1);
    assert_eq!(shop.json(&["state", "resources"])["total"], 2);
    std::fs::rename(shop.file("sandbox"), shop.file("elsewhere")).unwrap();
    assert_eq!(shop.json(&["state", "resources", "--dir", "elsewhere"])["total"], 2);
    assert_eq!(shop.json(&["state", "--dir", "elsewhere", "resources"])["total"], 2);
    std::fs::rename(shop.file("elsewhere"), shop.file("sandbox")).unwrap();
    let sent = shop.run(&["state", "notifications"]);
    assert!(
        sent.stdout.starts_with("TRANSACTION.SUCCESS of order-1  not sent: "),
        "{}",
        sent.stdout
    );
    let requests = shop.run(&["state", "requests", "--limit", "1"]);
    assert_eq!(requests.stdout, "1 200 POST /v3/pay/transactions/jsapi\n");
    assert!(shop.run(&["state", "requests", "1"]).stdout.contains("order-1"));
    assert_eq!(shop.json(&["state", "money"])["entries"].as_array().unwrap().len(), 1);
    assert_eq!(shop.run(&["state", "money"]).stdout.lines().count(), 1);
    assert!(shop.run(&["state", "switches"]).stdout.contains("pay/transaction paid"));
    assert!(shop.run(&["state", "settings"]).stdout.contains("profitsharing/order max_ratio"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_clock_advances() {
    let shop = Shop::open().await;
    shop.order("order-1", NOTIFY_URL).await;
    let before = shop.run(&["state", "clock"]).stdout;
    let ran = shop.run(&["state", "clock", "advance", "8d"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(ran.stdout.contains("timers fired"), "{}", ran.stdout);
    assert_ne!(shop.run(&["state", "clock"]).stdout, before);
    assert_eq!(shop.sandbox.order("order-1").unwrap().state().unwrap(), "CLOSED");
    assert_eq!(shop.run(&["state", "clock", "advance", "soon"]).code, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn faults_switches_and_settings_are_changed() {
    let shop = Shop::open().await;
    let refunds = "post /v3/refund/domestic/refunds";
    let inject =
        ["state", "faults", "inject", "delay", "pause=2s", "--at", refunds, "--unexecuted"];
    assert_eq!(shop.run(&inject).code, 0);
    let listed = shop.run(&["state", "faults"]).stdout;
    assert_eq!(listed, "delay, unexecuted POST /v3/refund/domestic/refunds\n");
    assert_eq!(shop.run(&["state", "faults", "inject", "earthquake"]).code, 1);
    assert_eq!(shop.run(&["state", "faults", "inject", "html", "--at", "nowhere"]).code, 1);
    assert_eq!(shop.run(&["state", "faults", "clear"]).code, 0);
    assert_eq!(shop.json(&["state", "faults"])["faults"], Value::Array(vec![]));

    let choice = ["state", "switches", "set", "pay/transaction", "paid", "400 INVALID_REQUEST"];
    assert_eq!(shop.run(&choice).code, 0);
    shop.paid("order-1").await;
    let wx = shop.client();
    let again = wx.v3().pay().transactions().native().post(|r| {
        r.appid(crate::support::APPID)
            .mchid(wx.id())
            .description("QQ公仔")
            .out_trade_no("order-1")
            .amount(|a| a.total(100))
            .notify_url(NOTIFY_URL)
    });
    assert_eq!(again.await.unwrap_err().api().unwrap().code, "INVALID_REQUEST");
    let set = ["state", "settings", "set", "profitsharing/order", "max_ratio", "20"];
    assert_eq!(shop.json(&set)["value"], 20);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reset_forgets_orders() {
    let shop = Shop::open().await;
    shop.paid("order-1").await;
    assert_eq!(shop.run(&["state", "reset"]).code, 0);
    assert_eq!(shop.json(&["state", "resources"])["total"], 0);
    assert_eq!(shop.run(&["event", "order-1"]).code, 1);
}
