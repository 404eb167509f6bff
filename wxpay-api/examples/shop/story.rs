//! Two days of the shop, played over real sockets. Each step is printed and checked; the first failure ends the story.

use std::fmt::Display;
use std::time::Duration;

use axum::http::StatusCode;

use crate::harness::{Harness, Result, TEA, check, check_that};
use crate::payment;
use crate::wechat_pay::{BillRow, PREPAY, REFUND};

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
    // The shop asked for every response that the story planned.
    let unfetched = story.harness.wechat_pay.sandbox.unfetched();
    check("the responses that the shop did not fetch", unfetched.join(", "), "")?;
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

        let response = harness.notify_paid(&number, TEA).await?;
        show(format!("WeChat Pay notifies the payment; the shop responds with {response}"));
        check("the notification is acknowledged", response, 204)?;
        let response = harness.notify_paid(&number, TEA).await?;
        show(format!("a copy comes; the shop responds with {response} again"));
        check("the copy is acknowledged", response, 204)?;
        let response = harness.wechat_pay.forge(&harness.notify_url(), &number, TEA).await?;
        show(format!("a forged one comes; the shop responds with {response}"));
        check("the forgery is refused", response, 401)?;

        let shipments = harness.count("SELECT count(*) FROM shipments").await?;
        show(format!("the order is {}; shipments: {shipments}", harness.state(&number).await?));
        check("the order", harness.state(&number).await?, "paid")?;
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

        harness.wechat_pay.respond_paid(&number, TEA)?;
        let confirmed = harness.call("POST", &format!("/orders/{number}/confirm"), None).await?;
        show("the user pays, and no notification comes; the page reports that the user is back");
        show(format!("the shop queries WeChat Pay by its own number: {}", confirmed.text("state")));
        check("the order", confirmed.text("state"), "paid")?;
        Ok(number)
    }

    async fn another_amount_is_not_a_payment(&mut self) -> Result<()> {
        self.title("A payment of another amount comes");
        let harness = &self.harness;
        let number = harness.order().await?;
        let response = harness.notify_paid(&number, 1).await?;
        show(format!("1 fen is paid for order {number}; the shop responds with {response}"));
        check("the notification is refused", response, 500)?;
        let what = harness.incidents(&number).await?.join("; ");
        show(format!("the incident for a person: {what}"));
        check("the order", harness.state(&number).await?, "unpaid")?;
        check_that("the incident names the amount", what.contains("`amount.total` is `1`"))?;

        harness.wechat_pay.respond_state(&number, TEA, "CLOSED")?;
        let state = harness.close(&number).await?;
        show(format!("the clerk closes the order, which WeChat Pay has closed already: {state}"));
        check("the order", state, "closed")
    }

    async fn an_order_is_not_paid(&mut self) -> Result<()> {
        self.title("An order is not paid");
        let harness = &self.harness;
        let number = harness.order().await?;
        harness.wechat_pay.respond_state(&number, TEA, "NOTPAY")?;
        for (number, outcome) in payment::close_expired(&harness.shop, Duration::ZERO).await? {
            show(format!("the timer queries order {number} and closes it: {}", outcome?));
        }
        check("the order", harness.state(&number).await?, "closed")?;
        let late = harness.call("POST", &format!("/orders/{number}/checkout"), None).await?;
        show(format!("the user comes too late: {}", late.text("error")));
        check("the checkout", late.status, StatusCode::CONFLICT)
    }

    async fn a_refund_is_made_once(&mut self, order: &str) -> Result<String> {
        self.title("A refund is made once");
        let (harness, number) = (&self.harness, "return-1".to_owned());
        harness.wechat_pay.lose_responses("POST", REFUND)?;
        harness.wechat_pay.respond_refund(order, &number, 300, TEA)?;
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

        let notification = harness.wechat_pay.refunded("SUCCESS", order, &number, 300, TEA);
        let response = harness.wechat_pay.notify(&harness.notify_url(), notification).await?;
        check("the notification is acknowledged", response, 204)?;
        let state = harness.refund(order, &number, 300).await?;
        show(format!("WeChat Pay notifies that the money is back: {}", state.text("state")));
        check("the refund", state.text("state"), "succeeded")?;
        Ok(number)
    }

    async fn the_shop_restarts(&mut self, paid: &str) -> Result<()> {
        self.title("The shop restarts");
        self.harness.restart().await?;
        let response = self.harness.notify_paid(paid, TEA).await?;
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
        harness.wechat_pay.set_bill(&[
            BillRow::payment(paid, TEA),
            BillRow::payment(found, TEA),
            BillRow::refund(paid, refund, 300),
        ]);
        let (rows, findings) = harness.reconcile().await?;
        show(format!("the bill has {rows} rows; differences: {}", findings.len()));
        check("rows", rows, 3)?;
        check("differences", findings.len(), 0)?;

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
