//! Keys that change while a client lives, and many merchants in one process.

use std::time::Duration;

use wxpay_api::protocol::issuing::Identity;
use wxpay_api::sandbox::{Fault, Sandbox, SandboxNotification};
use wxpay_api::{
    BuildError, CertificateDownload, Client, Clients, Merchant, NotificationError, Retries,
    Transport,
};

use crate::{cancel, sandbox};

#[tokio::test]
async fn new_keys_reach_every_clone_and_calls_in_flight_keep_the_old_ones() {
    let (old, wx) = sandbox().await;
    let clone = wx.clone();
    // The sandbox knows one merchant certificate. It refuses another one, which proves that the
    // client uses it.
    let identity = Identity::merchant("1230000109").unwrap();
    let (certificate, key) = (identity.certificate_pem(), identity.private_key_pem().unwrap());
    let merchant = Merchant::from_pem("1230000109", certificate, key).unwrap();
    old.inject_fault(Fault::Delay(Duration::from_millis(300)));
    let slow = tokio::spawn(cancel(&wx).into_future());
    tokio::time::sleep(Duration::from_millis(100)).await;
    let (id, pem) = old.wechatpay_public_key();
    clone.reload(Client::builder(merchant).wechatpay_public_key(id, pem)).unwrap();
    slow.await.unwrap().unwrap();
    let error = cancel(&wx).await.unwrap_err();
    assert_eq!(error.api().unwrap().status, 401, "{error}");
    clone.reload(old.client_builder()).unwrap();
    cancel(&wx).await.unwrap();
}

#[tokio::test]
async fn keys_of_another_merchant_or_none_are_refused_and_the_old_ones_stay() {
    let (sandbox, wx) = sandbox().await;
    let identity = Identity::merchant("1900000200").unwrap();
    let (certificate, key) = (identity.certificate_pem(), identity.private_key_pem().unwrap());
    let other = Merchant::from_pem("1900000200", certificate, key).unwrap();
    let (id, pem) = sandbox.wechatpay_public_key();
    let error = wx.reload(Client::builder(other).wechatpay_public_key(id, pem)).unwrap_err();
    assert!(matches!(error, BuildError::OtherMerchant { .. }), "{error}");
    let error = wx.reload(Client::builder(sandbox.merchant().clone())).unwrap_err();
    assert!(matches!(error, BuildError::NoWechatPayKey(_)), "{error}");
    cancel(&wx).await.unwrap();
}

#[tokio::test]
async fn the_backup_host_takes_over_when_no_connection_is_made() {
    let sandbox = Sandbox::builder().examples().start().await.unwrap();
    let dead = {
        let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
        format!("http://{}", listener.local_addr().unwrap())
    };
    let builder = || sandbox.client_builder().base_url(&dead).backup_url(sandbox.url());
    let wx = builder().build().unwrap();
    let reply = cancel(&wx).reply().await.unwrap();
    assert_eq!(reply.sent().attempts, 2);
    assert_eq!(reply.sent().origin, sandbox.url());
    let wx = builder().retries(Retries::new().fail_over(false)).build().unwrap();
    let error = cancel(&wx).await.unwrap_err();
    assert_eq!(error.attempts(), 3);
    assert_eq!(sandbox.received().len(), 1);
}

#[tokio::test]
async fn a_notification_finds_its_merchant_among_many() {
    let transport = Transport::new().unwrap();
    let clients = Clients::new();
    let mut sandboxes = Vec::new();
    for mchid in ["1900000201", "1900000202", "1900000203"] {
        let sandbox =
            Sandbox::builder().examples().mchid(mchid).fresh_keys().start().await.unwrap();
        let client = sandbox.client_builder().transport(&transport).build().unwrap();
        assert!(clients.insert(client).is_none());
        sandboxes.push(sandbox);
    }
    for sandbox in &sandboxes {
        let notification = SandboxNotification::example("pay/transaction");
        let (headers, body) = sandbox.notification(notification).unwrap();
        let (client, notification) = clients.notification(&headers, &body).await.unwrap();
        assert_eq!(client.id(), sandbox.merchant().id());
        assert_eq!(notification.event_type(), "TRANSACTION.SUCCESS");
    }
    let gone = clients.remove("1900000202").unwrap();
    drop(gone);
    assert_eq!(clients.len(), 2);
    let notification = SandboxNotification::example("pay/transaction").by_certificate();
    let (headers, body) = sandboxes[1].notification(notification).unwrap();
    let error = clients.notification(&headers, &body).await.unwrap_err();
    assert!(matches!(error, NotificationError::NoMerchant { merchants: 2, .. }), "{error}");
}

#[tokio::test]
async fn a_call_in_flight_keeps_the_keys_it_began_with() {
    for course in [
        Fault::Delay(Duration::from_millis(300)),
        // Its second attempt comes after the reload.
        Fault::Unavailable { status: 500, retry_after: Some(1) },
    ] {
        ends_with_the_keys_it_began_with(course).await;
    }
}

async fn ends_with_the_keys_it_began_with(course: Fault) {
    let (sandbox, wx) = sandbox().await;
    sandbox.inject_fault(course);
    let echo = wx.v3().security().echo().post(|r| r.echo_message("hello"));
    let echo = echo.with(|r| r.encrypted_echo_message("secret")).allow_retries(true);
    let slow = tokio::spawn(echo.into_future());
    tokio::time::sleep(Duration::from_millis(100)).await;
    // From here on, both sides have new keys.
    let (identity, platform) =
        (Identity::merchant("1230000109").unwrap(), Identity::platform().unwrap());
    let (certificate, key) = (identity.certificate_pem(), identity.private_key_pem().unwrap());
    let merchant = Merchant::from_pem("1230000109", certificate, key).unwrap();
    let builder = Client::builder(merchant);
    wx.reload(builder.wechatpay_public_key("PUB_KEY_ID_2", platform.public_key_pem())).unwrap();
    let response = slow.await.unwrap().unwrap();
    assert_eq!(response.encrypted_echo_message.reveal().unwrap(), "secret");
}

#[tokio::test]
async fn a_download_does_not_bring_back_keys_that_were_replaced_meanwhile() {
    let sandbox = Sandbox::builder().examples().certificate_mode().start().await.unwrap();
    let builder = || Client::builder(sandbox.merchant().clone()).apiv3_key(sandbox.apiv3_key());
    let download = CertificateDownload::new();
    let wx = builder().base_url(sandbox.url()).download_certificates(download).build().unwrap();
    let list = "/v3/certificates";
    sandbox.inject_fault_at("GET", list, Fault::Delay(Duration::from_millis(300))).unwrap();
    let slow = tokio::spawn(cancel(&wx).into_future());
    tokio::time::sleep(Duration::from_millis(100)).await;
    let (id, pem) = sandbox.wechatpay_public_key();
    wx.reload(builder().wechatpay_public_key(&id, pem)).unwrap();
    let _ = slow.await.unwrap();
    assert_eq!(wx.keys().ids(), [id]);
}
