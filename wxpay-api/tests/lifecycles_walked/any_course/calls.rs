//! Two merchants at one sandbox, and what they call.

use std::time::{Duration, SystemTime};

use serde_json::{Value, json};
use wxpay_api::sandbox::Sandbox;
use wxpay_api::{Client, Retries};

use super::records::Records;
use super::seen::{Held, control};
use super::steps::Outcome;
use crate::support::SUB_MCHID;
use crate::support::served::{APPID, OPENID};

const OTHER_MCHID: &str = "1900000200";
const SERVICE: &str = "2002000000000558128851361561536";
/// A merchant that shares are for.
pub(super) const PARTNER: &str = "86693852";
/// A user that shares are for.
pub(super) const PERSON: &str = "oPerson";
const BEIJING: u64 = 8 * 3600;
const DAY: u64 = 86_400;

pub(super) struct Shops {
    pub(super) sandbox: Sandbox,
    clients: [Client; 2],
    records: Records,
}

impl Shops {
    pub(super) async fn open() -> Self {
        let shops = Self::open_on(&Records::default()).await;
        for wx in &shops.clients {
            let add = wx.v3().profitsharing().receivers().add();
            let partner = add.post(|r| {
                r.appid(APPID)
                    .r#type("MERCHANT_ID")
                    .account(PARTNER)
                    .relation_type("SERVICE_PROVIDER")
                    .name("某某公司")
            });
            partner.await.unwrap();
            let person = json!({ "appid": APPID, "type": "PERSONAL_OPENID", "account": PERSON,
                "relation_type": "STAFF" });
            wx.post("/v3/profitsharing/receivers/add", person).await.unwrap();
        }
        // Far from midnight, so that the clock enters another day by steps only.
        let noon = (DAY + 12 * 3600 - shops.beijing() % DAY) % DAY;
        shops.sandbox.advance(Duration::from_secs(noon));
        shops
    }

    async fn open_on(records: &Records) -> Self {
        let sandbox = Sandbox::builder().storage(records.clone()).start().await.unwrap();
        let other = sandbox.add_merchant(OTHER_MCHID).unwrap();
        let quick = |builder: wxpay_api::ClientBuilder| builder.retries(Retries::none()).build();
        let clients =
            [quick(sandbox.client_builder()).unwrap(), quick(other.client_builder()).unwrap()];
        Self { sandbox, clients, records: records.clone() }
    }

    /// Kills the sandbox, and starts another one with what was stored at that moment.
    pub(super) async fn restart(&mut self) {
        *self = Self::open_on(&self.records.copy()).await;
    }

    /// Returns the client of a merchant.
    pub(super) fn client(&self, mchid: &str) -> &Client {
        self.clients.iter().find(|wx| wx.id() == mchid).unwrap()
    }

    pub(super) fn shop(&self, second: bool) -> &Client {
        &self.clients[usize::from(second)]
    }

    fn beijing(&self) -> u64 {
        self.sandbox.now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs() + BEIJING
    }

    /// The business day in Beijing.
    pub(super) fn today(&self) -> String {
        self.day_before(0)
    }

    pub(super) fn day_before(&self, days: u64) -> String {
        let time = (self.beijing() - days * DAY).cast_signed();
        chrono::DateTime::from_timestamp(time, 0).unwrap().format("%Y-%m-%d").to_string()
    }

    fn notify_url(&self) -> String {
        format!("{}/notify", self.sandbox.dead_url())
    }

    pub(super) async fn order(
        &self,
        wx: &Client,
        number: &str,
        total: i64,
        sharing: bool,
    ) -> Outcome {
        let order = json!({
            "appid": APPID, "mchid": wx.id(), "description": "咖啡", "out_trade_no": number,
            "notify_url": self.notify_url(), "amount": { "total": total },
            "payer": { "openid": OPENID }, "settle_info": { "profit_sharing": sharing },
        });
        post(wx, "/v3/pay/transactions/jsapi".to_owned(), order).await
    }

    pub(super) async fn order_as_partner(
        &self,
        number: &str,
        total: i64,
        sharing: bool,
    ) -> Outcome {
        let wx = self.shop(false);
        let order = json!({
            "sp_appid": APPID, "sp_mchid": wx.id(), "sub_mchid": SUB_MCHID, "description": "咖啡",
            "out_trade_no": number, "notify_url": self.notify_url(), "amount": { "total": total },
            "settle_info": { "profit_sharing": sharing },
        });
        post(wx, "/v3/pay/partner/transactions/native".to_owned(), order).await
    }

    pub(super) async fn pay_by_code(
        &self,
        wx: &Client,
        number: &str,
        total: i64,
        sharing: bool,
    ) -> Outcome {
        let order = json!({
            "appid": APPID, "mchid": wx.id(), "description": "咖啡", "out_trade_no": number,
            "amount": { "total": total }, "payer": { "auth_code": "130061098828009406" },
            "scene_info": { "store_info": { "id": "7" } },
            "settle_info": { "profit_sharing": sharing },
        });
        post(wx, "/v3/pay/transactions/codepay".to_owned(), order).await
    }

    /// A combined order. Its sub-orders are of both merchants in turn.
    pub(super) async fn combine(&self, number: &str, totals: &[i64], sharing: bool) -> Outcome {
        let wx = self.shop(false);
        let subs = totals.iter().enumerate().map(|(index, total)| {
            json!({
                "mchid": self.shop(index % 2 == 1).id(), "out_trade_no": format!("{number}-{index}"),
                "description": "咖啡", "attach": "桌号 7",
                "amount": { "total_amount": total, "currency": "CNY" },
                "settle_info": { "profit_sharing": sharing },
            })
        });
        let order = json!({
            "combine_appid": APPID, "combine_mchid": wx.id(), "combine_out_trade_no": number,
            "notify_url": self.notify_url(), "sub_orders": subs.collect::<Vec<_>>(),
        });
        post(wx, "/v3/combine-transactions/native".to_owned(), order).await
    }

    /// Closes, reverses or queries an order.
    pub(super) async fn order_action(&self, order: &Held, action: u8) -> Outcome {
        let (wx, number) = (self.client(&order.owner), order.number());
        if order.lifecycle == "combine-transactions/order" {
            let subs = order.object["sub_orders"].as_array().unwrap().iter();
            let subs = subs
                .map(|sub| json!({ "mchid": sub["mchid"], "out_trade_no": sub["out_trade_no"] }));
            let body = json!({ "combine_appid": APPID, "sub_orders": subs.collect::<Vec<_>>() });
            let close = format!("/v3/combine-transactions/out-trade-no/{number}/close");
            return post(wx, close, body).await;
        }
        let is_partner = order.has("sub_mchid");
        let base = if is_partner { "/v3/pay/partner/transactions" } else { "/v3/pay/transactions" };
        let at = format!("{base}/out-trade-no/{number}");
        let (body, query) = match is_partner {
            true => (
                json!({ "sp_mchid": wx.id(), "sub_mchid": SUB_MCHID }),
                format!("sp_mchid={}&sub_mchid={SUB_MCHID}", wx.id()),
            ),
            false => (json!({ "mchid": wx.id() }), format!("mchid={}", wx.id())),
        };
        match action % 3 {
            0 => post(wx, format!("{at}/close"), body).await,
            1 => {
                let body =
                    if is_partner { body } else { json!({ "mchid": wx.id(), "appid": APPID }) };
                post(wx, format!("{at}/reverse"), body).await
            }
            _ => outcome(wx.get(format!("{at}?{query}")).await),
        }
    }

    pub(super) async fn refund(&self, payment: &Held, number: &str, percent: i64) -> Outcome {
        let total = total(payment);
        let mut refund = json!({
            "transaction_id": payment.text("transaction_id"), "out_refund_no": number,
            "notify_url": self.notify_url(),
            "amount": { "refund": total * percent / 100, "total": total, "currency": "CNY" },
        });
        if payment.has("sub_mchid") {
            refund["sub_mchid"] = payment.object["sub_mchid"].clone();
        }
        post(self.client(&payment.owner), "/v3/refund/domestic/refunds".to_owned(), refund).await
    }

    pub(super) async fn transfer(&self, wx: &Client, number: &str, amount: i64) -> Outcome {
        let body = json!({
            "appid": APPID, "out_bill_no": number, "openid": OPENID, "transfer_amount": amount,
            "transfer_remark": "报销", "notify_url": self.notify_url(), "transfer_scene_id": "1000",
            "transfer_scene_report_infos": [
                { "info_type": "活动名称", "info_content": "新会员有礼" },
                { "info_type": "奖励说明", "info_content": "注册会员抽奖一等奖" },
            ],
        });
        post(wx, "/v3/fund-app/mch-transfer/transfer-bills".to_owned(), body).await
    }

    pub(super) async fn cancel_transfer(&self, bill: &Held) -> Outcome {
        let base = "/v3/fund-app/mch-transfer/transfer-bills/out-bill-no";
        let cancel = format!("{base}/{}/cancel", bill.number());
        outcome(self.client(&bill.owner).post(cancel, None).await)
    }

    pub(super) async fn score(&self, wx: &Client, number: &str, deposit: i64) -> Outcome {
        let order = json!({
            "out_order_no": number, "appid": APPID, "service_id": SERVICE,
            "service_introduction": "XX充电宝", "time_range": { "start_time": "20250101000000" },
            "risk_fund": { "name": "DEPOSIT", "amount": deposit }, "notify_url": self.notify_url(),
        });
        post(wx, "/v3/payscore/serviceorder".to_owned(), order).await
    }

    pub(super) async fn score_action(&self, order: &Held, action: u8, total: i64) -> Outcome {
        let mut body = json!({ "appid": APPID, "service_id": SERVICE });
        let amounts = json!({ "post_payments": [{ "name": "租金", "amount": total }],
            "total_amount": total });
        let mut add = |members: Value| {
            body.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
        };
        let action = match action % 5 {
            0 | 1 => {
                add(amounts);
                add(json!({ "time_range": { "end_time": "20250101100000" } }));
                "complete"
            }
            2 => {
                add(amounts);
                add(json!({ "reason": "用户投诉" }));
                "modify"
            }
            3 => {
                add(json!({ "reason": "用户投诉" }));
                "cancel"
            }
            _ => {
                add(json!({ "type": "Order_Paid", "detail": { "paid_time": "20250101110000" } }));
                "sync"
            }
        };
        let at = format!("/v3/payscore/serviceorder/{}/{action}", order.number());
        post(self.client(&order.owner), at, body).await
    }

    pub(super) async fn complain(&self, payment: &Held) -> Outcome {
        let inputs = json!({ "transaction_id": payment.text("transaction_id") });
        let body = json!({ "lifecycle": "merchant-service/complaint", "inputs": inputs,
            "account": payment.owner });
        self.control("/resources", &body).await
    }

    pub(super) async fn complaint_action(&self, complaint: &Held, action: u8) -> Outcome {
        let wx = self.client(&complaint.owner);
        let mchid = complaint.text("complainted_mchid");
        let at = format!("/v3/merchant-service/complaints-v2/{}", complaint.number());
        match action % 2 {
            0 => {
                let body = json!({ "complainted_mchid": mchid, "response_content": "已处理" });
                post(wx, format!("{at}/response"), body).await
            }
            _ => post(wx, format!("{at}/complete"), json!({ "complainted_mchid": mchid })).await,
        }
    }

    /// Lets an event happen.
    pub(super) async fn event(&self, held: &Held, event: &str) -> Outcome {
        self.control(&format!("/resources/@{}/events", held.id), &json!({ "event": event })).await
    }

    async fn control(&self, target: &str, body: &Value) -> Outcome {
        match control(&self.sandbox, "POST", target, &body.to_string()).await {
            (200..=299, _) => Outcome::Done,
            // Every resource and lifecycle is there.
            (400..=499, refusal) if refusal["code"] != "NOT_FOUND" => {
                Outcome::Refused(refusal.to_string())
            }
            other => panic!("{target}: {other:?}"),
        }
    }
}

pub(super) async fn post(wx: &Client, target: String, body: Value) -> Outcome {
    outcome(wx.post(target, body).await)
}

fn outcome(result: Result<Value, wxpay_api::Error>) -> Outcome {
    match result {
        Ok(_) => Outcome::Done,
        Err(error) => {
            let api = error.api().unwrap_or_else(|| panic!("{error}"));
            Outcome::Refused(format!("{} {} {}", api.status, api.code, api.message))
        }
    }
}

/// Returns what a payment costs, in fen.
pub(super) fn total(payment: &Held) -> i64 {
    let totals = ["/amount/total", "/amount/total_amount", "/total_amount"];
    totals.iter().find_map(|at| payment.object.pointer(at)?.as_i64()).unwrap_or(1)
}
