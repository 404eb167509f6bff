//! The bridge: a script for shop pages, and the frame that it opens.

use serde_json::json;
use wxpay_api::sandbox::Sandbox;

use crate::support::{Raw, start};

async fn frame(sandbox: &Sandbox, origin: &str) -> crate::support::Got {
    let origin: String = origin.bytes().map(|byte| format!("%{byte:02X}")).collect();
    Raw::get(&format!("/_sandbox/bridge?origin={origin}")).send(sandbox).await
}

#[tokio::test]
async fn the_script_gives_a_browser_what_wechat_has() {
    let sandbox = start().await;
    let script = Raw::get("/_sandbox/bridge.js").header("Sec-Fetch-Site", "cross-site");
    let script = script.send(&sandbox).await;
    assert!(script.header("content-type").starts_with("text/javascript"));
    for name in [
        "WeixinJSBridge",
        "WeixinJSBridgeReady",
        "getBrandWCPayRequest",
        "get_brand_wcpay_request",
        "requestPayment",
        "chooseWXPay",
        "openBusinessView",
        "requestMerchantTransfer",
    ] {
        assert!(script.body.contains(name), "{name}");
    }
    // Neither script ever makes markup of a text, or posts to any origin.
    for path in ["/_sandbox/bridge.js", "/_sandbox/bridge-frame.js"] {
        let script = Raw::get(path).send(&sandbox).await.body;
        for unsafe_use in [
            "innerHTML",
            "outerHTML",
            "insertAdjacentHTML",
            "document.write",
            "eval(",
            "\"*\"",
            "'*'",
        ] {
            assert!(!script.contains(unsafe_use), "{path}: {unsafe_use}");
        }
        assert!(script.contains("event.origin !=="), "{path}");
        assert!(script.contains("event.source !=="), "{path}");
    }
    assert!(!script.body.contains("fetch("), "the shop's page cannot call the sandbox");
}

#[tokio::test]
async fn pages_nearby_may_open_the_frame_and_no_others() {
    let sandbox = start().await;
    for origin in [
        "http://localhost:3000",
        "http://127.0.0.1:3000",
        "https://localhost",
        "http://[::1]:5173",
        "http://192.168.1.20:8000",
        "https://10.0.0.7",
        "http://shop.localhost:3000",
    ] {
        let page = frame(&sandbox, origin).await;
        assert_eq!(page.status, 200, "{origin}: {}", page.body);
        let policy = page.header("content-security-policy");
        assert!(policy.ends_with(&format!("frame-ancestors {origin}")), "{policy}");
        assert_eq!(page.header("x-frame-options"), "", "it would forbid the frame");
    }
    for origin in [
        "",
        "null",
        "*",
        "https://evil.example",
        "http://localhost.evil.example",
        "http://8.8.8.8",
        "http://localhost:3000/path",
        "http://localhost:3000 *",
        "http://localhost; script-src *",
        "http://user@localhost",
        "file://localhost",
        "javascript:alert(1)",
        "http://172.32.0.1",
    ] {
        let page = frame(&sandbox, origin).await;
        assert_eq!(page.status, 403, "{origin}: {}", page.body);
        assert!(page.header("content-security-policy").ends_with("frame-ancestors 'none'"));
    }
    let sandbox = Sandbox::builder().shop_origin("https://shop.test").start().await.unwrap();
    assert_eq!(frame(&sandbox, "https://shop.test").await.status, 200);
    assert_eq!(frame(&sandbox, "http://shop.test").await.status, 403);
    assert_eq!(frame(&sandbox, "https://shop.test:444").await.status, 403);
}

/// The frame's own calls have the sandbox's origin; those of the shop's page are refused.
#[tokio::test]
async fn the_frame_may_call_what_the_page_around_it_may_not() {
    let sandbox = start().await;
    let body = json!({ "parameters": { "appId": "wx1" } });
    let call =
        |origin: &str| Raw::post("/_sandbox/front-end/verify", &body).header("Origin", origin);
    let own = call(sandbox.url()).header("Sec-Fetch-Site", "same-origin").send(&sandbox).await;
    assert_eq!(own.status, 422, "{}", own.body);
    let page = call("http://localhost:3000").header("Sec-Fetch-Site", "cross-site");
    assert_eq!(page.send(&sandbox).await.status, 403);
}
