//! Applications that are submitted: once, complete, encrypted, and only if they are well-formed.

use std::fs;

use serde_json::json;
use wxpay_api::sandbox::{Fault, PlannedResponse};

use super::{CODE, QUERY, UPLOAD};
use crate::harness::{ATTEMPTS, Harness, SECRETS, SUBMIT, form};
use crate::store::Store;

#[tokio::test]
async fn an_application_is_followed_to_the_end() {
    let mut harness = Harness::with_an_application().await;
    harness.run_well().await;
    harness.assert_state("auditing").await;
    let received = harness.sandbox.received();
    let submitted = received.iter().find(|it| it.method == "POST" && it.target == SUBMIT).unwrap();
    let [owner, phone, email, id, account, _] = SECRETS;
    for (path, secret) in [
        ("contact_info.contact_name", owner),
        ("contact_info.mobile_phone", phone),
        ("contact_info.contact_email", email),
        ("subject_info.identity_info.id_card_info.id_card_number", id),
        ("bank_account_info.account_number", account),
    ] {
        assert_eq!(submitted.secret(path), Some(secret), "{path}");
    }

    for (event, state, next) in [
        ("ask_validation", "to_be_confirmed", "verifies its account: https://pay.weixin.qq.com/"),
        ("validate", "to_be_signed", "signs: https://pay.weixin.qq.com/"),
        ("sign", "signing", "opens the account"),
        ("open", "finished", ""),
    ] {
        harness.at_wechat_pay(CODE).unwrap().event(event).unwrap();
        let printed = harness.run_well().await;
        harness.assert_state(state).await;
        assert!(printed.contains(next), "{printed}");
    }
    // What is finished costs no request.
    let requests = harness.sandbox.received().len();
    let printed = harness.run_well().await;
    assert_eq!(harness.sandbox.received().len(), requests);
    let object = harness.at_wechat_pay(CODE).unwrap().object().unwrap();
    assert!(printed.contains(object["sub_mchid"].as_str().unwrap()), "{printed}");
    assert_eq!((harness.submissions(), harness.executions("POST", UPLOAD).unwrap()), (1, 5));
    harness.assert_silent();
}

#[tokio::test]
async fn an_application_that_nobody_signs_is_void() {
    let mut harness = Harness::with_an_application().await;
    harness.run_well().await;
    harness.at_wechat_pay(CODE).unwrap().event("approve").unwrap();
    harness.run_well().await;
    harness.sandbox.advance(std::time::Duration::from_secs(31 * 24 * 60 * 60));
    assert!(harness.run_well().await.contains("void: apply again in a new folder"));
    harness.assert_state("canceled").await;
    harness.run_well().await;
    assert_eq!(harness.submissions(), 1);
}

#[tokio::test]
async fn a_bad_form_is_not_sent_and_not_shown() {
    let mut harness = Harness::with_an_application().await;
    harness.prepare("zebra_bar_2").unwrap();
    let number = 440524188001010014_u64;
    let mut wrong = form();
    wrong["legal_person"]["id_card_number"] = json!(number);
    harness.write(CODE, "application", &wrong).unwrap();
    let printed = harness.run_badly().await;
    assert!(printed.contains("application.json: a value has the wrong kind"), "{printed}");
    assert!(printed.contains(" line "), "{printed}");

    let mut incomplete = form();
    incomplete["contact"].as_object_mut().unwrap().remove("email");
    harness.write(CODE, "application", &incomplete).unwrap();
    assert!(harness.run_badly().await.contains("missing field `email`"));

    // Bad pictures are found before anything is sent.
    harness.write(CODE, "application", &form()).unwrap();
    let picture = harness.folder(CODE).join("indoor.png");
    fs::write(&picture, vec![0; (2 << 20) + 1]).unwrap();
    assert!(harness.run_badly().await.contains("indoor.png: a picture may have 2 MB"));
    fs::remove_file(&picture).unwrap();
    assert!(harness.run_badly().await.contains("indoor.png cannot be read"));
    let mut elsewhere = form();
    elsewhere["store"]["indoor_picture"] = json!("../zebra_bar_2/indoor.png");
    harness.write(CODE, "application", &elsewhere).unwrap();
    assert!(harness.run_badly().await.contains("in its own folder"));

    // The other one went its way, and nothing of this one was sent.
    assert_eq!(harness.state("zebra_bar_2").await.unwrap(), "auditing");
    harness.assert_state("").await;
    assert_eq!((harness.submissions(), harness.executions("POST", UPLOAD).unwrap()), (1, 5));
    harness.photograph(CODE, "indoor.png", 1).unwrap();
    harness.write(CODE, "application", &form()).unwrap();
    harness.run_well().await;
    harness.assert_state("auditing").await;
    harness.assert_silent();
}

#[tokio::test]
async fn what_the_client_refuses_holds_up_nobody_else() {
    let mut harness = Harness::with_an_application().await;
    harness.prepare("wrong_picture").unwrap();
    harness.prepare("zebra_bar_2").unwrap();
    let mut emoji = form();
    emoji["store"]["name"] = json!("某某茶馆🍵");
    harness.write(CODE, "application", &emoji).unwrap();
    fs::write(harness.folder("wrong_picture").join("indoor.png"), b"\xff\xd8\xff\xe0 jpeg")
        .unwrap();
    let printed = harness.run_badly().await;
    assert!(
        printed.contains("biz_store_name") && printed.contains("! wrong_picture:"),
        "{printed}"
    );
    harness.assert_state("refused").await;
    assert_eq!(harness.state("zebra_bar_2").await.unwrap(), "auditing");
    assert_eq!(harness.sent(), 1);

    harness.write(CODE, "application", &form()).unwrap();
    harness.photograph("wrong_picture", "indoor.png", 2).unwrap();
    harness.run_well().await;
    assert_eq!((harness.sent(), harness.submissions()), (3, 3));
}

#[tokio::test]
async fn a_refused_submission_waits_for_a_person() {
    let mut harness = Harness::with_an_application().await;
    let refusal = PlannedResponse::error(400, "PARAM_ERROR", "所属行业与结算规则不匹配");
    harness.sandbox.respond("POST", SUBMIT, refusal).unwrap();
    let printed = harness.run_well().await;
    harness.assert_state("refused").await;
    assert!(printed.contains("所属行业与结算规则不匹配"), "{printed}");
    let requests = harness.sandbox.received().len();
    harness.run_well().await;
    assert_eq!(harness.sandbox.received().len(), requests);

    let mut corrected = form();
    corrected["qualification_type"] = json!("食品");
    harness.write(CODE, "application", &corrected).unwrap();
    assert!(!harness.run_well().await.contains("所属行业"));
    harness.assert_state("auditing").await;
    assert_eq!(harness.submissions(), 1);
    harness.assert_silent();
}

#[tokio::test]
async fn a_busy_wechat_pay_is_left_alone() {
    let mut harness = Harness::with_an_application().await;
    harness.prepare("zebra_bar_2").unwrap();
    for _ in 0..ATTEMPTS {
        let busy = Fault::Unavailable { status: 429, retry_after: None };
        harness.sandbox.inject_fault_at("POST", SUBMIT, busy).unwrap();
    }
    let printed = harness.run_badly().await;
    assert!(printed.contains("the others wait for the next run"), "{printed}");
    assert_eq!(harness.state("zebra_bar_2").await.unwrap(), "");
    assert_eq!(harness.submissions(), 0);
    harness.wait_long().await;
    harness.run_well().await;
    harness.assert_state("auditing").await;
    assert_eq!(harness.submissions(), 2);
}

#[tokio::test]
async fn a_new_store_asks_before_it_submits() {
    let mut harness = Harness::with_an_application().await;
    harness.run_well().await;
    for state in ["auditing", "rejected"] {
        harness.provider.store = Store::open(&harness.store_file().with_extension(state)).unwrap();
        harness.run_well().await;
        harness.assert_state(state).await;
        if state == "auditing" {
            harness.at_wechat_pay(CODE).unwrap().event("reject").unwrap();
        }
    }
    // What is rejected waits for a correction, whoever submitted it.
    harness.run_well().await;
    harness.assert_state("rejected").await;
    assert_eq!(harness.sent(), 1);
    assert_eq!(harness.executions("GET", QUERY).unwrap(), 2);
}
