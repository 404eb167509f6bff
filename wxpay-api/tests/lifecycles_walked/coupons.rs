//! `marketing-favor/stock`, `marketing-favor/coupon` and `marketing-favor/callback`.

use serde_json::{Value, json};
use wxpay_api::v3::marketing::favor::types::StockStatus;

use crate::support::{APPID, OPENID, World, with};

const STOCKS: &str = "/v3/marketing/favor/coupon-stocks";
const REFUSED: &str = "400 INVALID_REQUEST";
const MISSING: &str = "404 RESOURCE_NOT_EXISTS";
const DAY: u64 = 86_400;

fn coupons(openid: &str) -> String {
    format!("/v3/marketing/favor/users/{openid}/coupons")
}

impl World {
    pub(crate) fn stock(&self, number: &str) -> Value {
        json!({
            "out_request_no": number,
            "stock_name": "满减券",
            "comment": "周年庆",
            "belong_merchant": self.mchid(),
            "available_begin_time": self.time_after(0),
            "available_end_time": self.time_after(10 * DAY),
            "stock_use_rule": {
                "max_coupons": 3, "max_amount": 50, "max_coupons_per_user": 2,
                "natural_person_limit": false, "prevent_api_abuse": false,
            },
            "coupon_use_rule": {
                "fixed_normal_coupon": { "coupon_amount": 20, "transaction_minimum": 100 },
            },
            "no_cash": false,
            "stock_type": "NORMAL",
        })
    }

    async fn create_stock(&self, stock: Value) -> String {
        self.post(STOCKS, stock).await["stock_id"].as_str().unwrap().to_owned()
    }

    pub(crate) async fn running_stock(&self, stock: Value) -> String {
        let id = self.create_stock(stock).await;
        self.post(change(&id, "start"), self.creator()).await;
        id
    }

    fn creator(&self) -> Value {
        json!({ "stock_creator_mchid": self.mchid() })
    }

    pub(crate) fn send(&self, stock_id: &str, number: &str) -> Value {
        json!({
            "stock_id": stock_id, "out_request_no": number, "appid": APPID,
            "stock_creator_mchid": self.mchid(),
        })
    }

    async fn stock_status(&self, id: &str) -> String {
        let target = format!("/v3/marketing/favor/stocks/{id}");
        let stock = self.get(format!("{target}?stock_creator_mchid={}", self.mchid())).await;
        stock["status"].as_str().unwrap().to_owned()
    }
}

fn change(id: &str, how: &str) -> String {
    format!("/v3/marketing/favor/stocks/{id}/{how}")
}

#[tokio::test]
async fn a_stock_is_started_paused_restarted_and_stopped() {
    let world = World::start().await;
    let stock = world.stock("stock-1");
    let id = world.create_stock(stock.clone()).await;
    assert_eq!(world.create_stock(stock.clone()).await, id);
    let other = with(stock, "stock_name", "另一批次");
    assert_eq!(world.refused(STOCKS, other).await, "400 RESOURCE_ALREADY_EXISTS");
    let typed = world.wx.v3().marketing().favor().stocks().stock_id(&id);
    let created = typed.get(|r| r.stock_creator_mchid(world.mchid())).await.unwrap();
    assert_eq!(created.status, StockStatus::Unactivated);
    assert_eq!(created.description, "周年庆");
    let rule = created.stock_use_rule.unwrap().fixed_normal_coupon.unwrap();
    assert_eq!(rule.coupon_amount, Some(20));

    let creator = world.creator();
    let stranger = json!({ "stock_creator_mchid": "1900000110" });
    for how in ["start", "pause", "restart", "stop"] {
        assert_eq!(world.refused(change("9", how), creator.clone()).await, MISSING);
        let refused = world.refused(change(&id, how), stranger.clone()).await;
        let in_state = matches!(how, "start" | "stop");
        assert_eq!(refused, if in_state { MISSING } else { REFUSED }, "{how}");
    }
    let query = format!("/v3/marketing/favor/stocks/{id}");
    let other = world.refused_get(format!("{query}?stock_creator_mchid=1900000110")).await;
    assert_eq!(other, MISSING);
    let unknown = format!("/v3/marketing/favor/stocks/9?stock_creator_mchid={}", world.mchid());
    assert_eq!(world.refused_get(unknown).await, MISSING);

    let started = world.post(change(&id, "start"), creator.clone()).await;
    assert_eq!(world.refused(change(&id, "restart"), creator.clone()).await, REFUSED);
    world.advance(60);
    assert_eq!(world.post(change(&id, "start"), creator.clone()).await, started);
    for _ in 0..2 {
        let paused = world.post(change(&id, "pause"), creator.clone()).await;
        assert_eq!(world.stock_status(&id).await, "paused");
        assert_eq!(world.refused(change(&id, "start"), creator.clone()).await, REFUSED);
        world.advance(60);
        assert_eq!(world.post(change(&id, "pause"), creator.clone()).await, paused);
        let again = world.post(change(&id, "restart"), creator.clone()).await;
        assert_eq!(world.stock_status(&id).await, "running");
        world.advance(60);
        assert_eq!(world.post(change(&id, "restart"), creator.clone()).await, again);
    }
    world.post(change(&id, "pause"), creator.clone()).await;
    let stopped = world.post(change(&id, "stop"), creator.clone()).await;
    assert!(stopped["stop_time"].is_string());
    assert_eq!(world.stock_status(&id).await, "stoped");
    for how in ["start", "pause", "restart", "stop"] {
        assert_eq!(world.refused(change(&id, how), creator.clone()).await, REFUSED, "{how}");
    }
    for how in ["created", "running"] {
        let id = match how {
            "created" => world.create_stock(world.stock(how)).await,
            _ => world.running_stock(world.stock(how)).await,
        };
        world.post(change(&id, "stop"), creator.clone()).await;
        assert_eq!(world.stock_status(&id).await, "stoped");
    }
}

#[tokio::test]
async fn a_stock_ends_with_its_time() {
    let world = World::start().await;
    let (creator, mut stocks) = (world.creator(), Vec::new());
    for number in ["created", "running", "paused"] {
        let id = world.create_stock(world.stock(number)).await;
        if number != "created" {
            world.post(change(&id, "start"), creator.clone()).await;
        }
        if number == "paused" {
            world.post(change(&id, "pause"), creator.clone()).await;
        }
        stocks.push(id);
    }
    world.advance(10 * DAY + 2);
    for id in stocks {
        assert_eq!(world.stock_status(&id).await, "stoped");
    }
}

#[tokio::test]
async fn stocks_are_listed_in_pages() {
    let world = World::start().await;
    let mut ids = Vec::new();
    for index in 0..5 {
        ids.push(world.create_stock(world.stock(&format!("stock-{index}"))).await);
        world.advance(60);
    }
    world.post(change(&ids[1], "start"), world.creator()).await;
    let list = |more: &str| {
        let base = "/v3/marketing/favor/stocks";
        format!("{base}?offset=0&limit=10&stock_creator_mchid={}{more}", world.mchid())
    };
    let found = |page: &Value| {
        let data = page["data"].as_array().unwrap().iter();
        data.map(|stock| stock["stock_id"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let all = world.get(list("")).await;
    assert_eq!(all["total_count"], 5, "{all:#}");
    assert_eq!(found(&all), ids);
    let running = world.get(list("&status=running")).await;
    assert_eq!(found(&running), [ids[1].clone()]);
    let escape = |time: String| time.replace('+', "%2B").replace(':', "%3A");
    let recent = escape(all["data"][3]["create_time"].as_str().unwrap().to_owned());
    assert_eq!(found(&world.get(list(&format!("&create_start_time={recent}"))).await), ids[3..]);
    assert_eq!(found(&world.get(list(&format!("&create_end_time={recent}"))).await), ids[..4]);
    let stranger = "/v3/marketing/favor/stocks?offset=0&limit=10&stock_creator_mchid=1900000110";
    assert_eq!(world.get(stranger).await["total_count"], 0);
    let second = list("").replace("offset=0&limit=10", "offset=1&limit=2");
    assert_eq!(found(&world.get(second).await), ids[2..4]);
}

#[tokio::test]
async fn coupons_are_sent_within_the_limits_of_their_stock() {
    let world = World::start().await;
    let target = coupons(OPENID);
    assert_eq!(world.refused(&target, world.send("9", "send-1")).await, MISSING);
    let id = world.create_stock(world.stock("stock-1")).await;
    assert_eq!(world.refused(&target, world.send(&id, "send-1")).await, REFUSED);
    world.post(change(&id, "start"), world.creator()).await;
    let stranger = with(world.send(&id, "send-1"), "stock_creator_mchid", "1900000110");
    assert_eq!(world.refused(&target, stranger).await, MISSING);
    let first = world.post(&target, world.send(&id, "send-1")).await;
    assert_eq!(world.post(&target, world.send(&id, "send-1")).await, first);
    let other = with(world.send(&id, "send-1"), "coupon_value", 7);
    assert_eq!(world.refused(&target, other).await, "400 RESOURCE_ALREADY_EXISTS");
    world.post(&target, world.send(&id, "send-2")).await;
    let third = world.send(&id, "send-3");
    assert_eq!(world.refused(&target, third.clone()).await, "403 REQUEST_BLOCKED");
    // 50 fen are no third coupon of 20 fen.
    assert_eq!(world.refused(coupons("oOther"), third.clone()).await, "403 NOT_ENOUGH");
    let small = with(with(third, "coupon_value", 10), "coupon_minimum", 50);
    world.post(coupons("oOther"), small).await;
    let fourth = with(world.send(&id, "send-4"), "coupon_value", 0);
    assert_eq!(world.refused(coupons("oThird"), fourth.clone()).await, "403 NOT_ENOUGH");
    world.post(change(&id, "pause"), world.creator()).await;
    assert_eq!(world.refused(coupons("oThird"), fourth).await, REFUSED);

    let later = with(world.stock("stock-2"), "available_begin_time", world.time_after(DAY));
    let id = world.running_stock(later).await;
    let early = world.send(&id, "send-5");
    assert_eq!(world.refused(&target, early.clone()).await, "403 REQUEST_BLOCKED");
    world.advance(DAY + 1);
    world.post(&target, early).await;
    let query = format!("/v3/marketing/favor/stocks/{id}?stock_creator_mchid={}", world.mchid());
    assert_eq!(world.get(query).await["distributed_coupons"], 1);
}

#[tokio::test]
async fn a_coupon_is_used_recovered_or_expires() {
    let world = World::start().await;
    let callback = "/v3/marketing/favor/callbacks";
    let asked = format!("{callback}?mchid={}", world.mchid());
    assert_eq!(world.refused_get(&asked).await, MISSING);
    for path in ["first", "second"] {
        let url = format!("{}/{path}", world.sandbox.dead_url());
        let body = json!({ "mchid": world.mchid(), "notify_url": url });
        let set = world.post(callback, body.clone()).await;
        assert_eq!(set["notify_url"], url);
        world.post(callback, body).await;
        assert_eq!(world.get(&asked).await["notify_url"], url);
    }
    let rule = json!({
        "max_coupons": 9, "max_amount": 900, "max_coupons_per_user": 9,
        "natural_person_limit": false, "prevent_api_abuse": false,
    });
    let id = world.running_stock(with(world.stock("stock-1"), "stock_use_rule", rule)).await;
    let mut ids = Vec::new();
    for index in 0..3 {
        let sent = world.post(coupons(OPENID), world.send(&id, &format!("send-{index}"))).await;
        ids.push(sent["coupon_id"].as_str().unwrap().to_owned());
    }
    let query = |id: &str| format!("{}/{id}?appid={APPID}", coupons(OPENID));
    let typed = world.wx.v3().marketing().favor().users().openid(OPENID).coupons();
    let coupon = typed.coupon_id(&ids[0]).get(|r| r.appid(APPID)).await.unwrap();
    assert_eq!(coupon.normal_coupon_information.unwrap().coupon_amount, Some(20));
    let sended = world.get(query(&ids[0])).await;
    assert_eq!(sended["status"], "SENDED");
    assert_eq!(sended["coupon_name"], "满减券");
    assert_eq!(sended["description"], "周年庆");
    assert!(sended.get("consume_information").is_none());
    assert_eq!(world.refused_get(query("9")).await, MISSING);
    let stranger = query(&ids[0]).replace(OPENID, "oOther");
    assert_eq!(world.refused_get(stranger).await, MISSING);

    let coupon = |id: &str| world.resource("marketing-favor/coupon", id);
    coupon(&ids[0]).event("use").unwrap();
    coupon(&ids[1]).event("recover").unwrap();
    let used = world.get(query(&ids[0])).await;
    assert_eq!(used["status"], "USED");
    assert_eq!(used["consume_information"]["consume_amount"], 20);
    let sent = coupon(&ids[0]).notifications();
    assert_eq!(sent.len(), 1);
    assert_eq!(sent[0].event_type, "COUPON.USE");
    assert_eq!(sent[0].url.as_deref().unwrap().rsplit('/').next(), Some("second"));
    assert_eq!(world.get(query(&ids[1])).await["status"], "RECOVER");
    let list = |more: &str| format!("{}?appid={APPID}{more}", coupons(OPENID));
    assert_eq!(world.get(list("")).await["total_count"], 3);
    assert_eq!(world.get(list("&status=USED")).await["data"][0]["coupon_id"], ids[0]);
    assert_eq!(world.get(list("&stock_id=9")).await["total_count"], 0);
    assert_eq!(world.get(list("&creator_mchid=1900000110")).await["total_count"], 0);
    let other = list("").replace(APPID, "wxother");
    assert_eq!(world.get(other).await["total_count"], 0);
    let other = list("").replace(OPENID, "oOther");
    assert_eq!(world.get(other).await["total_count"], 0);
    world.advance(10 * DAY + 2);
    assert_eq!(world.get(query(&ids[2])).await["status"], "EXPIRED");
    assert_eq!(world.get(query(&ids[0])).await["status"], "USED");
    for event in ["use", "recover", "expire"] {
        for id in &ids {
            assert!(coupon(id).event(event).is_err());
        }
    }
}

#[tokio::test]
async fn a_stock_may_be_audited_first() {
    let world = World::start().await;
    world.switch("marketing-favor/stock", "create.creates", "AUDIT");
    let id = world.create_stock(world.stock("stock-1")).await;
    assert_eq!(world.stock_status(&id).await, "audit");
    assert_eq!(world.refused(change(&id, "start"), world.creator()).await, REFUSED);
    world.resource("marketing-favor/stock", "stock-1").event("pass_audit").unwrap();
    assert_eq!(world.stock_status(&id).await, "unactivated");
}

#[tokio::test]
async fn coupons_are_for_the_users_of_a_bound_appid() {
    let world = World::start().await;
    let id = world.running_stock(world.stock("stock-1")).await;
    let set = |name: &str, value: Value| {
        world.sandbox.set("marketing-favor/coupon", name, value).unwrap();
    };
    set("appid", json!("wx0000000000000000"));
    let send = world.send(&id, "coupon-1");
    let refused = world.refused(coupons(OPENID), send.clone()).await;
    assert_eq!(refused, "400 APPID_MCHID_NOT_MATCH");
    set("appid", json!(APPID));
    set("user_account_abnormal", json!(true));
    let refused = world.refused(coupons(OPENID), send.clone()).await;
    assert_eq!(refused, "403 USER_ACCOUNT_ABNORMAL");
    set("user_account_abnormal", json!(false));
    world.post(coupons(OPENID), send).await;
}
