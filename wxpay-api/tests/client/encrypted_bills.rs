//! Encrypted bills: several files, each with its own key and nonce, decrypted while they arrive.

use std::collections::HashMap;
use std::io::Write;

use aes_gcm::aead::consts::{U16, U32};
use aes_gcm::aead::{Aead, KeyInit};
use aes_gcm::{AesGcm, Nonce, aes::Aes256};
use flate2::Compression;
use flate2::write::GzEncoder;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use wxpay_api::protocol::digest::sha1_hex;
use wxpay_api::sandbox::Sandbox;
use wxpay_api::{
    Client, DigestCheck, DownloadStream, EncryptedBill, EncryptedFile, Error, ErrorKind, Outcome,
    SecretBytes,
};

const KEY: [u8; 32] = *b"0123456789abcdef0123456789abcdef";
const NONCE: &str = "a8607ef79034c49c";
const LONG_NONCE: &str = "5K8264ILTKCH16CQ2502SI8ZNMTM67VS";

const FIRST: &str =
    "\u{feff}记账时间,收支类型,收支金额(元)\r\n`2025-03-01 09:12:50,`收入,`0.10\r\n";
const SECOND: &str = "`2025-03-01 18:00:02,`支出,`0.05\r\n资金流水总笔数\r\n`2\r\n";

fn gzip(content: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(content.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

/// Ciphertext and tag, as WeChat Pay makes them.
fn encrypt(content: impl AsRef<[u8]>) -> Vec<u8> {
    let cipher = AesGcm::<Aes256, U16>::new(&KEY.into());
    let nonce = Nonce::<U16>::try_from(NONCE.as_bytes()).unwrap();
    cipher.encrypt(&nonce, content.as_ref()).unwrap()
}

fn encrypt_with_long_nonce(content: impl AsRef<[u8]>) -> Vec<u8> {
    let cipher = AesGcm::<Aes256, U32>::new(&KEY.into());
    let nonce = Nonce::<U32>::try_from(LONG_NONCE.as_bytes()).unwrap();
    cipher.encrypt(&nonce, content.as_ref()).unwrap()
}

/// A client, and the base of the links to these files. The server sends one file after the other.
async fn serve(files: Vec<(&'static str, Vec<u8>)>) -> (Client, String) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let files: HashMap<_, _> = files.into_iter().collect();
    tokio::spawn(async move {
        loop {
            let (mut socket, _) = listener.accept().await.unwrap();
            let mut request = vec![0; 8192];
            let length = socket.read(&mut request).await.unwrap();
            let head = String::from_utf8_lossy(&request[..length]).into_owned();
            assert!(
                head.contains("WECHATPAY2-SHA256-RSA2048 mchid="),
                "every file is asked for alike"
            );
            let token = head.split("token=").nth(1).unwrap().split(' ').next().unwrap();
            let file = &files[token];
            let length = file.len();
            let response =
                format!("HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n");
            socket.write_all(response.as_bytes()).await.unwrap();
            socket.write_all(file).await.unwrap();
        }
    });
    let sandbox = Sandbox::builder().examples().start().await.unwrap();
    (sandbox.client_builder().base_url(&url).build().unwrap(), url)
}

fn file(url: &str, token: &str) -> EncryptedFile {
    let url = format!("{url}/v3/bill/downloadurl?token={token}");
    EncryptedFile::new(url, SecretBytes::from(KEY), NONCE)
}

async fn read(mut stream: DownloadStream) -> Result<(String, Vec<DigestCheck>), Error> {
    let mut content = Vec::new();
    stream.copy_to(&mut content).await?;
    Ok((String::from_utf8(content).unwrap(), stream.digest_checks().to_vec()))
}

#[tokio::test]
async fn files_follow_each_other_in_their_order() {
    let packed = encrypt(gzip(FIRST));
    let plain = encrypt_with_long_nonce(SECOND);
    let (wx, url) = serve(vec![("1", packed.clone()), ("2", plain)]).await;
    let second = format!("{url}/v3/payscore/bill/downloadurl?token=2");
    let second = EncryptedFile::new(second, SecretBytes::from(KEY), LONG_NONCE)
        .sequence(2)
        .hash("SHA1", sha1_hex(SECOND.as_bytes()));
    let first = file(&url, "1").sequence(1).hash("SHA1", sha1_hex(&packed));
    let bill = EncryptedBill::new([second, first]).count(Some(2));
    let stream = wx.download_encrypted(bill.clone()).stream().await.unwrap();
    let (content, checks) = read(stream).await.unwrap();
    assert_eq!(content, format!("{FIRST}{SECOND}"));
    assert_eq!(checks, [DigestCheck::Received, DigestCheck::PlainText], "either is taken");

    let mut rows =
        wx.download_encrypted(bill).rows::<wxpay_api::bills::FundFlowBill>().await.unwrap();
    assert_eq!(rows.next().await.unwrap().unwrap().direction, "收入");
    assert_eq!(rows.next().await.unwrap().unwrap().direction, "支出");
    assert!(rows.next().await.is_none());
    assert_eq!(rows.source().digest_checks(), checks);
    assert_eq!(rows.finish().await.unwrap().flow_count, Some(2));
}

#[tokio::test]
async fn another_digest_is_reported_and_the_content_kept() {
    let (wx, url) = serve(vec![("1", encrypt(FIRST))]).await;
    for (hash_type, value) in [("SHA1", "00"), ("MD5", "00"), ("SHA1", "")] {
        let bill = EncryptedBill::new([file(&url, "1").hash(hash_type, value)]);
        let (content, checks) =
            read(wx.download_encrypted(bill).stream().await.unwrap()).await.unwrap();
        assert_eq!(content, FIRST);
        let is_mismatch = matches!(&checks[..], [DigestCheck::Mismatch { announced, plain_text, .. }]
            if announced == "00" && *plain_text == sha1_hex(FIRST.as_bytes()));
        assert_eq!(is_mismatch, (hash_type, value) == ("SHA1", "00"), "{checks:?}");
    }
}

#[tokio::test]
async fn another_digest_is_reported_after_saving() {
    let (wx, url) = serve(vec![("1", encrypt(FIRST))]).await;
    let bill = EncryptedBill::new([file(&url, "1").hash("SHA1", "00")]);
    let mut stream = wx.download_encrypted(bill).stream().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bill.csv");
    stream.save_to(&path).await.unwrap();
    assert_eq!(std::fs::read(&path).unwrap(), FIRST.as_bytes());
    assert!(matches!(stream.digest_checks(), [DigestCheck::Mismatch { .. }]));
}

#[tokio::test]
async fn changed_and_truncated_files_are_refused() {
    let mut changed = encrypt(FIRST);
    changed[3] ^= 1;
    let mut cut = encrypt(FIRST);
    cut.pop();
    let (wx, url) = serve(vec![("changed", changed), ("cut", cut), ("none", Vec::new())]).await;
    let folder = tempfile::tempdir().unwrap();
    for token in ["changed", "cut", "none"] {
        let bill = EncryptedBill::new([file(&url, token)]);
        let mut stream = wx.download_encrypted(bill).stream().await.unwrap();
        let error = stream.save_to(folder.path().join("bill.csv")).await.unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Decryption(_)), "{token}: {error}");
        assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 0);
    }
}

#[tokio::test]
async fn a_missing_or_still_encrypted_file_is_reported_before_anything_is_sent() {
    let (wx, url) = serve(Vec::new()).await;
    let encrypted = SecretBytes::encrypted("c2VhbGVk");
    let link = format!("{url}/v3/bill/downloadurl?token=1");
    for (bill, expected) in [
        (EncryptedBill::new([]), "lists 0 files"),
        (
            EncryptedBill::new([file(&url, "1")]).count(Some(2)),
            "lists 1 files of the bill, and announces 2",
        ),
        (EncryptedBill::new([EncryptedFile::new(&link, encrypted, NONCE)]), "still encrypted"),
        (
            EncryptedBill::new([
                file(&url, "1"),
                EncryptedFile::new(&link, vec![0; 7].into(), NONCE),
            ]),
            "the bill's key has 7 bytes",
        ),
        (
            EncryptedBill::new([EncryptedFile::new("https://example.com/", KEY.into(), NONCE)]),
            "no https link to one of WeChat Pay's hosts",
        ),
    ] {
        let error = wx.download_encrypted(bill).stream().await.unwrap_err();
        assert!(error.to_string().contains(expected), "{error}");
        assert_eq!(error.outcome(), Outcome::NotSent);
    }
}

#[tokio::test]
async fn a_response_leads_to_its_files() {
    let (wx, url) = serve(vec![("1", encrypt(FIRST)), ("2", encrypt(SECOND))]).await;
    let mut response = wxpay_api::v3::bill::types::EncryptedBillDownloads::default();
    response.download_bill_count = Some(2);
    for sequence in [2, 1] {
        let mut listed =
            wxpay_api::v3::bill::types::encrypted_bill_downloads::DownloadBill::default();
        listed.bill_sequence = Some(sequence);
        listed.download_url = format!("{url}/v3/bill/downloadurl?token={sequence}");
        listed.encrypt_key = KEY.into();
        listed.nonce = NONCE.to_owned();
        response.download_bill_list.push(listed);
    }
    let (content, _) =
        read(wx.download_encrypted(&response).stream().await.unwrap()).await.unwrap();
    assert_eq!(content, format!("{FIRST}{SECOND}"));
}
