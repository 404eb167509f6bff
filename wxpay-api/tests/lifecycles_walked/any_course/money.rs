//! What moves out of a payment is at most what moved in.

use super::seen::{Held, Seen};

pub(super) const PAYMENTS: [&str; 3] =
    ["pay/transaction", "combine-transactions/sub-order", "payscore/service-order"];

/// Returns what a user paid, in fen.
pub(super) fn paid(held: &Held) -> i64 {
    let amounts = ["/amount/total", "/amount/total_amount", "/total_amount"];
    let amount = amounts.iter().find_map(|pointer| held.object.pointer(pointer)?.as_i64());
    match held.has("success_time") && PAYMENTS.contains(&held.lifecycle.as_str()) {
        true => amount.unwrap(),
        false => 0,
    }
}

/// Returns what a refund gives back, in fen.
pub(super) fn refunded(refund: &Held) -> i64 {
    refund.object["amount"]["refund"].as_i64().unwrap()
}

pub(super) fn check(now: &Seen, told: &dyn Fn() -> String) {
    let payments = PAYMENTS.iter().flat_map(|lifecycle| now.of(lifecycle));
    for payment in payments {
        let paid = paid(payment);
        let refunds = now.linked("refund/refund", "payment", payment.id);
        let refunds = refunds.filter(|refund| refund.state != "CLOSED").map(refunded).sum::<i64>();
        let shares = now.linked("profitsharing/share", "payment", payment.id);
        let shares = shares.filter(|share| share.state != "CLOSED").map(amount).sum::<i64>();
        let reversed = if payment.has("reversed_at") { paid } else { 0 };
        let place = || format!("{}: {} {}", told(), payment.lifecycle, payment.number());
        assert!(refunds + reversed <= paid, "{}: {refunds} of {paid} went back", place());
        assert!(shares <= paid, "{}: {shares} of {paid} were shared", place());
        // Once the pot is closed, the merchant's balance pays for refunds.
        if payment.has("unsplit_amount") && !payment.has("pot_closed") {
            let left = payment.object["unsplit_amount"].as_i64().unwrap();
            assert!(left >= 0, "{}: {left} left", place());
            assert_eq!(left + refunds + shares, paid, "{}: the pot", place());
        }
    }
    for order in now.of("profitsharing/order") {
        let returns = now.linked("profitsharing/return", "order", order.id);
        let returns = returns.filter(|one| one.state != "FAILED").map(amount).sum::<i64>();
        let shares = now.of("profitsharing/share").filter(|share| share.whole == Some(order.id));
        let shares = shares.filter(|share| share.state == "SUCCESS").map(amount).sum::<i64>();
        assert!(returns <= shares, "{}: {returns} of {shares} came back", told());
    }
}

fn amount(held: &Held) -> i64 {
    held.object["amount"].as_i64().unwrap()
}
