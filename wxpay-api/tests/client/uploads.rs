//! Uploads: the signed meta, the digest computed for the caller, own part names, text parts.

use wxpay_api::File;
use wxpay_api::sandbox::ReceivedRequest;

use crate::sandbox;

/// A file with everything that a multipart body might trip over.
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
async fn a_secret_inside_meta_is_sealed() {
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
async fn a_part_name_of_its_own_and_text_parts() {
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
