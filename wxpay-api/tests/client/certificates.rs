//! Platform certificates that a client downloads by itself, and failures of these downloads.

use std::time::Duration;

use tokio::time::timeout;
use wxpay_api::protocol::VerificationError;
use wxpay_api::sandbox::{Fault, Sandbox, SandboxNotification, SignatureFault, SignedHeader};
use wxpay_api::{
    BuildError, CertificateDownload, CertificateError, Client, Clients, ErrorKind,
    NotificationError, Outcome,
};

use crate::cancel;

const LIST: &str = "/v3/certificates";

/// A client that holds no WeChat Pay key.
fn client(sandbox: &Sandbox, download: CertificateDownload) -> Client {
    Client::builder(sandbox.merchant().clone())
        .apiv3_key(sandbox.apiv3_key())
        .base_url(sandbox.url())
        .download_certificates(download)
        .build()
        .unwrap()
}

async fn certificate_mode() -> Sandbox {
    Sandbox::builder().examples().certificate_mode().start().await.unwrap()
}

fn downloads(sandbox: &Sandbox) -> usize {
    sandbox.received().iter().filter(|request| request.target == LIST).count()
}

fn at_once() -> CertificateDownload {
    CertificateDownload::new().at_least_apart(Duration::ZERO)
}

#[tokio::test]
async fn the_first_call_downloads_the_certificates_and_the_next_does_not() {
    let sandbox = certificate_mode().await;
    let wx = client(&sandbox, CertificateDownload::new());
    assert!(wx.keys().is_empty());
    cancel(&wx).await.unwrap();
    cancel(&wx).await.unwrap();
    assert_eq!(downloads(&sandbox), 1);
    assert_eq!(wx.keys().ids().len(), 1);
}

#[tokio::test]
async fn one_download_serves_all_calls_that_wait_for_it() {
    let sandbox = certificate_mode().await;
    let wx = client(&sandbox, at_once());
    let calls: Vec<_> = (0..50).map(|_| tokio::spawn(cancel(&wx).into_future())).collect();
    for call in calls {
        call.await.unwrap().unwrap();
    }
    assert_eq!(downloads(&sandbox), 1);
}

#[tokio::test]
async fn calls_that_wait_share_the_failure_too() {
    let sandbox = certificate_mode().await;
    let wx = client(&sandbox, CertificateDownload::new());
    for _ in 0..2 {
        sandbox.inject_fault(Fault::CloseAfterReading);
    }
    let calls: Vec<_> = (0..20).map(|_| tokio::spawn(cancel(&wx).into_future())).collect();
    for call in calls {
        let error = call.await.unwrap().unwrap_err();
        assert_eq!(error.outcome(), Outcome::NotSent);
        let download = matches!(error.kind(), ErrorKind::Certificates(CertificateError::Call(_)));
        assert!(download, "{error}");
    }
    assert_eq!(downloads(&sandbox), 2, "the list, and its second attempt");
    cancel(&wx).await.unwrap();
}

#[tokio::test]
async fn certificates_are_renewed_by_age() {
    let sandbox = certificate_mode().await;
    let wx = client(&sandbox, at_once().refresh_after(Duration::from_millis(50)));
    cancel(&wx).await.unwrap();
    sandbox.rotate_platform_certificate(Duration::ZERO).unwrap();
    tokio::time::sleep(Duration::from_millis(60)).await;
    cancel(&wx).await.unwrap();
    assert_eq!(downloads(&sandbox), 2);
    assert_eq!(wx.keys().ids().len(), 2);
}

#[tokio::test]
async fn an_unknown_serial_renews_them_and_the_same_response_is_verified() {
    let sandbox = certificate_mode().await;
    let wx = client(&sandbox, at_once());
    cancel(&wx).await.unwrap();
    sandbox.rotate_platform_certificate(Duration::ZERO).unwrap();
    let reply = cancel(&wx).reply().await.unwrap();
    assert_eq!(reply.sent().attempts, 1, "the order was cancelled once, and not sent again");
    assert_eq!(downloads(&sandbox), 2);
}

#[tokio::test]
async fn a_notification_by_a_new_certificate_renews_them() {
    let sandbox = certificate_mode().await;
    let wx = client(&sandbox, at_once());
    let notification =
        || sandbox.notification(SandboxNotification::example("pay/transaction")).unwrap();
    let (headers, body) = notification();
    wx.notification(&headers, &body).await.unwrap();
    sandbox.rotate_platform_certificate(Duration::ZERO).unwrap();
    let (headers, body) = notification();
    wx.notification(&headers, &body).await.unwrap();
    assert_eq!(downloads(&sandbox), 2);
}

#[tokio::test]
async fn forged_serials_do_not_cause_downloads() {
    let sandbox = certificate_mode().await;
    let wx = client(&sandbox, CertificateDownload::new());
    cancel(&wx).await.unwrap();
    for _ in 0..5 {
        let notification =
            SandboxNotification::example("pay/transaction").fault(SignatureFault::UnknownSerial);
        let (headers, body) = sandbox.notification(notification).unwrap();
        let error = wx.notification(&headers, &body).await.unwrap_err();
        let unknown =
            matches!(error, NotificationError::Verification(VerificationError::UnknownKey { .. }));
        assert!(unknown, "{error}");
    }
    assert_eq!(downloads(&sandbox), 1);
}

#[tokio::test]
async fn the_old_certificates_serve_while_a_renewal_fails() {
    let sandbox = certificate_mode().await;
    let wx = client(&sandbox, at_once().refresh_after(Duration::ZERO));
    cancel(&wx).await.unwrap();
    for fault in [
        Fault::Unavailable { status: 500, retry_after: None },
        Fault::Html { status: 502, signed: false },
        Fault::Garbage { length: 100 },
        SignatureFault::OtherBody.into(),
        SignatureFault::Probe.into(),
        SignatureFault::UnknownSerial.into(),
        SignatureFault::Clock(400).into(),
    ] {
        sandbox.inject_fault(fault.clone());
        cancel(&wx).await.unwrap_or_else(|error| panic!("{fault:?}: {error}"));
    }
}

#[tokio::test]
async fn a_forged_list_is_never_taken() {
    for fault in [
        SignatureFault::OtherBody,
        SignatureFault::Probe,
        SignatureFault::UnknownSerial,
        SignatureFault::Clock(-400),
        SignatureFault::Without(SignedHeader::Signature),
    ] {
        let sandbox = certificate_mode().await;
        let wx = client(&sandbox, CertificateDownload::new());
        sandbox.inject_fault(fault.clone());
        let error = cancel(&wx).await.unwrap_err();
        let forged =
            matches!(error.kind(), ErrorKind::Certificates(CertificateError::Verification(_)));
        assert!(forged, "{fault:?}: {error}");
        assert_eq!(error.outcome(), Outcome::NotSent);
        assert!(wx.keys().is_empty());
        assert_eq!(sandbox.received().len(), 1, "nothing but the list was asked for");
    }
}

#[tokio::test]
async fn a_merchant_without_certificates_gets_that_error_and_asks_once() {
    let sandbox = Sandbox::builder().examples().public_key_mode().start().await.unwrap();
    let wx = client(&sandbox, CertificateDownload::new());
    for _ in 0..3 {
        let error = cancel(&wx).await.unwrap_err();
        assert!(error.to_string().contains("give it with its id PUB_KEY_ID_"), "{error}");
        assert_eq!(error.outcome(), Outcome::NotSent);
    }
    assert_eq!(downloads(&sandbox), 1);
}

#[tokio::test]
async fn a_probe_or_a_gateways_page_in_place_of_the_list_does_not_stop_the_next_call() {
    for fault in [
        Fault::from(SignatureFault::Probe),
        Fault::Html { status: 404, signed: false },
        Fault::Html { status: 403, signed: false },
    ] {
        let sandbox = certificate_mode().await;
        let wx = client(&sandbox, CertificateDownload::new());
        sandbox.inject_fault(fault.clone());
        assert_eq!(cancel(&wx).await.unwrap_err().outcome(), Outcome::NotSent);
        cancel(&wx).await.unwrap_or_else(|error| panic!("{fault:?}: {error}"));
    }
}

#[tokio::test]
async fn the_public_key_and_downloaded_certificates_work_side_by_side() {
    let sandbox = Sandbox::builder().examples().start().await.unwrap();
    let builder = sandbox.client_builder().download_certificates(CertificateDownload::new());
    let wx = builder.build().unwrap();
    let reply = cancel(&wx).reply().await.unwrap();
    assert_eq!(reply.sent().wechatpay_serial, sandbox.wechatpay_public_key().0);
    let notification = SandboxNotification::example("pay/transaction").by_certificate();
    let (headers, body) = sandbox.notification(notification).unwrap();
    wx.notification(&headers, &body).await.unwrap();
}

#[tokio::test]
async fn downloading_needs_the_apiv3_key() {
    let sandbox = certificate_mode().await;
    let builder = Client::builder(sandbox.merchant().clone());
    let error = builder.download_certificates(CertificateDownload::new()).build().unwrap_err();
    assert!(matches!(error, BuildError::NoApiV3Key), "{error}");
}

#[tokio::test]
async fn the_wrong_apiv3_key_is_named() {
    let sandbox = certificate_mode().await;
    let builder = Client::builder(sandbox.merchant().clone()).base_url(sandbox.url());
    let builder = builder.apiv3_key("0123456789abcdef0123456789abcdef");
    let wx = builder.download_certificates(CertificateDownload::new()).build().unwrap();
    let error = cancel(&wx).await.unwrap_err();
    assert!(error.to_string().contains("the APIv3 key does not decrypt it"), "{error}");
}

/// If the keys change between two attempts, the header names the key that encrypted the request.
#[tokio::test]
async fn a_retry_names_the_key_that_encrypted_it_and_not_the_newest() {
    let sandbox = certificate_mode().await;
    let old = sandbox.platform_certificate_pem();
    let wx = sandbox.client().unwrap();
    let busy = Fault::Unavailable { status: 500, retry_after: Some(1) };
    sandbox.inject_fault(busy);
    let guides = wx.v3().smartguide().guides();
    let call = guides.post(|r| {
        r.corpid("1234567890")
            .store_id(12345678)
            .userid("robert")
            .name("robert")
            .mobile("13900000000")
            .qr_code("https://open.work.weixin.qq.com/wwopen/userQRCode?vcode=xxx")
            .avatar("https://example.com/avatar.png")
    });
    let call = tokio::spawn(call.allow_retries(true).reply());
    while sandbox.received().is_empty() {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    sandbox.rotate_platform_certificate(Duration::ZERO).unwrap();
    let keys = Client::builder(sandbox.merchant().clone()).platform_certificate(old);
    wx.reload(keys.platform_certificate(sandbox.platform_certificate_pem())).unwrap();
    let newest = wx.keys().encryption_key(std::time::SystemTime::now()).unwrap().id().to_owned();
    let reply = call.await.unwrap().unwrap();
    let received = sandbox.received();
    assert_eq!((reply.sent().attempts, received.len()), (2, 2));
    assert_eq!(received[0].body, received[1].body);
    assert_eq!(received[0].headers["Wechatpay-Serial"], received[1].headers["Wechatpay-Serial"]);
    assert_ne!(received[1].headers["Wechatpay-Serial"], newest.as_str());
    assert_eq!(received[1].secret("mobile"), Some("13900000000"));
}

#[tokio::test]
async fn a_download_outlives_the_call_that_began_it() {
    let sandbox = certificate_mode().await;
    let wx = client(&sandbox, at_once());
    sandbox.inject_fault_at("GET", LIST, Fault::Delay(Duration::from_millis(300))).unwrap();
    timeout(Duration::from_millis(100), cancel(&wx).into_future()).await.unwrap_err();
    cancel(&wx).await.unwrap();
    assert_eq!(downloads(&sandbox), 1);
}

#[tokio::test]
async fn abandoned_forged_notifications_do_not_cause_downloads() {
    let sandbox = certificate_mode().await;
    let wx = client(&sandbox, CertificateDownload::new());
    for _ in 0..5 {
        sandbox.inject_fault_at("GET", LIST, Fault::Delay(Duration::from_millis(100))).unwrap();
        let notification =
            SandboxNotification::example("pay/transaction").fault(SignatureFault::UnknownSerial);
        let (headers, body) = sandbox.notification(notification).unwrap();
        // As if the sender closed the connection.
        let received = timeout(Duration::from_millis(50), wx.notification(&headers, &body)).await;
        assert!(!matches!(received, Ok(Ok(_))));
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert_eq!(downloads(&sandbox), 1);
}

#[tokio::test]
async fn a_renewal_that_hangs_fails_no_call() {
    let sandbox = certificate_mode().await;
    let wx = client(&sandbox, at_once().refresh_after(Duration::ZERO));
    cancel(&wx).await.unwrap();
    sandbox.inject_fault_at("GET", LIST, Fault::Delay(Duration::from_secs(10))).unwrap();
    for _ in 0..3 {
        cancel(&wx).deadline(Duration::from_secs(1)).await.unwrap();
    }
}

#[tokio::test]
async fn a_response_is_kept_when_its_certificate_does_not_come_in_time() {
    let sandbox = certificate_mode().await;
    let wx = client(&sandbox, at_once());
    cancel(&wx).await.unwrap();
    sandbox.rotate_platform_certificate(Duration::ZERO).unwrap();
    sandbox.inject_fault_at("GET", LIST, Fault::Delay(Duration::from_secs(2))).unwrap();
    let error = cancel(&wx).deadline(Duration::from_millis(500)).await.unwrap_err();
    assert_eq!((error.attempts(), error.outcome()), (1, Outcome::Unknown), "{error}");
    let unknown =
        matches!(error.kind(), ErrorKind::Verification(VerificationError::UnknownKey { .. }));
    assert!(unknown, "{error}");
    assert!(!error.received().unwrap().body.is_empty());
}

#[tokio::test]
async fn very_long_pauses_are_accepted() {
    let sandbox = Sandbox::builder().examples().public_key_mode().start().await.unwrap();
    let download = CertificateDownload::new();
    let wx = client(&sandbox, download.at_least_apart(Duration::MAX).refresh_after(Duration::MAX));
    for _ in 0..2 {
        assert_eq!(cancel(&wx).await.unwrap_err().outcome(), Outcome::NotSent);
    }
    assert_eq!(downloads(&sandbox), 1);
}

async fn receive(sandbox: &Sandbox, wx: &Client, fault: Option<SignatureFault>) -> bool {
    let notification = SandboxNotification::example("pay/transaction");
    let notification = fault.into_iter().fold(notification, SandboxNotification::fault);
    let (headers, body) = sandbox.notification(notification).unwrap();
    wx.notification(&headers, &body).await.is_ok()
}

/// Waits until there were so many downloads. Nothing else shows work in the background.
async fn downloaded(sandbox: &Sandbox, count: usize) {
    let done = async {
        while downloads(sandbox) < count {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    timeout(Duration::from_secs(5), done)
        .await
        .unwrap_or_else(|_| panic!("{}", downloads(sandbox)));
}

/// A service that only receives notifications holds a new certificate before WeChat Pay signs with
/// it.
#[tokio::test]
async fn notifications_alone_renew_certificates_by_age_without_waiting() {
    let sandbox = certificate_mode().await;
    let wx = client(&sandbox, at_once().refresh_after(Duration::from_millis(300)));
    assert!(receive(&sandbox, &wx, None).await);
    assert_eq!((downloads(&sandbox), wx.keys().ids().len()), (1, 1));
    let day = Duration::from_secs(86_400);
    let now = std::time::SystemTime::now();
    sandbox.issue_platform_certificate(now - day, now + 10 * day).unwrap();
    tokio::time::sleep(Duration::from_millis(350)).await;
    sandbox.inject_fault_at("GET", LIST, Fault::Delay(Duration::from_secs(1))).unwrap();
    let began = std::time::Instant::now();
    assert!(receive(&sandbox, &wx, None).await);
    assert!(began.elapsed() < Duration::from_millis(500), "the notification waited for a renewal");
    let renewed = async {
        while wx.keys().ids().len() < 2 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    timeout(Duration::from_secs(5), renewed).await.expect("the new certificate is held");
}

#[tokio::test]
async fn notifications_at_a_shared_url_renew_certificates_by_age_too() {
    let sandbox = certificate_mode().await;
    let wx = client(&sandbox, at_once().refresh_after(Duration::from_millis(100)));
    cancel(&wx).await.unwrap();
    let clients = Clients::new();
    clients.insert(wx.clone());
    tokio::time::sleep(Duration::from_millis(150)).await;
    let (headers, body) =
        sandbox.notification(SandboxNotification::example("pay/transaction")).unwrap();
    clients.notification(&headers, &body).await.unwrap();
    downloaded(&sandbox, 2).await;
}

/// Downloads for forged serials have their own pause.
#[tokio::test]
async fn forged_serials_do_not_delay_the_renewal_by_age() {
    let sandbox = certificate_mode().await;
    let pause = Duration::from_secs(1);
    let download = CertificateDownload::new().at_least_apart(pause);
    let wx = client(&sandbox, download.refresh_after(Duration::from_millis(1)));
    cancel(&wx).await.unwrap();
    tokio::time::sleep(pause + Duration::from_millis(100)).await;
    let busy = Fault::Unavailable { status: 500, retry_after: None };
    sandbox.inject_fault_at("GET", LIST, busy).unwrap();
    assert!(!receive(&sandbox, &wx, Some(SignatureFault::UnknownSerial)).await);
    // The attempt for the forged serial failed and started its own pause. The certificates are old,
    // so they are renewed at once.
    downloaded(&sandbox, 3).await;
    assert!(receive(&sandbox, &wx, None).await);
    for _ in 0..5 {
        assert!(!receive(&sandbox, &wx, Some(SignatureFault::UnknownSerial)).await);
    }
    assert_eq!(downloads(&sandbox), 3, "both pauses last");
}
