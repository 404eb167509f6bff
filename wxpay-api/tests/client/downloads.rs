//! Raw downloads: unsigned, and compared with the digest that a signed response announced.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use wxpay_api::sandbox::Sandbox;
use wxpay_api::{Client, Download, Error, ErrorKind, Outcome};

use crate::sandbox;

const BILL: &str = "\u{feff}交易时间,公众账号ID\r\n`2014-11-10 16:33:45,`wx2421b1c4370ec43b\r\n";

/// Requests a bill, then downloads it with the digest that came with its link.
async fn download(wx: &Client) -> Result<Download, Error> {
    let bill = wx.v3().bill().tradebill().get(|r| r.bill_date("2019-06-11")).await?;
    let (_, token) = bill.download_url.split_once("token=").unwrap();
    let token = percent_encoding::percent_decode_str(token).decode_utf8().unwrap();
    wx.v3().billdownload().file().get(|r| r.token(token)).sha1(bill.hash_value).await
}

fn gzip(text: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

#[tokio::test]
async fn a_bill_with_the_announced_digest() {
    let (sandbox, wx) = sandbox().await;
    sandbox.set_bill(BILL);
    let file = download(&wx).await.unwrap();
    assert_eq!(file.content(), BILL.as_bytes());
    assert!(file.is_digest_checked());
    assert_eq!(sandbox.received()[1].headers["Accept"], "*/*");
}

/// The token of the link to the bill that the sandbox serves.
async fn token(wx: &Client) -> String {
    let bill = wx.v3().bill().tradebill().get(|r| r.bill_date("2019-06-11")).await.unwrap();
    let (_, token) = bill.download_url.split_once("token=").unwrap();
    percent_encoding::percent_decode_str(token).decode_utf8().unwrap().into_owned()
}

async fn served(content: impl Into<bytes::Bytes>) -> (Sandbox, Client, String) {
    let (sandbox, wx) = sandbox().await;
    sandbox.set_bill(content);
    let token = token(&wx).await;
    (sandbox, wx, token)
}

#[tokio::test]
async fn a_gzip_bill_is_hashed_uncompressed_and_returned_as_received() {
    let packed = gzip(BILL);
    let (_sandbox, wx, token) = served(packed.clone()).await;
    let announced = wxpay_api::protocol::digest::sha1_hex(BILL.as_bytes()).to_uppercase();
    let file = wx.v3().billdownload().file().get(|r| r.token(token)).sha1(announced).await.unwrap();
    assert_eq!(file.content(), &packed);
}

#[tokio::test]
async fn another_digest_is_refused_and_the_file_kept() {
    let (_sandbox, wx, token) = served(BILL).await;
    let call = wx.v3().billdownload().file().get(|r| r.token(token));
    let error = call.sha1("79bb0f45fc4c42234a918000b2668d689e2bde04").await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Digest { .. }), "{error}");
    assert_eq!(error.outcome(), Outcome::Unknown, "nothing about it was verified");
    assert_eq!(error.received().unwrap().body, BILL.as_bytes());
}

#[tokio::test]
async fn a_damaged_gzip_bill_is_an_error() {
    let mut packed = gzip(BILL);
    packed.truncate(packed.len() / 2);
    let (_sandbox, wx, token) = served(packed).await;
    let call = wx.v3().billdownload().file().get(|r| r.token(token));
    let error = call.sha1("79bb0f45fc4c42234a918000b2668d689e2bde04").await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Damaged(_)), "{error}");
}

#[tokio::test]
async fn a_digest_may_be_waived_but_not_forgotten() {
    let (sandbox, wx, token) = served(BILL).await;
    let before = sandbox.received().len();
    let error = wx.v3().billdownload().file().get(|r| r.token(&token)).await.unwrap_err();
    assert_eq!(error.outcome(), Outcome::NotSent, "{error}");
    assert_eq!(sandbox.received().len(), before);
    let file = wx.v3().billdownload().file().get(|r| r.token(token)).unchecked().await.unwrap();
    assert!(!file.is_digest_checked());
}

#[tokio::test]
async fn a_file_may_be_longer_than_a_response_and_has_its_own_limit() {
    let large = vec![b'x'; 11 << 20];
    let (_sandbox, wx, token) = served(large.clone()).await;
    let announced = wxpay_api::protocol::digest::sha1_hex(&large);
    let call = wx.v3().billdownload().file().get(|r| r.token(&token)).sha1(&announced);
    let error = call.limit(1 << 20).await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::TooLarge { limit: 1_048_576, .. }), "{error}");
}

#[tokio::test]
async fn eleven_megabytes_are_downloaded() {
    let large = vec![b'x'; 11 << 20];
    let (_sandbox, wx, token) = served(large.clone()).await;
    let announced = wxpay_api::protocol::digest::sha1_hex(&large);
    let file = wx.v3().billdownload().file().get(|r| r.token(token)).sha1(announced).await.unwrap();
    assert_eq!(file.content().len(), large.len());
}

/// Only a download accepts unsigned files. An ordinary call at the same path does not.
#[tokio::test]
async fn an_ordinary_call_requires_a_signature_on_every_path() {
    let (_sandbox, wx, token) = served(BILL).await;
    let token = percent_encoding::utf8_percent_encode(&token, percent_encoding::NON_ALPHANUMERIC);
    let error = wx.get(format!("/v3/billdownload/file?token={token}")).await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Verification(_)), "{error}");
    assert_eq!(error.received().unwrap().body, BILL.as_bytes());
}

/// The signature of a statement covers a digest, which proves nothing until the file is compared
/// with it.
#[test]
fn a_statement_with_another_content_is_refused() {
    use wxpay_api::protocol::issuing::{Identity, signed_headers};
    use wxpay_api::protocol::{Nonce, Scheme, digest};
    use wxpay_api::v3::global::statements::get::{Request, operation};
    use wxpay_api::{Core, Merchant, WechatPayKeys};

    let (merchant, platform) =
        (Identity::merchant("1900000109").unwrap(), Identity::platform().unwrap());
    let key = merchant.private_key_pem().unwrap();
    let merchant = Merchant::from_pem("1900000109", merchant.certificate_pem(), key).unwrap();
    let keys = WechatPayKeys::new().with_public_key("PUB_KEY_ID_1", platform.public_key_pem());
    let core = Core::new(merchant, keys.unwrap()).unwrap();
    let sha1 = digest::sha1_hex(b"a statement");
    let signed_body = format!("{{\"sha1\":\"{sha1}\"}}");
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    let headers = signed_headers(
        Scheme::Rsa,
        platform.private_key(),
        "PUB_KEY_ID_1",
        now.as_secs(),
        &Nonce::random().unwrap(),
        signed_body.as_bytes(),
    );
    let mut headers = headers.unwrap();
    headers.insert("Wechatpay-Statement-Sha1", sha1.parse().unwrap());
    let got = |content: &'static [u8]| {
        let statement = operation(Request::builder().date("20250301"));
        let signed = core.prepare(statement).unwrap().sign().unwrap();
        let mut response = http::Response::new(bytes::Bytes::from_static(content));
        response.headers_mut().clone_from(&headers);
        signed.check_download(response)
    };
    assert_eq!(got(b"a statement").unwrap().content(), &b"a statement"[..]);
    let error = got(b"another").unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Digest { .. }), "{error}");
    assert_eq!(error.outcome(), Outcome::Unknown);
}
