//! `profitsharing/…` as platforms (电商收付通) and brands use it: other names and words, the same money.

use serde_json::{Value, json};
use wxpay_api::sandbox::SandboxResource;
use wxpay_api::v3::{brand, ecommerce};

use crate::support::SUB_MCHID;
use crate::support::served::{
    APPID, DAY, MCHID, MINUTE, OPENID, Receiver, World, assert_impossible, content, ok, with,
};

const ORDER: &str = "profitsharing/order";
const RETURN: &str = "profitsharing/return";
const PARTNER: &str = "86693852";
const NOTHING_LEFT: &str = "403 NOT_ENOUGH 分账金额为0";
const NO_RECORD: &str = "404 RESOURCE_NOT_EXISTS 记录不存在";

/// The two forms of the API.
#[derive(Clone, Copy, Eq, PartialEq)]
enum Api {
    Ecommerce,
    Brand,
}

const BOTH: [Api; 2] = [Api::Ecommerce, Api::Brand];

impl Api {
    fn at(self, place: &str) -> String {
        let product = if self == Self::Ecommerce { "ecommerce" } else { "brand" };
        format!("/v3/{product}/profitsharing/{place}")
    }

    /// The member with the account of a receiver.
    fn account(self) -> &'static str {
        if self == Self::Ecommerce { "receiver_account" } else { "account" }
    }

    fn receiver(self, kind: &str, account: &str, amount: i64) -> Value {
        json!({ "type": kind, self.account(): account, "amount": amount, "description": "分账" })
    }

    fn share(self, number: &str, transaction: &str, amount: i64) -> Value {
        let order = json!({
            "appid": APPID, "sub_mchid": SUB_MCHID, "transaction_id": transaction,
            "out_order_no": number, "receivers": [self.receiver("MERCHANT_ID", PARTNER, amount)],
            "finish": false,
        });
        if self == Self::Brand {
            with(order, json!({ "brand_mchid": "1900000108" }))
        } else {
            order
        }
    }

    /// A receiver to add, without the name of a company.
    fn relation(self, kind: &str, account: &str) -> Value {
        let added = json!({
            "appid": APPID, "type": kind, "account": account, "relation_type": "SUPPLIER",
        });
        if self == Self::Brand {
            with(added, json!({ "brand_mchid": "1900000108" }))
        } else {
            added
        }
    }

    fn removal(self, account: &str) -> Value {
        let mut removal = self.relation("PERSONAL_OPENID", account);
        removal.as_object_mut().unwrap().remove("relation_type");
        removal
    }

    async fn add_partner(self, world: &World) {
        let partner = with(self.relation("MERCHANT_ID", PARTNER), json!({ "name": "某某公司" }));
        let added = world.post(&self.at("receivers/add"), partner).await;
        assert_eq!(added["account"], PARTNER);
    }

    async fn unsplit(self, world: &World, transaction: &str) -> Value {
        let amounts = world.get(&self.at(&format!("orders/{transaction}/amounts"))).await;
        assert_eq!(amounts["transaction_id"], transaction);
        amounts["unsplit_amount"].clone()
    }

    async fn query(self, world: &World, number: &str, transaction: &str) -> Value {
        let query =
            format!("?sub_mchid={SUB_MCHID}&transaction_id={transaction}&out_order_no={number}");
        let order = world.get(&(self.at("orders") + &query)).await;
        self.fits(&order, Kind::Order);
        order
    }

    fn return_query(self, number: &str) -> String {
        self.at("returnorders")
            + &format!("?sub_mchid={SUB_MCHID}&out_order_no=share-1&out_return_no={number}")
    }

    /// Asserts that a response is as its descriptor says.
    fn fits(self, response: &Value, kind: Kind) {
        let text = response.to_string();
        let text = text.as_bytes();
        let corrections = match (self, kind) {
            (Self::Ecommerce, Kind::Order) => {
                wxpay_api::decode::<ecommerce::types::ProfitSharingOrder>(text, None).unwrap().1
            }
            (Self::Ecommerce, Kind::Return) => {
                wxpay_api::decode::<ecommerce::types::ProfitSharingReturn>(text, None).unwrap().1
            }
            (Self::Brand, Kind::Order) => {
                wxpay_api::decode::<brand::types::ProfitSharingOrder>(text, None).unwrap().1
            }
            (Self::Brand, Kind::Return) => {
                wxpay_api::decode::<brand::types::ProfitSharingReturn>(text, None).unwrap().1
            }
        };
        assert_eq!(corrections, [], "{response}");
    }
}

#[derive(Clone, Copy)]
enum Kind {
    Order,
    Return,
}

/// A partner's payment of 1000 fen for a sub-merchant.
async fn paid_now(world: &World, number: &str, sharing: bool) -> SandboxResource {
    let order = json!({
        "sp_appid": APPID, "sp_mchid": MCHID, "sub_mchid": SUB_MCHID, "description": "咖啡",
        "out_trade_no": number, "notify_url": world.url, "amount": { "total": 1000 },
        "payer": { "sp_openid": OPENID }, "settle_info": { "profit_sharing": sharing },
    });
    world.post("/v3/pay/partner/transactions/jsapi", order).await;
    let payment = world.resource("pay/transaction", number);
    payment.pay().unwrap();
    world.notification("TRANSACTION.SUCCESS").await;
    payment
}

/// The number of such a payment, a minute after it.
async fn paid(world: &World, number: &str, sharing: bool) -> String {
    let payment = paid_now(world, number, sharing).await;
    world.sandbox.advance(MINUTE);
    payment.object().unwrap()["transaction_id"].as_str().unwrap().to_owned()
}

fn finish(number: &str, transaction: &str) -> Value {
    json!({ "sub_mchid": SUB_MCHID, "transaction_id": transaction, "out_order_no": number,
        "description": "分账完结" })
}

fn give_back(number: &str, amount: i64) -> Value {
    json!({ "sub_mchid": SUB_MCHID, "out_order_no": "share-1", "out_return_no": number,
        "return_mchid": PARTNER, "amount": amount, "description": "分账回退" })
}

#[tokio::test]
async fn a_payment_is_shared_and_finished() {
    for api in BOTH {
        let world = World::start().await;
        let partner = Receiver::add(&world, PARTNER, "PROFITSHARING").await;
        api.add_partner(&world).await;
        let transaction = paid(&world, "payment-1", true).await;
        let mut share = api.share("share-1", &transaction, 200);
        let stranger = api.receiver("PERSONAL_OPENID", "stranger", 50);
        share["receivers"].as_array_mut().unwrap().push(stranger);
        let made = world.post(&api.at("orders"), share).await;
        api.fits(&made, Kind::Order);
        assert_eq!(made["status"], "PROCESSING");
        assert_eq!(made["receivers"][0]["result"], "PENDING");
        assert_eq!(made["receivers"][0][api.account()], PARTNER);
        assert_eq!(api.unsplit(&world, &transaction).await, 750);

        let resource = world.resource(ORDER, "share-1");
        resource.event("finish").unwrap();
        assert_impossible(&resource, "finish");
        let finished = api.query(&world, "share-1", &transaction).await;
        assert_eq!(finished["status"], "FINISHED");
        assert_eq!(finished["receivers"][0]["result"], "SUCCESS");
        assert_eq!(finished["receivers"][1]["result"], "CLOSED");
        assert_eq!(finished["receivers"][1]["fail_reason"], "NO_RELATION");
        if api == Api::Ecommerce {
            assert_eq!(finished["receivers"][0]["receiver_mchid"], PARTNER);
            assert!(finished["receivers"][1].get("receiver_mchid").is_none());
        }
        assert_eq!(api.unsplit(&world, &transaction).await, 800);
        // The receiver is told, and nobody else.
        let told = content(&partner.notification(&world, "PROFITSHARING.SUCCESS").await);
        assert_eq!((&told["sp_mchid"], &told["sub_mchid"]), (&json!(MCHID), &json!(SUB_MCHID)));
        assert_eq!(told["receiver"]["account"], PARTNER);
        assert_eq!(told["receiver"]["amount"], 200);
        world.assert_quiet().await;

        let ended = world.post(&api.at("finish-order"), finish("rest-1", &transaction)).await;
        assert_eq!(ended["out_order_no"], "rest-1");
        assert_eq!(api.unsplit(&world, &transaction).await, 0);
        world.resource(ORDER, "rest-1").event("finish").unwrap();
        let ended = api.query(&world, "rest-1", &transaction).await;
        assert_eq!((&ended["status"], &ended["finish_amount"]), (&json!("FINISHED"), &json!(800)));
        assert_eq!(ended["finish_description"], "分账完结");
        let (orders, finishing) = (api.at("orders"), api.at("finish-order"));
        world.refused(&orders, api.share("share-2", &transaction, 1), NOTHING_LEFT).await;
        world.refused(&finishing, finish("rest-2", &transaction), NOTHING_LEFT).await;
        assert_eq!(world.sandbox.sent_notifications().len(), 2);
    }
}

#[tokio::test]
async fn typed_calls_fit() {
    let world = World::start().await;
    Api::Ecommerce.add_partner(&world).await;
    let transaction = paid(&world, "payment-1", true).await;
    let sharing = world.wx.v3().ecommerce().profitsharing();
    let made = ok(sharing.orders().post(|r| {
        r.sub_mchid(SUB_MCHID)
            .transaction_id(transaction.as_str())
            .out_order_no("share-1")
            .receivers(|list| {
                list.push(|x| {
                    x.r#type("MERCHANT_ID")
                        .receiver_account(PARTNER)
                        .amount(300)
                        .description("分账")
                })
            })
            .finish(true)
    }))
    .await;
    assert_eq!(made["status"], "PROCESSING");
    assert_eq!(Api::Ecommerce.unsplit(&world, &transaction).await, 0, "the rest is released");
    world.resource(ORDER, "share-1").event("finish").unwrap();
    let returned = ok(sharing.returnorders().post(|r| {
        r.sub_mchid(SUB_MCHID)
            .out_return_no("return-1")
            .return_mchid(PARTNER)
            .amount(10)
            .description("分账回退")
            .out_order_no("share-1")
    }))
    .await;
    assert_eq!(returned["result"], "SUCCESS");
    let next = paid(&world, "payment-2", true).await;
    let ended = ok(sharing.finish_order().post(|r| {
        r.sub_mchid(SUB_MCHID)
            .transaction_id(next.as_str())
            .out_order_no("rest-1")
            .description("分账完结")
    }))
    .await;
    let mut members: Vec<_> = ended.as_object().unwrap().keys().map(String::as_str).collect();
    members.sort_unstable();
    assert_eq!(members, ["order_id", "out_order_no", "sub_mchid", "transaction_id"]);
}

#[tokio::test]
async fn sharing_has_the_same_rules() {
    for api in BOTH {
        let world = World::start().await;
        api.add_partner(&world).await;
        let (orders, finishing) = (api.at("orders"), api.at("finish-order"));
        let refuse = async |order: Value, refusal| world.refused(&orders, order, refusal).await;
        refuse(api.share("s", "4200000", 1), "400 INVALID_REQUEST 订单不存在").await;
        let unknown = "404 RESOURCE_NOT_EXISTS 订单不存在";
        world.refused(&finishing, finish("s", "4200000"), unknown).await;
        let ordinary = paid(&world, "ordinary", false).await;
        refuse(api.share("s", &ordinary, 1), "400 INVALID_REQUEST 非分账订单不支持分账").await;
        let not_frozen = "400 INVALID_REQUEST 非分账订单不支持解冻剩余资金";
        world.refused(&finishing, finish("s", &ordinary), not_frozen).await;
        let amounts = api.at(&format!("orders/{ordinary}/amounts"));
        world.refused_get(&amounts, "400 INVALID_REQUEST 非分账订单不支持此查询").await;
        let other = api.at("orders/4200000/amounts");
        world.refused_get(&other, "400 INVALID_REQUEST 非本商户的订单").await;

        let payment = paid_now(&world, "payment-1", true).await;
        let transaction = payment.object().unwrap()["transaction_id"].clone();
        let transaction = transaction.as_str().unwrap();
        let soon = "400 INVALID_REQUEST 订单支付成功1分钟后才能分账";
        refuse(api.share("s", transaction, 1), soon).await;
        world.sandbox.advance(MINUTE);
        let unknown = format!("?sub_mchid={SUB_MCHID}&transaction_id={transaction}&out_order_no=s");
        world.refused_get(&(api.at("orders") + &unknown), NO_RECORD).await;
        refuse(api.share("s", transaction, 1001), "403 NOT_ENOUGH 分账金额不足").await;
        refuse(api.share("s", transaction, 301), "403 RULE_LIMIT 分账金额超出最大分账比例").await;
        let made = world.post(&orders, api.share("s", transaction, 200)).await;
        assert_eq!(world.post(&orders, api.share("s", transaction, 200)).await, made);
        refuse(api.share("s", transaction, 201), "400 INVALID_REQUEST 分账接收方与原请求不一致")
            .await;
        // Unfreezing with a number that was used releases nothing.
        world.post(&finishing, finish("s", transaction)).await;
        assert_eq!(api.unsplit(&world, transaction).await, 800);
    }
}

#[tokio::test]
async fn receivers_give_back() {
    for api in BOTH {
        let world = World::start().await;
        api.add_partner(&world).await;
        let transaction = paid(&world, "payment-1", true).await;
        world.post(&api.at("orders"), api.share("share-1", &transaction, 300)).await;
        world.resource(ORDER, "share-1").event("finish").unwrap();
        let returns = api.at("returnorders");
        let made = world.post(&returns, give_back("return-1", 100)).await;
        api.fits(&made, Kind::Return);
        assert_eq!(made["result"], "SUCCESS");
        assert!(made["return_no"].is_string() && made.get("fail_reason").is_none());
        assert_eq!(world.get(&api.return_query("return-1")).await, made);
        assert_eq!(world.post(&returns, give_back("return-1", 100)).await, made);
        // What was given back is not shared again.
        assert_eq!(api.unsplit(&world, &transaction).await, 700);
        let other = "400 INVALID_REQUEST 回退请求与原请求不一致";
        world.refused(&returns, give_back("return-1", 99), other).await;
        world.refused_get(&api.return_query("nobody"), NO_RECORD).await;
        let too_much = "403 NOT_ENOUGH 剩余可回退的金额不足";
        world.refused(&returns, give_back("return-2", 201), too_much).await;

        world.switch(RETURN, "apply.creates", "PROCESSING");
        for (number, event, reason) in
            [("return-3", "fail", "ACCOUNT_ABNORMAL"), ("return-4", "expire", "TIME_OUT_CLOSED")]
        {
            assert_eq!(world.post(&returns, give_back(number, 10)).await["result"], "PROCESSING");
            world.resource(RETURN, number).event(event).unwrap();
            // These APIs say FAIL where the ordinary one says FAILED.
            let failed = world.get(&api.return_query(number)).await;
            api.fits(&failed, Kind::Return);
            assert_eq!(
                (&failed["result"], &failed["fail_reason"]),
                (&json!("FAIL"), &json!(reason))
            );
            assert_eq!(world.post(&returns, give_back(number, 10)).await["result"], "FAIL");
        }
        world.sandbox.set(RETURN, "returns_allowed", false).unwrap();
        let closed = "403 NO_AUTH 回退方未开通分账回退功能";
        world.refused(&returns, give_back("return-5", 1), closed).await;
    }
}

#[tokio::test]
async fn receivers_are_added_and_deleted() {
    for api in BOTH {
        let world = World::start().await;
        let (add, delete) = (api.at("receivers/add"), api.at("receivers/delete"));
        let absent = "400 INVALID_REQUEST 分账接收方不存在";
        world.refused(&delete, api.removal("openid-1"), absent).await;
        let no_name = "400 PARAM_ERROR 接收方类型为MERCHANT_ID时全称必填";
        world.refused(&add, api.relation("MERCHANT_ID", PARTNER), no_name).await;
        world.post(&add, api.relation("PERSONAL_OPENID", "openid-1")).await;
        let removed = world.post(&delete, api.removal("openid-1")).await;
        assert_eq!(removed["account"], "openid-1");
        world.refused(&delete, api.removal("openid-1"), absent).await;
        world.sandbox.set("profitsharing/receiver", "most_receivers", 1).unwrap();
        world.post(&add, api.relation("PERSONAL_OPENID", "openid-2")).await;
        let too_many = "400 INVALID_REQUEST 分账接收方数量超过上限";
        world.refused(&add, api.relation("PERSONAL_OPENID", "openid-3"), too_many).await;
    }
}

/// What the queries of the greatest ratio return is what limits shares.
#[tokio::test]
async fn the_greatest_ratio_is_queried() {
    let world = World::start().await;
    let of_sub = ok(world.wx.v3().profitsharing().merchant_configs().sub_mchid(SUB_MCHID).get());
    let of_sub = of_sub.await;
    assert_eq!((&of_sub["sub_mchid"], &of_sub["max_ratio"]), (&json!(SUB_MCHID), &json!(3000)));
    world.sandbox.set(ORDER, "max_ratio", 20).unwrap();
    let of_brand = world.get("/v3/brand/profitsharing/brand-configs/1900000108").await;
    assert_eq!(of_brand, json!({ "brand_mchid": "1900000108", "max_ratio": 2000 }));
}

/// Of platforms the money stays frozen for 180 days, of others for 30.
#[tokio::test]
async fn frozen_money_is_released_later_for_platforms() {
    for (api, shares, is_platform, days) in [
        (Api::Ecommerce, true, false, 180),
        (Api::Ecommerce, false, true, 180),
        (Api::Brand, true, false, 30),
    ] {
        let world = World::start().await;
        world.sandbox.set("pay/transaction", "is_platform", is_platform).unwrap();
        api.add_partner(&world).await;
        let transaction = paid(&world, "payment-1", true).await;
        if shares {
            world.post(&api.at("orders"), api.share("share-1", &transaction, 100)).await;
        }
        world.sandbox.advance(DAY * days - MINUTE * 2);
        assert_ne!(api.unsplit(&world, &transaction).await, 0, "{days}");
        world.sandbox.advance(MINUTE * 2);
        assert_eq!(api.unsplit(&world, &transaction).await, 0, "{days}");
        let orders = api.at("orders");
        world.refused(&orders, api.share("share-2", &transaction, 1), NOTHING_LEFT).await;
    }
}
