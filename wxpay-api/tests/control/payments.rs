//! Orders that are paid: by events, by what a front end is given, and on the pay page.

use serde_json::{Value, json};
use wxpay_api::protocol::ApiV2Key;
use wxpay_api::sandbox::{LifecycleError, Sandbox};

use crate::support::{APPID, Raw, order, order_as, start};

fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

async fn state(sandbox: &Sandbox, number: &str) -> Value {
    let got = Raw::get(&format!("/_sandbox/resources/{number}")).send(sandbox).await;
    assert_eq!(got.status, 200, "{}", got.body);
    got.json()["state"].clone()
}

/// Orders by JSAPI and returns the argument of `getBrandWCPayRequest`.
async fn jsapi(sandbox: &Sandbox, number: &str) -> Value {
    let order = order(sandbox, "jsapi", number).await;
    let prepay_id = order["prepay_id"].as_str().unwrap();
    let payment = sandbox.client().unwrap().invoke().jsapi(APPID, prepay_id).unwrap();
    serde_json::to_value(payment).unwrap()
}

#[tokio::test]
async fn an_event_over_http_pays_an_order() {
    let sandbox = start().await;
    order(&sandbox, "native", "order-1").await;
    let shown = Raw::get("/_sandbox/resources/order-1").send(&sandbox).await.json();
    assert_eq!(
        (&shown["lifecycle"], &shown["state"]),
        (&json!("pay/transaction"), &json!("NOTPAY"))
    );
    let names: Vec<_> =
        shown["events"].as_array().unwrap().iter().map(|event| event["name"].clone()).collect();
    assert!(names.contains(&json!("pay")) && names.contains(&json!("fail")), "{names:?}");

    let pay = json!({ "event": "pay", "inputs": { "payer_total": 6 } });
    let paid = Raw::post("/_sandbox/resources/order-1/events", &pay).send(&sandbox).await;
    assert_eq!((paid.status, &paid.json()["state"]), (200, &json!("SUCCESS")), "{}", paid.body);
    let query = "/v3/pay/transactions/out-trade-no/order-1?mchid=1230000109";
    let found = sandbox.client().unwrap().get(query).await.unwrap();
    assert_eq!(found["trade_state"], "SUCCESS");
    assert_eq!(found["amount"]["payer_total"], 6);

    // The same resource by its id, and by WeChat Pay's number.
    let id = format!("/_sandbox/resources/@{}", shown["id"]);
    assert_eq!(Raw::get(&id).send(&sandbox).await.json()["state"], "SUCCESS");
    assert_eq!(state(&sandbox, found["transaction_id"].as_str().unwrap()).await, "SUCCESS");
    let money = Raw::get("/_sandbox/money").send(&sandbox).await.json();
    assert_eq!(
        (&money["entries"][0]["kind"], &money["entries"][0]["amount"]),
        (&json!("payment"), &json!(7))
    );
    let notifications = Raw::get(&format!("/_sandbox/notifications?resource=@{}", shown["id"]));
    let notifications = notifications.send(&sandbox).await.json();
    assert_eq!(notifications["notifications"][0]["event_type"], "TRANSACTION.SUCCESS");

    let again = Raw::post("/_sandbox/resources/order-1/events", &pay).send(&sandbox).await;
    assert_eq!((again.status, again.code().as_str()), (409, "CONFLICT"));
    assert_eq!(again.json()["detail"]["state"], "SUCCESS");
    order(&sandbox, "native", "order-9").await;
    for (body, status, meant) in [
        (json!({ "event": "pya" }), 400, "did you mean `pay`?"),
        (json!({ "event": "pay", "inputs": { "payer_totla": 1 } }), 400, "payer_total"),
        (json!({ "event": "pay", "inputs": [1] }), 400, "`inputs` must be an object"),
        (json!({}), 400, "`event`"),
    ] {
        let got = Raw::post("/_sandbox/resources/order-9/events", &body).send(&sandbox).await;
        assert_eq!(got.status, status, "{body}: {}", got.body);
        assert!(got.json()["message"].as_str().unwrap().contains(meant), "{}", got.body);
    }
    let missing = Raw::get("/_sandbox/resources/order-2").send(&sandbox).await;
    assert_eq!(missing.status, 404);
    let message = missing.json()["message"].as_str().unwrap().to_owned();
    assert!(message.contains("did you mean `order-"), "{message}");
}

#[tokio::test]
async fn resources_are_listed_by_what_they_are() {
    let sandbox = start().await;
    for number in ["order-1", "order-2", "order-3"] {
        order(&sandbox, "native", number).await;
    }
    sandbox.order("order-2").unwrap().pay().unwrap();
    let list = |query: &str| Raw::get(&format!("/_sandbox/resources{query}"));
    let all = list("").send(&sandbox).await.json();
    assert_eq!(
        (&all["total"], &all["resources"][0]["keys"]["out_trade_no"]),
        (&json!(3), &json!("order-3"))
    );
    let paid = list("?lifecycle=pay/transaction&state=SUCCESS").send(&sandbox).await.json();
    assert_eq!(
        (&paid["total"], &paid["resources"][0]["keys"]["out_trade_no"]),
        (&json!(1), &json!("order-2"))
    );
    let page = list("?skip=1&limit=1").send(&sandbox).await.json();
    assert_eq!(page["resources"].as_array().unwrap().len(), 1);
    assert_eq!(list("?number=order-1").send(&sandbox).await.json()["total"], 1);
    assert_eq!(list("?account=1900000200").send(&sandbox).await.json()["total"], 0);
    assert_eq!(list("?lifecycle=pay/transactoin").send(&sandbox).await.status, 404);
    assert_eq!(list("?limit=x").send(&sandbox).await.status, 400);
}

#[tokio::test]
async fn rust_pays_with_what_a_front_end_is_given() {
    let sandbox = start().await;
    let given = jsapi(&sandbox, "order-1").await;
    let opened = sandbox.open_payment(&given).unwrap();
    assert_eq!(opened.resource().unwrap().state().unwrap(), "NOTPAY");
    opened.fail().unwrap();
    assert_eq!(sandbox.order("order-1").unwrap().state().unwrap(), "NOTPAY");
    opened.pay().unwrap();
    assert_eq!(sandbox.order("order-1").unwrap().state().unwrap(), "SUCCESS");
    let again = sandbox.open_payment(&given).unwrap().pay().unwrap_err();
    assert!(matches!(again, LifecycleError::NotPossible { .. }), "{again}");
}

/// An order whose response a test planned was not made: nothing can be paid.
#[tokio::test]
async fn an_order_that_is_not_remembered_cannot_be_paid() {
    let sandbox = start().await;
    order_as(&sandbox, "jsapi", "order-1", "wx1").await;
    let payment = sandbox.client().unwrap().invoke().jsapi(APPID, "wx1").unwrap();
    let opened = sandbox.open_payment(&payment).unwrap();
    assert!(matches!(opened.pay().unwrap_err(), LifecycleError::UnknownResource { .. }));
    assert!(opened.resource().is_err());
}

#[tokio::test]
async fn http_pays_with_what_a_front_end_is_given() {
    let sandbox = start().await;
    let given = jsapi(&sandbox, "order-1").await;
    for (action, expected) in [("cancel", "NOTPAY"), ("fail", "NOTPAY"), ("pay", "SUCCESS")] {
        let body = json!({ "parameters": given, "action": action });
        let got = Raw::post("/_sandbox/front-end/pay", &body).send(&sandbox).await;
        assert_eq!(
            (got.status, &got.json()["resource"]["state"]),
            (200, &json!(expected)),
            "{}",
            got.body
        );
    }
    let body = json!({ "parameters": given });
    let again = Raw::post("/_sandbox/front-end/pay", &body).send(&sandbox).await;
    assert_eq!((again.status, &again.json()["detail"]["state"]), (409, &json!("SUCCESS")));
    let mut wrong = given.clone();
    wrong["paySign"] = json!("AAAA");
    let got =
        Raw::post("/_sandbox/front-end/pay", &json!({ "parameters": wrong })).send(&sandbox).await;
    assert_eq!(got.status, 422);
}

#[tokio::test]
async fn each_kind_of_order_is_paid() {
    let sandbox = start().await;
    let invoke = sandbox.client().unwrap().invoke();
    let app = order(&sandbox, "app", "order-app").await;
    let app = invoke.app(APPID, app["prepay_id"].as_str().unwrap()).unwrap();
    sandbox.open_payment(&app).unwrap().pay().unwrap();
    let h5 = order(&sandbox, "h5", "order-h5").await;
    sandbox.open_payment(&h5["h5_url"]).unwrap().pay().unwrap();
    let native = order(&sandbox, "native", "order-native").await;
    let code_url = native["code_url"].as_str().unwrap();
    assert!(code_url.starts_with("weixin://wxpay/bizpayurl?pr="), "{code_url}");
    sandbox.open_payment(code_url).unwrap().pay().unwrap();
    for number in ["order-app", "order-h5", "order-native"] {
        assert_eq!(sandbox.order(number).unwrap().state().unwrap(), "SUCCESS", "{number}");
    }
}

/// The numbers of two merchants may be the same: the credential's merchant counts.
#[tokio::test]
async fn the_order_of_the_right_merchant_is_paid() {
    let sandbox = start().await;
    let other = sandbox.add_merchant("1900000200").unwrap();
    order(&sandbox, "native", "order-1").await;
    let wx = other.client().unwrap();
    let theirs = crate::support::order_with(&wx, "1900000200", "native", "order-1").await;
    sandbox.open_payment(&theirs["code_url"]).unwrap().pay().unwrap();
    let list = Raw::get("/_sandbox/resources?number=order-1").send(&sandbox).await.json();
    let states: Vec<_> = list["resources"]
        .as_array()
        .unwrap()
        .iter()
        .map(|resource| (resource["owner"].clone(), resource["state"].clone()))
        .collect();
    assert!(states.contains(&(json!("1900000200"), json!("SUCCESS"))), "{states:?}");
    assert!(states.contains(&(json!("1230000109"), json!("NOTPAY"))), "{states:?}");
}

#[tokio::test]
async fn a_click_on_the_pay_page_pays() {
    let sandbox = start().await;
    let native = order(&sandbox, "native", "order-1").await;
    let target =
        format!("/_sandbox/pay?code_url={}", encoded(native["code_url"].as_str().unwrap()));
    let page = Raw::get(&target).header("Accept-Language", "en").send(&sandbox).await;
    assert!(page.body.contains("¥0.07"), "{}", page.body);
    assert!(page.body.contains("QQ公仔 &lt;b&gt;&amp;&quot;&#39;"), "{}", page.body);
    let click = Raw::new("POST", &format!("{target}&do=pay")).header("Origin", sandbox.url());
    let got = click.clone().send(&sandbox).await;
    assert_eq!(got.status, 303, "{}", got.body);
    let page =
        Raw::get(got.header("location")).header("Accept-Language", "en").send(&sandbox).await;
    assert!(page.body.contains("Paid.") && page.body.contains("SUCCESS"), "{}", page.body);
    assert_eq!(state(&sandbox, "order-1").await, "SUCCESS");
    // A second click, and the page opened again.
    assert_eq!(click.send(&sandbox).await.status, 409);
    let page = Raw::get(&target).header("Accept-Language", "en").send(&sandbox).await;
    assert!(
        page.body.contains("cannot be paid now") && !page.body.contains("do=pay"),
        "{}",
        page.body
    );
}

#[tokio::test]
async fn an_h5_page_pays_and_returns_to_the_shop() {
    let sandbox = start().await;
    let h5 = order(&sandbox, "h5", "order-1").await;
    let url = h5["h5_url"].as_str().unwrap();
    let url =
        sandbox.client().unwrap().invoke().h5(url, "https://shop.example/done?order=1").unwrap();
    let target = url.strip_prefix(sandbox.url()).unwrap();
    let click = Raw::new("POST", &format!("{target}&do=pay")).header("Origin", sandbox.url());
    let got = click.send(&sandbox).await;
    assert_eq!(got.status, 303, "{}", got.body);
    let page = Raw::get(got.header("location")).send(&sandbox).await;
    assert!(page.body.contains("href=\"https://shop.example/done?order=1\""), "{}", page.body);
    assert_eq!(state(&sandbox, "order-1").await, "SUCCESS");
}

#[tokio::test]
async fn switches_clock_and_reset_work_over_http() {
    let sandbox = start().await;
    let switches = Raw::get("/_sandbox/switches").send(&sandbox).await.json();
    let first = switches["switches"][0].clone();
    let choice = first["choices"].as_array().unwrap().last().unwrap().clone();
    let body = json!({ "lifecycle": first["lifecycle"], "name": first["name"], "choice": choice });
    let got = Raw::json("PUT", "/_sandbox/switches", &body).send(&sandbox).await;
    assert_eq!((got.status, &got.json()["chosen"]), (200, &choice), "{}", got.body);

    order(&sandbox, "native", "order-1").await;
    let before = Raw::get("/_sandbox/clock").send(&sandbox).await.json();
    let moved = Raw::post("/_sandbox/clock/advance", &json!({ "by": "8d" })).send(&sandbox).await;
    assert_ne!(moved.json()["now"], before["now"]);
    assert_eq!(state(&sandbox, "order-1").await, "CLOSED");

    assert_eq!(Raw::post("/_sandbox/reset", &json!({})).send(&sandbox).await.status, 204);
    let list = Raw::get("/_sandbox/resources").send(&sandbox).await.json();
    assert_eq!(list["total"], 0);
    let switches = Raw::get("/_sandbox/switches").send(&sandbox).await.json();
    assert_eq!(switches["switches"][0]["chosen"], first["chosen"]);
    assert_eq!(Raw::get("/_sandbox/requests").send(&sandbox).await.json()["last"], 0);
}

#[tokio::test]
async fn lifecycles_are_described() {
    let sandbox = start().await;
    let lifecycles = Raw::get("/_sandbox/lifecycles").send(&sandbox).await.json();
    let payment = lifecycles["lifecycles"]
        .as_array()
        .unwrap()
        .iter()
        .find(|lifecycle| lifecycle["name"] == "pay/transaction")
        .unwrap()
        .clone();
    assert_eq!(payment["keys"][0], "out_trade_no");
    assert!(payment["states"].as_array().unwrap().iter().any(|state| state["name"] == "NOTPAY"));
    assert!(payment["events"].as_array().unwrap().iter().any(|event| event["name"] == "pay"));
}

#[tokio::test]
async fn payscore_orders_are_confirmed_and_services_authorised() {
    let sandbox = start().await;
    let wx = sandbox.client().unwrap();
    let key = ApiV2Key::new(sandbox.apiv2_key()).unwrap();
    let body = json!({
        "out_order_no": "score-1", "appid": APPID, "service_id": "500001",
        "service_introduction": "某某酒店", "notify_url": "https://shop.example/notify",
        "time_range": { "start_time": "OnAccept" },
        "risk_fund": { "name": "ESTIMATE_ORDER_COST", "amount": 100 },
    });
    let order = wx.post("/v3/payscore/serviceorder", body).await.unwrap();
    let package = order["package"].as_str().unwrap();
    let jump = wx.invoke().payscore_confirm(package, &key).unwrap();
    let opened = sandbox.open_payment(jump.mini_program()).unwrap();
    opened.pay().unwrap();
    let order = sandbox.resource("payscore/service-order", "score-1").unwrap();
    assert_eq!(order.state().unwrap(), "DOING");

    let body = json!({ "appid": APPID, "service_id": "500001", "authorization_code": "code-1" });
    let asked = wx.post("/v3/payscore/permissions", body).await.unwrap();
    let token = asked["apply_permissions_token"].as_str().unwrap();
    let jump = wx.invoke().payscore_enable(token).unwrap();
    sandbox.open_payment(jump.mini_program()).unwrap().pay().unwrap();
    let permission = sandbox.resource("payscore/permission", "code-1").unwrap();
    assert_eq!(permission.state().unwrap(), "AVAILABLE");
}

#[cfg(feature = "full")]
#[tokio::test]
async fn a_transfer_is_confirmed_by_its_receiver() {
    let sandbox = start().await;
    let wx = sandbox.client().unwrap();
    let body = json!({
        "appid": APPID, "out_bill_no": "bill1", "transfer_scene_id": "1000",
        "openid": "o-MYE42l80oelYMDE34nYD456Xoy", "transfer_amount": 100, "transfer_remark": "报销",
        "transfer_scene_report_infos": [
            { "info_type": "活动名称", "info_content": "新会员有礼" },
            { "info_type": "奖励说明", "info_content": "注册会员抽奖一等奖" },
        ],
    });
    let bill = wx.post("/v3/fund-app/mch-transfer/transfer-bills", body).await.unwrap();
    let package = bill["package_info"].as_str().unwrap();
    let transfer = wx.invoke().merchant_transfer(APPID, package).unwrap();
    let opened = sandbox.open_payment(&transfer).unwrap();
    opened.fail().unwrap();
    opened.pay().unwrap();
    let bill = sandbox.resource("fund-app/transfer-bill", "bill1").unwrap();
    assert_eq!(bill.state().unwrap(), "TRANSFERING");
}

#[cfg(feature = "combine-transactions")]
#[tokio::test]
async fn a_combined_order_is_paid_as_a_whole() {
    let sandbox = start().await;
    let wx = sandbox.client().unwrap();
    let part = |number: &str| {
        json!({
            "mchid": "1230000109", "attach": "x", "out_trade_no": number, "description": "QQ公仔",
            "amount": { "total_amount": 5, "currency": "CNY" },
        })
    };
    let body = json!({
        "combine_appid": APPID, "combine_mchid": "1230000109", "combine_out_trade_no": "combined-1",
        "sub_orders": [part("part-1"), part("part-2")],
        "combine_payer_info": { "openid": "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o" },
        "notify_url": "https://shop.example/notify",
    });
    let order = wx.post("/v3/combine-transactions/jsapi", body).await.unwrap();
    let payment = wx.invoke().jsapi(APPID, order["prepay_id"].as_str().unwrap()).unwrap();
    let parameters = serde_json::to_value(&payment).unwrap();
    let shown = crate::support::verify(&sandbox, &parameters).await.json();
    assert_eq!(shown["amount"], 10, "{shown}");
    sandbox.open_payment(&payment).unwrap().pay().unwrap();
    for number in ["part-1", "part-2"] {
        assert_eq!(sandbox.order(number).unwrap().object().unwrap()["trade_state"], "SUCCESS");
    }
}

#[tokio::test]
async fn lifecycles_tell_what_leads_from_state_to_state() {
    let sandbox = start().await;
    let lifecycles = Raw::get("/_sandbox/lifecycles").send(&sandbox).await.json();
    let lifecycles = lifecycles["lifecycles"].as_array().unwrap();
    let payments = lifecycles.iter().find(|it| it["name"] == "pay/transaction").unwrap();
    let causes = |from: Value, to: &str| {
        let arrows = payments["arrows"].as_array().unwrap();
        let mut fitting = arrows.iter().filter(|it| it["from"] == from && it["to"] == to);
        let causes = fitting.next().map_or(Value::Null, |arrow| arrow["by"].clone());
        assert!(fitting.next().is_none(), "a pair of states has one arrow");
        causes
    };
    let prepay = json!({ "name": "prepay", "title": "", "kind": "operation" });
    assert_eq!(causes(Value::Null, "NOTPAY"), json!([prepay]));
    let pay = json!({ "name": "pay", "title": "用户支付", "kind": "event" });
    assert_eq!(causes(json!("NOTPAY"), "SUCCESS"), json!([pay]));
    let closed = causes(json!("NOTPAY"), "CLOSED").to_string();
    assert!(closed.contains("close") && closed.contains("expire"), "{closed}");
    assert_eq!(causes(json!("CLOSED"), "SUCCESS"), Value::Null, "a refusal is no way");
    // Every arrow joins states of the lifecycle.
    for lifecycle in lifecycles {
        let states = lifecycle["states"].as_array().unwrap();
        let is_state = |name: &Value| states.iter().any(|state| state["name"] == *name);
        for arrow in lifecycle["arrows"].as_array().unwrap() {
            let from = &arrow["from"];
            assert!(is_state(&arrow["to"]) && (from.is_null() || is_state(from)), "{arrow}");
            assert!(!arrow["by"].as_array().unwrap().is_empty(), "{arrow}");
        }
    }
}

#[tokio::test]
async fn notifications_and_money_are_listed_in_pages() {
    let sandbox = start().await;
    for number in 1..=5 {
        order(&sandbox, "native", &format!("order-{number}")).await;
        sandbox.order(&format!("order-{number}")).unwrap().pay().unwrap();
    }
    sandbox.notifications_settled().await;
    let get = async |path: &str| Raw::get(&format!("/_sandbox{path}")).send(&sandbox).await.json();
    let all = get("/notifications").await;
    assert_eq!(
        (all["total"].clone(), all["notifications"].as_array().unwrap().len()),
        (json!(5), 5)
    );
    let page = get("/notifications?skip=1&limit=2").await;
    let numbers = page["notifications"].as_array().unwrap().iter().map(|it| it["number"].clone());
    assert_eq!(numbers.collect::<Vec<_>>(), ["order-3", "order-4"]);
    assert_eq!(page["total"], 5);
    let id = page["notifications"][0]["id"].as_str().unwrap();
    assert_eq!(get(&format!("/notifications?id={id}")).await["total"], 1);
    assert_eq!(get("/notifications?acknowledged=true").await["total"], 0);
    assert_eq!(get("/notifications?acknowledged=false&skip=9").await["notifications"], json!([]));
    let page = get("/money?skip=4&limit=9").await;
    assert_eq!((page["total"].clone(), page["entries"].as_array().unwrap().len()), (json!(5), 1));
}

#[tokio::test]
async fn the_journal_tells_when_a_request_came_and_why_it_was_refused() {
    let sandbox = start().await;
    order(&sandbox, "native", "order-1").await;
    let wx = sandbox.client().unwrap();
    let query = "/v3/pay/transactions/out-trade-no/order-2?mchid=1230000109";
    wx.get(query).await.unwrap_err();
    let listed = Raw::get("/_sandbox/requests").send(&sandbox).await.json();
    let (ordered, refused) = (&listed["requests"][0], &listed["requests"][1]);
    assert_eq!(ordered["refusal"], Value::Null);
    assert_eq!(refused["refusal"], "ORDER_NOT_EXIST: 订单不存在");
    let times = [ordered, refused].map(|it| it["time"].as_str().unwrap().to_owned());
    assert!(times[0] <= times[1] && times[0].ends_with("+08:00"), "{times:?}");
    let received = sandbox.received();
    assert_eq!(received[1].refusal.as_deref(), refused["refusal"].as_str());
}
