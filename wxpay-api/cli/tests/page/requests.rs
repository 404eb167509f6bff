//! Requests: they arrive while the page is open, can be filtered, and tell why they were refused.

use serde_json::{Value, json};

use crate::browser::{Browser, DESKTOP, Look};
use crate::program::Program;

#[tokio::test]
async fn requests_arrive_while_the_page_is_open() {
    let Some(browser) = Browser::start(DESKTOP).await else { return };
    let program = Program::start();
    // The root leads to the page. Before the first request, it says how to connect.
    browser.open(&program.url).await;
    browser.shows("How to connect").await;
    browser.shows(&program.url).await;
    browser.script("window.isSamePage = true").await;

    program.order("native", "live-0001", 880).await;
    browser.shows("/v3/pay/transactions/native").await;
    program.call("GET", "/v3/nonsense", &Value::Null).await;
    browser.shows("/v3/nonsense").await;
    assert_eq!(browser.count("tbody tr").await, 2);
    assert!(browser.script("return window.isSamePage").await == json!(true), "it was reloaded");
    let newest = browser.script("return document.querySelector('tbody .target').innerText").await;
    assert_eq!(newest, "/v3/nonsense");
    assert!(!browser.text().await.contains("How to connect"));

    // A reset empties the list, too.
    program.control("POST", "/reset", json!({})).await;
    browser.shows("How to connect").await;
    browser.close().await;
}

#[tokio::test]
async fn requests_are_filtered_and_paged() {
    let Some(browser) = Browser::start(DESKTOP).await else { return };
    let program = Program::start();
    for number in 0..60 {
        program.call("GET", &format!("/v3/nonsense/{number}"), &Value::Null).await;
    }
    program.order("native", "filter-0001", 880).await;
    browser.open(&program.page("/requests")).await;
    assert_eq!(browser.count("tbody tr").await, 50);
    browser.click("a[rel=next]").await;
    browser.shows("/v3/nonsense/0").await;
    assert_eq!(browser.count("tbody tr").await, 11);

    browser.click("a[rel=prev]").await;
    browser.fill("main input[name=q]", "Transactions/NATIVE").await;
    browser.click(".filters button").await;
    browser.holds("location.search.includes('q=')").await;
    assert_eq!(browser.count("tbody tr").await, 1);
    browser.click("input[name=refused]").await;
    browser.click(".filters button").await;
    browser.shows("No request fits.").await;

    // New requests only come into a filtered list if they fit.
    browser.open(&program.page("/requests?refused=1&q=wanted")).await;
    program.order("native", "filter-0002", 880).await;
    program.call("GET", "/v3/wanted", &Value::Null).await;
    browser.shows("/v3/wanted").await;
    assert_eq!(browser.count("tbody tr").await, 1);
    browser.close().await;
}

#[tokio::test]
async fn a_request_shows_its_parts_without_secrets() {
    let Some(browser) = Browser::start(DESKTOP).await else { return };
    let program = Program::start();
    program.order("native", "parts-0001", 880).await;
    browser.open(&program.page("/requests")).await;
    browser.click("tbody .main a").await;
    browser.shows("parts-0001").await;
    let text = browser.text().await;
    for part in ["POST /v3/pay/transactions/native", "user-agent", "executed", &program.mchid] {
        assert!(text.contains(part), "{part} is not in {text}");
    }
    assert!(!text.contains("signature=\""), "{text}");
    browser.close().await;
}

#[tokio::test]
async fn a_wrong_signature_is_compared_with_the_right_one() {
    let Some(browser) = Browser::start(DESKTOP).await else { return };
    let program = Program::start();
    let target = "/v3/pay/transactions/out-trade-no/compared-1?mchid=1";
    let signed = "/v3/pay/transactions/out-trade-no/compared-1";
    let (status, _) = program.call_signing("GET", target, signed, "").await;
    assert_eq!(status, 401);
    browser.open(&program.page("/requests?refused=1")).await;
    browser.click("tbody .main a").await;
    browser.shows("What WeChat Pay expects to be signed").await;
    let marks = browser
        .script("return [...document.querySelectorAll('mark')].map(it => it.innerText)")
        .await;
    assert_eq!(marks, json!(["?mchid=1", "↵"]), "{}", browser.text().await);
    assert_eq!(browser.count(".message .differs").await, 2, "one line of each side");
    browser.shows("first difference").await;
    browser.shows("url-without-query").await;
    // Any other refusal has its reason, too.
    program.call("POST", "/v3/pay/transactions/native", &json!({})).await;
    browser.open(&program.page("/requests/2")).await;
    browser.shows("PARAM_ERROR").await;
    browser.close().await;
}

#[tokio::test]
async fn everything_works_without_scripts_by_reloading() {
    let look = Look { runs_scripts: false, ..DESKTOP };
    let Some(browser) = Browser::start(look).await else { return };
    let program = Program::start();
    program.order("native", "plain-0001", 880).await;
    browser.open(&program.page("/requests")).await;
    browser.found("tbody .main a").await;
    browser.open(&program.page(&program.path_of("plain-0001").await)).await;
    browser.click("[data-event=pay]").await;
    browser.found("[data-state=SUCCESS]").await;
    browser.close().await;
}
