//! The token of a sandbox that listens on other than loopback.

use std::net::SocketAddr;

use serde_json::json;
use wxpay_api::sandbox::Sandbox;

use crate::support::{Raw, start};

async fn open() -> Sandbox {
    let everywhere: SocketAddr = ([0, 0, 0, 0], 0).into();
    Sandbox::builder().bind(everywhere).start().await.unwrap()
}

#[tokio::test]
async fn loopback_needs_no_token() {
    assert_eq!(start().await.control_token(), None);
    let v6: SocketAddr = "[::1]:0".parse().unwrap();
    // Not every machine has IPv6.
    if let Ok(sandbox) = Sandbox::builder().bind(v6).start().await {
        assert_eq!(sandbox.control_token(), None);
        assert_eq!(Raw::get("/_sandbox/clock").send(&sandbox).await.status, 200);
    }
}

#[tokio::test]
async fn every_route_but_the_scripts_wants_the_token() {
    let sandbox = open().await;
    let token = sandbox.control_token().unwrap().to_owned();
    let bearer = format!("Bearer {token}");
    let index = Raw::get("/_sandbox").header("Authorization", &bearer).send(&sandbox).await.json();
    let routes = index["routes"].as_array().unwrap();
    assert!(routes.len() > 30);
    for route in routes {
        let (method, path) = (route["method"].as_str().unwrap(), route["path"].as_str().unwrap());
        let request =
            Raw::new(method, &path.replace(['{', '}'], "")).header("Origin", sandbox.url());
        let got = request.clone().send(&sandbox).await;
        if route["kind"] == "asset" {
            assert_eq!(got.status, 200, "{path}");
            continue;
        }
        assert_eq!(got.status, 401, "{method} {path}");
        let wrong = request.clone().header("Authorization", &format!("Bearer {token}x"));
        assert_eq!(wrong.send(&sandbox).await.status, 401, "{method} {path}");
        let basic = request.clone().header("Authorization", &format!("Basic {token}"));
        assert_eq!(basic.send(&sandbox).await.status, 401, "{method} {path}");
        let right = request.header("Authorization", &bearer).send(&sandbox).await;
        assert_ne!(right.status, 401, "{method} {path}");
    }
    assert_eq!(Raw::get("/_sandbox/nothing").send(&sandbox).await.status, 401);
}

#[tokio::test]
async fn operations_need_no_token() {
    let sandbox = open().await;
    let wx = sandbox.client().unwrap();
    assert!(wx.get("/v3/certificates").await.is_ok());
}

/// A page takes the token from its URL once, and moves it into a cookie.
#[tokio::test]
async fn a_page_turns_the_token_into_a_cookie() {
    let sandbox = open().await;
    let token = sandbox.control_token().unwrap().to_owned();
    let target = format!("/_sandbox/pay?code_url=weixin%3A%2F%2Fwxpay&token={token}&lang=en");
    let got = Raw::get(&target).send(&sandbox).await;
    assert_eq!(got.status, 303);
    assert_eq!(got.header("location"), "/_sandbox/pay?code_url=weixin%3A%2F%2Fwxpay&lang=en");
    let cookie = got.header("set-cookie").to_owned();
    for part in ["HttpOnly", "SameSite=Strict", "Path=/_sandbox"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    let pair = cookie.split(';').next().unwrap();
    let cookie = format!("other=1; {pair}");
    let page = Raw::get(got.header("location")).header("Cookie", &cookie).send(&sandbox).await;
    assert_eq!(page.status, 200, "{}", page.body);
    assert!(!page.body.contains(&token));
    // The sandbox's own pages call the control surface with the cookie, too.
    let call = Raw::get("/_sandbox/clock").header("Cookie", &cookie).send(&sandbox).await;
    assert_eq!(call.status, 200);
    // A foreign page has no use of the cookie.
    let foreign = Raw::post("/_sandbox/reset", &json!({})).header("Cookie", &cookie);
    let foreign = foreign.header("Origin", "http://evil.example").send(&sandbox).await;
    assert_eq!(foreign.status, 403);
}

#[tokio::test]
async fn the_token_in_a_query_opens_pages_alone() {
    let sandbox = open().await;
    let token = sandbox.control_token().unwrap();
    let clock = Raw::get(&format!("/_sandbox/clock?token={token}")).send(&sandbox).await;
    assert_eq!(clock.status, 401);
    let click = Raw::new("POST", &format!("/_sandbox/pay?do=pay&token={token}"));
    let click = click.header("Origin", sandbox.url()).send(&sandbox).await;
    assert_eq!(click.status, 401);
    let wrong = Raw::get("/_sandbox/pay?token=wrong").send(&sandbox).await;
    assert_eq!(wrong.status, 401);
    assert!(wrong.body.contains("name=\"token\""), "{}", wrong.body);
    let frame = format!("/_sandbox/bridge?origin=http%3A%2F%2Flocalhost%3A3000&token={token}");
    assert_eq!(Raw::get(&frame).send(&sandbox).await.status, 200);
}

#[tokio::test]
async fn the_sandbox_answers_under_the_address_that_was_reached() {
    let sandbox = open().await;
    let port = sandbox.url().rsplit(':').next().unwrap();
    let bearer = format!("Bearer {}", sandbox.control_token().unwrap());
    for (host, status) in
        [("127.0.0.1", 200), ("localhost", 200), ("192.0.2.1", 403), ("0.0.0.0", 403)]
    {
        let request = Raw::get("/_sandbox/clock").header("Authorization", &bearer);
        let got = request.host(&format!("{host}:{port}")).send(&sandbox).await;
        assert_eq!(got.status, status, "{host}");
    }
}
