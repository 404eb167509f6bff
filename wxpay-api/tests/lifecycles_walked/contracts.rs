//! `papay/contract`, `papay/insurance-contract` and `papay/deduction`.

use serde_json::{Value, json};
use wxpay_api::sandbox::SandboxResource;
use wxpay_api::v3::papay::types::ContractState;

use crate::support::{APPID, OPENID, SUB_MCHID, World, with, without};

const JSAPI: &str = "/v3/papay/scheduled-deduct-sign/contracts/pre-entrust-sign/jsapi";
const APPLY: &str = "/v3/papay/pay/transactions/apply";
const DAY: u64 = 86_400;

fn query(code: &str) -> String {
    format!("/v3/papay/sign/contracts/plan-id/12535/out-contract-code/{code}")
}

fn terminate(code: &str) -> String {
    format!("{}/terminate", query(code))
}

impl World {
    fn contract(&self, code: &str) -> Value {
        json!({
            "appid": APPID, "openid": OPENID, "plan_id": 12535, "out_contract_code": code,
            "contract_display_account": "张三", "contract_notify_url": self.notify_url(),
        })
    }

    fn partner_contract(&self, code: &str) -> Value {
        json!({
            "sp_appid": APPID, "sp_openid": OPENID, "sub_mchid": SUB_MCHID, "plan_id": 12535,
            "out_contract_code": code, "contract_display_account": "张三",
            "contract_notify_url": self.notify_url(),
        })
    }

    fn schedule(&self) -> Value {
        json!({
            "estimated_deduct_date": self.day_after(1),
            "estimated_deduct_amount": { "total": 100, "currency": "CNY" },
            "description": "会员月费",
        })
    }

    /// Presigns at a URL, lets the user sign, and returns the contract and its id.
    async fn signed(&self, target: &str, body: Value) -> (SandboxResource, String) {
        let code = body["out_contract_code"].as_str().unwrap().to_owned();
        self.post(target, body).await;
        let contract = self.order(&code);
        contract.event("sign").unwrap();
        let id = contract.object().unwrap()["contract_id"].as_str().unwrap().to_owned();
        (contract, id)
    }

    fn deduction(&self, number: &str, contract_id: &str) -> Value {
        json!({
            "appid": APPID, "out_trade_no": number, "description": "会员月费",
            "transaction_notify_url": self.notify_url(), "contract_id": contract_id,
            "amount": { "total": 100, "currency": "CNY" },
        })
    }
}

#[tokio::test]
async fn a_contract_is_signed_and_terminated() {
    let world = World::start().await;
    let reason = json!({ "contract_termination_remark": "不再需要" });
    let missing = "404 RESOURCE_NOT_EXISTS";
    assert_eq!(world.refused_get(query("member-1")).await, missing);
    assert_eq!(world.refused(terminate("member-1"), reason.clone()).await, missing);
    let body = world.contract("member-1");
    let first = world.post(JSAPI, body.clone()).await;
    let second = world.post(JSAPI, body.clone()).await;
    assert_ne!(first["redirect_url"], second["redirect_url"]);
    let other = with(body.clone(), "contract_display_account", "李四");
    assert_eq!(world.refused(JSAPI, other).await, "400 INVALID_REQUEST");
    assert_eq!(world.refused_get(query("member-1")).await, missing);
    assert_eq!(world.refused(terminate("member-1"), reason.clone()).await, missing);
    let contract = world.order("member-1");
    assert!(contract.event("terminate").is_err());
    contract.event("sign").unwrap();
    world.assert_sent(&[("ENTRUST.SIGN", "member-1")]);

    let typed = world.wx.v3().papay().sign().contracts().plan_id().plan_id("12535");
    let signed = typed.out_contract_code().out_contract_code("member-1").get().await.unwrap();
    assert_eq!(signed.contract_state, ContractState::Signed);
    let signed = world.get(query("member-1")).await;
    assert_eq!(signed["openid"], OPENID);
    assert_eq!(signed["mchid"], world.mchid());
    assert!(signed["contract_signed_time"].is_string());
    assert_eq!(world.refused(JSAPI, body.clone()).await, "400 INVALID_REQUEST");
    let other_plan = query("member-1").replace("12535", "12536");
    assert_eq!(world.refused_get(other_plan.clone()).await, missing);
    let other_plan = format!("{other_plan}/terminate");
    assert_eq!(world.refused(other_plan, reason.clone()).await, missing);
    let harmony = query("member-1").replace("plan-id", "harmony-plan-id");
    assert_eq!(world.get(harmony).await["contract_state"], "SIGNED");

    let ended = world.post(terminate("member-1"), reason.clone()).await;
    assert_eq!(ended["contract_state"], "TERMINATED");
    let how = &ended["contract_terminate_info"];
    assert_eq!(how["contract_termination_mode"], "MCH_API_TERMINATE");
    assert_eq!(how["contract_termination_remark"], "不再需要");
    world.advance(60);
    let again = json!({ "contract_termination_remark": "再次" });
    assert_eq!(world.post(terminate("member-1"), again.clone()).await, ended);
    world.assert_sent(&[("ENTRUST.SIGN", "member-1"), ("ENTRUST.TERMINATE", "member-1")]);
    world.switch("papay/contract", "terminate.TERMINATED", "refuse not_signed");
    assert_eq!(world.refused(terminate("member-1"), again).await, "400 INVALID_REQUEST");
    assert_eq!(world.refused(JSAPI, body).await, "400 INVALID_REQUEST");
}

#[tokio::test]
async fn every_way_to_sign_leads_to_a_contract() {
    let world = World::start().await;
    let device = json!({
        "device_type": "DEVICE_TYPE_PHONE", "device_os": "iOS", "device_id": "1",
        "device_running_as_root": false, "device_ip": "14.23.150.211", "weixin_installed": true,
        "weixin_version": "8.0", "days_since_first_login": "DAYS_SINCE_FIRST_LOGIN_WITHIN_1_DAY",
    });
    let body = with(world.contract("device"), "device_info", device);
    let body = with(with(body, "out_user_code", "用户A"), "sign_scene", "SIGN_SCENE_APP");
    world.signed("/v3/papay/sign/contracts/pre-entrust-sign", body).await;
    for way in ["app", "h5", "jsapi", "mini-program"] {
        let direct = JSAPI.replace("jsapi", way);
        world.signed(&direct, world.contract(&format!("direct-{way}"))).await;
        let partner = direct.replace("/contracts/", "/partner/contracts/");
        let code = format!("partner-{way}");
        let (contract, _) = world.signed(&partner, world.partner_contract(&code)).await;
        let base = query(&code).replace("/contracts/", "/partner/contracts/");
        let signed = world.get(format!("{base}?sub_mchid={SUB_MCHID}")).await;
        assert_eq!(signed["sp_mchid"], world.mchid());
        assert_eq!(signed["sp_openid"], OPENID);
        let other = world.refused_get(format!("{base}?sub_mchid=1900000110")).await;
        assert_eq!(other, "404 RESOURCE_NOT_EXISTS");
        let body = json!({ "sub_mchid": "1900000110", "contract_termination_remark": "不再需要" });
        let target = format!("{base}/terminate");
        let refused = world.refused(&target, body.clone()).await;
        assert_eq!(refused, "404 RESOURCE_NOT_EXISTS");
        world.post(target, with(body, "sub_mchid", SUB_MCHID)).await;
        assert_eq!(contract.state().unwrap(), "TERMINATED");
    }
}

#[tokio::test]
async fn a_user_ends_a_contract() {
    let world = World::start().await;
    let (contract, id) = world.signed(JSAPI, world.contract("member-1")).await;
    let notice = json!({ "mchid": world.mchid(), "appid": APPID });
    let amount = with(notice.clone(), "estimated_amount", json!({ "amount": 100 }));
    let base = format!("/v3/papay/contracts/{id}");
    world.post(format!("{base}/notify"), amount).await;
    world.post(format!("{base}/fail-notify"), notice.clone()).await;
    let unknown = world.refused("/v3/papay/contracts/9/fail-notify", notice.clone()).await;
    assert_eq!(unknown, "404 RESOURCE_NOT_EXISTS");
    contract.event("terminate").unwrap();
    let ended = world.get(query("member-1")).await;
    let how = &ended["contract_terminate_info"]["contract_termination_mode"];
    assert_eq!(how, "USER_TERMINATE");
    let refused = world.refused(format!("{base}/fail-notify"), notice).await;
    assert_eq!(refused, "400 INVALID_REQUEST");
    let refused = world.refused(APPLY, world.deduction("month-1", &id)).await;
    assert_eq!(refused, "400 INVALID_REQUEST");
    world.assert_sent(&[("ENTRUST.SIGN", "member-1"), ("ENTRUST.TERMINATE", "member-1")]);
}

#[tokio::test]
async fn a_deduction_is_accepted_and_carried_out() {
    let world = World::start().await;
    let (contract, id) = world.signed(JSAPI, world.contract("member-1")).await;
    let body = world.deduction("month-1", &id);
    let accepted = world.post(APPLY, body.clone()).await;
    assert_eq!(accepted["out_trade_no"], "month-1");
    assert_eq!(accepted["amount"], json!({ "total": 100, "currency": "CNY" }));
    world.post(APPLY, body.clone()).await;
    let other = with(body.clone(), "amount.total", 101);
    assert_eq!(world.refused(APPLY, other).await, "400 INVALID_REQUEST");
    let waiting = world.query("month-1").await;
    assert_eq!(waiting["trade_state"], "ACCEPT");
    assert!(waiting.get("transaction_id").is_none());
    world.order("month-1").event("deduct").unwrap();
    let paid = world.query("month-1").await;
    assert_eq!(paid["trade_state"], "SUCCESS");
    assert_eq!(paid["trade_type"], "PAP");
    assert_eq!(paid["payer"]["openid"], OPENID);
    world.assert_sent(&[("ENTRUST.SIGN", "member-1"), ("TRANSACTION.SUCCESS", "month-1")]);
    assert_eq!(contract.state().unwrap(), "SIGNED");
    let transaction = paid["transaction_id"].as_str().unwrap();
    let by_id = format!("/v3/pay/transactions/id/{transaction}?mchid={}", world.mchid());
    assert_eq!(world.get(by_id).await, paid);
    let other = "/v3/pay/partner/transactions/out-trade-no/month-1";
    let other = format!("{other}?sp_mchid={}&sub_mchid={SUB_MCHID}", world.mchid());
    assert_eq!(world.refused_get(other).await, "404 ORDER_NOT_EXIST");

    let refunds = "/v3/refund/domestic/refunds";
    world.post(refunds, world.refund("month-1", "back-1", 30)).await;
    assert_eq!(world.query("month-1").await["trade_state"], "REFUND");
    world.post(refunds, world.refund("month-1", "back-2", 70)).await;
    world.resource("refund/refund", "back-2").event("close").unwrap();
    assert_eq!(world.query("month-1").await["trade_state"], "REFUND");
}

#[tokio::test]
async fn a_deduction_fails() {
    let world = World::start().await;
    let (_, id) = world.signed(JSAPI, world.contract("member-1")).await;
    let body = world.deduction("month-1", &id);
    world.post(APPLY, body.clone()).await;
    world.order("month-1").event("fail").unwrap();
    assert_eq!(world.query("month-1").await["trade_state"], "PAY_FAIL");
    world.assert_sent(&[("ENTRUST.SIGN", "member-1"), ("TRANSACTION.FAIL", "month-1")]);
    world.post(APPLY, body.clone()).await;
    assert_eq!(world.query("month-1").await["trade_state"], "PAY_FAIL");
    world.switch("papay/deduction", "apply.PAY_FAIL", "ACCEPT");
    world.post(APPLY, body).await;
    assert_eq!(world.query("month-1").await["trade_state"], "ACCEPT");
    world.order("month-1").event("deduct").unwrap();
}

#[tokio::test]
async fn a_scheduled_contract_is_deducted_once() {
    let world = World::start().await;
    let body = world.contract("member-1");
    let (plain, plain_id) = world.signed(JSAPI, body).await;
    let body = with(world.contract("member-2"), "deduct_schedule", world.schedule());
    let (contract, id) = world.signed(JSAPI, body).await;
    let schedule = |id: &str| format!("/v3/papay/pay/schedules/contract-id/{id}/schedule");
    let state = |id: &str| format!("/v3/papay/pay/schedules/contract-id/{id}");
    let amount = json!({ "appid": APPID, "schedule_amount": { "total": 100 } });
    let missing = "404 RESOURCE_NOT_EXISTS";
    assert_eq!(world.refused(schedule("9"), amount.clone()).await, missing);
    assert_eq!(world.refused_get(state("9")).await, missing);
    let refused = "400 INVALID_REQUEST";
    assert_eq!(world.refused(schedule(&plain_id), amount.clone()).await, refused);
    assert_eq!(world.get(state(&plain_id)).await["schedule_state"], "NO_SCHEDULED");
    assert_eq!(world.get(state(&id)).await["schedule_state"], "NO_SCHEDULED");
    let deduction = world.deduction("month-1", &id);
    assert_eq!(world.refused(APPLY, deduction.clone()).await, refused);
    let other = with(amount.clone(), "schedule_amount.total", 99);
    assert_eq!(world.refused(schedule(&id), other).await, refused);
    let day = world.day_after(1);
    let scheduled = world.post(schedule(&id), amount.clone()).await;
    assert_eq!(scheduled["schedule_state"], "SCHEDULED");
    assert_eq!(scheduled["deduct_start_date"], day);
    assert_eq!(scheduled["scheduled_amount"], json!({ "total": 100, "currency": "CNY" }));
    assert_eq!(world.refused(schedule(&id), amount.clone()).await, refused);
    // The day of the deduction has not come.
    assert_eq!(world.refused(APPLY, deduction.clone()).await, refused);
    world.advance(DAY);
    let other = with(deduction.clone(), "amount.total", 99);
    assert_eq!(world.refused(APPLY, other).await, refused);
    world.post(APPLY, deduction).await;
    world.order("month-1").event("fail").unwrap();
    world.post(APPLY, world.deduction("month-2", &id)).await;
    world.order("month-2").event("deduct").unwrap();
    let paid = world.get(state(&id)).await;
    assert_eq!(paid["schedule_state"], "PAID");
    assert_eq!(paid["deduct_date"], day);
    assert_eq!(paid["deduct_amount"]["total"], 100);
    assert_eq!(contract.state().unwrap(), "TERMINATED");
    assert_eq!(plain.state().unwrap(), "SIGNED");
    let ended = world.get(query("member-2")).await;
    let how = &ended["contract_terminate_info"]["contract_termination_mode"];
    assert_eq!(how, "SYSTEM_TERMINATE");
    let last = contract.notifications();
    assert_eq!(last.last().unwrap().event_type, "ENTRUST.TERMINATE");
    assert_eq!(world.refused(schedule(&id), amount).await, refused);
}

#[tokio::test]
async fn a_missed_day_ends_the_contract() {
    let world = World::start().await;
    let body = with(world.contract("member-1"), "deduct_schedule", world.schedule());
    let (contract, id) = world.signed(JSAPI, body).await;
    world.advance(DAY);
    let amount = json!({ "appid": APPID, "schedule_amount": { "total": 100 } });
    let target = format!("/v3/papay/pay/schedules/contract-id/{id}/schedule");
    assert_eq!(world.refused(target, amount).await, "400 INVALID_REQUEST");
    world.advance(2 * DAY);
    assert_eq!(contract.state().unwrap(), "TERMINATED");
    let state = world.get(format!("/v3/papay/pay/schedules/contract-id/{id}")).await;
    assert_eq!(state["schedule_state"], "EXPIRED");

    let body = with(world.contract("member-2"), "deduct_schedule", world.schedule());
    let (contract, _) = world.signed(JSAPI, body).await;
    contract.event("miss").unwrap();
    assert_eq!(contract.state().unwrap(), "TERMINATED");
}

#[tokio::test]
async fn a_partner_schedules_and_deducts() {
    let world = World::start().await;
    let target = JSAPI.replace("/contracts/", "/partner/contracts/");
    let body = with(world.partner_contract("member-1"), "deduct_schedule", world.schedule());
    let (_, id) = world.signed(&target, body).await;
    let base = format!("/v3/papay/pay/partner/schedules/contract-id/{id}");
    let amount =
        json!({ "sp_appid": APPID, "sub_mchid": SUB_MCHID, "schedule_amount": { "total": 100 } });
    let other = with(amount.clone(), "sub_mchid", "1900000110");
    let missing = "404 RESOURCE_NOT_EXISTS";
    assert_eq!(world.refused(format!("{base}/schedule"), other).await, missing);
    world.post(format!("{base}/schedule"), amount).await;
    assert_eq!(world.refused_get(format!("{base}?sub_mchid=1900000110")).await, missing);
    let scheduled = world.get(format!("{base}?sub_mchid={SUB_MCHID}")).await;
    assert_eq!(scheduled["schedule_state"], "SCHEDULED");
    let notice = json!({ "sp_mchid": world.mchid(), "sp_appid": APPID, "sub_mchid": SUB_MCHID });
    world.post(format!("/v3/partner-papay/contracts/{id}/fail-notify"), notice.clone()).await;
    let amount = with(notice, "estimated_amount", json!({ "amount": 100 }));
    world.post(format!("/v3/partner-papay/contracts/{id}/notify"), amount).await;

    world.advance(DAY);
    let deduction = without(world.deduction("month-1", &id), "appid");
    let deduction = with(with(deduction, "sp_appid", APPID), "sub_mchid", SUB_MCHID);
    let apply = "/v3/papay/pay/partner/transactions/apply";
    let other = with(deduction.clone(), "sub_mchid", "1900000110");
    assert_eq!(world.refused(apply, other).await, "400 INVALID_REQUEST");
    world.post(apply, deduction).await;
    world.order("month-1").event("deduct").unwrap();
    let path = "/v3/pay/partner/transactions/out-trade-no/month-1";
    let paid = world.get(format!("{path}?sp_mchid={}&sub_mchid={SUB_MCHID}", world.mchid())).await;
    assert_eq!(paid["trade_state"], "SUCCESS");
    assert_eq!(paid["payer"]["sp_openid"], OPENID);
    let sent = world.sandbox.sent_notifications();
    let sent: Vec<_> = sent.iter().map(|one| one.event_type.as_str()).collect();
    assert!(sent.contains(&"TRANSACTION.SUCCESS"), "{sent:?}");
}

#[tokio::test]
async fn insurance_is_renewed_by_contract() {
    let world = World::start().await;
    let base = "/v3/papay/insurance-sign/contracts";
    for way in ["app", "h5", "jsapi", "mini-program"] {
        let code = format!("policy-{way}");
        let body = json!({
            "appid": APPID, "plan_id": 12535, "out_contract_code": code,
            "insured_display_name": "*明", "contract_notify_url": world.notify_url(),
            "policy_start_date": world.day_after(1), "policy_end_date": world.day_after(365),
            "policy_periods": [{
                "policy_period_id": 1, "estimated_deduct_date": world.day_after(30),
                "estimated_deduct_amount": { "total": 100 },
            }],
        });
        let target = format!("{base}/pre-entrust-sign/{way}");
        let query = format!("{base}/plan-id/12535/out-contract-code/{code}");
        let end = format!("{query}/terminate");
        let reason = json!({ "contract_termination_remark": "不再需要" });
        let missing = "404 RESOURCE_NOT_EXISTS";
        assert_eq!(world.refused_get(&query).await, missing);
        assert_eq!(world.refused(&end, reason.clone()).await, missing);
        world.post(&target, body.clone()).await;
        let other = with(body.clone(), "insured_display_name", "*红");
        assert_eq!(world.refused(&target, other).await, "400 INVALID_REQUEST");
        assert_eq!(world.refused_get(&query).await, missing);
        assert_eq!(world.refused(&end, reason.clone()).await, missing);
        let (contract, id) = world.signed(&target, body.clone()).await;
        let refused = "400 INVALID_REQUEST";
        assert_eq!(world.refused(&target, body).await, refused);
        assert_eq!(world.get(&query).await["contract_state"], "SIGNED");
        assert_eq!(world.refused_get(query.replace("12535", "9")).await, missing);
        let number = format!("premium-{way}");
        let premium = with(world.deduction(&number, &id), "policy_period_id", 1);
        world.post("/v3/papay/insurance-pay/transactions/apply", premium).await;
        world.order(&number).event("deduct").unwrap();
        assert_eq!(contract.state().unwrap(), "SIGNED");
        if way == "app" {
            contract.event("terminate").unwrap();
        } else {
            let ended = world.post(&end, reason.clone()).await;
            assert_eq!(ended["contract_state"], "TERMINATED");
            assert_eq!(world.post(&end, reason.clone()).await, ended);
        }
        let sent = contract.notifications();
        let sent: Vec<_> = sent.iter().map(|one| one.event_type.as_str()).collect();
        assert_eq!(sent, ["INSURANCE_ENTRUST.SIGN", "INSURANCE_ENTRUST.TERMINATE"]);
    }
    let end = format!("{base}/plan-id/12535/out-contract-code/policy-h5/terminate");
    let reason = json!({ "contract_termination_remark": "不再需要" });
    world.switch("papay/insurance-contract", "terminate.TERMINATED", "refuse not_signed");
    assert_eq!(world.refused(end, reason).await, "400 INVALID_REQUEST");
}
