//! `payscore/service-order`: orders with and without confirmation, their amounts, and their end.

use serde_json::{Value, json};
use wxpay_api::v3::payscore::types::ServiceOrder;

use crate::support::served::{
    APPID, DAY, MCHID, MINUTE, OPENID, World, assert_impossible, content, ok, with, without,
};

const ORDERS: &str = "/v3/payscore/serviceorder";
const LIFECYCLE: &str = "payscore/service-order";
const SERVICE: &str = "2002000000000558128851361561536";
const NOT_EXIST: &str = "404 ORDER_NOT_EXIST 查询单据不存在";
const WRONG_STATE: &str = "400 INVALID_ORDER_STATE 单据状态错误";
const DONE: &str = "400 ORDER_DONE 订单已完成";
const CANCELED: &str = "400 ORDER_CANCELED 单据已取消";
const DEDUCTING: &str = "400 INVALID_REQUEST 单据正在扣款中，请稍后再试";
const OTHER_SERVICE: &str = "400 INVALID_REQUEST 服务ID或公众账号ID与订单不一致";
const WRONG_TOTAL: &str = "400 PARAM_ERROR 最终总金额计算非法";

/// An order with a deposit of 100 yuan.
fn order(world: &World, number: &str) -> Value {
    json!({
        "out_order_no": number,
        "appid": APPID,
        "service_id": SERVICE,
        "service_introduction": "XX充电宝",
        "time_range": { "start_time": "20250101000000" },
        "risk_fund": { "name": "DEPOSIT", "amount": 10000 },
        "notify_url": world.url,
    })
}

fn completion(total: i64) -> Value {
    json!({
        "appid": APPID,
        "service_id": SERVICE,
        "post_payments": [{ "name": "租金", "amount": total }],
        "total_amount": total,
        "time_range": { "end_time": "20250101100000" },
    })
}

fn modification(total: i64) -> Value {
    with(without(completion(total), "time_range"), json!({ "reason": "用户投诉" }))
}

fn cancellation(reason: &str) -> Value {
    json!({ "appid": APPID, "service_id": SERVICE, "reason": reason })
}

fn at(number: &str, action: &str) -> String {
    format!("{ORDERS}/{number}/{action}")
}

fn query(number: &str) -> String {
    format!("{ORDERS}?out_order_no={number}&service_id={SERVICE}&appid={APPID}")
}

/// Creates an order that the user has confirmed.
async fn confirmed(world: &World, number: &str) {
    world.post(ORDERS, order(world, number)).await;
    world.resource(LIFECYCLE, number).event("confirm").unwrap();
    world.notification("PAYSCORE.USER_CONFIRM").await;
}

/// Creates an order that waits for the payment of 300 fen.
async fn completed(world: &World, number: &str) {
    confirmed(world, number).await;
    world.post(&at(number, "complete"), completion(300)).await;
    world.assert_state(LIFECYCLE, number, "USER_PAYING");
}

#[tokio::test]
async fn an_order_is_confirmed_completed_and_paid() {
    let world = World::start().await;
    let orders = world.wx.v3().payscore().serviceorder();
    let created = ok(orders.post(|r| {
        r.out_order_no("order-1")
            .appid(APPID)
            .service_id(SERVICE)
            .service_introduction("XX充电宝")
            .time_range(|t| t.start_time("20250101000000"))
            .risk_fund(|f| f.name("DEPOSIT").amount(10000))
            .notify_url(world.url.as_str())
            .attach("附加")
    }))
    .await;
    assert_eq!(created["state"], "CREATED");
    assert_eq!(created["mchid"], MCHID);
    assert_eq!(created["package"].as_str().unwrap().len(), 48);
    assert!(created.get("openid").is_none() && created.get("state_description").is_none());

    let resource = world.resource(LIFECYCLE, "order-1");
    for event in ["pay", "deduct", "fail"] {
        assert_impossible(&resource, event);
    }
    resource.event("confirm").unwrap();
    let notification = world.notification("PAYSCORE.USER_CONFIRM").await;
    notification.resource::<ServiceOrder>().unwrap();
    let confirmed = content(&notification);
    assert_eq!(confirmed["state"], "DOING");
    assert_eq!(confirmed["state_description"], "USER_CONFIRM");
    assert_eq!(confirmed["order_id"], created["order_id"]);
    assert!(confirmed["openid"].is_string());
    let queried =
        ok(orders.get(|r| r.service_id(SERVICE).appid(APPID).out_order_no("order-1"))).await;
    assert!(queried.get("package").is_none(), "{queried}");

    let one = orders.out_order_no("order-1");
    let answer = ok(one.complete().post(|r| {
        r.appid(APPID)
            .service_id(SERVICE)
            .post_payments(|list| list.push(|p| p.name("租金").amount(500)))
            .post_discounts(|list| list.push(|d| d.name("优惠").description("满减").amount(200)))
            .total_amount(300)
            .time_range(|t| t.end_time("20250101100000"))
    }))
    .await;
    assert_eq!(answer["state_description"], "MCH_COMPLETE");
    assert!(answer.get("collection").is_none(), "{answer}");
    let waiting = world.get(&query("order-1")).await;
    assert_eq!(waiting["need_collection"], true);
    assert_eq!(waiting["time_range"]["start_time"], "20250101000000");
    assert_eq!(
        waiting["collection"],
        json!({ "state": "USER_PAYING", "total_amount": 300, "paying_amount": 300, "paid_amount": 0 })
    );

    ok(one.modify().post(|r| {
        r.appid(APPID)
            .service_id(SERVICE)
            .post_payments(|list| list.push(|p| p.name("租金").amount(250)))
            .total_amount(250)
            .reason("用户投诉")
    }))
    .await;
    ok(one.pay().post().with(|r| r.appid(APPID).service_id(SERVICE))).await;
    resource.event("fail").unwrap();
    world.assert_quiet().await;
    resource.event("deduct").unwrap().event("pay").unwrap();
    let notification = world.notification("PAYSCORE.USER_PAID").await;
    notification.resource::<ServiceOrder>().unwrap();
    let paid = content(&notification);
    assert_eq!(paid["state"], "DONE");
    let detail = &paid["collection"]["details"][0];
    assert_eq!(paid["collection"]["state"], "USER_PAID");
    assert_eq!(paid["collection"]["paid_amount"], 250);
    assert_eq!(detail["paid_type"], "NEWTON");
    assert_eq!(detail["amount"], 250);
    let queried = world.get(&query("order-1")).await;
    assert_eq!(queried["collection"]["details"][0]["transaction_id"], detail["transaction_id"]);
    assert!(queried.get("state_description").is_none());
}

#[tokio::test]
async fn a_paid_order_is_refunded_by_its_transaction_only() {
    let world = World::start().await;
    completed(&world, "order-1").await;
    let resource = world.resource(LIFECYCLE, "order-1");
    resource.event("pay").unwrap();
    world.notification("PAYSCORE.USER_PAID").await;
    let transaction = resource.object().unwrap()["transaction_id"].clone();
    let refund = json!({
        "out_refund_no": "refund-1",
        "notify_url": world.url,
        "amount": { "refund": 100, "total": 300, "currency": "CNY" },
    });
    let refunds = "/v3/refund/domestic/refunds";
    world
        .refused(
            refunds,
            with(refund.clone(), json!({ "out_trade_no": "order-1" })),
            "404 RESOURCE_NOT_EXISTS 订单不存在",
        )
        .await;
    let made = world.post(refunds, with(refund, json!({ "transaction_id": transaction }))).await;
    assert_eq!(made["amount"]["payer_refund"], 100);
    world.assert_state(LIFECYCLE, "order-1", "DONE");
    assert_eq!(resource.refunds().unwrap().len(), 1);
}

#[tokio::test]
async fn an_order_without_confirmation_needs_an_authorisation() {
    let world = World::start().await;
    let silent =
        with(order(&world, "order-1"), json!({ "need_user_confirm": false, "openid": OPENID }));
    let not_authorised = "403 NO_AUTH 用户未授权服务";
    world.refused(ORDERS, silent.clone(), not_authorised).await;
    let permission = json!({
        "service_id": SERVICE, "appid": APPID, "authorization_code": "code-1", "notify_url": world.url,
    });
    world.post("/v3/payscore/permissions", permission).await;
    world.refused(ORDERS, silent.clone(), not_authorised).await;
    let permission = world.resource("payscore/permission", "code-1");
    permission.event_with("authorise", json!({ "openid": OPENID })).unwrap();
    world.notification("PAYSCORE.USER_OPEN_SERVICE").await;
    let other_service = with(silent.clone(), json!({ "service_id": "500001" }));
    world.refused(ORDERS, other_service, not_authorised).await;
    let created = world.post(ORDERS, silent.clone()).await;
    assert_eq!(created["state_description"], "USER_CONFIRM");
    assert!(created.get("package").is_none(), "{created}");

    let terminate = "/v3/payscore/permissions/authorization-code/code-1/terminate";
    let body = json!({ "service_id": SERVICE, "reason": "不再使用" });
    world.refused(terminate, body.clone(), "400 INVALID_REQUEST 存在未完成订单").await;
    world
        .post(&at("order-1", "complete"), with(completion(0), json!({ "post_payments": [] })))
        .await;
    world.post(terminate, body).await;
    world.notification("PAYSCORE.USER_CLOSE_SERVICE").await;
    let next = with(silent, json!({ "out_order_no": "order-2" }));
    world.refused(ORDERS, next, not_authorised).await;
}

#[tokio::test]
async fn the_same_number_again() {
    let world = World::start().await;
    let first = world.post(ORDERS, order(&world, "order-1")).await;
    let again = world.post(ORDERS, order(&world, "order-1")).await;
    assert_eq!(first["order_id"], again["order_id"]);
    assert_ne!(first["package"], again["package"]);
    let other = with(order(&world, "order-1"), json!({ "service_introduction": "其他" }));
    let message = "订单重入参数校验失败";
    world.refused(ORDERS, other.clone(), &format!("400 INVALID_REQUEST {message}")).await;
    world.switch(LIFECYCLE, "other_parameters", "400 PARAM_ERROR");
    world.refused(ORDERS, other, &format!("400 PARAM_ERROR {message}")).await;
}

#[tokio::test]
async fn an_order_expires_after_30_days() {
    let world = World::start().await;
    world.post(ORDERS, order(&world, "order-1")).await;
    world.sandbox.advance(DAY * 29);
    world.assert_state(LIFECYCLE, "order-1", "CREATED");
    world.sandbox.advance(DAY * 2);
    assert_eq!(world.get(&query("order-1")).await["state"], "EXPIRED");
    world.assert_quiet().await;
    for action in ["complete", "modify", "cancel", "pay", "sync"] {
        world.refused(&at("order-1", action), body_of(action), WRONG_STATE).await;
    }
    assert_impossible(&world.resource(LIFECYCLE, "order-1"), "confirm");
}

fn body_of(action: &str) -> Value {
    match action {
        "complete" => completion(300),
        "modify" => modification(200),
        "cancel" => cancellation("用户投诉"),
        "pay" => json!({ "appid": APPID, "service_id": SERVICE }),
        _ => json!({
            "appid": APPID, "service_id": SERVICE, "type": "Order_Paid",
            "detail": { "paid_time": "20250101120000" },
        }),
    }
}

#[tokio::test]
async fn what_each_state_refuses() {
    let world = World::start().await;
    for action in ["complete", "modify", "cancel", "pay", "sync"] {
        world.refused(&at("nobody", action), body_of(action), NOT_EXIST).await;
    }
    world.refused_get(&query("nobody"), NOT_EXIST).await;
    world.post(ORDERS, order(&world, "created")).await;
    for action in ["complete", "modify", "pay", "sync"] {
        world.refused(&at("created", action), body_of(action), WRONG_STATE).await;
    }
    confirmed(&world, "confirmed").await;
    for action in ["modify", "pay", "sync"] {
        world.refused(&at("confirmed", action), body_of(action), WRONG_STATE).await;
    }
    completed(&world, "deducting").await;
    let deducting = world.resource(LIFECYCLE, "deducting");
    deducting.event("deduct").unwrap();
    for action in ["modify", "cancel", "pay"] {
        world.refused(&at("deducting", action), body_of(action), DEDUCTING).await;
    }
    world.refused(&at("deducting", "complete"), completion(300), WRONG_STATE).await;
    world.sandbox.advance(MINUTE * 3);
    world.assert_state(LIFECYCLE, "deducting", "USER_PAYING");
    deducting.event("deduct").unwrap().event("pay").unwrap();
    world.notification("PAYSCORE.USER_PAID").await;
    confirmed(&world, "free").await;
    world.post(&at("free", "complete"), with(completion(0), json!({ "post_payments": [] }))).await;
    let free = world.get(&query("free")).await;
    assert_eq!((&free["state"], &free["need_collection"]), (&json!("DONE"), &json!(false)));
    assert!(free.get("collection").is_none(), "{free}");
    for number in ["deducting", "free"] {
        for action in ["complete", "modify", "cancel", "pay", "sync"] {
            world.refused(&at(number, action), body_of(action), DONE).await;
        }
        for event in ["pay", "deduct", "fail", "confirm"] {
            assert_impossible(&world.resource(LIFECYCLE, number), event);
        }
    }
    world.post(&at("created", "cancel"), cancellation("用户投诉")).await;
    for action in ["complete", "modify", "pay", "sync"] {
        world.refused(&at("created", action), body_of(action), CANCELED).await;
    }
    world.assert_quiet().await;
}

#[tokio::test]
async fn refusals_of_older_times_are_switches() {
    let world = World::start().await;
    world.post(ORDERS, order(&world, "order-1")).await;
    for (choice, message) in
        [("400 INVALID_REQUEST", "当前订单状态不合法"), ("400 PARAM_ERROR", "完结订单状态不合法")]
    {
        for name in ["wrong_state", "canceled", "done"] {
            world.switch(LIFECYCLE, name, choice);
        }
        let complete = at("order-1", "complete");
        world.refused(&complete, completion(300), &format!("{choice} {message}")).await;
    }
    world.switch(LIFECYCLE, "other_service", "403 NO_AUTH");
    let other = query("order-1").replace(SERVICE, "500001");
    world.refused_get(&other, "403 NO_AUTH 商户信息不合法").await;
}

#[tokio::test]
async fn orders_are_cancelled() {
    let world = World::start().await;
    let orders = world.wx.v3().payscore().serviceorder();
    world.post(ORDERS, order(&world, "created")).await;
    confirmed(&world, "confirmed").await;
    for number in ["created", "confirmed"] {
        let cancel = orders.out_order_no(number).cancel();
        let cancel = || cancel.post(|r| r.appid(APPID).service_id(SERVICE).reason("用户投诉"));
        let first = ok(cancel()).await;
        assert_eq!(first["out_order_no"], number);
        assert_eq!(ok(cancel()).await, first);
        world.refused(&at(number, "cancel"), cancellation("别的原因"), CANCELED).await;
        assert_eq!(world.get(&query(number)).await["state"], "REVOKED");
    }
    let other = with(cancellation("用户投诉"), json!({ "service_id": "500001" }));
    world.post(ORDERS, order(&world, "other")).await;
    world.refused(&at("other", "cancel"), other, OTHER_SERVICE).await;

    completed(&world, "completed").await;
    let refusal = "400 PARAM_ERROR 当前订单状态不满足撤销条件";
    world.refused(&at("completed", "cancel"), cancellation("用户投诉"), refusal).await;
    world.switch(LIFECYCLE, "cancel.USER_PAYING", "REVOKED");
    world.post(&at("completed", "cancel"), cancellation("用户投诉")).await;
    world.assert_state(LIFECYCLE, "completed", "REVOKED");
    world.assert_quiet().await;
}

#[tokio::test]
async fn completing_has_rules() {
    let world = World::start().await;
    confirmed(&world, "order-1").await;
    let complete = at("order-1", "complete");
    let refuse = async |change: Value, refusal: &str| {
        world.refused(&complete, with(completion(300), change), refusal).await;
    };
    refuse(json!({ "total_amount": 299 }), WRONG_TOTAL).await;
    let discounts = json!([{ "name": "优惠", "description": "满减", "amount": 1 }]);
    refuse(json!({ "post_discounts": discounts }), WRONG_TOTAL).await;
    let twice = json!([
        { "name": "优惠", "description": "满减", "amount": 1 },
        { "name": "优惠", "description": "立减", "amount": 1 },
    ]);
    let repeated = "400 PARAM_ERROR body `post_discounts` has a name twice";
    refuse(json!({ "post_discounts": twice }), repeated).await;
    refuse(json!({ "service_id": "500001" }), OTHER_SERVICE).await;
    refuse(json!({ "appid": "wx0000000000000000" }), OTHER_SERVICE).await;
    world
        .refused(&complete, completion(10001), "400 PARAM_ERROR 总金额超过此服务的服务风险金额")
        .await;
    let no_end = "400 PARAM_ERROR 创建订单未填写服务结束时间,则结束时间必填";
    world.refused(&complete, without(completion(300), "time_range"), no_end).await;
    let before = json!({ "time_range": { "end_time": "20241231" } });
    refuse(before, "400 PARAM_ERROR 真实结束时间小于预计开始时间").await;
    for future in ["20990101000000", "20990101"] {
        let future = json!({ "time_range": { "end_time": future } });
        refuse(future, "400 PARAM_ERROR 实际结束时间不能晚于使用完结接口的时间").await;
    }
    world.assert_state(LIFECYCLE, "order-1", "DOING");

    world.post(&complete, completion(300)).await;
    world.post(&complete, completion(300)).await;
    world.refused(&complete, completion(299), WRONG_STATE).await;
    world.switch(LIFECYCLE, "complete.USER_PAYING", "refuse wrong_state");
    world.refused(&complete, completion(300), WRONG_STATE).await;

    let modify = at("order-1", "modify");
    let not_lower = "400 PARAM_ERROR 修改后的总金额必须低于修改前的总金额";
    world.refused(&modify, modification(300), not_lower).await;
    world
        .refused(&modify, with(modification(299), json!({ "total_amount": 1 })), WRONG_TOTAL)
        .await;
    let other = with(modification(299), json!({ "service_id": "500001" }));
    world.refused(&modify, other, OTHER_SERVICE).await;
    world.post(&modify, modification(299)).await;
    world.refused(&modify, modification(299), not_lower).await;
    let nothing = with(modification(0), json!({ "post_payments": [] }));
    world.post(&modify, nothing).await;
    world.assert_state(LIFECYCLE, "order-1", "DONE_FREE");
}

#[tokio::test]
async fn a_service_may_begin_with_the_acceptance_and_cost_more_than_estimated() {
    let world = World::start().await;
    let estimated = with(
        order(&world, "order-1"),
        json!({
            "risk_fund": { "name": "ESTIMATE_ORDER_COST", "amount": 100 },
            "time_range": { "start_time": "OnAccept", "end_time": "20250102" },
        }),
    );
    world.post(ORDERS, estimated).await;
    world.resource(LIFECYCLE, "order-1").event("confirm").unwrap();
    world.post(&at("order-1", "complete"), without(completion(300), "time_range")).await;
    assert_eq!(world.get(&query("order-1")).await["time_range"]["end_time"], "20250102");
}

#[tokio::test]
async fn a_payment_elsewhere_is_told() {
    let world = World::start().await;
    completed(&world, "order-1").await;
    let sync = world.wx.v3().payscore().serviceorder().out_order_no("order-1").sync();
    ok(sync.post(|r| {
        r.service_id(SERVICE)
            .r#type("Order_Paid")
            .appid(APPID)
            .detail(|d| d.paid_time("20250101120000"))
    }))
    .await;
    let paid = world.get(&query("order-1")).await;
    assert_eq!(paid["state"], "DONE");
    assert_eq!(
        paid["collection"]["details"],
        json!([{ "seq": 1, "amount": 300, "paid_type": "MCH", "paid_time": "20250101120000" }])
    );
    world.assert_quiet().await;
    completed(&world, "order-2").await;
    world.resource(LIFECYCLE, "order-2").event("deduct").unwrap();
    world.post(&at("order-2", "sync"), body_of("sync")).await;
    world.assert_state(LIFECYCLE, "order-2", "DONE");
}

#[tokio::test]
async fn an_order_is_found_by_exactly_one_number() {
    let world = World::start().await;
    confirmed(&world, "order-1").await;
    let object = world.resource(LIFECYCLE, "order-1").object().unwrap();
    let id = object["query_id"].as_str().unwrap();
    let by_id = format!("{ORDERS}?query_id={id}&service_id={SERVICE}&appid={APPID}");
    assert_eq!(world.get(&by_id).await["out_order_no"], "order-1");
    let refusal = "400 PARAM_ERROR out_order_no与query_id必须且只能填一个";
    world.refused_get(&format!("{by_id}&out_order_no=order-1"), refusal).await;
    world.refused_get(&query("order-1").replace(SERVICE, "500001"), OTHER_SERVICE).await;
    world.refused_get(&query("order-1").replace(APPID, "wx0000000000000000"), OTHER_SERVICE).await;
}

#[tokio::test]
async fn creating_and_completing_in_one() {
    let world = World::start().await;
    let path = format!("{ORDERS}/direct-complete");
    let both = json!({
        "out_order_no": "order-1",
        "appid": APPID,
        "service_id": SERVICE,
        "post_payments": [{ "name": "停车费", "amount": 300 }],
        "time_range": { "start_time": "20250101", "end_time": "20250102" },
        "total_amount": 300,
        "notify_url": world.url,
        "openid": OPENID,
    });
    let made = world.post(&path, both.clone()).await;
    assert_eq!(made["state_description"], "MCH_COMPLETE");
    assert_eq!(world.post(&path, both.clone()).await["order_id"], made["order_id"]);
    let other = with(both.clone(), json!({ "attach": "其他" }));
    world.refused(&path, other, "400 INVALID_REQUEST 订单重入参数校验失败").await;
    let next = with(both, json!({ "out_order_no": "order-2", "total_amount": 301 }));
    world.refused(&path, next.clone(), WRONG_TOTAL).await;
    let free = with(next, json!({ "post_payments": [{ "amount": 0 }], "total_amount": 0 }));
    assert_eq!(world.post(&path, free).await["need_collection"], false);
    world.resource(LIFECYCLE, "order-1").event("pay").unwrap();
    world.notification("PAYSCORE.USER_PAID").await;
}

#[tokio::test]
async fn partners_institutions_and_oversea_merchants_have_the_same_orders() {
    let world = World::start().await;
    for (orders, more, query) in [
        (
            "/v3/payscore/partner/serviceorder",
            json!({ "sub_mchid": "1900000109" }),
            "sub_mchid=1900000109",
        ),
        (
            "/v3/payscore/acquiringbank/serviceorder",
            json!({ "sub_mchid": "1900000109", "channel_id": "1230000110" }),
            "sub_mchid=1900000109&channel_id=1230000110",
        ),
    ] {
        let number = format!("order-{}", orders.len());
        let created = world.post(orders, with(order(&world, &number), more.clone())).await;
        assert_eq!(created["sub_mchid"], "1900000109");
        world.resource(LIFECYCLE, &number).event("confirm").unwrap();
        let notification = world.notification("PAYSCORE.USER_CONFIRM").await;
        notification.resource::<ServiceOrder>().unwrap();
        assert_eq!(content(&notification)["sub_mchid"], "1900000109");
        let at = |action: &str| format!("{orders}/{number}/{action}");
        let completed = with(completion(300), more.clone());
        assert_eq!(world.post(&at("complete"), completed).await, Value::Null);
        world.post(&at("modify"), with(modification(200), more.clone())).await;
        let queried = format!("{orders}?out_order_no={number}&service_id={SERVICE}&{query}");
        assert_eq!(world.get(&queried).await["total_amount"], 200);
        world.post(&at("sync"), with(body_of("sync"), more.clone())).await;
        world.refused(&at("cancel"), with(cancellation("用户投诉"), more), DONE).await;
    }
    let partner = "/v3/payscore/partner/serviceorder";
    let sub = json!({ "sub_mchid": "1900000109", "sub_appid": APPID });
    let both = json!({
        "out_order_no": "both", "appid": APPID, "service_id": SERVICE, "service_introduction": "停车",
        "post_payments": [{ "name": "停车费", "amount": 300 }], "total_amount": 300,
        "time_range": { "start_time": "20250101" }, "notify_url": world.url,
    });
    let both = with(both, sub.clone());
    assert_eq!(world.post(&format!("{partner}/direct-complete"), both).await, Value::Null);
    let collect = with(body_of("pay"), json!({ "sub_mchid": "1900000109" }));
    assert_eq!(world.post(&format!("{partner}/both/pay"), collect).await, Value::Null);
    world.resource(LIFECYCLE, "both").event("pay").unwrap();
    world.notification("PAYSCORE.USER_PAID").await;
    let oversea = "/v3/payscore/oversea/partner/serviceorder";
    let more = json!({ "sub_mchid": "1900000109", "currency": "HKD",
        "time_range": { "start_time": "2025-01-01T00:00:00+08:00" } });
    world.post(oversea, with(order(&world, "oversea"), more)).await;
    world.resource(LIFECYCLE, "oversea").event("confirm").unwrap();
    let end = json!({ "sub_mchid": "1900000109", "time_range": { "end_time": "2025-01-01T10:00:00+08:00" } });
    world
        .post(&format!("{oversea}/oversea/complete"), with(without(completion(300), "appid"), end))
        .await;
    world.assert_state(LIFECYCLE, "oversea", "USER_PAYING");
    let query = format!("{oversea}?out_order_no=oversea&service_id={SERVICE}&sub_mchid=1900000109");
    assert_eq!(world.get(&query).await["currency"], "HKD");
    let more = json!({
        "sub_mchid": "1900000109", "detail": { "paid_time": "2025-01-01T12:00:00+08:00" },
    });
    let sync = with(without(body_of("sync"), "appid"), more);
    world.post(&format!("{oversea}/oversea/sync"), sync).await;
    let cancel =
        with(without(cancellation("用户投诉"), "appid"), json!({ "sub_mchid": "1900000109" }));
    world.refused(&format!("{oversea}/oversea/cancel"), cancel, DONE).await;
}
