//! The pay page and the bridge: how a user pays at the sandbox in an ordinary browser.

use serde_json::{Value, json};

use crate::browser::{Browser, DESKTOP};
use crate::program::Program;
use crate::shop::serve_page;

#[tokio::test]
async fn a_code_url_is_paid_on_the_pay_page() {
    let Some(browser) = Browser::start(DESKTOP).await else { return };
    let program = Program::start();
    program.order("native", "code-0001", 880).await;
    browser.open(&program.page(&program.path_of("code-0001").await)).await;
    browser.click("a[href^='/_sandbox/pay']").await;
    browser.shows("¥8.80").await;
    browser.shows("龙井茶 50g").await;
    browser.click("button.cancel").await;
    browser.shows("Cancelled.").await;
    browser.click("button.fail").await;
    browser.shows("The payment failed.").await;
    assert_eq!(program.state("code-0001").await, "NOTPAY");
    browser.click("button.pay").await;
    browser.shows("Paid.").await;
    assert_eq!(program.state("code-0001").await, "SUCCESS");
    assert_eq!(browser.count("form").await, 0, "nothing is left to pay");
    browser.close().await;
}

#[tokio::test]
async fn an_h5_url_is_paid_and_leads_back_to_the_shop() {
    let Some(browser) = Browser::start(DESKTOP).await else { return };
    let program = Program::start();
    let shop = serve_page("<!doctype html><title>shop</title><h1>Thank you</h1>".to_owned()).await;
    let h5_url = program.order("h5", "h5-0001", 880).await["h5_url"].as_str().unwrap().to_owned();
    let url = program.client().invoke().h5(&h5_url, &format!("{shop}/")).unwrap();
    browser.open(&url).await;
    browser.click("button.pay").await;
    browser.shows("Paid.").await;
    assert_eq!(program.state("h5-0001").await, "SUCCESS");
    browser.click("a.return").await;
    browser.shows("Thank you").await;
    browser.close().await;
}

/// A shop's page on another port that pays with given parameters.
async fn shop(program: &Program, call: &str, parameters: &Value) -> String {
    serve_page(format!(
        "<!doctype html><html lang=en><meta charset=utf-8>\
         <script src='{}/_sandbox/bridge.js'></script>\
         <button id=pay>pay</button><p id=out></p><script>\
         const parameters = {parameters};\
         const out = value => {{ document.getElementById('out').textContent = JSON.stringify(value); }};\
         document.getElementById('pay').onclick = () => {{ {call} }};</script>",
        program.url
    ))
    .await
}

async fn parameters(program: &Program, number: &str) -> Value {
    let order = program.order("jsapi", number, 880).await;
    let prepay_id = order["prepay_id"].as_str().unwrap();
    let payment = program.client().invoke().jsapi(&program.appid, prepay_id).unwrap();
    serde_json::to_value(payment).unwrap()
}

const BRIDGE: &str = "WeixinJSBridge.invoke('getBrandWCPayRequest', parameters, out)";

#[tokio::test]
async fn jsapi_is_paid_through_the_bridge() {
    let Some(browser) = Browser::start(DESKTOP).await else { return };
    let program = Program::start();
    let parameters = parameters(&program, "jsapi-0001").await;
    browser.open(&shop(&program, BRIDGE, &parameters).await).await;
    for (button, result) in [("cancel", "cancel"), ("fail", "fail"), ("pay", "ok")] {
        browser.script("document.getElementById('out').textContent = ''").await;
        browser.click("#pay").await;
        browser.click_in_frame(&format!("#order [data-do={button}]")).await;
        browser.shows(&format!("get_brand_wcpay_request:{result}")).await;
        assert_eq!(browser.count("iframe").await, 0, "the frame is gone");
    }
    assert_eq!(program.state("jsapi-0001").await, "SUCCESS");
    browser.close().await;
}

#[tokio::test]
async fn the_bridge_shows_what_must_be_signed() {
    let Some(browser) = Browser::start(DESKTOP).await else { return };
    let program = Program::start();
    let mut parameters = parameters(&program, "jsapi-0002").await;
    parameters["timeStamp"] = json!("1700000000");
    browser.open(&shop(&program, BRIDGE, &parameters).await).await;
    browser.click("#pay").await;
    browser.found("iframe").await;
    browser.client.enter_frame(0).await.unwrap();
    browser.shows("WeChat would refuse these parameters").await;
    browser.shows("paySign").await;
    browser.shows("1700000000").await;
    browser.client.enter_parent_frame().await.unwrap();
    browser.click_in_frame("[data-do=close]").await;
    browser.shows("get_brand_wcpay_request:fail").await;
    assert_eq!(program.state("jsapi-0002").await, "NOTPAY");
    browser.close().await;
}

#[tokio::test]
async fn a_mini_programs_call_is_paid_through_wx() {
    let Some(browser) = Browser::start(DESKTOP).await else { return };
    let program = Program::start();
    let mut parameters = parameters(&program, "mini-0001").await;
    parameters.as_object_mut().unwrap().remove("appId");
    let call = "wx.requestPayment({ ...parameters, success: out, fail: out })";
    browser.open(&shop(&program, call, &parameters).await).await;
    browser.click("#pay").await;
    browser.click_in_frame("#order [data-do=pay]").await;
    browser.shows("requestPayment:ok").await;
    assert_eq!(program.state("mini-0001").await, "SUCCESS");
    browser.close().await;
}
