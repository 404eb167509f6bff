//! Two days of the shop, played over real sockets. Each step is printed and checked; the first failure ends the story.

pub(crate) mod harness;
pub(crate) mod wechat_pay;

use std::fmt::Display;
use std::time::Duration;

use axum::http::StatusCode;
use wxpay_api::sandbox::SignatureFault;

use crate::payment;
use crate::reconciliation::Report;
use crate::timers::reconcile_due_days;
use harness::{Harness, Result, TEA, check, check_that};
use wechat_pay::{BillRow, PREPAY, REFUND};

/// Plays the story.
pub(crate) async fn play() -> Result<()> {
    let mut story = Story { harness: Harness::open().await?, step: 0 };
    let paid = story.an_order_is_paid().await?;
    let found = story.a_notification_never_comes().await?;
    story.another_amount_is_not_a_payment().await?;
    story.an_order_is_not_paid().await?;
    let refunded = story.a_refund_is_made_once(&paid).await?;
    story.the_shop_restarts(&paid).await?;
    story.the_books_are_compared(&paid, &found, &refunded).await?;
    story.harness.wechat_pay.sandbox.finish()?;
    println!("\nEvery step held.");
    Ok(())
}

struct Story {
    harness: Harness,
    step: u32,
}

impl Story {
    fn title(&mut self, title: &str) {
        self.step += 1;
        println!("\n{}. {title}", self.step);
    }

    async fn an_order_is_paid(&mut self) -> Result<String> {
        self.title("An order is paid");
        let harness = &self.harness;
        let number = harness.order().await?;
        show(format!("the shop stores order {number} of {TEA} fen, unpaid"));
        let page = harness.call("POST", &format!("/orders/{number}/checkout"), None).await?;
        show(format!(
            "the page gets the arguments of getBrandWCPayRequest, with {}",
            page.text("package")
        ));
        check("the checkout", page.status, StatusCode::OK)?;
        check("the type of the signature", page.text("signType"), "RSA")?;

        harness.wechat_pay.pay(&page.value)?;
        show("WeChat Pay verifies them, and the user pays");
        harness.settled().await;
        let order = harness.wechat_pay.sandbox.order(&number)?;
        let sent = order.notifications();
        let sent = sent.first().ok_or("there is no notification")?;
        show(format!("WeChat Pay notifies {}; the shop acknowledges it", sent.event_type));
        check_that("the notification is acknowledged", sent.is_acknowledged())?;
        let response = harness.notify(harness.wechat_pay.copy(&number)?).await?;
        show(format!("a copy comes; the shop responds with {response} again"));
        check("the copy is acknowledged", response, 204)?;
        let forged = harness.wechat_pay.copy(&number)?.fault(SignatureFault::OtherBody);
        let response = harness.notify(forged).await?;
        show(format!("a forged one comes; the shop responds with {response}"));
        check("the forgery is refused", response, 401)?;

        let shipments = harness.count("SELECT count(*) FROM shipments").await?;
        show(format!("the order is {}; shipments: {shipments}", harness.state(&number).await?));
        check("the order", harness.state(&number).await?, "paid")?;
        check("the order at WeChat Pay", order.state()?, "SUCCESS")?;
        check("shipments", shipments, 1)?;
        Ok(number)
    }

    async fn a_notification_never_comes(&mut self) -> Result<String> {
        self.title("Responses and notifications are lost");
        let harness = &self.harness;
        let number = harness.order().await?;
        harness.wechat_pay.lose_responses("POST", PREPAY)?;
        let checkout = format!("/orders/{number}/checkout");
        let lost = harness.call("POST", &checkout, None).await?;
        show(format!("the response to the prepay is lost: {}", lost.text("error")));
        check("the lost response", lost.status, StatusCode::GATEWAY_TIMEOUT)?;
        let again = harness.call("POST", &checkout, None).await?;
        show("the page tries again; the shop sends the same number, and gets a prepay_id");
        check("the second try", again.status, StatusCode::OK)?;

        harness.lose_notifications(true);
        harness.wechat_pay.pay(&again.value)?;
        let confirmed = harness.confirm(&number).await?;
        show("the user pays, and no notification comes; the page reports that the user is back");
        show(format!("the shop queries WeChat Pay by its own number: {}", confirmed.text("state")));
        check("the order", confirmed.text("state"), "paid")?;
        harness.lose_notifications(false);
        harness.settled().await;
        let sent = harness.wechat_pay.sandbox.order(&number)?.notifications();
        let attempts = sent.first().map(|sent| sent.attempts.len()).unwrap_or_default();
        show(format!("WeChat Pay has sent it again and again: attempt {attempts} arrives"));
        check_that("it is acknowledged at last", sent.iter().all(|sent| sent.is_acknowledged()))?;
        Ok(number)
    }

    async fn another_amount_is_not_a_payment(&mut self) -> Result<()> {
        self.title("A payment of another amount comes");
        let harness = &self.harness;
        let number = harness.order().await?;
        harness.checkout(&number).await?;
        let response = harness.notify(harness.wechat_pay.invented(&number, 1)).await?;
        show(format!("1 fen is paid for order {number}; the shop responds with {response}"));
        check("the notification is refused", response, 500)?;
        let what = harness.incidents(&number).await?.join("; ");
        show(format!("the incident for a person: {what}"));
        check("the order", harness.state(&number).await?, "unpaid")?;
        check_that("the incident names the amount", what.contains("`amount.total` is `1`"))?;

        let state = harness.close(&number).await?;
        show(format!("the clerk closes the order, which WeChat Pay knows as unpaid: {state}"));
        check("the order", state, "closed")?;
        let state = harness.wechat_pay.sandbox.order(&number)?.state()?;
        check("the order at WeChat Pay", state, "CLOSED")
    }

    async fn an_order_is_not_paid(&mut self) -> Result<()> {
        self.title("An order is not paid");
        let harness = &self.harness;
        let number = harness.order().await?;
        let page = harness.checkout(&number).await?;
        for (number, outcome) in payment::close_expired(&harness.shop, Duration::ZERO).await? {
            show(format!("the timer queries order {number} and closes it: {}", outcome?));
        }
        check("the order", harness.state(&number).await?, "closed")?;
        let refused = harness.wechat_pay.pay(&page).err().ok_or("a closed order was paid")?;
        show(format!("the user pays on an old page: {refused}"));
        let late = harness.call("POST", &format!("/orders/{number}/checkout"), None).await?;
        show(format!("the user opens the page again: {}", late.text("error")));
        check("the checkout", late.status, StatusCode::CONFLICT)
    }

    async fn a_refund_is_made_once(&mut self, order: &str) -> Result<String> {
        self.title("A refund is made once");
        let (harness, number) = (&self.harness, "return-1".to_owned());
        harness.wechat_pay.lose_responses("POST", REFUND)?;
        let first = harness.refund(order, &number, 300).await?;
        show(format!(
            "the response to refund {number} of 300 fen is lost; a query finds it: {}",
            first.text("state")
        ));
        check("the refund", first.text("state"), "processing")?;

        let sent = harness.wechat_pay.executions("POST", REFUND)?;
        let second = harness.refund(order, &number, 300).await?;
        show(format!("the clerk clicks again; nothing is sent: {}", second.text("state")));
        check("requests", harness.wechat_pay.executions("POST", REFUND)?, sent)?;
        let other = harness.refund(order, &number, 301).await?;
        show(format!("the same number with 301 fen is refused: {}", other.text("error")));
        check("another amount", other.status, StatusCode::CONFLICT)?;
        let much = harness.refund(order, "return-2", TEA).await?;
        show(format!("another refund of the whole order is refused: {}", much.text("error")));
        check("too much", much.status, StatusCode::CONFLICT)?;
        let refunds = harness.wechat_pay.sandbox.order(order)?.refunds()?;
        check("refunds at WeChat Pay", refunds.len(), 1)?;

        harness.wechat_pay.refund(&number)?.event("succeed")?;
        harness.settled().await;
        let state = harness.refund(order, &number, 300).await?;
        show(format!("WeChat Pay notifies that the money is back: {}", state.text("state")));
        check("the refund", state.text("state"), "succeeded")?;
        Ok(number)
    }

    async fn the_shop_restarts(&mut self, paid: &str) -> Result<()> {
        self.title("The shop restarts");
        self.harness.restart().await?;
        let response = self.harness.notify(self.harness.wechat_pay.copy(paid)?).await?;
        show(format!("a copy of the first notification comes; the shop responds with {response}"));
        check("the copy is acknowledged", response, 204)?;
        let shipments = self.harness.count("SELECT count(*) FROM shipments").await?;
        show(format!("two orders are paid; shipments: {shipments}"));
        check("shipments", shipments, 2)
    }

    async fn the_books_are_compared(
        &mut self,
        paid: &str,
        found: &str,
        refund: &str,
    ) -> Result<()> {
        self.title("The next day, the bill is compared with the books");
        let harness = &self.harness;
        check("days before the bill", reconcile_due_days(&harness.shop).await?.len(), 0)?;
        harness.wechat_pay.end_day();
        let reconciled = reconcile_due_days(&harness.shop).await?;
        check("days", reconciled.len(), 1)?;
        for (day, report) in reconciled {
            let Report { rows, findings } = report?;
            show(format!(
                "the timer reconciles {day}: {rows} rows in the bill, {} differences",
                findings.len()
            ));
            check("rows", rows, 3)?;
            check("differences", findings.len(), 0)?;
        }
        check("days that are done once more", reconcile_due_days(&harness.shop).await?.len(), 0)?;

        show("another bill has three faults:");
        harness.wechat_pay.set_bill(&[
            BillRow::payment(paid, TEA + 1),
            BillRow::payment("of-another-shop", 100),
            BillRow::refund(paid, refund, 300),
        ]);
        let (_, findings) = harness.reconcile().await?;
        for finding in &findings {
            show(format!("- {finding}"));
        }
        let expected = [
            format!(
                "different: the amount of payment {paid} is 880 fen in the books, 881 fen in the bill"
            ),
            "additional: the books have no payment of-another-shop of 100 fen".to_owned(),
            format!("missing: the bill has no payment {found} of 880 fen"),
        ];
        check_that("each fault is named", findings == expected)
    }
}

fn show(line: impl Display) {
    println!("   {line}");
}
