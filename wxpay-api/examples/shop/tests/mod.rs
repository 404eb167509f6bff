//! What must not happen with money, and the story as a whole.

#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a failed expectation is a failed test"
)]

mod bills;
mod payments;
mod refunds;

use wxpay_api::sandbox::{Fault, PlannedResponse};

use crate::harness::{Harness, TEA};
use crate::story::play;
use crate::wechat_pay::{ATTEMPTS, REFUND, WeChatPay};

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

    /// Plans the next query of this order: there is none.
    pub(super) fn respond_absent(&self, number: &str) {
        self.plan_order(number, PlannedResponse::error(404, "ORDER_NOT_EXIST", "订单不存在"))
            .unwrap();
    }

    /// Plans the response to the next request of a refund: it is accepted.
    pub(super) fn accept_refund(&self, order: &str, number: &str, fen: i64, total: i64) {
        let response = PlannedResponse::json(self.refund(order, number, fen, total));
        self.sandbox.respond("POST", REFUND, response).unwrap();
    }

    /// Plans the next query of a refund: there is none.
    pub(super) fn respond_no_refund(&self, number: &str) {
        let absent = PlannedResponse::error(404, "RESOURCE_NOT_EXISTS", "退款单不存在");
        self.sandbox.respond("GET", &format!("{REFUND}/{number}"), absent).unwrap();
    }
}

pub(super) async fn paid_order(harness: &Harness) -> String {
    let number = harness.order().await.unwrap();
    assert_eq!(harness.notify_paid(&number, TEA).await.unwrap(), 204);
    number
}

pub(super) async fn shipments(harness: &Harness) -> i64 {
    harness.count("SELECT count(*) FROM shipments").await.unwrap()
}

pub(super) async fn incidents(harness: &Harness) -> i64 {
    harness.count("SELECT count(*) FROM incidents").await.unwrap()
}
