//! A merchant of the family SM2, SM3 and SM4.

use serde_json::json;
use wxpay_api::protocol::digest::sha1_hex;
use wxpay_api::protocol::{BillDecryption, Scheme};
use wxpay_api::sandbox::{KeyMode, SandboxNotification};
use wxpay_api::{CertificateDownload, FileLink};

use crate::support::{order_with, start};

#[tokio::test]
async fn requests_responses_and_secrets_are_of_the_family() {
    let sandbox = start().await;
    let account = sandbox.add_sm_merchant("1900000200").unwrap();
    assert_eq!(account.merchant().scheme(), Scheme::Sm2);
    let (id, pem) = account.wechatpay_public_key();
    let keys = wxpay_api::protocol::WechatPayKeys::new().with_public_key(&id, pem).unwrap();
    let key = keys.encryption_key(std::time::SystemTime::now()).unwrap();
    let order = order_with("phone", json!(key.encrypt(b"13912345678").unwrap()));
    let wx = account.client().unwrap();
    let response = wx.post("/v3/orders", order).await.unwrap();
    let phone = account.merchant().decrypt(response["phone"].as_str().unwrap()).unwrap();
    assert_eq!(&*phone, b"13912345678");
    assert_eq!(sandbox.received()[0].secret("phone"), Some("13912345678"));
}

#[tokio::test]
async fn notifications_and_certificates_are_of_the_family() {
    let sandbox = start().await;
    let account = sandbox.add_sm_merchant("1900000200").unwrap();
    let (headers, body) = account.notification(SandboxNotification::example("test/order")).unwrap();
    assert_eq!(headers["Wechatpay-Signature-Type"], "WECHATPAY2-SM2-WITH-SM3");
    let text = String::from_utf8(body.to_vec()).unwrap();
    assert!(text.contains("AEAD_SM4_GCM"), "{text}");
    account.client().unwrap().notification(&headers, &body).await.unwrap();
    for (asked, listed) in [("", 1), ("?algorithm_type=SM2", 1), ("?algorithm_type=ALL", 1)] {
        let response = account.client().unwrap().get(format!("/v3/certificates{asked}")).await;
        assert_eq!(response.unwrap()["data"].as_array().unwrap().len(), listed);
    }
    let response = account.client().unwrap().get("/v3/certificates?algorithm_type=RSA").await;
    assert_eq!(response.unwrap()["data"], json!([]));
}

#[tokio::test]
async fn a_client_downloads_the_certificates() {
    let sandbox = start().await;
    let account = sandbox.add_sm_merchant("1900000200").unwrap();
    account.set_key_mode(KeyMode::Certificates);
    let wx = wxpay_api::Client::builder(account.merchant().clone())
        .apiv3_key(account.apiv3_key())
        .base_url(sandbox.url())
        .download_certificates(CertificateDownload::new())
        .build()
        .unwrap();
    wx.get("/v3/orders/1").await.unwrap();
    assert_eq!(sandbox.executions("GET", "/v3/certificates").unwrap(), 1);
}

#[tokio::test]
async fn bills_are_encrypted_with_sm4_on_request() {
    let sandbox = start().await;
    sandbox.set_bill("a bill");
    let account = sandbox.add_sm_merchant("1900000200").unwrap();
    let wx = account.client().unwrap();
    let target = "/v3/bill/sub-merchant-fundflowbill?bill_date=2025-03-01&algorithm=SM4_GCM";
    let response = wx.get(target).await.unwrap();
    let link = &response["download_bill_list"][0];
    let key = account.merchant().decrypt(link["encrypt_key"].as_str().unwrap()).unwrap();
    assert_eq!(key.len(), 16);
    let url = FileLink::new(link["download_url"].as_str().unwrap());
    let file = wx.download_url(url).unchecked().await.unwrap();
    let nonce = link["nonce"].as_str().unwrap().as_bytes();
    let mut decryption = BillDecryption::new(&key, nonce).unwrap();
    let plain = decryption.push(file.content()).unwrap();
    decryption.finish().unwrap();
    assert_eq!(link["hash_value"], sha1_hex(&plain));
}
