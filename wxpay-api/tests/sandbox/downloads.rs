//! Raw files and their links.

use std::io::Read;
use std::time::SystemTime;

use flate2::read::GzDecoder;
use wxpay_api::protocol::digest::sha1_hex;
use wxpay_api::protocol::{Scheme, SignedHeaders, StatementDigest};
use wxpay_api::sandbox::Sandbox;

use crate::support::{Forgery, Got, builder, public_key, start};

/// Requests a bill. Returns the link's path and query, and the announced digest.
async fn ask(sandbox: &Sandbox, query: &str) -> (String, String) {
    let got = Forgery::get(&format!("/v3/bill/tradebill?bill_date=2025-01-01{query}"))
        .send(sandbox)
        .await;
    let body = got.json();
    let link = body["download_url"].as_str().unwrap().to_owned();
    let target = link.strip_prefix(sandbox.url()).unwrap();
    (target.to_owned(), body["hash_value"].as_str().unwrap().to_owned())
}

async fn download(sandbox: &Sandbox, target: &str) -> Got {
    Forgery::get(target).header("Accept", "*/*").send(sandbox).await
}

#[tokio::test]
async fn the_link_leads_here_and_the_digest_is_that_of_the_file() {
    let sandbox = start().await;
    sandbox.set_bill("`1,`0.01\r\n");
    let (target, digest) = ask(&sandbox, "").await;
    let got = download(&sandbox, &target).await;
    assert_eq!((got.status, got.text().as_str()), (200, "`1,`0.01\r\n"));
    assert_eq!(got.headers["Content-Type"], "text/plain");
    assert_eq!(digest, sha1_hex(&got.body));
    assert!(got.headers.get("Wechatpay-Signature").is_none(), "raw files are not signed");
}

#[tokio::test]
async fn the_digest_of_a_gzip_file_is_that_of_its_plain_text() {
    let sandbox = builder().examples().start().await.unwrap();
    let (target, digest) = ask(&sandbox, "&tar_type=GZIP").await;
    assert!(target.ends_with("&tartype=gzip"));
    let got = download(&sandbox, &target).await;
    assert_eq!(got.headers["Content-Type"], "application/x-gzip");
    assert!(got.headers.get("Content-Encoding").is_none());
    let mut plain = Vec::new();
    GzDecoder::new(&got.body[..]).read_to_end(&mut plain).unwrap();
    assert_eq!(digest, sha1_hex(&plain));
    assert!(plain.starts_with("\u{feff}".as_bytes()));
}

#[tokio::test]
async fn a_link_that_the_sandbox_did_not_issue_is_refused() {
    let sandbox = start().await;
    let got = download(&sandbox, "/v3/billdownload/file?token=xxx").await;
    assert_eq!((got.status, &got.json()["code"]), (400, &"INVALID_REQUEST".into()));
}

#[tokio::test]
async fn a_link_keeps_its_file_when_the_bill_changes() {
    let sandbox = builder().examples().start().await.unwrap();
    let (target, digest) = ask(&sandbox, "").await;
    sandbox.set_bill("another");
    assert_eq!(digest, sha1_hex(&download(&sandbox, &target).await.body));
}

#[tokio::test]
async fn an_image_is_an_image() {
    let sandbox = start().await;
    let got = download(&sandbox, "/v3/images/a%2Fb").await;
    assert_eq!(got.headers["Content-Type"], "image/png");
    assert!(got.body.starts_with(b"\x89PNG"));
}

#[tokio::test]
async fn a_statement_is_signed_over_its_digest() {
    let sandbox = start().await;
    let got = download(&sandbox, "/v3/global/statements").await;
    let digest = StatementDigest::read(&got.headers).unwrap();
    assert!(digest.matches(&got.body));
    let headers = SignedHeaders::read(Scheme::Rsa, &got.headers).unwrap();
    let now = SystemTime::now();
    headers.verify(&public_key(&sandbox), digest.signed_body().as_bytes(), now).unwrap();
}
