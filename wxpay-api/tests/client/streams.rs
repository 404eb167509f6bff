//! Downloads as streams: unpacked and hashed while they arrive, never held as a whole.

use std::io::Write;
use std::time::Duration;

use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use wxpay_api::protocol::digest::{sha1_hex, sha256_hex};
use wxpay_api::sandbox::{Fault, PlannedResponse, Sandbox};
use wxpay_api::{
    Client, DigestCheck, DownloadStream, Error, ErrorKind, FileLink, Outcome, Retries,
};

use crate::sandbox;

pub(crate) const BILL: &str = "\u{feff}交易时间,商户订单号,订单金额\r\n`2025-03-01 09:12:45,`A,`0.10\r\n\
    `2025-03-01 09:12:46,`B, the second,`0.20\r\n总交易单数,订单总金额\r\n`2,`0.30\r\n";

pub(crate) async fn served(content: impl Into<Bytes>) -> (Sandbox, Client, FileLink) {
    let (sandbox, wx) = sandbox().await;
    sandbox.set_bill(content);
    let bill = wx.v3().bill().tradebill().get(|r| r.bill_date("2025-03-01")).await.unwrap();
    (sandbox, wx, FileLink::from(&bill))
}

pub(crate) fn gzip(content: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(content).unwrap();
    encoder.finish().unwrap()
}

/// The content before the end, and the result at the end.
async fn read(mut stream: DownloadStream) -> (Vec<u8>, Result<DigestCheck, Error>) {
    let mut content = Vec::new();
    loop {
        match stream.chunk().await {
            Ok(Some(chunk)) => content.extend_from_slice(&chunk),
            Ok(None) => return (content, Ok(stream.digest_checks()[0].clone())),
            Err(error) => {
                let again = stream.chunk().await.unwrap_err();
                assert!(matches!(again.kind(), ErrorKind::Stopped), "an error is no end: {again}");
                return (content, Err(error));
            }
        }
    }
}

#[tokio::test]
async fn a_response_with_a_link_leads_to_the_plain_text() {
    let (sandbox, wx) = sandbox().await;
    sandbox.set_bill(BILL);
    let call = wx.v3().bill().tradebill().get(|r| r.bill_date("2025-03-01"));
    let bill = call.with(|r| r.tar_type("GZIP")).await.unwrap();
    let stream = wx.download_url(&bill).stream().await.unwrap();
    assert_eq!(stream.received().media_type(), Some("application/x-gzip"));
    let (content, check) = read(stream).await;
    assert_eq!(content, BILL.as_bytes());
    assert_eq!(check.unwrap(), DigestCheck::PlainText);
    let sent = &sandbox.received()[1];
    assert_eq!(bill.download_url, format!("{}{}", sandbox.url(), sent.target));
    assert_eq!(sent.headers["Accept"], "*/*");
}

#[tokio::test]
async fn another_digest_is_an_error_at_the_end() {
    let (_sandbox, wx, link) = served(BILL).await;
    let link = link.hash("SHA1", "79bb0f45fc4c42234a918000b2668d689e2bde04");
    let (content, check) = read(wx.download_url(link).stream().await.unwrap()).await;
    let error = check.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Digest { .. }), "{error}");
    assert_eq!(content, BILL.as_bytes(), "what flowed by cannot be called back");
}

#[tokio::test]
async fn receipts_are_announced_by_sha256() {
    let (_sandbox, wx, link) = served(BILL).await;
    let link = link.hash("SHA256", sha256_hex(BILL.as_bytes()).to_uppercase());
    let (_, check) = read(wx.download_url(link.clone()).stream().await.unwrap()).await;
    assert_eq!(check.unwrap(), DigestCheck::PlainText);
    wx.download_url(link.clone()).await.unwrap();
    let error = wx.download_url(link.hash("MD5", "00")).await.unwrap_err();
    assert!(error.to_string().contains("`MD5`, which is unknown"), "{error}");
    assert_eq!(error.outcome(), Outcome::NotSent);
}

#[tokio::test]
async fn a_gzip_bomb_comes_in_small_pieces_and_stops_at_a_limit() {
    let long = vec![0; 64 << 20];
    let (_sandbox, wx, link) = served(gzip(&long)).await;
    let link = link.hash("SHA1", sha1_hex(&long));
    let mut stream = wx.download_url(link.clone()).stream().await.unwrap();
    let mut length = 0;
    while let Some(chunk) = stream.chunk().await.unwrap() {
        assert!(chunk.len() <= 5 << 20, "{} bytes at once", chunk.len());
        length += chunk.len();
    }
    assert_eq!(length, long.len());
    let limited = || wx.download_url(link.clone()).limit(1 << 20);
    let (content, check) = read(limited().stream().await.unwrap()).await;
    for error in [check.unwrap_err(), limited().await.unwrap_err()] {
        assert!(matches!(error.kind(), ErrorKind::TooLarge { limit: 1_048_576, .. }), "{error}");
    }
    assert!(content.len() <= 1 << 20);
}

#[tokio::test]
async fn a_damaged_gzip_file_is_an_error() {
    let mut packed = gzip(BILL.as_bytes());
    packed.truncate(packed.len() - 6);
    let (_sandbox, wx, link) = served(packed).await;
    let (_, check) = read(wx.download_url(link).stream().await.unwrap()).await;
    let error = check.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Damaged(_)), "{error}");
}

#[tokio::test]
async fn one_byte_and_no_byte_are_files() {
    for content in ["", "\u{1f}"] {
        let (_sandbox, wx, link) = served(content).await;
        let link = link.hash("SHA1", sha1_hex(content.as_bytes()));
        let (got, check) = read(wx.download_url(link).stream().await.unwrap()).await;
        assert_eq!((&*got, check.unwrap()), (content.as_bytes(), DigestCheck::PlainText));
    }
}

#[tokio::test]
async fn rows_of_a_bill_are_read_while_it_downloads() {
    use wxpay_api::bills::{ReadError, TradeBill};

    let (sandbox, wx, link) = served(gzip(BILL.as_bytes())).await;
    let link = link.hash("SHA1", sha1_hex(BILL.as_bytes()));
    let mut rows = wx.download_url(link.clone()).rows::<TradeBill>().await.unwrap();
    assert_eq!(rows.next().await.unwrap().unwrap().out_trade_no, "A");
    assert_eq!(rows.next().await.unwrap().unwrap().out_trade_no, "B, the second");
    assert!(rows.next().await.is_none());
    let total = rows.finish().await.unwrap().order_total;
    assert_eq!(total, Some("0.30".parse().unwrap()));

    let forged = link.hash("SHA1", "00");
    let rows = wx.download_url(forged).rows::<TradeBill>().await.unwrap();
    let Err(ReadError::Source(error)) = rows.finish().await else { panic!("no error") };
    assert!(matches!(error.kind(), ErrorKind::Digest { .. }), "{error}");
    drop(sandbox);
}

#[tokio::test]
async fn retried_until_a_response_begins_and_not_after() {
    let (sandbox, wx, link) = served(BILL).await;
    sandbox.inject_fault(Fault::CloseAfterReading);
    let (content, check) = read(wx.download_url(link.clone()).stream().await.unwrap()).await;
    assert_eq!((&*content, check.unwrap()), (BILL.as_bytes(), DigestCheck::PlainText));
    let before = sandbox.received().len();
    sandbox.inject_fault(Fault::TruncatedBody);
    let (content, check) = read(wx.download_url(link).stream().await.unwrap()).await;
    let error = check.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Transport(_)), "{error}");
    assert_eq!(error.outcome(), Outcome::Unknown);
    assert_eq!(error.attempts(), 1);
    assert!(BILL.as_bytes().starts_with(&content) && content.len() < BILL.len());
    assert_eq!(sandbox.received().len(), before + 1);
}

#[tokio::test]
async fn an_expired_link_is_an_error_of_wechat_pay() {
    let (sandbox, wx) = sandbox().await;
    let link = format!("{}/v3/billdownload/file?token=expired", sandbox.url());
    let error = wx.download_url(link).unchecked().stream().await.unwrap_err();
    assert_eq!((error.api().unwrap().status, error.outcome()), (400, Outcome::Refused), "{error}");
}

#[tokio::test]
async fn a_link_is_traced_by_its_path_without_ids_and_token() {
    let (sandbox, wx) = sandbox().await;
    for (path, named) in [
        ("/v3/billdownload/file?token=secret", "GET /v3/billdownload/file"),
        (
            "/v3/transferdownload/elecvoucherfile?token=secret",
            "GET /v3/transferdownload/elecvoucherfile",
        ),
        ("/v3/merchant-service/images/ChsyMDAw%2BMDIw", "GET /v3/merchant-service/images/{…}"),
    ] {
        sandbox.inject_fault(Fault::Unavailable { status: 403, retry_after: None });
        let call = wx.download_url(format!("{}{path}", sandbox.url())).unchecked();
        let call = call.retries(Retries::none());
        assert_eq!(format!("{call:?}"), format!("DownloadCall({named})"));
        assert_eq!(call.stream().await.unwrap_err().operation(), named);
    }
}

/// A client, and a link to a server that starts a response and then stalls.
pub(crate) async fn stalled() -> (Client, FileLink) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        let (mut socket, _) = listener.accept().await.unwrap();
        let mut request = [0; 4096];
        let _ = socket.read(&mut request).await.unwrap();
        socket.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhello").await.unwrap();
        std::future::pending::<()>().await;
    });
    let sandbox = Sandbox::builder().examples().start().await.unwrap();
    let wx = sandbox.client_builder().base_url(&url).build().unwrap();
    (wx, FileLink::new(format!("{url}/v3/billdownload/file?token=1")))
}

#[tokio::test]
async fn a_stalled_stream_ends_at_the_deadline() {
    let (wx, link) = stalled().await;
    let patience = Duration::from_millis(300);
    let call = wx.download_url(link).unchecked().deadline(patience);
    let (content, check) = read(call.stream().await.unwrap()).await;
    assert_eq!(content, b"hello");
    assert!(matches!(check.unwrap_err().kind(), ErrorKind::Deadline(found) if *found == patience));
}

#[tokio::test]
async fn members_of_a_gzip_file_follow_each_other() {
    let packed = [gzip(b""), gzip(&BILL.as_bytes()[..9]), gzip(&BILL.as_bytes()[9..])].concat();
    let (_sandbox, wx, link) = served(packed).await;
    let link = link.hash("SHA1", sha1_hex(BILL.as_bytes()));
    let (content, check) = read(wx.download_url(link).stream().await.unwrap()).await;
    assert_eq!((&*content, check.unwrap()), (BILL.as_bytes(), DigestCheck::PlainText));
}

#[tokio::test]
async fn a_link_is_sent_and_signed_as_it_was_given() {
    let (sandbox, wx) = sandbox().await;
    let path = "/v3/merchant-service/images/{media_id}";
    let target = "/v3/merchant-service/images/ChsyMDA%2FMzA%3D%2fa+b";
    for host in [
        "https://api.mch.weixin.qq.com",
        "HTTPS://API.mch.weixin.qq.com:443",
        "https://api2.wechatpay.cn",
        sandbox.url(),
    ] {
        sandbox.respond("GET", path, PlannedResponse::file("image/jpeg", &b"jpeg"[..])).unwrap();
        let image = wx.download_url(format!(" {host}{target}\n")).await.unwrap();
        assert_eq!(image.content(), &b"jpeg"[..], "no digest is announced for images");
        assert_eq!(sandbox.received().last().unwrap().target, target);
    }
}

#[tokio::test]
async fn requests_to_foreign_hosts_are_not_signed() {
    let (sandbox, wx) = sandbox().await;
    for link in [
        "https://api.mch.weixin.qq.com.example.com/v3/billdownload/file?token=secret",
        "https://example.com/v3/billdownload/file?token=secret",
        "https://api.mch.weixin.qq.com@example.com/?token=secret",
        "https://user:token=secret@api.mch.weixin.qq.com/v3/billdownload/file",
        "https://api.mch.weixin.qq.com:8443/v3/billdownload/file?token=secret",
        "http://api.mch.weixin.qq.com/v3/billdownload/file?token=secret",
        "//api.mch.weixin.qq.com/v3/billdownload/file?token=secret",
        "/v3/billdownload/file?token=secret",
        "https://api.mch.weixin.qq.com/v3/x/../billdownload/file?token=secret",
        "https://api.mch.weixin.qq.com?token=secret",
        "https://api.mch.weixin.qq.com?token=secret&back=/v3/pay",
        "https://api.mch.weixin.qq.com#token=secret/v3/pay",
        "https://api.mch.weixin.qq.com",
        "https://api.mch.weixin.qq.com./v3/billdownload/file?token=secret",
        "https://api.mch.weixin.qq.com%2eexample.com/v3/billdownload/file?token=secret",
        "https://аpi.mch.weixin.qq.com/v3/billdownload/file?token=secret",
        "https://example.com\\@api.mch.weixin.qq.com/v3/billdownload/file?token=secret",
        "https://api.mch.weixin.qq.com\\v3\\billdownload/file?token=secret",
        "https://api.mch.weixin.qq.com\t.example.com/v3/billdownload/file?token=secret",
        "https:/api.mch.weixin.qq.com/v3/x?token=secret://example.com/v3/pay",
        "https://fraud.mch.weixin.qq.com/v3/billdownload/file?token=secret",
        "https://api.mch.weixin.qq.com/v3/billdownload/file?token=secret#fragment",
        "",
    ] {
        assert!(!format!("{:?}", FileLink::new(link)).contains("token=secret"));
        let error = wx.download_url(link).unchecked().stream().await.unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Input(_)), "{link}: {error}");
        assert_eq!(error.outcome(), Outcome::NotSent);
        assert!(!format!("{error} {error:?}").contains("token=secret"), "{error}");
    }
    assert!(sandbox.received().is_empty());
    let error = wx.download_url("https://example.com/v3/bill").unchecked().await.unwrap_err();
    let expected = "the link `https://example.com/v3/bill` is not followed: it is no https link to one of WeChat Pay's hosts";
    assert!(error.to_string().contains(expected), "{error}");
    assert!(error.to_string().contains("api.mch.weixin.qq.com"), "{error}");
    let error = wx.download_url("https://api.mch.weixin.qq.com/v3/billdownload/file").await;
    assert!(error.unwrap_err().to_string().contains("give the digest"));
}

#[tokio::test]
async fn a_statement_has_its_digest_in_the_signature() {
    let (_sandbox, wx) = sandbox().await;
    let call = || wx.v3().global().statements().get(|r| r.date("20250301"));
    let (content, check) = read(call().stream().await.unwrap()).await;
    assert!(!content.is_empty());
    assert_eq!(check.unwrap(), DigestCheck::Received);

    let (_, check) = read(call().sha1(sha1_hex(&content)).stream().await.unwrap()).await;
    check.unwrap();
    let (_, check) = read(call().sha1(sha1_hex(b"another")).stream().await.unwrap()).await;
    assert!(matches!(check.unwrap_err().kind(), ErrorKind::Digest { .. }));
}

#[tokio::test]
async fn only_the_path_marks_a_link_as_an_image() {
    let (sandbox, wx) = sandbox().await;
    let api = sandbox.url();
    for link in [
        format!("{api}/v3/billdownload/file?token=a/images/b"),
        format!("{api}/v3/billdownload/file?path=/images/"),
        format!("{api}/v3/billdownload/file#/images/x"),
        format!("{api}/v3/billdownload/my-images/x"),
        format!("{api}/v3/billdownload/images"),
        format!("{api}/v3/billdownload/images/"),
    ] {
        let error = wx.download_url(&*link).await.unwrap_err();
        assert!(error.to_string().contains("digest"), "{link}: {error}");
        assert_eq!(error.outcome(), Outcome::NotSent);
    }
    assert!(sandbox.received().is_empty());
    let path = "/v3/merchant-service/images/{media_id}";
    sandbox.respond("GET", path, PlannedResponse::file("image/jpeg", &b"jpeg"[..])).unwrap();
    let image = format!("{api}/v3/merchant-service/images/ChsyMDA%2B");
    wx.download_url(image).await.unwrap();
}
