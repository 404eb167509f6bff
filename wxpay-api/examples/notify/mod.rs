//! What both examples of receiving notifications share: WeChat Pay's side, and the merchant's service.

use std::error::Error;

use serde_json::json;
use wxpay_api::compare::ExpectedPayment;
use wxpay_api::replay::{self, MemoryReplayGuard};
use wxpay_api::sandbox::{Sandbox, SandboxNotification, SignatureFault};
use wxpay_api::v3::pay::types::Transaction;
use wxpay_api::{Acknowledgement, Client, Notification, ResourceError};

/// Lets the user pay an order, which WeChat Pay notifies. Then sends the same event again, one of another amount, a
/// failure, another kind of payment, a probe and a forgery to the merchant's URL.
pub(crate) async fn send(sandbox: &Sandbox, url: &str) -> Result<(), Box<dyn Error>> {
    order(&sandbox.client()?, url).await?;
    println!("The user pays, and WeChat Pay sends the notification.");
    sandbox.order("order-1")?.pay()?;
    sandbox.notifications_settled().await;
    for attempt in sandbox.sent_notifications().iter().flat_map(|sent| &sent.attempts) {
        println!("  response: {}", attempt.status.unwrap_or_default());
    }
    let payment = || {
        SandboxNotification::example("pay/transaction")
            .with(json!({ "out_trade_no": "order-1", "amount": { "total": 100 } }))
    };
    let cheaper = SandboxNotification::example("pay/transaction")
        .with(json!({ "out_trade_no": "order-3", "amount": { "total": 1 } }));
    let failed = SandboxNotification::example("pay/transaction")
        .with(json!({
            "out_trade_no": "order-2", "trade_state": "PAYERROR", "amount": { "total": 100 },
        }))
        .event_type("TRANSACTION.FAIL");
    for (what, notification) in [
        ("a copy of it", payment()),
        ("a payment of another amount", cheaper),
        ("a payment that failed", failed),
        ("a service provider's payment", SandboxNotification::example("pay/partner_transaction")),
        ("a probe", payment().fault(SignatureFault::Probe)),
        ("a forgery", payment().fault(SignatureFault::OtherBody)),
    ] {
        println!("WeChat Pay sends {what}.");
        let response = sandbox.notify(url, notification).await?;
        println!("  response: {} {}", response.status, String::from_utf8_lossy(&response.body));
    }
    Ok(())
}

/// Creates the order at WeChat Pay.
async fn order(wx: &Client, notify_url: &str) -> wxpay_api::Result<()> {
    let call = wx.v3().pay().transactions().native().post(|r| {
        r.appid("wxd678efh567hg6787")
            .mchid(wx.id())
            .description("QQ公仔")
            .out_trade_no("order-1")
            .amount(|a| a.total(100))
            .notify_url(notify_url)
    });
    call.await.map(drop)
}

/// Finds an order in the merchant's database: its payee, and its amount in fen.
fn expected(out_trade_no: &str) -> Option<ExpectedPayment> {
    let number = ["order-1", "order-2", "order-3"].into_iter().find(|&it| it == out_trade_no)?;
    Some(ExpectedPayment::direct("1230000109", number, 100).appid("wxd678efh567hg6787"))
}

/// Ships an order when it was paid, once.
pub(crate) async fn paid(
    guard: &MemoryReplayGuard,
    notification: &Notification,
) -> Acknowledgement {
    let transaction = match notification.resource::<Transaction>() {
        Ok(transaction) => transaction,
        // The merchant ignores this event. An error response would only make WeChat Pay send it again.
        Err(ResourceError::OtherEvent { .. }) => return Acknowledgement::handled(),
        // A payment of another kind, such as a combined order's: it comes again until somebody has seen to it.
        Err(ResourceError::OtherShape { .. }) => {
            return Acknowledgement::failed("another kind of payment");
        }
        Err(_) => return Acknowledgement::failed("the payment cannot be read"),
    };
    let Some(expected) = expected(&transaction.out_trade_no) else {
        return Acknowledgement::failed("there is no such order");
    };
    // The copy has an id of its own here, so the order and its state tell that it is one.
    let (number, state) = (&transaction.out_trade_no, transaction.trade_state.as_str());
    let keys = notification.replay_keys().and_state(number, state);
    replay::once(guard, &keys, async {
        match expected.check(&transaction) {
            Ok(matched) if matched.is_success() => {
                println!("  the merchant ships {number}");
                Acknowledgement::handled()
            }
            // A failed payment is told in the same way as one that succeeded.
            Ok(_) => {
                println!("  the merchant does not ship {number}, which is {state}");
                Acknowledgement::handled()
            }
            // Somebody must look at it; until then it comes again.
            Err(mismatch) => {
                println!("  {mismatch}");
                Acknowledgement::failed("the payment differs from the order")
            }
        }
    })
    .await
}
