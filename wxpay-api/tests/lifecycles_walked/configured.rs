//! Settings: what each merchant has, is allowed, or is told of its users. The defaults limit next to nothing.

use std::time::{Duration, SystemTime};

use serde_json::{Value, json};
use wxpay_api::sandbox::LifecycleError;

use crate::support::served::{APPID, DAY, MINUTE, OPENID, World, content, ok, refused, with};

const REFUND: &str = "refund/refund";
const TRANSFER: &str = "fund-app/transfer-bill";
const SCORE: &str = "payscore/service-order";
const REFUNDS: &str = "/v3/refund/domestic/refunds";
const TRANSFERS: &str = "/v3/fund-app/mch-transfer/transfer-bills";
const SCORES: &str = "/v3/payscore/serviceorder";
const SERVICE: &str = "2002000000000558128851361561536";

fn set(world: &World, lifecycle: &str, name: &str, value: impl Into<Value>) {
    world.sandbox.set(lifecycle, name, value).unwrap();
}

/// A payment of 100 fen. Its money is frozen if it is for sharing.
async fn paid(world: &World, number: &str, sharing: bool) {
    let order = json!({
        "appid": APPID, "mchid": world.wx.id(), "description": "咖啡", "out_trade_no": number,
        "notify_url": world.url, "amount": { "total": 100 }, "payer": { "openid": OPENID },
        "settle_info": { "profit_sharing": sharing },
    });
    world.post("/v3/pay/transactions/jsapi", order).await;
    world.resource("pay/transaction", number).pay().unwrap();
}

fn refund(order: &str, number: &str, amount: i64) -> Value {
    json!({ "out_trade_no": order, "out_refund_no": number,
        "amount": { "refund": amount, "total": 100, "currency": "CNY" } })
}

#[tokio::test]
async fn refunds_draw_from_the_balance() {
    let world = World::start().await;
    paid(&world, "coffee-1", false).await;
    paid(&world, "coffee-2", false).await;
    paid(&world, "shared", true).await;
    set(&world, REFUND, "balance", 70);
    world.post(REFUNDS, refund("coffee-1", "back-1", 40)).await;
    let not_enough = "403 NOT_ENOUGH 商户可用退款余额不足";
    world.refused(REFUNDS, refund("coffee-2", "back-2", 31), not_enough).await;
    world.post(REFUNDS, refund("coffee-2", "back-3", 30)).await;
    // The frozen money of a payment that is for sharing is not the balance.
    world.post(REFUNDS, refund("shared", "back-4", 100)).await;
    // A closed refund gives its money back.
    world.refused(REFUNDS, refund("coffee-2", "back-2", 10), not_enough).await;
    let closed = world.resource(REFUND, "back-1");
    closed.event("lack_funds").unwrap();
    closed.event("close").unwrap();
    // The merchant recharges, and repeats the request with the same number.
    world.refused(REFUNDS, refund("coffee-1", "back-5", 100), not_enough).await;
    set(&world, REFUND, "balance", 230);
    world.post(REFUNDS, refund("coffee-1", "back-5", 100)).await;
    world.refused(REFUNDS, refund("coffee-2", "back-6", 1), not_enough).await;
    set(&world, REFUND, "balance", Value::Null);
    world.post(REFUNDS, refund("coffee-2", "back-6", 1)).await;
}

#[tokio::test]
async fn old_orders_are_refunded_more_slowly() {
    let world = World::start().await;
    paid(&world, "coffee-1", false).await;
    world.sandbox.advance(DAY * 30);
    set(&world, REFUND, "limits_old_orders", true);
    world.post(REFUNDS, refund("coffee-1", "back-1", 10)).await;
    world.sandbox.advance(MINUTE * 2);
    let slowly = "429 FREQUENCY_LIMITED 频率限制，1个月之前的订单请降低申请频率再重试";
    world.refused(REFUNDS, refund("coffee-1", "back-2", 10), slowly).await;
    set(&world, REFUND, "limits_old_orders", false);
    world.post(REFUNDS, refund("coffee-1", "back-2", 10)).await;
}

#[tokio::test]
async fn a_refund_may_arrive_at_once() {
    let world = World::start().await;
    paid(&world, "coffee-1", false).await;
    world.notification("TRANSACTION.SUCCESS").await;
    world.switch(REFUND, "apply.creates", "SUCCESS");
    let body = with(refund("coffee-1", "back-1", 100), json!({ "notify_url": world.url }));
    let made = world.post(REFUNDS, body).await;
    assert_eq!(made["status"], "SUCCESS");
    assert!(made["success_time"].is_string());
    assert_eq!(content(&world.notification("REFUND.SUCCESS").await)["refund_status"], "SUCCESS");
}

/// An appid is bound to a merchant number. Any is, unless a test says which.
#[tokio::test]
async fn only_a_bound_appid_orders() {
    let world = World::start().await;
    let order = json!({
        "appid": APPID, "mchid": world.wx.id(), "description": "咖啡", "out_trade_no": "coffee-1",
        "notify_url": world.url, "amount": { "total": 100 }, "payer": { "openid": OPENID },
    });
    let by_partner = json!({
        "sp_appid": APPID, "sp_mchid": world.wx.id(), "sub_mchid": "1900000109",
        "description": "咖啡", "out_trade_no": "coffee-2", "notify_url": world.url,
        "amount": { "total": 100 },
    });
    let by_code = json!({
        "appid": APPID, "mchid": world.wx.id(), "description": "咖啡", "out_trade_no": "coffee-3",
        "amount": { "total": 100 }, "payer": { "auth_code": "130061098828009406" },
        "scene_info": { "store_info": { "id": "1" } },
    });
    let sub = |number: &str| {
        json!({ "mchid": world.wx.id(), "out_trade_no": number, "description": "咖啡",
            "attach": "桌号 7", "amount": { "total_amount": 10, "currency": "CNY" } })
    };
    let combined = json!({
        "combine_appid": APPID, "combine_mchid": world.wx.id(),
        "combine_out_trade_no": "basket-1", "notify_url": world.url,
        "sub_orders": [sub("basket-1-1"), sub("basket-1-2")],
    });
    let calls = [
        ("/v3/pay/transactions/jsapi", order),
        ("/v3/pay/partner/transactions/native", by_partner),
        ("/v3/pay/transactions/codepay", by_code),
        ("/v3/combine-transactions/native", combined),
    ];
    for (lifecycle, bound) in
        [("pay/transaction", "wx0000000000000000"), ("combine-transactions/order", "wx1")]
    {
        set(&world, lifecycle, "appid", bound);
    }
    for (target, body) in &calls {
        let refusal = "400 APPID_MCHID_NOT_MATCH 商户号与appid不匹配";
        world.refused(target, body.clone(), refusal).await;
    }
    set(&world, "pay/transaction", "appid", APPID);
    set(&world, "combine-transactions/order", "appid", Value::Null);
    for (target, body) in calls {
        world.post(target, body).await;
    }
}

#[tokio::test]
async fn the_account_of_the_user_is_closed() {
    let world = World::start().await;
    paid(&world, "coffee-1", false).await;
    set(&world, REFUND, "user_account_closed", true);
    let closed = "403 USER_ACCOUNT_ABNORMAL 用户账户异常或已注销";
    world.refused(REFUNDS, refund("coffee-1", "back-1", 100), closed).await;
    set(&world, REFUND, "user_account_closed", false);
    world.post(REFUNDS, refund("coffee-1", "back-1", 100)).await;
}

#[tokio::test]
async fn an_abnormal_refund_may_still_show_as_abnormal() {
    let world = World::start().await;
    paid(&world, "coffee-1", false).await;
    let made = world.post(REFUNDS, refund("coffee-1", "back-1", 100)).await;
    let resource = world.resource(REFUND, "back-1");
    resource.event("fail").unwrap();
    world.switch(REFUND, "apply_abnormal.ABNORMAL", "REDIRECTED");
    let at = format!("{REFUNDS}/{}/apply-abnormal-refund", made["refund_id"].as_str().unwrap());
    let redirect = json!({ "out_refund_no": "back-1", "type": "MERCHANT_BANK_CARD" });
    assert_eq!(world.post(&at, redirect.clone()).await["status"], "ABNORMAL");
    let twice = "400 INVALID_REQUEST 退款单不是异常状态";
    world.refused(&at, redirect.clone(), twice).await;
    let too_much = "400 INVALID_REQUEST 订单已全额退款";
    world.refused(REFUNDS, refund("coffee-1", "back-2", 1), too_much).await;
    resource.event("fail").unwrap();
    assert_eq!(resource.state().unwrap(), "ABNORMAL");
    world.post(&at, redirect).await;
    world.sandbox.advance(MINUTE * 5);
    assert_eq!(world.get(&format!("{REFUNDS}/back-1")).await["status"], "SUCCESS");
}

fn transfer(world: &World, number: &str, amount: i64) -> Value {
    json!({
        "appid": APPID, "out_bill_no": number, "openid": OPENID, "transfer_amount": amount,
        "transfer_remark": "报销", "notify_url": world.url, "transfer_scene_id": "1000",
        "transfer_scene_report_infos": [
            { "info_type": "活动名称", "info_content": "新会员有礼" },
            { "info_type": "奖励说明", "info_content": "注册会员抽奖一等奖" },
        ],
    })
}

#[tokio::test]
async fn transfers_draw_from_the_balance() {
    let world = World::start().await;
    set(&world, TRANSFER, "balance", 150);
    world.post(TRANSFERS, transfer(&world, "bill1", 100)).await;
    let not_enough =
        "403 NOT_ENOUGH 商户运营账户资金不足，充值后可以原单号发起重试，请勿更换商户单号";
    world.refused(TRANSFERS, transfer(&world, "bill2", 51), not_enough).await;
    // What failed or was cancelled came back.
    let first = world.resource(TRANSFER, "bill1");
    first.event("confirm").unwrap();
    first.event("fail").unwrap();
    world.post(TRANSFERS, transfer(&world, "bill2", 51)).await;
    world.refused(TRANSFERS, transfer(&world, "bill3", 100), not_enough).await;
    set(&world, TRANSFER, "balance", 151);
    world.post(TRANSFERS, transfer(&world, "bill3", 100)).await;
    // A repeated request needs no money.
    world.post(TRANSFERS, transfer(&world, "bill3", 100)).await;
}

fn since_1970(world: &World) -> u64 {
    world.sandbox.now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs()
}

#[tokio::test]
async fn transfers_have_limits() {
    let world = World::start().await;
    // The day must not end in between.
    let noon = 36 * 3600 - (since_1970(&world) + 8 * 3600) % 86_400;
    world.sandbox.advance(Duration::from_secs(noon));
    set(&world, TRANSFER, "single_limit", 1000);
    let single = "400 INVALID_REQUEST 超过单笔转账上下限，核实产品设置是否准确";
    world.refused(TRANSFERS, transfer(&world, "bill1", 1001), single).await;
    set(&world, TRANSFER, "daily_limit", 1500);
    world.post(TRANSFERS, transfer(&world, "bill1", 1000)).await;
    let daily = "400 INVALID_REQUEST 超出商户单日转账额度";
    world.refused(TRANSFERS, transfer(&world, "bill2", 501), daily).await;
    world.post(TRANSFERS, transfer(&world, "bill3", 500)).await;
    world.sandbox.advance(DAY);
    world.post(TRANSFERS, transfer(&world, "bill2", 501)).await;
}

fn score(world: &World, number: &str, deposit: i64) -> Value {
    json!({
        "out_order_no": number, "appid": APPID, "service_id": SERVICE,
        "service_introduction": "XX充电宝", "time_range": { "start_time": "20250101000000" },
        "risk_fund": { "name": "DEPOSIT", "amount": deposit }, "notify_url": world.url,
    })
}

fn completion(total: i64) -> Value {
    json!({
        "appid": APPID, "service_id": SERVICE, "total_amount": total,
        "post_payments": [{ "name": "租金", "amount": total }],
        "time_range": { "end_time": "20250101100000" },
    })
}

#[tokio::test]
async fn a_service_has_a_risk_limit() {
    let world = World::start().await;
    set(&world, SCORE, "risk_limit", 500);
    let over = "400 PARAM_ERROR 总金额超过此服务的服务风险金额";
    world.refused(SCORES, score(&world, "order-1", 501), over).await;
    world.post(SCORES, score(&world, "order-1", 500)).await;
    // Services that are used first have only the limit.
    let estimated = json!({ "risk_fund": { "name": "ESTIMATE_ORDER_COST", "amount": 100 } });
    world.post(SCORES, with(score(&world, "order-2", 0), estimated)).await;
    world.resource(SCORE, "order-2").event("confirm").unwrap();
    let complete = format!("{SCORES}/order-2/complete");
    world.refused(&complete, completion(501), over).await;
    world.post(&complete, completion(500)).await;
    let at_once = json!({
        "out_order_no": "order-3", "appid": APPID, "service_id": SERVICE, "notify_url": world.url,
        "service_introduction": "XX充电宝", "total_amount": 501, "openid": OPENID,
        "post_payments": [{ "name": "租金", "amount": 501 }],
        "time_range": { "start_time": "20250101000000", "end_time": "20250101100000" },
    });
    world.refused(&format!("{SCORES}/direct-complete"), at_once, over).await;
}

#[tokio::test]
async fn a_user_has_few_running_orders() {
    let world = World::start().await;
    let me = json!({ "openid": OPENID });
    let confirm = |number: &str| {
        let order = world.resource(SCORE, number);
        order.event_with("confirm", me.clone()).map(drop)
    };
    for number in ["order-1", "order-2", "order-3", "order-4"] {
        world.post(SCORES, score(&world, number, 100)).await;
    }
    for number in ["order-1", "order-2", "order-3"] {
        confirm(number).unwrap();
    }
    let refused = |error: LifecycleError, expected: &str| match error {
        LifecycleError::Refused { status, code, message } => {
            assert_eq!(format!("{status} {code} {message}"), expected);
        }
        other => panic!("{other}"),
    };
    let many = "400 INVALID_REQUEST 用户进行中的服务订单数超过限制";
    refused(confirm("order-4").unwrap_err(), many);
    // Another user may.
    world.post(SCORES, score(&world, "order-5", 100)).await;
    world.resource(SCORE, "order-5").event("confirm").unwrap();
    // Who has authorised before needs no confirmation, and has the same limit.
    let silent = with(
        score(&world, "order-6", 100),
        json!({ "need_user_confirm": false, "openid": OPENID }),
    );
    let permission = json!({
        "service_id": SERVICE, "appid": APPID, "authorization_code": "code-1", "notify_url": world.url,
    });
    world.post("/v3/payscore/permissions", permission).await;
    world.resource("payscore/permission", "code-1").event_with("authorise", me.clone()).unwrap();
    world.refused(SCORES, silent.clone(), many).await;
    let cancel = json!({ "appid": APPID, "service_id": SERVICE, "reason": "用户投诉" });
    world.post(&format!("{SCORES}/order-1/cancel"), cancel).await;
    world.post(SCORES, silent.clone()).await;
    refused(confirm("order-4").unwrap_err(), many);
    set(&world, SCORE, "running_orders", 4);
    set(&world, SCORE, "passes_assessment", false);
    let failed = "400 INVALID_REQUEST 综合评估未通过";
    refused(confirm("order-4").unwrap_err(), failed);
    let other = with(silent, json!({ "out_order_no": "order-7" }));
    world.refused(SCORES, other, failed).await;
    set(&world, SCORE, "passes_assessment", true);
    confirm("order-4").unwrap();
}

#[tokio::test]
async fn a_small_transfer_names_nobody() {
    let world = World::start().await;
    let transfer = |amount: i64| {
        world.wx.v3().fund_app().mch_transfer().transfer_bills().post(move |r| {
            r.appid(APPID)
                .out_bill_no("bill1")
                .openid(OPENID)
                .user_name("张三")
                .transfer_amount(amount)
                .transfer_remark("报销")
                .transfer_scene_id("1000")
                .transfer_scene_report_infos(|list| {
                    list.push(|i| i.info_type("活动名称").info_content("新会员有礼"))
                        .push(|i| i.info_type("奖励说明").info_content("注册会员抽奖一等奖"))
                })
        })
    };
    let too_small = "400 PARAM_ERROR 转账金额低于0.3元时不允许传收款用户姓名";
    refused(transfer(29), too_small).await;
    set(&world, TRANSFER, "least_with_name", 10);
    ok(transfer(29)).await;
    set(&world, TRANSFER, "least_with_name", 30);
    world.post(TRANSFERS, self::transfer(&world, "bill2", 29)).await;
}

#[tokio::test]
async fn a_setting_without_a_limit_limits_nothing() {
    let world = World::start().await;
    ok(world.wx.v3().fund_app().mch_transfer().transfer_bills().post(|r| {
        r.appid(APPID)
            .out_bill_no("bill1")
            .openid(OPENID)
            .user_name("张三")
            .transfer_amount(9_000_000_000)
            .transfer_remark("报销")
            .transfer_scene_id("1000")
            .transfer_scene_report_infos(|list| {
                list.push(|i| i.info_type("活动名称").info_content("新会员有礼"))
                    .push(|i| i.info_type("奖励说明").info_content("注册会员抽奖一等奖"))
            })
    }))
    .await;
}
