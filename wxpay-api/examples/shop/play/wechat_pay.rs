//! WeChat Pay's side of the story: a sandbox that remembers orders, the user who pays at it, and what goes wrong on the way.

use std::time::Duration;

use serde_json::{Value, json};
use wxpay_api::sandbox::{
    BillFile, Fault, Sandbox, SandboxError, SandboxNotification, SandboxResource, WebhookResponse,
};
use wxpay_api::{BuildError, Client, Retries};

use crate::play::harness::Result;

pub(crate) const APPID: &str = "wxd678efh567hg6787";
pub(crate) const OPENID: &str = "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o";

pub(crate) const PREPAY: &str = "/v3/pay/transactions/jsapi";
pub(crate) const REFUND: &str = "/v3/refund/domestic/refunds";

/// How often the client tries a call that may be retried.
pub(crate) const ATTEMPTS: u32 = 2;

/// The sandbox repeats notifications this many times faster: the whole day takes nine seconds.
const FASTER: u32 = 10_000;

/// The members of a payment that a copy of its notification takes over.
const NOTIFIED: [&str; 9] = [
    "appid",
    "mchid",
    "out_trade_no",
    "transaction_id",
    "trade_type",
    "trade_state",
    "trade_state_desc",
    "success_time",
    "amount",
];

/// A sandbox on a Beijing day such as `2025-03-01`.
pub(crate) struct WeChatPay {
    pub(crate) sandbox: Sandbox,
    pub(crate) day: String,
}

impl WeChatPay {
    pub(crate) async fn start(day: &str) -> Result<Self, SandboxError> {
        let sandbox = Sandbox::builder().notification_speed(FASTER).start().await?;
        Ok(Self { sandbox, day: day.to_owned() })
    }

    /// The shop's client. It does not wait long before it retries.
    pub(crate) fn client(&self) -> Result<Client, BuildError> {
        let retries = Retries::new().attempts(ATTEMPTS).first_pause(Duration::from_millis(10));
        self.sandbox.client_builder().retries(retries).build()
    }

    /// The user pays with the arguments that the page got. Like WeChat, the sandbox verifies them first.
    pub(crate) fn pay(&self, arguments: &Value) -> Result<()> {
        Ok(self.sandbox.open_payment(arguments)?.pay()?)
    }

    /// A refund, as WeChat Pay knows it.
    pub(crate) fn refund(&self, number: &str) -> Result<SandboxResource> {
        Ok(self.sandbox.resource("refund/refund", number)?)
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

    /// Another notification of a payment that WeChat Pay knows.
    pub(crate) fn copy(&self, number: &str) -> Result<SandboxNotification> {
        let mut payment = self.sandbox.order(number)?.object()?;
        if let Some(members) = payment.as_object_mut() {
            members.retain(|name, _| NOTIFIED.contains(&name.as_str()));
        }
        Ok(SandboxNotification::example("pay/transaction").with(payment))
    }

    /// The notification of a payment that WeChat Pay does not know: nobody paid this.
    pub(crate) fn invented(&self, number: &str, total: i64) -> SandboxNotification {
        let payment = json!({
            "appid": APPID,
            "mchid": self.sandbox.merchant().id(),
            "out_trade_no": number,
            "transaction_id": format!("4200{number}"),
            "success_time": format!("{}T12:00:00+08:00", self.day),
            "payer": { "openid": OPENID },
            "amount": { "total": total, "payer_total": total },
        });
        SandboxNotification::example("pay/transaction").with(payment)
    }

    /// Sends a notification once, and returns the status of the shop's response.
    pub(crate) async fn notify(&self, url: &str, notification: SandboxNotification) -> Result<u16> {
        let WebhookResponse { status, .. } = self.sandbox.notify(url, notification).await?;
        Ok(status)
    }

    /// Moves the clock on to the next day, when the bill of the day is there. It has what happened.
    pub(crate) fn end_day(&self) {
        self.sandbox.advance(Duration::from_secs(34 * 60 * 60));
    }

    /// Makes the bill of the day from these rows, in place of what happened.
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
            let id = id_of(self.sandbox.order(order).ok(), "transaction_id");
            let (state, refund_id, refund, status, of_order, of_refund) = match row.refund {
                None => ("SUCCESS", "0".to_owned(), "0", "", row.fen, 0),
                Some(number) => {
                    let id = id_of(self.refund(number).ok(), "refund_id");
                    ("REFUND", id, number, "SUCCESS", 0, row.fen)
                }
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

/// WeChat Pay's number of something, or one that it does not have.
fn id_of(resource: Option<SandboxResource>, name: &str) -> String {
    let object = resource.and_then(|resource| resource.object().ok()).unwrap_or_default();
    object.get(name).and_then(Value::as_str).unwrap_or("4200000000").to_owned()
}

fn yuan(fen: i64) -> String {
    format!("{}.{:02}", fen / 100, fen % 100)
}
