//! What must not happen: scripts from outside, pages of other origins, names that resolve to this machine.

use serde_json::{Value, json};

use crate::browser::{Browser, DESKTOP};
use crate::program::{Program, http};
use crate::shop::serve_page;

/// Runs if any of it becomes markup.
const SCRIPTS: [&str; 5] = [
    "<script>window.hit=1</script>",
    "\"><img src=x onerror=window.hit=1>",
    "'><svg onload=window.hit=1>",
    "</title><script>window.hit=1</script>",
    "{{7*7}}<iframe srcdoc='<script>parent.hit=1</script>'>",
];

#[tokio::test]
async fn texts_from_outside_stay_texts() {
    let Some(browser) = Browser::start(DESKTOP).await else { return };
    let program = Program::start();
    for (index, script) in SCRIPTS.iter().enumerate() {
        let mut encoded = String::new();
        script.bytes().for_each(|byte| encoded.push_str(&format!("%{byte:02X}")));
        program.call("GET", &format!("/v3/{encoded}?{encoded}={encoded}"), &Value::Null).await;
        let order = json!({
            "appid": program.appid, "mchid": program.mchid, "description": script, "attach": script,
            "out_trade_no": format!("inert-{index}"), "notify_url": "https://shop.test/n",
            "amount": { "total": 1 },
        });
        program.call("POST", "/v3/pay/transactions/native", &order).await;
        let order = json!({ "out_trade_no": script, *script: script });
        program.call("POST", "/v3/pay/transactions/native", &order).await;
        let raw = http().get(format!("{}/v3/x", program.url)).header("User-Agent", *script);
        raw.send().await.unwrap();
        let id = json!({ "fault": "redirect", "location": script });
        program.control("POST", "/faults", id).await;
        program.control("DELETE", "/faults", Value::Null).await;
        let url = json!({ "event": script, "url": format!("http://127.0.0.1:9/{encoded}") });
        program.control("PUT", "/notify-urls", url).await;
        let event = json!({ "event": "pay", "inputs": { "bank_type": script } });
        program.control("POST", &format!("/resources/inert-{index}/events"), event).await;
    }
    let mut pages = ["/requests", "/resources", "/notifications", "/settings", "/money"]
        .map(str::to_owned)
        .to_vec();
    for script in SCRIPTS {
        let mut encoded = String::new();
        script.bytes().for_each(|byte| encoded.push_str(&format!("%{byte:02X}")));
        pages.push(format!("/requests?q={encoded}&done={encoded}&lang={encoded}"));
        pages.push(format!("/resources?number={encoded}&state={encoded}&lifecycle={encoded}"));
        pages.push(format!("/resources?number={encoded}&skip=0&{encoded}={encoded}"));
        pages.push(format!("/accounts/{encoded}"));
        pages.push(format!("/{encoded}"));
    }
    pages.extend((1..=15).map(|number| format!("/requests/{number}")));
    pages.extend((1..=5).map(|number| format!("/resources/{number}")));
    for page in pages {
        browser.open(&program.page(&page)).await;
        let hit = browser.script(
            "return [window.hit, document.querySelectorAll('main iframe, main img, main script').length, \
             document.querySelectorAll('script').length]",
        );
        assert_eq!(hit.await, json!([null, 0, 1]), "{page}");
        assert!(browser.client.get_alert_text().await.is_err(), "{page}");
    }
    browser.close().await;
}

#[tokio::test]
async fn every_page_forbids_frames_and_foreign_content() {
    let program = Program::start();
    program.order("native", "head-0001", 1).await;
    let paths =
        ["", "/requests", "/requests/1", "/resources/1", "/clock", "/nosuch", "/assets/page.js"];
    for path in paths {
        let response = http().get(program.page(path)).send().await.unwrap();
        let header = |name: &str| {
            response.headers().get(name).map_or("", |value| value.to_str().unwrap()).to_owned()
        };
        let policy = header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'; script-src 'self';"), "{path} {policy}");
        assert!(policy.contains("frame-ancestors 'none'"), "{path} {policy}");
        assert!(!policy.contains("unsafe"), "{path} {policy}");
        assert_eq!(header("x-frame-options"), "DENY", "{path}");
        assert_eq!(header("cache-control"), "no-store", "{path}");
        let body = response.text().await.unwrap();
        assert!(!body.contains(" style=") && !body.contains(" onclick="), "{path}");
    }
}

#[tokio::test]
async fn a_page_of_another_origin_cannot_drive_it() {
    let Some(browser) = Browser::start(DESKTOP).await else { return };
    let program = Program::start();
    program.order("native", "wall-0001", 880).await;
    let page = program.page(&program.path_of("wall-0001").await);
    let evil = serve_page(format!(
        "<!doctype html><iframe id=f src='{page}'></iframe>
         <form id=pay method=post action='{page}/events'><input name=event value=pay></form>
         <form id=reset method=post action='{}'><input name=confirmed value=1></form>
         <form id=json method=post enctype='text/plain' action='{}/_sandbox/reset'><input name='{{\"a' value='\":1}}'></form>",
        program.page("/settings/reset"),
        program.url,
    ));
    let evil = evil.await;
    browser.open(&evil).await;

    // Fetches of all kinds: none succeeds, and none is readable.
    let fetches = format!(
        "const done = arguments[arguments.length - 1];
         const form = {{ 'Content-Type': 'application/x-www-form-urlencoded' }};
         const json = {{ 'Content-Type': 'application/json' }};
         const all = [
           fetch('{page}'),
           fetch('{page}/events', {{ method: 'POST', headers: form, body: 'event=pay' }}),
           fetch('{page}/events', {{ method: 'POST', headers: form, body: 'event=pay', mode: 'no-cors' }}),
           fetch('{0}/_sandbox/resources'),
           fetch('{0}/_sandbox/reset', {{ method: 'POST', headers: json, body: '{{}}' }}),
           fetch('{0}/_sandbox/reset', {{ method: 'POST', body: '{{}}', mode: 'no-cors' }}),
         ];
         Promise.allSettled(all).then(results => done(results.map(it => it.value ? it.value.type : 'failed')));",
        program.url
    );
    let results = browser.wait_for_script(&fetches).await;
    assert_eq!(results, json!(["failed", "failed", "failed", "failed", "failed", "failed"]));
    // The frame shows an error instead of the page.
    browser.client.enter_frame(0).await.unwrap();
    assert!(!browser.text().await.contains("wall-0001"));
    browser.client.enter_parent_frame().await.unwrap();

    for form in ["pay", "reset", "json"] {
        browser.open(&evil).await;
        browser.script(&format!("document.getElementById('{form}').submit()")).await;
        browser.holds(&format!("location.href.startsWith('{}')", program.url)).await;
        assert_eq!(program.state("wall-0001").await, "NOTPAY", "{form}");
    }
    browser.close().await;
}

#[tokio::test]
async fn a_name_that_resolves_to_this_machine_gets_nowhere() {
    let Some(browser) = Browser::start(DESKTOP).await else { return };
    let program = Program::start();
    program.order("native", "rebound-0001", 880).await;
    let foreign = format!("http://rebound.test:{}", program.port());
    for path in ["/_sandbox/page/resources", "/_sandbox/resources", "/_sandbox/pay"] {
        browser.open(&format!("{foreign}{path}")).await;
        let text = browser.text().await;
        assert!(!text.contains("rebound-0001"), "{path} {text}");
        assert!(text.contains("rebound.test"), "it says which host it refuses: {path} {text}");
    }
    let post = "const done = arguments[arguments.length - 1]; \
                fetch('/_sandbox/reset', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: '{}' })\
                .then(it => done(it.status))";
    assert_eq!(browser.wait_for_script(post).await, 403);
    assert_eq!(program.state("rebound-0001").await, "NOTPAY");
    browser.close().await;
}

/// On other than loopback, a page wants the token once. The page itself reaches the sandbox with it.
#[tokio::test]
async fn a_sandbox_for_other_machines_wants_its_token() {
    let program = Program::start_with(&["--bind", "0.0.0.0"]);
    let refused = http().get(program.page("/clock")).send().await.unwrap();
    assert_eq!(refused.status(), 401);
    let token = program.token();
    let link = format!("{}?token={token}", program.page("/clock"));
    let accepted = http().get(link).send().await.unwrap();
    assert_eq!(accepted.status(), 303);
    let cookie = accepted.headers()["set-cookie"].to_str().unwrap().to_owned();
    let cookie = cookie.split(';').next().unwrap().to_owned();
    let page = http().get(program.page("/clock?lang=en")).header("cookie", cookie);
    let page = page.send().await.unwrap();
    assert_eq!(page.status(), 200);
    let body = page.text().await.unwrap();
    assert!(body.contains("Business time") && !body.contains(&token), "{body}");
}
