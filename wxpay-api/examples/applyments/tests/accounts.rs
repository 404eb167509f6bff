//! Changes of settlement accounts: sent once, followed, and called unknown where nobody knows.

use serde_json::json;
use wxpay_api::sandbox::{Fault, PlannedResponse};

use super::CODE;
use crate::commands::Command;
use crate::harness::{CHANGE, Harness, other_account};
use crate::provider::Failure;
use crate::settlement::fits;

const APPLICATION: &str = "/v3/apply4sub/sub_merchants/{sub_mchid}/application/{application_no}";
const SETTLEMENT: &str = "/v3/apply4sub/sub_merchants/{sub_mchid}/settlement";

impl Harness {
    /// A program with a merchant, and a new account for it.
    async fn with_a_merchant() -> Self {
        let mut harness = Self::with_an_application().await;
        harness.finish().await;
        harness.write(CODE, "account_2", &other_account()).unwrap();
        harness
    }

    async fn change(&mut self, name: &str) -> Result<(bool, String), Failure> {
        let (business_code, name) = (CODE.to_owned(), name.to_owned());
        self.command(Command::Account { business_code, name }).await
    }

    fn plan_audit(&self, result: &str, reason: &str) {
        let response = PlannedResponse::json(json!({
            "account_name": "欧*",
            "account_type": "ACCOUNT_TYPE_PRIVATE",
            "account_bank": "工商银行",
            "account_number": "62***************78",
            "verify_result": result,
            "verify_fail_reason": reason,
        }));
        self.sandbox.respond("GET", APPLICATION, response).unwrap();
    }

    fn plan_account(&self, masked: &str) {
        let response = PlannedResponse::json(json!({
            "account_type": "ACCOUNT_TYPE_PRIVATE",
            "account_bank": "工商银行",
            "account_number": masked,
            "verify_result": "VERIFY_SUCCESS",
        }));
        self.sandbox.respond("GET", SETTLEMENT, response).unwrap();
    }
}

#[tokio::test]
async fn a_change_is_followed_to_its_end() {
    let mut harness = Harness::with_a_merchant().await;
    assert!(harness.change("account_2").await.unwrap().1.contains("being audited"));
    harness.plan_audit("AUDITING", "");
    assert!(harness.change("account_2").await.unwrap().1.contains("being audited"));
    harness.plan_audit("AUDIT_SUCCESS", "");
    assert!(harness.change("account_2").await.unwrap().1.contains("accepted"));
    let requests = harness.sandbox.received().len();
    assert!(harness.change("account_2").await.unwrap().0);
    assert_eq!(harness.sandbox.received().len(), requests);
    assert_eq!(harness.executions("POST", CHANGE).unwrap(), 1);
    let received = harness.sandbox.received();
    let sent = received.iter().find(|it| it.target.ends_with("modify-settlement")).unwrap();
    assert_eq!(sent.secret("account_number"), Some("6222020000000005678"));
    harness.assert_silent();
}

#[tokio::test]
async fn a_rejected_change_is_corrected_under_another_name() {
    let mut harness = Harness::with_a_merchant().await;
    harness.change("account_2").await.unwrap();
    harness.plan_audit("AUDIT_FAIL", "银行卡户名或卡号有误");
    let (is_well, printed) = harness.change("account_2").await.unwrap();
    assert!(!is_well && printed.contains("refused: 银行卡户名或卡号有误"), "{printed}");
    harness.write(CODE, "account_3", &other_account()).unwrap();
    harness.change("account_2").await.unwrap();
    harness.change("account_3").await.unwrap();
    assert_eq!(harness.executions("POST", CHANGE).unwrap(), 2);
}

#[tokio::test]
async fn a_change_without_a_response_is_never_sent_again() {
    let mut harness = Harness::with_a_merchant().await;
    harness.sandbox.inject_fault_at("POST", CHANGE, Fault::CloseAfterReading).unwrap();
    let unknown = harness.change("account_2").await.unwrap_err();
    assert!(matches!(unknown, Failure::Unknown { .. }), "{unknown}");
    harness.restart().unwrap();
    harness.plan_account("62***************34");
    let (is_well, printed) = harness.change("account_2").await.unwrap();
    assert!(!is_well && printed.contains("is unknown"), "{printed}");
    // The account itself tells that the change was made.
    harness.plan_account("62***************78");
    let (is_well, printed) = harness.change("account_2").await.unwrap();
    assert!(is_well && printed.contains("accepted"), "{printed}");
    assert_eq!(harness.executions("POST", CHANGE).unwrap(), 1);
    harness.assert_silent();
}

#[tokio::test]
async fn a_change_that_was_not_accepted_may_be_sent_again() {
    let mut harness = Harness::with_a_merchant().await;
    let refusal = PlannedResponse::error(400, "PARAM_ERROR", "开户银行不支持");
    harness.sandbox.respond("POST", CHANGE, refusal).unwrap();
    let refused = harness.change("account_2").await.unwrap_err();
    assert!(refused.line().contains("开户银行不支持"), "{refused}");
    assert!(harness.change("account_2").await.unwrap().1.contains("being audited"));
    assert_eq!(harness.executions("POST", CHANGE).unwrap(), 1);
}

#[tokio::test]
async fn only_a_finished_merchant_has_an_account() {
    let mut harness = Harness::with_an_application().await;
    harness.write(CODE, "account_2", &other_account()).unwrap();
    let none = harness.change("account_2").await.unwrap_err();
    assert!(matches!(none, Failure::NoSuchApplication(_)), "{none}");
    harness.run_well().await;
    let none = harness.change("account_2").await.unwrap_err();
    assert_eq!(none.to_string(), format!("{CODE} has no merchant number yet: it is auditing"));
    assert_eq!(harness.executions("POST", CHANGE).unwrap(), 0);
}

#[test]
fn a_masked_number_fits_only_numbers_with_what_it_shows() {
    assert!(fits("62*************78", "62000000000000078"));
    assert!(fits("6222", "6222"));
    for (masked, number) in [
        ("62*************78", "62000000000000079"),
        ("62*************78", "61000000000000078"),
        ("62*************78", "6200000000000078"),
        ("****", "6222"),
        ("", ""),
    ] {
        assert!(!fits(masked, number), "{masked} {number}");
    }
}
