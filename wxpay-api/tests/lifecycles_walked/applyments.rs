//! `applyment4sub/applyment` and `apply4subject/applyment`: a partner applies for its merchants.

use std::time::Duration;

use serde_json::{Value, json};
use wxpay_api::Call;
use wxpay_api::v3::apply4subject::applyment::post as subject;
use wxpay_api::v3::applyment4sub::applyment::post as submit;

use crate::support::served::{DAY, World, assert_impossible, ok, refused};

const LIFECYCLE: &str = "applyment4sub/applyment";
const SUBJECT: &str = "apply4subject/applyment";
const APPLYMENTS: &str = "/v3/applyment4sub/applyment";
const SUBJECTS: &str = "/v3/apply4subject/applyment";
const SUBMITTED: &str = "400 INVALID_REQUEST 申请单处理中或已完成，不能重复提交";
const UNKNOWN: &str = "404 RESOURCE_NOT_EXISTS 申请单不存在";

fn state(name: &str) -> String {
    format!("APPLYMENT_STATE_{name}")
}

fn apply(world: &World, code: &str, name: &str) -> Call<submit::Operation> {
    world.wx.v3().applyment4sub().applyment().post(|r| {
        r.business_code(code)
            .contact_info(|c| {
                c.contact_type("LEGAL")
                    .contact_name("张三")
                    .mobile_phone("13900000000")
                    .contact_email("zhangsan@example.com")
            })
            .subject_info(|s| {
                s.subject_type("SUBJECT_TYPE_ENTERPRISE")
                    .identity_info(|i| i.id_doc_type("IDENTIFICATION_TYPE_IDCARD"))
            })
            .business_info(|b| {
                b.merchant_shortname(name)
                    .service_phone("0755-86010000")
                    .sales_info(|s| s.sales_scenes_type(["SALES_SCENES_STORE"]))
            })
            .settlement_info(|s| s.settlement_id("719"))
            .bank_account_info(|b| {
                b.bank_account_type("BANK_ACCOUNT_TYPE_CORPORATE")
                    .account_name("某某公司")
                    .account_bank("工商银行")
                    .bank_address_code("110000")
            })
    })
}

async fn query(world: &World, code: &str) -> Value {
    world.get(&format!("{APPLYMENTS}/business_code/{code}")).await
}

#[tokio::test]
async fn an_application_is_audited_validated_and_signed() {
    let world = World::start().await;
    let made = ok(apply(&world, "code-1", "某某店")).await;
    let id = made["applyment_id"].as_i64().unwrap();
    let applyments = world.wx.v3().applyment4sub().applyment();
    let auditing = ok(applyments.business_code().business_code("code-1").get()).await;
    assert_eq!(auditing["applyment_state"], state("AUDITING"));
    assert_eq!(auditing["applyment_state_msg"], "审核中");
    assert_eq!(ok(applyments.applyment_id().applyment_id(id.to_string()).get()).await, auditing);
    for member in ["sign_url", "sub_mchid", "audit_detail"] {
        assert!(auditing.get(member).is_none(), "{member}");
    }
    let resource = world.resource(LIFECYCLE, "code-1");
    for event in ["validate", "sign", "open"] {
        assert_impossible(&resource, event);
    }
    refused(apply(&world, "code-1", "某某店"), SUBMITTED).await;

    resource.event("ask_validation").unwrap();
    let confirming = query(&world, "code-1").await;
    assert_eq!(confirming["applyment_state"], state("TO_BE_CONFIRMED"));
    assert!(confirming["sign_url"].as_str().unwrap().starts_with("https://pay.weixin.qq.com/"));
    assert!(confirming.get("sub_mchid").is_none());
    refused(apply(&world, "code-1", "某某店"), SUBMITTED).await;
    resource.event("validate").unwrap();
    let signing = query(&world, "code-1").await;
    assert_eq!(signing["applyment_state"], state("TO_BE_SIGNED"));
    assert!(signing["sign_url"].is_string());
    refused(apply(&world, "code-1", "某某店"), SUBMITTED).await;
    resource.event("sign").unwrap();
    let opening = query(&world, "code-1").await;
    assert_eq!(opening["applyment_state"], state("SIGNING"));
    assert!(opening.get("sign_url").is_none());
    refused(apply(&world, "code-1", "某某店"), SUBMITTED).await;
    world.sandbox.advance(Duration::from_secs(30 * 60));
    let finished = query(&world, "code-1").await;
    assert_eq!(finished["applyment_state"], state("FINISHED"));
    assert_eq!(finished["sub_mchid"], signing["sub_mchid"]);
    refused(apply(&world, "code-1", "某某店"), SUBMITTED).await;
    assert_eq!(resource.possible_events().unwrap(), [""; 0]);
    world.assert_quiet().await;
}

#[tokio::test]
async fn a_rejected_application_is_submitted_again() {
    let world = World::start().await;
    let made = ok(apply(&world, "code-1", "某某店")).await;
    let resource = world.resource(LIFECYCLE, "code-1");
    resource.event("reject").unwrap();
    let rejected = query(&world, "code-1").await;
    assert_eq!(rejected["applyment_state"], state("REJECTED"));
    assert_eq!(rejected["audit_detail"][0]["field"], "id_card_copy");
    let again = ok(apply(&world, "code-1", "别的店")).await;
    assert_eq!(again, made);
    assert_eq!(resource.object().unwrap()["business_info"]["merchant_shortname"], "别的店");
    assert!(query(&world, "code-1").await.get("audit_detail").is_none());

    resource.event("break_off").unwrap();
    assert_eq!(query(&world, "code-1").await["applyment_state"], state("EDITTING"));
    ok(apply(&world, "code-1", "别的店")).await;
    resource.event("approve").unwrap().event("sign").unwrap().event("open").unwrap();
    assert_eq!(resource.state().unwrap(), state("FINISHED"));
}

#[tokio::test]
async fn applications_expire() {
    let world = World::start().await;
    for (code, event) in [("code-1", "ask_validation"), ("code-2", "approve")] {
        ok(apply(&world, code, "某某店")).await;
        world.resource(LIFECYCLE, code).event(event).unwrap();
    }
    world.sandbox.advance(DAY * 10);
    let rejected = query(&world, "code-1").await;
    assert_eq!(rejected["applyment_state"], state("REJECTED"));
    assert_eq!(rejected["audit_detail"][0]["reject_reason"], "超过10天未完成账户验证");
    assert_eq!(query(&world, "code-2").await["applyment_state"], state("TO_BE_SIGNED"));
    world.sandbox.advance(DAY * 20);
    let canceled = query(&world, "code-2").await;
    assert_eq!(canceled["applyment_state"], state("CANCELED"));
    assert!(canceled.get("sub_mchid").is_none());
    refused(apply(&world, "code-2", "某某店"), SUBMITTED).await;
}

#[tokio::test]
async fn an_unknown_application() {
    let world = World::start().await;
    world.refused_get(&format!("{APPLYMENTS}/business_code/nobody"), UNKNOWN).await;
    world.refused_get(&format!("{APPLYMENTS}/applyment_id/2000002124775691"), UNKNOWN).await;
    world.switch(LIFECYCLE, "not_exist", "400 PARAM_ERROR");
    let refusal = "400 PARAM_ERROR 申请单不存在";
    world.refused_get(&format!("{APPLYMENTS}/business_code/nobody"), refusal).await;
}

fn apply_for_subject(world: &World, code: &str) -> Call<subject::Operation> {
    world.wx.v3().apply4subject().applyment().post(|r| {
        r.business_code(code)
            .contact_info(|c| c.contact_type("LEGAL").name("张三").mobile("13900000000"))
            .subject_info(|s| s.subject_type("SUBJECT_TYPE_ENTERPRISE"))
            .identification_info(|i| {
                i.identification_type("IDENTIFICATION_TYPE_IDCARD").identification_name("张三")
            })
    })
}

#[tokio::test]
async fn a_subject_is_confirmed() {
    let world = World::start().await;
    let made = ok(apply_for_subject(&world, "code-1")).await;
    let resource = world.resource(SUBJECT, "code-1");
    let state_of = async || {
        let path = format!("{SUBJECTS}?business_code=code-1");
        world.get(&path).await["applyment_state"].clone()
    };
    for (event, reached) in [
        ("approve", "WAITTING_FOR_CONFIRM_CONTACT"),
        ("confirm_contact", "WAITTING_FOR_CONFIRM_LEGALPERSON"),
        ("confirm_legal_person", "PASSED"),
        ("freeze", "FREEZED"),
    ] {
        resource.event(event).unwrap();
        assert_eq!(state_of().await, state(reached));
        let refusal = "400 INVALID_REQUEST 申请单已存在，请撤销后重新提交";
        refused(apply_for_subject(&world, "code-1"), refusal).await;
    }
    let by_id = format!("{SUBJECTS}?applyment_id={}", made["applyment_id"]);
    assert_eq!(world.get(&by_id).await["applyment_state"], state("FREEZED"));
    let nobody = format!("{SUBJECTS}?business_code=nobody");
    for (choice, missing) in [
        ("404 RESOURCE_NOT_EXISTS", "404 RESOURCE_NOT_EXISTS 申请单不存在"),
        ("400 PARAM_ERROR", "400 PARAM_ERROR 申请单不存在"),
    ] {
        world.switch(SUBJECT, "not_exist", choice);
        world.refused_get(SUBJECTS, missing).await;
        world.refused_get(&nobody, missing).await;
    }
}

#[tokio::test]
async fn a_subject_is_cancelled_and_submitted_anew() {
    let world = World::start().await;
    let cancel = async |number: &str| {
        let reply = world.wx.post(format!("{SUBJECTS}/{number}/cancel"), None).await;
        reply.map(|_| ()).map_err(|error| error.api().unwrap().message.clone())
    };
    assert_eq!(cancel("nobody").await, Err("申请单不存在".to_owned()));
    for (code, events) in [
        ("code-1", &[][..]),
        ("code-2", &["break_off"]),
        ("code-3", &["approve"]),
        ("code-4", &["approve", "confirm_contact"]),
        ("code-5", &["reject"]),
    ] {
        let made = ok(apply_for_subject(&world, code)).await;
        let resource = world.resource(SUBJECT, code);
        for event in events {
            resource.event(event).unwrap();
        }
        cancel(code).await.unwrap();
        cancel(&made["applyment_id"].to_string()).await.unwrap();
        assert_eq!(resource.state().unwrap(), state("CANCELED"));
        ok(apply_for_subject(&world, code)).await;
        assert_eq!(resource.state().unwrap(), state("WAITTING_FOR_AUDIT"));
        let id = resource.object().unwrap()["applyment_id"].clone();
        assert_ne!(id.as_str(), made["applyment_id"].as_str());
    }
    world.resource(SUBJECT, "code-1").event("reject").unwrap();
    let rejected = world.get(&format!("{SUBJECTS}?business_code=code-1")).await;
    assert_eq!(rejected["reject_param"], json!("merchant_name"));
    let resource = world.resource(SUBJECT, "code-2");
    resource.event("approve").unwrap().event("confirm_contact").unwrap();
    resource.event("confirm_legal_person").unwrap();
    assert_eq!(cancel("code-2").await, Err("申请单状态不支持撤销".to_owned()));
    for rule in ["cancel", "cancel_by_business_code"] {
        let switch = format!("{rule}.APPLYMENT_STATE_PASSED");
        world.switch(SUBJECT, &switch, "APPLYMENT_STATE_CANCELED");
    }
    cancel("code-2").await.unwrap();
    for rule in ["cancel", "cancel_by_business_code"] {
        let switch = format!("{rule}.APPLYMENT_STATE_CANCELED");
        world.switch(SUBJECT, &switch, "refuse not_cancellable");
    }
    assert_eq!(cancel("code-2").await, Err("申请单状态不支持撤销".to_owned()));
}
