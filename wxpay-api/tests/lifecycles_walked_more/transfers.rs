//! `fund-app/transfer-bill` and `fund-app/authorization`: transfers that users confirm, or have authorised before.

use std::time::Duration;

use serde_json::{Value, json};
use wxpay_api::v3::fund_app::types::{Authorization, TransferBill};

use crate::support::{APPID, MCHID, OPENID, World, assert_impossible, content, ok, with, without};

const LIFECYCLE: &str = "fund-app/transfer-bill";
const AUTHORIZATION: &str = "fund-app/authorization";
const BILLS: &str = "/v3/fund-app/mch-transfer/transfer-bills";
const AUTHORIZATIONS: &str = "/v3/fund-app/mch-transfer/user-confirm-authorization";
const FINISHED: &str = "MCHTRANSFER.BILL.FINISHED";
const WRONG_NUMBER: &str = "400 INVALID_REQUEST 单号错误,请检查";

fn bill(world: &World, number: &str) -> Value {
    json!({
        "appid": APPID,
        "out_bill_no": number,
        "openid": OPENID,
        "transfer_amount": 100,
        "transfer_remark": "报销",
        "notify_url": world.url,
        "transfer_scene_id": "1000",
        "transfer_scene_report_infos": [
            { "info_type": "活动名称", "info_content": "新会员有礼" },
            { "info_type": "奖励说明", "info_content": "注册会员抽奖一等奖" },
        ],
    })
}

fn query(number: &str) -> String {
    format!("{BILLS}/out-bill-no/{number}")
}

async fn cancel(world: &World, number: &str) -> Value {
    world.wx.post(format!("{}/cancel", query(number)), None).await.unwrap()
}

async fn cancel_refused(world: &World, number: &str) {
    let error = world.wx.post(format!("{}/cancel", query(number)), None).await.unwrap_err();
    let refusal = error.api().unwrap();
    let refusal = format!("{} {} {}", refusal.status, refusal.code, refusal.message);
    assert_eq!(refusal, WRONG_NUMBER, "{number}");
}

/// The state and the reason that the only notification tells.
async fn finished(world: &World) -> (Value, Value) {
    let notification = world.notification(FINISHED).await;
    notification.resource::<TransferBill>().unwrap();
    let told = content(&notification);
    assert_eq!(told["mchid"], MCHID);
    (told["state"].clone(), told["fail_reason"].clone())
}

#[tokio::test]
async fn a_transfer_is_confirmed() {
    let world = World::start().await;
    let bills = world.wx.v3().fund_app().mch_transfer().transfer_bills();
    let made = ok(bills.post(|r| {
        r.appid(APPID)
            .out_bill_no("bill1")
            .openid(OPENID)
            .user_name("张三")
            .transfer_amount(200_000)
            .transfer_remark("报销")
            .notify_url(world.url.as_str())
            .transfer_scene_id("1000")
            .transfer_scene_report_infos(|list| {
                list.push(|i| i.info_type("活动名称").info_content("新会员有礼"))
                    .push(|i| i.info_type("奖励说明").info_content("注册会员抽奖一等奖"))
            })
    }))
    .await;
    let mut members: Vec<_> = made.as_object().unwrap().keys().cloned().collect();
    members.sort();
    let expected = ["create_time", "out_bill_no", "package_info", "state", "transfer_bill_no"];
    assert_eq!(members, expected);
    assert_eq!(made["state"], "WAIT_USER_CONFIRM");

    let queried = ok(bills.out_bill_no().out_bill_no("bill1").get()).await;
    assert_eq!(queried["mch_id"], MCHID);
    assert_eq!(queried["transfer_amount"], 200_000);
    assert!(queried.get("package_info").is_none() && queried.get("fail_reason").is_none());
    let name = bills.out_bill_no().out_bill_no("bill1").get().await.unwrap().user_name;
    assert_eq!(format!("{name:?}").contains("张三"), false, "a secret is not shown");
    let number = made["transfer_bill_no"].as_str().unwrap();
    let same = ok(bills.transfer_bill_no().transfer_bill_no(number).get()).await;
    assert_eq!(same["out_bill_no"], "bill1");

    let resource = world.resource(LIFECYCLE, "bill1");
    for event in ["accept", "lock", "succeed", "fail", "finish_cancel"] {
        assert_impossible(&resource, event);
    }
    resource.event("confirm").unwrap();
    assert_eq!(world.get(&query("bill1")).await["state"], "TRANSFERING");
    cancel_refused(&world, "bill1").await;
    world.assert_quiet().await;
    resource.event("succeed").unwrap();
    assert_eq!(finished(&world).await, (json!("SUCCESS"), Value::Null));
    cancel_refused(&world, "bill1").await;
}

#[tokio::test]
async fn the_same_number_again() {
    let world = World::start().await;
    let first = world.post(BILLS, bill(&world, "bill1")).await;
    let again = world.post(BILLS, bill(&world, "bill1")).await;
    assert_eq!(first["transfer_bill_no"], again["transfer_bill_no"]);
    assert_ne!(first["package_info"], again["package_info"]);
    let other = with(bill(&world, "bill1"), json!({ "transfer_amount": 101 }));
    let refusal = "400 INVALID_REQUEST 单号已存在但信息不一致，请查单后比较确认";
    world.refused(BILLS, other, refusal).await;
    world.resource(LIFECYCLE, "bill1").event("confirm").unwrap();
    let again = world.post(BILLS, bill(&world, "bill1")).await;
    assert_eq!(again["state"], "TRANSFERING");
    assert!(again.get("package_info").is_none(), "{again}");
}

#[tokio::test]
async fn the_money_is_locked_first() {
    let world = World::start().await;
    world.switch(LIFECYCLE, "apply.creates", "ACCEPTED");
    let accepted = world.post(BILLS, bill(&world, "bill1")).await;
    assert_eq!(accepted["state"], "ACCEPTED");
    assert!(accepted.get("package_info").is_none(), "{accepted}");
    let resource = world.resource(LIFECYCLE, "bill1");
    resource.event("accept").unwrap();
    assert_eq!(world.get(&query("bill1")).await["state"], "PROCESSING");
    resource.event("lock").unwrap();
    let again = world.post(BILLS, bill(&world, "bill1")).await;
    assert_eq!(again["state"], "WAIT_USER_CONFIRM");
    assert!(again["package_info"].is_string());
    world.post(BILLS, bill(&world, "bill2")).await;
    world.resource(LIFECYCLE, "bill2").event("lock").unwrap();
    world.assert_state(LIFECYCLE, "bill2", "WAIT_USER_CONFIRM");
    world.switch(LIFECYCLE, "apply.creates", "PROCESSING");
    world.post(BILLS, bill(&world, "bill3")).await;
    world.sandbox.advance(Duration::from_secs(86_401));
    world.assert_state(LIFECYCLE, "bill3", "FAIL");
}

#[tokio::test]
async fn transfers_fail() {
    let world = World::start().await;
    world.post(BILLS, bill(&world, "bill1")).await;
    let resource = world.resource(LIFECYCLE, "bill1");
    resource.event("confirm").unwrap();
    resource.event("fail").unwrap();
    assert_eq!(finished(&world).await, (json!("FAIL"), json!("NAME_NOT_CORRECT")));
    world.post(BILLS, bill(&world, "bill2")).await;
    let resource = world.resource(LIFECYCLE, "bill2");
    resource.event("confirm").unwrap();
    resource.event_with("fail", json!({ "fail_reason": "TRANSFER_RISK" })).unwrap();
    assert_eq!(finished(&world).await, (json!("FAIL"), json!("TRANSFER_RISK")));
    assert_eq!(world.get(&query("bill2")).await["fail_reason"], "TRANSFER_RISK");

    world.post(BILLS, bill(&world, "bill3")).await;
    world.sandbox.advance(Duration::from_secs(86_399));
    world.assert_state(LIFECYCLE, "bill3", "WAIT_USER_CONFIRM");
    world.sandbox.advance(Duration::from_secs(2));
    assert_eq!(finished(&world).await, (json!("FAIL"), json!("OVERDUE_CLOSE")));
    for event in ["confirm", "succeed", "fail", "expire"] {
        assert_impossible(&world.resource(LIFECYCLE, "bill3"), event);
    }
}

#[tokio::test]
async fn a_transfer_is_cancelled_before_the_user_confirms() {
    let world = World::start().await;
    cancel_refused(&world, "nobody").await;
    for (number, begin) in
        [("bill1", "ACCEPTED"), ("bill2", "PROCESSING"), ("bill3", "WAIT_USER_CONFIRM")]
    {
        world.switch(LIFECYCLE, "apply.creates", begin);
        world.post(BILLS, bill(&world, number)).await;
        let bills = world.wx.v3().fund_app().mch_transfer().transfer_bills();
        let cancelled = ok(bills.out_bill_no().out_bill_no(number).cancel().post()).await;
        assert_eq!(cancelled["state"], "CANCELING");
        assert!(cancelled.get("openid").is_none(), "{cancelled}");
        assert_eq!(cancel(&world, number).await["state"], "CANCELING");
        world.assert_quiet().await;
        world.resource(LIFECYCLE, number).event("finish_cancel").unwrap();
        assert_eq!(finished(&world).await, (json!("CANCELLED"), json!("MCH_CANCEL")));
        assert_eq!(cancel(&world, number).await["state"], "CANCELLED");
        world.assert_quiet().await;
    }
}

#[tokio::test]
async fn transfers_have_rules() {
    let world = World::start().await;
    let change = |change| with(bill(&world, "bill1"), change);
    let limit = "400 INVALID_REQUEST 超过单笔转账上下限，核实产品设置是否准确";
    world.refused(BILLS, change(json!({ "transfer_amount": 9 })), limit).await;
    let name = "400 PARAM_ERROR 转账金额达到2000元时收款用户姓名必填";
    world.refused(BILLS, change(json!({ "transfer_amount": 200_000 })), name).await;
    world.post(BILLS, change(json!({ "transfer_amount": 199_999 }))).await;

    world.refused_get(&query("nobody"), "404 NOT_FOUND 记录不存在").await;
    world.switch(LIFECYCLE, "not_exist", "400 NOT_FOUND");
    world.refused_get(&query("nobody"), "400 NOT_FOUND 记录不存在").await;
    world.sandbox.advance(Duration::from_secs(30 * 86_400 + 1));
    world.refused_get(&query("bill1"), "400 NOT_FOUND 记录不存在").await;
}

fn authorization(world: &World, number: &str) -> Value {
    json!({
        "out_authorization_no": number,
        "appid": APPID,
        "openid": OPENID,
        "transfer_scene_id": "1000",
        "user_display_name": "wx_123456",
        "authorization_notify_url": world.url,
    })
}

#[tokio::test]
async fn an_authorised_user_confirms_no_more() {
    let world = World::start().await;
    let applied =
        ok(world.wx.v3().fund_app().mch_transfer().user_confirm_authorization().post(|r| {
            r.out_authorization_no("auth1")
                .appid(APPID)
                .openid(OPENID)
                .transfer_scene_id("1000")
                .user_display_name("wx_123456")
                .authorization_notify_url(world.url.as_str())
        }))
        .await;
    assert_eq!(applied["state"], "WAIT_USER_CONFIRM");
    assert!(applied["package_info"].is_string());
    let again = world.post(AUTHORIZATIONS, authorization(&world, "auth1")).await;
    assert_eq!(again["create_time"], applied["create_time"]);
    let other = with(authorization(&world, "auth1"), json!({ "user_display_name": "别人" }));
    let refusal = "400 INVALID_REQUEST 单号已存在但信息不一致，请查单后比较确认";
    world.refused(AUTHORIZATIONS, other, refusal).await;

    let transfer = format!("{BILLS}/transfer");
    let body =
        with(without(bill(&world, "bill1"), "openid"), json!({ "out_authorization_no": "auth1" }));
    let not_authorised = "403 NO_AUTH 用户未授权免确认收款或授权已关闭";
    world.refused(&transfer, body.clone(), not_authorised).await;
    let resource = world.resource(AUTHORIZATION, "auth1");
    assert_impossible(&resource, "close_by_user");
    resource.event("confirm").unwrap();
    let notification = world.notification("MCHTRANSFER.AUTHORIZATION.CONFIRMED").await;
    notification.resource::<Authorization>().unwrap();
    let confirmed = content(&notification);
    assert_eq!(confirmed["state"], "TAKING_EFFECT");
    assert!(confirmed["authorize_time"].is_string());

    let limit = "400 INVALID_REQUEST 超过单笔转账上下限，核实产品设置是否准确";
    world.refused(&transfer, with(body.clone(), json!({ "transfer_amount": 9 })), limit).await;
    let name = "400 PARAM_ERROR 转账金额达到2000元时收款用户姓名必填";
    world.refused(&transfer, with(body.clone(), json!({ "transfer_amount": 200_000 })), name).await;
    assert_eq!(world.post(&transfer, body.clone()).await["state"], "TRANSFERING");
    let other = with(body.clone(), json!({ "transfer_remark": "其他" }));
    world.refused(&transfer, other, refusal).await;
    let bill1 = world.get(&query("bill1")).await;
    assert_eq!(
        (&bill1["openid"], &bill1["user_display_name"]),
        (&json!(OPENID), &json!("wx_123456"))
    );
    world.resource(LIFECYCLE, "bill1").event("succeed").unwrap();
    finished(&world).await;

    world.switch(LIFECYCLE, "transfer.creates", "ACCEPTED");
    let by_id = with(
        without(with(body, json!({ "out_bill_no": "bill2" })), "out_authorization_no"),
        json!({ "authorization_id": confirmed["authorization_id"] }),
    );
    assert_eq!(world.post(&transfer, by_id.clone()).await["state"], "ACCEPTED");
    let bill2 = world.resource(LIFECYCLE, "bill2");
    bill2.event("accept").unwrap().event("lock").unwrap();
    assert_eq!(bill2.state().unwrap(), "TRANSFERING");

    let one = world.wx.v3().fund_app().mch_transfer().user_confirm_authorization();
    let one = one.out_authorization_no().out_authorization_no("auth1");
    let closed = ok(one.close().post()).await;
    assert_eq!(closed["close_info"]["close_reason"], "CLOSE_VIA_MCH_API");
    world.notification("MCHTRANSFER.AUTHORIZATION.CLOSED").await;
    assert_eq!(ok(one.close().post()).await, closed);
    world.assert_quiet().await;
    assert_eq!(ok(one.get()).await["state"], "CLOSED");
    world.refused(&transfer, with(by_id, json!({ "out_bill_no": "bill3" })), not_authorised).await;
}

#[tokio::test]
async fn users_and_the_platform_close_authorisations() {
    let world = World::start().await;
    let unknown = format!("{AUTHORIZATIONS}/out-authorization-no/nobody");
    world.refused_get(&unknown, "404 NOT_FOUND 记录不存在").await;
    for number in ["auth1", "auth2", "auth3"] {
        let body =
            with(authorization(&world, number), json!({ "openid": format!("openid-{number}") }));
        world.post(AUTHORIZATIONS, body).await;
    }
    let first = world.resource(AUTHORIZATION, "auth1");
    first.event("confirm").unwrap().event("close_by_user").unwrap();
    let events: Vec<_> = world.notifications().await;
    assert_eq!(events.len(), 2);
    assert_eq!(content(&events[1])["close_info"]["close_reason"], "USER_CLOSE");
    let second = world.resource(AUTHORIZATION, "auth2");
    second.event("close_by_platform").unwrap();
    let third = world.resource(AUTHORIZATION, "auth3");
    third.event("confirm").unwrap();
    world.notification("MCHTRANSFER.AUTHORIZATION.CONFIRMED").await;
    third.event_with("close_by_platform", json!({ "close_reason": "TRANSFER_RISK" })).unwrap();
    world.assert_quiet().await;
    for (number, reason) in [("auth2", "USER_OVERDUE_UNCONFIRMED"), ("auth3", "TRANSFER_RISK")] {
        let path = format!("{AUTHORIZATIONS}/out-authorization-no/{number}");
        assert_eq!(world.get(&path).await["close_info"]["close_reason"], reason);
    }
    for event in ["confirm", "close_by_user", "close_by_platform"] {
        assert_impossible(&third, event);
    }
}

#[tokio::test]
async fn partners_have_the_same_transfers() {
    let world = World::start().await;
    let bills = "/v3/fund-app/mch-transfer/partner/transfer-bills";
    let sub = json!({ "sub_mchid": "1900001121" });
    let made = world.post(bills, with(bill(&world, "bill1"), sub.clone())).await;
    assert_eq!(made["sub_mchid"], "1900001121");
    let path = format!("{bills}/out-bill-no/bill1");
    let queried = world.get(&format!("{path}?sub_mchid=1900001121")).await;
    assert_eq!((&queried["mchid"], &queried["transfer_amount"]), (&json!(MCHID), &json!(100)));
    assert_eq!(world.post(&format!("{path}/cancel"), sub.clone()).await["state"], "CANCELING");
    world.resource(LIFECYCLE, "bill1").event("finish_cancel").unwrap();
    let notification = world.notification(FINISHED).await;
    assert_eq!(content(&notification)["sub_mchid"], "1900001121");

    let authorizations = "/v3/fund-app/mch-transfer/partner/user-confirm-authorizations";
    let mut body = without(authorization(&world, "auth1"), "authorization_notify_url");
    body["notify_url"] = json!(world.url);
    world.post(authorizations, body).await;
    world.resource(AUTHORIZATION, "auth1").event("confirm").unwrap();
    let confirmed = content(&world.notification("MCHTRANSFER.AUTHORIZATION.CONFIRMED").await);
    let transfer = with(
        without(with(bill(&world, "bill2"), sub), "openid"),
        json!({ "authorization_id": confirmed["authorization_id"] }),
    );
    let moved = world.post(&format!("{bills}/transfer"), transfer).await;
    assert_eq!(moved["state"], "TRANSFERING");
}

#[tokio::test]
async fn a_transfer_with_an_authorisation_inside_is_a_transfer() {
    let world = World::start().await;
    let path = format!("{BILLS}/pre-transfer-with-authorization");
    assert!(world.post(&path, bill(&world, "bill1")).await["package_info"].is_string());
}
