//! The notifications that follow changes: verified, decrypted and typed by the merchant's own client.

use std::convert::Infallible;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use wxpay_api::Client;

use crate::support::{APPID, OPENID, SUB_MCHID, World, with};

/// A merchant's server that acknowledges what its client can read.
struct Shop {
    url: String,
    /// Event type and the name of the typed event.
    events: Arc<Mutex<Vec<String>>>,
}

impl Shop {
    async fn start(wx: Client) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/notify", listener.local_addr().unwrap());
        let events = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&events);
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let (wx, kept) = (wx.clone(), Arc::clone(&kept));
                let service = service_fn(move |request: hyper::Request<hyper::body::Incoming>| {
                    let (wx, kept) = (wx.clone(), Arc::clone(&kept));
                    async move {
                        let (head, body) = request.into_parts();
                        let body = body.collect().await.unwrap().to_bytes();
                        let status = match wx.notification(&head.headers, &body).await {
                            Ok(notification) => {
                                let event = format!("{:?}", notification.event());
                                let event = event.split(['(', ' ']).next().unwrap();
                                let line = format!("{} {event}", notification.event_type());
                                kept.lock().unwrap().push(line);
                                200
                            }
                            Err(error) => panic!("{error}"),
                        };
                        let mut response = http::Response::new(Full::new(Bytes::new()));
                        *response.status_mut() = http::StatusCode::from_u16(status).unwrap();
                        Ok::<_, Infallible>(response)
                    }
                });
                let server = hyper::server::conn::http1::Builder::new();
                tokio::spawn(server.serve_connection(TokioIo::new(stream), service));
            }
        });
        Self { url, events }
    }

    /// Waits for all notifications, and asserts which came since the last call.
    async fn assert_came(&self, world: &World, expected: &[&str]) {
        world.sandbox.notifications_settled().await;
        let mut came = std::mem::take(&mut *self.events.lock().unwrap());
        came.sort();
        assert_eq!(came, expected);
        for sent in world.sandbox.sent_notifications() {
            assert_eq!(sent.attempts.len(), 1, "{sent:?}");
            assert!(sent.is_acknowledged(), "{sent:?}");
        }
    }
}

async fn open() -> (World, Shop) {
    let mut world = World::start().await;
    let shop = Shop::start(world.wx.clone()).await;
    world.hook = Some(shop.url.clone());
    (world, shop)
}

fn refund(number: &str, refund_number: &str, url: &str) -> Value {
    json!({
        "out_trade_no": number, "out_refund_no": refund_number, "notify_url": url,
        "amount": { "refund": 10, "total": 100, "currency": "CNY" },
    })
}

#[tokio::test]
async fn payments_and_refunds_are_announced() {
    let (world, shop) = open().await;
    world.pay(world.jsapi_order("coffee-1")).await;
    shop.assert_came(&world, &["TRANSACTION.SUCCESS PayTransaction"]).await;
    world.post("/v3/pay/partner/transactions/native", world.partner_order("coffee-2")).await;
    world.order("coffee-2").pay().unwrap();
    shop.assert_came(&world, &["TRANSACTION.SUCCESS PayPartnerTransaction"]).await;
    for (order, event) in [("coffee-1", "RefundResult"), ("coffee-2", "PartnerRefundResult")] {
        for (step, sent) in [("succeed", "SUCCESS"), ("fail", "ABNORMAL"), ("close", "CLOSED")] {
            let number = format!("{order}-{step}");
            let mut body = refund(order, &number, &shop.url);
            if order == "coffee-2" {
                body["sub_mchid"] = SUB_MCHID.into();
            }
            world.post("/v3/refund/domestic/refunds", body).await;
            world.resource("refund/refund", &number).event(step).unwrap();
            shop.assert_came(&world, &[format!("REFUND.{sent} {event}").as_str()]).await;
        }
    }
}

#[tokio::test]
async fn a_combined_payment_is_announced_once() {
    let (world, shop) = open().await;
    let sub = |number: &str| {
        json!({
            "mchid": world.mchid(), "out_trade_no": number, "description": "咖啡", "attach": "7",
            "amount": { "total_amount": 100, "currency": "CNY" },
        })
    };
    let order = json!({
        "combine_appid": APPID, "combine_mchid": world.mchid(), "combine_out_trade_no": "both",
        "notify_url": shop.url, "sub_orders": [sub("both-0"), sub("both-1")],
    });
    world.post("/v3/combine-transactions/native", order).await;
    world.order("both").pay().unwrap();
    shop.assert_came(&world, &["TRANSACTION.SUCCESS CombineTransaction"]).await;
    world.post("/v3/refund/domestic/refunds", refund("both-1", "back-1", &shop.url)).await;
    world.resource("refund/refund", "back-1").event("succeed").unwrap();
    shop.assert_came(&world, &["REFUND.SUCCESS RefundResult"]).await;
}

#[tokio::test]
async fn contracts_and_deductions_are_announced() {
    let (world, shop) = open().await;
    let base = "/v3/papay/scheduled-deduct-sign";
    let contract = json!({
        "plan_id": 12535, "out_contract_code": "member-1", "contract_display_account": "张三",
        "contract_notify_url": shop.url,
    });
    let direct = with(with(contract.clone(), "appid", APPID), "openid", OPENID);
    let partner = with(with(contract, "sp_appid", APPID), "sub_mchid", SUB_MCHID);
    let partner = with(partner, "out_contract_code", "member-2");
    world.post(format!("{base}/contracts/pre-entrust-sign/h5"), direct).await;
    world.post(format!("{base}/partner/contracts/pre-entrust-sign/h5"), partner).await;
    for (code, event) in [("member-1", "PapayContract"), ("member-2", "PapayPartnerContract")] {
        let contract = world.order(code);
        contract.event("sign").unwrap();
        shop.assert_came(&world, &[format!("ENTRUST.SIGN {event}").as_str()]).await;
        let id = contract.object().unwrap()["contract_id"].clone();
        for (step, sent) in [("deduct", "SUCCESS"), ("fail", "FAIL")] {
            let number = format!("{code}-{step}");
            let mut body = json!({
                "out_trade_no": number, "description": "会员月费", "contract_id": id,
                "transaction_notify_url": shop.url, "amount": { "total": 100 },
            });
            let (target, transaction) = if code == "member-1" {
                body["appid"] = APPID.into();
                ("/v3/papay/pay/transactions/apply", "PayTransaction")
            } else {
                body["sp_appid"] = APPID.into();
                body["sub_mchid"] = SUB_MCHID.into();
                ("/v3/papay/pay/partner/transactions/apply", "PayPartnerTransaction")
            };
            world.post(target, body).await;
            world.order(&number).event(step).unwrap();
            let expected = format!("TRANSACTION.{sent} {transaction}");
            shop.assert_came(&world, &[expected.as_str()]).await;
        }
        contract.event("terminate").unwrap();
        shop.assert_came(&world, &[format!("ENTRUST.TERMINATE {event}").as_str()]).await;
    }
}

#[tokio::test]
async fn insurance_and_coupons_are_announced() {
    let (world, shop) = open().await;
    let policy = json!({
        "appid": APPID, "plan_id": 12535, "out_contract_code": "policy-1",
        "insured_display_name": "*明", "contract_notify_url": shop.url,
        "policy_start_date": world.day_after(1), "policy_end_date": world.day_after(365),
    });
    world.post("/v3/papay/insurance-sign/contracts/pre-entrust-sign/h5", policy).await;
    let contract = world.order("policy-1");
    contract.event("sign").unwrap().event("terminate").unwrap();
    let expected = [
        "INSURANCE_ENTRUST.SIGN PapayInsuranceContract",
        "INSURANCE_ENTRUST.TERMINATE PapayInsuranceContract",
    ];
    shop.assert_came(&world, &expected).await;

    let body = json!({ "mchid": world.mchid(), "notify_url": shop.url });
    world.post("/v3/marketing/favor/callbacks", body).await;
    let stock = world.stock("stock-1");
    let id = world.running_stock(stock).await;
    let target = format!("/v3/marketing/favor/users/{OPENID}/coupons");
    world.post(target, world.send(&id, "send-1")).await;
    world.resource("marketing-favor/coupon", "send-1").event("use").unwrap();
    shop.assert_came(&world, &["COUPON.USE FavorCoupon"]).await;
}
