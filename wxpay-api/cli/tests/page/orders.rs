//! Orders and what follows: states, events, notifications, money, the clock.

use serde_json::{Value, json};

use crate::browser::{Browser, DESKTOP};
use crate::program::Program;
use crate::shop::Webhook;

#[tokio::test]
async fn an_order_is_paid_by_a_button_and_the_diagram_follows() {
    let Some(browser) = Browser::start(DESKTOP).await else { return };
    let program = Program::start();
    browser.open(&program.page("/resources")).await;
    browser.shows("Nothing yet.").await;
    program.order("native", "tea-0001", 880).await;
    browser.shows("tea-0001").await;
    browser.click("tbody .main a").await;
    browser.found("[data-state=NOTPAY]").await;
    browser.shows("¥8.80").await;
    browser.shows("880 fen").await;
    assert_eq!(now(&browser).await, "● NOTPAY");

    browser.click("[data-event=pay]").await;
    browser.found("[data-state=SUCCESS]").await;
    assert_eq!(now(&browser).await, "● SUCCESS");
    assert_eq!(program.state("tea-0001").await, "SUCCESS");
    browser.shows("TRANSACTION.SUCCESS").await;

    // A change from elsewhere arrives, too.
    let refund = json!({
        "out_trade_no": "tea-0001", "out_refund_no": "back-0001",
        "amount": { "refund": 380, "total": 880, "currency": "CNY" },
    });
    let (status, response) = program.call("POST", "/v3/refund/domestic/refunds", &refund).await;
    assert_eq!(status, 200, "{response}");
    browser.found("[data-state=REFUND]").await;
    assert_eq!(now(&browser).await, "● REFUND");
    browser.close().await;
}

/// Returns what the diagram marks as the present state.
async fn now(browser: &Browser) -> Value {
    browser.script("return document.querySelector('.is-now .name').textContent").await
}

#[tokio::test]
async fn a_refund_arrives_by_its_event_and_money_is_listed() {
    let Some(browser) = Browser::start(DESKTOP).await else { return };
    let program = Program::start();
    program.order("native", "tea-0002", 880).await;
    program.control("POST", "/resources/tea-0002/events", json!({ "event": "pay" })).await;
    let refund = json!({
        "out_trade_no": "tea-0002", "out_refund_no": "back-0002",
        "amount": { "refund": 380, "total": 880, "currency": "CNY" },
    });
    program.call("POST", "/v3/refund/domestic/refunds", &refund).await;

    // The number leads to the refund, and the refund to its order.
    browser.open(&program.page("/requests")).await;
    browser.fill("#find", "back-0002").await;
    browser.enter().await;
    browser.found("[data-state=PROCESSING]").await;
    browser.shows("¥3.80").await;
    browser.click("[data-event=succeed]").await;
    browser.found("[data-state=SUCCESS]").await;
    let links = "return [...document.querySelectorAll('.related a')].map(it => it.innerText)";
    assert!(browser.script(links).await.to_string().contains("tea-0002"));
    browser.click(".related a").await;
    browser.found("[data-state=REFUND]").await;
    browser.shows("back-0002").await;

    browser.open(&program.page("/money")).await;
    let text = browser.text().await;
    assert!(text.contains("¥8.80") && text.contains("¥3.80"), "{text}");
    browser.close().await;
}

#[tokio::test]
async fn an_event_takes_inputs() {
    let Some(browser) = Browser::start(DESKTOP).await else { return };
    let program = Program::start();
    program.order("native", "tea-0003", 880).await;
    browser.open(&program.page(&program.path_of("tea-0003").await)).await;
    browser.click(".event summary").await;
    browser.fill("input[name='input.bank_type']", "CMB_DEBIT").await;
    browser.fill("input[name='input.payer_total']", "800").await;
    browser.click("[data-event=pay]").await;
    browser.found("[data-state=SUCCESS]").await;
    let paid = program.control("GET", "/resources/tea-0003", Value::Null).await;
    assert_eq!(paid["object"]["bank_type"], "CMB_DEBIT");
    assert_eq!(paid["object"]["amount"]["payer_total"], 800);

    // A refused event says why.
    browser.open(&program.page(&program.path_of("tea-0003").await)).await;
    program.control("POST", "/reset", json!({})).await;
    browser.click("[data-event]").await;
    browser.shows("This did not work").await;
    browser.close().await;
}

#[tokio::test]
async fn the_clock_closes_an_order_that_nobody_paid() {
    let Some(browser) = Browser::start(DESKTOP).await else { return };
    let program = Program::start();
    program.order("native", "tea-0004", 880).await;
    let before = program.control("GET", "/clock", Value::Null).await;
    browser.open(&program.page("/clock")).await;
    browser.click("[data-by='30d']").await;
    browser.shows("The clock was advanced.").await;
    assert_ne!(program.state("tea-0004").await, "NOTPAY");
    browser.fill("input[name=by][type=text], .fields input[name=by]", "2h30m").await;
    browser.click(".fields button").await;
    browser.shows("The clock was advanced.").await;
    let after = program.control("GET", "/clock", Value::Null).await;
    assert!(after["now"].as_str() > before["now"].as_str());
    browser.fill(".fields input[name=by]", "soon").await;
    browser.click(".fields button").await;
    browser.shows("This did not work").await;
    browser.close().await;
}

#[tokio::test]
async fn a_notification_shows_its_attempts_and_is_sent_again() {
    let Some(browser) = Browser::start(DESKTOP).await else { return };
    let program = Program::start();
    let webhook = Webhook::start().await;
    program.order_with_url("native", "tea-0005", 880, &webhook.url).await;
    program.control("POST", "/resources/tea-0005/events", json!({ "event": "pay" })).await;
    browser.open(&program.page("/notifications")).await;
    browser.shows("Acknowledged").await;
    browser.click("tbody .main a").await;
    browser.shows("TRANSACTION.SUCCESS").await;
    assert_eq!(browser.count("tbody tr").await, 1);
    browser.click("form[action$='/copies'] button").await;
    browser.shows("Sent again.").await;
    assert_eq!(browser.count("tbody tr").await, 2);
    assert_eq!(webhook.count(), 2);

    // One that could not be sent says why.
    program.order_with_url("native", "tea-0006", 880, "https://example.com/notify").await;
    program.control("POST", "/resources/tea-0006/events", json!({ "event": "pay" })).await;
    browser.open(&program.page("/notifications?failed=1")).await;
    browser.shows("Not sent").await;
    assert_eq!(browser.count("tbody tr").await, 1);
    browser.click("tbody .main a").await;
    browser.shows("allow_webhook_host").await;
    assert_eq!(browser.count("form[action$='/copies']").await, 0, "nothing can be sent again");
    browser.close().await;
}

#[tokio::test]
async fn the_keyboard_alone_pays_an_order() {
    let Some(browser) = Browser::start(DESKTOP).await else { return };
    let program = Program::start();
    program.order("native", "tea-0007", 880).await;
    browser.open(&program.page("/resources")).await;
    browser.shows("tea-0007").await;
    // The first stop skips the navigation.
    browser.press("\u{e004}").await;
    browser.holds("document.activeElement.className === 'skip'").await;
    browser.enter().await;
    focus(&browser, "document.activeElement.matches('tbody .main a')").await;
    browser.enter().await;
    browser.found("[data-state=NOTPAY]").await;
    focus(&browser, "document.activeElement.matches('[data-event=pay]')").await;
    let outline = "getComputedStyle(document.activeElement).outlineStyle !== 'none'";
    browser.holds(outline).await;
    browser.enter().await;
    browser.found("[data-state=SUCCESS]").await;
    browser.close().await;
}

/// Presses Tab until a condition holds.
async fn focus(browser: &Browser, condition: &str) {
    for _ in 0..60 {
        if browser.script(&format!("return {condition}")).await == json!(true) {
            return;
        }
        browser.press("\u{e004}").await;
    }
    panic!("Tab never led to {condition}");
}
