//! The walls: hosts, origins and media types.

use serde_json::json;
use wxpay_api::sandbox::Sandbox;

use crate::support::{Raw, start};

const CLOCK: &str = "/_sandbox/clock";

fn port(sandbox: &Sandbox) -> u16 {
    sandbox.url().rsplit(':').next().unwrap().parse().unwrap()
}

#[tokio::test]
async fn own_names_are_answered() {
    let sandbox = start().await;
    let port = port(&sandbox);
    for host in ["127.0.0.1", "localhost", "LOCALHOST", "127.9.9.9", "[::1]", "[::ffff:127.0.0.1]"]
    {
        let got = Raw::get(CLOCK).host(&format!("{host}:{port}")).send(&sandbox).await;
        assert_eq!(got.status, 200, "{host}: {}", got.body);
        let page = Raw::get("/_sandbox/bridge.js").host(&format!("{host}:{port}"));
        assert_eq!(page.send(&sandbox).await.status, 200, "{host}");
    }
}

/// A page of another name that resolves to this machine has that name in `Host` (DNS rebinding).
#[tokio::test]
async fn foreign_hosts_are_refused_everywhere() {
    let sandbox = start().await;
    let port = port(&sandbox);
    let other = port.wrapping_add(1);
    let hosts = [
        format!("evil.example:{port}"),
        format!("localhost.evil.example:{port}"),
        format!("127.0.0.1.nip.io:{port}"),
        format!("localtest.me:{port}"),
        format!("localhost.:{port}"),
        format!("127.1:{port}"),
        format!("2130706433:{port}"),
        format!("0x7f000001:{port}"),
        format!("192.0.2.1:{port}"),
        format!("0.0.0.0:{port}"),
        format!("user@localhost:{port}"),
        format!("localhost:{other}"),
        "localhost".to_owned(),
        "127.0.0.1".to_owned(),
        "[::1".to_owned(),
    ];
    for host in &hosts {
        for target in
            [CLOCK, "/_sandbox", "/_sandbox/pay?code_url=x", "/_sandbox/bridge.js", "/_sandbox/no"]
        {
            let got = Raw::get(target).host(host).send(&sandbox).await;
            assert_eq!(got.status, 403, "{host} {target}: {}", got.body);
        }
        let reset = Raw::post("/_sandbox/reset", &json!({})).host(host).send(&sandbox).await;
        assert_eq!((reset.status, reset.code().as_str()), (403, "FOREIGN_HOST"), "{host}");
    }
    assert_eq!(Raw::get(CLOCK).host("").send(&sandbox).await.status / 100, 4, "no host at all");
    let two = Raw::get(CLOCK).header("Host", "evil.example").send(&sandbox).await;
    assert_eq!(two.status / 100, 4, "two hosts");
}

/// The target of a proxy's request has precedence over `Host`.
#[tokio::test]
async fn an_absolute_target_must_have_an_own_name_too() {
    let sandbox = start().await;
    let own = format!("{}{CLOCK}", sandbox.url());
    assert_eq!(Raw::get(&own).send(&sandbox).await.status, 200);
    let foreign = format!("http://evil.example{CLOCK}");
    assert_eq!(Raw::get(&foreign).send(&sandbox).await.status, 403);
    let wechat = format!("http://api.mch.weixin.qq.com{CLOCK}");
    assert_eq!(Raw::get(&wechat).send(&sandbox).await.status, 404);
}

#[tokio::test]
async fn wechat_pay_has_no_such_urls() {
    let sandbox = start().await;
    let hosts = [
        "api.mch.weixin.qq.com",
        "api2.mch.weixin.qq.com",
        "API.MCH.WEIXIN.QQ.COM",
        "api.mch.weixin.qq.com.",
        "api.mch.weixin.qq.com:443",
        "api.wechatpay.cn",
        "api2.wechatpay.cn",
        "apihk.mch.weixin.qq.com",
        "apius.mch.weixin.qq.com",
        "wx.tenpay.com",
        "action.weixin.qq.com",
    ];
    for host in hosts {
        for target in [CLOCK, "/_sandbox", "/_sandbox/pay", "/_sandbox/bridge.js", "/_sandbox/no"] {
            let got = Raw::get(target).host(host).send(&sandbox).await;
            assert_eq!((got.status, got.code().as_str()), (404, "RESOURCE_NOT_EXISTS"), "{host}");
            assert!(!got.body.contains("sandbox"), "{}", got.body);
        }
    }
    let similar = Raw::get(CLOCK).host("evilweixin.qq.com").send(&sandbox).await;
    assert_eq!(similar.status, 403);
}

#[tokio::test]
async fn pages_of_other_origins_are_refused() {
    let sandbox = start().await;
    let port = port(&sandbox);
    let own = sandbox.url().to_owned();
    let origins = [
        "null".to_owned(),
        "https://evil.example".to_owned(),
        format!("http://evil.example:{port}"),
        // Another port of this machine is another origin, and so is another name of it.
        "http://127.0.0.1:3000".to_owned(),
        format!("http://localhost:{port}"),
        "http://127.0.0.1".to_owned(),
        format!("{own}.evil.example"),
        format!("{own}/"),
        "file://".to_owned(),
        String::new(),
    ];
    for origin in &origins {
        for request in [Raw::get(CLOCK), Raw::post("/_sandbox/reset", &json!({}))] {
            let got = request.header("Origin", origin).send(&sandbox).await;
            assert_eq!((got.status, got.code().as_str()), (403, "FOREIGN_ORIGIN"), "{origin}");
            assert!(got.headers.keys().all(|name| !name.as_str().contains("access-control")));
        }
        // A preflight is no way around.
        let preflight = Raw::new("OPTIONS", "/_sandbox/reset").header("Origin", origin);
        let preflight = preflight.header("Access-Control-Request-Method", "POST");
        let got = preflight.send(&sandbox).await;
        assert_eq!(got.status, 403);
        assert!(got.headers.keys().all(|name| !name.as_str().contains("access-control")));
    }
    let same = Raw::get(CLOCK).header("Origin", &own).send(&sandbox).await;
    assert_eq!(same.status, 200, "{}", same.body);
    let twice = Raw::get(CLOCK).header("Origin", &own).header("Origin", "null");
    assert_eq!(twice.send(&sandbox).await.status, 403);
}

#[tokio::test]
async fn what_a_browser_says_of_the_site_counts() {
    let sandbox = start().await;
    for (site, status) in
        [("same-origin", 200), ("none", 200), ("cross-site", 403), ("same-site", 403)]
    {
        let got = Raw::get(CLOCK).header("Sec-Fetch-Site", site).send(&sandbox).await;
        assert_eq!(got.status, status, "{site}");
    }
    // The script is there for other pages to load; a shop leads its customers to the pay page.
    for target in ["/_sandbox/bridge.js", "/_sandbox/page.css"] {
        let got = Raw::get(target).header("Sec-Fetch-Site", "cross-site").send(&sandbox).await;
        assert_eq!(got.status, 200, "{target}");
    }
}

#[tokio::test]
async fn bodies_that_are_not_json_are_refused() {
    let sandbox = start().await;
    let types = [
        "",
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/jsonp",
        "text/plain; application/json",
        "application/json, text/plain",
    ];
    for media_type in types {
        for target in ["/_sandbox/reset", "/_sandbox/pay?do=pay", "/_sandbox/front-end/pay"] {
            let mut request = Raw::new("POST", target).body("{}").header("Origin", sandbox.url());
            if !media_type.is_empty() {
                request = request.header("Content-Type", media_type);
            }
            let got = request.send(&sandbox).await;
            assert_eq!(got.status, 415, "{media_type} {target}: {}", got.body);
        }
    }
    let chunked = Raw::new("POST", "/_sandbox/reset").header("Content-Type", "text/plain");
    assert_eq!(chunked.body("x").send(&sandbox).await.status, 415);
    let right = Raw::new("POST", "/_sandbox/reset").body("{}");
    let right = right.header("Content-Type", "Application/JSON; charset=utf-8");
    assert_eq!(right.send(&sandbox).await.status, 204);
    assert_eq!(Raw::new("POST", "/_sandbox/reset").send(&sandbox).await.status, 204, "no body");
}

#[tokio::test]
async fn nothing_changes_by_a_get() {
    let sandbox = start().await;
    let index = Raw::get("/_sandbox").send(&sandbox).await.json();
    for route in index["routes"].as_array().unwrap() {
        if route["method"] == "GET" {
            continue;
        }
        let path = route["path"].as_str().unwrap().replace(['{', '}'], "");
        let got = Raw::get(&path).send(&sandbox).await;
        let reads = index["routes"]
            .as_array()
            .unwrap()
            .iter()
            .any(|other| other["method"] == "GET" && other["path"] == route["path"]);
        assert!(reads || got.status == 405, "{path}: {}", got.status);
    }
}

#[tokio::test]
async fn the_walls_take_no_planned_fault_and_leave_no_trace() {
    let sandbox = start().await;
    Raw::post("/_sandbox/faults", &json!({ "fault": "html" })).send(&sandbox).await;
    Raw::get(CLOCK).host("evil.example").send(&sandbox).await;
    Raw::get(CLOCK).send(&sandbox).await;
    let faults = Raw::get("/_sandbox/faults").send(&sandbox).await.json();
    assert_eq!(faults["faults"].as_array().unwrap().len(), 1);
    assert!(sandbox.received().is_empty());
}

#[tokio::test]
async fn every_response_may_not_be_stored_or_read_by_others() {
    let sandbox = start().await;
    for target in ["/_sandbox", CLOCK, "/_sandbox/pay", "/_sandbox/no", "/_sandbox/page.css"] {
        let got = Raw::get(target).send(&sandbox).await;
        assert_eq!(got.header("cache-control"), "no-store", "{target}");
        assert_eq!(got.header("x-content-type-options"), "nosniff", "{target}");
        assert_eq!(got.header("cross-origin-resource-policy"), "same-origin", "{target}");
    }
    let script = Raw::get("/_sandbox/bridge.js").send(&sandbox).await;
    assert_eq!(script.header("cross-origin-resource-policy"), "cross-origin");
}

#[tokio::test]
async fn another_host_name_may_be_allowed() {
    let sandbox = Sandbox::builder().host_name("wxpay-sandbox").start().await.unwrap();
    let host = format!("wxpay-sandbox:{}", port(&sandbox));
    assert_eq!(Raw::get(CLOCK).host(&host).send(&sandbox).await.status, 200);
    let other = format!("wxpay-sandbox2:{}", port(&sandbox));
    assert_eq!(Raw::get(CLOCK).host(&other).send(&sandbox).await.status, 403);
}

/// A name of the sandbox in an address that is not its control surface goes to WeChat Pay's own URLs.
#[tokio::test]
async fn similar_paths_are_wechat_pays() {
    let sandbox = start().await;
    for target in ["/_sandboxed", "/v3/_sandbox/clock", "/"] {
        let got = Raw::get(target).send(&sandbox).await;
        assert_eq!((got.status, got.code().as_str()), (401, "SIGN_ERROR"), "{target}");
    }
}
