//! `pay/transaction`: payment codes, with password and reversal.

use serde_json::{Value, json};

use crate::support::{APPID, SUB_MCHID, World, with};

const CODEPAY: &str = "/v3/pay/transactions/codepay";
const LIFECYCLE: &str = "pay/transaction";

impl World {
    fn code_order(&self, number: &str) -> Value {
        json!({
            "appid": APPID,
            "mchid": self.mchid(),
            "description": "咖啡",
            "out_trade_no": number,
            "payer": { "auth_code": "130061098828009406" },
            "amount": { "total": 100 },
            "scene_info": { "device_id": "7", "store_info": { "id": "1" } },
        })
    }

    fn close_body(&self) -> Value {
        json!({ "mchid": self.mchid() })
    }

    fn reverse_body(&self) -> Value {
        json!({ "appid": APPID, "mchid": self.mchid() })
    }

    /// Orders by a payment code that needs a password.
    async fn order_with_password(&self, number: &str) {
        self.switch(LIFECYCLE, "codepay.creates", "USERPAYING");
        let reply = self.wx.post(CODEPAY, self.code_order(number)).reply().await.unwrap();
        assert_eq!(reply.http_status(), 202);
        assert_eq!(reply.value["trade_state"], "USERPAYING");
        assert!(reply.value.get("transaction_id").is_none());
    }
}

fn reverse(number: &str) -> String {
    format!("/v3/pay/transactions/out-trade-no/{number}/reverse")
}

fn close(number: &str) -> String {
    format!("/v3/pay/transactions/out-trade-no/{number}/close")
}

#[tokio::test]
async fn a_payment_code_pays_at_once() {
    let world = World::start().await;
    let order = world.code_order("till-1");
    let reply = world.wx.post(CODEPAY, order.clone()).reply().await.unwrap();
    assert_eq!(reply.http_status(), 200);
    let paid = reply.value;
    assert_eq!(paid["trade_state"], "SUCCESS");
    assert_eq!(paid["trade_type"], "MICROPAY");
    assert_eq!(paid["amount"]["payer_total"], 100);
    assert_eq!(paid["scene_info"], json!({ "device_id": "7" }));
    assert_eq!(world.query("till-1").await, paid);
    world.assert_sent(&[]);
    assert_eq!(world.refused(CODEPAY, order).await, "400 ORDER_PAID");
    assert_eq!(world.refused(close("till-1"), world.close_body()).await, "400 ORDER_PAID");
    let nothing = with(world.code_order("till-2"), "amount.total", 0);
    assert_eq!(world.refused(CODEPAY, nothing).await, "400 PARAM_ERROR");
}

#[tokio::test]
async fn a_password_is_entered() {
    let world = World::start().await;
    world.order_with_password("till-1").await;
    let typed = world.wx.v3().pay().transactions().codepay();
    let again = typed.post(|r| {
        r.appid(APPID)
            .mchid(world.mchid())
            .description("咖啡")
            .out_trade_no("till-1")
            .payer(|p| p.auth_code("130061098828009406"))
            .amount(|a| a.total(100))
            .scene_info(|s| s.device_id("7").store_info(|i| i.id("1")))
    });
    again.await.unwrap();
    let other = with(world.code_order("till-1"), "amount.total", 7);
    assert_eq!(world.refused(CODEPAY, other).await, "400 INVALID_REQUEST");
    assert!(world.order("till-1").pay().is_err());
    world.advance(30);
    world.order("till-1").event("enter_password").unwrap();
    let paid = world.query("till-1").await;
    assert_eq!(paid["trade_state"], "SUCCESS");
    assert!(paid["transaction_id"].is_string() && paid["success_time"].is_string());
    world.assert_sent(&[]);
}

#[tokio::test]
async fn a_refused_password_leaves_an_order_to_reverse() {
    let world = World::start().await;
    for state in ["PAYERROR", "NOTPAY"] {
        let number = format!("till-{state}");
        world.switch(LIFECYCLE, "refuse_password.USERPAYING", state);
        world.order_with_password(&number).await;
        world.order(&number).event("refuse_password").unwrap();
        assert_eq!(world.query(&number).await["trade_state"], state);
        // A payment code is used once.
        assert!(world.order(&number).pay().is_err());
        let closed = world.refused(close(&number), world.close_body()).await;
        assert_eq!(closed, "400 INVALID_REQUEST");
        let reversed = world.post(reverse(&number), world.reverse_body()).await;
        let expected = json!({ "appid": APPID, "mchid": world.mchid(), "out_trade_no": number });
        assert_eq!(reversed, expected);
        assert_eq!(world.query(&number).await["trade_state"], "REVOKED");
        world.post(reverse(&number), world.reverse_body()).await;
        assert_eq!(world.refused(CODEPAY, world.code_order(&number)).await, "400 ORDER_CLOSED");
        let closed = world.refused(close(&number), world.close_body()).await;
        assert_eq!(closed, "400 INVALID_REQUEST");
    }
}

#[tokio::test]
async fn an_order_that_waits_for_the_password_is_not_closed() {
    let world = World::start().await;
    world.order_with_password("till-1").await;
    let refused = world.refused(close("till-1"), world.close_body()).await;
    assert_eq!(refused, "400 INVALID_REQUEST");
    world.switch(LIFECYCLE, "close.USERPAYING", "refuse user_paying");
    let outcome = world.wx.post(close("till-1"), world.close_body()).reply().await;
    let (status, code) = match outcome {
        Ok(reply) => (reply.http_status().as_u16(), reply.value["code"].clone()),
        Err(error) => {
            let api = error.api().unwrap();
            (api.status, api.code.clone().into())
        }
    };
    assert_eq!((status, code), (202, json!("USER_PAYING")));
    world.post(reverse("till-1"), world.reverse_body()).await;
    assert_eq!(world.query("till-1").await["trade_state"], "REVOKED");
}

#[tokio::test]
async fn a_reversed_payment_gives_the_money_back() {
    let world = World::start().await;
    for state in ["REVOKED", "REFUND"] {
        let number = format!("till-{state}");
        world.switch(LIFECYCLE, "reverse.SUCCESS", state);
        let order = world.code_order(&number);
        let shared = with(order, "settle_info", json!({ "profit_sharing": true }));
        world.post(CODEPAY, shared).await;
        world.post(reverse(&number), world.reverse_body()).await;
        assert_eq!(world.query(&number).await["trade_state"], state);
        let refund = world.refund(&number, "back-1", 100);
        let refused = world.refused("/v3/refund/domestic/refunds", refund).await;
        match state {
            "REVOKED" => {
                assert_eq!(refused, "404 RESOURCE_NOT_EXISTS");
                world.post(reverse(&number), world.reverse_body()).await;
            }
            _ => {
                assert_eq!(refused, "400 INVALID_REQUEST");
                let again = world.refused(reverse(&number), world.reverse_body()).await;
                assert_eq!(again, "400 INVALID_REQUEST");
            }
        }
    }
}

#[tokio::test]
async fn only_payment_codes_are_reversed_within_seven_days() {
    let world = World::start().await;
    let unknown = world.refused(reverse("till-9"), world.reverse_body()).await;
    assert_eq!(unknown, "404 ORDER_NOT_EXIST");
    let native = "/v3/pay/transactions/native";
    world.post(native, world.native_order("coffee-1")).await;
    let refused = world.refused(reverse("coffee-1"), world.reverse_body()).await;
    assert_eq!(refused, "400 INVALID_REQUEST");
    world.post(close("coffee-1"), world.close_body()).await;
    let refused = world.refused(reverse("coffee-1"), world.reverse_body()).await;
    assert_eq!(refused, "400 ORDER_CLOSED");
    world.post(CODEPAY, world.code_order("till-1")).await;
    let partner = reverse("till-1").replace("/pay/", "/pay/partner/");
    let body = json!({ "sp_mchid": world.mchid(), "sub_mchid": SUB_MCHID });
    assert_eq!(world.refused(partner, body).await, "404 ORDER_NOT_EXIST");
    world.advance(7 * 86_400 + 1);
    let refused = world.refused(reverse("till-1"), world.reverse_body()).await;
    assert_eq!(refused, "400 INVALID_REQUEST");
    assert_eq!(world.query("till-1").await["trade_state"], "SUCCESS");
}

#[tokio::test]
async fn a_partner_takes_payment_codes_too() {
    let world = World::start().await;
    let mchid = world.mchid();
    let order = json!({
        "sp_appid": APPID, "sp_mchid": mchid, "sub_mchid": SUB_MCHID, "description": "咖啡",
        "out_trade_no": "till-1", "payer": { "auth_code": "130061098828009406" },
        "amount": { "total": 100 }, "scene_info": { "device_id": "7" },
    });
    let paid = world.post("/v3/pay/partner/transactions/codepay", order).await;
    assert_eq!(paid["trade_state"], "SUCCESS");
    assert!(paid["payer"]["sp_openid"].is_string());
    let body = json!({ "sp_appid": APPID, "sp_mchid": mchid, "sub_mchid": SUB_MCHID });
    let path = "/v3/pay/partner/transactions/out-trade-no/till-1/reverse";
    let reversed = world.post(path, body).await;
    assert_eq!(reversed["sub_mchid"], SUB_MCHID);
    assert_eq!(world.order("till-1").state().unwrap(), "REVOKED");
}

/// APIv2 names these cases. What APIv3 says, nobody has seen, so they are choices of a switch.
#[tokio::test]
async fn a_payment_code_is_refused() {
    let world = World::start().await;
    for (choice, refusal) in [
        ("refuse auth_code_expired", "400 AUTHCODEEXPIRE"),
        ("refuse auth_code_invalid", "400 AUTH_CODE_INVALID"),
        ("refuse user_not_enough", "403 NOT_ENOUGH"),
        ("refuse bank_error", "500 BANK_ERROR"),
    ] {
        world.switch(LIFECYCLE, "codepay.creates", choice);
        assert_eq!(world.refused(CODEPAY, world.code_order("till-1")).await, refusal);
        assert!(world.sandbox.order("till-1").is_err(), "{choice}");
    }
    world.switch(LIFECYCLE, "codepay.creates", "SUCCESS");
    world.post(CODEPAY, world.code_order("till-1")).await;
    world.post(reverse("till-1"), world.reverse_body()).await;
    world.switch(LIFECYCLE, "reversed", "400 ORDERREVERSED");
    assert_eq!(world.refused(CODEPAY, world.code_order("till-1")).await, "400 ORDERREVERSED");
    world.switch(LIFECYCLE, "reversed", "400 ORDER_CLOSED");
    assert_eq!(world.refused(CODEPAY, world.code_order("till-1")).await, "400 ORDER_CLOSED");
}
