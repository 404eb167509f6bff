//! Uploads: the signed meta, the digest computed for the caller, own part names, text parts.

use tokio::io::AsyncWriteExt as _;
use wxpay_api::sandbox::{Fault, ReceivedRequest};
use wxpay_api::{EncryptedLinesError, File, Outcome};

use crate::sandbox;

/// A file with every byte sequence that is difficult in a multipart body.
const CONTENT: &[u8] = b"\x89PNG\r\n--boundary\r\n\0\xff\r\n\r\n--";

fn meta(received: &ReceivedRequest) -> serde_json::Value {
    let message = received.verified_message.as_deref().unwrap();
    let signed = std::str::from_utf8(message).unwrap().lines().nth(4).unwrap();
    let body = String::from_utf8_lossy(&received.body);
    assert!(body.contains(signed), "the signed meta is not the one in the body");
    serde_json::from_str(signed).unwrap()
}

#[tokio::test]
async fn an_image_with_its_name_and_digest() {
    let (sandbox, wx) = sandbox().await;
    let call = wx.v3().merchant().media().upload();
    let uploaded = call.post(|r| r.file(File::new("licence.png", CONTENT))).await.unwrap();
    assert!(!uploaded.media_id.is_empty());
    let meta = meta(&sandbox.received()[0]);
    assert_eq!(meta["filename"], "licence.png");
    assert_eq!(meta["sha256"], wxpay_api::protocol::digest::sha256_hex(CONTENT));
}

#[tokio::test]
async fn the_form_is_the_documented_one_byte_for_byte() {
    let (sandbox, wx) = sandbox().await;
    let call = wx.v3().merchant().media().upload();
    call.post(|r| r.file(File::new("licence.png", CONTENT))).await.unwrap();
    let received = &sandbox.received()[0];
    let content_type = received.headers["Content-Type"].to_str().unwrap();
    let boundary = content_type.strip_prefix("multipart/form-data; boundary=").unwrap();
    assert!(!boundary.contains('"'), "a boundary in quotation marks has been refused");
    let digest = wxpay_api::protocol::digest::sha256_hex(CONTENT);
    let head = format!(
        "--{boundary}\r\n\
         Content-Disposition: form-data; name=\"meta\"\r\n\
         Content-Type: application/json\r\n\
         \r\n\
         {{\"filename\":\"licence.png\",\"sha256\":\"{digest}\"}}\r\n\
         --{boundary}\r\n\
         Content-Disposition: form-data; name=\"file\"; filename=\"licence.png\"\r\n\
         Content-Type: image/png\r\n\
         \r\n"
    );
    let end = format!("\r\n--{boundary}--\r\n");
    assert_eq!(received.body, [head.as_bytes(), CONTENT, end.as_bytes()].concat());
    assert_eq!(received.headers["Accept"], "application/json");
}

#[tokio::test]
async fn a_fapiao_file_with_an_sm3_digest_and_the_wires_own_spelling() {
    let (sandbox, wx) = sandbox().await;
    let call = wx.v3().new_tax_control_fapiao().fapiao_applications().upload_fapiao_file();
    let uploaded = call.post(|r| r.file(File::new("fapiao.pdf", CONTENT))).await.unwrap();
    assert!(!uploaded.fapiao_media_id.is_empty());
    let meta = meta(&sandbox.received()[0]);
    assert_eq!(meta["digest_alogrithm"], "SM3");
    assert_eq!(meta["digest"], wxpay_api::protocol::digest::sm3_hex(CONTENT));
}

#[tokio::test]
async fn a_secret_inside_meta_is_encrypted() {
    let (sandbox, wx) = sandbox().await;
    let call = wx.v3().marketing().shopping_receipt().shopping_receipts();
    call.post(|r| {
        r.transaction_id("1217752501201407033233368018")
            .openid("oUpF8uMuAJO_M2pxb1Q9zNjWeS6o")
            .file(File::new("receipt.png", CONTENT))
            .merchant_contact_information(|c| c.consultation_phone_number("0755-86010000"))
    })
    .await
    .unwrap();
    let received = &sandbox.received()[0];
    let path = "merchant_contact_information.consultation_phone_number";
    assert_eq!(received.secret(path), Some("0755-86010000"));
    assert!(!String::from_utf8_lossy(&received.body).contains("86010000"));
}

#[tokio::test]
async fn an_unusual_part_name_and_text_parts() {
    let (sandbox, wx) = sandbox().await;
    let submissions = wx.v3().mch_manage().submission_files();
    let call = submissions.sub_mchid().sub_mchid("123000110").upload();
    let file = File::new("demo.png", CONTENT);
    call.post(|r| r.item_id(56).manage_record_id("5678").file(file)).await.unwrap();
    let received = &sandbox.received()[0];
    let body = String::from_utf8_lossy(&received.body).into_owned();
    assert!(body.contains("name=\"submission_file\"; filename=\"demo.png\""), "{body}");
    assert!(body.contains("name=\"item_id\"\r\n\r\n56\r\n"), "{body}");
}

#[tokio::test]
async fn texts_that_could_be_taken_for_other_parts_are_refused() {
    let (sandbox, wx) = sandbox().await;
    let upload =
        wx.v3().mch_manage().submission_files().sub_mchid().sub_mchid("123000110").upload();
    let forged = "1\r\n--wxpay\r\nContent-Disposition: form-data; name=\"meta\"";
    let file = File::new("demo.png", CONTENT);
    let call = upload.post(|r| r.item_id(56).manage_record_id(forged).file(file));
    let error = call.await.unwrap_err();
    assert_eq!(error.outcome(), wxpay_api::Outcome::NotSent);
    assert!(error.to_string().contains("manage_record_id"), "{error}");
    assert!(sandbox.received().is_empty());
}

#[tokio::test]
async fn file_names_that_would_break_the_body_are_refused() {
    let (sandbox, wx) = sandbox().await;
    let upload = wx.v3().merchant().media().upload();
    for name in ["", "a\r\nContent-Type: x", "a\".png", "a\\.png"] {
        let error = upload.post(|r| r.file(File::new(name, CONTENT))).await.unwrap_err();
        assert_eq!(error.outcome(), wxpay_api::Outcome::NotSent, "{error}");
    }
    assert!(sandbox.received().is_empty());
    upload.post(|r| r.file(File::new("营业执照 1.png", CONTENT))).await.unwrap();
    assert_eq!(meta(&sandbox.received()[0])["filename"], "营业执照 1.png");
}

#[tokio::test]
async fn a_file_from_a_path_and_one_from_a_reader() {
    let (sandbox, wx) = sandbox().await;
    let folder = tempfile::TempDir::new().unwrap();
    let path = folder.path().join("licence.png");
    std::fs::write(&path, CONTENT).unwrap();
    let (mut writer, reader) = tokio::io::duplex(4);
    let writing = tokio::spawn(async move { writer.write_all(CONTENT).await.unwrap() });
    let files =
        [File::open(&path).await.unwrap(), File::read("licence.png", reader).await.unwrap()];
    writing.await.unwrap();
    for file in files {
        assert_eq!(file.content().as_ref(), CONTENT);
        wx.v3().merchant().media().upload().post(|r| r.file(file)).await.unwrap();
    }
    let received = sandbox.received();
    assert_eq!(received[0].body, received[1].body);
    assert!(File::open(folder.path().join("missing.png")).await.is_err());
}

#[tokio::test]
async fn lines_of_a_bank_are_encrypted_one_by_one() {
    let (sandbox, wx) = sandbox().await;
    let keys = wx.keys();
    let key = keys.encryption_key(std::time::SystemTime::now()).unwrap();
    let file = File::encrypted_lines("active_user.csv", ["6217000010001", "6217000010002"], &key);
    let file = file.unwrap();
    let lines: Vec<_> = std::str::from_utf8(file.content()).unwrap().split('\n').collect();
    assert_eq!(lines.iter().map(|line| line.len()).collect::<Vec<_>>(), [344, 344]);
    let tasks = wx.v3().marketing().bank().packages().package_id("8473295").tasks();
    tasks.post(|r| r.bank_type("ICBC_DEBIT").file(file.clone())).await.unwrap();
    let received = sandbox.received().pop().unwrap();
    assert_eq!(received.headers["Wechatpay-Serial"].to_str().ok(), Some(key.id()));
    assert_eq!(meta(&received)["sha256"], file.sha256());
}

#[tokio::test]
async fn lines_that_wechat_pay_would_refuse_are_refused() {
    let (_sandbox, wx) = sandbox().await;
    let keys = wx.keys();
    let key = keys.encryption_key(std::time::SystemTime::now()).unwrap();
    let many = File::encrypted_lines("many.csv", vec!["1"; 5501], &key).unwrap_err();
    assert_eq!(many, EncryptedLinesError::TooMany);
    let long = "1".repeat(215);
    let long = File::encrypted_lines("long.csv", ["1", &long], &key).unwrap_err();
    assert!(long.to_string().starts_with("line 2: "), "{long}");
}

#[tokio::test]
async fn an_upload_is_retried_only_on_request_and_with_the_same_bytes() {
    let (sandbox, wx) = sandbox().await;
    let upload =
        || wx.v3().merchant().media().upload().post(|r| r.file(File::new("a.png", CONTENT)));
    sandbox.inject_fault(Fault::CloseAfterReading);
    let error = upload().await.unwrap_err();
    assert_eq!((error.outcome(), sandbox.received().len()), (Outcome::Unknown, 1));
    sandbox.inject_fault(Fault::CloseAfterReading);
    upload().allow_retries(true).await.unwrap();
    let received = sandbox.received();
    assert_eq!(received[1].body, received[2].body);
}

/// Returns why an upload is refused. Nothing of it is sent.
async fn refused(file: File) -> String {
    let (sandbox, wx) = sandbox().await;
    let name = file.name().to_owned();
    let upload = wx.v3().merchant().media().upload().post(|r| r.file(file));
    let Err(error) = upload.await else { panic!("{name} was sent") };
    assert_eq!(error.outcome(), Outcome::NotSent, "{error}");
    assert!(sandbox.received().is_empty(), "{name}");
    error.to_string()
}

const JPEG: &[u8] = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00";
const HEIC: &[u8] = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00";

#[tokio::test]
async fn an_empty_file_is_refused_before_sending() {
    for name in ["licence.png", "licence.heic", "licence"] {
        let text = refused(File::new(name, "")).await;
        assert!(text.contains(&format!("`{name}` is empty")), "{text}");
    }
}

#[tokio::test]
async fn a_name_without_a_known_ending_is_refused_before_sending() {
    for name in ["licence", "licence.", ".png", "图片"] {
        let text = refused(File::new(name, CONTENT)).await;
        assert!(text.contains(&format!("`{name}` has no ending")), "{text}");
        assert!(text.contains("`.jpg`"), "{text}");
    }
    for ending in ["heic", "HEIC", "webp", "tiff", "docx", "zip", "exe", "svg"] {
        let text = refused(File::new(format!("licence.{ending}"), CONTENT)).await;
        assert!(text.contains(&format!("ends in `.{ending}`")), "{text}");
    }
}

#[tokio::test]
async fn content_that_contradicts_the_file_name_is_refused_before_sending() {
    let pdf: &[u8] = b"%PDF-1.7\n";
    let gif: &[u8] = b"GIF89a\x01\x00";
    let bmp: &[u8] = b"BM\x3a\x00\x00\x00\x00\x00\x00\x00\x36\x00";
    let mp4: &[u8] = b"\x00\x00\x00\x20ftypisom";
    let png: &[u8] = b"\x89PNG\r\n\x1a\n\x00\x00";
    let zip: &[u8] = b"PK\x03\x04\x14\x00";
    for (name, content, found) in [
        ("a.png", JPEG, "holds a JPEG image: call it `.jpg`"),
        ("a.jpg", png, "holds a PNG image: call it `.png`"),
        ("a.JPEG", HEIC, "holds a HEIC or AVIF image: convert it"),
        ("a.jpg", b"RIFF\x00\x00\x00\x00WEBPVP8 ", "holds a WebP image: convert it"),
        ("a.bmp", gif, "holds a GIF image: call it `.gif`"),
        ("a.png", bmp, "holds a BMP image: call it `.bmp`"),
        ("a.png", pdf, "holds a PDF document: call it `.pdf`"),
        ("a.pdf", JPEG, "holds a JPEG image: call it `.jpg`"),
        ("a.png", mp4, "holds an MP4 or QuickTime video: call it `.mp4`"),
        ("a.mp4", b"RIFF\x00\x00\x00\x00AVI LIST", "holds an AVI video: call it `.avi`"),
        ("a.csv", zip, "holds a ZIP archive, or a document of an office program: convert it"),
    ] {
        let text = refused(File::new(name, content)).await;
        assert!(text.contains(found), "{name}: {text}");
    }
}

#[tokio::test]
async fn files_of_the_named_format_and_of_unknown_formats_are_sent() {
    let (sandbox, wx) = sandbox().await;
    let files: [(&str, &[u8]); 8] = [
        ("a.jpg", JPEG),
        ("a.JPEG", JPEG),
        ("a.png", b"\x89PNG\r\n\x1a\n"),
        ("a.mov", b"\x00\x00\x00\x14ftypqt  "),
        ("a.m4v", b"\x00\x00\x00\x14ftypM4V "),
        ("a.ofd", b"PK\x03\x04"),
        ("a.csv", b"BMW,1\n"),
        ("a.png", b"?"),
    ];
    for (name, content) in files {
        let upload = wx.v3().merchant().media().upload();
        upload.post(|r| r.file(File::new(name, content))).await.unwrap();
    }
    assert_eq!(sandbox.received().len(), files.len());
}

#[tokio::test]
async fn a_caller_may_switch_off_the_file_check() {
    let (sandbox, wx) = sandbox().await;
    let word = File::new("a.docx", "content").media_type("application/msword");
    let files = [
        word,
        File::new("a.heic", HEIC).unchecked(),
        File::new("a.png", JPEG).unchecked(),
        File::new("licence", CONTENT).unchecked(),
    ];
    for file in files.clone() {
        wx.v3().merchant().media().upload().post(|r| r.file(file)).await.unwrap();
    }
    assert_eq!(sandbox.received().len(), files.len());
}

#[tokio::test]
async fn a_long_name_with_line_breaks_is_shortened_in_the_error() {
    let text = refused(File::new("a\r\nb".repeat(20_000), CONTENT)).await;
    assert!(text.len() < 600 && !text.contains(['\r', '\n']), "{text}");
}
