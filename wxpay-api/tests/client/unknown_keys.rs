//! A key that is not held, as calls, notifications, downloads of certificates and the self-test report it
//! (docs/protocol/keys.md §3.4).

use std::error::Error;

use wxpay_api::protocol::DownloadFailure;
use wxpay_api::sandbox::{Fault, Sandbox, SandboxNotification, SignatureFault};
use wxpay_api::{
    CertificateDownload, CertificateError, CheckOutcome, Client, ClientBuilder, Clients, ErrorKind,
    NotificationError, Outcome, Retries, UnknownKeySituation,
};

use crate::cancel;

const LIST: &str = "/v3/certificates";

/// A client that holds the public key alone.
fn public_key(sandbox: &Sandbox) -> ClientBuilder {
    sandbox.client_builder().retries(Retries::none())
}

/// A client that holds the certificate alone.
fn certificate(sandbox: &Sandbox) -> ClientBuilder {
    Client::builder(sandbox.merchant().clone())
        .apiv3_key(sandbox.apiv3_key())
        .base_url(sandbox.url())
        .platform_certificate(sandbox.platform_certificate_pem())
        .retries(Retries::none())
}

type Case = (fn(&Sandbox) -> ClientBuilder, SignatureFault, UnknownKeySituation, &'static str);

/// The held key, the signer, the situation, and what to do.
const CASES: [Case; 4] = [
    (
        public_key,
        SignatureFault::OtherKey,
        UnknownKeySituation::SwitchNotStarted,
        "start the switch to the public key (开启公钥切换)",
    ),
    (
        certificate,
        SignatureFault::OtherKey,
        UnknownKeySituation::PublicKeyMissing,
        "downloading certificates cannot help",
    ),
    (
        public_key,
        SignatureFault::UnknownSerial,
        UnknownKeySituation::OtherPublicKey,
        "its id is mistyped",
    ),
    (
        certificate,
        SignatureFault::UnknownSerial,
        UnknownKeySituation::OtherCertificate,
        "download them anew",
    ),
];

/// The texts of a chain of errors.
fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text += &format!(": {cause}");
        source = cause.source();
    }
    text
}

/// Why the download behind an error failed.
fn download_failure<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a CertificateError> {
    let mut source = Some(error);
    while let Some(cause) = source {
        if let Some(failure) = cause.downcast_ref::<DownloadFailure>() {
            return failure.get_ref().downcast_ref();
        }
        source = cause.source();
    }
    None
}

#[tokio::test]
async fn a_response_by_a_key_that_is_not_held_says_what_to_do_by_situation() {
    let sandbox = Sandbox::builder().examples().start().await.unwrap();
    for (builder, fault, situation, advice) in CASES {
        let wx = builder(&sandbox).build().unwrap();
        sandbox.inject_fault(fault);
        let error = cancel(&wx).await.unwrap_err();
        let ErrorKind::Verification(why) = error.kind() else { panic!("{error}") };
        assert_eq!(why.situation(), Some(situation));
        assert!(chain(&error).contains(advice), "{}", chain(&error));
        assert_eq!(error.outcome(), Outcome::Unknown);
    }
}

#[tokio::test]
async fn a_notification_by_a_key_that_is_not_held_says_what_to_do_by_situation() {
    let sandbox = Sandbox::builder().examples().start().await.unwrap();
    for (builder, fault, situation, advice) in CASES {
        let wx = builder(&sandbox).build().unwrap();
        let notification = SandboxNotification::example("pay/transaction");
        let notification = match (situation, fault) {
            (UnknownKeySituation::SwitchNotStarted, _) => notification.by_certificate(),
            (UnknownKeySituation::PublicKeyMissing, _) => notification,
            (UnknownKeySituation::OtherCertificate, fault) => {
                notification.by_certificate().fault(fault)
            }
            (_, fault) => notification.fault(fault),
        };
        let (headers, body) = sandbox.notification(notification).unwrap();
        let error = wx.notification(&headers, &body).await.unwrap_err();
        assert_eq!(error.situation(), Some(situation), "{error}");
        assert!(chain(&error).contains(advice), "{}", chain(&error));
        assert!(download_failure(&error).is_none());
    }
}

#[tokio::test]
async fn the_self_test_says_what_to_do_by_situation() {
    let sandbox = Sandbox::builder().examples().start().await.unwrap();
    for (builder, fault, _, advice) in CASES {
        let wx = builder(&sandbox).build().unwrap();
        sandbox.inject_fault(fault);
        let report = wx.self_test().await;
        let check = report.check("signing and verification").unwrap();
        assert_eq!(check.outcome, CheckOutcome::Failed, "{report}");
        assert!(check.explanation.contains(advice), "{report}");
    }
}

/// Before the switch, certificates sign, whichever key the request names. Here their download
/// failed, too.
#[tokio::test]
async fn the_reason_why_a_download_behind_a_notification_failed_is_kept() {
    let sandbox = Sandbox::builder().examples().start().await.unwrap();
    let wx = public_key(&sandbox).download_certificates(CertificateDownload::new());
    let wx = wx.build().unwrap();
    let notification = || {
        sandbox
            .notification(SandboxNotification::example("pay/transaction").by_certificate())
            .unwrap()
    };
    // One for the unknown serial, one for the renewal by age, which has a pause of its own.
    for _ in 0..4 {
        let fault = Fault::Unavailable { status: 500, retry_after: None };
        sandbox.inject_fault_at("GET", LIST, fault).unwrap();
    }
    // The second one meets the pause after the first one's download.
    for _ in 0..2 {
        let (headers, body) = notification();
        let error = wx.notification(&headers, &body).await.unwrap_err();
        assert_eq!(error.situation(), Some(UnknownKeySituation::SwitchNotStarted));
        let failure = download_failure(&error).expect("the reason of the download");
        assert!(matches!(failure, CertificateError::Call(_)), "{failure}");
        assert!(chain(&error).contains("500"), "{}", chain(&error));
    }
    let clients = Clients::new();
    clients.insert(wx);
    let (headers, body) = notification();
    let error = clients.notification(&headers, &body).await.unwrap_err();
    assert!(matches!(error, NotificationError::NoMerchant { .. }), "{error}");
    assert_eq!(error.situation(), Some(UnknownKeySituation::SwitchNotStarted));
    assert!(download_failure(&error).is_some(), "{}", chain(&error));
    assert!(error.to_string().contains("start the switch"), "{error}");
}

#[tokio::test]
async fn the_reason_why_a_download_behind_a_response_failed_is_kept() {
    let sandbox = Sandbox::builder().examples().start().await.unwrap();
    let wx = public_key(&sandbox).download_certificates(CertificateDownload::new());
    let wx = wx.build().unwrap();
    sandbox.inject_fault_at("GET", LIST, Fault::Html { status: 502, signed: false }).unwrap();
    sandbox
        .inject_fault_at(
            "POST",
            "/v3/payscore/serviceorder/order-1/cancel",
            SignatureFault::OtherKey,
        )
        .unwrap();
    let error = cancel(&wx).await.unwrap_err();
    assert!(download_failure(&error).is_some(), "{}", chain(&error));
    sandbox.inject_fault_at("POST", "/v3/security/echo", SignatureFault::OtherKey).unwrap();
    let report = wx.self_test().await.to_string();
    assert!(report.contains("start the switch") && report.contains("502"), "{report}");
}

#[tokio::test]
async fn a_list_of_certificates_by_a_key_that_is_not_held_says_what_to_do() {
    for (fault, advice) in [
        (SignatureFault::OtherKey, "downloading certificates cannot help"),
        (SignatureFault::UnknownSerial, "the list does not have the certificate that signed it"),
    ] {
        let sandbox = Sandbox::builder().examples().certificate_mode().start().await.unwrap();
        let builder = || {
            Client::builder(sandbox.merchant().clone())
                .apiv3_key(sandbox.apiv3_key())
                .base_url(sandbox.url())
                .download_certificates(CertificateDownload::new())
        };
        let wx = builder().build().unwrap();
        sandbox.inject_fault_at("GET", LIST, fault.clone()).unwrap();
        let error = cancel(&wx).await.unwrap_err();
        let verified =
            matches!(error.kind(), ErrorKind::Certificates(CertificateError::Verification(_)));
        assert!(verified && chain(&error).contains(advice), "{fault:?}: {}", chain(&error));
        let wx = builder().build().unwrap();
        sandbox.inject_fault_at("GET", LIST, fault).unwrap();
        let report = wx.self_test().await.to_string();
        assert!(report.contains(advice), "{report}");
    }
}
