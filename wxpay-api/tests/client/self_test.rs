//! The self-test finds what is wrong, and explains it.

use wxpay_api::protocol::issuing::Identity;
use wxpay_api::sandbox::{Fault, PlannedResponse, Sandbox, SignatureFault, SignedHeader};
use wxpay_api::{CertificateDownload, CheckOutcome, Client, Merchant, Retries, SelfTest};

use crate::sandbox;

#[track_caller]
fn assert_outcome(report: &SelfTest, name: &str, outcome: CheckOutcome, words: &str) {
    let check = report.check(name).unwrap_or_else(|| panic!("no check {name}:\n{report}"));
    assert_eq!(check.outcome, outcome, "{report}");
    assert!(check.explanation.contains(words), "{report}");
}

#[tokio::test]
async fn a_correct_setup_passes() {
    let (sandbox, _) = sandbox().await;
    let builder = sandbox.client_builder().download_certificates(CertificateDownload::new());
    let report = builder.build().unwrap().self_test().await;
    assert!(report.is_ok(), "{report}");
    let names: Vec<_> = report.checks().iter().map(|check| check.name).collect();
    let all = ["signing", "verification", "clock", "encryption", "decryption", "APIv3 key"];
    assert_eq!(names, all);
    assert!(report.checks().iter().all(|check| check.outcome == CheckOutcome::Passed), "{report}");
}

#[tokio::test]
async fn without_certificates_the_apiv3_key_waits_for_a_notification() {
    let (_sandbox, wx) = sandbox().await;
    let report = wx.self_test().await;
    assert!(report.is_ok(), "{report}");
    assert_outcome(&report, "APIv3 key", CheckOutcome::Skipped, "only a notification can prove it");
    assert_outcome(
        &report,
        "APIv3 key",
        CheckOutcome::Skipped,
        "The first one that your server receives",
    );
}

#[tokio::test]
async fn another_merchants_key_is_detected() {
    let (sandbox, _) = sandbox().await;
    let identity = Identity::merchant("1230000109").unwrap();
    let (certificate, key) = (identity.certificate_pem(), identity.private_key_pem().unwrap());
    let merchant = Merchant::from_pem("1230000109", certificate, key).unwrap();
    let (id, pem) = sandbox.wechatpay_public_key();
    let builder = Client::builder(merchant).wechatpay_public_key(id, pem).base_url(sandbox.url());
    let report = builder.build().unwrap().self_test().await;
    let name = "signing and verification";
    assert_outcome(&report, name, CheckOutcome::Failed, "does not accept the signature");
    assert_outcome(&report, "encryption", CheckOutcome::Skipped, "signing has to work first");
}

#[tokio::test]
async fn a_wrong_wechat_pay_key_is_detected() {
    let (sandbox, _) = sandbox().await;
    let (id, _) = sandbox.wechatpay_public_key();
    let stranger = Identity::platform().unwrap();
    let builder = Client::builder(sandbox.merchant().clone());
    let builder = builder.wechatpay_public_key(id, stranger.public_key_pem());
    let wx = builder.base_url(sandbox.url()).retries(Retries::none()).build().unwrap();
    let report = wx.self_test().await;
    let name = "signing and verification";
    assert_outcome(&report, name, CheckOutcome::Failed, "do not belong together");
}

/// WeChat Pay may respond that it is busy if the merchant number and the certificate do not belong
/// together.
#[tokio::test]
async fn a_system_that_is_always_busy_suggests_a_wrong_merchant_number() {
    let (sandbox, _) = sandbox().await;
    let wx = sandbox.client_builder().retries(Retries::none()).build().unwrap();
    let response = PlannedResponse::error(500, "SYSTEM_ERROR", "系统繁忙，请稍后重试");
    sandbox.respond("POST", "/v3/security/echo", response).unwrap();
    let report = wx.self_test().await;
    let name = "signing and verification";
    assert_outcome(&report, name, CheckOutcome::Failed, "mchid 1230000109 and the certificate");
}

#[tokio::test]
async fn errors_of_clock_network_and_proxy_are_named() {
    let (sandbox, _) = sandbox().await;
    let wx = sandbox.client_builder().retries(Retries::none()).build().unwrap();
    sandbox.inject_fault(SignatureFault::Clock(-100));
    let report = wx.self_test().await;
    assert_outcome(&report, "clock", CheckOutcome::Warned, "s ahead of WeChat Pay's");
    assert!(report.is_ok() && report.to_string().contains("WARNING clock: "), "{report}");
    let name = "signing and verification";
    sandbox.inject_fault(SignatureFault::Clock(-400));
    let report = wx.self_test().await;
    assert_outcome(&report, "clock", CheckOutcome::Failed, "s ahead of WeChat Pay's");
    assert_outcome(&report, name, CheckOutcome::Failed, "clock");
    sandbox.inject_fault(SignatureFault::Without(SignedHeader::Signature));
    let report = wx.self_test().await;
    assert_outcome(&report, name, CheckOutcome::Failed, "a proxy in between strips headers");
    sandbox.inject_fault(Fault::Unavailable { status: 403, retry_after: None });
    let report = wx.self_test().await;
    assert_outcome(&report, name, CheckOutcome::Failed, "may not call this");
    let url = sandbox.url().to_owned();
    drop(sandbox);
    let stopped = Sandbox::builder().examples().start().await.unwrap();
    let wx = stopped.client_builder().base_url(url).retries(Retries::none()).build().unwrap();
    let report = wx.self_test().await;
    assert_outcome(&report, name, CheckOutcome::Failed, "cannot be reached");
}

#[tokio::test]
async fn a_merchant_with_the_public_key_alone_needs_no_certificates() {
    let sandbox = Sandbox::builder().examples().public_key_mode().start().await.unwrap();
    let builder = sandbox.client_builder().download_certificates(CertificateDownload::new());
    let report = builder.build().unwrap().self_test().await;
    assert!(report.is_ok(), "{report}");
    let advice = "do without `download_certificates`";
    assert_outcome(&report, "APIv3 key", CheckOutcome::Skipped, advice);
}
