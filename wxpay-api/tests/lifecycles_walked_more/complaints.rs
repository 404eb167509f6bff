//! `merchant-service/complaint` and `merchant-service/notification-url`: what users complain about, and who is told.

use std::time::UNIX_EPOCH;

use serde_json::{Value, json};
use wxpay_api::sandbox::SandboxResource;
use wxpay_api::v3::merchant_service::types::ComplaintNotificationUrl;
use wxpay_api::{Client, NoContent};

use crate::support::{APPID, DAY, MCHID, OPENID, World, assert_impossible, content, ok, with};

const LIFECYCLE: &str = "merchant-service/complaint";
const COMPLAINTS: &str = "/v3/merchant-service/complaints-v2";
const URLS: &str = "/v3/merchant-service/complaint-notifications";
const PROCESSED: &str = "400 INVALID_REQUEST 投诉单已处理完成";
const NOT_PROCESSING: &str = "400 INVALID_REQUEST 投诉单状态不允许此操作";
const NOT_YOURS: &str = "403 NO_AUTH 无权操作该投诉单";
const NOT_EXIST: &str = "404 RESOURCE_NOT_EXISTS 投诉单不存在";
const NO_URL: &str = "404 RESOURCE_NOT_EXISTS 投诉通知回调地址不存在";

/// A world whose merchant is told of complaints.
async fn world() -> World {
    let world = World::start().await;
    world.post(URLS, json!({ "url": world.url })).await;
    world
}

/// A user complains. Returns the complaint and its number.
async fn complain(world: &World, inputs: Value) -> (SandboxResource, String) {
    let complaint = world.sandbox.create(LIFECYCLE, inputs).unwrap();
    let told = content(&world.notification("COMPLAINT.CREATE").await);
    assert_eq!(told["action_type"], "CREATE_COMPLAINT");
    let number = told["complaint_id"].as_str().unwrap().to_owned();
    (complaint, number)
}

fn at(number: &str, action: &str) -> String {
    format!("{COMPLAINTS}/{number}/{action}")
}

fn response(content: &str) -> Value {
    json!({ "complainted_mchid": MCHID, "response_content": content })
}

fn completion() -> Value {
    json!({ "complainted_mchid": MCHID })
}

fn at_once(id: &str) -> Value {
    json!({
        "complainted_mchid": MCHID, "idempotent_id": id,
        "message": { "blocks": [{ "type": "TEXT", "text": { "text": "您好" } }] },
    })
}

/// The action of the only notification.
async fn action(world: &World) -> Value {
    content(&world.notification("COMPLAINT.STATE_CHANGE").await)["action_type"].clone()
}

/// The kinds of everything that happened to a complaint.
async fn history(world: &World, number: &str) -> Vec<Value> {
    let history = world.get(&at(number, "negotiation-historys")).await;
    let history = history["data"].as_array().unwrap();
    history.iter().map(|entry| entry["operate_type"].clone()).collect()
}

#[tokio::test]
async fn a_complaint_is_answered_and_completed() {
    let world = world().await;
    let order = json!({
        "appid": APPID, "mchid": MCHID, "description": "咖啡", "out_trade_no": "coffee-1",
        "notify_url": world.url, "amount": { "total": 100 }, "payer": { "openid": OPENID },
    });
    world.post("/v3/pay/transactions/jsapi", order).await;
    world.resource("pay/transaction", "coffee-1").pay().unwrap();
    world.notification("TRANSACTION.SUCCESS").await;
    let (complaint, number) = complain(&world, json!({ "out_trade_no": "coffee-1" })).await;
    let one = world.wx.v3().merchant_service().complaints_v2().complaint_id(number.as_str());
    let pending = ok(one.get()).await;
    assert_eq!(pending["complaint_state"], "PENDING");
    assert_eq!(pending["complainted_mchid"], MCHID);
    assert_eq!(pending["payer_openid"], OPENID);
    assert_eq!(pending["complaint_order_info"][0]["out_trade_no"], "coffee-1");
    assert_eq!(pending["complaint_order_info"][0]["amount"], 100);
    assert!(pending.get("history").is_none() && pending.get("complaint_date").is_none());
    for event in ["continue_complaint", "refund_received"] {
        assert_impossible(&complaint, event);
    }

    complaint.event_with("write_again", json!({ "content": "在吗" })).unwrap();
    assert_eq!(action(&world).await, "USER_RESPONSE");
    assert_eq!(world.get(&format!("{COMPLAINTS}/{number}")).await["incoming_user_response"], true);
    for _ in 0..2 {
        ok(one
            .response()
            .post(|r| r.complainted_mchid(MCHID).response_content("已与用户沟通解决")))
        .await;
    }
    let processing = world.get(&format!("{COMPLAINTS}/{number}")).await;
    assert_eq!(processing["complaint_state"], "PROCESSING");
    assert_eq!(processing["incoming_user_response"], false);
    let logged = world.post(&at(&number, "response-immediate-service"), at_once("1")).await;
    ok(one.complete().post(|r| r.complainted_mchid(MCHID))).await;
    world.assert_quiet().await;
    world.assert_state(LIFECYCLE, &number, "PROCESSED");
    let entries = ok(one.negotiation_historys().get()).await;
    assert_eq!(entries["data"][1]["operate_details"], "在吗");
    assert_eq!(entries["data"][4]["log_id"], logged["log_id"]);
    assert_eq!(entries["data"][4]["normal_message"]["blocks"][0]["text"]["text"], "您好");
    assert_eq!(
        history(&world, &number).await,
        [
            "USER_CREATE_COMPLAINT",
            "USER_RESPONSE",
            "MERCHANT_RESPONSE",
            "MERCHANT_RESPONSE",
            "MERCHANT_RESPONSE",
            "MERCHANT_CONFIRM_COMPLETE"
        ]
    );

    complaint.event("continue_complaint").unwrap();
    assert_eq!(action(&world).await, "CONTINUE_COMPLAINT");
    let again = world.get(&format!("{COMPLAINTS}/{number}")).await;
    assert_eq!(again["complaint_state"], "PENDING");
    assert_eq!(again["user_complaint_times"], 2);
}

#[tokio::test]
async fn a_refund_is_approved_or_rejected() {
    let world = world().await;
    let asks = json!({ "problem_type": "REFUND", "apply_refund_amount": 10 });
    let (complaint, number) = complain(&world, asks.clone()).await;
    assert_eq!(world.get(&format!("{COMPLAINTS}/{number}")).await["apply_refund_amount"], 10);
    let progress = world.wx.v3().merchant_service().complaints_v2();
    let progress = progress.complaint_id(number.as_str()).update_refund_progress();
    ok(progress.post(|r| r.action("APPROVE").launch_refund_day(1))).await;
    assert_eq!(action(&world).await, "MERCHANT_APPROVE_REFUND");
    ok(progress.post(|r| r.action("REJECT").reject_reason("不能退"))).await;
    assert_eq!(action(&world).await, "MERCHANT_REJECT_REFUND");
    complaint.event("refund_in_full").unwrap();
    assert_eq!(action(&world).await, "SELLER_REFUND");
    complaint.event("refund_received").unwrap();
    assert_eq!(action(&world).await, "REFUND_SUCCESS");
    let done = world.get(&format!("{COMPLAINTS}/{number}")).await;
    assert_eq!(done["complaint_state"], "PROCESSED");
    assert_eq!(done["complaint_full_refunded"], true);
    assert_eq!(
        history(&world, &number).await,
        [
            "USER_CREATE_COMPLAINT",
            "MERCHANT_APPROVE_REFUND",
            "MERCHANT_REFUSE_RERUND",
            "COMPLAINT_FULL_REFUNDED_SYSTEM_MESSAGE",
            "COMPLAINT_REFUND_RECEIVED_SYSTEM_MESSAGE"
        ]
    );
    let approve = json!({ "action": "APPROVE" });
    let path = at(&number, "update-refund-progress");
    world.refused(&path, approve.clone(), PROCESSED).await;
    let (_, other) = complain(&world, json!({})).await;
    let path = at(&other, "update-refund-progress");
    world.refused(&path, approve.clone(), "400 INVALID_REQUEST 非申请退款类投诉单").await;
    let (_, third) = complain(&world, asks).await;
    world.switch(LIFECYCLE, "decide_refund.PENDING", "refuse not_processing");
    world.refused(&at(&third, "update-refund-progress"), approve, NOT_PROCESSING).await;
}

#[tokio::test]
async fn the_platform_steps_in() {
    let world = world().await;
    let (complaint, number) = complain(&world, json!({})).await;
    complaint.event("ask_platform").unwrap();
    assert_eq!(action(&world).await, "USER_APPLY_PLATFORM_SERVICE");
    assert_eq!(world.get(&format!("{COMPLAINTS}/{number}")).await["in_platform_service"], true);
    complaint.event("platform_writes").unwrap();
    assert_eq!(action(&world).await, "RESPONSE_BY_PLATFORM");
    complaint.event("finish_platform").unwrap();
    assert_eq!(action(&world).await, "PLATFORM_SERVICE_FINISHED");
    let gives_up = json!({ "action_type": "USER_CANCEL_PLATFORM_SERVICE" });
    complaint.event_with("finish_platform", gives_up).unwrap();
    assert_eq!(action(&world).await, "USER_CANCEL_PLATFORM_SERVICE");
    assert_eq!(world.get(&format!("{COMPLAINTS}/{number}")).await["in_platform_service"], false);
    assert_eq!(history(&world, &number).await.len(), 5);
}

#[tokio::test]
async fn complaints_refuse() {
    let world = world().await;
    for (name, refusal) in
        [(None, NOT_EXIST), (Some("400 PARAM_ERROR"), "400 PARAM_ERROR 投诉单不存在")]
    {
        if let Some(choice) = name {
            world.switch(LIFECYCLE, "not_exist", choice);
        }
        world.refused_get(&format!("{COMPLAINTS}/nobody"), refusal).await;
        world.refused_get(&at("nobody", "negotiation-historys"), refusal).await;
        world.refused(&at("nobody", "response"), response("好"), refusal).await;
        world.refused(&at("nobody", "complete"), completion(), refusal).await;
    }
    let (_, number) = complain(&world, json!({})).await;
    let others = json!({ "complainted_mchid": "1900000999" });
    world.refused(&at(&number, "response"), with(response("好"), others.clone()), NOT_YOURS).await;
    world.refused(&at(&number, "complete"), with(completion(), others.clone()), NOT_YOURS).await;
    let immediate = at(&number, "response-immediate-service");
    world.refused(&immediate, with(at_once("1"), others), NOT_YOURS).await;
    let images = json!({ "response_images": ["1", "2", "3", "4", "5"] });
    let too_many = "400 PARAM_ERROR 回复图片最多4张";
    world.refused(&at(&number, "response"), with(response("好"), images), too_many).await;

    world.switch(LIFECYCLE, "complete.PENDING", "refuse not_processing");
    world.refused(&at(&number, "complete"), completion(), NOT_PROCESSING).await;
    world.switch(LIFECYCLE, "complete.PENDING", "PROCESSED");
    world.post(&at(&number, "complete"), completion()).await;
    world.refused(&at(&number, "response"), response("好"), PROCESSED).await;
    world.refused(&immediate, at_once("1"), PROCESSED).await;
    world.refused(&at(&number, "complete"), completion(), PROCESSED).await;
    for operation in ["respond", "respond_at_once", "complete"] {
        world.switch(LIFECYCLE, &format!("{operation}.PROCESSED"), "PROCESSED");
    }
    world.post(&at(&number, "response"), response("好")).await;
    world.post(&immediate, at_once("1")).await;
    world.post(&at(&number, "complete"), completion()).await;
    world.assert_state(LIFECYCLE, &number, "PROCESSED");
    world.switch(LIFECYCLE, "continue_complaint.PROCESSED", "PROCESSING");
    world.resource(LIFECYCLE, &number).event("continue_complaint").unwrap();
    world.assert_state(LIFECYCLE, &number, "PROCESSING");
}

#[tokio::test]
async fn complaints_are_listed_by_date_in_pages() {
    let world = world().await;
    let now = world.sandbox.now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    let date = |days: u64| {
        let seconds = i64::try_from(now + days * 86_400 + 8 * 3600).unwrap();
        let time = chrono::DateTime::from_timestamp(seconds, 0).unwrap();
        time.format("%Y-%m-%d").to_string()
    };
    let mut numbers = Vec::new();
    for _ in 0..3 {
        numbers.push(complain(&world, json!({})).await.1);
    }
    world.sandbox.advance(DAY);
    numbers.push(complain(&world, json!({})).await.1);
    let list = async |begin: u64, end: u64, more: &str| {
        let target =
            format!("{COMPLAINTS}?begin_date={}&end_date={}{more}", date(begin), date(end));
        world.get(&target).await
    };
    let found = |list: &Value| -> Vec<String> {
        let data = list["data"].as_array().unwrap();
        data.iter().map(|one| one["complaint_id"].as_str().unwrap().to_owned()).collect()
    };
    let all = list(0, 1, "&limit=50&offset=0").await;
    assert_eq!(found(&all), numbers);
    assert_eq!((&all["total_count"], &all["limit"]), (&json!(4), &json!(50)));
    assert_eq!(found(&list(0, 0, "&limit=50&offset=0").await), numbers[..3]);
    assert_eq!(found(&list(1, 1, "&limit=50&offset=0").await), numbers[3..]);
    assert_eq!(found(&list(0, 1, "&limit=2&offset=2").await), numbers[2..]);
    let others = list(0, 1, "&limit=2&offset=0&complainted_mchid=1900000999").await;
    assert_eq!(others["total_count"], 0);
    let typed = world.wx.v3().merchant_service().complaints_v2();
    ok(typed.get(|r| r.begin_date(date(0)).end_date(date(1)).limit(50).offset(0))).await;

    let far = format!("{COMPLAINTS}?begin_date=2025-01-01&end_date=2025-02-01");
    let refusal = "400 PARAM_ERROR 查询的起止日期相差不能超过30天";
    world.refused_get(&far, refusal).await;
    let near = format!("{COMPLAINTS}?begin_date=2025-01-01&end_date=2025-01-31");
    world.get(&format!("{near}&limit=50&offset=0")).await;
    world
        .refused_get(&format!("{near}&limit=51&offset=0"), "400 PARAM_ERROR 分页大小不能超过50")
        .await;
}

async fn url_of(wx: &Client) -> wxpay_api::Result<ComplaintNotificationUrl> {
    wx.v3().merchant_service().complaint_notifications().get().await
}

#[tokio::test]
async fn there_is_one_url_for_complaints() {
    let world = World::start().await;
    let urls = world.wx.v3().merchant_service().complaint_notifications();
    let silent = world.sandbox.create(LIFECYCLE, json!({})).unwrap();
    assert!(silent.notifications()[0].url.is_none());
    assert_eq!(world.notifications().await.len(), 0);
    world.refused_get(URLS, NO_URL).await;
    let gone = async || {
        let errors = [
            world.wx.put(URLS, json!({ "url": world.url })).await.err(),
            world.wx.delete(URLS, None).await.err(),
            world.wx.get(URLS).await.err(),
        ];
        for error in errors {
            assert_eq!(error.unwrap().api().unwrap().code, "RESOURCE_NOT_EXISTS");
        }
    };
    gone().await;
    for _ in 0..2 {
        let made = ok(urls.post(|r| r.url("http://127.0.0.1:9/other"))).await;
        assert_eq!(made, json!({ "mchid": MCHID, "url": "http://127.0.0.1:9/other" }));
        let exists = "400 RESOURCE_ALREADY_EXISTS 投诉通知回调地址已存在";
        world.refused(URLS, json!({ "url": "http://127.0.0.1:9/other" }), exists).await;
        world.refused(URLS, json!({ "url": world.url }), exists).await;
        ok(urls.put(|r| r.url(world.url.as_str()))).await;
        assert_eq!(url_of(&world.wx).await.unwrap().url, world.url);
        complain(&world, json!({})).await;
        let _: NoContent = urls.delete().await.unwrap();
        gone().await;
        world.sandbox.create(LIFECYCLE, json!({})).unwrap();
        assert_eq!(world.notifications().await.len(), 0);
    }
}
