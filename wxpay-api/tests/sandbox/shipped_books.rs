//! The books of the compiled features.

use serde_json::json;
use wxpay_api::sandbox::Sandbox;

#[tokio::test]
async fn certificates_are_served_without_any_feature() {
    let sandbox = Sandbox::builder().examples().start().await.unwrap();
    let certificates = sandbox.client().unwrap().get("/v3/certificates").await.unwrap();
    assert_eq!(certificates["data"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn the_echo_operation_returns_a_secret() {
    let sandbox = Sandbox::builder().examples().start().await.unwrap();
    let wx = sandbox.client().unwrap();
    let secret = crate::support::encrypted(&sandbox, "hello");
    let body = json!({ "echo_message": "hi", "encrypted_echo_message": secret });
    let response = wx.post("/v3/security/echo", body).await.unwrap();
    assert_eq!(response["echo_message"], "hi");
    let encrypted = response["encrypted_echo_message"].as_str().unwrap();
    assert_eq!(&*sandbox.merchant().decrypt(encrypted).unwrap(), b"hello");
}

#[cfg(feature = "payscore")]
#[tokio::test]
async fn an_order_is_cancelled() {
    let sandbox = Sandbox::builder().examples().start().await.unwrap();
    let wx = sandbox.client().unwrap();
    let body =
        json!({ "appid": "wxd678efh567hg6787", "service_id": "500001", "reason": "用户投诉" });
    let response =
        wx.post("/v3/payscore/serviceorder/2304203423948239423/cancel", body).await.unwrap();
    assert_eq!(response["out_order_no"], "2304203423948239423");
    assert_eq!(response["mchid"], sandbox.merchant().id());
    assert_eq!(response["order_id"], "15646546545165651651");
}
