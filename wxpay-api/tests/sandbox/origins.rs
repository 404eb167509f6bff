//! Links in responses lead back to the authority under which the request came.

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use wxpay_api::sandbox::{PlannedResponse, Sandbox};

use crate::support::{Forgery, start};

const BILL: &str = "/v3/bill/tradebill?bill_date=2025-03-01";

/// The link to a bill, requested under this `Host`.
async fn link(sandbox: &Sandbox, host: &str) -> String {
    let got = Forgery::get(BILL).header("Host", host).send(sandbox).await;
    assert_eq!(got.status, 200, "{}", got.text());
    got.json()["download_url"].as_str().unwrap().to_owned()
}

async fn assert_origin(sandbox: &Sandbox, host: &str, origin: &str) {
    let link = link(sandbox, host).await;
    let prefix = format!("{origin}/v3/billdownload/file?token=");
    assert!(link.starts_with(&prefix), "{host}: {link}");
}

#[tokio::test]
async fn a_link_names_the_official_host_that_was_called() {
    let sandbox = start().await;
    for (host, origin) in [
        ("api.mch.weixin.qq.com", "https://api.mch.weixin.qq.com"),
        ("API2.mch.weixin.qq.com:443", "https://api2.mch.weixin.qq.com"),
        ("api.wechatpay.cn:8443", "https://api.wechatpay.cn:8443"),
        ("apihk.mch.weixin.qq.com", "https://apihk.mch.weixin.qq.com"),
    ] {
        assert_origin(&sandbox, host, origin).await;
    }
}

#[tokio::test]
async fn any_other_host_gets_the_sandboxs_own_url() {
    let sandbox = start().await;
    let own = sandbox.url().to_owned();
    for host in [
        own.trim_start_matches("http://"),
        "evil.example",
        "api.mch.weixin.qq.com.evil.example",
        "evil.example#api.mch.weixin.qq.com",
        "api.mch.weixin.qq.com@evil.example",
        "api.mch.weixin.qq.com/evil",
        "",
    ] {
        assert_origin(&sandbox, host, &own).await;
    }
}

#[tokio::test]
async fn an_absolute_target_has_precedence_over_the_header() {
    let sandbox = start().await;
    for (target, origin) in [
        (format!("https://api.mch.weixin.qq.com{BILL}"), "https://api.mch.weixin.qq.com"),
        (format!("http://api.mch.weixin.qq.com{BILL}"), "http://api.mch.weixin.qq.com"),
        (format!("http://evil.example{BILL}"), sandbox.url()),
    ] {
        let got = Forgery::get(&target)
            .signing_target(BILL)
            .header("Host", "api2.mch.weixin.qq.com")
            .send(&sandbox)
            .await;
        assert_eq!(got.status, 200, "{}", got.text());
        let link = got.json()["download_url"].as_str().unwrap().to_owned();
        assert!(link.starts_with(&format!("{origin}/v3/")), "{target}: {link}");
    }
}

#[tokio::test]
async fn a_link_of_an_official_host_is_served() {
    let sandbox = start().await;
    let link = link(&sandbox, "api.mch.weixin.qq.com").await;
    let target = link.strip_prefix("https://api.mch.weixin.qq.com").unwrap();
    let got = Forgery::get(target).header("Accept", "*/*").send(&sandbox).await;
    assert_eq!(got.status, 200, "{}", got.text());
}

#[tokio::test]
async fn no_example_leads_to_the_real_service() {
    let url = |example: &str| json!({ "name": example, "required": true, "schema": { "type": "string" }, "example": example });
    let media = "https://api.mch.weixin.qq.com/v3/images/a%2Fb?x=1";
    let members: Vec<Value> = [
        media,
        "https://api.mch.weixin.qq.com",
        "https://wx.tenpay.com/cgi-bin/mmpayweb-bin/checkmweb?prepay_id=wx1",
    ]
    .map(url)
    .into();
    let operation = json!({
        "method": "GET", "path": "/v3/links", "status": 200,
        "response": { "type": "object", "members": members },
    });
    let book = json!({ "operations": [operation] }).to_string();
    let sandbox = Sandbox::builder().examples().book(book).start().await.unwrap();
    let body = Forgery::get("/v3/links").send(&sandbox).await.json();
    assert_eq!(body[media], format!("{}/v3/images/a%2Fb?x=1", sandbox.url()));
    for same in body.as_object().unwrap().keys().filter(|name| *name != media) {
        assert_eq!(body[same], **same);
    }
    let planned = json!({ (media): media });
    sandbox.respond("GET", "/v3/links", PlannedResponse::json(planned.clone())).unwrap();
    let body = Forgery::get("/v3/links").send(&sandbox).await.json();
    assert_eq!(body, planned, "a test means what it says");
}

#[tokio::test]
async fn a_request_without_a_host_is_served() {
    let sandbox = start().await;
    let address = sandbox.url().trim_start_matches("http://");
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(b"GET /v3/orders/1 HTTP/1.0\r\n\r\n").await.unwrap();
    let mut response = String::new();
    stream.read_to_string(&mut response).await.unwrap();
    assert!(response.starts_with("HTTP/1.0 401"), "{response}");
}
