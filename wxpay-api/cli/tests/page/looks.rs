//! Languages, small windows, and contrast.

use serde_json::{Value, json};

use crate::browser::{Browser, DESKTOP, Look};
use crate::program::Program;

const PAGES: [&str; 11] = [
    "/requests",
    "/requests/1",
    "/resources",
    "/resources/1",
    "/notifications",
    "/money",
    "/faults",
    "/accounts",
    "/clock",
    "/settings",
    "/connect",
];

const CURRENT_IS_VISIBLE: &str = "(it => it.left >= 0 && it.right <= window.innerWidth)\
    (document.querySelector('.side [aria-current]').getBoundingClientRect())";

#[tokio::test]
async fn the_language_follows_the_browser_and_a_choice_is_remembered() {
    let look = Look { language: "zh-CN", ..DESKTOP };
    let Some(browser) = Browser::start(look).await else { return };
    let program = Program::start();
    browser.open(&program.page("")).await;
    browser.shows("如何接入").await;
    assert_eq!(browser.script("return document.documentElement.lang").await, "zh-CN");
    browser.click(".languages [hreflang=en]").await;
    browser.shows("How to connect").await;
    browser.open(&program.page("/clock")).await;
    browser.shows("Business time").await;
    browser.click(".languages [hreflang='zh-CN']").await;
    browser.shows("业务时间").await;
    // The choice keeps the rest of the URL.
    browser.open(&program.page("/requests?q=a%26b&refused=1")).await;
    browser.click(".languages [hreflang=en]").await;
    browser.holds("document.querySelector('main [name=q]').value === 'a&b'").await;
    browser.holds("document.querySelector('[name=refused]').checked").await;
    browser.close().await;
}

#[tokio::test]
async fn no_page_is_wider_than_a_phone() {
    let look = Look { width: 360, ..DESKTOP };
    let Some(browser) = Browser::start(look).await else { return };
    let program = Program::start();
    fill(&program).await;
    for language in ["en", "zh"] {
        for page in PAGES {
            browser.open(&program.page(&format!("{page}?lang={language}"))).await;
            assert_eq!(browser.script("return window.innerWidth").await, 360, "{page} {language}");
            assert_eq!(browser.overflow().await, 0, "{page} {language}");
            // The entry of the navigation that is current is not outside the window.
            browser.holds(CURRENT_IS_VISIBLE).await;
        }
        let code = program.order("native", &format!("narrow-{language}"), 880).await;
        let code = code["code_url"].as_str().unwrap().replace(':', "%3A").replace('?', "%3F");
        let pay = format!("{}/_sandbox/pay?code_url={code}&lang={language}", program.url);
        browser.open(&pay.replace("pr=", "pr%3D")).await;
        browser.found("button.pay").await;
        assert_eq!(browser.overflow().await, 0, "the pay page");
    }
    browser.close().await;
}

/// Texts have a contrast of at least 4.5, in light and in dark; fields have labels, and nothing is told by colour alone.
#[tokio::test]
async fn texts_are_legible_and_fields_have_labels() {
    let Some(browser) = Browser::start(DESKTOP).await else { return };
    let program = Program::start();
    fill(&program).await;
    for page in PAGES {
        browser.open(&program.page(page)).await;
        let faint = browser.script(include_str!("contrast.js")).await;
        assert_eq!(faint, json!([]), "{page}");
        let unlabelled = browser.script(
            "return [...document.querySelectorAll('input:not([type=hidden]), select, textarea')]\
             .filter(it => it.labels.length === 0 && !it.getAttribute('aria-label')).map(it => it.outerHTML)",
        );
        assert_eq!(unlabelled.await, json!([]), "{page}");
        let ids = "const all = [...document.querySelectorAll('[id]')].map(it => it.id); \
                   return all.filter((id, at) => all.indexOf(id) !== at)";
        assert_eq!(browser.script(ids).await, json!([]), "{page}");
    }
    browser.close().await;
}

/// Makes something of each kind.
async fn fill(program: &Program) {
    program.order("native", "a-rather-long-order-number-0001", 880).await;
    let pay = json!({ "event": "pay" });
    program.control("POST", "/resources/a-rather-long-order-number-0001/events", pay).await;
    let target = format!("/v3/nonsense/{}", "x".repeat(300));
    program.call("GET", &target, &Value::Null).await;
    let fault = json!({ "fault": "html", "method": "POST", "path": "/v3/pay/transactions/h5" });
    program.control("POST", "/faults", fault).await;
}
