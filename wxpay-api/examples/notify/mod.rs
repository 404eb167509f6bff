//! What both examples of receiving notifications share: WeChat Pay's side, and the merchant's service.

use std::error::Error;

use serde_json::json;
use wxpay_api::replay::{self, MemoryReplayGuard};
use wxpay_api::sandbox::{Notice, Sandbox, SignatureFault};
use wxpay_api::v3::pay::types::{TradeState, Transaction};
use wxpay_api::{Acknowledgement, Notification, ResourceError};

/// Sends a payment, the same event again, a failure, another kind of payment, a probe and a forgery to the merchant's
/// URL.
pub(crate) async fn send(sandbox: &Sandbox, url: &str) -> Result<(), Box<dyn Error>> {
    let payment = || {
        Notice::example("pay/transaction")
            .with(json!({ "out_trade_no": "order-1", "amount": { "total": 100 } }))
    };
    let failed = Notice::example("pay/transaction")
        .with(json!({ "out_trade_no": "order-2", "trade_state": "PAYERROR" }))
        .event_type("TRANSACTION.FAIL");
    for (what, notice) in [
        ("a payment", payment()),
        ("a copy of it", payment()),
        ("a payment that failed", failed),
        ("a service provider's payment", Notice::example("pay/partner_transaction")),
        ("a probe", payment().fault(SignatureFault::Probe)),
        ("a forgery", payment().fault(SignatureFault::OtherBody)),
    ] {
        println!("WeChat Pay sends {what}.");
        let answer = sandbox.notify(url, notice).await?;
        println!("  answered {} {}", answer.status, String::from_utf8_lossy(&answer.body));
    }
    Ok(())
}

/// What an order costs, in fen.
const PRICE: i64 = 100;

/// Ships an order when it was paid, once.
pub(crate) async fn paid(
    guard: &MemoryReplayGuard,
    notification: &Notification,
) -> Acknowledgement {
    let transaction = match notification.resource::<Transaction>() {
        Ok(transaction) => transaction,
        // An event that nobody waits for; another answer would only make it come again.
        Err(ResourceError::OtherEvent { .. }) => return Acknowledgement::handled(),
        // A payment of another kind, such as a combined order's: it comes again until somebody has seen to it.
        Err(ResourceError::OtherShape { .. }) => {
            return Acknowledgement::failed("another kind of payment");
        }
        Err(_) => return Acknowledgement::failed("the payment cannot be read"),
    };
    // A failed payment is told in the same way as one that succeeded.
    if transaction.trade_state != TradeState::Success {
        println!("  the merchant does not ship {}", transaction.out_trade_no);
        return Acknowledgement::handled();
    }
    // The copy has an id of its own here, so the order and its state tell that it is one.
    let (order, state) = (&transaction.out_trade_no, transaction.trade_state.as_str());
    let keys = notification.replay_keys().and_state(order, state);
    replay::once(guard, &keys, async {
        match transaction.amount.and_then(|amount| amount.total) {
            Some(PRICE) => {
                println!("  the merchant ships {order}, paid with {PRICE} fen");
                Acknowledgement::handled()
            }
            // Somebody must look at it; until then it comes again.
            _ => Acknowledgement::failed("the amount is not the order's"),
        }
    })
    .await
}
