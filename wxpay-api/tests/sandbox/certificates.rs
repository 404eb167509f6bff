//! Platform certificates: the list, a rotation, a withdrawal.

use std::time::{Duration, Instant, SystemTime};

use wxpay_api::protocol::{
    ApiV3Key, Certificate, Scheme, SignedHeaders, platform_certificates, verify,
};
use wxpay_api::sandbox::{Account, KeyMode, PlannedResponse, Sandbox, SandboxError};
use wxpay_api::{CertificateDownload, CertificateError, Client, ErrorKind, Retries};

use crate::support::{Forgery, builder, certificate, start};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);
const LIST: &str = "/v3/certificates";

async fn list(sandbox: &Sandbox) -> Vec<Certificate> {
    let got = Forgery::get(LIST).send(sandbox).await;
    let key = ApiV3Key::new(sandbox.apiv3_key()).unwrap();
    platform_certificates::decrypt(Scheme::Rsa, &got.body, &key).unwrap()
}

fn serials(certificates: &[Certificate]) -> Vec<String> {
    certificates.iter().map(|certificate| certificate.serial().to_string()).collect()
}

/// The id of the key that signs the response to a request that names this certificate.
async fn signer(sandbox: &Sandbox, named: &str) -> String {
    let got = Forgery::get("/v3/orders/1").header("Wechatpay-Serial", named).send(sandbox).await;
    assert_eq!(got.status, 200, "{}", got.text());
    SignedHeaders::read(Scheme::Rsa, &got.headers).unwrap().key_id().to_owned()
}

/// A client that has only the keys it downloads.
fn downloading(sandbox: &Sandbox) -> Client {
    let download = CertificateDownload::new().at_least_apart(Duration::ZERO);
    Client::builder(sandbox.merchant().clone())
        .apiv3_key(sandbox.apiv3_key())
        .base_url(sandbox.url())
        .retries(Retries::none())
        .download_certificates(download)
        .build()
        .unwrap()
}

#[tokio::test]
async fn a_certificate_is_issued_signs_later_and_is_withdrawn() {
    let sandbox = start().await;
    let now = SystemTime::now();
    let old = certificate(&sandbox).ids().remove(0);
    let new = sandbox.issue_platform_certificate(now - DAY, now + 1825 * DAY).unwrap();
    assert_eq!(serials(&list(&sandbox).await), [old.clone(), new.clone()]);
    assert_eq!(signer(&sandbox, &old).await, old);
    assert_eq!(signer(&sandbox, &new).await, old, "the new one is listed and does not sign yet");
    sandbox.sign_by_certificate(&new).unwrap();
    assert_eq!(signer(&sandbox, &old).await, new);
    sandbox.sign_by_certificate(&old).unwrap();
    assert_eq!(signer(&sandbox, &new).await, old, "they take turns");
    sandbox.withdraw_platform_certificate(&old).unwrap();
    assert_eq!(serials(&list(&sandbox).await), std::slice::from_ref(&new));
    assert_eq!(signer(&sandbox, &new).await, new);
    let got = Forgery::get("/v3/orders/1").header("Wechatpay-Serial", &old).send(&sandbox).await;
    assert_eq!(got.status, 400);
    for gone in [&old, "5157F09EFDC096DE15EBE81A47057A7232F1B8E1"] {
        let error = sandbox.sign_by_certificate(gone).unwrap_err();
        assert!(matches!(error, SandboxError::UnknownCertificate { .. }), "{error}");
        sandbox.withdraw_platform_certificate(gone).unwrap_err();
    }
}

#[tokio::test]
async fn a_rotation_lists_the_new_certificate_before_it_signs() {
    let sandbox = start().await;
    let old = certificate(&sandbox).ids().remove(0);
    let pause = Duration::from_millis(1500);
    let new = sandbox.rotate_platform_certificate(pause).unwrap();
    let begin = Instant::now();
    let listed = list(&sandbox).await;
    assert_eq!(serials(&listed), [old.clone(), new.clone()]);
    assert!(listed.iter().all(|certificate| certificate.is_valid_at(SystemTime::now())));
    let early = signer(&sandbox, &old).await;
    assert!(begin.elapsed() < pause, "the machine is too slow for this test");
    assert_eq!((early, certificate(&sandbox).ids()), (old.clone(), vec![old.clone()]));
    tokio::time::sleep(pause).await;
    assert_eq!(signer(&sandbox, &old).await, new);
    assert_eq!(certificate(&sandbox).ids(), [new]);
}

#[tokio::test]
async fn a_rotation_has_two_steps() {
    let sandbox = start().await;
    let old = certificate(&sandbox).ids().remove(0);
    sandbox.rotate_platform_certificate(Account::ROTATION_PAUSE).unwrap();
    let next = sandbox.announce_platform_certificate().unwrap();
    assert_eq!(list(&sandbox).await.len(), 3);
    assert_eq!(signer(&sandbox, &old).await, old);
    sandbox.sign_by_certificate(&next).unwrap();
    assert_eq!(signer(&sandbox, &old).await, next);
    assert!(Account::ROTATION_PAUSE >= DAY);
    sandbox.rotate_platform_certificate(Duration::MAX).unwrap();
    assert_eq!(signer(&sandbox, &old).await, next);
}

#[tokio::test]
async fn two_rotations_follow_each_other() {
    let sandbox = start().await;
    let first = sandbox.rotate_platform_certificate(Duration::ZERO).unwrap();
    let second = sandbox.rotate_platform_certificate(Account::ROTATION_PAUSE).unwrap();
    assert_eq!(signer(&sandbox, &second).await, first);
}

#[tokio::test]
async fn a_client_that_verifies_downloads_follows_a_rotation() {
    let sandbox = start().await;
    sandbox.set_key_mode(KeyMode::Certificates);
    let new = sandbox.rotate_platform_certificate(Account::ROTATION_PAUSE).unwrap();
    // The list with the new certificate is signed by the old one, which such a client has.
    let got = Forgery::get(LIST).without("Wechatpay-Serial").send(&sandbox).await;
    verify(Scheme::Rsa, &certificate(&sandbox), &got.headers, &got.body, SystemTime::now())
        .unwrap();
    let key = ApiV3Key::new(sandbox.apiv3_key()).unwrap();
    let listed = platform_certificates::decrypt(Scheme::Rsa, &got.body, &key).unwrap();
    assert!(serials(&listed).contains(&new));
}

#[tokio::test]
async fn an_expired_certificate_is_listed_with_its_times() {
    let sandbox = start().await;
    let now = SystemTime::now();
    let expired = sandbox.issue_platform_certificate(now - 2 * DAY, now - DAY).unwrap();
    let listed = list(&sandbox).await;
    assert_eq!(listed[1].serial().as_str(), expired);
    assert!(!listed[1].is_valid_at(now));
    let body = Forgery::get(LIST).send(&sandbox).await.json();
    let time = |index: usize, name: &str| body["data"][index][name].as_str().unwrap();
    assert!(time(1, "effective_time") < time(1, "expire_time"));
    assert!(time(1, "expire_time") < time(0, "expire_time"));
}

#[tokio::test]
async fn a_list_under_another_apiv3_key_does_not_decrypt() {
    let sandbox = start().await;
    sandbox.reset_apiv3_key("0123456789abcdefghijABCDEFGHIJ01").unwrap();
    let wx = downloading(&sandbox);
    let error = wx.get("/v3/orders/1").await.unwrap_err();
    let ErrorKind::Certificates(CertificateError::Content(_)) = error.kind() else {
        panic!("{error}")
    };
}

#[tokio::test]
async fn a_merchant_without_certificates_is_refused_in_two_ways() {
    let sandbox = builder().public_key_mode().start().await.unwrap();
    sandbox
        .respond("GET", LIST, PlannedResponse::error(403, "NO_AUTH", "no platform certificate"))
        .unwrap();
    sandbox
        .respond(
            "GET",
            LIST,
            PlannedResponse::error(404, "RESOURCE_NOT_EXISTS", "use the public key"),
        )
        .unwrap();
    for _ in 0..2 {
        let wx = downloading(&sandbox);
        let error = wx.get("/v3/orders/1").await.unwrap_err();
        let ErrorKind::Certificates(CertificateError::PublicKeyMode { .. }) = error.kind() else {
            panic!("{error}")
        };
    }
    assert_eq!(sandbox.executions("GET", LIST).unwrap(), 0);
}

#[tokio::test]
async fn downloads_are_counted() {
    let sandbox = start().await;
    sandbox.set_key_mode(KeyMode::Certificates);
    let wx = downloading(&sandbox);
    for _ in 0..3 {
        wx.get("/v3/orders/1").await.unwrap();
    }
    assert_eq!(sandbox.executions("GET", LIST).unwrap(), 1);
    sandbox.rotate_platform_certificate(Duration::ZERO).unwrap();
    wx.get("/v3/orders/1").await.unwrap();
    assert_eq!(sandbox.executions("GET", LIST).unwrap(), 2);
}

#[tokio::test]
async fn overseas_merchants_have_their_own_paths_for_lists() {
    let sandbox = start().await;
    sandbox.set_key_mode(KeyMode::Certificates);
    for path in ["/v3/global/certificates", "/hk/v3/certificates"] {
        let got = Forgery::get(path).without("Wechatpay-Serial").send(&sandbox).await;
        let key = ApiV3Key::new(sandbox.apiv3_key()).unwrap();
        let listed = platform_certificates::decrypt(Scheme::Rsa, &got.body, &key).unwrap();
        assert_eq!(serials(&listed), certificate(&sandbox).ids());
        assert_eq!(sandbox.executions("GET", path).unwrap(), 1);
    }
}
