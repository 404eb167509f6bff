//! Rejected applications: shown to people, and submitted again under the same number when somebody has corrected them.

use serde_json::json;

use super::{CODE, UPLOAD};
use crate::harness::{Harness, SUBMIT, form};

async fn rejected() -> Harness {
    let mut harness = Harness::with_an_application().await;
    harness.run_well().await;
    harness.at_wechat_pay(CODE).unwrap().event("reject").unwrap();
    let printed = harness.run_well().await;
    for text in ["id_card_copy", "身份证复印件", "身份证背面识别失败"] {
        assert!(printed.contains(text), "{printed}");
    }
    harness.assert_state("rejected").await;
    harness
}

#[tokio::test]
async fn only_another_form_or_picture_is_submitted_again() {
    let mut harness = rejected().await;
    for _ in 0..3 {
        harness.restart().unwrap();
        harness.run_well().await;
    }
    assert_eq!(harness.submissions(), 1);

    harness.photograph(CODE, "front.png", 2).unwrap();
    let printed = harness.run_well().await;
    harness.assert_state("auditing").await;
    assert!(!printed.contains("id_card_copy"), "{printed}");
    assert_eq!((harness.submissions(), harness.executions("POST", UPLOAD).unwrap()), (2, 10));

    // And once more, for another reason.
    let reason =
        json!({ "field": "store_name", "field_name": "门店名称", "reject_reason": "太短" });
    harness.at_wechat_pay(CODE).unwrap().event_with("reject", reason).unwrap();
    let printed = harness.run_well().await;
    assert!(printed.contains("门店名称") && printed.contains("太短"), "{printed}");
    let mut corrected = form();
    corrected["store"]["name"] = json!("某某茶馆总店");
    harness.write(CODE, "application", &corrected).unwrap();
    harness.run_well().await;
    let resources = harness.sandbox.resources("applyment4sub/applyment").unwrap();
    assert_eq!((harness.submissions(), resources.len()), (3, 1));
    harness.assert_silent();
}

#[tokio::test]
async fn what_went_wrong_at_wechat_pay_is_submitted_again() {
    let mut harness = Harness::with_an_application().await;
    harness.run_well().await;
    harness.at_wechat_pay(CODE).unwrap().event("break_off").unwrap();
    harness.run_well().await;
    harness.assert_state("editing").await;
    harness.run_well().await;
    harness.assert_state("auditing").await;
    // The same pictures need no upload.
    assert_eq!((harness.submissions(), harness.executions("POST", UPLOAD).unwrap()), (2, 5));
}

#[tokio::test]
async fn an_old_rejection_is_not_that_of_the_correction() {
    let mut harness = rejected().await;
    harness.photograph(CODE, "front.png", 2).unwrap();
    harness.lose_requests("POST", SUBMIT);
    let printed = harness.run_badly().await;
    assert!(printed.contains("the outcome is unknown"), "{printed}");
    harness.assert_state("submitting").await;
    // WeChat Pay still has the old application. The correction may be on its way.
    harness.run_well().await;
    harness.assert_state("submitting").await;
    assert_eq!(harness.submissions(), 1);
    harness.wait_long().await;
    harness.run_well().await;
    harness.assert_state("auditing").await;
    assert_eq!(harness.submissions(), 2);
}

#[tokio::test]
async fn a_correction_without_a_response_is_found() {
    let mut harness = rejected().await;
    harness.photograph(CODE, "front.png", 2).unwrap();
    harness.lose_responses("POST", SUBMIT).unwrap();
    harness.run_well().await;
    harness.assert_state("auditing").await;
    assert_eq!(harness.submissions(), 2);
}

#[tokio::test]
async fn a_correction_that_is_rejected_unseen_waits_for_a_person() {
    let mut harness = rejected().await;
    harness.photograph(CODE, "front.png", 2).unwrap();
    harness.lose_requests("POST", SUBMIT);
    harness.run_badly().await;
    // The request was slow, not lost: the auditors reject it before the program runs again.
    let reason =
        json!({ "field": "indoor_pic", "field_name": "内部照片", "reject_reason": "模糊" });
    let application = harness.at_wechat_pay(CODE).unwrap();
    harness.arrives_late().await;
    application.event_with("reject", reason).unwrap();
    harness.wait_long().await;
    let printed = harness.run_well().await;
    assert!(printed.contains("模糊"), "{printed}");
    harness.assert_state("rejected").await;
    harness.run_well().await;
    assert_eq!(harness.submissions(), 2);
}
