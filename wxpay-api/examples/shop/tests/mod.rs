//! What must not happen with money, and the story as a whole. WeChat Pay remembers, so no test plans what it knows.

#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a failed expectation is a failed test"
)]

mod bills;
mod mornings;
mod payments;
mod refunds;

use serde_json::json;
use wxpay_api::sandbox::{Fault, SandboxNotification};

use crate::play::harness::Harness;
use crate::play::play;
use crate::play::wechat_pay::{APPID, ATTEMPTS, OPENID, WeChatPay};

#[tokio::test]
async fn the_story_holds() {
    play().await.unwrap();
}

/// What only tests need of WeChat Pay.
impl WeChatPay {
    /// Loses the next call of an operation on its way, with every retry.
    pub(super) fn lose_requests(&self, method: &str, path: &str) {
        for _ in 0..ATTEMPTS {
            self.sandbox
                .inject_fault_at(method, path, Fault::CloseAfterReading.unexecuted())
                .unwrap();
        }
    }

    /// Another program of the merchant orders under this number, and the user pays it. The shop is not notified.
    pub(super) async fn paid_elsewhere(&self, number: &str, total: i64) {
        let wx = self.client().unwrap();
        let order = wx.v3().pay().transactions().jsapi().post(|r| {
            r.appid(APPID)
                .mchid(wx.id())
                .description("龙井茶")
                .out_trade_no(number)
                .amount(|a| a.total(total))
                .notify_url("https://elsewhere.example/notify")
                .payer(|p| p.openid(OPENID))
        });
        order.await.unwrap();
        self.sandbox.order(number).unwrap().pay().unwrap();
    }

    /// Another program of the merchant charges a payment code under this number, and reverses the payment.
    pub(super) async fn reversed_elsewhere(&self, number: &str, total: i64) {
        let wx = self.client().unwrap();
        let orders = wx.v3().pay().transactions();
        let charge = orders.codepay().post(|r| {
            r.appid(APPID)
                .mchid(wx.id())
                .description("龙井茶")
                .out_trade_no(number)
                .payer(|p| p.auth_code("130061098828009406"))
                .amount(|a| a.total(total))
                .scene_info(|s| s.device_id("desk-1"))
        });
        charge.await.unwrap();
        let reverse = orders.out_trade_no().out_trade_no(number).reverse();
        reverse.post(|r| r.appid(APPID).mchid(wx.id())).await.unwrap();
    }

    /// The notification of a refund in a state such as `SUCCESS`, whatever state it has at WeChat Pay.
    pub(super) fn refunded(&self, state: &str, number: &str) -> SandboxNotification {
        let refund = self.refund(number).unwrap().object().unwrap();
        let result = json!({
            "mchid": self.sandbox.merchant().id(),
            "out_trade_no": refund["out_trade_no"],
            "transaction_id": refund["transaction_id"],
            "out_refund_no": number,
            "refund_id": refund["refund_id"],
            "refund_status": state,
            "amount": { "total": refund["amount"]["total"], "refund": refund["amount"]["refund"] },
        });
        let event = format!("REFUND.{state}");
        SandboxNotification::example("refund/refund").with(result).event_type(event)
    }
}

/// The user opens the checkout of an order and pays.
pub(super) async fn pay(harness: &Harness, number: &str) {
    let page = harness.checkout(number).await.unwrap();
    harness.wechat_pay.pay(&page).unwrap();
}

/// An order that is paid, notified and recorded.
pub(super) async fn paid_order(harness: &Harness) -> String {
    let number = harness.order().await.unwrap();
    pay(harness, &number).await;
    harness.settled().await;
    assert_eq!(harness.state(&number).await.unwrap(), "paid");
    number
}

/// An order that is paid, of which the shop hears nothing yet.
pub(super) async fn secretly_paid_order(harness: &Harness) -> String {
    let number = harness.order().await.unwrap();
    harness.lose_notifications(true);
    pay(harness, &number).await;
    number
}

/// Lets the notifications through that were lost, and waits until the shop has acknowledged them.
pub(super) async fn notifications_arrive(harness: &Harness) {
    harness.lose_notifications(false);
    harness.settled().await;
    let sent = harness.wechat_pay.sandbox.sent_notifications();
    assert!(sent.iter().all(|sent| sent.is_acknowledged()), "{sent:?}");
}

pub(super) async fn shipments(harness: &Harness) -> i64 {
    harness.count("SELECT count(*) FROM shipments").await.unwrap()
}

pub(super) async fn incidents(harness: &Harness) -> i64 {
    harness.count("SELECT count(*) FROM incidents").await.unwrap()
}
