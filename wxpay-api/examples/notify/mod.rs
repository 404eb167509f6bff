//! What both examples of receiving notifications share: WeChat Pay's side, and the merchant's service.

use std::error::Error;

use serde_json::json;
use wxpay_api::replay::{self, MemoryReplayGuard};
use wxpay_api::sandbox::{Notice, Sandbox, SignatureFault};
use wxpay_api::v3::pay::types::Transaction;
use wxpay_api::{Acknowledgement, Notification};

/// Sends a payment, the same event again, a probe and a forgery to the merchant's URL.
pub(crate) async fn send(sandbox: &Sandbox, url: &str) -> Result<(), Box<dyn Error>> {
    let payment = || {
        Notice::example("pay/transaction")
            .with(json!({ "out_trade_no": "order-1", "amount": { "total": 100 } }))
    };
    for (what, notice) in [
        ("a payment", payment()),
        ("a copy of it", payment()),
        ("a probe", payment().fault(SignatureFault::Probe)),
        ("a forgery", payment().fault(SignatureFault::OtherBody)),
    ] {
        println!("WeChat Pay sends {what}.");
        let answer = sandbox.notify(url, notice).await?;
        println!("  answered {} {}", answer.status, String::from_utf8_lossy(&answer.body));
    }
    Ok(())
}

/// Ships an order when it was paid, once.
pub(crate) async fn paid(
    guard: &MemoryReplayGuard,
    notification: &Notification,
) -> Acknowledgement {
    let Ok(transaction) = notification.resource::<Transaction>() else {
        // An event that nobody waits for; another answer would only make it come again.
        return Acknowledgement::handled();
    };
    // The copy has an id of its own here, so the order and its state tell that it is one.
    let (order, state) = (&transaction.out_trade_no, transaction.trade_state.as_str());
    let keys = notification.replay_keys().and_state(order, state);
    replay::once(guard, &keys, async {
        // Here the amount is compared with the order's, in fen.
        let fen = transaction.amount.and_then(|amount| amount.total);
        println!("  the merchant ships {order}, paid with {} fen", fen.unwrap_or_default());
        Acknowledgement::handled()
    })
    .await
}
