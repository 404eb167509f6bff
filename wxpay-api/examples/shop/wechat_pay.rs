//! WeChat Pay's side of the story: a sandbox, and the responses that it cannot know, because it remembers no orders.

use std::time::Duration;

use serde_json::{Value, json};
use wxpay_api::sandbox::{
    BillFile, Fault, PlannedResponse, Sandbox, SandboxError, SandboxNotification, SignatureFault,
    WebhookResponse,
};
use wxpay_api::{BuildError, Client, Retries};

pub(crate) const APPID: &str = "wxd678efh567hg6787";
pub(crate) const OPENID: &str = "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o";

pub(crate) const PREPAY: &str = "/v3/pay/transactions/jsapi";
pub(crate) const REFUND: &str = "/v3/refund/domestic/refunds";

/// How often the client tries a call that may be retried.
pub(crate) const ATTEMPTS: u32 = 2;

/// A sandbox on a Beijing day such as `2025-03-01`.
pub(crate) struct WeChatPay {
    pub(crate) sandbox: Sandbox,
    pub(crate) day: String,
}

impl WeChatPay {
    pub(crate) async fn start(day: &str) -> Result<Self, SandboxError> {
        Ok(Self { sandbox: Sandbox::builder().examples().start().await?, day: day.to_owned() })
    }

    /// The shop's client. It does not wait long before it retries.
    pub(crate) fn client(&self) -> Result<Client, BuildError> {
        let retries = Retries::new().attempts(ATTEMPTS).first_pause(Duration::from_millis(10));
        self.sandbox.client_builder().retries(retries).build()
    }

    /// Executes the next call of an operation, and loses every response.
    pub(crate) fn lose_responses(&self, method: &str, path: &str) -> Result<(), SandboxError> {
        for _ in 0..ATTEMPTS {
            self.sandbox.inject_fault_at(method, path, Fault::CloseAfterReading)?;
        }
        Ok(())
    }

    /// How often an operation was executed.
    pub(crate) fn executions(&self, method: &str, path: &str) -> Result<usize, SandboxError> {
        self.sandbox.executions(method, path)
    }

    /// What WeChat Pay knows of an order whose user has paid `total` fen.
    pub(crate) fn payment(&self, number: &str, total: i64) -> Value {
        json!({
            "appid": APPID,
            "mchid": self.sandbox.merchant().id(),
            "out_trade_no": number,
            "transaction_id": transaction_id(number),
            "trade_type": "JSAPI",
            "trade_state": "SUCCESS",
            "success_time": format!("{}T12:00:00+08:00", self.day),
            "payer": { "openid": OPENID },
            "amount": { "total": total, "payer_total": total, "currency": "CNY" },
        })
    }

    /// Plans the next query of this order: it is paid.
    pub(crate) fn respond_paid(&self, number: &str, total: i64) -> Result<(), SandboxError> {
        self.plan_order(number, PlannedResponse::json(self.payment(number, total)))
    }

    /// Plans the next query of this order: it is in another state, and nothing was paid.
    pub(crate) fn respond_state(
        &self,
        number: &str,
        total: i64,
        state: &str,
    ) -> Result<(), SandboxError> {
        let order = json!({
            "appid": APPID,
            "mchid": self.sandbox.merchant().id(),
            "out_trade_no": number,
            "trade_state": state,
            "amount": { "total": total, "currency": "CNY" },
        });
        self.plan_order(number, PlannedResponse::json(order))
    }

    pub(crate) fn plan_order(
        &self,
        number: &str,
        response: PlannedResponse,
    ) -> Result<(), SandboxError> {
        let path = format!("/v3/pay/transactions/out-trade-no/{number}");
        self.sandbox.respond("GET", &path, response)
    }

    /// What WeChat Pay knows of a refund.
    pub(crate) fn refund(&self, order: &str, number: &str, fen: i64, total: i64) -> Value {
        json!({
            "refund_id": refund_id(number),
            "out_refund_no": number,
            "transaction_id": transaction_id(order),
            "out_trade_no": order,
            "channel": "ORIGINAL",
            "create_time": format!("{}T15:00:00+08:00", self.day),
            "status": "PROCESSING",
            "amount": { "total": total, "refund": fen, "currency": "CNY" },
        })
    }

    /// Plans the next query of a refund: it is being processed.
    pub(crate) fn respond_refund(
        &self,
        order: &str,
        number: &str,
        fen: i64,
        total: i64,
    ) -> Result<(), SandboxError> {
        let response = PlannedResponse::json(self.refund(order, number, fen, total));
        self.sandbox.respond("GET", &format!("{REFUND}/{number}"), response)
    }

    /// The notification of a payment.
    pub(crate) fn paid(&self, number: &str, total: i64) -> SandboxNotification {
        SandboxNotification::example("pay/transaction").with(self.payment(number, total))
    }

    /// The notification of a refund in this state, such as `SUCCESS`.
    pub(crate) fn refunded(
        &self,
        state: &str,
        order: &str,
        number: &str,
        fen: i64,
        total: i64,
    ) -> SandboxNotification {
        let result = json!({
            "mchid": self.sandbox.merchant().id(),
            "out_trade_no": order,
            "transaction_id": transaction_id(order),
            "out_refund_no": number,
            "refund_id": refund_id(number),
            "refund_status": state,
            "success_time": format!("{}T15:01:00+08:00", self.day),
            "amount": { "total": total, "refund": fen, "currency": "CNY" },
        });
        let event = format!("REFUND.{state}");
        SandboxNotification::example("refund/refund").with(result).event_type(event)
    }

    /// Sends a notification to the shop, and returns the status of its response.
    pub(crate) async fn notify(
        &self,
        url: &str,
        notification: SandboxNotification,
    ) -> Result<u16, SandboxError> {
        let WebhookResponse { status, .. } = self.sandbox.notify(url, notification).await?;
        Ok(status)
    }

    /// Sends a notification whose signature is of another body.
    pub(crate) async fn forge(
        &self,
        url: &str,
        number: &str,
        total: i64,
    ) -> Result<u16, SandboxError> {
        self.notify(url, self.paid(number, total).fault(SignatureFault::OtherBody)).await
    }

    /// Makes the bill of the day from these rows.
    pub(crate) fn set_bill(&self, rows: &[BillRow<'_>]) {
        self.sandbox.set_bill(BillFile::from(self.bill(rows)));
    }

    /// Writes a bill with these rows, and the summary that fits them.
    pub(crate) fn bill(&self, rows: &[BillRow<'_>]) -> String {
        let names = "交易时间,商户号,微信订单号,商户订单号,交易状态,货币种类,微信退款单号,商户退款单号,\
                     退款状态,订单金额,申请退款金额";
        let (day, mchid) = (&self.day, self.sandbox.merchant().id());
        let (mut lines, mut paid, mut refunded) = (format!("\u{feff}{names}\r\n"), 0, 0);
        for row in rows {
            let order = row.order;
            let id = transaction_id(order);
            let (state, refund_id, refund, status, of_order, of_refund) = match row.refund {
                None => ("SUCCESS", "0".to_owned(), "0", "", row.fen, 0),
                Some(number) => ("REFUND", refund_id(number), number, "SUCCESS", 0, row.fen),
            };
            (paid, refunded) = (paid + of_order, refunded + of_refund);
            let (of_order, of_refund) = (yuan(of_order), yuan(of_refund));
            lines += &format!(
                "`{day} 12:00:00,`{mchid},`{id},`{order},`{state},`CNY,`{refund_id},`{refund},`{status},\
                 `{of_order},`{of_refund}\r\n"
            );
        }
        let (rows, paid, refunded) = (rows.len(), yuan(paid), yuan(refunded));
        lines + &format!("总交易单数,订单总金额,申请退款总金额\r\n`{rows},`{paid},`{refunded}\r\n")
    }
}

/// A row of a bill: a payment, or with a number a refund.
pub(crate) struct BillRow<'a> {
    pub(crate) order: &'a str,
    pub(crate) refund: Option<&'a str>,
    pub(crate) fen: i64,
}

impl<'a> BillRow<'a> {
    pub(crate) fn payment(order: &'a str, fen: i64) -> Self {
        Self { order, refund: None, fen }
    }

    pub(crate) fn refund(order: &'a str, refund: &'a str, fen: i64) -> Self {
        Self { order, refund: Some(refund), fen }
    }
}

fn transaction_id(number: &str) -> String {
    format!("4200{number}")
}

fn refund_id(number: &str) -> String {
    format!("5030{number}")
}

fn yuan(fen: i64) -> String {
    format!("{}.{:02}", fen / 100, fen % 100)
}
