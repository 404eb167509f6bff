//! Each change is notified once.

use super::seen::{Held, Seen};

pub(super) fn check(now: &Seen, told: &dyn Fn() -> String) {
    let count = |lifecycle, holds: &dyn Fn(&Held) -> bool| {
        now.of(lifecycle).filter(|held| holds(held)).count()
    };
    let is =
        |states: &'static [&'static str]| move |held: &Held| states.contains(&held.state.as_str());
    // Whoever pays by code is answered at once.
    let paid = |held: &Held| held.has("success_time") && held.has("prepay_id");
    let expected = [
        (
            "TRANSACTION.SUCCESS",
            count("pay/transaction", &paid)
                + count("combine-transactions/order", &is(&["SUCCESS"])),
        ),
        ("REFUND.SUCCESS", count("refund/refund", &is(&["SUCCESS"]))),
        ("REFUND.CLOSED", count("refund/refund", &is(&["CLOSED"]))),
        (
            "MCHTRANSFER.BILL.FINISHED",
            count("fund-app/transfer-bill", &is(&["SUCCESS", "FAIL", "CANCELLED"])),
        ),
        ("PAYSCORE.USER_CONFIRM", count("payscore/service-order", &|held| held.has("query_id"))),
        ("PAYSCORE.USER_PAID", count("payscore/service-order", &|held| held.has("success_time"))),
        (
            "PROFITSHARING.SUCCESS",
            count("profitsharing/share", &|share| {
                let unfreezes =
                    share.whole.is_some_and(|whole| now.resources[&whole].has("unfreezes"));
                share.state == "SUCCESS" && share.text("type") == "MERCHANT_ID" && !unfreezes
            }),
        ),
        ("PROFITSHARING.RETURN", count("profitsharing/return", &is(&["SUCCESS"]))),
        ("COMPLAINT.CREATE", count("merchant-service/complaint", &|_| true)),
    ];
    for (event_type, changes) in expected {
        assert_eq!(now.count(event_type), changes, "{}: {event_type}", told());
    }
}
