//! The pay page: what it shows, what its buttons do, and that nothing from outside becomes markup.

use serde_json::json;
use wxpay_api::sandbox::Sandbox;

use crate::support::{Got, Raw, order, plan, start};

/// Orders by Native and returns the path of its pay page.
async fn native(sandbox: &Sandbox, number: &str) -> String {
    let order = order(sandbox, "native", number).await;
    let code_url = order["code_url"].as_str().unwrap();
    format!("/_sandbox/pay?code_url={}", encoded(code_url))
}

fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

async fn english(sandbox: &Sandbox, target: &str) -> Got {
    Raw::get(target).header("Accept-Language", "en-GB,en;q=0.9").send(sandbox).await
}

#[tokio::test]
async fn the_page_of_a_code_url_has_the_buttons_of_a_user() {
    let sandbox = start().await;
    let target = native(&sandbox, "order-1").await;
    let page = english(&sandbox, &target).await;
    assert_eq!((page.status, page.header("content-type")), (200, "text/html; charset=utf-8"));
    for text in
        ["order-1", "1230000109", "do=pay\"", "do=fail\"", "do=cancel\"", "lang=\"en\"", "viewport"]
    {
        assert!(page.body.contains(text), "{text}: {}", page.body);
    }
    let chinese = Raw::get(&target).send(&sandbox).await;
    assert!(chinese.body.contains("确认支付") && chinese.body.contains("lang=\"zh-CN\""));
    let chosen = english(&sandbox, &format!("{target}&lang=zh")).await;
    assert!(chosen.body.contains("确认支付"));
    let plain = format!("/_sandbox/pay?code_url={}", "weixin://wxpay/bizpayurl?pr=none");
    let unknown = english(&sandbox, &plain).await;
    assert!(unknown.body.contains("WeChat would refuse"), "{}", unknown.body);
}

#[tokio::test]
async fn the_page_is_guarded() {
    let sandbox = start().await;
    let target = native(&sandbox, "order-1").await;
    let page = english(&sandbox, &target).await;
    let policy = page.header("content-security-policy");
    for part in [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    ] {
        assert!(policy.contains(part), "{policy}");
    }
    assert!(!policy.contains("unsafe"));
    assert_eq!(page.header("x-frame-options"), "DENY");
    assert_eq!(page.header("referrer-policy"), "same-origin");
    for inline in ["<script", " style=", "onclick", "javascript:"] {
        assert!(!page.body.contains(inline), "{inline}");
    }
}

/// The click must come from the page itself: a form of another origin is refused.
#[tokio::test]
async fn a_click_must_come_from_the_page() {
    let sandbox = start().await;
    let target = native(&sandbox, "order-1").await;
    let click = |action: &str| Raw::new("POST", &format!("{target}&do={action}"));
    for request in [
        click("pay"),
        click("pay").header("Origin", "null"),
        click("pay").header("Origin", "http://evil.example"),
        click("pay").header("Origin", sandbox.url()).header("Sec-Fetch-Site", "cross-site"),
        click("pay").header("Origin", sandbox.url()).header("Sec-Fetch-Site", "same-site"),
    ] {
        let got = request.send(&sandbox).await;
        assert_eq!(got.status, 403, "{}", got.body);
        assert!(got.header("content-type").starts_with("text/html"));
    }
    for (action, outcome) in [("cancel", "Cancelled."), ("fail", "The payment failed.")] {
        // A browser sends this media type with an empty form.
        let request = click(action)
            .header("Origin", sandbox.url())
            .header("Content-Type", "application/x-www-form-urlencoded")
            .header("Sec-Fetch-Site", "same-origin");
        let got = request.send(&sandbox).await;
        assert_eq!(got.status, 303, "{}", got.body);
        let page = english(&sandbox, got.header("location")).await;
        assert!(page.body.contains(outcome), "{}", page.body);
        assert_eq!(page.body.matches("<form").count(), 3, "it can still be paid");
    }
    // Whatever a URL says, the page does not call an unpaid order paid.
    let page = english(&sandbox, &format!("{target}&done=pay")).await;
    assert!(!page.body.contains("Paid."), "{}", page.body);
    let unknown = click("pya").header("Origin", sandbox.url()).send(&sandbox).await;
    assert_eq!(unknown.status, 400);
    assert!(unknown.body.contains("`pay`"), "{}", unknown.body);
}

#[tokio::test]
async fn nothing_from_outside_becomes_markup() {
    let sandbox = start().await;
    let hostile = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>";
    let hostile_code = format!("weixin://wxpay/bizpayurl?pr={hostile}");
    plan(&sandbox, "POST", "/v3/pay/transactions/native", json!({ "code_url": hostile_code }))
        .await;
    order(&sandbox, "native", "order-1").await;
    let query = encoded(&hostile_code);
    let targets = [
        format!("/_sandbox/pay?code_url={query}"),
        format!("/_sandbox/pay?code_url={query}x"),
        format!("/_sandbox/pay?code_url={query}&done={}", encoded(hostile)),
        format!("/_sandbox/pay?prepay_id={}", encoded(hostile)),
        format!("/_sandbox/pay?lang={}", encoded(hostile)),
        format!("/_sandbox/pay?{}=1", encoded(hostile)),
        format!("/_sandbox/bridge?origin={}", encoded(hostile)),
        format!("/_sandbox/bridge?origin=http%3A%2F%2Flocalhost%3A1&lang={}", encoded(hostile)),
        "/_sandbox/pay?'onmouseover='alert(1)".to_owned(),
    ];
    for target in &targets {
        let page = english(&sandbox, target).await;
        assert!(page.header("content-type").starts_with("text/html"), "{target}");
        for markup in ["<script>", "<img", "'>", "\"'"] {
            assert!(!page.body.contains(markup), "{target}: {}", page.body);
        }
        assert!(!page.body.contains("onmouseover='"), "{target}: {}", page.body);
        assert!(!page.header("content-security-policy").contains("script>"), "{target}");
    }
}

#[tokio::test]
async fn an_h5_payment_leads_back_to_the_shop() {
    let sandbox = start().await;
    let order = order(&sandbox, "h5", "order-1").await;
    let url = order["h5_url"].as_str().unwrap().to_owned();
    let invoke = sandbox.client().unwrap().invoke();
    let with_return = invoke.h5(&url, "https://shop.example/done?x=\"<&'").unwrap_or_else(|_| {
        format!("{url}&redirect_url={}", encoded("https://shop.example/done?x=\"<&'"))
    });
    let target = with_return.strip_prefix(sandbox.url()).unwrap().to_owned();
    let page = english(&sandbox, &target).await;
    assert_eq!(page.status, 200);
    let link = "href=\"https://shop.example/done?x=&quot;&lt;&amp;&#39;\"";
    assert!(page.body.contains(link), "{}", page.body);
    // The customer's browser comes from the shop's page: another site.
    let from_shop = Raw::get(&target).header("Sec-Fetch-Site", "cross-site").send(&sandbox).await;
    assert_eq!(from_shop.status, 200);
    // The page may be opened under another of the sandbox's names.
    let port = sandbox.url().rsplit(':').next().unwrap();
    let other = Raw::get(&target).host(&format!("localhost:{port}")).send(&sandbox).await;
    assert!(other.body.contains("order-1"), "{}", other.body);
    let hostile = format!(
        "{}&redirect_url={}",
        target.split("&redirect_url").next().unwrap(),
        encoded("javascript:alert(1)")
    );
    let page = english(&sandbox, &hostile).await;
    assert!(!page.body.contains("javascript:"), "{}", page.body);
}

#[tokio::test]
async fn a_page_without_an_order_says_what_to_do() {
    let sandbox = start().await;
    let page = english(&sandbox, "/_sandbox/pay").await;
    assert_eq!(page.status, 400);
    assert!(page.body.contains("code_url"), "{}", page.body);
    let style = Raw::get("/_sandbox/page.css").send(&sandbox).await;
    assert!(style.header("content-type").starts_with("text/css"));
}
