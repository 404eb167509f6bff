//! The spelling of header names on the wire. Some SDKs look headers up as WeChat Pay spells them.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use wxpay_api::sandbox::Sandbox;

use crate::support::{Forgery, builder, start};

/// The names of the headers of a response, as sent.
fn names(response: &[u8]) -> Vec<String> {
    let response = String::from_utf8_lossy(response);
    let head = response.split("\r\n\r\n").next().unwrap();
    head.lines().skip(1).map(|line| line.split(':').next().unwrap().to_owned()).collect()
}

async fn raw(sandbox: &Sandbox, request: &[u8]) -> Vec<u8> {
    let address = sandbox.url().trim_start_matches("http://");
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(request).await.unwrap();
    let mut response = Vec::new();
    stream.read_to_end(&mut response).await.unwrap();
    response
}

#[tokio::test]
async fn names_are_spelled_as_wechat_pay_does() {
    let sandbox = start().await;
    let names = names(&Forgery::get("/v3/orders/1").raw(&sandbox).await);
    for name in [
        "Content-Type",
        "Content-Length",
        "Date",
        "Request-ID",
        "Wechatpay-Nonce",
        "Wechatpay-Serial",
        "Wechatpay-Signature",
        "Wechatpay-Signature-Type",
        "Wechatpay-Timestamp",
    ] {
        assert!(names.iter().any(|found| found == name), "{name} is not in {names:?}");
    }
}

#[tokio::test]
async fn refusals_and_downloads_have_the_same_spelling() {
    let sandbox = builder().start().await.unwrap();
    let refused = b"GET /v3/x HTTP/1.1\r\nhost: a\r\nREQUEST-id: 7\r\nconnection: close\r\n\r\n";
    let found = names(&raw(&sandbox, refused).await);
    assert!(found.contains(&"Request-ID".to_owned()), "{found:?}");
    let statement = Forgery::get("/v3/global/statements").raw(&sandbox).await;
    let found = names(&statement);
    for name in ["Request-ID", "Wechatpay-Statement-Sha1"] {
        assert!(found.contains(&name.to_owned()), "{found:?}");
    }
}
