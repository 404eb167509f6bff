//! Faults, planned responses and settings, set on the page and met by the merchant.

use serde_json::{Value, json};

use crate::browser::{Browser, DESKTOP};
use crate::program::{Program, http};

#[tokio::test]
async fn a_fault_is_injected_met_and_cleared() {
    let Some(browser) = Browser::start(DESKTOP).await else { return };
    let program = Program::start();
    browser.open(&program.page("/faults")).await;
    let form = "form[action$='/faults']";
    browser.choose(&format!("{form} [name=fault]"), "unavailable").await;
    // Only the members of this fault are there.
    browser.fill(&format!("{form} [name=status]"), "503").await;
    browser.holds("document.querySelector('[name=location]').closest('label').hidden").await;
    browser.fill(&format!("{form} [name=path]"), "/v3/pay/transactions/native").await;
    browser.click(&format!("{form} button")).await;
    browser.shows("Injected.").await;
    browser.shows("POST /v3/pay/transactions/native").await;

    let order = json!({
        "appid": program.appid, "mchid": program.mchid, "description": "tea",
        "out_trade_no": "fault-0001", "notify_url": "https://shop.test/n", "amount": { "total": 1 },
    });
    let (status, _) = program.call("POST", "/v3/pay/transactions/native", &order).await;
    assert_eq!(status, 503);
    assert_eq!(program.call("POST", "/v3/pay/transactions/native", &order).await.0, 200);

    browser.choose(&format!("{form} [name=fault]"), "html").await;
    browser.click(&format!("{form} button")).await;
    browser.shows("Injected.").await;
    browser.click("form[action$='/faults/clear'] button").await;
    browser.shows("Cleared.").await;
    let left = program.control("GET", "/faults", Value::Null).await;
    assert_eq!(left["faults"], json!([]));
    browser.close().await;
}

#[tokio::test]
async fn a_response_is_planned_and_fetched() {
    let Some(browser) = Browser::start(DESKTOP).await else { return };
    let program = Program::start();
    browser.open(&program.page("/faults")).await;
    let form = "form[action$='/responses']";
    browser.fill(&format!("{form} [name=path]"), "/v3/pay/transactions/native").await;
    browser.fill(&format!("{form} [name=status]"), "500").await;
    browser.fill(&format!("{form} [name=code]"), "SYSTEM_ERROR").await;
    browser.click(&format!("{form} button")).await;
    browser.shows("Planned.").await;
    let order = json!({
        "appid": program.appid, "mchid": program.mchid, "description": "tea",
        "out_trade_no": "plan-0001", "notify_url": "https://shop.test/n", "amount": { "total": 1 },
    });
    let (status, body) = program.call("POST", "/v3/pay/transactions/native", &order).await;
    assert_eq!((status, &body["code"]), (500, &json!("SYSTEM_ERROR")));

    // A path that no operation has is refused with a reason.
    browser.fill(&format!("{form} [name=path]"), "/v3/pay/transactions/nativ").await;
    browser.click(&format!("{form} button")).await;
    browser.shows("This did not work").await;
    browser.close().await;
}

#[tokio::test]
async fn settings_urls_bills_and_the_reset_work() {
    let Some(browser) = Browser::start(DESKTOP).await else { return };
    let program = Program::start();
    browser.open(&program.page("/settings")).await;
    let form = "form.fields[action$='/notify-url']";
    browser.fill(&format!("{form} [name=event]"), "COMPLAINT.").await;
    browser.fill(&format!("{form} [name=url]"), "http://127.0.0.1:9/complaints").await;
    browser.click(&format!("{form} button")).await;
    browser.shows("http://127.0.0.1:9/complaints").await;
    browser.click("form.inline button").await;
    browser.shows("Saved.").await;
    assert!(!browser.text().await.contains("http://127.0.0.1:9/complaints"));

    let switch = program.control("GET", "/switches", Value::Null).await["switches"][0].clone();
    let (lifecycle, name) = (&switch["lifecycle"], &switch["name"]);
    browser.script("document.querySelectorAll('details').forEach(it => { it.open = true; })").await;
    let last = switch["choices"].as_array().unwrap().last().unwrap().as_str().unwrap().to_owned();
    browser
        .choose(&format!("select[aria-label='{} {}']", text(lifecycle), text(name)), &last)
        .await;
    browser.click("form[action$='/switch'] button").await;
    browser.shows("Saved.").await;
    let switches = program.control("GET", "/switches", Value::Null).await;
    assert_eq!(switches["switches"][0]["chosen"], json!(last));

    browser.fill("form[action$='/settings/bill'] [name=rows]", "3").await;
    browser.click("form[action$='/settings/bill'] button").await;
    browser.shows("Saved.").await;

    // Nothing is forgotten without the confirmation, by a form that leaves it out either.
    program.order("native", "kept-0001", 1).await;
    let request = http().post(program.page("/settings/reset")).header("origin", &program.url);
    let got = request.header("content-type", "application/x-www-form-urlencoded").send().await;
    assert_eq!(got.unwrap().status(), 400);
    assert_eq!(program.state("kept-0001").await, "NOTPAY");
    browser.click("form[action$='/reset'] [name=confirmed]").await;
    browser.click("form[action$='/reset'] button").await;
    browser.shows("Everything was forgotten").await;
    let left = program.control("GET", "/resources", Value::Null).await;
    assert_eq!(left["total"], 0);
    browser.close().await;
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}
